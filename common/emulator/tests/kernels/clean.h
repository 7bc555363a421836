// What kernels that are right share: memory of the device, and a comparison with what plain
// code of the host has computed.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

namespace {

template <typename T>
class Buffer {
 public:
  explicit Buffer(std::size_t count) : count_(count) {
    cudaMalloc(&memory_, count * sizeof(T));
  }
  explicit Buffer(const std::vector<T> &from) : Buffer(from.size()) {
    cudaMemcpy(memory_, from.data(), count_ * sizeof(T), cudaMemcpyHostToDevice);
  }
  ~Buffer() { cudaFree(memory_); }
  Buffer(const Buffer &) = delete;
  Buffer &operator=(const Buffer &) = delete;
  T *get() const { return memory_; }
  std::vector<T> Read() const {
    std::vector<T> values(count_);
    cudaMemcpy(values.data(), memory_, count_ * sizeof(T), cudaMemcpyDeviceToHost);
    return values;
  }

 private:
  T *memory_ = nullptr;
  std::size_t count_;
};

std::vector<float> Numbers(std::size_t count) {
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<float>(i * 37 % 23);
  return values;
}

template <typename T>
int Differences(const std::vector<T> &a, const std::vector<T> &b,
                double tolerance = 0) {
  int wrong = cudaGetLastError() != cudaSuccess || a.size() != b.size();
  for (std::size_t i = 0; i < a.size(); ++i)
    wrong += !(std::abs(a[i] - b[i]) <= tolerance);
  return wrong;
}

unsigned CeilDiv(std::size_t a, std::size_t b) {
  return static_cast<unsigned>((a + b - 1) / b);
}

}  // namespace
