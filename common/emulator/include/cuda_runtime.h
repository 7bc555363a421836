// CUDA as a .cu file sees it: the runtime, and the language of kernels.
#pragma once

#include <math.h>  // without std:: as well, which <cmath> leaves out for isnan

#include <cassert>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <ctime>

#include "cuda_emulator.h"
#include "cuda_intrinsics.h"
#include "cuda_runtime_api.h"
#include "watched_copies.h"

#define __global__
#define __device__
#define __host__
#define __constant__
#define __grid_constant__
#define __forceinline__ inline __attribute__((always_inline))
#define __launch_bounds__(...)
#define __align__(n) __attribute__((aligned(n)))

#define threadIdx (::cuda_emulator::ThreadIndex())
#define blockIdx (::cuda_emulator::BlockIndex())
#define blockDim (::cuda_emulator::BlockShape())
#define gridDim (::cuda_emulator::GridShape())
constexpr int warpSize = 32;

// -- barriers and fences ---------------------------------------------------------------

// By its line, and not by the call: the compiler may make two calls of one.
#define CUDA_EMULATOR_STATEMENT \
  int line = __builtin_LINE(), const char *file = __builtin_FILE()
void __syncthreads(CUDA_EMULATOR_STATEMENT);
int __syncthreads_count(int predicate, CUDA_EMULATOR_STATEMENT);
int __syncthreads_and(int predicate, CUDA_EMULATOR_STATEMENT);
int __syncthreads_or(int predicate, CUDA_EMULATOR_STATEMENT);
#undef CUDA_EMULATOR_STATEMENT
void __threadfence();
void __threadfence_block();
void __threadfence_system();
void __nanosleep(unsigned nanoseconds);
inline long long clock64() { return std::clock(); }  // of this processor
[[noreturn]] void __trap();

// -- warps -----------------------------------------------------------------------------

void __syncwarp(unsigned mask = 0xffffffff);
unsigned __activemask();
int __all_sync(unsigned mask, int predicate);
int __any_sync(unsigned mask, int predicate);
unsigned __ballot_sync(unsigned mask, int predicate);

#define CUDA_EMULATOR_WARP(T)                                                 \
  T __shfl_sync(unsigned mask, T value, int lane, int width = 32);            \
  T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = 32);   \
  T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = 32); \
  T __shfl_xor_sync(unsigned mask, T value, int lanes, int width = 32);       \
  unsigned __match_any_sync(unsigned mask, T value);
CUDA_EMULATOR_WARP(int)
CUDA_EMULATOR_WARP(unsigned)
CUDA_EMULATOR_WARP(long)
CUDA_EMULATOR_WARP(unsigned long)
CUDA_EMULATOR_WARP(long long)
CUDA_EMULATOR_WARP(unsigned long long)
CUDA_EMULATOR_WARP(float)
CUDA_EMULATOR_WARP(double)
#undef CUDA_EMULATOR_WARP

#define CUDA_EMULATOR_REDUCE(T)                \
  T __reduce_add_sync(unsigned mask, T value); \
  T __reduce_min_sync(unsigned mask, T value); \
  T __reduce_max_sync(unsigned mask, T value);
CUDA_EMULATOR_REDUCE(int)
CUDA_EMULATOR_REDUCE(unsigned)
unsigned __reduce_and_sync(unsigned mask, unsigned value);
unsigned __reduce_or_sync(unsigned mask, unsigned value);
unsigned __reduce_xor_sync(unsigned mask, unsigned value);
#undef CUDA_EMULATOR_REDUCE

// -- atomic operations -----------------------------------------------------------------

// Each returns what was there before.
#define CUDA_EMULATOR_ATOMIC(T)     \
  T atomicAdd(T *address, T value); \
  T atomicExch(T *address, T value);
#define CUDA_EMULATOR_ATOMIC_INTEGER(T) \
  CUDA_EMULATOR_ATOMIC(T)               \
  T atomicSub(T *address, T value);     \
  T atomicMin(T *address, T value);     \
  T atomicMax(T *address, T value);     \
  T atomicAnd(T *address, T value);     \
  T atomicOr(T *address, T value);      \
  T atomicXor(T *address, T value);     \
  T atomicCAS(T *address, T expected, T value);
CUDA_EMULATOR_ATOMIC(float)
CUDA_EMULATOR_ATOMIC(double)
CUDA_EMULATOR_ATOMIC_INTEGER(int)
CUDA_EMULATOR_ATOMIC_INTEGER(unsigned)
CUDA_EMULATOR_ATOMIC_INTEGER(unsigned long long)
long long atomicMin(long long *address, long long value);
long long atomicMax(long long *address, long long value);
unsigned atomicInc(unsigned *address, unsigned last);
unsigned atomicDec(unsigned *address, unsigned last);

// For threads of a block, and for several devices: here it is all the same.
#define atomicAdd_block atomicAdd
#define atomicAdd_system atomicAdd
#undef CUDA_EMULATOR_ATOMIC_INTEGER
#undef CUDA_EMULATOR_ATOMIC
