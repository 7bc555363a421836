// Findings of accesses, in words.

#include <dlfcn.h>
#ifdef __linux__
#include <link.h>
#endif

#include <string>
#include <vector>

#include "machine.h"

#ifdef __ELF__
// From the linker: where this module begins and ends in memory.
extern "C" __attribute__((visibility("hidden"))) const char __ehdr_start[], _end[];
#endif

namespace cuda_emulator {
namespace {

std::string Bytes(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " byte" : " bytes");
}

std::string Verb(std::size_t size, bool write) {
  return std::string(write ? "write" : "read") + " of " + Bytes(size);
}

const char *Name(Space space) {
  switch (space) {
    case Space::kGlobal:
      return "global";
    case Space::kShared:
      return "shared";
    case Space::kDynamicShared:
      return "dynamic shared";
    case Space::kConstant:
      return "constant";
  }
  return "";
}

std::string Text(const Region &region, std::uintptr_t address) {
  const std::string what =
      region.name.empty() ? "the dynamic shared memory" : region.name;
  return "byte " + std::to_string(address - region.begin) + " of " + what + " (" +
         Bytes(region.size) + ")";
}

struct Segment {
  std::uintptr_t begin, size;
};

// Where this module's variables are; elsewhere than on Linux, nothing is known of that.
std::vector<Segment> WritableHere() {
  std::vector<Segment> found;
#ifdef __linux__
  dl_iterate_phdr(
      [](dl_phdr_info *module, std::size_t, void *into) {
        auto &segments = *static_cast<std::vector<Segment> *>(into);
        const ElfW(Phdr) *const end = module->dlpi_phdr + module->dlpi_phnum;
        Segment constant = {};
        for (const ElfW(Phdr) *each = module->dlpi_phdr; each != end; ++each)
          if (each->p_type == PT_GNU_RELRO)
            constant = {module->dlpi_addr + each->p_vaddr, each->p_memsz};
        for (const ElfW(Phdr) *each = module->dlpi_phdr; each != end; ++each) {
          Segment own = {module->dlpi_addr + each->p_vaddr, each->p_memsz};
          if (each->p_type != PT_LOAD || !(each->p_flags & PF_W)) continue;
          if (!InThisModule(own.begin)) return 0;  // another module
          const std::uintptr_t last = constant.begin + constant.size;
          if (last - own.begin < own.size) own = {last, own.begin + own.size - last};
          segments.push_back(own);
        }
        return 0;
      },
      &found);
#endif
  return found;
}

}  // namespace

bool InThisModule(std::uintptr_t address) {
#ifdef __ELF__
  return address >= reinterpret_cast<std::uintptr_t>(__ehdr_start) &&
         address < reinterpret_cast<std::uintptr_t>(_end);
#else
  Dl_info owner, own;
  return dladdr(reinterpret_cast<void *>(address), &owner) != 0 &&
         dladdr(reinterpret_cast<void *>(&InThisModule), &own) != 0 &&
         owner.dli_fbase == own.dli_fbase;
#endif
}

// Tables and literals, which the compiler has put where nobody can write, among them
// constants of the host's, as a device has them, too.
bool Machine::IsConstantHere(std::uintptr_t address, std::size_t size) const {
  if (!InThisModule(address)) return false;
  for (const auto &region : variables_)
    if (region->Holds(address, size)) return false;
  static const std::vector<Segment> segments = WritableHere();
  for (const Segment &each : segments)
    if (address - each.begin < each.size) return false;
  return true;
}

Witness Machine::Here(Place place) const {
  if (current_ == nullptr) return {false, {}, {}, place};
  return {true, block_, current_->index, place};
}

Witness Machine::Of(Touch touch) const {
  return {true, Unravel(touch.Block(), shape_.grid),
          Unravel(touch.Thread(), shape_.block),
          anchor_ + static_cast<Place>(std::intptr_t{touch.PlaceFromAnchor()})};
}

Array Machine::Describe(const Region &region, std::uintptr_t address) const {
  Array array;
  if (region.number == 0) array.name = region.name;
  array.space = Name(region.space);
  array.number = region.number;
  array.size = region.size;
  array.offset = static_cast<std::int64_t>(address - region.begin);
  array.element = region.element;
  array.extents = region.extents;
  array.made = region.made;
  for (std::size_t i = 0; i < body_.pointers.size() && array.argument == 0; ++i)
    if (region.Holds(reinterpret_cast<std::uintptr_t>(body_.pointers[i]), 0) &&
        region.begin != 0 && current_ != nullptr)
      array.argument = static_cast<unsigned>(i + 1);
  return array;
}

// A finding of this moment; of a region or, if it is null, of a bare address.
Finding Machine::About(const char *kind, const Region *region, std::uintptr_t address,
                       Place place) const {
  Finding finding;
  finding.kind = kind;
  finding.kernel = current_ != nullptr ? kernel_ : "";
  finding.now = Here(place);
  finding.address = address;
  if (region != nullptr) finding.array = Describe(*region, address);
  return finding;
}

// Memory that a thread may use without further ado: its own, its arguments, constants.
bool Machine::Owns(std::uintptr_t address, std::size_t size, bool write) const {
  const auto arguments = reinterpret_cast<std::uintptr_t>(body_.parameters);
  if (current_->fiber.OnStack(address)) return true;
  if (write) return false;
  if (address - arguments < body_.size) return true;
  return IsConstantHere(address, size);
}

void Machine::ReportRace(const Region &region, Touch earlier, bool earlier_writes,
                         Touch now, bool write, std::uintptr_t address) {
  const Witness after = Of(now), before = Of(earlier);
  if (findings_.Repeats("race", after.place, before.place)) return;
  // Who came too early, and read what nobody had written yet: that is this race.
  if (!earlier_writes) findings_.Withdraw("never written", before.place);
  Finding finding = About("race", &region, address, after.place);
  const char *const pairs[2][2] = {{"", "a read and a write"},
                                   {"a write and a read", "two writes"}};
  finding.text = std::string(pairs[earlier_writes][write]) + " of " +
                 Text(region, address) + " by two threads, and nothing orders them";
  finding.text += earlier.Block() != now.Block() ? ": their blocks run in any order"
                  : earlier.Thread() / kWarp == now.Thread() / kWarp
                      ? ": there is no __syncwarp() or barrier between them"
                      : ": there is no barrier between them";
  finding.now = after;
  finding.before = before;
  const auto size = [](Touch touch) {
    return static_cast<std::size_t>(__builtin_popcount(touch.Bytes()));
  };
  finding.access = {size(now), write, now.Atomic()};
  finding.access_before = {size(earlier), earlier_writes, earlier.Atomic()};
  findings_.Add(std::move(finding));
}

void Machine::ReportUnwritten(Region &region, std::uintptr_t address, std::size_t size,
                              bool atomic, Place place) {
  if (!findings_.Repeats("never written", place, 0)) {
    Finding finding = About("never written", &region, address, place);
    finding.text = "nothing has been written to " + Text(region, address);
    finding.access = {size, false, atomic};
    findings_.Add(std::move(finding));
  }
  region.MarkWritten(address, size);  // once is enough
}

void Machine::ReportMisaligned(const Region &region, std::uintptr_t address,
                               std::size_t size, bool write, Place place) {
  Finding finding = About("misaligned", &region, address, place);
  finding.text = Verb(size, write) + " at once: they begin at a multiple of " +
                 std::to_string(size) + ", and " + Text(region, address) + " is none";
  finding.access = {size, write, false};
  Fail(std::move(finding));
}

// An address of an arena that belongs to no region, or not all of it.
void Machine::ReportOutside(const Region *region, std::uintptr_t address,
                            std::size_t size, bool write, Place place) {
  Finding finding = About("out of bounds", region, address, place);
  finding.access = {size, write, false};
  finding.text = Verb(size, write);
  if (region == nullptr) {
    finding.text += " where no memory has been allocated";
  } else if (!region->live) {
    finding.kind = "use after free";
    finding.text += " at " + Text(*region, address) + ", which was freed";
    finding.before = region->freed;
  } else {
    finding.text += " at " + Text(*region, address) + ": behind its end";
  }
  Fail(std::move(finding));
}

// The host has no business with memory of the device; in the emulator, it gets away.
void Machine::ReportHost(std::uintptr_t address, std::size_t size, bool write,
                         Place place) {
  const Region *region = FindOnDevice(address);
  if (!device_.Holds(address) && region == nullptr) return;
  if (findings_.Repeats("device pointer on the host", place, 0)) return;
  Finding finding = About("device pointer on the host", region, address, place);
  finding.access = {size, write, false};
  finding.text =
      Verb(size, write) + " of the device's memory by code of the host: copy it";
  findings_.Add(std::move(finding));
}

// An address that is no memory of the device.
void Machine::ReportElsewhere(std::uintptr_t address, std::size_t size, bool write,
                              Place place) {
  const Region *variable = FindOnDevice(address);
  Finding finding = About("host pointer on the device", variable, address, place);
  finding.access = {size, write, false};
  finding.text = Verb(size, write);
  const Thread *other = nullptr;
  for (std::size_t i = 0; i < count_; ++i)
    if (threads_[i]->fiber.OnStack(address)) other = threads_[i].get();
  if (variable != nullptr) {
    finding.kind = "write to constant memory";
    finding.text = "only the host can change a __constant__ variable";
  } else if (address < 4096) {
    finding.kind = "null pointer";
    finding.text += " through a null pointer";
  } else if (current_->fiber.InGuard(address)) {
    finding.kind = "stack overflow";
    finding.text = "the thread's local variables take more memory than it has";
  } else if (other != nullptr) {
    finding.kind = "foreign local memory";
    finding.array.space = "local";
    finding.text += " of another thread's local variables, or past one's own";
    finding.before = At(*other);
  } else if (InThisModule(address)) {
    finding.text +=
        " of a variable of the host by a kernel, or past the end of another variable:"
        " declare it __device__, or look at the index";
  } else {
    finding.text += " of the host's memory by a kernel: copy it with cudaMemcpy";
  }
  Fail(std::move(finding));
}

}  // namespace cuda_emulator
