#include "cpu_extra.h"

#include <cmath>

namespace needle {
namespace cpu {

void EwisePower(const AlignedArray &a, const AlignedArray &b, AlignedArray *out) {
  for (std::size_t i = 0; i < a.size; ++i) out->ptr[i] = std::pow(a.ptr[i], b.ptr[i]);
}

void EwiseWhere(const AlignedArray &condition, const AlignedArray &a,
                const AlignedArray &b, AlignedArray *out) {
  for (std::size_t i = 0; i < a.size; ++i)
    out->ptr[i] = condition.ptr[i] != 0 ? a.ptr[i] : b.ptr[i];
}

void MatmulBatched(const AlignedArray &a, const AlignedArray &b, AlignedArray *out,
                   std::size_t batch, std::size_t a_step, std::size_t b_step,
                   std::size_t m, std::size_t n, std::size_t p) {
  // Parts of arrays, which stay alive meanwhile: the parts own nothing.
  for (std::size_t i = 0; i < batch; ++i) {
    const AlignedArray left(a.ptr + i * a_step, m * n, nullptr);
    const AlignedArray right(b.ptr + i * b_step, n * p, nullptr);
    AlignedArray product(out->ptr + i * m * p, m * p, nullptr);
    Matmul(left, right, &product, m, n, p);
  }
}

}  // namespace cpu
}  // namespace needle
