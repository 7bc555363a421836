// One mistake each: addresses and what was never written, in less usual shapes.
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
__global__ void RowPastEnd(float *out) {
  __shared__ float tile[8][8];
  for (int j = 0; j <= 8; ++j) tile[threadIdx.x][j] = j;  // now: row_past_end
  __syncthreads();
  out[threadIdx.x] = tile[threadIdx.x][0];
}
__global__ void LocalPastEnd(float *out, int n) {
  float sums[4];
  for (int i = 0; i <= n; ++i) sums[i] = i;  // now: local_past_end
  out[0] = sums[0] + sums[n - 1];
}
__device__ float table[4] = {1, 2, 3, 4};
__constant__ float weights[4];
__global__ void TablePastEnd(float *out, int n) {
  out[0] = table[n];  // now: table_past_end
}
__global__ void WeightsPastEnd(float *out, int n) {
  out[0] = weights[n];  // now: weights_past_end
}
__global__ void WriteWeights(float *out) {
  weights[0] = 1;  // now: write_weights
  out[0] = 1;
}
float host_scale = 2;
__global__ void HostVariable(float *out) {
  out[0] = host_scale;  // now: host_variable_read
}
__global__ void WrapBelow(const float *in, float *out) {
  out[threadIdx.x] = in[threadIdx.x - 1];  // now: wrap_below
}
__global__ void Wrap32(const float *in, float *out, int n) {
  out[threadIdx.x] = in[threadIdx.x * n * n];  // now: wrap32
}
__global__ void Partly(const char *in, int *out) {
  out[0] = *reinterpret_cast<const int *>(in + 4);  // now: partly_written
}
struct Pair {
  float value;
  int index;
};
__global__ void HalfPair(Pair *pairs) { pairs[threadIdx.x].value = 1; }
__global__ void ReadPair(const Pair *pairs, int *out) {
  out[threadIdx.x] = pairs[threadIdx.x].index;  // now: half_pair
}
__global__ void Doubles(const float *in, double *out) {
  out[0] = reinterpret_cast<const double *>(in + 1)[0];  // now: double_at_4
}
__global__ void Float2(float *out) {
  float2 *const to = reinterpret_cast<float2 *>(out + threadIdx.x);
  *to = make_float2(1, 2);  // now: float2_at_4
}
__global__ void BadShared4(float *out) {
  __shared__ float pad, s[32];
  pad = 1;
  const float4 four = reinterpret_cast<float4 *>(s + threadIdx.x)[0];  // now: shared4
  out[0] = four.x + pad;
}
__global__ void Accumulate(const float *a, float *out, int n) {
  for (int i = 0; i < n; ++i) out[threadIdx.x] += a[i];  // now: accumulate short_copy
}
__global__ void HugeLocal(float *out, int n) {  // now: huge_local
  float numbers[100000];
  for (int i = 0; i < n; ++i) numbers[i] = i;
  out[0] = numbers[n / 2];
}
__global__ void Tail(float *out, int n) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) {
    const float4 four = reinterpret_cast<const float4 *>(out)[i];  // now: tail4
    out[i] = four.x;
  }
}
__global__ void Strided(const float *in, float *out, const int *strides) {
  out[threadIdx.x] = in[threadIdx.x * strides[0]];  // now: host_strides
}
struct Dims {
  std::vector<int> sizes;
};
__global__ void ByVector(const Dims *dims, float *out) {
  out[0] = dims->sizes.size();  // now: host_struct
}
__global__ void Heap(float *out, int n) {
  std::vector<float> numbers(n);  // now: heap
  for (int i = 0; i < n; ++i) numbers[i] = i;
  out[0] = numbers[n - 1];
}
__global__ void Clear(float *out, int n) {
  memset(out, 0, n);  // now: set_past_end
}
__global__ void Set(float *x) {
  x[threadIdx.x] = 1;  // now: freed_between
}
__global__ void UnwrittenLocalShared(float *out) {
  __shared__ float sum;
  atomicAdd(&sum, 1.0f);  // now: sum_unset
  __syncthreads();
  out[threadIdx.x] = sum;
}
__global__ void SecondBlock(float *out) {
  __shared__ float s[32];
  if (blockIdx.x == 0) s[threadIdx.x] = 1;
  __syncthreads();
  out[blockIdx.x * 32 + threadIdx.x] = s[threadIdx.x];  // now: second_block
}
__global__ void FunctionNull(float *out, float (*f)(float)) {
  out[0] = f(1);  // now: null_function
}
}  // namespace

extern "C" {
void settle() { cudaDeviceReset(); }
void row_past_end() { RowPastEnd<<<1, 8>>>(Written(8)); }
void local_past_end() { LocalPastEnd<<<1, 1>>>(Written(1), 4); }
void table_past_end() { TablePastEnd<<<1, 1>>>(Written(1), 4); }
void weights_past_end() { WeightsPastEnd<<<1, 1>>>(Written(1), 4); }
void write_weights() { WriteWeights<<<1, 1>>>(Written(1)); }
void host_variable_read() {
  host_scale += 1;
  HostVariable<<<1, 1>>>(Written(1));
}
void wrap_below() { WrapBelow<<<1, 4>>>(Written(4), Written(4)); }
void wrap32() { Wrap32<<<1, 4>>>(Written(4), Written(4), 30000); }
void partly_written() {
  char *in;
  cudaMalloc(&in, 8);
  cudaMemset(in, 0, 7);
  Partly<<<1, 1>>>(in, Written<int>(1));
}
void half_pair() {
  Pair *pairs;
  cudaMalloc(&pairs, 4 * sizeof(Pair));
  HalfPair<<<1, 4>>>(pairs);
  ReadPair<<<1, 4>>>(pairs, Written<int>(4));
}
void double_at_4() { Doubles<<<1, 1>>>(Written(4), Written<double>(1)); }
void float2_at_4() { Float2<<<1, 2>>>(Written(8)); }
void shared4() { BadShared4<<<1, 2>>>(Written(1)); }
void accumulate() {
  float *out;
  cudaMalloc(&out, 16);
  Accumulate<<<1, 4>>>(Written(4), out, 4);
}
void huge_local() { HugeLocal<<<1, 1>>>(Written(1), 100000); }
void tail4() { Tail<<<1, 8>>>(Written(8), 8); }
void host_strides() {
  const int strides[] = {1};
  Strided<<<1, 4>>>(Written(4), Written(4), strides);
}
void host_struct() {
  const Dims dims{{1, 2}};
  ByVector<<<1, 1>>>(&dims, Written(1));
}
void heap() { Heap<<<1, 1>>>(Written(1), 100); }
void set_past_end() { Clear<<<1, 1>>>(Written(4), 20); }
void freed_between() {
  float *x = Written(8);
  Set<<<1, 8>>>(x);
  cudaFree(x);
  float *y = Written(8);
  Set<<<1, 8>>>(y);
  Set<<<1, 8>>>(x);
}
void sum_unset() { UnwrittenLocalShared<<<1, 8>>>(Written(8)); }
void second_block() { SecondBlock<<<2, 32>>>(Written(64)); }
void null_function() { FunctionNull<<<1, 1>>>(Written(1), nullptr); }
void short_copy() {
  float host[8] = {}, *x;
  cudaMalloc(&x, sizeof host);
  cudaMemcpy(x, host, 8, cudaMemcpyHostToDevice);  // elements, not bytes
  Accumulate<<<1, 1>>>(x, Written(1), 8);
}
void swapped_copy() {
  float host[8] = {}, *x = Written(8);
  cudaMemcpy(host, x, sizeof host, cudaMemcpyHostToDevice);  // now: swapped_copy
}
void address_of_pointer() {
  float host[8] = {}, *x = Written(8);
  cudaMemcpy(&x, host, 8, cudaMemcpyHostToDevice);  // now: address_of_pointer
}
void fill_past_end() {
  float *x = Written(4);
  cudaMemset(x + 2, 0, 12);  // now: fill_past_end
}
void negative_blocks() {
  const int n = 0;
  Set<<<(n - 1) / 256 - 1, 256>>>(Written(1));  // now: negative_blocks
  cudaGetLastError();
}
void zero_blocks() {
  const int n = 0;
  Set<<<(n + 255) / 256, 256>>>(Written(1));  // now: zero_blocks
  cudaGetLastError();
}
void grid_y() {
  Set<<<dim3(1, 65536), 32>>>(Written(1));  // now: grid_y
  cudaGetLastError();
}
void fill_of_freed() {
  float *x = Written(4);
  cudaFree(x);
  cudaMemset(x, 0, 4);  // now: fill_of_freed
}
}
