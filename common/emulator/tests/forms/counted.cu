// Accesses whose cost is known: what test_report_counts.py looks at.
// clang-format off
#include <cuda_runtime.h>

__global__ void Copy(const float *from, float *to, int stride) {
  const float value = from[threadIdx.x * stride];  // load
  to[threadIdx.x] = value;  // store
}
__global__ void Banks(float *to, int stride) {
  __shared__ float tile[1024];
  for (int i = threadIdx.x; i < 1024; i += 32) tile[i] = i;  // fill
  __syncthreads();
  const float value =
      tile[threadIdx.x * stride];  // bank
  to[threadIdx.x] = value;
}
extern "C" int run(int kernel, int stride) {
  float *memory;
  cudaMalloc(&memory, 64 * 1024);
  cudaMemset(memory, 0, 64 * 1024);
  if (kernel == 0) Copy<<<1, 32>>>(memory, memory + 8192, stride);
  else Banks<<<1, 32>>>(memory, stride);
  cudaFree(memory);
  return cudaGetLastError();
}
