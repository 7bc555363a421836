// Scans, histograms and sums as the textbooks have them, each checked against plain code
// of the host. There is nothing to find. Each returns how many values are wrong.
#include "clean.h"

namespace {

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

}  // namespace

extern "C" {
void settle() { cudaDeviceReset(); }

int scan_hillis_steele() { return RunScan(false); }
int scan_blelloch() { return RunScan(true); }
int histogram_shared() { return RunHistogram(true); }
int histogram_global() { return RunHistogram(false); }
int sum_by_shuffles() { return RunSum(0); }
int sum_in_a_tree() { return RunSum(1); }
int sum_by_last_block() { return RunSum(2); }
int last_of_many() { return RunLastOfMany(); }
}
