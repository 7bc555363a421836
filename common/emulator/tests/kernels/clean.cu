// Kernels as the textbooks have them, each checked against plain code of the host. There
// is nothing to find. Each returns how many values are wrong.
#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>
#include <vector>

namespace {

template <typename T>
class Buffer {
 public:
  explicit Buffer(std::size_t count) : count_(count) {
    cudaMalloc(&memory_, count * sizeof(T));
  }
  explicit Buffer(const std::vector<T> &from) : Buffer(from.size()) {
    cudaMemcpy(memory_, from.data(), count_ * sizeof(T), cudaMemcpyHostToDevice);
  }
  ~Buffer() { cudaFree(memory_); }
  Buffer(const Buffer &) = delete;
  Buffer &operator=(const Buffer &) = delete;
  T *get() const { return memory_; }
  std::vector<T> Read() const {
    std::vector<T> values(count_);
    cudaMemcpy(values.data(), memory_, count_ * sizeof(T), cudaMemcpyDeviceToHost);
    return values;
  }

 private:
  T *memory_ = nullptr;
  std::size_t count_;
};

std::vector<float> Numbers(std::size_t count) {
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<float>(i * 37 % 23);
  return values;
}

template <typename T>
int Differences(const std::vector<T> &a, const std::vector<T> &b,
                double tolerance = 0) {
  int wrong = cudaGetLastError() != cudaSuccess || a.size() != b.size();
  for (std::size_t i = 0; i < a.size(); ++i)
    wrong += !(std::abs(a[i] - b[i]) <= tolerance);
  return wrong;
}

unsigned CeilDiv(std::size_t a, std::size_t b) {
  return static_cast<unsigned>((a + b - 1) / b);
}

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

// -- scans

__global__ void HillisSteele(const float *in, float *out, int n) {
  extern __shared__ float both[];
  float *from = both, *to = both + n;
  const int i = threadIdx.x;
  from[i] = in[i];
  __syncthreads();
  for (int step = 1; step < n; step *= 2) {
    to[i] = i >= step ? from[i] + from[i - step] : from[i];
    __syncthreads();
    float *swap = from;
    from = to;
    to = swap;
  }
  out[i] = from[i];
}

__global__ void Blelloch(const float *in, float *out, int n) {
  extern __shared__ float sums[];
  const int i = threadIdx.x;
  sums[2 * i] = in[2 * i];
  sums[2 * i + 1] = in[2 * i + 1];
  int offset = 1;
  for (int d = n >> 1; d > 0; d >>= 1) {
    __syncthreads();
    if (i < d) sums[offset * (2 * i + 2) - 1] += sums[offset * (2 * i + 1) - 1];
    offset *= 2;
  }
  if (i == 0) sums[n - 1] = 0;
  for (int d = 1; d < n; d *= 2) {
    offset >>= 1;
    __syncthreads();
    if (i < d) {
      const int a = offset * (2 * i + 1) - 1, b = offset * (2 * i + 2) - 1;
      const float t = sums[a];
      sums[a] = sums[b];
      sums[b] += t;
    }
  }
  __syncthreads();
  out[2 * i] = sums[2 * i] + in[2 * i];
  out[2 * i + 1] = sums[2 * i + 1] + in[2 * i + 1];
}

int RunScan(bool work_efficient) {
  const int n = 128;
  const std::vector<float> in = Numbers(n);
  Buffer<float> from(in), to(n);
  if (work_efficient)
    Blelloch<<<1, n / 2, n * sizeof(float)>>>(from.get(), to.get(), n);
  else
    HillisSteele<<<1, n, 2 * n * sizeof(float)>>>(from.get(), to.get(), n);
  std::vector<float> expected(n);
  float sum = 0;
  for (int i = 0; i < n; ++i) expected[i] = sum += in[i];
  return Differences(to.Read(), expected);
}

// -- histograms

__global__ void SharedHistogram(const int *in, int n, int *bins, int count) {
  extern __shared__ int own[];
  for (int i = threadIdx.x; i < count; i += blockDim.x) own[i] = 0;
  __syncthreads();
  for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n;
       i += gridDim.x * blockDim.x)
    atomicAdd(&own[in[i]], 1);
  __syncthreads();
  for (int i = threadIdx.x; i < count; i += blockDim.x) atomicAdd(&bins[i], own[i]);
}

__global__ void GlobalHistogram(const int *in, int n, int *bins) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) atomicAdd(&bins[in[i]], 1);
}

int RunHistogram(bool shared) {
  const int n = 1000, count = 17;
  std::vector<int> in(n), expected(count);
  for (int i = 0; i < n; ++i) ++expected[in[i] = i * i % count];
  Buffer<int> from(in), bins(count);
  cudaMemset(bins.get(), 0, count * sizeof(int));
  if (shared)
    SharedHistogram<<<3, 96, count * sizeof(int)>>>(from.get(), n, bins.get(), count);
  else
    GlobalHistogram<<<CeilDiv(n, 128), 128>>>(from.get(), n, bins.get());
  return Differences(bins.Read(), expected);
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

// -- sums: by shuffles; in a tree, with the last warp on its own; by the last block

__device__ float SumOfBlock(float value) {
  __shared__ float parts[32];
  for (int lanes = 16; lanes > 0; lanes /= 2)
    value += __shfl_down_sync(0xffffffff, value, lanes);
  if (threadIdx.x % 32 == 0) parts[threadIdx.x / 32] = value;
  __syncthreads();
  if (threadIdx.x < 32) {
    value = threadIdx.x < blockDim.x / 32 ? parts[threadIdx.x] : 0;
    for (int lanes = 16; lanes > 0; lanes /= 2)
      value += __shfl_down_sync(0xffffffff, value, lanes);
  }
  return value;
}

__global__ void ShuffleSum(const float *in, int n, float *out) {
  float sum = 0;
  for (int i = threadIdx.x; i < n; i += blockDim.x) sum += in[i];
  sum = SumOfBlock(sum);
  if (threadIdx.x == 0) *out = sum;
}

__global__ void TreeSum(const float *in, int n, float *out) {
  __shared__ float parts[128];
  const unsigned i = threadIdx.x;
  parts[i] = 0;
  for (int j = i; j < n; j += blockDim.x) parts[i] += in[j];
  __syncthreads();
  for (unsigned half = blockDim.x / 2; half >= 32; half /= 2) {
    if (i < half) parts[i] += parts[i + half];
    __syncthreads();
  }
  if (i < 32) {
    for (unsigned half = 16; half > 0; half /= 2) {
      const float other = parts[i + half];
      __syncwarp();
      parts[i] += other;
      __syncwarp();
    }
  }
  if (i == 0) *out = parts[0];
}

__device__ unsigned int finished = 0;

__global__ void LastBlockSum(const float *in, int n, volatile float *parts,
                             float *out) {
  __shared__ bool last;
  float sum = 0;
  for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n;
       i += gridDim.x * blockDim.x)
    sum += in[i];
  sum = SumOfBlock(sum);
  if (threadIdx.x == 0) {
    parts[blockIdx.x] = sum;
    __threadfence();
    last = atomicInc(&finished, gridDim.x) == gridDim.x - 1;
  }
  __syncthreads();
  if (!last) return;
  sum = 0;
  for (unsigned i = threadIdx.x; i < gridDim.x; i += blockDim.x) sum += parts[i];
  __syncthreads();
  sum = SumOfBlock(sum);
  if (threadIdx.x == 0) {
    *out = sum;
    finished = 0;
  }
}

// Every thread calls the fence, then one counts.
__global__ void LastBlockOfMany(const float *in, float *parts, float *out,
                                unsigned *count) {
  __shared__ bool last;
  const unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  parts[i] = 2 * in[i];
  __threadfence();
  __syncthreads();
  if (threadIdx.x == 0) last = atomicAdd(count, 1u) == gridDim.x - 1;
  __syncthreads();
  if (last)
    for (unsigned j = threadIdx.x; j < gridDim.x * blockDim.x; j += blockDim.x)
      out[j] = parts[j];
}

int RunSum(int kind) {
  const int n = 1000, blocks = 5;
  const std::vector<float> in = Numbers(n);
  Buffer<float> from(in), parts(blocks), out(1);
  if (kind == 0) ShuffleSum<<<1, 128>>>(from.get(), n, out.get());
  if (kind == 1) TreeSum<<<1, 128>>>(from.get(), n, out.get());
  if (kind == 2) LastBlockSum<<<blocks, 64>>>(from.get(), n, parts.get(), out.get());
  if (kind == 2) LastBlockSum<<<blocks, 64>>>(from.get(), n, parts.get(), out.get());
  float sum = 0;
  for (const float each : in) sum += each;
  return Differences(out.Read(), {sum});
}

int RunLastOfMany() {
  const int blocks = 6, threads = 64, n = blocks * threads;
  std::vector<float> in = Numbers(n);
  Buffer<float> from(in), parts(n), out(n);
  Buffer<unsigned> count(std::vector<unsigned>{0});
  LastBlockOfMany<<<blocks, threads>>>(from.get(), parts.get(), out.get(), count.get());
  for (float &each : in) each *= 2;
  return Differences(out.Read(), in);
}

// -- others

template <typename T, typename F>
__global__ void Map(const T *in, T *out, std::size_t n, F f) {
  for (std::size_t i = blockIdx.x * std::size_t{blockDim.x} + threadIdx.x; i < n;
       i += std::size_t{gridDim.x} * blockDim.x)
    out[i] = f(in[i]);
}

template <typename T>
int RunMap() {
  const std::vector<float> numbers = Numbers(777);
  std::vector<T> in(numbers.begin(), numbers.end());
  Buffer<T> from(in), to(in.size());
  const T factor = 3;
  Map<<<2, 128>>>(from.get(), to.get(), in.size(),
                  [=] __device__(T x) { return x * factor; });
  for (T &each : in) each *= factor;
  return Differences(to.Read(), in);
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

// A lock, for threads of different warps and blocks.
__global__ void Locked(int *lock, int *counter) {
  if (threadIdx.x % 32 != 0) return;
  for (bool done = false; !done;) {
    if (atomicCAS(lock, 0, 1) == 0) {
      __threadfence();
      *counter += 1;
      __threadfence();
      atomicExch(lock, 0);
      done = true;
    }
  }
}
__global__ void LockedByExchange(int *lock, int *counter) {
  if (threadIdx.x % 32 != 0) return;
  while (atomicExch(lock, 1) != 0) {
  }
  *counter += 1;
  __threadfence();
  atomicExch(lock, 0);
}

int RunLocked(bool exchange) {
  Buffer<int> lock(std::vector<int>{0}), counter(std::vector<int>{0});
  if (exchange)
    LockedByExchange<<<3, 128>>>(lock.get(), counter.get());
  else
    Locked<<<3, 128>>>(lock.get(), counter.get());
  return Differences(counter.Read(), {12});
}

// Several threads write the same: that is no race.
__global__ void AllWrite(int *flag, const int *in, int n) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n && in[i] > 3) *flag = 1;
}

int RunAllWrite() {
  Buffer<int> flag(std::vector<int>{0}), in(std::vector<int>(100, 5));
  AllWrite<<<2, 64>>>(flag.get(), in.get(), 100);
  return Differences(flag.Read(), {1});
}

// Votes, matches and barriers that count; warps that are not full; types of all sizes.
__global__ void Odds(char *bytes, short *shorts, double *doubles, int *votes) {
  const int i = threadIdx.x;
  bytes[i] = static_cast<char>(i);
  shorts[i] = static_cast<short>(i * 2);
  doubles[i] = __shfl_sync(0xffffffff, i * 0.5, 0);
  const unsigned odd = __ballot_sync(0xffffffff, i & 1);
  const int count = __syncthreads_count(i < 40);
  const int all = __syncthreads_and(i >= 0), none = __syncthreads_or(i < 0);
  const unsigned same = __match_any_sync(0xffffffff, i % 4);
  votes[i] =
      __popc(odd) + count * 100 + all * 10000 + none * 20000 + (same >> i % 32 & 1);
}

int RunOdds() {
  const int n = 64;
  Buffer<char> bytes(n);
  Buffer<short> shorts(n);
  Buffer<double> doubles(n);
  Buffer<int> votes(n);
  Odds<<<1, n>>>(bytes.get(), shorts.get(), doubles.get(), votes.get());
  int wrong = Differences(votes.Read(), std::vector<int>(n, 16 + 4000 + 10000 + 1));
  for (int i = 0; i < n; ++i)
    wrong += bytes.Read()[i] != i || shorts.Read()[i] != 2 * i ||
             doubles.Read()[i] != i / 32 * 16.0;
  return wrong;
}

// Nobody waits for threads of a warp that have returned.
__global__ void Ended(int *votes) {
  if (threadIdx.x >= 20) return;
  votes[threadIdx.x] = __popc(__ballot_sync(0xffffffff, 1));
  __syncwarp();
  if (threadIdx.x == 0) votes[1] += votes[2];
}

int RunEnded() {
  Buffer<int> votes(20);
  Ended<<<1, 32>>>(votes.get());
  std::vector<int> expected(20, 20);
  expected[1] = 40;
  return Differences(votes.Read(), expected);
}

// Host code that throws, and that shares what it allocates.
int RunHost() {
  try {
    const auto values = std::make_shared<std::vector<float>>(Numbers(8));
    Buffer<float> from(*values), to(8);
    Map<<<1, 8>>>(from.get(), to.get(), 8, [] __device__(float x) { return x; });
    if (!Differences(to.Read(), *values)) throw std::runtime_error("as planned");
  } catch (const std::runtime_error &) {
    return 0;
  }
  return 1;
}

}  // namespace

extern "C" {
void settle() { cudaDeviceReset(); }

int transpose() { return RunTranspose<0>(); }
int transpose_padded() { return RunTranspose<1>(); }
int scan_hillis_steele() { return RunScan(false); }
int scan_blelloch() { return RunScan(true); }
int histogram_shared() { return RunHistogram(true); }
int histogram_global() { return RunHistogram(false); }
int matmul() { return RunMatMul(); }
int softmax() { return RunSoftmax(); }
int sum_by_shuffles() { return RunSum(0); }
int sum_in_a_tree() { return RunSum(1); }
int sum_by_last_block() { return RunSum(2); }
int last_of_many() { return RunLastOfMany(); }
int map_floats() { return RunMap<float>(); }
int map_doubles() { return RunMap<double>(); }
int map_bytes() { return RunMap<signed char>(); }
int stencil() { return RunStencil(); }
int locked() { return RunLocked(false); }
int locked_by_exchange() { return RunLocked(true); }
int all_write_the_same() { return RunAllWrite(); }
int odds() { return RunOdds(); }
int ended_lanes() { return RunEnded(); }
int host_code() { return RunHost(); }
}
