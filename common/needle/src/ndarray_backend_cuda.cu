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

/// SOLUTION ONLY hw3.ndarray_cuda_compact_setitem
// Return where the element of a view lies that is number `flat` of the compact array. To
// divide 64 bits takes a thread several times as long as 32, so Index is what suffices;
// positions have 64 bits always.
template <typename Index>
__device__ std::int64_t PositionOf(const View &view, Index flat) {
  std::int64_t position = view.offset;
  for (int axis = view.axes - 1; axis > 0; --axis) {
    const Index length = static_cast<Index>(view.lengths[axis]);
    position += static_cast<std::int64_t>(flat % length) * view.steps[axis];
    flat /= length;
  }
  if (view.axes > 0) position += static_cast<std::int64_t>(flat) * view.steps[0];
  return position;
}

// Call visit(flat, position) for each element of a view, in a thread of its own.
template <typename Index, typename Visit>
__global__ void WalkKernel(std::size_t size, View view, Visit visit) {
  const std::size_t flat = ThreadNumber();
  if (flat < size) visit(flat, PositionOf(view, static_cast<Index>(flat)));
}

template <typename Visit>
void Walk(std::size_t size, const View &view, Visit visit) {
  if (size == 0) return;
  if (size <= std::numeric_limits<std::uint32_t>::max())
    WalkKernel<std::uint32_t><<<Blocks(size), kThreads>>>(size, view, visit);
  else
    WalkKernel<std::uint64_t><<<Blocks(size), kThreads>>>(size, view, visit);
}
/// END SOLUTION ONLY

// out, which is compact, becomes a copy of a view on a.
void Compact(const CudaArray &a, CudaArray *out, const Extents &shape,
             const Extents &strides, std::int64_t offset) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_compact_setitem
  const scalar_t *from = a.ptr;
  scalar_t *to = out->ptr;
  Walk(out->size, ViewOf(shape, strides, offset),
       [=] __device__(std::size_t flat, std::int64_t position) {
         to[flat] = from[position];
       });
  Check(cudaGetLastError(), "Compact");
  /// END YOUR SOLUTION
}

// A view on out becomes a copy of a, which is compact. The rest of out stays as it is.
void EwiseSetitem(const CudaArray &a, CudaArray *out, const Extents &shape,
                  const Extents &strides, std::int64_t offset) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_compact_setitem
  const scalar_t *from = a.ptr;
  scalar_t *to = out->ptr;
  Walk(a.size, ViewOf(shape, strides, offset),
       [=] __device__(std::size_t flat, std::int64_t position) {
         to[position] = from[flat];
       });
  Check(cudaGetLastError(), "EwiseSetitem");
  /// END YOUR SOLUTION
}

// All elements of a view on out, `size` of them, become val. The rest stays as it is.
void ScalarSetitem(std::size_t size, scalar_t val, CudaArray *out, const Extents &shape,
                   const Extents &strides, std::int64_t offset) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_compact_setitem
  scalar_t *to = out->ptr;
  Walk(size, ViewOf(shape, strides, offset),
       [=] __device__(std::size_t, std::int64_t position) { to[position] = val; });
  Check(cudaGetLastError(), "ScalarSetitem");
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

/// SOLUTION ONLY hw3.ndarray_cuda_ops
// One kernel for all: out[i] = f(a[i]), and out[i] = f(a[i], b[i]). What f is, the
// compiler knows, and it makes a kernel of its own for each.
template <typename F>
__global__ void MapKernel(const scalar_t *a, scalar_t *out, std::size_t size, F f) {
  const std::size_t i = ThreadNumber();
  if (i < size) out[i] = f(a[i]);
}

template <typename F>
__global__ void MapTwoKernel(const scalar_t *a, const scalar_t *b, scalar_t *out,
                             std::size_t size, F f) {
  const std::size_t i = ThreadNumber();
  if (i < size) out[i] = f(a[i], b[i]);
}

template <typename F>
void Map(const char *name, const CudaArray &a, CudaArray *out, F f) {
  if (out->size == 0) return;
  MapKernel<<<Blocks(out->size), kThreads>>>(a.ptr, out->ptr, out->size, f);
  Check(cudaGetLastError(), name);
}

template <typename F>
void Map(const char *name, const CudaArray &a, const CudaArray &b, CudaArray *out,
         F f) {
  if (out->size == 0) return;
  MapTwoKernel<<<Blocks(out->size), kThreads>>>(a.ptr, b.ptr, out->ptr, out->size, f);
  Check(cudaGetLastError(), name);
}

// Unlike fmaxf, not a number if one of the two is not: where y is not, x > y is false,
// and where x is not, x != x is true.
__device__ inline scalar_t Larger(scalar_t x, scalar_t y) {
  const scalar_t larger = x > y ? x : y;
  return x != x ? x : larger;
}
/// END SOLUTION ONLY

// out = a * b
void EwiseMul(const CudaArray &a, const CudaArray &b, CudaArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_ops
  Map("EwiseMul", a, b, out, [] __device__(scalar_t x, scalar_t y) { return x * y; });
  /// END YOUR SOLUTION
}

// out = a * val
void ScalarMul(const CudaArray &a, scalar_t val, CudaArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_ops
  Map("ScalarMul", a, out, [=] __device__(scalar_t x) { return x * val; });
  /// END YOUR SOLUTION
}

// out = a / b
void EwiseDiv(const CudaArray &a, const CudaArray &b, CudaArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_ops
  Map("EwiseDiv", a, b, out, [] __device__(scalar_t x, scalar_t y) { return x / y; });
  /// END YOUR SOLUTION
}

// out = a / val
void ScalarDiv(const CudaArray &a, scalar_t val, CudaArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_ops
  Map("ScalarDiv", a, out, [=] __device__(scalar_t x) { return x / val; });
  /// END YOUR SOLUTION
}

// out = a to the power of val
void ScalarPower(const CudaArray &a, scalar_t val, CudaArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_ops
  if (val == 2)  // by far the most frequent, and exact
    Map("ScalarPower", a, out, [] __device__(scalar_t x) { return x * x; });
  else
    Map("ScalarPower", a, out, [=] __device__(scalar_t x) { return powf(x, val); });
  /// END YOUR SOLUTION
}

// out = the larger of a and b
void EwiseMaximum(const CudaArray &a, const CudaArray &b, CudaArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_ops
  Map("EwiseMaximum", a, b, out,
      [] __device__(scalar_t x, scalar_t y) { return Larger(x, y); });
  /// END YOUR SOLUTION
}

// out = the larger of a and val
void ScalarMaximum(const CudaArray &a, scalar_t val, CudaArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_ops
  Map("ScalarMaximum", a, out, [=] __device__(scalar_t x) { return Larger(x, val); });
  /// END YOUR SOLUTION
}

// out = 1 where a == b, else 0
void EwiseEq(const CudaArray &a, const CudaArray &b, CudaArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_ops
  Map("EwiseEq", a, b, out,
      [] __device__(scalar_t x, scalar_t y) -> scalar_t { return x == y; });
  /// END YOUR SOLUTION
}

// out = 1 where a == val, else 0
void ScalarEq(const CudaArray &a, scalar_t val, CudaArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_ops
  Map("ScalarEq", a, out, [=] __device__(scalar_t x) -> scalar_t { return x == val; });
  /// END YOUR SOLUTION
}

// out = 1 where a >= b, else 0
void EwiseGe(const CudaArray &a, const CudaArray &b, CudaArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_ops
  Map("EwiseGe", a, b, out,
      [] __device__(scalar_t x, scalar_t y) -> scalar_t { return x >= y; });
  /// END YOUR SOLUTION
}

// out = 1 where a >= val, else 0
void ScalarGe(const CudaArray &a, scalar_t val, CudaArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_ops
  Map("ScalarGe", a, out, [=] __device__(scalar_t x) -> scalar_t { return x >= val; });
  /// END YOUR SOLUTION
}

// out = the natural logarithm of a
void EwiseLog(const CudaArray &a, CudaArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_ops
  Map("EwiseLog", a, out, [] __device__(scalar_t x) { return logf(x); });
  /// END YOUR SOLUTION
}

// out = e to the power of a
void EwiseExp(const CudaArray &a, CudaArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_ops
  Map("EwiseExp", a, out, [] __device__(scalar_t x) { return expf(x); });
  /// END YOUR SOLUTION
}

// out = the hyperbolic tangent of a
void EwiseTanh(const CudaArray &a, CudaArray *out) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_ops
  Map("EwiseTanh", a, out, [] __device__(scalar_t x) { return tanhf(x); });
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

/// SOLUTION ONLY hw3.ndarray_cuda_reductions
// Elements that one warp, or one block, reduces. There are several parts to longer ones:
// so that many work at a single long sum, and it loses no more digits than hundreds of
// steps make it lose.
constexpr std::size_t kPart = 4096;
constexpr unsigned kWarp = 32, kRows = 8;

// inner is 1: a warp for each part of each row. Its lanes read side by side, each reduces
// every 32nd element, and what they have they hand to each other, without any memory.
template <typename F>
__global__ void ReduceRowsKernel(const scalar_t *a, scalar_t *out, std::size_t size,
                                 std::size_t length, std::size_t parts,
                                 scalar_t initial, F f) {
  const std::size_t warp = ThreadNumber() / kWarp;
  if (warp >= size) return;  // all lanes of a warp, or none
  const std::size_t begin = warp % parts * kPart;
  const std::size_t end = min(begin + kPart, length);
  const scalar_t *row = a + warp / parts * length;
  scalar_t value = initial;
  for (std::size_t r = begin + threadIdx.x % kWarp; r < end; r += kWarp)
    value = f(value, row[r]);
  for (unsigned down = kWarp / 2; down > 0; down /= 2)
    value = f(value, __shfl_down_sync(0xffffffff, value, down));
  if (threadIdx.x % kWarp == 0) out[warp] = value;
}

// A block of 32 x 8 threads for 32 neighbouring columns of a part. A warp reads a piece of
// a row, side by side, and every 8th row; the 8 results of a column meet in memory that
// the block shares.
template <typename F>
__global__ void ReduceColumnsKernel(const scalar_t *a, scalar_t *out,
                                    std::size_t length, std::size_t parts,
                                    std::size_t inner, scalar_t initial, F f) {
  __shared__ scalar_t values[kRows][kWarp];
  const std::size_t groups = (inner + kWarp - 1) / kWarp;
  const std::size_t column = blockIdx.x % groups * kWarp + threadIdx.x;
  const std::size_t which = blockIdx.x / groups;  // of outer * parts
  const std::size_t begin = which % parts * kPart;
  const std::size_t end = min(begin + kPart, length);
  scalar_t value = initial;
  if (column < inner)
    for (std::size_t r = begin + threadIdx.y; r < end; r += kRows)
      value = f(value, a[(which / parts * length + r) * inner + column]);
  values[threadIdx.y][threadIdx.x] = value;
  __syncthreads();  // every thread comes here, also those without a column
  if (threadIdx.y > 0 || column >= inner) return;
  for (unsigned y = 1; y < kRows; ++y) value = f(value, values[y][threadIdx.x]);
  out[which * inner + column] = value;
}

// Reduce each part: out has shape (outer, parts, inner).
template <typename F>
void ReduceParts(const char *name, const CudaArray &a, CudaArray *out,
                 std::size_t length, std::size_t parts, std::size_t inner,
                 scalar_t initial, F f) {
  if (inner == 1) {
    ReduceRowsKernel<<<Blocks(out->size * kWarp), kThreads>>>(
        a.ptr, out->ptr, out->size, length, parts, initial, f);
  } else {
    const std::size_t groups = (inner + kWarp - 1) / kWarp;
    ReduceColumnsKernel<<<Grid(out->size / inner * groups), dim3(kWarp, kRows)>>>(
        a.ptr, out->ptr, length, parts, inner, initial, f);
  }
  Check(cudaGetLastError(), name);
}

template <typename F>
void Reduce(const char *name, const CudaArray &a, std::size_t length, std::size_t inner,
            CudaArray *out, scalar_t initial, F f) {
  if (out->size == 0) return;
  const std::size_t parts = (length + kPart - 1) / kPart;
  if (parts <= 1) return ReduceParts(name, a, out, length, 1, inner, initial, f);
  // Its memory may be another array's before the kernels have run: theirs come later.
  CudaArray some(out->size * parts);
  ReduceParts(name, a, &some, length, parts, inner, initial, f);
  Reduce(name, some, parts, inner, out, initial, f);
}
/// END SOLUTION ONLY

// out = the sums; of nothing, 0.
void ReduceSum(const CudaArray &a, CudaArray *out, std::size_t reduce_size,
               std::size_t inner) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_reductions
  Reduce("ReduceSum", a, reduce_size, inner, out, 0,
         [] __device__(scalar_t x, scalar_t y) { return x + y; });
  /// END YOUR SOLUTION
}

// out = the largest; not a number if one of them is not. reduce_size is at least 1.
void ReduceMax(const CudaArray &a, CudaArray *out, std::size_t reduce_size,
               std::size_t inner) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_reductions
  const scalar_t lowest = -std::numeric_limits<scalar_t>::infinity();
  Reduce("ReduceMax", a, reduce_size, inner, out, lowest,
         [] __device__(scalar_t x, scalar_t y) {
           const scalar_t larger = x > y ? x : y;
           return x != x ? x : larger;  // x > y is false if one of them is no number
         });
  /// END YOUR SOLUTION
}

// ------------------------------------------------------------------------------------
// Products of matrices
// ------------------------------------------------------------------------------------

/// SOLUTION ONLY hw3.ndarray_cuda_matmul
// A block of 256 threads computes a tile of out, kTile x kTile; a thread computes kPer x
// kPer of its elements, and keeps their sums in registers. In steps of kDepth the block
// copies a strip of a and a strip of b to shared memory, where each number is read by many
// threads: memory of the device is read kTile times less often than by a thread for each
// element, and shared memory kPer times.
//
// Which elements of a tile thread `t` of a side has: groups of four neighbours, which are
// read at once. Neighbouring threads have neighbouring groups, so that a warp's reads meet
// in no bank of shared memory.
template <int kTile, int kPer>
__device__ constexpr int PlaceOf(int t, int i) {
  constexpr int kGroup = kPer < 4 ? kPer : 4;
  return i / kGroup * (kTile / kPer) * kGroup + t * kGroup + i % kGroup;
}

// Read four neighbours of a row; beyond the ends of the matrix there are zeros.
__device__ inline float4 FourOf(const scalar_t *matrix, std::size_t rows,
                                std::size_t columns, std::size_t row,
                                std::size_t column) {
  float4 four = make_float4(0, 0, 0, 0);
  if (row >= rows || column >= columns) return four;
  const scalar_t *from = matrix + row * columns + column;
  const std::size_t left = columns - column;
  if (left >= 4 && reinterpret_cast<std::uintptr_t>(from) % sizeof four == 0)
    return *reinterpret_cast<const float4 *>(from);
  four.x = from[0];
  if (left > 1) four.y = from[1];
  if (left > 2) four.z = from[2];
  if (left > 3) four.w = from[3];
  return four;
}

template <int kTile, int kDepth, int kPer>
__global__ void __launch_bounds__(kThreads, 2)
    MatmulKernel(const scalar_t *a, const scalar_t *b, scalar_t *out, std::size_t m,
                 std::size_t n, std::size_t p) {
  constexpr int kSide = kTile / kPer;  // threads along a side
  constexpr int kFours = kTile * kDepth / 4;
  constexpr int kLoads = (kFours + kThreads - 1) / kThreads;  // of a thread, per strip
  static_assert(kSide * kSide == kThreads, "each thread has kPer x kPer elements");
  // Strips, twice: while one is computed with, the next one comes. That of a lies on its
  // side, so that a thread's rows are neighbours; longer rows spread it over the banks.
  __shared__ __align__(16) scalar_t left[2][kDepth][kTile + 4];
  __shared__ __align__(16) scalar_t right[2][kDepth][kTile];
  // Tiles are counted with 32 bits, which is what a grid has, to save registers.
  const unsigned across = static_cast<unsigned>((p + kTile - 1) / kTile);
  const std::size_t row0 = std::size_t{blockIdx.x / across} * kTile;
  const std::size_t column0 = std::size_t{blockIdx.x % across} * kTile;
  const int thread = static_cast<int>(threadIdx.x);
  const int y = thread / kSide, x = thread % kSide;

  float4 next_left[kLoads], next_right[kLoads];  // on their way to shared memory
  const auto read = [&](std::size_t k) {
#pragma unroll
    for (int load = 0; load < kLoads; ++load) {
      const int i = load * static_cast<int>(kThreads) + thread;
      if (i >= kFours) continue;
      next_left[load] =
          FourOf(a, m, n, row0 + i / (kDepth / 4), k + i % (kDepth / 4) * 4);
      next_right[load] =
          FourOf(b, n, p, k + i / (kTile / 4), column0 + i % (kTile / 4) * 4);
    }
  };
  const auto store = [&](int buffer) {
#pragma unroll
    for (int load = 0; load < kLoads; ++load) {
      const int i = load * static_cast<int>(kThreads) + thread;
      if (i >= kFours) continue;
      const int row = i / (kDepth / 4), depth = i % (kDepth / 4) * 4;
      left[buffer][depth][row] = next_left[load].x;
      left[buffer][depth + 1][row] = next_left[load].y;
      left[buffer][depth + 2][row] = next_left[load].z;
      left[buffer][depth + 3][row] = next_left[load].w;
      *reinterpret_cast<float4 *>(
          &right[buffer][i / (kTile / 4)][i % (kTile / 4) * 4]) = next_right[load];
    }
  };

  scalar_t sums[kPer][kPer] = {};
  int now = 0;
  read(0);
  store(0);
  __syncthreads();
  for (std::size_t k = 0; k < n; k += kDepth, now = 1 - now) {
    const bool more = k + kDepth < n;
    if (more) read(k + kDepth);  // arrives while the sums grow
#pragma unroll
    for (int depth = 0; depth < kDepth; ++depth) {
      scalar_t rows[kPer], columns[kPer];
#pragma unroll
      for (int i = 0; i < kPer; ++i) {
        rows[i] = left[now][depth][PlaceOf<kTile, kPer>(y, i)];
        columns[i] = right[now][depth][PlaceOf<kTile, kPer>(x, i)];
      }
#pragma unroll
      for (int i = 0; i < kPer; ++i)
#pragma unroll
        for (int j = 0; j < kPer; ++j) sums[i][j] += rows[i] * columns[j];
    }
    // Nobody reads the other strips any more: all are past the last barrier.
    if (more) store(1 - now);
    __syncthreads();
  }
#pragma unroll
  for (int i = 0; i < kPer; ++i)
#pragma unroll
    for (int j = 0; j < kPer; ++j) {
      const std::size_t row = row0 + PlaceOf<kTile, kPer>(y, i);
      const std::size_t column = column0 + PlaceOf<kTile, kPer>(x, j);
      if (row < m && column < p) out[row * p + column] = sums[i][j];
    }
}

inline std::size_t TilesOf(std::size_t m, std::size_t p, std::size_t tile) {
  return ((m + tile - 1) / tile) * ((p + tile - 1) / tile);
}
/// END SOLUTION ONLY

// out (m x p) = a (m x n) times b (n x p), all compact. out is not initialised.
void Matmul(const CudaArray &a, const CudaArray &b, CudaArray *out, std::size_t m,
            std::size_t n, std::size_t p) {
  /// BEGIN YOUR SOLUTION hw3.ndarray_cuda_matmul
  if (out->size == 0) return;
  // Large tiles read least, but there have to be enough of them to keep a device busy, and
  // what of them lies outside of out is computed in vain.
  const std::size_t side = m < p ? m : p;
  const auto tiles = [&](std::size_t tile) { return TilesOf(m, p, tile); };
  if (side > 64 && tiles(128) >= 64)
    MatmulKernel<128, 8, 8>
        <<<Grid(tiles(128)), kThreads>>>(a.ptr, b.ptr, out->ptr, m, n, p);
  else if (side > 16 && tiles(64) >= 16)
    MatmulKernel<64, 16, 4>
        <<<Grid(tiles(64)), kThreads>>>(a.ptr, b.ptr, out->ptr, m, n, p);
  else
    MatmulKernel<16, 16, 1>
        <<<Grid(tiles(16)), kThreads>>>(a.ptr, b.ptr, out->ptr, m, n, p);
  Check(cudaGetLastError(), "Matmul");
  /// END YOUR SOLUTION
}

}  // namespace cuda
}  // namespace needle
