// What the threads of a warp do together.

#include <algorithm>
#include <cstring>
#include <string>

#include "cuda_runtime.h"
#include "machine.h"

#define HERE reinterpret_cast<cuda_emulator::Place>(__builtin_return_address(0))

namespace cuda_emulator {
namespace {

Machine &M() { return Machine::Get(); }

template <typename T>
std::uint64_t Bits(T value) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof value);
  return bits;
}

template <typename T>
T Value(std::uint64_t bits) {
  T value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

// Return what a lane has handed in.
template <typename T>
T Shuffle(unsigned mask, T value, int source, Place place) {
  const Exchange &met = M().MeetWarp(kShuffle, mask, Bits(value), place);
  if (!(met.present >> source & 1) && !M().Found().Repeats("absent lane", place, 0)) {
    Finding finding;
    finding.kind = "absent lane";
    finding.text = "lane " + std::to_string(M().Current().lane) +
                   " asks for the value of lane " + std::to_string(source) +
                   ", which takes no part: it gets any number";
    finding.kernel = M().Kernel();
    finding.now = M().Here(place);
    M().Found().Add(std::move(finding));
  }
  return Value<T>(met.values[source]);
}

int Lane() { return static_cast<int>(M().Current().lane); }

// The first lane of one's own segment of a warp.
int Segment(int width) { return Lane() / width * width; }

unsigned Vote(unsigned mask, int predicate, Place place) {
  const Exchange &met = M().MeetWarp(kVote, mask, predicate != 0, place);
  unsigned votes = 0;
  for (unsigned lane = 0; lane < kWarp; ++lane)
    if (met.present >> lane & 1)
      votes |= static_cast<unsigned>(met.values[lane]) << lane;
  return votes;
}

template <typename T>
unsigned Match(unsigned mask, T value, Place place) {
  const Exchange &met = M().MeetWarp(kMatch, mask, Bits(value), place);
  unsigned same = 0;
  for (unsigned lane = 0; lane < kWarp; ++lane)
    if (met.present >> lane & 1 && met.values[lane] == Bits(value)) same |= 1u << lane;
  return same;
}

template <typename T, typename F>
T Reduce(unsigned mask, T value, F join, Place place) {
  const Exchange &met = M().MeetWarp(kReduce, mask, Bits(value), place);
  for (unsigned lane = 0; lane < kWarp; ++lane)
    if (met.present >> lane & 1 && lane != M().Current().lane)
      value = join(value, Value<T>(met.values[lane]));
  return value;
}

}  // namespace
}  // namespace cuda_emulator

using namespace cuda_emulator;

void __syncwarp(unsigned mask) { M().MeetWarp(kSync, mask, 0, HERE); }
unsigned __activemask() { return M().ActiveLanes(HERE); }
int __all_sync(unsigned mask, int predicate) {
  return Vote(mask, predicate == 0, HERE) == 0;
}
int __any_sync(unsigned mask, int predicate) {
  return Vote(mask, predicate, HERE) != 0;
}
unsigned __ballot_sync(unsigned mask, int predicate) {
  return Vote(mask, predicate, HERE);
}

#define WARP(T)                                                                        \
  T __shfl_sync(unsigned mask, T value, int lane, int width) {                         \
    return Shuffle(mask, value, Segment(width) + (lane & (width - 1)), HERE);          \
  }                                                                                    \
  T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width) {                \
    const int from = Lane() - static_cast<int>(delta);                                 \
    return Shuffle(mask, value, from < Segment(width) ? Lane() : from, HERE);          \
  }                                                                                    \
  T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width) {              \
    const int from = Lane() + static_cast<int>(delta);                                 \
    return Shuffle(mask, value, from >= Segment(width) + width ? Lane() : from, HERE); \
  }                                                                                    \
  T __shfl_xor_sync(unsigned mask, T value, int lanes, int width) {                    \
    const int from = (Lane() ^ lanes) & 31;                                            \
    return Shuffle(mask, value, from >= Segment(width) + width ? Lane() : from, HERE); \
  }                                                                                    \
  unsigned __match_any_sync(unsigned mask, T value) { return Match(mask, value, HERE); }
WARP(int)
WARP(unsigned)
WARP(long)
WARP(unsigned long)
WARP(long long)
WARP(unsigned long long)
WARP(float)
WARP(double)

#define REDUCE(T)                                                              \
  T __reduce_add_sync(unsigned mask, T value) {                                \
    return Reduce(mask, value, [](T a, T b) { return a + b; }, HERE);          \
  }                                                                            \
  T __reduce_min_sync(unsigned mask, T value) {                                \
    return Reduce(mask, value, [](T a, T b) { return std::min(a, b); }, HERE); \
  }                                                                            \
  T __reduce_max_sync(unsigned mask, T value) {                                \
    return Reduce(mask, value, [](T a, T b) { return std::max(a, b); }, HERE); \
  }
REDUCE(int)
REDUCE(unsigned)

unsigned __reduce_and_sync(unsigned mask, unsigned value) {
  return Reduce(mask, value, [](unsigned a, unsigned b) { return a & b; }, HERE);
}
unsigned __reduce_or_sync(unsigned mask, unsigned value) {
  return Reduce(mask, value, [](unsigned a, unsigned b) { return a | b; }, HERE);
}
unsigned __reduce_xor_sync(unsigned mask, unsigned value) {
  return Reduce(mask, value, [](unsigned a, unsigned b) { return a ^ b; }, HERE);
}
