// CUDA as a .cu file sees it: the runtime, and the language of kernels.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

#include "cuda_emulator.h"
#include "cuda_runtime_api.h"

#define __global__
#define __device__
#define __host__
#define __constant__
#define __forceinline__ inline __attribute__((always_inline))
#define __launch_bounds__(...)
#define __align__(n) __attribute__((aligned(n)))

#define threadIdx (::cuda_emulator::ThreadIndex())
#define blockIdx (::cuda_emulator::BlockIndex())
#define blockDim (::cuda_emulator::BlockShape())
#define gridDim (::cuda_emulator::GridShape())
constexpr int warpSize = 32;

// As CUDA has them: of two numbers of different types, too.
template <typename A, typename B>
constexpr std::common_type_t<A, B> min(A a, B b) {
  using T = std::common_type_t<A, B>;
  return static_cast<T>(b) < static_cast<T>(a) ? static_cast<T>(b) : static_cast<T>(a);
}
template <typename A, typename B>
constexpr std::common_type_t<A, B> max(A a, B b) {
  using T = std::common_type_t<A, B>;
  return static_cast<T>(a) < static_cast<T>(b) ? static_cast<T>(b) : static_cast<T>(a);
}

// Not inline: where they are called from is where the kernel is.
void __syncthreads();
int __syncthreads_count(int predicate);
int __syncthreads_and(int predicate);
int __syncthreads_or(int predicate);
void __syncwarp(unsigned mask = 0xffffffff);
void __threadfence();
void __threadfence_block();
[[noreturn]] void __trap();
unsigned __activemask();
int __all_sync(unsigned mask, int predicate);
int __any_sync(unsigned mask, int predicate);
unsigned __ballot_sync(unsigned mask, int predicate);

#define CUDA_EMULATOR_WARP(T)                                                 \
  T __shfl_sync(unsigned mask, T value, int lane, int width = 32);            \
  T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = 32);   \
  T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = 32); \
  T __shfl_xor_sync(unsigned mask, T value, int lanes, int width = 32);
CUDA_EMULATOR_WARP(int)
CUDA_EMULATOR_WARP(unsigned)
CUDA_EMULATOR_WARP(long long)
CUDA_EMULATOR_WARP(unsigned long long)
CUDA_EMULATOR_WARP(float)
CUDA_EMULATOR_WARP(double)
#undef CUDA_EMULATOR_WARP

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
#undef CUDA_EMULATOR_ATOMIC_INTEGER
#undef CUDA_EMULATOR_ATOMIC

template <typename T>
T __ldg(const T *address) {
  return *address;
}

// Fast versions, which are no faster here, and more accurate than on a device.
inline float __expf(float x) { return std::exp(x); }
inline float __logf(float x) { return std::log(x); }
inline float __log2f(float x) { return std::log2(x); }
inline float __powf(float x, float y) { return std::pow(x, y); }
inline float __fdividef(float x, float y) { return x / y; }
inline float __frcp_rn(float x) { return 1 / x; }
inline float __fsqrt_rn(float x) { return std::sqrt(x); }
inline float __fmaf_rn(float x, float y, float z) { return std::fma(x, y, z); }
inline float rsqrtf(float x) { return 1 / std::sqrt(x); }
inline int __float_as_int(float x) {
  int bits;
  std::memcpy(&bits, &x, sizeof bits);
  return bits;
}
inline float __int_as_float(int bits) {
  float x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}
inline int __popc(unsigned x) { return __builtin_popcount(x); }
inline int __clz(int x) {
  return x == 0 ? 32 : __builtin_clz(static_cast<unsigned>(x));
}
inline int __ffs(int x) { return __builtin_ffs(x); }
