// Memory of the CPU backend: aligned, counted, and used again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace needle {
namespace cpu {

// All in bytes, but the last two.
struct MemoryStats {
  std::size_t live = 0;  // of arrays that exist
  std::size_t peak = 0;  // the most that were live at once
  std::size_t kept = 0;  // of arrays that are gone, for the next of the same size
  std::uint64_t allocated = 0;  // arrays, ever
  std::uint64_t reused = 0;     // those of them that got memory of an earlier one
};

// Return memory for `size` floats, aligned to kAlignment; given back with its last owner.
// Raises OutOfMemory, in Python a MemoryError.
std::shared_ptr<void> Allocate(std::size_t size);

MemoryStats Stats();
void ResetPeak();   // the peak is now what is live
void FreeUnused();  // give back to the system what is kept

}  // namespace cpu
}  // namespace needle
