// One mistake each. The comment `now: NAME` marks the line that a finding names, and
// `before: NAME` the line of what came before it; NAME is also the function that runs it.
#include <cassert>
#include <cstdint>
#include <vector>

#include "cuda_runtime.h"

namespace {

constexpr int kThreads = 64;

float *Written(int count) {
  float *memory;
  cudaMalloc(&memory, count * sizeof(float));
  cudaMemset(memory, 0, count * sizeof(float));
  return memory;
}

// -- addresses

__global__ void WritePastEnd(float *out, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i <= n) out[i] = 1;  // now: past_end
}
__global__ void ReadBeforeBegin(const float *in, float *out) {
  out[threadIdx.x] = in[static_cast<int>(threadIdx.x) - 1];  // now: before_begin
}
__global__ void ReadFar(const float *in, float *out) {
  if (threadIdx.x == 3) out[0] = in[1 << 28];  // now: far
}
__global__ void SharedPastEnd(float *out) {
  __shared__ float tile[kThreads];
  tile[threadIdx.x + 1] = 0;  // now: shared_past_end
  out[threadIdx.x] = 0;
}
__global__ void DynamicPastEnd() {
  extern __shared__ float rest[];
  rest[threadIdx.x] = 0;  // now: dynamic_past_end
}
__global__ void Misaligned(const char *in, float *out) {
  out[threadIdx.x] =
      *reinterpret_cast<const float *>(in + threadIdx.x);  // now: misaligned
}
__global__ void Misaligned4(const float *in, float4 *out) {
  const float4 four = *reinterpret_cast<const float4 *>(in + 1);  // now: misaligned4
  out[threadIdx.x] = four;
}
__global__ void Copy(const float *in, float *out) {
  out[threadIdx.x] = in[threadIdx.x];  // now: host_pointer null_pointer freed
}
__global__ void WriteTo(float *out) {
  out[threadIdx.x] = 1;  // now: host_target
}
__global__ void CopyBytes(const float *in, float *out) {
  memcpy(out, in, blockDim.x * sizeof(float));  // now: memcpy_past_end
}
__global__ void ShareLocal(float *out) {
  __shared__ float *pointer;
  float own = threadIdx.x;
  if (threadIdx.x == 0) pointer = &own;
  __syncthreads();
  out[threadIdx.x] = *pointer;  // now: foreign_local
}
// Which of its lines is the last for which there is room depends on the addresses.
__device__ int Deeper(int depth, volatile int *all) {  // now: overflow
  volatile int here[64];
  here[0] = depth;  // now: overflow
  if (depth == 0) return 0;
  const int below = Deeper(depth - 1, here);  // now: overflow
  return below + all[0];
}
__global__ void Overflow(int *out) {
  volatile int first = 1;
  *out = Deeper(1 << 20, &first);
}
__global__ void Divide(int *out, int by) {
  *out = 7 / by;  // now: divide
}
__global__ void Assert(int n) {
  assert(static_cast<int>(threadIdx.x) < n);  // now: assertion
}
__global__ void Trap() {
  if (threadIdx.x == 9) __trap();  // now: trap
}

// -- what was never written

__global__ void Sum(const float *in, float *out) {
  float sum = 0;
  for (int i = 0; i < 4; ++i) sum += in[i];  // now: unwritten
  out[0] = sum;
}
__global__ void ReadShared(float *out) {
  __shared__ float tile[kThreads];
  if (threadIdx.x < 60) tile[threadIdx.x] = 1;
  __syncthreads();
  out[threadIdx.x] = tile[threadIdx.x];  // now: unwritten_shared
}
__global__ void AddTo(float *out) {
  atomicAdd(&out[threadIdx.x], 1.0f);  // now: unwritten_atomic
}

// -- races

__global__ void Reverse(float *out) {
  __shared__ float tile[kThreads];
  tile[threadIdx.x] = threadIdx.x;                      // before: no_barrier
  out[threadIdx.x] = tile[kThreads - 1 - threadIdx.x];  // now: no_barrier
}
__global__ void ReverseTwice(float *out) {
  __shared__ float tile[kThreads];
  for (int i = 0; i < 2; ++i) {
    tile[threadIdx.x] = i;  // before: no_second_barrier
    __syncthreads();
    out[threadIdx.x] = tile[kThreads - 1 - threadIdx.x];  // now: no_second_barrier
  }
}
__global__ void Histogram(const int *in, int *bins) {
  bins[in[threadIdx.x]] += 1;  // now: histogram // before: histogram
}
__global__ void BlocksMeet(int *out) {
  if (threadIdx.x == 0) *out = blockIdx.x;  // now: blocks_meet // before: blocks_meet
}
__global__ void WarpSum(float *out) {
  __shared__ volatile float tile[32];
  tile[threadIdx.x] = 1;  // now: no_syncwarp
  if (threadIdx.x < 16)
    out[threadIdx.x] = tile[threadIdx.x + 16];  // before: no_syncwarp
}
__global__ void MixAtomic(int *out) {
  if (threadIdx.x == 0)
    *out = 5;  // before: mixed_atomic
  else if (threadIdx.x == 32)
    atomicAdd(out, 1);  // now: mixed_atomic
}
__device__ unsigned int tickets;
__global__ void LastBlock(float *parts, float *out) {
  __shared__ bool last;
  if (threadIdx.x == 0) {
    parts[blockIdx.x] = 1;  // before: no_fence
    last = atomicAdd(&tickets, 1u) == gridDim.x - 1;
  }
  __syncthreads();
  if (last && threadIdx.x < gridDim.x)
    out[threadIdx.x] = parts[threadIdx.x];  // now: no_fence
}
__global__ void LockWithoutFence(int *lock, int *counter) {
  if (threadIdx.x % 32 != 0) return;
  while (atomicCAS(lock, 0, 1) != 0) {
  }
  *counter += 1;  // now: lock_no_fence // before: lock_no_fence
  atomicExch(lock, 0);
}
__global__ void VolatileFlag(volatile int *flag, int *data) {
  if (threadIdx.x == 32) {
    *data = 1;
    *flag = 1;  // now: volatile_flag
  } else if (threadIdx.x == 0) {
    while (*flag == 0) {  // before: volatile_flag
    }
  }
}

// -- barriers and warps

__global__ void EarlyReturn(float *out, int n) {
  if (static_cast<int>(threadIdx.x) >= n) {
    out[threadIdx.x] = 0;  // before: early_return
    return;
  }
  __syncthreads();  // now: early_return
  out[threadIdx.x] = 1;
}
__global__ void TwoBarriers(float *out) {
  if (threadIdx.x < 32) {
    __syncthreads();  // now: two_barriers
    out[threadIdx.x] = 1;
  } else {
    __syncthreads();  // before: two_barriers
    out[threadIdx.x] = 2;
  }
}
__global__ void WarpAndBarrier(float *out) {
  float v = 1;
  if (threadIdx.x % 32 < 16) {
    v += __shfl_down_sync(0xffffffff, v, 1);  // now: divergent_warp
  } else {
    __syncthreads();  // before: divergent_warp
  }
  out[threadIdx.x] = v;
}
__global__ void WrongMask(float *out) {
  out[threadIdx.x] = __shfl_sync(0x0000ffff, 1.0f, 0);  // now: wrong_mask
}
__global__ void AbsentLane(float *out) {
  const float v = threadIdx.x;
  if (threadIdx.x % 32 < 16)
    out[threadIdx.x] = __shfl_down_sync(0x0000ffff, v, 1);  // now: absent_lane
}

// -- constants, shared memory

__global__ void TooMuchShared(float *out) {
  __shared__ float tile[16384];  // now: too_much_shared
  tile[threadIdx.x] = 1;
  out[threadIdx.x] = tile[threadIdx.x];
}

}  // namespace

extern "C" {
void settle() { cudaDeviceReset(); }

void past_end() { WritePastEnd<<<4, 32>>>(Written(100), 100); }
void before_begin() { ReadBeforeBegin<<<1, 4>>>(Written(4), Written(4)); }
void far() { ReadFar<<<1, 4>>>(Written(4), Written(4)); }
void shared_past_end() { SharedPastEnd<<<2, kThreads>>>(Written(kThreads)); }
void dynamic_past_end() { DynamicPastEnd<<<1, 8, 7 * sizeof(float)>>>(); }
void misaligned() {
  Misaligned<<<1, 4>>>(reinterpret_cast<char *>(Written(4)), Written(4));
}
void misaligned4() {
  Misaligned4<<<1, 2>>>(Written(16), reinterpret_cast<float4 *>(Written(16)));
}
void host_pointer() {
  std::vector<float> host(4);
  Copy<<<1, 4>>>(host.data(), Written(4));
}
void host_target() {
  std::vector<float> host(4);
  WriteTo<<<1, 4>>>(host.data());
}
void null_pointer() { Copy<<<1, 4>>>(nullptr, Written(4)); }
void freed() {
  float *memory = Written(4);
  cudaFree(memory);  // before: freed
  Copy<<<1, 4>>>(memory, Written(4));
}
void memcpy_past_end() { CopyBytes<<<1, 8>>>(Written(7), Written(8)); }
void foreign_local() { ShareLocal<<<1, 2>>>(Written(2)); }
void overflow() { Overflow<<<1, 1>>>(reinterpret_cast<int *>(Written(1))); }
void divide() { Divide<<<1, 1>>>(reinterpret_cast<int *>(Written(1)), 0); }
void assertion() { Assert<<<1, 8>>>(5); }
void trap() { Trap<<<1, 32>>>(); }
void unwritten() {
  float *in;
  cudaMalloc(&in, 16);
  cudaMemset(in, 0, 12);
  Sum<<<1, 1>>>(in, Written(1));
}
void unwritten_shared() { ReadShared<<<1, kThreads>>>(Written(kThreads)); }
void unwritten_atomic() {
  float *memory;
  cudaMalloc(&memory, 16);
  AddTo<<<1, 4>>>(memory);
}
void no_barrier() { Reverse<<<1, kThreads>>>(Written(kThreads)); }
void no_second_barrier() { ReverseTwice<<<1, kThreads>>>(Written(kThreads)); }
void histogram() {
  int *in = reinterpret_cast<int *>(Written(8));
  Histogram<<<1, 8>>>(in, reinterpret_cast<int *>(Written(4)));
}
void blocks_meet() { BlocksMeet<<<3, 32>>>(reinterpret_cast<int *>(Written(1))); }
void no_syncwarp() { WarpSum<<<1, 32>>>(Written(32)); }
void mixed_atomic() { MixAtomic<<<1, 64>>>(reinterpret_cast<int *>(Written(1))); }
void no_fence() {
  const unsigned zero = 0;
  cudaMemcpyToSymbol(tickets, &zero, sizeof zero);
  LastBlock<<<4, 32>>>(Written(4), Written(4));
}
void lock_no_fence() {
  LockWithoutFence<<<1, 64>>>(reinterpret_cast<int *>(Written(1)),
                              reinterpret_cast<int *>(Written(1)));
}
void volatile_flag() {
  VolatileFlag<<<1, 64>>>(reinterpret_cast<int *>(Written(1)),
                          reinterpret_cast<int *>(Written(1)));
}
void early_return() { EarlyReturn<<<1, kThreads>>>(Written(kThreads), 60); }
void two_barriers() { TwoBarriers<<<1, kThreads>>>(Written(kThreads)); }
void divergent_warp() { WarpAndBarrier<<<1, 32>>>(Written(32)); }
void wrong_mask() { WrongMask<<<1, 32>>>(Written(32)); }
void absent_lane() { AbsentLane<<<1, 32>>>(Written(32)); }
void too_much_shared() { TooMuchShared<<<1, 32>>>(Written(32)); }

// -- the host

void refused() {
  WriteTo<<<1, 2048>>>(Written(1));  // now: refused
  cudaGetLastError();
}
void refused_grid() {
  WriteTo<<<dim3(1, 70000), 1>>>(Written(1));  // now: refused_grid
  cudaGetLastError();
}
void refused_empty() {
  WriteTo<<<0, 1>>>(Written(1));  // now: refused_empty
  cudaGetLastError();
}
void unchecked() {
  float *out = Written(1);
  WriteTo<<<1, 2048>>>(out);  // before: unchecked
  WriteTo<<<1, 1>>>(out);     // now: unchecked
}
void host_access() {
  float *memory = Written(4);
  memory[2] = 1;  // now: host_access
}
void host_variable() {
  tickets = 0;  // now: host_variable
}
void double_free() {
  float *memory = Written(4);
  cudaFree(memory);  // before: double_free
  cudaFree(memory);  // now: double_free
}
void foreign_free() {
  float *memory = Written(4);
  cudaFree(memory + 1);  // now: foreign_free
}
void host_free() {
  float host = 0;
  cudaFree(&host);  // now: host_free
}
void long_copy() {
  std::vector<float> host(8);
  float *memory = Written(4);
  cudaMemcpy(memory, host.data(), 20, cudaMemcpyHostToDevice);  // now: long_copy
}
void wrong_direction() {
  std::vector<float> host(4);
  float *to = Written(4);
  const std::size_t size = 16;
  cudaMemcpy(to, host.data(), size, cudaMemcpyDeviceToHost);  // now: wrong_direction
}
void unwritten_copy() {
  std::vector<float> host(4);
  float *memory;
  cudaMalloc(&memory, 16);
  cudaMemset(memory, 0, 8);
  cudaMemcpy(host.data(), memory, 16, cudaMemcpyDeviceToHost);  // now: unwritten_copy
}
void copy_of_freed() {
  std::vector<float> host(4);
  float *memory = Written(4);
  cudaFree(memory);                                             // before: copy_of_freed
  cudaMemcpy(host.data(), memory, 16, cudaMemcpyDeviceToHost);  // now: copy_of_freed
}
void long_fill() {
  cudaMemset(Written(4), 0, 17);  // now: long_fill
}
}
