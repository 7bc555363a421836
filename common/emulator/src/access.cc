// What is looked at seldom: accesses that are not one aligned word of the device's memory.

#include <cstring>
#include <utility>

#include "watch.h"

namespace cuda_emulator {

void Machine::WatchRange(std::uintptr_t address, std::size_t size, bool write,
                         Place place) {
  if (size == 0) return;
  if (current_ != nullptr)
    Look(address, size, write, false, false, place);
  else if (MayBeOnDevice(address))
    ReportHost(address, size, write, place);
}

// It sees what others change atomically, as an atomic read would.
void Machine::WatchVolatileRead(std::uintptr_t address, std::size_t size, Place place) {
  Look(address, size, false, true, false, place);
  EndLook(address, false, place);
  ordering_.MakeLook(*current_, address);  // others have run, and the read comes now
}

void Machine::CheckElsewhere(std::uintptr_t address, std::size_t size, bool write,
                             bool atomic, Place place) {
  if (Owns(address, size, write)) return;
  Region *variable = FindOnDevice(address);
  if (variable == nullptr) return ReportElsewhere(address, size, write, place);
  if (variable->space == Space::kConstant) {
    if (write) return ReportElsewhere(address, size, write, place);
    return;
  }
  CheckRegion(variable, address, size, write, atomic, false, launch_begin_, place);
}

void Machine::BeginAtomic(std::uintptr_t address, std::size_t size, Place place) {
  if (current_ == nullptr) return;
  if (address - current_->hasty.address < kWord) current_->hasty.region = nullptr;
  Look(address, size, true, true, true, place);
}

void Machine::EndAtomic(std::uintptr_t address, bool changed, Place place) {
  if (current_ == nullptr) return;
  ordering_.MakeAtomic(*current_, address, Touch::When(interval_, block_number_));
  EndLook(address, changed, place);
}

void Machine::MakeFence(bool device) {
  if (current_ == nullptr) return;
  ordering_.MakeFence(*current_, interval_, device);
  who_ = current_->number | current_->seen[current_->lane] << Who::kClock;
}

// Return whether nothing orders two accesses of one word, of which one is a write.
bool Machine::Races(Touch earlier, Touch now, std::uintptr_t address) const {
  if (!(earlier.Bytes() & now.Bytes()) || (earlier.Atomic() && now.Atomic()))
    return false;
  const bool same_warp =
      earlier.Interval() == interval_ && earlier.Thread() / kWarp == current_->warp;
  if (same_warp && earlier.Clock() <= current_->seen[earlier.Thread() % kWarp])
    return false;
  return !ordering_.Orders(earlier, *current_, address, block_number_);
}

void Machine::ConsiderRace(Region &region, Touch earlier, bool earlier_writes,
                           Touch now, bool write, std::uintptr_t address) {
  if (!Races(earlier, now, address)) return;
  if (!write && earlier.Atomic()) return RememberHaste(region, earlier, now, address);
  if (!earlier_writes || !write || earlier.Atomic() || now.Atomic())
    return ReportRace(region, earlier, earlier_writes, now, write, address);
  Doubt doubt{&region, earlier, now, address / kWord * kWord, {}};
  std::memcpy(doubt.before, reinterpret_cast<void *>(doubt.address), kWord);
  doubts_.push_back(doubt);
  unsettled_ = true;
}

void Machine::RememberHaste(Region &region, Touch earlier, Touch now,
                            std::uintptr_t address) {
  HastyRead &hasty = current_->hasty;
  const bool same_read =
      hasty.region == &region && hasty.now.PlaceFromAnchor() == now.PlaceFromAnchor();
  if (same_read) return;
  ReportHaste(*current_);
  hasty = {&region, earlier, now, address};
}

void Machine::ReportHaste(Thread &thread) {
  const HastyRead hasty = std::exchange(thread.hasty, {});
  if (hasty.region != nullptr)
    ReportRace(*hasty.region, hasty.earlier, true, hasty.now, false, hasty.address);
}

// Now that a write is done: it does no harm if it wrote what was there. Or: somebody wants
// the kernel to stop.
void Machine::Settle() {
  unsettled_ = false;
  if (halt_ != Halt::kNone) return ReportHalt(place_);
  for (const Doubt &doubt : doubts_) {
    const auto *after = reinterpret_cast<const std::uint8_t *>(doubt.address);
    const unsigned both = doubt.earlier.Bytes() & doubt.now.Bytes();
    for (unsigned i = 0; i < kWord; ++i)
      if (both >> i & 1 && doubt.before[i] != after[i]) {
        ReportRace(*doubt.region, doubt.earlier, true, doubt.now, true,
                   doubt.address + i);
        break;
      }
  }
  doubts_.clear();
}

}  // namespace cuda_emulator
