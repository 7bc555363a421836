// Order by atomics and fences, within a block and across blocks: who has written, then
// called a fence and then changed a word atomically, comes before whoever changes that word
// later, and before those who wait for him at a barrier. (CUDA's memory model, simplified
// in favour of kernels: an atomic operation acquires without a fence of its own.)
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "thread.h"
#include "touch.h"

namespace cuda_emulator {

// That a thread changed a word atomically, with a fence before it.
struct Release {
  std::uint32_t interval = 0, block = 0, thread = 0;  // of the atomic operation
  std::uint32_t fenced_through = 0;  // up to this interval, somebody of the block did
  Fence fence;
};

// All releases by one word, in the order in which they happened: intervals only grow.
class Chain {
 public:
  explicit Chain(std::uintptr_t word) : word(word) {}

  void Add(const Thread &thread, Touch now, std::uint32_t fenced_through);
  // Return whether one of the first `length` releases comes after an access.
  bool Covers(Touch earlier, std::size_t length, std::uintptr_t address,
              std::uint32_t block) const;
  std::size_t Length() const { return releases_.size(); }

  const std::uintptr_t word;
  Known known;  // what those knew who have released

 private:
  std::vector<Release> releases_;
};

class Ordering {
 public:
  void BeginLaunch();
  void BeginBlock();

  void MakeFence(Thread &thread, std::uint32_t interval, bool device);
  void MakeAtomic(Thread &thread, std::uintptr_t address, std::uint64_t when);
  void MakeLook(Thread &thread, std::uintptr_t address);  // a volatile read
  // All threads of a block have met; what some knew, all know.
  void MakeBarrier(std::vector<std::unique_ptr<Thread>> &threads, std::size_t count,
                   std::uint32_t ended_interval);

  bool Orders(Touch earlier, const Thread &thread, std::uintptr_t address,
              std::uint32_t block) const;

 private:
  void Acquire(Thread &thread, Chain &chain);

  std::unordered_map<std::uintptr_t, std::unique_ptr<Chain>> chains_;
  Known block_known_;                 // by all threads of the block
  std::uint32_t fenced_through_ = 0;  // the interval, of this block
  bool fenced_ = false;               // somebody, since the last barrier
  bool learned_ = false;              // somebody, since the last barrier
};

}  // namespace cuda_emulator
