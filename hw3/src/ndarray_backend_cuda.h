// The CUDA backend: flat arrays of floats in memory of the device, and the functions that
// compute on them there.
//
// They are those of the CPU backend, with the same names and arguments, and the same is
// asked of them; here a function of the host launches a kernel, and threads of the device
// do the work. An array's `ptr` points to memory of the device: only kernels may follow
// it.
//
// What calls these functions (ndarray_backend_cuda_module.cc) has checked the sizes, and
// that every element of a view lies inside its array. Arrays may be empty; then there is
// nothing to launch, and a launch of no blocks would be an error.
#pragma once

#include <cuda_runtime_api.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>

#include "backend.h"

namespace needle {
namespace cuda {

// What CUDA refused; in Python a RuntimeError.
struct CudaError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Throw a CudaError if `error` is one; `what` says what was tried. After a launch, which
// returns nothing: Check(cudaGetLastError(), "EwiseAdd").
void Check(cudaError_t error, const char *what);

// `size` floats on the device, not initialised.
struct CudaArray {
  explicit CudaArray(std::size_t size);
  // A part of another array, which is to live as long as this one.
  CudaArray(scalar_t *ptr, std::size_t size) : ptr(ptr), size(size) {}
  // The same, and it keeps the other array's memory alive.
  CudaArray(const CudaArray &whole, std::size_t first, std::size_t size)
      : ptr(whole.ptr + first), size(size), memory_(whole.memory_) {}

  CudaArray(const CudaArray &) = delete;
  CudaArray &operator=(const CudaArray &) = delete;

  scalar_t *ptr;
  std::size_t size;

 private:
  std::shared_ptr<void> memory_;
};

void Fill(CudaArray *out, scalar_t val);

// Copies between a compact array and a view.
void Compact(const CudaArray &a, CudaArray *out, const Extents &shape,
             const Extents &strides, std::int64_t offset);
void EwiseSetitem(const CudaArray &a, CudaArray *out, const Extents &shape,
                  const Extents &strides, std::int64_t offset);
void ScalarSetitem(std::size_t size, scalar_t val, CudaArray *out, const Extents &shape,
                   const Extents &strides, std::int64_t offset);

// Element by element.
void EwiseAdd(const CudaArray &a, const CudaArray &b, CudaArray *out);
void ScalarAdd(const CudaArray &a, scalar_t val, CudaArray *out);
void EwiseMul(const CudaArray &a, const CudaArray &b, CudaArray *out);
void ScalarMul(const CudaArray &a, scalar_t val, CudaArray *out);
void EwiseDiv(const CudaArray &a, const CudaArray &b, CudaArray *out);
void ScalarDiv(const CudaArray &a, scalar_t val, CudaArray *out);
void ScalarPower(const CudaArray &a, scalar_t val, CudaArray *out);
void EwiseMaximum(const CudaArray &a, const CudaArray &b, CudaArray *out);
void ScalarMaximum(const CudaArray &a, scalar_t val, CudaArray *out);
void EwiseEq(const CudaArray &a, const CudaArray &b, CudaArray *out);
void ScalarEq(const CudaArray &a, scalar_t val, CudaArray *out);
void EwiseGe(const CudaArray &a, const CudaArray &b, CudaArray *out);
void ScalarGe(const CudaArray &a, scalar_t val, CudaArray *out);
void EwiseLog(const CudaArray &a, CudaArray *out);
void EwiseExp(const CudaArray &a, CudaArray *out);
void EwiseTanh(const CudaArray &a, CudaArray *out);

// Sums and maxima of elements that are `inner` apart.
void ReduceSum(const CudaArray &a, CudaArray *out, std::size_t reduce_size,
               std::size_t inner);
void ReduceMax(const CudaArray &a, CudaArray *out, std::size_t reduce_size,
               std::size_t inner);

// The product of two matrices.
void Matmul(const CudaArray &a, const CudaArray &b, CudaArray *out, std::size_t m,
            std::size_t n, std::size_t p);

}  // namespace cuda
}  // namespace needle
