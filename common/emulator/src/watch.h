// What is looked at when a kernel reads or writes memory: whose it is, whether anybody has
// written to it, and whether another thread may do so at the same time. This runs before
// every access: it is short, and what happens seldom is elsewhere.
#pragma once

#include <algorithm>

#include "machine.h"

namespace cuda_emulator {

// Return whether an access of this launch was by another thread, and no barrier came after
// it. Numbers of intervals are never used twice: another one is another block's, or earlier.
inline bool Machine::Suspect(Touch earlier, std::uint32_t since) const {
  if (earlier.Interval() < since) return false;
  return earlier.Interval() == interval_ ? ((earlier.what ^ who_) & Who::kThread) != 0
                                         : earlier.Block() != block_number_;
}

// Return whether an access was by the current thread, since the last barrier.
inline bool Machine::Own(Touch earlier) const {
  return earlier.Interval() == interval_ && !((earlier.what ^ who_) & Who::kThread);
}

__attribute__((always_inline)) inline void Machine::CheckWord(
    Region &region, std::uintptr_t address, std::size_t size, bool write, bool atomic,
    std::uint32_t since, Place place) {
  const std::size_t index = (address - region.begin) / kWord;
  const unsigned bytes = ((1u << size) - 1) << address % kWord;
  std::uint8_t &written = region.written[index];
  if ((!write || atomic) && (written & bytes) != bytes)
    ReportUnwritten(region, address, size, atomic, place);
  Word &word = region.words[index];
  const std::uint32_t who =
      who_ | bytes << Who::kBytes | std::uint32_t{atomic} << Who::kAtomic;
  const Touch now = {Touch::When(interval_, block_number_),
                     Touch::What(who, static_cast<std::intptr_t>(place - anchor_))};
  if (Suspect(word.write, since))
    ConsiderRace(region, word.write, true, now, write, address);
  if (write) {
    if (Suspect(word.read, since))
      ConsiderRace(region, word.read, false, now, true, address);
    else if (Suspect(word.other_read, since))
      ConsiderRace(region, word.other_read, false, now, true, address);
    if (atomic) {  // who has read before, to change it now, has read atomically
      if (Own(word.read)) word.read.what |= 1u << Who::kAtomic;
      if (Own(word.other_read)) word.other_read.what |= 1u << Who::kAtomic;
    }
    // Of a thread's own plain write and its atomic one, the plain one suffers nobody.
    if (!atomic || word.write.Atomic() || word.write.when != now.when ||
        ((word.write.what ^ who) & Who::kSameMoment))
      word.write = now;
    written = static_cast<std::uint8_t>(written | bytes);
  } else {
    // Another block's stays: it races with whoever writes, also with who reads before.
    if ((((word.read.what ^ who_) & Who::kThread) ||
         word.read.Block() != block_number_) &&
        (word.other_read.Interval() < since ||
         word.other_read.Block() == block_number_ ||
         word.read.Block() != block_number_))
      word.other_read = word.read;
    word.read = now;
  }
}

__attribute__((always_inline)) inline void Machine::CheckRegion(
    Region *region, std::uintptr_t address, std::size_t size, bool write, bool atomic,
    bool aligned, std::uint32_t since, Place place) {
  if (__builtin_expect(region == nullptr || !region->live ||
                           address - region->begin > region->size ||
                           size > region->size - (address - region->begin),
                       false))
    return ReportOutside(region, address, size, write, place);
  if (aligned && address % size != 0)
    return ReportMisaligned(*region, address, size, write, place);
  if (__builtin_expect(counter_.on, false))
    counter_.Note(*region, address, size,
                  !write   ? Act::kLoad
                  : atomic ? Act::kAtomic
                           : Act::kStore,
                  place, current_->number);
  if (aligned && size <= kWord)
    return CheckWord(*region, address, size, write, atomic, since, place);
  for (std::uintptr_t at = address; at < address + size;) {
    const std::size_t part =
        std::min<std::size_t>(kWord - at % kWord, address + size - at);
    CheckWord(*region, at, part, write, atomic, since, place);
    at += part;
  }
}

__attribute__((always_inline)) inline void Machine::Look(std::uintptr_t address,
                                                         std::size_t size, bool write,
                                                         bool atomic, bool aligned,
                                                         Place place) {
  if (unsettled_) Settle();
  place_ = place;
  if (address - stack_ < Fiber::kStack) return;
  if (device_.Holds(address))
    return CheckRegion(device_.Find(address), address, size, write, atomic, aligned,
                       launch_begin_, place);
  if (shared_.Holds(address))
    return CheckRegion(shared_.Find(address), address, size, write, atomic, aligned,
                       block_begin_, place);
  CheckElsewhere(address, size, write, atomic, place);
}

template <std::size_t kSize, bool kWrite>
__attribute__((always_inline)) inline void Machine::Watch(std::uintptr_t address,
                                                          Place place) {
  if (current_ != nullptr)
    Look(address, kSize, kWrite, false, true, place);
  else if (MayBeOnDevice(address))
    ReportHost(address, kSize, kWrite, place);
}

}  // namespace cuda_emulator
