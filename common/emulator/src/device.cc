// The language of kernels: what a thread may call.

#include <algorithm>
#include <cstring>

#include "cuda_runtime.h"
#include "machine.h"

#undef threadIdx
#undef blockIdx
#undef blockDim
#undef gridDim

#define HERE reinterpret_cast<cuda_emulator::Place>(__builtin_return_address(0))

namespace cuda_emulator {
namespace {

Machine &M() { return Machine::Get(); }

enum Operation : unsigned { kSync, kVote, kShuffle };

}  // namespace

uint3 ThreadIndex() {
  const Index3 &i = M().Current().index;
  return {i.x, i.y, i.z};
}
uint3 BlockIndex() {
  const Index3 i = M().BlockIndex();
  return {i.x, i.y, i.z};
}
dim3 BlockShape() {
  const Index3 &n = M().CurrentShape().block;
  return {n.x, n.y, n.z};
}
dim3 GridShape() {
  const Index3 &n = M().CurrentShape().grid;
  return {n.x, n.y, n.z};
}
void *SharedArray(const void *key, const char *name, std::size_t size) {
  return M().SharedArray(key, name, size, HERE);
}
void *DynamicShared() { return M().DynamicShared(HERE); }

namespace {

std::uint64_t Bits(const void *value, std::size_t size) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, value, size);
  return bits;
}

// Return what a lane has handed in; a lane beyond the segment reads its own.
template <typename T>
T Shuffle(unsigned mask, T value, int source, Place place) {
  const Exchange &met = M().MeetWarp(kShuffle, mask, Bits(&value, sizeof value), place);
  std::memcpy(&value, &met.values[source % kWarp], sizeof value);
  return value;
}

int LaneNumber() { return static_cast<int>(M().Current().lane); }

unsigned Vote(unsigned mask, int predicate, Place place) {
  const Exchange &met = M().MeetWarp(kVote, mask, predicate != 0, place);
  unsigned votes = 0;
  for (unsigned lane = 0; lane < kWarp; ++lane)
    if (mask >> lane & 1) votes |= static_cast<unsigned>(met.values[lane]) << lane;
  return votes;
}

template <typename T, typename F>
T Update(T *address, F next, Place place) {
  M().Access(reinterpret_cast<std::uintptr_t>(address), sizeof(T), true, true, place);
  const T old = *address;
  *address = next(old);
  return old;
}

}  // namespace
}  // namespace cuda_emulator

using namespace cuda_emulator;

void __syncthreads() { M().Barrier(HERE); }
void __syncwarp(unsigned mask) { M().MeetWarp(kSync, mask, 0, HERE); }
void __threadfence() {}
void __threadfence_block() {}
unsigned __activemask() { return 0xffffffff; }
int __all_sync(unsigned mask, int predicate) {
  return Vote(mask, predicate, HERE) == mask;
}
int __any_sync(unsigned mask, int predicate) {
  return Vote(mask, predicate, HERE) != 0;
}
unsigned __ballot_sync(unsigned mask, int predicate) {
  return Vote(mask, predicate, HERE);
}

void __trap() {
  Finding finding;
  finding.kind = "trap";
  finding.text = "the kernel has called __trap()";
  finding.now = M().Here(HERE);
  M().Fail(std::move(finding));
  std::abort();
}

#define WARP(T)                                                                        \
  T __shfl_sync(unsigned mask, T value, int lane, int width) {                         \
    const int own = LaneNumber();                                                      \
    return Shuffle(mask, value, own / width * width + lane % width, HERE);             \
  }                                                                                    \
  T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width) {                \
    const int own = LaneNumber(), from = own - static_cast<int>(delta);                \
    return Shuffle(mask, value, from < own / width * width ? own : from, HERE);        \
  }                                                                                    \
  T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width) {              \
    const int own = LaneNumber(), from = own + static_cast<int>(delta);                \
    return Shuffle(mask, value, from >= (own / width + 1) * width ? own : from, HERE); \
  }                                                                                    \
  T __shfl_xor_sync(unsigned mask, T value, int lanes, int width) {                    \
    const int own = LaneNumber(), from = own ^ lanes;                                  \
    return Shuffle(mask, value, from >= (own / width + 1) * width ? own : from, HERE); \
  }
WARP(int)
WARP(unsigned)
WARP(long long)
WARP(unsigned long long)
WARP(float)
WARP(double)

#define ATOMIC(T, name, expression)                                       \
  T name(T *address, T value) {                                           \
    return Update(address, [=](T old) -> T { return expression; }, HERE); \
  }
#define ATOMICS(T)                  \
  ATOMIC(T, atomicAdd, old + value) \
  ATOMIC(T, atomicExch, (void(old), value))
#define ATOMICS_OF_INTEGERS(T)                                                       \
  ATOMICS(T)                                                                         \
  ATOMIC(T, atomicSub, old - value)                                                  \
  ATOMIC(T, atomicMin, std::min(old, value))                                         \
  ATOMIC(T, atomicMax, std::max(old, value))                                         \
  ATOMIC(T, atomicAnd, old &value)                                                   \
  ATOMIC(T, atomicOr, old | value)                                                   \
  ATOMIC(T, atomicXor, old ^ value)                                                  \
  T atomicCAS(T *address, T expected, T value) {                                     \
    const T old =                                                                    \
        Update(address, [=](T old) { return old == expected ? value : old; }, HERE); \
    if (old != expected) M().LetOthersRun();                                         \
    return old;                                                                      \
  }
ATOMICS(float)
ATOMICS(double)
ATOMICS_OF_INTEGERS(int)
ATOMICS_OF_INTEGERS(unsigned)
ATOMICS_OF_INTEGERS(unsigned long long)
