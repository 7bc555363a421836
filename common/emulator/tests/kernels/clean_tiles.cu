// Kernels of the textbooks that go tile by tile or row by row, each checked against plain code
// of the host. There is nothing to find. Each returns how many values are wrong.
#include "clean.h"

namespace {

// -- transpose

constexpr int kTile = 16;

template <int kPad>
__global__ void Transpose(const float *in, float *out, int rows, int columns) {
  __shared__ float tile[kTile][kTile + kPad];
  int x = blockIdx.x * kTile + threadIdx.x, y = blockIdx.y * kTile + threadIdx.y;
  if (x < columns && y < rows) tile[threadIdx.y][threadIdx.x] = in[y * columns + x];
  __syncthreads();
  x = blockIdx.y * kTile + threadIdx.x;
  y = blockIdx.x * kTile + threadIdx.y;
  if (x < rows && y < columns) out[y * rows + x] = tile[threadIdx.x][threadIdx.y];
}

template <int kPad>
int RunTranspose() {
  const int rows = 37, columns = 50;
  const std::vector<float> in = Numbers(rows * columns);
  Buffer<float> from(in), to(in.size());
  Transpose<kPad>
      <<<dim3(CeilDiv(columns, kTile), CeilDiv(rows, kTile)), dim3(kTile, kTile)>>>(
          from.get(), to.get(), rows, columns);
  std::vector<float> expected(in.size());
  for (int i = 0; i < rows; ++i)
    for (int j = 0; j < columns; ++j) expected[j * rows + i] = in[i * columns + j];
  return Differences(to.Read(), expected);
}

// -- matrix product: a tile of 32 x 32 by 8 x 8 threads, 4 x 4 registers each, loads of
// four numbers at once, and the next tile fetched while this one is used

constexpr int kBlock = 32, kDepth = 8, kEach = 4;

__global__ void MatMul(const float *a, const float *b, float *out, int n) {
  __shared__ float s[2][kDepth][kBlock], t[2][kDepth][kBlock];
  const int row = threadIdx.x / 8, column = threadIdx.x % 8;
  const int load_i = threadIdx.x / 2, load_k = threadIdx.x % 2 * 4;
  const int load_row = threadIdx.x / 8, load_j = threadIdx.x % 8 * 4;
  const float *from_a = a + (blockIdx.y * kBlock + load_i) * n + load_k;
  const float *from_b = b + load_row * n + blockIdx.x * kBlock + load_j;
  float sums[kEach][kEach] = {};
  const auto load = [&](int k, int buffer) {
    const float4 x = *reinterpret_cast<const float4 *>(from_a + k);
    s[buffer][load_k][load_i] = x.x;
    s[buffer][load_k + 1][load_i] = x.y;
    s[buffer][load_k + 2][load_i] = x.z;
    s[buffer][load_k + 3][load_i] = x.w;
    *reinterpret_cast<float4 *>(&t[buffer][load_row][load_j]) =
        *reinterpret_cast<const float4 *>(from_b + k * n);
  };
  load(0, 0);
  __syncthreads();
  int buffer = 0;
  for (int k = 0; k < n; k += kDepth) {
    if (k + kDepth < n) load(k + kDepth, 1 - buffer);
    for (int d = 0; d < kDepth; ++d) {
      float x[kEach], y[kEach];
#pragma unroll
      for (int i = 0; i < kEach; ++i) x[i] = s[buffer][d][row * kEach + i];
#pragma unroll
      for (int j = 0; j < kEach; ++j) y[j] = t[buffer][d][column * kEach + j];
      for (int i = 0; i < kEach; ++i)
        for (int j = 0; j < kEach; ++j) sums[i][j] += x[i] * y[j];
    }
    __syncthreads();
    buffer = 1 - buffer;
  }
  for (int i = 0; i < kEach; ++i) {
    const int at = (blockIdx.y * kBlock + row * kEach + i) * n + blockIdx.x * kBlock;
    *reinterpret_cast<float4 *>(out + at + column * kEach) =
        make_float4(sums[i][0], sums[i][1], sums[i][2], sums[i][3]);
  }
}

int RunMatMul() {
  const int n = 64;
  const std::vector<float> a = Numbers(n * n), b = Numbers(n * n);
  Buffer<float> da(a), db(b), out(n * n);
  MatMul<<<dim3(n / kBlock, n / kBlock), 64>>>(da.get(), db.get(), out.get(), n);
  std::vector<float> expected(n * n);
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j)
      for (int k = 0; k < n; ++k) expected[i * n + j] += a[i * n + k] * b[k * n + j];
  return Differences(out.Read(), expected);
}

// -- softmax of rows, a warp each

template <typename F>
__device__ float OverWarp(float value, F join) {
  for (int lanes = 16; lanes > 0; lanes /= 2)
    value = join(value, __shfl_xor_sync(0xffffffff, value, lanes));
  return value;
}

__global__ void Softmax(const float *in, float *out, int rows, int columns) {
  const int row = blockIdx.x * blockDim.y + threadIdx.y;
  if (row >= rows) return;
  const float *from = in + row * columns;
  float most = -INFINITY;
  for (int j = threadIdx.x; j < columns; j += warpSize) most = fmaxf(most, from[j]);
  most = OverWarp(most, [] __device__(float a, float b) { return fmaxf(a, b); });
  float sum = 0;
  for (int j = threadIdx.x; j < columns; j += warpSize) sum += expf(from[j] - most);
  sum = OverWarp(sum, [] __device__(float a, float b) { return a + b; });
  for (int j = threadIdx.x; j < columns; j += warpSize)
    out[row * columns + j] = expf(from[j] - most) / sum;
}

int RunSoftmax() {
  const int rows = 11, columns = 45;
  const std::vector<float> in = Numbers(rows * columns);
  Buffer<float> from(in), to(in.size());
  Softmax<<<CeilDiv(rows, 4), dim3(32, 4)>>>(from.get(), to.get(), rows, columns);
  std::vector<float> expected(in.size());
  for (int i = 0; i < rows; ++i) {
    double sum = 0;
    for (int j = 0; j < columns; ++j) sum += std::exp(double{in[i * columns + j]});
    for (int j = 0; j < columns; ++j)
      expected[i * columns + j] = std::exp(double{in[i * columns + j]}) / sum;
  }
  return Differences(to.Read(), expected, 1e-6);
}

__constant__ float weights[5];
__device__ float total;

// Neighbours, through a tile with a border.
__global__ void Stencil(const float *in, float *out, int n) {
  __shared__ float tile[64 + 4];
  const int i = blockIdx.x * blockDim.x + threadIdx.x, at = threadIdx.x + 2;
  tile[at] = i < n ? in[i] : 0;
  if (threadIdx.x < 2) {
    tile[at - 2] = i >= 2 ? in[i - 2] : 0;
    const int after = i + static_cast<int>(blockDim.x);
    tile[at + blockDim.x] = after < n ? in[after] : 0;
  }
  __syncthreads();
  if (i >= n) return;
  float sum = 0;
  for (int k = -2; k <= 2; ++k) sum += weights[k + 2] * tile[at + k];
  out[i] = sum;
  atomicAdd(&total, sum);
}

int RunStencil() {
  const int n = 200;
  const float w[5] = {1, 2, 4, 2, 1}, zero = 0;
  cudaMemcpyToSymbol(weights, w, sizeof w);
  cudaMemcpyToSymbol(total, &zero, sizeof zero);
  const std::vector<float> in = Numbers(n);
  Buffer<float> from(in), to(n);
  Stencil<<<CeilDiv(n, 64), 64>>>(from.get(), to.get(), n);
  std::vector<float> expected(n + 1);
  for (int i = 0; i < n; ++i)
    for (int k = -2; k <= 2; ++k) {
      const float each = i + k >= 0 && i + k < n ? w[k + 2] * in[i + k] : 0;
      expected[i] += each;
      expected[n] += each;
    }
  std::vector<float> found = to.Read();
  found.emplace_back();
  cudaMemcpyFromSymbol(&found[n], total, sizeof total);
  return Differences(found, expected);
}

}  // namespace

extern "C" {
void settle() { cudaDeviceReset(); }

int transpose() { return RunTranspose<0>(); }
int transpose_padded() { return RunTranspose<1>(); }
int matmul() { return RunMatMul(); }
int softmax() { return RunSoftmax(); }
int stencil() { return RunStencil(); }
}
