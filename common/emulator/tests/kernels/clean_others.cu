// Locks, votes, types of all sizes, and code of the host, each checked against plain code
// of the host. There is nothing to find. Each returns how many values are wrong.
#include <memory>
#include <stdexcept>

#include "clean.h"

namespace {

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

int map_floats() { return RunMap<float>(); }
int map_doubles() { return RunMap<double>(); }
int map_bytes() { return RunMap<signed char>(); }
int locked() { return RunLocked(false); }
int locked_by_exchange() { return RunLocked(true); }
int all_write_the_same() { return RunAllWrite(); }
int odds() { return RunOdds(); }
int ended_lanes() { return RunEnded(); }
int host_code() { return RunHost(); }
}
