// Kernels that do the same in several ways: what hw3's figures and tables count.
// The emulator runs them. Each function at the end launches one, on its own memory.
#include <vector>

namespace {

constexpr int kWarp = 32;  // the side of a block that copies
constexpr int kTile = 16;  // of one that multiplies

// -- which thread has which element

__global__ void Who(float *block, float *thread, int size) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= size) return;
  block[i] = blockIdx.x;
  thread[i] = threadIdx.x;
}

// -- a warp that reads every `step`th float

__global__ void Walk(const float *from, float *to, int step) {
  to[threadIdx.x] = from[threadIdx.x * step];
}

// -- copies and transpositions of n x n matrices

__global__ void CopyRows(const float *from, float *to, int n) {
  const int x = blockIdx.x * kWarp + threadIdx.x, y = blockIdx.y * kWarp + threadIdx.y;
  to[y * n + x] = from[y * n + x];
}

__global__ void CopyColumns(const float *from, float *to, int n) {
  const int x = blockIdx.x * kWarp + threadIdx.x, y = blockIdx.y * kWarp + threadIdx.y;
  to[x * n + y] = from[x * n + y];
}

__global__ void Transpose(const float *from, float *to, int n) {
  const int x = blockIdx.x * kWarp + threadIdx.x, y = blockIdx.y * kWarp + threadIdx.y;
  to[x * n + y] = from[y * n + x];
}

template <int kPad>
__global__ void TransposeTile(const float *from, float *to, int n) {
  __shared__ float tile[kWarp][kWarp + kPad];
  const int x = threadIdx.x, y = threadIdx.y;
  const int column = blockIdx.x * kWarp, row = blockIdx.y * kWarp;
  tile[y][x] = from[(row + y) * n + column + x];
  __syncthreads();
  to[(column + y) * n + row + x] = tile[x][y];
}

// -- products of n x n matrices

__global__ void Product(const float *a, const float *b, float *out, int n) {
  const int x = blockIdx.x * kTile + threadIdx.x, y = blockIdx.y * kTile + threadIdx.y;
  float sum = 0;
  for (int k = 0; k < n; ++k) sum += a[y * n + k] * b[k * n + x];
  out[y * n + x] = sum;
}

// A block of kTile x kTile threads; each has kPer x kPer elements, kTile apart.
template <int kPer>
__global__ void ProductTiles(const float *a, const float *b, float *out, int n) {
  constexpr int kSide = kTile * kPer;
  __shared__ float left[kSide][kTile], right[kTile][kSide];
  const int x = threadIdx.x, y = threadIdx.y;
  const int column = blockIdx.x * kSide, row = blockIdx.y * kSide;
  float sums[kPer][kPer] = {};
  for (int k = 0; k < n; k += kTile) {
    for (int i = 0; i < kPer; ++i) {
      left[y + i * kTile][x] = a[(row + y + i * kTile) * n + k + x];
      right[y][x + i * kTile] = b[(k + y) * n + column + x + i * kTile];
    }
    __syncthreads();
    for (int each = 0; each < kTile; ++each) {
      float rows[kPer], columns[kPer];
      for (int i = 0; i < kPer; ++i) {
        rows[i] = left[y + i * kTile][each];
        columns[i] = right[each][x + i * kTile];
      }
      for (int i = 0; i < kPer; ++i)
        for (int j = 0; j < kPer; ++j) sums[i][j] += rows[i] * columns[j];
    }
    __syncthreads();
  }
  for (int i = 0; i < kPer; ++i)
    for (int j = 0; j < kPer; ++j)
      out[(row + y + i * kTile) * n + column + x + j * kTile] = sums[i][j];
}

// -- the host

// Three arrays of `count` floats, the first two full of ones.
struct Arrays {
  float *a, *b, *out;
  explicit Arrays(int count) {
    const std::vector<float> ones(count, 1);
    for (float **each : {&a, &b, &out}) {
      cudaMalloc(each, count * sizeof(float));
      cudaMemcpy(*each, ones.data(), count * sizeof(float), cudaMemcpyHostToDevice);
    }
  }
  ~Arrays() {
    for (float *each : {a, b, out}) cudaFree(each);
  }
  // Return how many elements of `out` are not `value`.
  int Wrong(int count, float value) const {
    std::vector<float> numbers(count);
    cudaMemcpy(numbers.data(), out, count * sizeof(float), cudaMemcpyDeviceToHost);
    int wrong = cudaGetLastError() != cudaSuccess;
    for (const float each : numbers) wrong += each != value;
    return wrong;
  }
};

}  // namespace

extern "C" void who(float *block, float *thread, int size, int threads) {
  float *memory;
  cudaMalloc(&memory, 2 * size * sizeof(float));
  Who<<<(size + threads - 1) / threads, threads>>>(memory, memory + size, size);
  cudaMemcpy(block, memory, size * sizeof(float), cudaMemcpyDeviceToHost);
  cudaMemcpy(thread, memory + size, size * sizeof(float), cudaMemcpyDeviceToHost);
  cudaFree(memory);
}

extern "C" int walk(int step) {
  const Arrays all(32 * step);
  Walk<<<1, 32>>>(all.a, all.out, step);
  return all.Wrong(32, 1);
}

extern "C" int copy(int way, int n) {
  const Arrays all(n * n);
  const dim3 blocks(n / kWarp, n / kWarp), threads(kWarp, kWarp);
  if (way == 0) CopyRows<<<blocks, threads>>>(all.a, all.out, n);
  if (way == 1) CopyColumns<<<blocks, threads>>>(all.a, all.out, n);
  if (way == 2) Transpose<<<blocks, threads>>>(all.a, all.out, n);
  if (way == 3) TransposeTile<0><<<blocks, threads>>>(all.a, all.out, n);
  if (way == 4) TransposeTile<1><<<blocks, threads>>>(all.a, all.out, n);
  return all.Wrong(n * n, 1);
}

extern "C" int product(int way, int n) {
  const Arrays all(n * n);
  const dim3 threads(kTile, kTile);
  const int side = way < 2 ? kTile : 4 * kTile;
  const dim3 blocks(n / side, n / side);
  if (way == 0) Product<<<blocks, threads>>>(all.a, all.b, all.out, n);
  if (way == 1) ProductTiles<1><<<blocks, threads>>>(all.a, all.b, all.out, n);
  if (way == 2) ProductTiles<4><<<blocks, threads>>>(all.a, all.b, all.out, n);
  return all.Wrong(n * n, n);
}
