// Findings of accesses, in words.

#include <dlfcn.h>

#include <string>

#include "machine.h"

namespace cuda_emulator {
namespace {

std::string Bytes(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " byte" : " bytes");
}

}  // namespace

std::string Machine::Describe(const Region &region, std::uintptr_t address) const {
  const std::size_t offset = address - region.begin;
  const std::string what =
      region.name.empty() ? "the dynamic shared memory" : region.name;
  return "byte " + std::to_string(offset) + " of " + what + " (" + Bytes(region.size) +
         ")";
}

// An address of an arena that belongs to no region, or not all of it.
void Machine::OutsideOf(const Arena &arena, std::uintptr_t address, std::size_t size,
                        bool write, Place place) {
  Finding finding;
  finding.now = Here(place);
  finding.address = address;
  const std::string access =
      std::string(write ? "write" : "read") + " of " + Bytes(size);
  const Region *region = arena.Find(address);
  if (region == nullptr) {
    finding.kind = "out of bounds";
    finding.text = access + " where no memory has been allocated";
  } else if (!region->live) {
    finding.kind = "use after free";
    finding.text = access + " at " + Describe(*region, address) + ", which was freed";
    finding.before = region->freed;
  } else {
    finding.kind = "out of bounds";
    finding.text = access + " at " + Describe(*region, address) + ": behind its end";
  }
  Fail(std::move(finding));
}

// An address that is no memory of the device, or one that the host has no business with.
void Machine::Elsewhere(std::uintptr_t address, std::size_t size, bool write,
                        Place place) {
  Finding finding;
  finding.now = Here(place);
  finding.address = address;
  finding.kernel = kernel_;
  const std::string access =
      std::string(write ? "write" : "read") + " of " + Bytes(size);
  if (current_ == nullptr) {  // the host; its memory is there, in the emulator
    finding.kind = "device pointer on the host";
    finding.text = access + " of the device's memory by code of the host: copy it";
    findings_.Add(std::move(finding));
    return;
  }
  Dl_info owner;
  if (dladdr(reinterpret_cast<void *>(address), &owner) != 0 && !write)
    return;  // constants
  if (address < 4096) {
    finding.kind = "null pointer";
    finding.text = access + " through a null pointer";
  } else if (current_->fiber.InGuard(address)) {
    finding.kind = "stack overflow";
    finding.text = "the thread's local variables take more memory than it has";
  } else {
    finding.kind = "host pointer on the device";
    finding.text = access + " of the host's memory by a kernel: cudaMemcpy it";
  }
  Fail(std::move(finding));
}

Witness Machine::Of(const Touch &touch) const {
  const auto unravel = [](std::uint32_t number, const Index3 &n) {
    return Index3{number % n.x, number / n.x % n.y, number / n.x / n.y};
  };
  return {true, unravel(touch.block, shape_.grid), unravel(touch.thread, shape_.block),
          touch.place};
}

void Machine::ReportRace(const Region &region, const Touch &earlier,
                         bool earlier_writes, const Touch &now, bool write,
                         std::uintptr_t address) {
  Finding finding;
  finding.kind = "race";
  const char *const pairs[2][2] = {{"", "a read and a write"},
                                   {"a write and a read", "two writes"}};
  finding.text = std::string(pairs[earlier_writes][write]) + " of " +
                 Describe(region, address) + " by two threads, and nothing orders them";
  finding.text += earlier.block != now.block ? ": their blocks run in any order"
                                             : ": there is no barrier between them";
  finding.kernel = kernel_;
  finding.now = Of(now);
  finding.before = Of(earlier);
  finding.address = address;
  findings_.Add(std::move(finding));
}

}  // namespace cuda_emulator
