// The CPU backend: flat arrays of floats, and the kernels that compute on them.
//
// An array knows its size and nothing else. Shapes, strides and offsets, all counted in
// elements, live in Python (needle/backend_ndarray/ndarray.py); a kernel gets those that
// it needs as arguments. Wherever no strides are passed, arrays are compact: row-major,
// without gaps.
//
// What calls these kernels (ndarray_backend_cpu_module.cc) has checked the sizes and that
// every element of a view lies inside its array. Kernels need not check again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "backend.h"

namespace needle {
namespace cpu {

constexpr std::size_t kTile = 8;  // rows and columns of a tile, for MatmulTiled
constexpr std::size_t kAlignment =
    256;  // bytes; a multiple of it is where arrays begin

// `size` floats, not initialised.
struct AlignedArray {
  explicit AlignedArray(std::size_t size);
  // Memory of somebody else's, which `owner` keeps alive. It may be less aligned.
  AlignedArray(scalar_t *ptr, std::size_t size, std::shared_ptr<void> owner);

  AlignedArray(const AlignedArray &) = delete;
  AlignedArray &operator=(const AlignedArray &) = delete;

  scalar_t *ptr;
  std::size_t size;

 private:
  std::shared_ptr<void> memory_;
};

void Fill(AlignedArray *out, scalar_t val);

// Copies between a compact array and a view.
void Compact(const AlignedArray &a, AlignedArray *out, const Extents &shape,
             const Extents &strides, std::int64_t offset);
void EwiseSetitem(const AlignedArray &a, AlignedArray *out, const Extents &shape,
                  const Extents &strides, std::int64_t offset);
void ScalarSetitem(std::size_t size, scalar_t val, AlignedArray *out,
                   const Extents &shape, const Extents &strides, std::int64_t offset);

// Element by element.
void EwiseAdd(const AlignedArray &a, const AlignedArray &b, AlignedArray *out);
void ScalarAdd(const AlignedArray &a, scalar_t val, AlignedArray *out);
void EwiseMul(const AlignedArray &a, const AlignedArray &b, AlignedArray *out);
void ScalarMul(const AlignedArray &a, scalar_t val, AlignedArray *out);
void EwiseDiv(const AlignedArray &a, const AlignedArray &b, AlignedArray *out);
void ScalarDiv(const AlignedArray &a, scalar_t val, AlignedArray *out);
void ScalarPower(const AlignedArray &a, scalar_t val, AlignedArray *out);
void EwiseMaximum(const AlignedArray &a, const AlignedArray &b, AlignedArray *out);
void ScalarMaximum(const AlignedArray &a, scalar_t val, AlignedArray *out);
void EwiseEq(const AlignedArray &a, const AlignedArray &b, AlignedArray *out);
void ScalarEq(const AlignedArray &a, scalar_t val, AlignedArray *out);
void EwiseGe(const AlignedArray &a, const AlignedArray &b, AlignedArray *out);
void ScalarGe(const AlignedArray &a, scalar_t val, AlignedArray *out);
void EwiseLog(const AlignedArray &a, AlignedArray *out);
void EwiseExp(const AlignedArray &a, AlignedArray *out);
void EwiseTanh(const AlignedArray &a, AlignedArray *out);

// Sums and maxima of elements that are `inner` apart.
void ReduceSum(const AlignedArray &a, AlignedArray *out, std::size_t reduce_size,
               std::size_t inner);
void ReduceMax(const AlignedArray &a, AlignedArray *out, std::size_t reduce_size,
               std::size_t inner);

// Products of matrices.
void Matmul(const AlignedArray &a, const AlignedArray &b, AlignedArray *out,
            std::size_t m, std::size_t n, std::size_t p);
void MatmulTiled(const AlignedArray &a, const AlignedArray &b, AlignedArray *out,
                 std::size_t m, std::size_t n, std::size_t p);

}  // namespace cpu
}  // namespace needle
