// Memory of the CUDA backend: counted, and on a real device used again.
#pragma once

#include "memory_pool.h"

namespace needle {
namespace cuda {

// Where arrays have their memory.
MemoryPool &Memory();

}  // namespace cuda
}  // namespace needle
