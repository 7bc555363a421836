// Votes, exchanges, sorts and buffers that are right, and look as if something were
// missing. There is nothing to find. Each returns how many values are wrong.
#include "clean.h"

namespace {

// -- compaction: those that pass, in order within a warp, by votes

__global__ void CompactByBallot(const int *in, int n, int *out, int *count) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  const unsigned lane = threadIdx.x % 32;
  const bool keep = i < n && in[i] % 3 == 0;
  const unsigned mask = __ballot_sync(0xffffffff, keep);
  int base = 0;
  if (lane == 0 && mask != 0) base = atomicAdd(count, __popc(mask));
  base = __shfl_sync(0xffffffff, base, 0);
  if (keep) out[base + __popc(mask & ((1u << lane) - 1))] = in[i];
}

int RunCompact() {
  const int n = 500;
  std::vector<int> in(n), expected;
  for (int i = 0; i < n; ++i) {
    in[i] = i * 7;
    if (in[i] % 3 == 0) expected.push_back(in[i]);
  }
  Buffer<int> from(in), count(std::vector<int>{0});
  Buffer<int> to(expected.size());
  CompactByBallot<<<CeilDiv(n, 96), 96>>>(from.get(), n, to.get(), count.get());
  std::vector<int> found = to.Read();
  std::sort(found.begin(), found.end());
  return Differences(found, expected) + Differences(count.Read(), {(int)found.size()});
}

// One lane adds for all that the compiler finds together.
__global__ void AggregatedAdd(int *count, int n) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  const unsigned mask = __activemask();
  if (static_cast<int>(threadIdx.x % 32) == __ffs(mask) - 1)
    atomicAdd(count, __popc(mask));
}

int RunAggregated() {
  Buffer<int> count(std::vector<int>{0});
  AggregatedAdd<<<3, 96>>>(count.get(), 250);
  return Differences(count.Read(), {250});
}

// -- all threads leave together, which is no divergence

__global__ void LeaveTogether(const float *in, float *out, int n) {
  __shared__ float tile[64];
  __shared__ int wanted;
  if (blockIdx.x * blockDim.x >= static_cast<unsigned>(n)) return;  // the whole block
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (threadIdx.x == 0) wanted = in[blockIdx.x * blockDim.x] >= 0;
  __syncthreads();
  if (!wanted) return;
  tile[threadIdx.x] = i < n ? in[i] : 0;
  if (!__syncthreads_or(tile[threadIdx.x] > 2)) return;
  if (i < n) out[i] = tile[(threadIdx.x + 1) % 64];
}

int RunLeaveTogether() {
  const int n = 150;
  const std::vector<float> in = Numbers(n);
  Buffer<float> from(in), to(in);
  LeaveTogether<<<5, 64>>>(from.get(), to.get(), n);
  std::vector<float> expected(n);
  for (int i = 0; i < n; ++i) {
    const int other = i / 64 * 64 + (i + 1) % 64;
    expected[i] = other < n ? in[other] : 0;
  }
  return Differences(to.Read(), expected);
}

// -- double buffers: one barrier a step is enough

__global__ void Pipelined(const float *in, float *out, int steps) {
  __shared__ float s[2][64];
  const int i = threadIdx.x;
  float sum = 0, next = in[i];
  for (int k = 0; k < steps; ++k) {
    s[k % 2][i] = next;
    __syncthreads();
    if (k + 1 < steps) next = in[(k + 1) * 64 + i];
    sum += s[k % 2][63 - i] - s[k % 2][(i + 1) % 64];
  }
  out[i] = sum;
}

int RunPipelined() {
  const int steps = 6;
  const std::vector<float> in = Numbers(64 * steps);
  Buffer<float> from(in), to(64);
  Pipelined<<<1, 64>>>(from.get(), to.get(), steps);
  std::vector<float> expected(64);
  for (int i = 0; i < 64; ++i)
    for (int k = 0; k < steps; ++k)
      expected[i] += in[k * 64 + 63 - i] - in[k * 64 + (i + 1) % 64];
  return Differences(to.Read(), expected);
}

// -- within a warp: sorting by exchanges, sums over segments, an index of the largest

__global__ void BitonicSort(int *values) {
  int value = values[threadIdx.x];
  const int lane = threadIdx.x % 32;
  for (int k = 2; k <= 32; k *= 2)
    for (int j = k / 2; j > 0; j /= 2) {
      const int other = __shfl_xor_sync(0xffffffff, value, j);
      const bool up = (lane & k) == 0, lower = (lane & j) == 0;
      value = (lower == up) ? min(value, other) : max(value, other);
    }
  values[threadIdx.x] = value;
}

int RunBitonic() {
  std::vector<int> in(64);
  for (int i = 0; i < 64; ++i) in[i] = i * 37 % 61;
  Buffer<int> values(in);
  BitonicSort<<<1, 64>>>(values.get());
  std::sort(in.begin(), in.begin() + 32);
  std::sort(in.begin() + 32, in.end());
  return Differences(values.Read(), in);
}

__global__ void OddEvenSort(int *values, int n) {
  extern __shared__ int s[];
  const int i = threadIdx.x;
  s[i] = values[i];
  __syncthreads();
  for (int round = 0; round < n; ++round) {
    const int left = 2 * i + round % 2;
    if (left + 1 < n && s[left] > s[left + 1]) {
      const int t = s[left];
      s[left] = s[left + 1];
      s[left + 1] = t;
    }
    __syncthreads();
  }
  values[i] = s[i];
}

int RunOddEven() {
  std::vector<int> in(50);
  for (int i = 0; i < 50; ++i) in[i] = i * 37 % 53;
  Buffer<int> values(in);
  OddEvenSort<<<1, 50, 50 * sizeof(int)>>>(values.get(), 50);
  std::sort(in.begin(), in.end());
  return Differences(values.Read(), in);
}

struct Best {
  float value;
  int index;
};
__global__ void ArgMax(const float *in, int n, Best *out) {
  __shared__ Best best[4];
  Best own = {-INFINITY, 0};
  for (int i = threadIdx.x; i < n; i += blockDim.x)
    if (in[i] > own.value) own = {in[i], i};
  const auto join = [](Best a, Best b) {
    return b.value > a.value || (b.value == a.value && b.index < a.index) ? b : a;
  };
  for (int lanes = 16; lanes > 0; lanes /= 2)
    own = join(own, {__shfl_down_sync(~0u, own.value, lanes),
                     __shfl_down_sync(~0u, own.index, lanes)});
  if (threadIdx.x % 32 == 0) best[threadIdx.x / 32] = own;
  __syncthreads();
  if (threadIdx.x == 0) {
    for (int k = 1; k < 4; ++k) best[0] = join(best[0], best[k]);
    *out = best[0];
  }
}

int RunArgMax() {
  std::vector<float> in = Numbers(777);
  in[500] = 99;
  Buffer<float> from(in);
  Buffer<Best> to(1);
  ArgMax<<<1, 128>>>(from.get(), 777, to.get());
  const Best best = to.Read()[0];
  return best.value != 99 || best.index != 500;
}

// A part of the warp works, and names itself.
__global__ void PartOfWarp(float *out) {
  __shared__ float s[32];
  const int lane = threadIdx.x;
  s[lane] = lane;
  __syncwarp();
  if (lane < 16) {
    const float other = s[lane + 16];
    __syncwarp(0xffff);
    s[lane] += other;
    __syncwarp(0xffff);
    out[lane] = s[15 - lane] + __shfl_sync(0xffff, other, 3);
  } else {
    const unsigned votes = __ballot_sync(0xffff0000, lane % 2);
    out[lane] = __popc(votes);
  }
}

int RunPartOfWarp() {
  Buffer<float> to(32);
  PartOfWarp<<<1, 32>>>(to.get());
  std::vector<float> expected(32, 8);
  for (int i = 0; i < 16; ++i) expected[i] = 2 * (15 - i) + 16 + 19;
  return Differences(to.Read(), expected);
}

// -- the last tree steps in one warp, as before Volta, and right since: with __syncwarp()

__device__ void LastWarp(volatile float *s, int i) {
  for (int half = 32; half > 0; half /= 2) {
    const float sum = s[i] + s[i + half];
    __syncwarp();
    s[i] = sum;
    __syncwarp();
  }
}
__global__ void VolatileTree(const float *in, float *out) {
  __shared__ float s[128];
  const int i = threadIdx.x;
  s[i] = in[i];
  __syncthreads();
  if (i < 64) s[i] += s[i + 64];
  __syncthreads();
  if (i < 32) LastWarp(s, i);
  if (i == 0) *out = s[0];
}

int RunVolatileTree() {
  const std::vector<float> in = Numbers(128);
  Buffer<float> from(in), to(1);
  VolatileTree<<<1, 128>>>(from.get(), to.get());
  float sum = 0;
  for (const float each : in) sum += each;
  return Differences(to.Read(), {sum});
}

// -- floats added and compared by their bits; a maximum; counting down

__device__ float AtomicMax(float *address, float value) {
  int *const bits = reinterpret_cast<int *>(address);
  int old = *reinterpret_cast<volatile int *>(bits), assumed;
  do {
    assumed = old;
    if (__int_as_float(assumed) >= value) break;
    old = atomicCAS(bits, assumed, __float_as_int(value));
  } while (assumed != old);
  return __int_as_float(old);
}
__global__ void SameBits(const float *in, int n, float *most, unsigned long long *sum) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  AtomicMax(most, in[i]);
  unsigned long long old = *sum, assumed;
  do {
    assumed = old;
    const double next = __longlong_as_double(assumed) + in[i];
    old = atomicCAS(sum, assumed, (unsigned long long)__double_as_longlong(next));
  } while (assumed != old);
}

int RunSameBits() {
  const std::vector<float> in = Numbers(100);
  Buffer<float> from(in), most(std::vector<float>{-1});
  Buffer<unsigned long long> sum(std::vector<unsigned long long>{0});
  SameBits<<<2, 64>>>(from.get(), 100, most.get(), sum.get());
  double expected = 0;
  for (const float each : in) expected += each;
  const double found = __longlong_as_double((long long)sum.Read()[0]);
  return Differences(most.Read(), {22}) + (found != expected);
}

}  // namespace

extern "C" {
void settle() { cudaDeviceReset(); }

int compact_by_ballot() { return RunCompact(); }
int aggregated_add() { return RunAggregated(); }
int leave_together() { return RunLeaveTogether(); }
int pipelined() { return RunPipelined(); }
int bitonic_sort() { return RunBitonic(); }
int odd_even_sort() { return RunOddEven(); }
int arg_max() { return RunArgMax(); }
int part_of_warp() { return RunPartOfWarp(); }
int volatile_tree() { return RunVolatileTree(); }
int same_bits() { return RunSameBits(); }
}
