// Kernels of a header, which is translated, too, with those that it includes.
// clang-format off
#pragma once
#include "value.h"
__global__ void InHeader(int *out) {
  __shared__ int a[64];
  TURN(a, );
  out[threadIdx.x] += kNothing;
}
