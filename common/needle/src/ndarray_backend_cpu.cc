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

// How far one goes along an axis: in the compact array, and in the view.
struct Axis {
  std::int64_t length, flat, step;
};

// Return the axes of a view, the innermost first, without those of length 1, and with
// neighbours as one where together they are a single longer axis.
std::vector<Axis> Simplify(const Extents &shape, const Extents &strides) {
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
  return axes;
}

// Call run(flat, position, length, step) for runs along the innermost axis that together
// cover the view: elements flat, flat + 1, ... of the compact array are those at
// position, position + step, ... of the array behind the view.
template <typename Run>
void ForEachRun(const std::vector<Axis> &axes, std::size_t count, std::int64_t flat,
                std::int64_t position, const Run &run) {
  if (count > 2) {
    const Axis &outer = axes[count - 1];
    for (std::int64_t i = 0; i < outer.length; ++i)
      ForEachRun(axes, count - 1, flat + i * outer.flat, position + i * outer.step,
                 run);
    return;
  }
  // Two axes in squares: where the inner one jumps through memory, as in a transposed
  // matrix, its neighbours are read while they still are in the cache.
  const Axis &inner = axes[0], &next = axes[1];
  const bool jumps = inner.step != 0 && inner.step != 1;
  const std::int64_t side = jumps ? 32 : inner.length;
  for (std::int64_t i0 = 0; i0 < next.length; i0 += 32)
    for (std::int64_t j = 0; j < inner.length; j += side)
      for (std::int64_t i = i0; i < std::min(i0 + 32, next.length); ++i)
        run(flat + i * next.flat + j, position + i * next.step + j * inner.step,
            std::min(side, inner.length - j), inner.step);
}

template <typename Run>
void Walk(const Extents &shape, const Extents &strides, std::int64_t offset,
          const Run &run) {
  for (std::int64_t length : shape)
    if (length == 0) return;
  std::vector<Axis> axes = Simplify(shape, strides);
  // Next to the innermost axis the one along which elements lie closest together.
  std::iter_swap(
      axes.begin() + 1,
      std::min_element(axes.begin() + 1, axes.end(), [](const Axis &a, const Axis &b) {
        return std::abs(a.step) < std::abs(b.step);
      }));
  ForEachRun(axes, axes.size(), 0, offset, run);
}

}  // namespace
/// END SOLUTION ONLY

// out, which is compact, becomes a copy of a view on a.
void Compact(const AlignedArray &a, AlignedArray *out, const Extents &shape,
             const Extents &strides, std::int64_t offset) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_compact_setitem
  const scalar_t *from = a.ptr;
  scalar_t *to = out->ptr;
  Walk(
      shape, strides, offset,
      [=](std::int64_t flat, std::int64_t position, std::int64_t n, std::int64_t step) {
        if (step == 1)
          std::copy_n(from + position, n, to + flat);
        else
          for (std::int64_t i = 0; i < n; ++i) to[flat + i] = from[position + i * step];
      });
  /// END YOUR SOLUTION
}

// A view on out becomes a copy of a, which is compact. The rest of out stays as it is.
void EwiseSetitem(const AlignedArray &a, AlignedArray *out, const Extents &shape,
                  const Extents &strides, std::int64_t offset) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_compact_setitem
  const scalar_t *from = a.ptr;
  scalar_t *to = out->ptr;
  Walk(
      shape, strides, offset,
      [=](std::int64_t flat, std::int64_t position, std::int64_t n, std::int64_t step) {
        for (std::int64_t i = 0; i < n; ++i) to[position + i * step] = from[flat + i];
      });
  /// END YOUR SOLUTION
}

// All elements of a view on out, `size` of them, become val. The rest stays as it is.
void ScalarSetitem(std::size_t size, scalar_t val, AlignedArray *out,
                   const Extents &shape, const Extents &strides, std::int64_t offset) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_compact_setitem
  scalar_t *to = out->ptr;
  Walk(shape, strides, offset,
       [=](std::int64_t, std::int64_t position, std::int64_t n, std::int64_t step) {
         for (std::int64_t i = 0; i < n; ++i) to[position + i * step] = val;
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

// Unlike std::max, not a number if one of the two is not.
scalar_t Larger(scalar_t x, scalar_t y) { return (x > y) | (x != x) ? x : y; }

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

// Reduce n neighbours. The compiler may not change the order of sums, so a single one
// would wait for each addition; sixteen side by side make vectors. Halves of halves keep
// the error small: it grows with the number of steps, not of elements.
template <typename F>
scalar_t ReduceRun(const scalar_t *from, std::size_t n, scalar_t initial, F f) {
  constexpr std::size_t kLanes = 64, kBlock = 4096;
  if (n > kBlock) {
    const std::size_t half = n / (2 * kLanes) * kLanes;
    return f(ReduceRun(from, half, initial, f),
             ReduceRun(from + half, n - half, initial, f));
  }
  scalar_t lanes[kLanes];
  std::fill_n(lanes, kLanes, initial);
  std::size_t i = 0;
  for (; i + kLanes <= n; i += kLanes)
    for (std::size_t lane = 0; lane < kLanes; ++lane)
      lanes[lane] = f(lanes[lane], from[i + lane]);
  for (; i < n; ++i) lanes[i % kLanes] = f(lanes[i % kLanes], from[i]);
  for (std::size_t width = kLanes / 2; width > 0; width /= 2)
    for (std::size_t lane = 0; lane < width; ++lane)
      lanes[lane] = f(lanes[lane], lanes[lane + width]);
  return lanes[0];
}

// Reduce rows of `inner` elements to one row, element by element.
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
  const std::size_t step = reduce_size * inner;
  if (inner == 1) {
    for (std::size_t o = 0; o < out->size; ++o, from += step)
      out->ptr[o] = ReduceRun(from, reduce_size, initial, f);
    return;
  }
  for (std::size_t o = 0; o < out->size; o += inner, from += step)
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
  Reduce(a, out, reduce_size, inner, lowest,
         [](scalar_t x, scalar_t y) { return (x > y) | (x != x) ? x : y; });
  /// END YOUR SOLUTION
}

// ------------------------------------------------------------------------------------
// Products of matrices
// ------------------------------------------------------------------------------------

/// SOLUTION ONLY hw3.ndarray_cpu_matmul
namespace {

// Rows x Columns elements of a product, whose sums stay in registers while k goes by.
// Each row of b that passes serves all the rows of a, and along it the compiler makes
// vectors: that needs no other order of any sum.
template <std::size_t Rows, std::size_t Columns>
void Block(const scalar_t *a, const scalar_t *b, scalar_t *out, std::size_t n,
           std::size_t p) {
  scalar_t sum[Rows][Columns] = {};
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t i = 0; i < Rows; ++i)
      for (std::size_t j = 0; j < Columns; ++j)
        sum[i][j] += a[i * n + k] * b[k * p + j];
  for (std::size_t i = 0; i < Rows; ++i)
    for (std::size_t j = 0; j < Columns; ++j) out[i * p + j] = sum[i][j];
}

// All rows of the product, `Columns` of its columns.
template <std::size_t Columns>
void Strip(const scalar_t *a, const scalar_t *b, scalar_t *out, std::size_t m,
           std::size_t n, std::size_t p) {
  constexpr std::size_t kRows = 4;
  std::size_t i = 0;
  for (; i + kRows <= m; i += kRows)
    Block<kRows, Columns>(a + i * n, b, out + i * p, n, p);
  for (; i < m; ++i) Block<1, Columns>(a + i * n, b, out + i * p, n, p);
}

}  // namespace
/// END SOLUTION ONLY

// out (m x p) = a (m x n) times b (n x p), all compact. out is not initialised.
void Matmul(const AlignedArray &a, const AlignedArray &b, AlignedArray *out,
            std::size_t m, std::size_t n, std::size_t p) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_matmul
  std::size_t j = 0;
  for (; j + 32 <= p; j += 32) Strip<32>(a.ptr, b.ptr + j, out->ptr + j, m, n, p);
  for (; j + 8 <= p; j += 8) Strip<8>(a.ptr, b.ptr + j, out->ptr + j, m, n, p);
  for (; j < p; ++j) Strip<1>(a.ptr, b.ptr + j, out->ptr + j, m, n, p);
  /// END YOUR SOLUTION
}

// out += a times b, for single tiles: kTile x kTile, compact. The three do not overlap.
//
// Tiles begin at multiples of their size. If you tell the compiler so
// (__builtin_assume_aligned, __restrict__), it can make better vectors.
inline void AlignedDot(const scalar_t *__restrict__ a, const scalar_t *__restrict__ b,
                       scalar_t *__restrict__ out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_matmul
  for (std::size_t i = 0; i < kTile; ++i) {
    scalar_t row[kTile];
    std::copy_n(out + i * kTile, kTile, row);
    for (std::size_t k = 0; k < kTile; ++k)
      for (std::size_t j = 0; j < kTile; ++j)
        row[j] += a[i * kTile + k] * b[k * kTile + j];
    std::copy_n(row, kTile, out + i * kTile);
  }
  /// END YOUR SOLUTION
}

// The same product with all three in tiles: a has shape (m/T, n/T, T, T), b (n/T, p/T,
// T, T), out (m/T, p/T, T, T), compact, where T is kTile. m, n and p are multiples of T.
// out is not initialised.
void MatmulTiled(const AlignedArray &a, const AlignedArray &b, AlignedArray *out,
                 std::size_t m, std::size_t n, std::size_t p) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cpu_matmul
  constexpr std::size_t kSize = kTile * kTile;
  const std::size_t rows = m / kTile, inner = n / kTile, columns = p / kTile;
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j) {
      scalar_t sum[kSize] = {};
      for (std::size_t k = 0; k < inner; ++k)
        AlignedDot(a.ptr + (i * inner + k) * kSize, b.ptr + (k * columns + j) * kSize,
                   sum);
      std::copy_n(sum, kSize, out->ptr + (i * columns + j) * kSize);
    }
  /// END YOUR SOLUTION
}

}  // namespace cpu
}  // namespace needle
