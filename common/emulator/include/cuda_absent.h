// What CUDA has and the emulator has not: each use is an error of the compiler's, in its
// line, that says what to use instead.
#pragma once

#include "cuda_errors.h"

#define CUDA_EMULATOR_ABSENT(name, instead)                                \
  template <typename... Arguments>                                         \
  __attribute__((error("the emulator has no " instead))) cudaError_t name( \
      Arguments...);

CUDA_EMULATOR_ABSENT(cudaMallocManaged,
                     "managed memory: use cudaMalloc, and copy with cudaMemcpy")
CUDA_EMULATOR_ABSENT(cudaMemPrefetchAsync, "managed memory: copy with cudaMemcpy")
CUDA_EMULATOR_ABSENT(cudaMemAdvise, "managed memory: leave it out")
CUDA_EMULATOR_ABSENT(cudaFuncSetAttribute,
                     "more than 48 KB of shared memory a block: use smaller tiles")
CUDA_EMULATOR_ABSENT(cudaOccupancyMaxPotentialBlockSize,
                     "occupancy: choose the block's size yourself, 256 is a good start")
CUDA_EMULATOR_ABSENT(cudaOccupancyMaxActiveBlocksPerMultiprocessor,
                     "occupancy: choose the grid's size yourself")
CUDA_EMULATOR_ABSENT(cudaLaunchKernel,
                     "cudaLaunchKernel: write kernel<<<grid, block>>>(arguments)")
CUDA_EMULATOR_ABSENT(cudaLaunchCooperativeKernel,
                     "grids whose blocks wait for each other: launch two kernels")
CUDA_EMULATOR_ABSENT(cudaHostRegister, "pinned memory of others: use cudaMallocHost")
CUDA_EMULATOR_ABSENT(cudaHostUnregister, "pinned memory of others: use cudaMallocHost")
CUDA_EMULATOR_ABSENT(cudaHostGetDevicePointer,
                     "host memory that kernels can reach: copy with cudaMemcpy")
CUDA_EMULATOR_ABSENT(cudaStreamBeginCapture, "graphs: launch the kernels one by one")
CUDA_EMULATOR_ABSENT(cudaCreateTextureObject, "textures: read memory, with __ldg")
CUDA_EMULATOR_ABSENT(cudaMallocArray, "textures: use cudaMalloc")
#undef CUDA_EMULATOR_ABSENT

constexpr unsigned cudaMemAttachGlobal = 1, cudaMemAttachHost = 2;
enum cudaFuncAttribute {
  cudaFuncAttributeMaxDynamicSharedMemorySize = 8,
  cudaFuncAttributePreferredSharedMemoryCarveout = 9,
};
