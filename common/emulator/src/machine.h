// The machine: it runs a launch, block by block, each thread as a fiber.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "fiber.h"
#include "findings.h"
#include "memory.h"

namespace cuda_emulator {

constexpr unsigned kWarp = 32;  // threads

struct Shape {
  Index3 grid, block;
  std::size_t shared = 0;  // bytes of dynamic shared memory
};

// What each thread runs, and the memory of the host where its arguments are.
struct Body {
  void (*call)(void *) = nullptr;
  void *parameters = nullptr;
  std::size_t size = 0;
};

enum class Order { kForward, kReversed, kShuffled };

enum class State { kReady, kAtBarrier, kAtWarp, kEnded };

// What a thread hands to the others of its warp, and what it gets.
struct Exchange {
  unsigned operation = 0, mask = 0;
  std::uint64_t value = 0;
  std::uint64_t values[kWarp] = {};  // of all who took part
};

struct Thread {
  Fiber fiber;
  unsigned number = 0, lane = 0, warp = 0;  // number: in the block
  Index3 index;
  State state = State::kEnded;
  Place place = 0;  // where it waits, or ended
  Exchange exchange;
  // What it knows of its warp: for each lane, the clock up to which that thread's accesses
  // lie before its own. Its own clock moves on whenever others synchronise with it.
  std::uint32_t seen[kWarp] = {};
};

class Machine {
 public:
  static Machine &Get();

  void Launch(const std::string &kernel, const Shape &shape, const Body &body);

  // -- called by the threads of a kernel
  bool Running() const { return current_ != nullptr; }
  Thread &Current() { return *current_; }
  const Shape &CurrentShape() const { return shape_; }
  Index3 BlockIndex() const { return block_; }
  void Barrier(Place place);
  // Wait for all lanes of the mask, at the same operation; return what they handed in.
  const Exchange &MeetWarp(unsigned operation, unsigned mask, std::uint64_t value,
                           Place place);
  void *SharedArray(const void *key, const char *name, std::size_t size, Place place);
  void *DynamicShared(Place place);
  void LetOthersRun();  // a thread that waits for another's atomic writes does this

  // One access of the kernel's, or of the host's where none is running.
  void Access(std::uintptr_t address, std::size_t size, bool write, bool atomic,
              Place place);

  // -- memory of the device
  Arena &Device() { return device_; }
  Findings &Found() { return findings_; }
  // End the kernel here: what follows could be anything. Does not return in a kernel.
  void Fail(Finding finding);
  bool Failed() const { return failed_; }  // the last launch
  Witness Here(Place place) const;

  Order order = Order::kForward;
  std::uint64_t seed = 0;  // of the shuffled order

 private:
  Machine();
  void RunBlock();
  bool RunReady();  // each thread that is ready, until it waits or ends
  void OpenBarrier();
  bool OpenWarps();
  void ReportStuck();
  void NextInterval();
  void CheckWord(Region &region, std::uintptr_t address, std::size_t size, bool write,
                 bool atomic, Place place);
  bool Races(const Touch &earlier, const Touch &now, bool shared) const;
  void ReportRace(const Region &region, const Touch &earlier, bool earlier_writes,
                  const Touch &now, bool write, std::uintptr_t address);
  Witness Of(const Touch &touch) const;
  std::string Describe(const Region &region, std::uintptr_t address) const;
  void OutsideOf(const Arena &arena, std::uintptr_t address, std::size_t size,
                 bool write, Place place);
  void Elsewhere(std::uintptr_t address, std::size_t size, bool write, Place place);

  struct SharedVariable {
    const void *key;
    Region *region;
  };

  Arena device_{std::size_t{1} << 37, 1 << 16};
  Arena shared_{std::size_t{1} << 22, 1 << 8};
  std::vector<SharedVariable> variables_;
  Region *dynamic_ = nullptr;
  std::size_t shared_bytes_ = 0;
  Findings findings_;
  std::vector<std::unique_ptr<Thread>> threads_;  // kept from launch to launch
  std::vector<unsigned> sequence_;                // the order in which they run
  std::size_t count_ = 0;                         // threads of a block
  Thread *current_ = nullptr;
  Body body_;
  std::string kernel_;
  Shape shape_;
  Index3 block_;
  std::uint32_t block_number_ = 0;
  std::uint32_t interval_ = 0, launch_begin_ = 0;
  bool failed_ = false;
  std::mt19937_64 random_;
};

}  // namespace cuda_emulator
