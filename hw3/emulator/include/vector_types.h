// CUDA's short vectors, uint3 and dim3.
#pragma once

#define CUDA_EMULATOR_VECTORS(type, name, wide)                               \
  struct name##1 { type x; };                                                 \
  struct alignas(wide) name##2 { type x, y; };                                \
  struct name##3 { type x, y, z; };                                           \
  struct alignas(2 * wide > 16 ? 16 : 2 * wide) name##4 { type x, y, z, w; }; \
  inline name##1 make_##name##1(type x) { return {x}; }                       \
  inline name##2 make_##name##2(type x, type y) { return {x, y}; }            \
  inline name##3 make_##name##3(type x, type y, type z) { return {x, y, z}; } \
  inline name##4 make_##name##4(type x, type y, type z, type w) { return {x, y, z, w}; }

CUDA_EMULATOR_VECTORS(signed char, char, 2)
CUDA_EMULATOR_VECTORS(unsigned char, uchar, 2)
CUDA_EMULATOR_VECTORS(short, short, 4)
CUDA_EMULATOR_VECTORS(unsigned short, ushort, 4)
CUDA_EMULATOR_VECTORS(int, int, 8)
CUDA_EMULATOR_VECTORS(unsigned, uint, 8)
CUDA_EMULATOR_VECTORS(long long, longlong, 16)
CUDA_EMULATOR_VECTORS(unsigned long long, ulonglong, 16)
CUDA_EMULATOR_VECTORS(float, float, 8)
CUDA_EMULATOR_VECTORS(double, double, 16)
#undef CUDA_EMULATOR_VECTORS

struct dim3 {
  constexpr dim3(unsigned x = 1, unsigned y = 1, unsigned z = 1) : x(x), y(y), z(z) {}
  constexpr dim3(uint3 v) : x(v.x), y(v.y), z(v.z) {}
  unsigned x, y, z;
};
