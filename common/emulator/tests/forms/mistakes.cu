// One mistake a function, as test_report.py looks at them. Comments mark the lines.
// clang-format off
#include <cuda_runtime.h>

namespace space {
template <typename T>
__global__ void Turn(T *out) {
  __shared__ T tile[16][16];  // tile
  const int x = threadIdx.x, y = threadIdx.y;
  tile[y][x] = x;  // race before
  out[x] = tile[y][15 - x];  // race
}
}

template <typename F>
__global__ void Apply(int *numbers, int n, F f) {
  numbers[threadIdx.x] = f(threadIdx.x);  // apply
}

__device__ __forceinline__ int Last(const int *list, int n) {
  return list[
      n];  // inlined
}
__device__ __forceinline__ int Ends(const int *list, int n) {
  return Last(list, 0) +
         Last(list, n);  // call
}
__global__ void Reads(const int *list, int *out, int n) {
  *out = Ends(list, n);  // outermost
}
__global__ void Empty(int *out) {
  extern __shared__ int rest[];
  out[threadIdx.x] = rest[threadIdx.x];  // empty
}

struct Device {
  int *memory = nullptr;
  explicit Device(int n) { cudaMalloc(&memory, n * sizeof(int)); cudaMemset(memory, 0, n * sizeof(int)); }  // made
  ~Device() { cudaFree(memory); }  // freed
};

extern "C" void race() {
  Device numbers(16);
  space::Turn<float><<<1, 16>>>((float *)numbers.memory);
}
extern "C" void beyond() {
  Device numbers(4);
  Apply<<<1, 5>>>(numbers.memory, 5, [] __device__ (int x) { return x; });
  cudaGetLastError();
}
extern "C" void inlined() {
  Device list(4), out(1);
  Reads<<<1, 1>>>(list.memory, out.memory, 4);
  cudaGetLastError();
}
extern "C" void unwritten() {
  Device out(8);
  Empty<<<1, 8, 32>>>(out.memory);
}
extern "C" void freed() {
  int *memory;
  { Device out(8); memory = out.memory; }
  Empty<<<1, 1, 4>>>(memory);
  cudaGetLastError();
}
extern "C" void blocks() {
  Device out(1);
  Apply<<<2, 1>>>(out.memory, 1, [] __device__ (int x) { return x + (int)blockIdx.x; });
}
extern "C" void refused() {
  Apply<<<1, 2000>>>((int *)nullptr, 0, [] __device__ (int x) { return x; });  // refused
  cudaGetLastError();
}
extern "C" int host() {
  Device list(4);
  return list.memory[3];  // host
}
extern "C" void leak() {
  new Device(5);
}
