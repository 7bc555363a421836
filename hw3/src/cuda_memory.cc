#include "cuda_memory.h"

#include <cuda_runtime_api.h>

#include <limits>
#include <string>

#include "ndarray_backend_cuda.h"

namespace needle {
namespace cuda {

namespace {

// cudaMalloc aligns to 256 bytes at least.
void *AllocateOnDevice(std::size_t bytes) {
  void *memory = nullptr;
  const cudaError_t error = cudaMalloc(&memory, bytes);
  if (error == cudaErrorMemoryAllocation) {
    cudaGetLastError();  // it is dealt with here: the next launch is not to blame
    return nullptr;
  }
  Check(error, "memory of the device");
  return memory;
}

// Errors are not looked at: when the process ends the device may have ended before.
void FreeOnDevice(void *memory) { cudaFree(memory); }

// The emulator wants to hear of each array's beginning and end. On a device a cudaFree
// waits for all kernels; what is used again needs no waiting, because kernels run one
// after the other, so that the array's last one ends before the next array's first.
#ifdef NEEDLE_CUDA_EMULATED
constexpr bool kKeep = false;
#else
constexpr bool kKeep = true;
#endif

}  // namespace

// Never destroyed: arrays may outlive the end of the interpreter.
MemoryPool &Memory() {
  static MemoryPool *const pool =
      new MemoryPool({AllocateOnDevice, FreeOnDevice, kKeep});
  return *pool;
}

void Check(cudaError_t error, const char *what) {
  if (error == cudaSuccess) return;
  throw CudaError(std::string(what) + ": " + cudaGetErrorName(error) + ", " +
                  cudaGetErrorString(error));
}

CudaArray::CudaArray(std::size_t size) : ptr(nullptr), size(size) {
  constexpr std::size_t kMost =
      std::numeric_limits<std::ptrdiff_t>::max() / sizeof(scalar_t);
  if (size == 0) return;
  if (size <= kMost) memory_ = Memory().Allocate(size * sizeof(scalar_t));
  if (memory_ == nullptr) throw OutOfMemory(size, "memory of the device");
  ptr = static_cast<scalar_t *>(memory_.get());
}

}  // namespace cuda
}  // namespace needle
