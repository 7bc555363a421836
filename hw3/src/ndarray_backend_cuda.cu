// The kernels of the CUDA backend. What each function computes is said above it; what an
// array is, in ndarray_backend_cuda.h; what launches share, in cuda_launch.h. After a
// change: `make`.

#include <cstddef>
#include <cstdint>
#include <limits>

#include "cuda_launch.h"
#include "ndarray_backend_cuda.h"

namespace needle {
namespace cuda {

// A launch runs a kernel in a grid of blocks, each of which has the same number of
// threads. It returns before they are done, and what it may have refused (too many
// threads, no blocks) is told by cudaGetLastError.
__global__ void FillKernel(scalar_t *out, scalar_t val, std::size_t size) {
  const std::size_t i = ThreadNumber();
  if (i < size) out[i] = val;  // the last block may have more threads than are needed
}

void Fill(CudaArray *out, scalar_t val) {
  if (out->size == 0) return;  // a grid without blocks would be an error
  FillKernel<<<Blocks(out->size), kThreads>>>(out->ptr, val, out->size);
  Check(cudaGetLastError(), "Fill");
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
void Compact(const CudaArray &a, CudaArray *out, const Extents &shape,
             const Extents &strides, std::int64_t offset) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_compact_setitem
  throw NotImplementedError("hw3.ndarray_cuda_compact_setitem: Compact is yours to write (handout, question 6)");
  /// END YOUR SOLUTION
}

// A view on out becomes a copy of a, which is compact. The rest of out stays as it is.
void EwiseSetitem(const CudaArray &a, CudaArray *out, const Extents &shape,
                  const Extents &strides, std::int64_t offset) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_compact_setitem
  throw NotImplementedError("hw3.ndarray_cuda_compact_setitem: EwiseSetitem is yours to write (handout, question 6)");
  /// END YOUR SOLUTION
}

// All elements of a view on out, `size` of them, become val. The rest stays as it is.
void ScalarSetitem(std::size_t size, scalar_t val, CudaArray *out, const Extents &shape,
                   const Extents &strides, std::int64_t offset) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_compact_setitem
  throw NotImplementedError("hw3.ndarray_cuda_compact_setitem: ScalarSetitem is yours to write (handout, question 6)");
  /// END YOUR SOLUTION
}

// ------------------------------------------------------------------------------------
// Elementwise and scalar
//
// a, b and out have the same size; out may be a or b. Comparisons give 1 or 0. Where an
// operand is not a number, a maximum is not a number either, and comparisons are false.
//
// Neighbouring threads take neighbouring elements. A warp, 32 threads that run together,
// so reads 128 bytes side by side, and memory delivers them at once: the access is
// coalesced.
// ------------------------------------------------------------------------------------

__global__ void EwiseAddKernel(const scalar_t *a, const scalar_t *b, scalar_t *out,
                               std::size_t size) {
  const std::size_t i = ThreadNumber();
  if (i < size) out[i] = a[i] + b[i];
}

void EwiseAdd(const CudaArray &a, const CudaArray &b, CudaArray *out) {
  if (out->size == 0) return;
  EwiseAddKernel<<<Blocks(out->size), kThreads>>>(a.ptr, b.ptr, out->ptr, out->size);
  Check(cudaGetLastError(), "EwiseAdd");
}

__global__ void ScalarAddKernel(const scalar_t *a, scalar_t val, scalar_t *out,
                                std::size_t size) {
  const std::size_t i = ThreadNumber();
  if (i < size) out[i] = a[i] + val;
}

void ScalarAdd(const CudaArray &a, scalar_t val, CudaArray *out) {
  if (out->size == 0) return;
  ScalarAddKernel<<<Blocks(out->size), kThreads>>>(a.ptr, val, out->ptr, out->size);
  Check(cudaGetLastError(), "ScalarAdd");
}

// out = a * b
void EwiseMul(const CudaArray &a, const CudaArray &b, CudaArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_ops
  throw NotImplementedError("hw3.ndarray_cuda_ops: EwiseMul is yours to write (handout, question 7)");
  /// END YOUR SOLUTION
}

// out = a * val
void ScalarMul(const CudaArray &a, scalar_t val, CudaArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_ops
  throw NotImplementedError("hw3.ndarray_cuda_ops: ScalarMul is yours to write (handout, question 7)");
  /// END YOUR SOLUTION
}

// out = a / b
void EwiseDiv(const CudaArray &a, const CudaArray &b, CudaArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_ops
  throw NotImplementedError("hw3.ndarray_cuda_ops: EwiseDiv is yours to write (handout, question 7)");
  /// END YOUR SOLUTION
}

// out = a / val
void ScalarDiv(const CudaArray &a, scalar_t val, CudaArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_ops
  throw NotImplementedError("hw3.ndarray_cuda_ops: ScalarDiv is yours to write (handout, question 7)");
  /// END YOUR SOLUTION
}

// out = a to the power of val
void ScalarPower(const CudaArray &a, scalar_t val, CudaArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_ops
  throw NotImplementedError("hw3.ndarray_cuda_ops: ScalarPower is yours to write (handout, question 7)");
  /// END YOUR SOLUTION
}

// out = the larger of a and b
void EwiseMaximum(const CudaArray &a, const CudaArray &b, CudaArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_ops
  throw NotImplementedError("hw3.ndarray_cuda_ops: EwiseMaximum is yours to write (handout, question 7)");
  /// END YOUR SOLUTION
}

// out = the larger of a and val
void ScalarMaximum(const CudaArray &a, scalar_t val, CudaArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_ops
  throw NotImplementedError("hw3.ndarray_cuda_ops: ScalarMaximum is yours to write (handout, question 7)");
  /// END YOUR SOLUTION
}

// out = 1 where a == b, else 0
void EwiseEq(const CudaArray &a, const CudaArray &b, CudaArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_ops
  throw NotImplementedError("hw3.ndarray_cuda_ops: EwiseEq is yours to write (handout, question 7)");
  /// END YOUR SOLUTION
}

// out = 1 where a == val, else 0
void ScalarEq(const CudaArray &a, scalar_t val, CudaArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_ops
  throw NotImplementedError("hw3.ndarray_cuda_ops: ScalarEq is yours to write (handout, question 7)");
  /// END YOUR SOLUTION
}

// out = 1 where a >= b, else 0
void EwiseGe(const CudaArray &a, const CudaArray &b, CudaArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_ops
  throw NotImplementedError("hw3.ndarray_cuda_ops: EwiseGe is yours to write (handout, question 7)");
  /// END YOUR SOLUTION
}

// out = 1 where a >= val, else 0
void ScalarGe(const CudaArray &a, scalar_t val, CudaArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_ops
  throw NotImplementedError("hw3.ndarray_cuda_ops: ScalarGe is yours to write (handout, question 7)");
  /// END YOUR SOLUTION
}

// out = the natural logarithm of a
void EwiseLog(const CudaArray &a, CudaArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_ops
  throw NotImplementedError("hw3.ndarray_cuda_ops: EwiseLog is yours to write (handout, question 7)");
  /// END YOUR SOLUTION
}

// out = e to the power of a
void EwiseExp(const CudaArray &a, CudaArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_ops
  throw NotImplementedError("hw3.ndarray_cuda_ops: EwiseExp is yours to write (handout, question 7)");
  /// END YOUR SOLUTION
}

// out = the hyperbolic tangent of a
void EwiseTanh(const CudaArray &a, CudaArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_ops
  throw NotImplementedError("hw3.ndarray_cuda_ops: EwiseTanh is yours to write (handout, question 7)");
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
void ReduceSum(const CudaArray &a, CudaArray *out, std::size_t reduce_size,
               std::size_t inner) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_reductions
  throw NotImplementedError("hw3.ndarray_cuda_reductions: ReduceSum is yours to write (handout, question 8)");
  /// END YOUR SOLUTION
}

// out = the largest; not a number if one of them is not. reduce_size is at least 1.
void ReduceMax(const CudaArray &a, CudaArray *out, std::size_t reduce_size,
               std::size_t inner) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_reductions
  throw NotImplementedError("hw3.ndarray_cuda_reductions: ReduceMax is yours to write (handout, question 8)");
  /// END YOUR SOLUTION
}

// ------------------------------------------------------------------------------------
// Products of matrices
// ------------------------------------------------------------------------------------

// out (m x p) = a (m x n) times b (n x p), all compact. out is not initialised.
void Matmul(const CudaArray &a, const CudaArray &b, CudaArray *out, std::size_t m,
            std::size_t n, std::size_t p) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_matmul
  throw NotImplementedError("hw3.ndarray_cuda_matmul: Matmul is yours to write (handout, question 9)");
  /// END YOUR SOLUTION
}

}  // namespace cuda
}  // namespace needle
