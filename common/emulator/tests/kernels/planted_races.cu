// One mistake each: memory that threads share, in less usual shapes.
#include <cstdint>
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

__global__ void Alias(float *p, const float *q) {
  const float right = q[threadIdx.x];  // before: alias
  p[threadIdx.x] = right + 1;          // now: alias
}
struct Bits {
  unsigned low : 4, high : 4;
};
__global__ void BitField(Bits *bits) {
  if (threadIdx.x == 0) bits->low = 3;    // before: bit_field
  if (threadIdx.x == 32) bits->high = 5;  // now: bit_field
}
union Either {
  float number;
  unsigned bits;
};
__global__ void Union(Either *all) {
  if (threadIdx.x == 0) all[0].number = 1;  // before: by_union
  if (threadIdx.x == 33) all[0].bits = 77;  // now: by_union
}
__global__ void InPlaceStencil(float *x, int n) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  __shared__ float tile[kThreads + 1];
  tile[threadIdx.x] = x[i];
  if (threadIdx.x == 0)
    tile[kThreads] = i + kThreads < n ? x[i + kThreads] : 0;  // before: in_place
  __syncthreads();
  x[i] = tile[threadIdx.x] + tile[threadIdx.x + 1];  // now: in_place
}
// Who writes late has read the same before.
__global__ void ReadAllWriteLate(float *x) {
  const float first = x[0] + x[1];  // before: late_write
  __syncthreads();
  if (blockIdx.x == gridDim.x - 1 && threadIdx.x == 1)
    x[0] = first + 1;  // now: late_write
}
__global__ void VolatileWarp(float *out) {
  __shared__ volatile float s[32];
  const int i = threadIdx.x;
  s[i] = i;
  __syncwarp();
  if (i < 16) {
    s[i] += s[i + 16];
    s[i] += s[i + 8];  // now: volatile_warp
    s[i] += s[i + 4];
    s[i] += s[i + 2];
    s[i] += s[i + 1];
  }
  if (i == 0) out[0] = s[0];
}
__global__ void DoubleBuffer(const float *in, float *out, int n) {
  __shared__ float s[2][kThreads];
  int now = 0;
  float sum = 0;
  s[0][threadIdx.x] = in[threadIdx.x];
  for (int k = kThreads; k < n; k += kThreads) {
    s[1 - now][threadIdx.x] =
        in[k + threadIdx.x];  // now: double_buffer // before: double_buffer
    sum += s[now][kThreads - 1 -
                  threadIdx.x];  // now: double_buffer // before: double_buffer
    now = 1 - now;
    __syncthreads();
  }
  out[threadIdx.x] = sum;
}
__device__ float BlockSum(float v) {
  __shared__ float parts[kThreads / 32];
  for (int d = 16; d > 0; d /= 2) v += __shfl_down_sync(~0u, v, d);
  if (threadIdx.x % 32 == 0) parts[threadIdx.x / 32] = v;  // now: reuse
  __syncthreads();
  return parts[0] + parts[1];  // before: reuse
}
__global__ void Reuse(float *out) {
  const float a = BlockSum(1), b = BlockSum(2);
  out[threadIdx.x] = a + b;
}
__global__ void AtomicThenPlain(int *count, int *out) {
  atomicAdd(count, 1);  // now: atomic_plain // before: atomic_plain
  out[blockIdx.x * blockDim.x + threadIdx.x] =
      *count;  // now: atomic_plain // before: atomic_plain
}
__global__ void SplitK(const float *a, float *out) {
  const float more = a[threadIdx.y * blockDim.x + threadIdx.x];
  out[threadIdx.x] += more;  // now: split_k // before: split_k
}
__global__ void WideWrites(float *out) {
  float4 *const to = reinterpret_cast<float4 *>(out) + threadIdx.x / 2;
  *to = make_float4(threadIdx.x, 0, 0, 0);  // now: wide_writes // before: wide_writes
}
__global__ void CopyRace(float *x, int n) {
  if (threadIdx.x % 32 == 0)
    memcpy(x + threadIdx.x / 32 * 4, x + 8, n);  // before: copy_race
  if (threadIdx.x == 63) x[9] = 5;               // now: copy_race
}
struct Pair {
  float value;
  int index;
};
__global__ void ArgMax(const float *in, Pair *best) {
  const Pair own = {in[threadIdx.x], static_cast<int>(threadIdx.x)};
  if (own.value >= best->value) *best = own;  // now: struct_race // before: struct_race
}
__global__ void Overlap(float *out) {
  extern __shared__ float all[];
  float *first = all, *second = all + kThreads / 2;  // half of what it should be
  first[threadIdx.x] = 1;                            // now: overlap // before: overlap
  second[threadIdx.x] = 2;                           // now: overlap // before: overlap
  __syncthreads();
  out[threadIdx.x] = first[threadIdx.x] + second[threadIdx.x];
}
__global__ void FlagByOne(float *out, int n) {
  __shared__ int limit;
  if (threadIdx.x == 0) limit = n;  // before: flag_by_one
  if (static_cast<int>(threadIdx.x) < limit) out[threadIdx.x] = 1;  // now: flag_by_one
}
__global__ void CountFromZero(int *out) {
  __shared__ int count;
  if (threadIdx.x == 0) count = 0;  // before: count_from_zero // now: count_from_zero
  atomicAdd(&count, 1);             // now: count_from_zero // before: count_from_zero
  __syncthreads();
  if (threadIdx.x == 0) *out = count;
}
__global__ void LastTile(const float *a, float *out, int n) {
  __shared__ float s[kThreads];
  float sum = 0;
  for (int k = 0; k < n; k += kThreads) {
    if (k + static_cast<int>(threadIdx.x) < n)
      s[threadIdx.x] = a[k + threadIdx.x];  // now: last_tile
    __syncthreads();
    for (int j = 0; j < kThreads && k + j < n; ++j) sum += s[j];  // before: last_tile
  }
  out[threadIdx.x] = sum;
}
__global__ void Histogram(const unsigned char *in, unsigned char *bins) {
  ++bins[in[threadIdx.x] % 4];  // now: bytes_race // before: bytes_race
}
__global__ void WriteColumns(float *out, int rows) {
  for (int r = 0; r < rows; ++r)
    out[r * 30 + threadIdx.x] = threadIdx.x;  // now: wrong_pitch // before: wrong_pitch
}
__global__ void Transpose(float *x, int n) {
  const int i = threadIdx.y, j = threadIdx.x;
  const float t = x[i * n + j];
  x[i * n + j] = x[j * n + i];  // now: swap_in_place // before: swap_in_place
  x[j * n + i] = t;             // now: swap_in_place // before: swap_in_place
}
__device__ int progress;
__global__ void Publish(int *data, int *out) {
  if (blockIdx.x == 0) {
    data[threadIdx.x] = 1;  // before: publish
    __syncthreads();
    if (threadIdx.x == 0) atomicExch(&progress, 1);
  } else if (atomicAdd(&progress, 0) == 1) {
    out[threadIdx.x] = data[threadIdx.x];  // now: publish
  }
}
}  // namespace

extern "C" {
void settle() { cudaDeviceReset(); }
void alias() {
  float *x = Written(kThreads + 1);
  Alias<<<1, kThreads>>>(x, x + 1);
}
void bit_field() { BitField<<<1, 64>>>(Written<Bits>(1)); }
void by_union() { Union<<<1, 64>>>(Written<Either>(1)); }
void in_place() {
  InPlaceStencil<<<3, kThreads>>>(Written(3 * kThreads), 3 * kThreads);
}
void late_write() { ReadAllWriteLate<<<3, kThreads>>>(Written(2)); }
void volatile_warp() { VolatileWarp<<<1, 32>>>(Written(1)); }
void double_buffer() {
  DoubleBuffer<<<1, kThreads>>>(Written(4 * kThreads), Written(kThreads), 4 * kThreads);
}
void reuse() { Reuse<<<1, kThreads>>>(Written(kThreads)); }
void atomic_plain() { AtomicThenPlain<<<2, 64>>>(Written<int>(1), Written<int>(128)); }
void split_k() { SplitK<<<1, dim3(16, 4)>>>(Written(64), Written(16)); }
void wide_writes() { WideWrites<<<1, 64>>>(Written(132)); }
void copy_race() { CopyRace<<<1, 64>>>(Written(16), 16); }
void struct_race() {
  std::vector<float> numbers(64);
  for (int i = 0; i < 64; ++i) numbers[i] = i * 7 % 64 + 1;
  float *in = Written(64);
  cudaMemcpy(in, numbers.data(), 256, cudaMemcpyHostToDevice);
  ArgMax<<<1, 64>>>(in, Written<Pair>(1));
}
void overlap() {
  Overlap<<<1, kThreads, 2 * kThreads * sizeof(float)>>>(Written(kThreads));
}
void flag_by_one() { FlagByOne<<<1, kThreads>>>(Written(kThreads), 5); }
void count_from_zero() { CountFromZero<<<1, kThreads>>>(Written<int>(1)); }
void last_tile() { LastTile<<<1, kThreads>>>(Written(100), Written(kThreads), 100); }
void bytes_race() {
  Histogram<<<1, 64>>>(Written<unsigned char>(64), Written<unsigned char>(4));
}
void wrong_pitch() { WriteColumns<<<1, 32>>>(Written(100), 3); }
void swap_in_place() {
  std::vector<float> numbers(64);
  for (int i = 0; i < 64; ++i) numbers[i] = i;
  float *x = Written(64);
  cudaMemcpy(x, numbers.data(), 256, cudaMemcpyHostToDevice);
  Transpose<<<1, dim3(8, 8)>>>(x, 8);
}
void publish() {
  const int zero = 0;
  cudaMemcpyToSymbol(progress, &zero, sizeof zero);
  Publish<<<4, 32>>>(Written<int>(32), Written<int>(32));
}
}
