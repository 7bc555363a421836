#include "cuda_extra.h"
#include "cuda_launch.h"

namespace needle {
namespace cuda {

__global__ void EwisePowerKernel(const scalar_t *a, const scalar_t *b, scalar_t *out,
                                 std::size_t size) {
  const std::size_t i = ThreadNumber();
  if (i < size) out[i] = powf(a[i], b[i]);
}

void EwisePower(const CudaArray &a, const CudaArray &b, CudaArray *out) {
  if (out->size == 0) return;
  EwisePowerKernel<<<Blocks(out->size), kThreads>>>(a.ptr, b.ptr, out->ptr, out->size);
  Check(cudaGetLastError(), "EwisePower");
}

__global__ void EwiseWhereKernel(const scalar_t *condition, const scalar_t *a,
                                 const scalar_t *b, scalar_t *out, std::size_t size) {
  const std::size_t i = ThreadNumber();
  if (i < size) out[i] = condition[i] != 0 ? a[i] : b[i];
}

void EwiseWhere(const CudaArray &condition, const CudaArray &a, const CudaArray &b,
                CudaArray *out) {
  if (out->size == 0) return;
  EwiseWhereKernel<<<Blocks(out->size), kThreads>>>(condition.ptr, a.ptr, b.ptr,
                                                    out->ptr, out->size);
  Check(cudaGetLastError(), "EwiseWhere");
}

void MatmulBatched(const CudaArray &a, const CudaArray &b, CudaArray *out,
                   std::size_t batch, std::size_t a_step, std::size_t b_step,
                   std::size_t m, std::size_t n, std::size_t p) {
  for (std::size_t i = 0; i < batch; ++i) {
    const CudaArray left(a.ptr + i * a_step, m * n);
    const CudaArray right(b.ptr + i * b_step, n * p);
    CudaArray product(out->ptr + i * m * p, m * p);
    Matmul(left, right, &product, m, n, p);
  }
}

}  // namespace cuda
}  // namespace needle
