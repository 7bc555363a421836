// What a run has found: the mistakes of kernels and of those who call them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace cuda_emulator {

struct Index3 {
  unsigned x = 0, y = 0, z = 0;
};

// An instruction, by the address after its call to the emulator; 0 if there is none.
using Place = std::uintptr_t;

// A thread of a launch, and where it was.
struct Witness {
  bool device = false;  // false: the host
  Index3 block, thread;
  Place place = 0;
};

// What one access did.
struct Access {
  std::size_t size = 0;  // bytes; 0: the finding is not about an access
  bool write = false, atomic = false;
};

// The memory that a finding is about.
struct Array {
  std::string
      name;  // of a variable; "" for memory of cudaMalloc, dynamic shared memory
  std::string
      space;  // "global", "shared", "dynamic shared", "constant", "local"; or ""
  std::uint64_t number = 0;          // of the cudaMalloc, counted from 1; 0 for others
  std::size_t size = 0;              // bytes
  std::int64_t offset = 0;           // of the access, in bytes; may lie behind the end
  std::size_t element = 0;           // bytes of one; 0 if unknown
  std::vector<std::size_t> extents;  // of a declared array, the outermost first
  unsigned argument = 0;             // which of the kernel's points there, from 1; or 0
  Place made = 0;                    // the declaration, or the call of cudaMalloc
};

struct Finding {
  std::string kind;  // "out of bounds", "race", ...: see README.md
  std::string text;  // one or two sentences, without places
  std::string kernel;
  Witness now, before;  // before: the other access, the free, ...; may be empty
  Access access, access_before;
  Array array;
  std::uintptr_t address = 0;
  bool fatal = false;       // the launch ended here, as it might on a device
  std::uint64_t times = 1;  // how often, at this place
};

class Findings {
 public:
  // Keep a finding; a second one of the same kind at the same places only counts.
  void Add(Finding finding);
  // Count one that is known already; return whether it is. (Putting one into words costs
  // more than finding it does.)
  bool Repeats(const char *kind, Place now, Place before);
  // Take back those of a kind at a place: another one explains them.
  void Withdraw(const char *kind, Place now);
  std::vector<Finding> Take();
  const std::vector<Finding> &All() const { return found_; }

 private:
  static constexpr std::size_t kMost = 100;
  std::vector<Finding> found_;
};

}  // namespace cuda_emulator
