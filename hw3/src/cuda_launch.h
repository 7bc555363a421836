// What kernels and their launches share.
#pragma once

#include <cuda_runtime.h>

#include <cstddef>
#include <cstdint>

#include "ndarray_backend_cuda.h"

namespace needle {
namespace cuda {

constexpr unsigned kThreads = 256;  // of a block, unless a kernel says otherwise

// Return a number of blocks along x as a launch takes it: up to 2^31 - 1. (Along y and z
// there may be 65535, too few for large arrays.)
inline unsigned Grid(std::size_t blocks) {
  if (blocks > 0x7fffffff) throw CudaError("a grid cannot have that many blocks");
  return static_cast<unsigned>(blocks);
}

// How many blocks of kThreads there have to be, so that each of `size` elements has a
// thread.
inline unsigned Blocks(std::size_t size) {
  return Grid((size + kThreads - 1) / kThreads);
}

// The number of this thread in the grid. An array may have more than 2^32 elements, so
// it has 64 bits, and gets them before the product.
__device__ inline std::size_t ThreadNumber() {
  return static_cast<std::size_t>(blockIdx.x) * blockDim.x + threadIdx.x;
}

// Axes with two elements or more; with any more of them a view had over 2^62 elements.
constexpr int kMostAxes = 62;

// A view as a kernel gets it: by value. A vector's numbers are in memory of the host, and
// no thread could read them.
struct View {
  std::int64_t offset = 0;
  int axes = 0;
  std::int64_t lengths[kMostAxes], steps[kMostAxes];
};

// Return the same elements in the same order, without axes of length 1. Neighbours that
// together are one longer axis become one: each axis costs a thread a division.
inline View ViewOf(const Extents &shape, const Extents &strides, std::int64_t offset) {
  View view;
  view.offset = offset;
  for (std::size_t k = 0; k < shape.size(); ++k) {
    if (shape[k] == 1) continue;
    const int last = view.axes - 1;
    if (last >= 0 && view.steps[last] == strides[k] * shape[k]) {
      view.lengths[last] *= shape[k];
      view.steps[last] = strides[k];
    } else {
      view.lengths[view.axes] = shape[k];
      view.steps[view.axes++] = strides[k];
    }
  }
  return view;
}

}  // namespace cuda
}  // namespace needle
