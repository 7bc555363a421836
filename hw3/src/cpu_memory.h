// Memory of the CPU backend: aligned, counted, and used again.
#pragma once

#include <cstddef>
#include <memory>

#include "memory_pool.h"

namespace needle {
namespace cpu {

// Return memory for `size` floats, aligned to kAlignment; given back with its last owner.
// Raises OutOfMemory, in Python a MemoryError.
std::shared_ptr<void> Allocate(std::size_t size);

MemoryPool &Memory();

}  // namespace cpu
}  // namespace needle
