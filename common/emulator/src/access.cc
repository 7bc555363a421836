// What is looked at when a kernel reads or writes memory: whose it is, whether anybody has
// written to it, and whether another thread may do so at the same time.

#include <string>

#include "machine.h"

namespace cuda_emulator {

void Machine::Access(std::uintptr_t address, std::size_t size, bool write, bool atomic,
                     Place place) {
  const bool on_device = device_.Holds(address);
  if (current_ == nullptr) {
    if (on_device) Elsewhere(address, size, write, place);
    return;
  }
  if (!on_device && !shared_.Holds(address)) {
    const auto arguments = reinterpret_cast<std::uintptr_t>(body_.parameters);
    const bool own = current_->fiber.OnStack(address) ||
                     (!write && address - arguments < body_.size);
    if (!own) Elsewhere(address, size, write, place);
    return;
  }
  const Arena &arena = on_device ? device_ : shared_;
  Region *region = arena.Find(address);
  if (region == nullptr || !region->live || !region->Holds(address, size))
    return OutsideOf(arena, address, size, write, place);
  if (address % size != 0 && size <= 16) {
    Finding finding;
    finding.kind = "misaligned";
    finding.text = std::to_string(size) + " bytes at once begin at a multiple of " +
                   std::to_string(size) +
                   ", and this address is none: " + Describe(*region, address);
    finding.now = Here(place);
    finding.address = address;
    return Fail(std::move(finding));
  }
  for (std::uintptr_t at = address; at < address + size;) {
    const std::size_t in_word = kWord - at % kWord;
    const std::size_t part = std::min(in_word, address + size - at);
    CheckWord(*region, at, part, write, atomic, place);
    at += part;
  }
}

void Machine::CheckWord(Region &region, std::uintptr_t address, std::size_t size,
                        bool write, bool atomic, Place place) {
  if ((!write || atomic) && !region.IsWritten(address, size)) {
    Finding finding;
    finding.kind = "never written";
    finding.text = "nothing has been written to " + Describe(region, address);
    finding.kernel = kernel_;
    finding.now = Here(place);
    finding.address = address;
    findings_.Add(std::move(finding));
    region.MarkWritten(address, size);  // once is enough
  }
  Thread &thread = *current_;
  Touch now;
  now.interval = interval_;
  now.block = block_number_;
  now.clock = thread.seen[thread.lane];
  now.thread = static_cast<std::uint16_t>(thread.number);
  now.bytes = static_cast<std::uint8_t>(((1u << size) - 1) << address % kWord);
  now.atomic = atomic;
  now.place = place;
  Word &word = region.At(address);
  const bool shared = shared_.Holds(address);
  if (Races(word.write, now, shared))
    ReportRace(region, word.write, true, now, write, address);
  if (write) {
    if (Races(word.read, now, shared))
      ReportRace(region, word.read, false, now, true, address);
    else if (Races(word.other_read, now, shared))
      ReportRace(region, word.other_read, false, now, true, address);
    word.write = now;
    region.MarkWritten(address, size);
  } else {
    if (word.read.thread != now.thread || word.read.block != now.block)
      word.other_read = word.read;
    word.read = now;
  }
}

// Return whether nothing orders two accesses of this launch, of which one is a write.
// Shared memory is another one in every block.
bool Machine::Races(const Touch &earlier, const Touch &now, bool shared) const {
  if (earlier.interval < launch_begin_ || earlier.interval == 0) return false;
  if (!(earlier.bytes & now.bytes) || (earlier.atomic && now.atomic)) return false;
  if (earlier.block != now.block) return !shared;  // no barrier goes across blocks
  if (earlier.thread == now.thread || earlier.interval != now.interval) return false;
  if (earlier.thread / kWarp != now.thread / kWarp) return true;
  return current_->seen[earlier.thread % kWarp] < earlier.clock;
}

}  // namespace cuda_emulator
