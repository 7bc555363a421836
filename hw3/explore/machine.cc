// What the notebook measures of the machine itself, and small loops whose order matters.
// Compiled by explore/compiler.py; nothing of it is part of the homework.
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace {

double Now() {
  using Clock = std::chrono::steady_clock;
  return std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
}

#if defined(__AVX512F__)
constexpr int kBytes = 64;
#elif defined(__AVX__)
constexpr int kBytes = 32;
#else
constexpr int kBytes = 16;
#endif
typedef float Vector __attribute__((vector_size(kBytes)));

volatile std::uint32_t kept;  // what a loop found out, so that it is not left out

}  // namespace

extern "C" {

// Follow a chain through memory from `at`, which is moved on: each step has to wait for
// the one before. Returns seconds a step.
double chase(const std::uint32_t *next, std::uint32_t *at, std::size_t steps) {
  std::uint32_t place = *at;
  const double begun = Now();
  for (std::size_t i = 0; i < steps; ++i) place = next[place];
  const double taken = Now() - begun;
  *at = place;
  return taken / static_cast<double>(steps);
}

// Read every `stride`-th number, `count` of them, from the beginning again where the
// memory ends. Returns seconds a number.
double stroll(const std::uint32_t *data, std::size_t size, std::size_t stride,
              std::size_t count) {
  std::uint32_t sum = 0;
  const double begun = Now();
  for (std::size_t done = 0; done < count;)
    for (std::size_t i = 0; i < size && done < count; i += stride, ++done)
      sum += data[i];
  const double taken = Now() - begun;
  kept = sum;
  return taken / static_cast<double>(count);
}

// Multiply and add in registers only. Returns floating point operations a second.
double peak(std::size_t rounds) {
  constexpr int kChains = 12;  // enough that no unit waits for a result
  Vector chains[kChains];
  for (int chain = 0; chain < kChains; ++chain)
    chains[chain] = Vector{} + static_cast<float>(chain + 2);
  const Vector factor = Vector{} + 0.999f, term = Vector{} + 0.001f;
  const double begun = Now();
  for (std::size_t i = 0; i < rounds; ++i)
    for (int chain = 0; chain < kChains; ++chain)
      chains[chain] = chains[chain] * factor + term;
  const double taken = Now() - begun;
  Vector sum{};
  for (int chain = 0; chain < kChains; ++chain) sum += chains[chain];
  kept = static_cast<std::uint32_t>(sum[0]);
  return 2.0 * rounds * kChains * (kBytes / sizeof(float)) / taken;
}

// y = x A, where x has m numbers and A is m x n, row-major: column by column.
void row_times_matrix_by_columns(const float *x, const float *A, float *y,
                                 std::size_t m, std::size_t n) {
  for (std::size_t to = 0; to < n; ++to) {
    float total = 0;
    for (std::size_t from = 0; from < m; ++from) total += x[from] * A[from * n + to];
    y[to] = total;
  }
}

// The same, row by row.
void row_times_matrix_by_rows(const float *x, const float *A, float *__restrict__ y,
                              std::size_t m, std::size_t n) {
  for (std::size_t to = 0; to < n; ++to) y[to] = 0;
  for (std::size_t from = 0; from < m; ++from)
    for (std::size_t to = 0; to < n; ++to) y[to] += x[from] * A[from * n + to];
}

}  // extern "C"
