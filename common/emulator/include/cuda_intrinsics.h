// Functions of CUDA's that compute, and know nothing of threads.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <type_traits>

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

// Loads and stores with a hint for the cache.
template <typename T>
T __ldg(const T *address) {
  return *address;
}
template <typename T>
T __ldcg(const T *address) {
  return *address;
}
template <typename T>
T __ldcs(const T *address) {
  return *address;
}
template <typename T>
void __stcs(T *address, T value) {
  *address = value;
}

// Fast versions, which are no faster here, and more accurate than on a device.
inline float __expf(float x) { return std::exp(x); }
inline float __exp10f(float x) { return std::pow(10.0f, x); }
inline float __logf(float x) { return std::log(x); }
inline float __log2f(float x) { return std::log2(x); }
inline float __log10f(float x) { return std::log10(x); }
inline float __powf(float x, float y) { return std::pow(x, y); }
inline float __sinf(float x) { return std::sin(x); }
inline float __cosf(float x) { return std::cos(x); }
inline float __tanf(float x) { return std::tan(x); }
inline float __saturatef(float x) { return x > 0 ? (x < 1 ? x : 1) : 0; }
inline float __fdividef(float x, float y) { return x / y; }
inline float __fadd_rn(float x, float y) { return x + y; }
inline float __fsub_rn(float x, float y) { return x - y; }
inline float __fmul_rn(float x, float y) { return x * y; }
inline float __fdiv_rn(float x, float y) { return x / y; }
inline float __frcp_rn(float x) { return 1 / x; }
inline float __fsqrt_rn(float x) { return std::sqrt(x); }
inline float __fmaf_rn(float x, float y, float z) { return std::fma(x, y, z); }
inline void __sincosf(float x, float *sine, float *cosine) {
  *sine = std::sin(x);
  *cosine = std::cos(x);
}
inline float fdividef(float x, float y) { return x / y; }
inline float rcbrtf(float x) { return 1 / std::cbrt(x); }
inline float sinpif(float x) { return std::sin(3.14159265358979f * x); }
inline float cospif(float x) { return std::cos(3.14159265358979f * x); }
inline float normcdff(float x) { return std::erfc(-x * 0.70710678f) / 2; }
inline float rsqrtf(float x) { return 1 / std::sqrt(x); }
inline double rsqrt(double x) { return 1 / std::sqrt(x); }

// The bits of a number, as another type.
template <typename To, typename From>
To cuda_emulator_bits(From from) {
  static_assert(sizeof(To) == sizeof(From));
  To to;
  __builtin_memcpy(&to, &from, sizeof to);
  return to;
}
inline int __float_as_int(float x) { return cuda_emulator_bits<int>(x); }
inline unsigned __float_as_uint(float x) { return cuda_emulator_bits<unsigned>(x); }
inline float __int_as_float(int bits) { return cuda_emulator_bits<float>(bits); }
inline float __uint_as_float(unsigned bits) { return cuda_emulator_bits<float>(bits); }
inline long long __double_as_longlong(double x) {
  return cuda_emulator_bits<long long>(x);
}
inline double __longlong_as_double(long long bits) {
  return cuda_emulator_bits<double>(bits);
}

// Numbers of one type as another, rounded to the nearest or towards zero, down, up.
inline int __float2int_rn(float x) { return static_cast<int>(std::nearbyint(x)); }
inline int __float2int_rz(float x) { return static_cast<int>(x); }
inline int __float2int_rd(float x) { return static_cast<int>(std::floor(x)); }
inline int __float2int_ru(float x) { return static_cast<int>(std::ceil(x)); }
inline unsigned __float2uint_rn(float x) {
  return static_cast<unsigned>(std::nearbyint(x));
}
inline unsigned __float2uint_rz(float x) { return static_cast<unsigned>(x); }
inline float __int2float_rn(int x) { return static_cast<float>(x); }
inline float __uint2float_rn(unsigned x) { return static_cast<float>(x); }

// Integers.
inline int __popc(unsigned x) { return __builtin_popcount(x); }
inline int __popcll(unsigned long long x) { return __builtin_popcountll(x); }
inline int __clz(int x) {
  return x == 0 ? 32 : __builtin_clz(static_cast<unsigned>(x));
}
inline int __clzll(long long x) {
  return x == 0 ? 64 : __builtin_clzll(static_cast<unsigned long long>(x));
}
inline int __ffs(int x) { return __builtin_ffs(x); }
inline int __ffsll(long long x) { return __builtin_ffsll(x); }
inline int __mul24(int x, int y) { return x * y; }
inline unsigned __umul24(unsigned x, unsigned y) { return x * y; }
inline unsigned __umulhi(unsigned x, unsigned y) {
  return static_cast<unsigned>(std::uint64_t{x} * y >> 32);
}
inline int __mulhi(int x, int y) { return static_cast<int>(std::int64_t{x} * y >> 32); }
