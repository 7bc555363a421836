// Threads and blocks that wait for each other as they should, and memory that is used in
// several ways. There is nothing to find. Each returns how many values are wrong.
#include "clean.h"

namespace {

// -- a scan across blocks in one launch: each waits for those before it (Merrill, Garland)

struct Status {
  unsigned ready;  // 0: not yet, 1: its own sum, 2: with all before it
  int own, all;
};

__global__ void LookBack(const int *in, int n, int *out, volatile Status *status,
                         unsigned *next) {
  __shared__ int values[64], before;
  __shared__ unsigned block;
  if (threadIdx.x == 0) block = atomicAdd(next, 1u);
  __syncthreads();
  const int i = block * blockDim.x + threadIdx.x, at = threadIdx.x;
  values[at] = i < n ? in[i] : 0;
  __syncthreads();
  for (int step = 1; step < 64; step *= 2) {
    const int other = at >= step ? values[at - step] : 0;
    __syncthreads();
    values[at] += other;
    __syncthreads();
  }
  if (at == 0) {
    const int own = values[63];
    status[block].own = own;
    __threadfence();
    atomicExch(const_cast<unsigned *>(&status[block].ready), block == 0 ? 2u : 1u);
    int sum = 0;
    for (int b = static_cast<int>(block) - 1; b >= 0; --b) {
      unsigned ready;
      while ((ready = atomicAdd(const_cast<unsigned *>(&status[b].ready), 0u)) == 0) {
      }
      __threadfence();
      sum += ready == 2 && b > 0 ? status[b].all : status[b].own;
      if (ready == 2) break;
    }
    if (block > 0) {
      status[block].all = sum + own;
      __threadfence();
      atomicExch(const_cast<unsigned *>(&status[block].ready), 2u);
    }
    before = sum;
  }
  __syncthreads();
  if (i < n) out[i] = before + values[at];
}

int RunLookBack() {
  const int n = 64 * 7 - 5;
  std::vector<int> in(n), expected(n);
  int sum = 0;
  for (int i = 0; i < n; ++i) expected[i] = sum += in[i] = i % 11;
  Buffer<int> from(in), to(n);
  Buffer<Status> status(std::vector<Status>(7));
  Buffer<unsigned> next(std::vector<unsigned>{0});
  LookBack<<<7, 64>>>(from.get(), n, to.get(), status.get(), next.get());
  return Differences(to.Read(), expected);
}

// -- who produces and who consumes, in one block and between blocks

__global__ void ProducerConsumer(const int *in, int n, int *out) {
  __shared__ int ring[4][32];
  const int lane = threadIdx.x % 32;
  for (int k = 0; k < n + 1; ++k) {
    if (threadIdx.x < 32) {
      if (k < n) ring[k % 4][lane] = in[k * 32 + lane];
    } else if (k > 0) {
      out[(k - 1) * 32 + lane] = 2 * ring[(k - 1) % 4][31 - lane];
    }
    __syncthreads();
  }
}

int RunProducer() {
  std::vector<int> in(32 * 9), expected(32 * 9);
  for (int i = 0; i < 32 * 9; ++i) in[i] = i;
  for (int i = 0; i < 32 * 9; ++i) expected[i] = 2 * in[i / 32 * 32 + 31 - i % 32];
  Buffer<int> from(in), to(in.size());
  ProducerConsumer<<<1, 64>>>(from.get(), 9, to.get());
  return Differences(to.Read(), expected);
}

__global__ void Handshake(int *data, int *flag, int *out) {
  if (threadIdx.x == 0) {
    *data = 42;
    __threadfence();
    atomicExch(flag, 1);
  } else if (threadIdx.x == 32) {
    while (atomicAdd(flag, 0) == 0) {
    }
    __threadfence();
    *out = *data;
  }
}

int RunHandshake() {
  Buffer<int> data(std::vector<int>{0}), flag(std::vector<int>{0}), out(1);
  Handshake<<<1, 64>>>(data.get(), flag.get(), out.get());
  return Differences(out.Read(), {42});
}

// One warp waits, the other still has to meet.
__global__ void MeetThenTell(const int *in, int *data, int *flag, int *out) {
  int value = in[threadIdx.x];
  if (threadIdx.x < 32) {
    for (int lanes = 16; lanes > 0; lanes /= 2)
      value += __shfl_down_sync(0xffffffff, value, lanes);
    if (threadIdx.x == 0) {
      *data = value;
      __threadfence();
      atomicExch(flag, 1);
    }
  } else if (threadIdx.x == 32) {
    while (*static_cast<volatile int *>(flag) == 0) {
    }
    __threadfence();
    *out = *data;
  }
}

int RunMeetThenTell() {
  std::vector<int> in(64, 2);
  Buffer<int> from(in), data(std::vector<int>{0}), flag(std::vector<int>{0}), out(1);
  MeetThenTell<<<1, 64>>>(from.get(), data.get(), flag.get(), out.get());
  return Differences(out.Read(), {64});
}

__device__ unsigned long long ticket;
__global__ void Queue(int *items, int n) {  // whoever is free takes the next one
  __shared__ unsigned long long mine;
  for (;;) {
    if (threadIdx.x == 0) mine = atomicAdd(&ticket, 1ull);
    __syncthreads();
    const unsigned long long item = mine;
    __syncthreads();
    if (item >= static_cast<unsigned long long>(n)) return;
    if (threadIdx.x == item % blockDim.x) items[item] += 1;
  }
}

int RunQueue() {
  const unsigned long long zero = 0;
  cudaMemcpyToSymbol(ticket, &zero, sizeof zero);
  Buffer<int> items(std::vector<int>(20));
  Queue<<<3, 32>>>(items.get(), 20);
  return Differences(items.Read(), std::vector<int>(20, 1));
}

// -- memory that several arrays share, bytes beside bytes, halves of a word

__global__ void SeveralInOne(const double *in, double *out) {
  extern __shared__ __align__(8) unsigned char all[];
  double *const values = reinterpret_cast<double *>(all);
  int *const order = reinterpret_cast<int *>(values + blockDim.x);
  unsigned char *const flags = reinterpret_cast<unsigned char *>(order + blockDim.x);
  const int i = threadIdx.x, n = blockDim.x;
  values[i] = in[i];
  order[i] = (i * 5) % n;
  flags[i] = i % 2;
  __syncthreads();
  const int other = order[i];
  out[i] = values[other] + flags[other];
}

int RunSeveral() {
  const std::vector<float> numbers = Numbers(33);
  const std::vector<double> in(numbers.begin(), numbers.end());
  std::vector<double> expected(33);
  for (int i = 0; i < 33; ++i) expected[i] = in[i * 5 % 33] + i * 5 % 33 % 2;
  Buffer<double> from(in), to(33);
  SeveralInOne<<<1, 33, 33 * 13>>>(from.get(), to.get());
  return Differences(to.Read(), expected);
}

// -- the same memory by float4 and by float, after a barrier; rows longer than they are wide

__global__ void WideAndNarrow(const float *in, float *out, int n) {
  __shared__ __align__(16) float tile[4][32 + 4];
  const int row = threadIdx.x / 8, four = threadIdx.x % 8;
  reinterpret_cast<float4 *>(tile[row])[four] =
      reinterpret_cast<const float4 *>(in)[threadIdx.x];
  if (threadIdx.x < 4) tile[threadIdx.x][32] = -1;
  __syncthreads();
  const float *const flat = &tile[0][0];
  for (int k = 0; k < 4; ++k)
    out[k * 32 + threadIdx.x] = flat[k * 36 + threadIdx.x] + flat[k * 36 + n];
}

int RunWide() {
  const std::vector<float> in = Numbers(128);
  std::vector<float> expected = in;
  for (float &each : expected) each -= 1;
  Buffer<float> from(in), to(128);
  WideAndNarrow<<<1, 32>>>(from.get(), to.get(), 32);
  return Differences(to.Read(), expected);
}

// -- recursion, tables, functions by their address, a class with virtual functions

__device__ int Fibonacci(int n) {
  return n < 2 ? n : Fibonacci(n - 1) + Fibonacci(n - 2);
}
__device__ float Half(float x) { return x / 2; }
__device__ float Twice(float x) { return x * 2; }
__constant__ int kSteps[3] = {1, 2, 3};
__global__ void Functions(float *out) {
  constexpr float kTable[] = {0.5f, 1, 2, 4};
  float (*const all[])(float) = {Half, Twice};
  const int i = threadIdx.x;
  switch (i % 5) {
    case 0:
      out[i] = all[i % 2](kTable[i % 4]);
      break;
    case 1:
      out[i] = static_cast<float>(Fibonacci(i % 10));
      break;
    default:
      out[i] = static_cast<float>(kSteps[i % 3]) + all[1](3);
  }
}

int RunFunctions() {
  Buffer<float> to(32);
  Functions<<<1, 32>>>(to.get());
  const float table[] = {0.5f, 1, 2, 4},
              fibonacci[] = {0, 1, 1, 2, 3, 5, 8, 13, 21, 34};
  std::vector<float> expected(32);
  for (int i = 0; i < 32; ++i) {
    if (i % 5 == 0)
      expected[i] = i % 2 ? 2 * table[i % 4] : table[i % 4] / 2;
    else
      expected[i] = i % 5 == 1 ? fibonacci[i % 10] : static_cast<float>(i % 3 + 7);
  }
  return Differences(to.Read(), expected);
}

// -- in place, each thread its own; a reversal by pairs; a transposition by tiles

__global__ void InPlace(float *x, int n) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n / 2) {
    const float t = x[i];
    x[i] = x[n - 1 - i];
    x[n - 1 - i] = t;
  }
}

int RunInPlace() {
  std::vector<float> in = Numbers(301);
  Buffer<float> x(in);
  InPlace<<<CeilDiv(150, 64), 64>>>(x.get(), 301);
  std::reverse(in.begin(), in.end());
  return Differences(x.Read(), in);
}

// A block reads what the one before wrote: in another launch.
__global__ void Shift(const float *in, float *out, int n) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) out[i] = in[(i + 70) % n];
}

int RunPingPong() {
  const int n = 200;
  std::vector<float> in = Numbers(n), expected(n);
  Buffer<float> a(in), b(n);
  for (int k = 0; k < 3; ++k) {
    Shift<<<CeilDiv(n, 64), 64>>>(a.get(), b.get(), n);
    Shift<<<CeilDiv(n, 64), 64>>>(b.get(), a.get(), n);
  }
  for (int i = 0; i < n; ++i) expected[i] = in[(i + 420) % n];
  return Differences(a.Read(), expected);
}

// Zero at first, by one thread; then all add: with a barrier between.
__global__ void CountAll(const int *in, int n, int *out) {
  __shared__ int count;
  if (threadIdx.x == 0) count = 0;
  __syncthreads();
  for (int i = threadIdx.x; i < n; i += blockDim.x)
    if (in[i] % 2) atomicAdd(&count, 1);
  __syncthreads();
  if (threadIdx.x == 0) *out = count;
}

int RunCountAll() {
  std::vector<int> in(99);
  for (int i = 0; i < 99; ++i) in[i] = i;
  Buffer<int> from(in), to(1);
  CountAll<<<1, 64>>>(from.get(), 99, to.get());
  return Differences(to.Read(), {49});
}

}  // namespace

extern "C" {
void settle() { cudaDeviceReset(); }

int look_back() { return RunLookBack(); }
int producer_consumer() { return RunProducer(); }
int handshake() { return RunHandshake(); }
int meet_then_tell() { return RunMeetThenTell(); }
int queue() { return RunQueue(); }
int several_in_one() { return RunSeveral(); }
int wide_and_narrow() { return RunWide(); }
int functions() { return RunFunctions(); }
int in_place() { return RunInPlace(); }
int ping_pong() { return RunPingPong(); }
int count_all() { return RunCountAll(); }
}
