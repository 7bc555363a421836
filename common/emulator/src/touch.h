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
  // The same thread, the same bytes, and nothing that orders others in between.
  static constexpr std::uint32_t kSameMoment = ~(1u << kAtomic);
};

// One access to a word, as far as later ones have to know of it: when (its interval, which
// goes from barrier to barrier of one block, and its block), and what (who, and the place,
// counted from Anchor() on). Two numbers, and not four: one instruction writes each.
struct Touch {
  std::uint64_t when = 0, what = 0;  // 0: no access yet

  static std::uint64_t When(std::uint32_t interval, std::uint32_t block) {
    return std::uint64_t{block} << 32 | interval;
  }
  static std::uint64_t What(std::uint32_t who, std::intptr_t place) {
    return static_cast<std::uint64_t>(place) << 32 | who;
  }
  std::uint32_t Interval() const { return static_cast<std::uint32_t>(when); }
  std::uint32_t Block() const { return static_cast<std::uint32_t>(when >> 32); }
  unsigned Thread() const { return what & Who::kThread; }
  unsigned Bytes() const { return what >> Who::kBytes & 15; }
  bool Atomic() const { return what >> Who::kAtomic & 1; }
  std::uint32_t Clock() const {
    return static_cast<std::uint32_t>(what) >> Who::kClock;
  }
  std::int32_t PlaceFromAnchor() const { return static_cast<std::int32_t>(what >> 32); }
};

// The last write to a word, and reads by two threads: whoever writes next is not both.
struct Word {
  Touch write, read, other_read;
};

// A place of this module, from which the others are counted.
Place Anchor();

}  // namespace cuda_emulator
