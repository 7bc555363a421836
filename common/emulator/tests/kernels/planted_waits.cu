// One mistake each: threads that wait for others.
#include <vector>

#include "cuda_runtime.h"
namespace {
constexpr int kThreads = 64;
template <typename T = float>
T *Written(int count) {
  T *memory;
  cudaMalloc(&memory, count * sizeof(T));
  cudaMemset(memory, 0, count * sizeof(T));
  return memory;
}
__global__ void Trips(float *out, int n) {
  __shared__ float s[kThreads];
  for (int i = threadIdx.x; i < n; i += blockDim.x) {
    s[threadIdx.x] = i;
    __syncthreads();  // now: trips
    out[i] = s[threadIdx.x];
  }
}
__global__ void TripsThenBarrier(float *out, int n) {
  for (int i = threadIdx.x; i < n; i += blockDim.x) {
    __syncthreads();  // now: trips_then
    out[i] = i;
  }
  __syncthreads();  // before: trips_then // now: trips_then
  out[0] = 1;
}
__global__ void ShortCircuit(float *out, int n) {
  const bool use = threadIdx.x < 40 && __syncthreads_or(n);  // now: short_circuit
  out[threadIdx.x] = use;
}
__global__ void HalfWarpShuffle(float *out, int n) {
  float v = 1;
  if (static_cast<int>(threadIdx.x) < n)
    for (int d = 16; d > 0; d /= 2)
      v += __shfl_down_sync(0xffffffff, v, d);  // now: half_warp
  else
    v = __shfl_xor_sync(0xffffffff, v, 1);
  out[threadIdx.x] = v;
}
__global__ void Ragged(float *out) {  // 48 threads
  float v = threadIdx.x;
  for (int d = 16; d > 0; d /= 2)
    v += __shfl_down_sync(0xffffffff, v, d);  // now: ragged_warp
  out[threadIdx.x] = v;
}
__global__ void EndedLanes(float *out, int n) {
  if (static_cast<int>(threadIdx.x) >= n) return;
  float v = threadIdx.x;
  for (int d = 16; d > 0; d /= 2)
    v += __shfl_down_sync(0xffffffff, v, d);  // now: ended_lanes
  out[threadIdx.x] = v;
}
__global__ void SpinForLater(int *flag, float *out) {
  if (blockIdx.x == 0) {
    while (atomicAdd(flag, 0) == 0) {  // now: spin_for_later
    }
  } else {
    atomicExch(flag, 1);
  }
  out[blockIdx.x] = 1;
}
__global__ void GridBarrier(volatile int *arrived, float *out) {
  if (threadIdx.x == 0) {
    atomicAdd(const_cast<int *>(arrived), 1);
    while (*arrived < static_cast<int>(gridDim.x)) {  // now: grid_barrier
    }
  }
  __syncthreads();
  out[blockIdx.x] = 1;
}
__global__ void SpinPastBarrier(volatile int *flag, float *out) {
  if (threadIdx.x == 0)
    while (*flag == 0) {  // now: spin_past_barrier
    }
  __syncthreads();
  if (threadIdx.x == 1) *flag = 1;
  out[threadIdx.x] = 1;
}
__global__ void LostLock(int *lock, float *out) {
  while (atomicCAS(lock, 0, 1) != 0) {  // now: lost_lock
  }
  if (threadIdx.x == 0) return;  // keeps it
  out[0] += 1;
  __threadfence();
  atomicExch(lock, 0);
}
__global__ void Endless(float *out, int n) {
  int i = n;
  while (i < 10) i -= i > 0;  // now: endless
  out[0] = i;
}
__global__ void EndlessAccess(float *out, int n) {
  for (int i = 0; i != n; i += 2) out[i & 1] = i;  // now: endless_access
}
__global__ void EndlessBarrier(float *out, int n) {
  for (int d = 1; d != n; d *= 2) {
    out[threadIdx.x] += d;  // now: endless_barrier
    __syncthreads();        // now: endless_barrier
  }
}
__global__ void PlainSpin(int *flag, float *out) {
  if (threadIdx.x == 0)
    while (*flag == 0) {  // now: plain_spin
    }
  else
    *flag = 1;
  out[0] = 1;
}
}  // namespace
extern "C" {
void settle() { cudaDeviceReset(); }
void trips() { Trips<<<1, kThreads>>>(Written(100), 100); }
void trips_then() { TripsThenBarrier<<<1, kThreads>>>(Written(100), 100); }
void short_circuit() { ShortCircuit<<<1, kThreads>>>(Written(kThreads), 1); }
void half_warp() { HalfWarpShuffle<<<1, 32>>>(Written(32), 16); }
void ragged_warp() { Ragged<<<1, 48>>>(Written(48)); }
void ended_lanes() { EndedLanes<<<1, 32>>>(Written(32), 20); }
void spin_for_later() { SpinForLater<<<2, 1>>>(Written<int>(1), Written(2)); }
void grid_barrier() { GridBarrier<<<4, 32>>>(Written<int>(1), Written(4)); }
void spin_past_barrier() { SpinPastBarrier<<<1, 32>>>(Written<int>(1), Written(32)); }
void lost_lock() { LostLock<<<1, 32>>>(Written<int>(1), Written(1)); }
void endless() { Endless<<<1, 1>>>(Written(1), 1); }
void endless_access() { EndlessAccess<<<1, 1>>>(Written(2), 7); }
void endless_barrier() { EndlessBarrier<<<1, 32>>>(Written(32), 7); }
void plain_spin() { PlainSpin<<<1, 32>>>(Written<int>(1), Written(1)); }
}
