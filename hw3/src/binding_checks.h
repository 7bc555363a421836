// Checks of what Python hands over, before a kernel is called.
//
// No kernel is called with sizes that do not fit, or with a view that leaves its array:
// whatever is called from Python, nothing is read or written out of bounds.
#pragma once

#include <pybind11/pybind11.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>

#include "backend.h"

namespace needle {

[[noreturn]] inline void Refuse(const char *kernel, const std::string &why) {
  throw pybind11::value_error(std::string(kernel) + ": " + why);
}

// More bytes than these have cannot be counted.
constexpr std::int64_t kMostElements =
    std::numeric_limits<std::ptrdiff_t>::max() / sizeof(scalar_t);

// Return x * y, or refuse where it is more than an array can have.
inline std::size_t Times(const char *kernel, std::size_t x, std::size_t y) {
  std::size_t product = 0;
  if (__builtin_mul_overflow(x, y, &product) || product > kMostElements)
    Refuse(kernel, "too many elements");
  return product;
}

inline void CheckSize(const char *kernel, const char *name, std::size_t size,
                      std::size_t expected) {
  if (size != expected)
    Refuse(kernel, std::string(name) + " has " + std::to_string(size) +
                       " elements, and should have " + std::to_string(expected));
}

// The first and the last element of memory that a view shows, and how many it shows. If
// these are none, the ends say nothing.
struct Span {
  std::int64_t first = 0, last = -1;
  std::size_t size = 0;
};

// Check that a view lies inside memory of `available` elements.
inline Span CheckView(const char *kernel, std::size_t available, const Extents &shape,
                      const Extents &strides, std::int64_t offset) {
  if (shape.size() != strides.size())
    Refuse(kernel, "a shape of " + std::to_string(shape.size()) + " axes with " +
                       std::to_string(strides.size()) + " strides");
  for (std::int64_t length : shape)
    if (length < 0) Refuse(kernel, "an axis of negative length");
  // Kernels, and NumPy in bytes, have to be able to count these without overflow.
  for (std::int64_t step : strides)
    if (step > kMostElements || step < -kMostElements)
      Refuse(kernel, "a stride is longer than any array");
  if (offset > kMostElements || offset < -kMostElements)
    Refuse(kernel, "the offset lies outside of any array");
  for (std::int64_t length : shape)
    if (length == 0) return {};
  Span span{offset, offset, 1};
  for (std::size_t k = 0; k < shape.size(); ++k) {
    std::int64_t way = 0;
    std::int64_t &end = strides[k] < 0 ? span.first : span.last;
    if (__builtin_mul_overflow(shape[k] - 1, strides[k], &way) ||
        __builtin_add_overflow(end, way, &end))
      Refuse(kernel, "the view is too large");
    span.size = Times(kernel, span.size, static_cast<std::size_t>(shape[k]));
  }
  if (span.first < 0 || span.last >= static_cast<std::int64_t>(available))
    Refuse(kernel, "the view reaches from element " + std::to_string(span.first) +
                       " to " + std::to_string(span.last) + " of an array that has " +
                       std::to_string(available));
  return span;
}

// Return whether two arrays have memory in common.
template <typename Array>
bool Overlap(const Array &a, const Array &b) {
  const std::less<const scalar_t *> before;
  return a.size > 0 && b.size > 0 && before(a.ptr, b.ptr + b.size) &&
         before(b.ptr, a.ptr + a.size);
}

// Check that a kernel does not overwrite what it still has to read.
template <typename Array>
void CheckApart(const char *kernel, const Array &out, const Array &operand) {
  if (Overlap(out, operand)) Refuse(kernel, "out shares memory with an operand");
}

template <typename Array>
void CheckProduct(const char *kernel, const Array &a, const Array &b, const Array &out,
                  std::size_t m, std::size_t n, std::size_t p) {
  CheckSize(kernel, "a", a.size, Times(kernel, m, n));
  CheckSize(kernel, "b", b.size, Times(kernel, n, p));
  CheckSize(kernel, "out", out.size, Times(kernel, m, p));
  CheckApart(kernel, out, a);
  CheckApart(kernel, out, b);
}

// Return the length of the sums of a product. Where it is empty there are none, and no
// kernel goes through them, however long they would be.
template <typename Array>
std::size_t StepsOf(const Array &out, std::size_t n) {
  return out.size > 0 ? n : 0;
}

// Check that `batch` matrices of `size` elements, `step` apart, lie inside an array.
template <typename Array>
void CheckBatch(const char *kernel, const char *name, const Array &array,
                std::size_t batch, std::size_t step, std::size_t size) {
  const std::size_t way = Times(kernel, batch - 1, step);
  if (array.size < size || array.size - size < way)
    Refuse(kernel, std::string(name) + " has too few elements");
}

}  // namespace needle
