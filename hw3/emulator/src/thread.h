// A thread of a block: a fiber, and what it knows of others.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "fiber.h"
#include "touch.h"

namespace cuda_emulator {

enum class State { kReady, kAtBarrier, kAtWarp, kEnded };

// A barrier as the source shows it: of one statement, the compiler may make several calls.
struct Statement {
  const char *file = nullptr;
  int line = 0;
};

// What threads of a warp do together.
enum Operation : unsigned { kSync, kVote, kShuffle, kMatch, kReduce, kActive };

// What a thread hands to the others of its warp, and what it gets.
struct Exchange {
  unsigned operation = 0, mask = 0;
  std::uint64_t value = 0;
  std::uint64_t values[kWarp] = {};  // of all who took part
  unsigned present = 0;              // a bit for each of those
};

class Chain;

// How many releases of a chain a thread has seen: see ordering.h.
using Known = std::vector<std::pair<Chain *, std::size_t>>;

// What lay before a thread's last fence.
struct Fence {
  std::uint32_t interval = 0;  // 0: there was none in this block
  bool device = false;         // or only for its own block
  std::uint32_t seen[kWarp] = {};
};

class Region;

// A plain read of what others change atomically. If the thread then changes it atomically,
// too, as loops with atomicCAS do, it finds out what it has missed; else it is a race.
struct HastyRead {
  Region *region = nullptr;  // null: there is none
  Touch earlier, now;
  std::uintptr_t address = 0;
};

struct Thread {
  Fiber fiber;
  unsigned number = 0, lane = 0, warp = 0;  // number: in the block
  Index3 index;
  State state = State::kEnded;
  Place place = 0;      // where it waits, or was seen last
  Statement statement;  // the barrier where it waits
  int vote = 0;         // what it brings to the barrier
  Exchange exchange;
  // What it knows of its warp: for each lane, the clock up to which that thread's accesses
  // lie before its own. Its own clock moves on whenever others synchronise with it.
  std::uint32_t seen[kWarp] = {};
  Fence fence;
  Known known;
  HastyRead hasty;
  // Its last atomic operation, if that changed nothing: it may be waiting for others.
  Place spins = 0;
  std::uintptr_t spins_on = 0;

  void Tick() {
    if (seen[lane] < Who::kLastClock) ++seen[lane];
  }
  // Begin anew in another block.
  void Reset(unsigned new_number, Index3 new_index);
};

}  // namespace cuda_emulator
