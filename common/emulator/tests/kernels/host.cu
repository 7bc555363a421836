// What the host meets: errors and their numbers, limits, what goes on after a mistake.
#include <signal.h>

#include <cstring>
#include <stdexcept>
#include <vector>

namespace {

__global__ void Fill(float *out, int n) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) out[i] = 1;
}
__global__ void Spoil(float *out, int how, char *odd) {
  extern __shared__ float rest[];
  if (how == 0) out[100] = 1;
  if (how == 1) *reinterpret_cast<float *>(odd + 1) = 1;
  if (how == 2) __trap();
  if (how == 3) assert(how == 0);
  if (how == 4) throw std::runtime_error("no kernel does this");
  if (how == 5) Fill<<<1, 1>>>(out, 1);
  if (how == 6) rest[0] = 1;
}
__global__ void Count(unsigned *count, unsigned *sum) {
  atomicAdd(count, 1u);
  atomicAdd(sum, blockIdx.x % 7 + blockIdx.y);
}
__global__ void Recurse(int n, int *out) {
  volatile int local[1000];
  local[n % 1000] = n;
  *out = local[n % 1000];
}

float *Written(int count) {
  float *memory;
  cudaMalloc(&memory, count * sizeof(float));
  cudaMemset(memory, 0, count * sizeof(float));
  return memory;
}

}  // namespace

extern "C" {
void settle() { cudaDeviceReset(); }

// Return the error after a launch of each kind, which then is forgotten.
int spoil(int how) {
  float *memory = Written(4);
  Spoil<<<2, 32>>>(memory, how, reinterpret_cast<char *>(memory));
  const int error = cudaGetLastError();
  return cudaGetLastError() == cudaSuccess ? error : -1;
}
int refuse(int how) {
  float *memory = Written(4);
  if (how == 0) Fill<<<1, 1025>>>(memory, 4);
  if (how == 1) Fill<<<1, dim3(1, 1, 65)>>>(memory, 4);
  if (how == 2) Fill<<<0x80000000u, 1>>>(memory, 4);
  if (how == 3) Fill<<<1, 1, 49153>>>(memory, 4);
  if (how == 4) Fill<<<dim3(1, 0), 1>>>(memory, 4);
  const int error = cudaPeekAtLastError();
  return cudaGetLastError() == error ? error : -1;
}

// After a mistake the next launch works.
int goes_on() {
  float *memory = Written(4);
  Spoil<<<2, 32>>>(memory, 0, nullptr);
  if (cudaDeviceSynchronize() != cudaErrorIllegalAddress) return 1;
  cudaGetLastError();
  Fill<<<1, 4>>>(memory, 4);
  std::vector<float> host(4);
  if (cudaMemcpy(host.data(), memory, 16, cudaMemcpyDeviceToHost) != cudaSuccess)
    return 2;
  return host[3] == 1 && cudaGetLastError() == cudaSuccess ? 0 : 3;
}
// A copy waits for the kernel, and tells its failure.
int copy_tells() {
  float *memory = Written(4), host[4];
  Spoil<<<1, 1>>>(memory, 0, nullptr);
  const int error = cudaMemcpy(host, memory, 16, cudaMemcpyDeviceToHost);
  cudaGetLastError();
  return error;
}

int memory_limit() {
  char *first = nullptr, *second = nullptr, *third = nullptr;
  const std::size_t large = std::size_t{5} << 30;
  if (cudaMalloc(&first, large) != cudaSuccess) return 1;
  if (cudaMalloc(&second, large) != cudaErrorMemoryAllocation || second) return 2;
  if (cudaGetLastError() != cudaErrorMemoryAllocation) return 3;
  std::size_t free = 0, total = 0;
  cudaMemGetInfo(&free, &total);
  if (total != std::size_t{8} << 30 || free != total - large) return 4;
  if (cudaMemset(first + large - 10, 1, 10) != cudaSuccess) return 5;
  if (cudaFree(first) != cudaSuccess) return 6;
  if (cudaMalloc(&third, large) != cudaSuccess) return 7;
  return cudaFree(third);
}
int many_allocations() {
  for (int i = 0; i < 5000; ++i) {
    float *memory = Written(10);
    if (memory == nullptr || cudaFree(memory) != cudaSuccess) return 1;
  }
  return 0;
}
void leak() {
  float *kept = Written(4), *other;
  cudaMalloc(&other, 12);
  cudaFree(kept);
}

int many_blocks() {
  unsigned *memory = reinterpret_cast<unsigned *>(Written(2)), host[2];
  Count<<<dim3(30000, 2), 1>>>(memory, memory + 1);
  cudaMemcpy(host, memory, 8, cudaMemcpyDeviceToHost);
  unsigned sum = 0;
  for (unsigned i = 0; i < 30000; ++i) sum += 2 * (i % 7) + 1;
  return host[0] != 60000 || host[1] != sum;
}
int full_blocks() {
  const int n = 3000;
  float *memory = Written(n);
  std::vector<float> host(n);
  Fill<<<3, 1024>>>(memory, n);
  cudaMemcpy(host.data(), memory, n * sizeof(float), cudaMemcpyDeviceToHost);
  int wrong = 0;
  for (const float each : host) wrong += each != 1;
  Recurse<<<1, 1024>>>(7, reinterpret_cast<int *>(memory));
  return wrong;
}

// Signals belong to who had them before.
int signals_stay() {
  struct sigaction own = {}, found, old;
  own.sa_handler = [](int) {};
  sigaction(SIGSEGV, &own, &old);
  Fill<<<1, 1>>>(Written(1), 1);
  sigaction(SIGSEGV, &old, &found);
  return found.sa_handler != own.sa_handler;
}

int streams_and_events() {
  cudaStream_t stream;
  cudaEvent_t begin, end, never;
  cudaStreamCreate(&stream);
  cudaEventCreate(&begin);
  cudaEventCreate(&end);
  cudaEventCreate(&never);
  float *memory = Written(8), host[8], milliseconds = -1;
  cudaEventRecord(begin, stream);
  Fill<<<1, 8, 0, stream>>>(memory, 8);
  cudaEventRecord(end, stream);
  cudaMemcpyAsync(host, memory, sizeof host, cudaMemcpyDeviceToHost, stream);
  int wrong = cudaStreamSynchronize(stream) != cudaSuccess || host[7] != 1;
  wrong += cudaEventElapsedTime(&milliseconds, begin, end) != cudaSuccess;
  wrong += !(milliseconds >= 0);
  wrong += cudaEventElapsedTime(&milliseconds, begin, never) == cudaSuccess;
  cudaGetLastError();
  cudaEventDestroy(begin);
  cudaEventDestroy(end);
  cudaEventDestroy(never);
  cudaStreamDestroy(stream);
  cudaFree(memory);
  return wrong;
}

int pitched() {
  float host[6] = {1, 2, 3, 4, 5, 6}, back[6] = {};
  float *memory = Written(9);
  cudaMemcpy2D(memory, 12, host, 8, 8, 3, cudaMemcpyHostToDevice);
  cudaMemcpy2D(back, 8, memory, 12, 8, 3, cudaMemcpyDeviceToHost);
  return std::memcmp(host, back, sizeof host) != 0 ||
         cudaMemcpy2D(back, 4, memory, 12, 8, 3, cudaMemcpyDeviceToHost) !=
             cudaErrorInvalidPitchValue;
}

int texts() {
  return std::strcmp(cudaGetErrorName(cudaErrorIllegalAddress),
                     "cudaErrorIllegalAddress") ||
         std::strcmp(cudaGetErrorString(cudaErrorInvalidConfiguration),
                     "invalid configuration argument") ||
         std::strcmp(cudaGetErrorString(static_cast<cudaError>(12345)),
                     "unrecognized error code");
}
}
