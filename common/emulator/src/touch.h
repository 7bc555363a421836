// What is remembered of accesses to a word: enough to tell whether the next one races.
#pragma once

#include <cstddef>
#include <cstdint>

#include "findings.h"

namespace cuda_emulator {

constexpr unsigned kWarp = 32;  // threads
constexpr std::size_t kWord = 4;

// Who it is that touches a word: a thread of its block (10 bits), which of the word's four
// bytes, whether atomically (1 bit), and the thread's clock (17 bits), which fences and its
// warp's synchronisation move on. A clock that has come to its end stays there: what lies
// before and after it can no longer be told apart, and counts as ordered.
struct Who {
  static constexpr unsigned kBytes = 10, kAtomic = 14, kClock = 15;
  static constexpr std::uint32_t kLastClock = (1u << 17) - 1;
  static constexpr std::uint32_t kThread = (1u << kBytes) - 1;
};

// One access to a word, as far as later ones have to know of it.
struct alignas(16) Touch {
  std::uint32_t interval = 0;  // from barrier to barrier of one block; 0: no access yet
  std::uint32_t block = 0;     // its number in the grid
  std::uint32_t who = 0;
  std::int32_t place = 0;  // from Anchor() on

  unsigned Thread() const { return who & Who::kThread; }
  unsigned Bytes() const { return who >> Who::kBytes & 15; }
  bool Atomic() const { return who >> Who::kAtomic & 1; }
  std::uint32_t Clock() const { return who >> Who::kClock; }
};

// The last write to a word, and reads by two threads: whoever writes next is not both.
struct Word {
  Touch write, read, other_read;
};

// A place of this module, from which the others are counted.
Place Anchor();

}  // namespace cuda_emulator
