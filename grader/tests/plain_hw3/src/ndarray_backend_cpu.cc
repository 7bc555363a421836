// All kernels as most people would write them: counters, loops, sums in doubles here and
// in memory there. Nothing is fast, and everything is right.
#include "ndarray_backend_cpu.h"

#include <cmath>

namespace needle {
namespace cpu {

void Fill(AlignedArray *out, scalar_t val) {
  for (std::size_t i = 0; i < out->size; i++) out->ptr[i] = val;
}

// Where the element with this number is, counted in row-major order: by remainders.
static std::int64_t Position(std::int64_t number, const Extents &shape,
                             const Extents &strides, std::int64_t offset) {
  for (int axis = (int)shape.size() - 1; axis >= 0; axis--) {
    offset += number % shape[axis] * strides[axis];
    number /= shape[axis];
  }
  return offset;
}

void Compact(const AlignedArray &a, AlignedArray *out, const Extents &shape,
             const Extents &strides, std::int64_t offset) {
  for (std::size_t i = 0; i < out->size; i++)
    out->ptr[i] = a.ptr[Position(i, shape, strides, offset)];
}

// By recursion.
static std::size_t SetFrom(const AlignedArray &a, std::size_t next, AlignedArray *out,
                           const Extents &shape, const Extents &strides,
                           std::int64_t position, std::size_t axis) {
  if (axis == shape.size()) {
    out->ptr[position] = a.ptr[next];
    return next + 1;
  }
  for (std::int64_t i = 0; i < shape[axis]; i++)
    next =
        SetFrom(a, next, out, shape, strides, position + i * strides[axis], axis + 1);
  return next;
}

void EwiseSetitem(const AlignedArray &a, AlignedArray *out, const Extents &shape,
                  const Extents &strides, std::int64_t offset) {
  SetFrom(a, 0, out, shape, strides, offset, 0);
}

void ScalarSetitem(std::size_t size, scalar_t val, AlignedArray *out,
                   const Extents &shape, const Extents &strides, std::int64_t offset) {
  std::vector<std::int64_t> index(shape.size(), 0);
  for (std::size_t done = 0; done < size; done++) {
    std::int64_t position = offset;
    for (std::size_t k = 0; k < index.size(); k++) position += index[k] * strides[k];
    out->ptr[position] = val;
    for (int k = (int)index.size() - 1; k >= 0 && ++index[k] == shape[k]; k--)
      index[k] = 0;
  }
}

#define EACH(expression) \
  for (std::size_t i = 0; i < out->size; i++) out->ptr[i] = (expression)

void EwiseAdd(const AlignedArray &a, const AlignedArray &b, AlignedArray *out) {
  EACH(a.ptr[i] + b.ptr[i]);
}
void ScalarAdd(const AlignedArray &a, scalar_t val, AlignedArray *out) {
  EACH(a.ptr[i] + val);
}
void EwiseMul(const AlignedArray &a, const AlignedArray &b, AlignedArray *out) {
  EACH((double)a.ptr[i] * b.ptr[i]);
}
void ScalarMul(const AlignedArray &a, scalar_t val, AlignedArray *out) {
  EACH(val * a.ptr[i]);
}
void EwiseDiv(const AlignedArray &a, const AlignedArray &b, AlignedArray *out) {
  EACH((double)a.ptr[i] / b.ptr[i]);
}
void ScalarDiv(const AlignedArray &a, scalar_t val, AlignedArray *out) {
  const scalar_t factor = 1 / val;
  EACH(a.ptr[i] * factor);
}
void ScalarPower(const AlignedArray &a, scalar_t val, AlignedArray *out) {
  EACH(std::pow((double)a.ptr[i], (double)val));
}

static scalar_t Larger(scalar_t x, scalar_t y) {
  if (std::isnan(x)) return x;
  if (std::isnan(y)) return y;
  return x > y ? x : y;
}

void EwiseMaximum(const AlignedArray &a, const AlignedArray &b, AlignedArray *out) {
  EACH(Larger(b.ptr[i], a.ptr[i]));
}
void ScalarMaximum(const AlignedArray &a, scalar_t val, AlignedArray *out) {
  EACH(Larger(a.ptr[i], val));
}
void EwiseEq(const AlignedArray &a, const AlignedArray &b, AlignedArray *out) {
  EACH(a.ptr[i] == b.ptr[i] ? 1 : 0);
}
void ScalarEq(const AlignedArray &a, scalar_t val, AlignedArray *out) {
  EACH(a.ptr[i] == val ? 1 : 0);
}
void EwiseGe(const AlignedArray &a, const AlignedArray &b, AlignedArray *out) {
  EACH(a.ptr[i] > b.ptr[i] || a.ptr[i] == b.ptr[i]);
}
void ScalarGe(const AlignedArray &a, scalar_t val, AlignedArray *out) {
  EACH(a.ptr[i] >= val ? 1 : 0);
}
void EwiseLog(const AlignedArray &a, AlignedArray *out) {
  EACH(std::log((double)a.ptr[i]));
}
void EwiseExp(const AlignedArray &a, AlignedArray *out) { EACH(expf(a.ptr[i])); }
void EwiseTanh(const AlignedArray &a, AlignedArray *out) {
  EACH(std::tanh((double)a.ptr[i]));
}

// In one chain of floats: as inexact as it gets.
void ReduceSum(const AlignedArray &a, AlignedArray *out, std::size_t reduce_size,
               std::size_t inner) {
  for (std::size_t i = 0; i < out->size; i++) {
    scalar_t sum = 0;
    for (std::size_t r = 0; r < reduce_size; r++)
      sum += a.ptr[(i / inner * reduce_size + r) * inner + i % inner];
    out->ptr[i] = sum;
  }
}

// In one pass through a.
void ReduceMax(const AlignedArray &a, AlignedArray *out, std::size_t reduce_size,
               std::size_t inner) {
  for (std::size_t i = 0; i < a.size; i++) {
    scalar_t *largest = &out->ptr[i / (reduce_size * inner) * inner + i % inner];
    const bool first = i / inner % reduce_size == 0;
    *largest = first ? a.ptr[i] : Larger(*largest, a.ptr[i]);
  }
}

void Matmul(const AlignedArray &a, const AlignedArray &b, AlignedArray *out,
            std::size_t m, std::size_t n, std::size_t p) {
  Fill(out, 0);
  for (std::size_t k = n; k-- > 0;)
    for (std::size_t i = 0; i < m; i++)
      for (std::size_t j = 0; j < p; j++)
        out->ptr[i * p + j] += a.ptr[i * n + k] * b.ptr[k * p + j];
}

// Tile by tile, in doubles, without AlignedDot.
void MatmulTiled(const AlignedArray &a, const AlignedArray &b, AlignedArray *out,
                 std::size_t m, std::size_t n, std::size_t p) {
  const auto at = [](std::size_t row, std::size_t column, std::size_t columns) {
    const std::size_t tile = row / kTile * (columns / kTile) + column / kTile;
    return (tile * kTile + row % kTile) * kTile + column % kTile;
  };
  for (std::size_t i = 0; i < m; i++)
    for (std::size_t j = 0; j < p; j++) {
      double sum = 0;
      for (std::size_t k = 0; k < n; k++)
        sum += (double)a.ptr[at(i, k, n)] * b.ptr[at(k, j, p)];
      out->ptr[at(i, j, p)] = sum;
    }
}

}  // namespace cpu
}  // namespace needle
