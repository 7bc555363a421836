// Atomic operations. No other thread runs meanwhile: they are so by themselves.

#include <algorithm>
#include <cstring>

#include "cuda_runtime.h"
#include "machine.h"

#define HERE reinterpret_cast<cuda_emulator::Place>(__builtin_return_address(0))

namespace {

template <typename T, typename F>
T Update(T *address, F next, cuda_emulator::Place place) {
  auto &machine = cuda_emulator::Machine::Get();
  const auto number = reinterpret_cast<std::uintptr_t>(address);
  machine.BeginAtomic(number, sizeof(T), place);
  const T old = *address, now = next(old);
  *address = now;
  machine.EndAtomic(number, std::memcmp(&old, &now, sizeof old) != 0, place);
  return old;
}

}  // namespace

#define ATOMIC(T, name, expression)                                       \
  T name(T *address, T value) {                                           \
    return Update(address, [=](T old) -> T { return expression; }, HERE); \
  }
#define ATOMICS(T)                  \
  ATOMIC(T, atomicAdd, old + value) \
  ATOMIC(T, atomicExch, (void(old), value))
#define ATOMICS_OF_INTEGERS(T)                                                \
  ATOMICS(T)                                                                  \
  ATOMIC(T, atomicSub, old - value)                                           \
  ATOMIC(T, atomicMin, std::min(old, value))                                  \
  ATOMIC(T, atomicMax, std::max(old, value))                                  \
  ATOMIC(T, atomicAnd, old &value)                                            \
  ATOMIC(T, atomicOr, old | value)                                            \
  ATOMIC(T, atomicXor, old ^ value)                                           \
  T atomicCAS(T *address, T expected, T value) {                              \
    return Update(                                                            \
        address, [=](T old) { return old == expected ? value : old; }, HERE); \
  }
ATOMICS(float)
ATOMICS(double)
ATOMICS_OF_INTEGERS(int)
ATOMICS_OF_INTEGERS(unsigned)
ATOMICS_OF_INTEGERS(unsigned long long)
ATOMIC(long long, atomicMin, std::min(old, value))
ATOMIC(long long, atomicMax, std::max(old, value))

// Count up or down, and around at the end.
ATOMIC(unsigned, atomicInc, old >= value ? 0 : old + 1)
ATOMIC(unsigned, atomicDec, old == 0 || old > value ? value : old - 1)
