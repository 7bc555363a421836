// Kernels beyond the homework's, written for you: what broadcasting, tensors and batches
// of matrices need besides yours.
#pragma once

#include "ndarray_backend_cuda.h"

namespace needle {
namespace cuda {

// out = a to the power of b, element by element.
void EwisePower(const CudaArray &a, const CudaArray &b, CudaArray *out);

// out = a where condition is not 0, else b, element by element.
void EwiseWhere(const CudaArray &condition, const CudaArray &a, const CudaArray &b,
                CudaArray *out);

// `batch` products of matrices, m x n times n x p, by your Matmul. The matrices of a
// begin a_step elements apart, those of b b_step; 0 uses the same one for all.
void MatmulBatched(const CudaArray &a, const CudaArray &b, CudaArray *out,
                   std::size_t batch, std::size_t a_step, std::size_t b_step,
                   std::size_t m, std::size_t n, std::size_t p);

}  // namespace cuda
}  // namespace needle
