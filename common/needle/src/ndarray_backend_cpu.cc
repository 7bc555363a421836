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

/// SOLUTION ONLY hw3.ndarray_cpu_compact_setitem
namespace {

// How long an axis is, and how far one step along it goes: in the compact array, and in
// the array behind the view.
struct Axis {
  std::int64_t length, flat, step;
};

// Return the axes of a view, the innermost last, without those of length 1. Neighbours
// that together are a single longer axis become one. At least two are returned.
std::vector<Axis> AxesOf(const Extents &shape, const Extents &strides) {
  std::vector<Axis> axes;
  std::int64_t flat = 1;
  for (std::size_t k = shape.size(); k-- > 0; flat *= shape[k]) {
    if (shape[k] == 1) continue;
    if (!axes.empty() && strides[k] == axes.back().step * axes.back().length)
      axes.back().length *= shape[k];
    else
      axes.push_back({shape[k], flat, strides[k]});
  }
  while (axes.size() < 2) axes.push_back({1, 0, 0});
  std::reverse(axes.begin(), axes.end());
  return axes;
}

// Call run(flat, position, count, step) for runs that together cover the two axes:
// elements flat, flat + 1, ... of the compact array are those at position,
// position + step, ... behind the view.
//
// A run along the inner axis may jump through memory, as in a transposed matrix, and use
// one number of each cache line that it touches. Where elements lie closer together
// along the other axis, one goes in squares as wide as a line: the next runs find those
// lines in the cache.
template <typename Run>
void WalkPlane(const Axis &outer, const Axis &inner, std::int64_t flat,
               std::int64_t position, const Run &run) {
  constexpr std::int64_t kLine = 64 / sizeof(scalar_t);
  const bool jumps = outer.length > 1 && std::abs(inner.step) > 1 &&
                     std::abs(outer.step) < std::abs(inner.step);
  const std::int64_t width = jumps ? kLine : inner.length;
  for (std::int64_t i0 = 0; i0 < outer.length; i0 += kLine)
    for (std::int64_t j = 0; j < inner.length; j += width)
      for (std::int64_t i = i0; i < std::min(i0 + kLine, outer.length); ++i)
        run(flat + i * outer.flat + j, position + i * outer.step + j * inner.step,
            std::min(width, inner.length - j), inner.step);
}

// The same for axes[from], axes[from + 1], ...
template <typename Run>
void WalkAxes(const std::vector<Axis> &axes, std::size_t from, std::int64_t flat,
              std::int64_t position, const Run &run) {
  const Axis &axis = axes[from];
  if (from + 2 == axes.size())
    return WalkPlane(axis, axes[from + 1], flat, position, run);
  for (std::int64_t i = 0; i < axis.length; ++i)
    WalkAxes(axes, from + 1, flat + i * axis.flat, position + i * axis.step, run);
}

// The same for a whole view.
template <typename Run>
void Walk(const Extents &shape, const Extents &strides, std::int64_t offset,
          const Run &run) {
  if (std::count(shape.begin(), shape.end(), 0) > 0) return;
  std::vector<Axis> axes = AxesOf(shape, strides);
  // Beside the innermost axis comes the one along which elements lie closest together.
  const auto closer = [](const Axis &a, const Axis &b) {
    return std::abs(a.step) < std::abs(b.step);
  };
  const auto inner = axes.end() - 1;
  std::iter_swap(inner - 1, std::min_element(axes.begin(), inner, closer));
  WalkAxes(axes, 0, 0, offset, run);
}

}  // namespace
/// END SOLUTION ONLY

// out, which is compact, becomes a copy of a view on a.
void Compact(const AlignedArray &a, AlignedArray *out, const Extents &shape,
             const Extents &strides, std::int64_t offset) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_compact_setitem
  const scalar_t *from = a.ptr;
  scalar_t *to = out->ptr;
  Walk(shape, strides, offset,
       [=](std::int64_t flat, std::int64_t position, std::int64_t count,
           std::int64_t step) {
         if (step == 1)
           std::copy_n(from + position, count, to + flat);
         else if (step == 0)
           std::fill_n(to + flat, count, from[position]);
         else
           for (std::int64_t i = 0; i < count; ++i)
             to[flat + i] = from[position + i * step];
       });
  /// END YOUR SOLUTION
}

// A view on out becomes a copy of a, which is compact. The rest of out stays as it is.
void EwiseSetitem(const AlignedArray &a, AlignedArray *out, const Extents &shape,
                  const Extents &strides, std::int64_t offset) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_compact_setitem
  const scalar_t *from = a.ptr;
  scalar_t *to = out->ptr;
  Walk(shape, strides, offset,
       [=](std::int64_t flat, std::int64_t position, std::int64_t count,
           std::int64_t step) {
         if (step == 1)
           std::copy_n(from + flat, count, to + position);
         else
           for (std::int64_t i = 0; i < count; ++i)
             to[position + i * step] = from[flat + i];
       });
  /// END YOUR SOLUTION
}

// All elements of a view on out, `size` of them, become val. The rest stays as it is.
void ScalarSetitem(std::size_t size, scalar_t val, AlignedArray *out,
                   const Extents &shape, const Extents &strides, std::int64_t offset) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_compact_setitem
  scalar_t *to = out->ptr;
  Walk(shape, strides, offset,
       [=](std::int64_t, std::int64_t position, std::int64_t count, std::int64_t step) {
         for (std::int64_t i = 0; i < count; ++i) to[position + i * step] = val;
       });
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

/// SOLUTION ONLY hw3.ndarray_cpu_ops
namespace {

// One loop for all: out[i] = f(a[i]), and out[i] = f(a[i], b[i]).
template <typename F>
void Map(const AlignedArray &a, AlignedArray *out, F f) {
  const scalar_t *from = a.ptr;
  scalar_t *to = out->ptr;
  for (std::size_t i = 0, n = a.size; i < n; ++i) to[i] = f(from[i]);
}

template <typename F>
void Map(const AlignedArray &a, const AlignedArray &b, AlignedArray *out, F f) {
  const scalar_t *left = a.ptr, *right = b.ptr;
  scalar_t *to = out->ptr;
  for (std::size_t i = 0, n = a.size; i < n; ++i) to[i] = f(left[i], right[i]);
}

// Unlike std::max, not a number if one of the two is not: where y is not, x > y is
// false, and where x is not, x != x is true.
scalar_t Larger(scalar_t x, scalar_t y) {
  const scalar_t larger = x > y ? x : y;
  return x != x ? x : larger;
}

}  // namespace
/// END SOLUTION ONLY

// out = a * b
void EwiseMul(const AlignedArray &a, const AlignedArray &b, AlignedArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_ops
  Map(a, b, out, [](scalar_t x, scalar_t y) { return x * y; });
  /// END YOUR SOLUTION
}

// out = a * val
void ScalarMul(const AlignedArray &a, scalar_t val, AlignedArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_ops
  Map(a, out, [=](scalar_t x) { return x * val; });
  /// END YOUR SOLUTION
}

// out = a / b
void EwiseDiv(const AlignedArray &a, const AlignedArray &b, AlignedArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_ops
  Map(a, b, out, [](scalar_t x, scalar_t y) { return x / y; });
  /// END YOUR SOLUTION
}

// out = a / val
void ScalarDiv(const AlignedArray &a, scalar_t val, AlignedArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_ops
  Map(a, out, [=](scalar_t x) { return x / val; });
  /// END YOUR SOLUTION
}

// out = a to the power of val
void ScalarPower(const AlignedArray &a, scalar_t val, AlignedArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_ops
  if (val == 2)  // by far the most frequent, and pow takes twenty times as long
    Map(a, out, [](scalar_t x) { return x * x; });
  else
    Map(a, out, [=](scalar_t x) { return std::pow(x, val); });
  /// END YOUR SOLUTION
}

// out = the larger of a and b
void EwiseMaximum(const AlignedArray &a, const AlignedArray &b, AlignedArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_ops
  Map(a, b, out, Larger);
  /// END YOUR SOLUTION
}

// out = the larger of a and val
void ScalarMaximum(const AlignedArray &a, scalar_t val, AlignedArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_ops
  Map(a, out, [=](scalar_t x) { return Larger(x, val); });
  /// END YOUR SOLUTION
}

// out = 1 where a == b, else 0
void EwiseEq(const AlignedArray &a, const AlignedArray &b, AlignedArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_ops
  Map(a, b, out, [](scalar_t x, scalar_t y) -> scalar_t { return x == y; });
  /// END YOUR SOLUTION
}

// out = 1 where a == val, else 0
void ScalarEq(const AlignedArray &a, scalar_t val, AlignedArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_ops
  Map(a, out, [=](scalar_t x) -> scalar_t { return x == val; });
  /// END YOUR SOLUTION
}

// out = 1 where a >= b, else 0
void EwiseGe(const AlignedArray &a, const AlignedArray &b, AlignedArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_ops
  Map(a, b, out, [](scalar_t x, scalar_t y) -> scalar_t { return x >= y; });
  /// END YOUR SOLUTION
}

// out = 1 where a >= val, else 0
void ScalarGe(const AlignedArray &a, scalar_t val, AlignedArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_ops
  Map(a, out, [=](scalar_t x) -> scalar_t { return x >= val; });
  /// END YOUR SOLUTION
}

// out = the natural logarithm of a
void EwiseLog(const AlignedArray &a, AlignedArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_ops
  Map(a, out, [](scalar_t x) { return std::log(x); });
  /// END YOUR SOLUTION
}

// out = e to the power of a
void EwiseExp(const AlignedArray &a, AlignedArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_ops
  Map(a, out, [](scalar_t x) { return std::exp(x); });
  /// END YOUR SOLUTION
}

// out = the hyperbolic tangent of a
void EwiseTanh(const AlignedArray &a, AlignedArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_ops
  Map(a, out, [](scalar_t x) { return std::tanh(x); });
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

/// SOLUTION ONLY hw3.ndarray_cpu_reductions
namespace {

// Reduce a few thousand neighbours.
//
// In a single chain each step waits for the one before, and the compiler may not change
// the order of sums. So there are 32 chains side by side, which it makes vectors of.
template <typename F>
scalar_t ReduceBlock(const scalar_t *from, std::size_t count, scalar_t initial, F f) {
  constexpr std::size_t kChains = 32;
  scalar_t result = initial;
  std::size_t i = 0;
  if (count >= kChains) {
    scalar_t chains[kChains];
    std::copy_n(from, kChains, chains);
    for (i = kChains; i + kChains <= count; i += kChains)
      for (std::size_t c = 0; c < kChains; ++c) chains[c] = f(chains[c], from[i + c]);
    for (scalar_t chain : chains) result = f(result, chain);
  }
  for (; i < count; ++i) result = f(result, from[i]);
  return result;
}

// Reduce any number of neighbours, block by block: a sum loses digits with each step, and
// so has hundreds of steps where it would have a million.
template <typename F>
scalar_t ReduceRun(const scalar_t *from, std::size_t count, scalar_t initial, F f) {
  constexpr std::size_t kBlock = 4096;
  scalar_t result = initial;
  for (std::size_t i = 0; i < count; i += kBlock)
    result = f(result, ReduceBlock(from + i, std::min(kBlock, count - i), initial, f));
  return result;
}

// Reduce rows of `inner` elements to one row, element by element: memory is read in the
// order in which it lies, and all sums of the row grow at once.
template <typename F>
void ReduceRows(const scalar_t *from, scalar_t *to, std::size_t rows, std::size_t inner,
                scalar_t initial, F f) {
  std::fill_n(to, inner, initial);
  for (std::size_t r = 0; r < rows; ++r, from += inner)
    for (std::size_t i = 0; i < inner; ++i) to[i] = f(to[i], from[i]);
}

template <typename F>
void Reduce(const AlignedArray &a, AlignedArray *out, std::size_t reduce_size,
            std::size_t inner, scalar_t initial, F f) {
  const scalar_t *from = a.ptr;
  for (std::size_t o = 0; o < out->size; o += inner, from += reduce_size * inner)
    if (inner == 1)
      out->ptr[o] = ReduceRun(from, reduce_size, initial, f);
    else
      ReduceRows(from, out->ptr + o, reduce_size, inner, initial, f);
}

}  // namespace
/// END SOLUTION ONLY

// out = the sums; of nothing, 0.
void ReduceSum(const AlignedArray &a, AlignedArray *out, std::size_t reduce_size,
               std::size_t inner) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_reductions
  Reduce(a, out, reduce_size, inner, 0, [](scalar_t x, scalar_t y) { return x + y; });
  /// END YOUR SOLUTION
}

// out = the largest; not a number if one of them is not. reduce_size is at least 1.
void ReduceMax(const AlignedArray &a, AlignedArray *out, std::size_t reduce_size,
               std::size_t inner) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_reductions
  const scalar_t lowest = -std::numeric_limits<scalar_t>::infinity();
  Reduce(a, out, reduce_size, inner, lowest, [](scalar_t x, scalar_t y) {
    const scalar_t larger = x > y ? x : y;
    return x != x ? x : larger;  // x > y is false if one of them is not a number
  });
  /// END YOUR SOLUTION
}

// ------------------------------------------------------------------------------------
// Products of matrices
// ------------------------------------------------------------------------------------

/// SOLUTION ONLY hw3.ndarray_cpu_matmul
namespace {

// A product comes in blocks of kRows x kColumns, kDepth steps of their sums at a time.
// There are registers for about so many sums, and a panel of b, kDepth x kColumns, stays
// in the fastest cache (32 KB) while all rows of a go by.
constexpr std::size_t kRows = 6, kColumns = 32, kDepth = 256;

// Add `depth` steps to the sums of a block, which stay in registers meanwhile. A row of
// the panel serves all rows of a, and along it the compiler makes vectors: for that it
// has to change the order of no sum.
template <std::size_t Rows>
void AddBlock(const scalar_t *a, const scalar_t (*panel)[kColumns], scalar_t *out,
              std::size_t depth, std::size_t columns, std::size_t n, std::size_t p) {
  scalar_t sum[Rows][kColumns] = {};
  for (std::size_t k = 0; k < depth; ++k)
    for (std::size_t i = 0; i < Rows; ++i)
      for (std::size_t j = 0; j < kColumns; ++j)
        sum[i][j] += a[i * n + k] * panel[k][j];
  for (std::size_t i = 0; i < Rows; ++i)
    for (std::size_t j = 0; j < columns; ++j) out[i * p + j] += sum[i][j];
}

}  // namespace
/// END SOLUTION ONLY

// out (m x p) = a (m x n) times b (n x p), all compact. out is not initialised.
void Matmul(const AlignedArray &a, const AlignedArray &b, AlignedArray *out,
            std::size_t m, std::size_t n, std::size_t p) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_matmul
  // Where b ends the panel is as wide as ever: those columns are computed, and not used.
  scalar_t panel[kDepth][kColumns] = {};
  Fill(out, 0);
  for (std::size_t k = 0; k < n; k += kDepth)
    for (std::size_t j = 0; j < p; j += kColumns) {
      const std::size_t depth = std::min(kDepth, n - k);
      const std::size_t columns = std::min(kColumns, p - j);
      for (std::size_t row = 0; row < depth; ++row)
        std::copy_n(b.ptr + (k + row) * p + j, columns, panel[row]);
      const scalar_t *left = a.ptr + k;
      scalar_t *block = out->ptr + j;
      std::size_t i = 0;
      for (; i + kRows <= m; i += kRows)
        AddBlock<kRows>(left + i * n, panel, block + i * p, depth, columns, n, p);
      for (; i < m; ++i)
        AddBlock<1>(left + i * n, panel, block + i * p, depth, columns, n, p);
    }
  /// END YOUR SOLUTION
}

// out += a times b, for single tiles: kTile x kTile, compact. The three do not overlap.
//
// Tiles begin at multiples of their size. If you tell the compiler so
// (__builtin_assume_aligned, __restrict__), it can make better vectors.
inline void AlignedDot(const scalar_t *__restrict__ a, const scalar_t *__restrict__ b,
                       scalar_t *__restrict__ out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_matmul
  // All lengths are constants, so the compiler writes every step out, and makes vectors
  // of sums that lie side by side. With j innermost GCC writes out too early to see them.
  for (std::size_t i = 0; i < kTile; ++i)
    for (std::size_t j = 0; j < kTile; ++j) {
      scalar_t sum = out[i * kTile + j];
      for (std::size_t k = 0; k < kTile; ++k)
        sum += a[i * kTile + k] * b[k * kTile + j];
      out[i * kTile + j] = sum;
    }
  /// END YOUR SOLUTION
}

// The same product with all three in tiles: a has shape (m/T, n/T, T, T), b (n/T, p/T,
// T, T), out (m/T, p/T, T, T), compact, where T is kTile. m, n and p are multiples of T.
// out is not initialised.
void MatmulTiled(const AlignedArray &a, const AlignedArray &b, AlignedArray *out,
                 std::size_t m, std::size_t n, std::size_t p) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_matmul
  // A tile of a meets a row of tiles of b and adds to a row of tiles of out: all three
  // are read in the order in which they lie in memory.
  constexpr std::size_t kArea = kTile * kTile;
  const std::size_t rows = m / kTile, inner = n / kTile, columns = p / kTile;
  Fill(out, 0);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t k = 0; k < inner; ++k)
      for (std::size_t j = 0; j < columns; ++j)
        AlignedDot(a.ptr + (i * inner + k) * kArea, b.ptr + (k * columns + j) * kArea,
                   out->ptr + (i * columns + j) * kArea);
  /// END YOUR SOLUTION
}

}  // namespace cpu
}  // namespace needle
