// The kernels of the CPU backend. What each computes is said above it; what an array is,
// in ndarray_backend_cpu.h. After a change: `make`.

#include "ndarray_backend_cpu.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace needle {
namespace cpu {

void Fill(AlignedArray *out, scalar_t val) {
  for (std::size_t i = 0; i < out->size; ++i) out->ptr[i] = val;
}

// ------------------------------------------------------------------------------------
// Compact and setitem
//
// A view shows the elements of an array at
//
//     offset + i_0 * strides[0] + i_1 * strides[1] + ...,    0 <= i_k < shape[k]
//
// A compact array has them in row-major order: the last index runs fastest. There may be
// any number of axes, also none (one element), and an axis may have length 0 (nothing).
// ------------------------------------------------------------------------------------

// out, which is compact, becomes a copy of a view on a.
void Compact(const AlignedArray &a, AlignedArray *out, const Extents &shape,
             const Extents &strides, std::int64_t offset) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_compact_setitem
  throw NotImplementedError("hw3.ndarray_cpu_compact_setitem: Compact is yours to write (handout, question 2)");
  /// END YOUR SOLUTION
}

// A view on out becomes a copy of a, which is compact. The rest of out stays as it is.
void EwiseSetitem(const AlignedArray &a, AlignedArray *out, const Extents &shape,
                  const Extents &strides, std::int64_t offset) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_compact_setitem
  throw NotImplementedError("hw3.ndarray_cpu_compact_setitem: EwiseSetitem is yours to write (handout, question 2)");
  /// END YOUR SOLUTION
}

// All elements of a view on out, `size` of them, become val. The rest stays as it is.
void ScalarSetitem(std::size_t size, scalar_t val, AlignedArray *out,
                   const Extents &shape, const Extents &strides, std::int64_t offset) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_compact_setitem
  throw NotImplementedError("hw3.ndarray_cpu_compact_setitem: ScalarSetitem is yours to write (handout, question 2)");
  /// END YOUR SOLUTION
}

// ------------------------------------------------------------------------------------
// Elementwise and scalar
//
// a, b and out have the same size; out may be a or b. Comparisons give 1 or 0. Where an
// operand is not a number, a maximum is not a number either, and comparisons are false.
// ------------------------------------------------------------------------------------

void EwiseAdd(const AlignedArray &a, const AlignedArray &b, AlignedArray *out) {
  for (std::size_t i = 0; i < a.size; ++i) out->ptr[i] = a.ptr[i] + b.ptr[i];
}

void ScalarAdd(const AlignedArray &a, scalar_t val, AlignedArray *out) {
  for (std::size_t i = 0; i < a.size; ++i) out->ptr[i] = a.ptr[i] + val;
}

// out = a * b
void EwiseMul(const AlignedArray &a, const AlignedArray &b, AlignedArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_ops
  throw NotImplementedError("hw3.ndarray_cpu_ops: EwiseMul is yours to write (handout, question 3)");
  /// END YOUR SOLUTION
}

// out = a * val
void ScalarMul(const AlignedArray &a, scalar_t val, AlignedArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_ops
  throw NotImplementedError("hw3.ndarray_cpu_ops: ScalarMul is yours to write (handout, question 3)");
  /// END YOUR SOLUTION
}

// out = a / b
void EwiseDiv(const AlignedArray &a, const AlignedArray &b, AlignedArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_ops
  throw NotImplementedError("hw3.ndarray_cpu_ops: EwiseDiv is yours to write (handout, question 3)");
  /// END YOUR SOLUTION
}

// out = a / val
void ScalarDiv(const AlignedArray &a, scalar_t val, AlignedArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_ops
  throw NotImplementedError("hw3.ndarray_cpu_ops: ScalarDiv is yours to write (handout, question 3)");
  /// END YOUR SOLUTION
}

// out = a to the power of val
void ScalarPower(const AlignedArray &a, scalar_t val, AlignedArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_ops
  throw NotImplementedError("hw3.ndarray_cpu_ops: ScalarPower is yours to write (handout, question 3)");
  /// END YOUR SOLUTION
}

// out = the larger of a and b
void EwiseMaximum(const AlignedArray &a, const AlignedArray &b, AlignedArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_ops
  throw NotImplementedError("hw3.ndarray_cpu_ops: EwiseMaximum is yours to write (handout, question 3)");
  /// END YOUR SOLUTION
}

// out = the larger of a and val
void ScalarMaximum(const AlignedArray &a, scalar_t val, AlignedArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_ops
  throw NotImplementedError("hw3.ndarray_cpu_ops: ScalarMaximum is yours to write (handout, question 3)");
  /// END YOUR SOLUTION
}

// out = 1 where a == b, else 0
void EwiseEq(const AlignedArray &a, const AlignedArray &b, AlignedArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_ops
  throw NotImplementedError("hw3.ndarray_cpu_ops: EwiseEq is yours to write (handout, question 3)");
  /// END YOUR SOLUTION
}

// out = 1 where a == val, else 0
void ScalarEq(const AlignedArray &a, scalar_t val, AlignedArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_ops
  throw NotImplementedError("hw3.ndarray_cpu_ops: ScalarEq is yours to write (handout, question 3)");
  /// END YOUR SOLUTION
}

// out = 1 where a >= b, else 0
void EwiseGe(const AlignedArray &a, const AlignedArray &b, AlignedArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_ops
  throw NotImplementedError("hw3.ndarray_cpu_ops: EwiseGe is yours to write (handout, question 3)");
  /// END YOUR SOLUTION
}

// out = 1 where a >= val, else 0
void ScalarGe(const AlignedArray &a, scalar_t val, AlignedArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_ops
  throw NotImplementedError("hw3.ndarray_cpu_ops: ScalarGe is yours to write (handout, question 3)");
  /// END YOUR SOLUTION
}

// out = the natural logarithm of a
void EwiseLog(const AlignedArray &a, AlignedArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_ops
  throw NotImplementedError("hw3.ndarray_cpu_ops: EwiseLog is yours to write (handout, question 3)");
  /// END YOUR SOLUTION
}

// out = e to the power of a
void EwiseExp(const AlignedArray &a, AlignedArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_ops
  throw NotImplementedError("hw3.ndarray_cpu_ops: EwiseExp is yours to write (handout, question 3)");
  /// END YOUR SOLUTION
}

// out = the hyperbolic tangent of a
void EwiseTanh(const AlignedArray &a, AlignedArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_ops
  throw NotImplementedError("hw3.ndarray_cpu_ops: EwiseTanh is yours to write (handout, question 3)");
  /// END YOUR SOLUTION
}

// ------------------------------------------------------------------------------------
// Reductions
//
// a is compact, of shape (outer, reduce_size, inner); out has shape (outer, inner). So
// the elements that come together lie `inner` apart:
//
//     out[o * inner + i]  comes from  a[(o * reduce_size + r) * inner + i],
//                                     0 <= r < reduce_size
//
// Along the last axis of an array inner is 1, and they lie side by side. outer is
// out->size / inner.
// ------------------------------------------------------------------------------------

// out = the sums; of nothing, 0.
void ReduceSum(const AlignedArray &a, AlignedArray *out, std::size_t reduce_size,
               std::size_t inner) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_reductions
  throw NotImplementedError("hw3.ndarray_cpu_reductions: ReduceSum is yours to write (handout, question 4)");
  /// END YOUR SOLUTION
}

// out = the largest; not a number if one of them is not. reduce_size is at least 1.
void ReduceMax(const AlignedArray &a, AlignedArray *out, std::size_t reduce_size,
               std::size_t inner) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_reductions
  throw NotImplementedError("hw3.ndarray_cpu_reductions: ReduceMax is yours to write (handout, question 4)");
  /// END YOUR SOLUTION
}

// ------------------------------------------------------------------------------------
// Products of matrices
// ------------------------------------------------------------------------------------

// out (m x p) = a (m x n) times b (n x p), all compact. out is not initialised.
void Matmul(const AlignedArray &a, const AlignedArray &b, AlignedArray *out,
            std::size_t m, std::size_t n, std::size_t p) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_matmul
  throw NotImplementedError("hw3.ndarray_cpu_matmul: Matmul is yours to write (handout, question 5)");
  /// END YOUR SOLUTION
}

// out += a times b, for single tiles: kTile x kTile, compact. The three do not overlap.
//
// Tiles begin at multiples of their size. If you tell the compiler so
// (__builtin_assume_aligned, __restrict__), it can make better vectors.
inline void AlignedDot(const scalar_t *__restrict__ a, const scalar_t *__restrict__ b,
                       scalar_t *__restrict__ out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_matmul
  throw NotImplementedError("hw3.ndarray_cpu_matmul: AlignedDot is yours to write (handout, question 5)");
  /// END YOUR SOLUTION
}

// The same product with all three in tiles: a has shape (m/T, n/T, T, T), b (n/T, p/T,
// T, T), out (m/T, p/T, T, T), compact, where T is kTile. m, n and p are multiples of T.
// out is not initialised.
void MatmulTiled(const AlignedArray &a, const AlignedArray &b, AlignedArray *out,
                 std::size_t m, std::size_t n, std::size_t p) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_matmul
  throw NotImplementedError("hw3.ndarray_cpu_matmul: MatmulTiled is yours to write (handout, question 5)");
  /// END YOUR SOLUTION
}

}  // namespace cpu
}  // namespace needle
