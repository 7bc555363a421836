// What a kernel asks of the memory: how many accesses, in how many pieces.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "memory.h"
#include "touch.h"

namespace cuda_emulator {

// Of one instruction that accesses memory, or of all of a kernel's.
struct Traffic {
  std::uint64_t accesses = 0;  // by single threads
  std::uint64_t requests = 0;  // by warps, whose threads access at once
  std::uint64_t bytes = 0;     // asked for; what several threads of a warp share, once
  // Global memory comes in sectors of 32 bytes.
  std::uint64_t sectors = 0;
  // Shared memory has 32 banks, each of which gives one word at a time: how many times a
  // warp took, and how many it would take if its threads never met in a bank.
  std::uint64_t passes = 0, passes_at_best = 0;
};

enum class Act { kLoad, kStore, kAtomic };

// One request of a warp, to be shown: what each thread accessed.
struct Sample {
  std::string array;  // a name, as Region has it
  std::size_t array_size = 0, size = 0;
  std::vector<unsigned> lanes;
  std::vector<std::size_t> offsets;  // of each lane, in bytes from the array's begin
  Index3 block;
  unsigned warp = 0;
};

struct CountedPlace {
  Place place = 0;
  bool shared = false;
  Act act = Act::kLoad;
  Traffic traffic;
  Sample sample;  // the first request with the most lanes
};

struct CountedKernel {
  std::string kernel;
  std::uint64_t launches = 0, blocks = 0, threads = 0, barriers = 0;
  std::vector<CountedPlace> places;  // in the order of the code
};

class Counter {
 public:
  bool on = false;

  void BeginLaunch(const std::string &kernel, std::uint64_t blocks,
                   std::uint64_t threads);
  void Barrier() { ++Current().barriers; }
  void Note(const Region &region, std::uintptr_t address, std::size_t size, Act act,
            Place place, unsigned thread);
  // A barrier, or the end of a block: no request goes across. Where the block is.
  void EndInterval(Index3 block);

  // Return what was counted since the last time, by kernels in the order of their names.
  std::vector<CountedKernel> Take();

 private:
  using Key = std::pair<Place, int>;  // int: the act
  struct Request {
    const Region *region = nullptr;
    std::uint64_t lanes = 0;
    std::size_t size = 0;
    std::uintptr_t addresses[kWarp] = {};
  };
  // The n-th time that threads of a warp come to an instruction, they come together.
  struct Arrivals {
    const Region *region = nullptr;
    std::vector<Request> requests;
    std::uint32_t times[kWarp] = {};  // that each lane has come
  };
  struct Hash {
    std::size_t operator()(const std::pair<Key, unsigned> &key) const {
      return (key.first.first * 4 + static_cast<unsigned>(key.first.second)) * 64 +
             key.second;
    }
  };
  struct Totals {
    std::uint64_t launches = 0, blocks = 0, threads = 0, barriers = 0;
    std::map<Key, CountedPlace> places;
  };

  Totals &Current() { return kernels_[kernel_]; }
  static void Add(CountedPlace &to, const Request &request, Index3 block,
                  unsigned warp);

  std::string kernel_;
  std::map<std::string, Totals> kernels_;
  std::unordered_map<std::pair<Key, unsigned>, Arrivals, Hash> arrivals_;
};

}  // namespace cuda_emulator
