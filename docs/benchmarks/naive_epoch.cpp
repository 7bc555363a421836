// The epoch of question 6 as three nested loops and nothing else: what most people write
// first, and what the benchmark compares with. Called through ctypes.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

extern "C" void naive_epoch(const float *X, const unsigned char *y, float *theta,
                            std::size_t m, std::size_t n, std::size_t k, float lr,
                            std::size_t batch) {
  std::vector<float> p(k), gradient(n * k);
  for (std::size_t start = 0; start < m; start += batch) {
    const std::size_t stop = std::min(start + batch, m);
    std::fill(gradient.begin(), gradient.end(), 0.0f);
    for (std::size_t i = start; i < stop; ++i) {
      for (std::size_t c = 0; c < k; ++c) {
        p[c] = 0;
        for (std::size_t j = 0; j < n; ++j) p[c] += X[i * n + j] * theta[j * k + c];
      }
      const float largest = *std::max_element(p.begin(), p.end());
      float sum = 0;
      for (std::size_t c = 0; c < k; ++c) sum += p[c] = std::exp(p[c] - largest);
      for (std::size_t c = 0; c < k; ++c) p[c] = p[c] / sum - (c == y[i] ? 1 : 0);
      for (std::size_t j = 0; j < n; ++j)
        for (std::size_t c = 0; c < k; ++c) gradient[j * k + c] += X[i * n + j] * p[c];
    }
    const float step = lr / static_cast<float>(stop - start);
    for (std::size_t j = 0; j < n * k; ++j) theta[j] -= step * gradient[j];
  }
}
