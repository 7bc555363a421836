// Softmax regression in C++, callable from Python as
//
//     simple_ml_ext.softmax_regression_epoch_cpp(X, y, theta, lr, batch)
//
// Your part is the first function below; the rest checks what Python hands over.

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace py = pybind11;

/// SOLUTION ONLY
namespace {

// One vector register of floats, of the widest kind that the compiler may use.
#if defined(__AVX512F__)
constexpr std::size_t kLanes = 16;
#elif defined(__AVX__)
constexpr std::size_t kLanes = 8;
#else
constexpr std::size_t kLanes = 4;
#endif
using Lanes = float __attribute__((vector_size(kLanes * sizeof(float))));

// Rows whose inputs (400 KB for MNIST) stay in the second-level cache from the moment
// their logits are computed until their gradient is.
constexpr std::size_t kChunk = 128;

Lanes load(const float *from) {
  Lanes lanes;
  std::memcpy(&lanes, from, sizeof lanes);
  return lanes;
}

void store(float *to, Lanes lanes) { std::memcpy(to, &lanes, sizeof lanes); }

// Call block(first, size) for blocks that cover 0 .. count - 1: as many as possible of
// Size, the rest of 1. The size comes as a type: it says how many registers a block takes.
template <std::size_t Size, typename Block>
void for_blocks(std::size_t count, Block block) {
  std::size_t first = 0;
  for (; first + Size <= count; first += Size)
    block(first, std::integral_constant<std::size_t, Size>());
  for (; first < count; ++first) block(first, std::integral_constant<std::size_t, 1>());
}

// z[rows, width] = x[rows, n] @ weights[n, width]
//
// The classes lie along the lanes, padded to whole vectors. A vector of weights, loaded
// once, serves R rows of x, whose sums stay in registers for the whole loop.
void compute_logits(const float *x, const float *weights, std::size_t rows,
                    std::size_t n, std::size_t width, float *z) {
  for_blocks<8>(rows, [=](std::size_t i, auto R) {
    for (std::size_t c = 0; c < width; c += kLanes) {
      Lanes sum[R()] = {};
      for (std::size_t j = 0; j < n; ++j) {
        const Lanes weight = load(weights + j * width + c);
        for (std::size_t r = 0; r < R(); ++r) sum[r] += x[(i + r) * n + j] * weight;
      }
      for (std::size_t r = 0; r < R(); ++r) store(z + (i + r) * width + c, sum[r]);
    }
  });
}

// gradient[n, width] += x[rows, n]^T @ p[rows, width]
//
// Here the features lie along the lanes, where nothing is padding: V vectors of them by C
// classes of sums stay in registers for the whole loop. Arithmetic is what limits it, so
// the rows of the next chunk are fetched from memory meanwhile (a hint, which never
// faults, not even behind the last row).
void add_gradient(const float *x, const float *p, std::size_t rows, std::size_t n,
                  std::size_t k, std::size_t width, float *gradient) {
  for_blocks<2>(n / kLanes, [=](std::size_t vector, auto V) {
    for_blocks<5>(k, [=](std::size_t c, auto C) {
      const std::size_t j = vector * kLanes;
      Lanes sum[V()][C()] = {};
      for (std::size_t i = 0; i < rows; ++i) {
        for (std::size_t v = 0; v < V(); ++v) {
          const float *features = x + i * n + j + v * kLanes;
          __builtin_prefetch(features + rows * n, 0, 2);
          const Lanes inputs = load(features);
          for (std::size_t d = 0; d < C(); ++d)
            sum[v][d] += inputs * p[i * width + c + d];
        }
      }
      for (std::size_t v = 0; v < V(); ++v)
        for (std::size_t lane = 0; lane < kLanes; ++lane)
          for (std::size_t d = 0; d < C(); ++d)
            gradient[(j + v * kLanes + lane) * width + c + d] += sum[v][d][lane];
    });
  });
  for (std::size_t j = n / kLanes * kLanes; j < n; ++j)  // features short of a vector
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t c = 0; c < k; ++c)
        gradient[j * width + c] += x[i * n + j] * p[i * width + c];
}

// Turn the k logits of a row into softmax(logits) - one_hot(label), in place: the
// gradient of its loss in its logits.
void differentiate_loss(float *z, std::size_t k, std::size_t label) {
  const float largest = *std::max_element(z, z + k);
  float sum = 0;
  for (std::size_t c = 0; c < k; ++c) sum += z[c] = std::exp(z[c] - largest);
  for (std::size_t c = 0; c < k; ++c) z[c] /= sum;
  z[label] -= 1;
}

}  // namespace
/// END SOLUTION ONLY

// Raised in Python as NotImplementedError.
struct NotImplementedError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Run one epoch of SGD for softmax regression, changing theta in place.
//
//   X      inputs, m x n, row-major: X[i * n + j] is feature j of example i
//   y      labels, m of them, each below k
//   theta  weights, n x k, row-major
//   lr     step size
//   batch  rows in a batch, at least 1; may be larger than m
//
// The batches are consecutive rows, in order; the last one may be smaller, and each step
// uses the mean gradient over the rows of its own batch. Same result as the Python
// function softmax_regression_epoch.
void softmax_regression_epoch_cpp(const float *X, const unsigned char *y, float *theta,
                                  std::size_t m, std::size_t n, std::size_t k, float lr,
                                  std::size_t batch) {
  /// BEGIN YOUR SOLUTION hw0.softmax_regression_epoch_cpp
  const std::size_t width = (k + kLanes - 1) / kLanes * kLanes;
  std::vector<float> weights(n * width), gradient(n * width), z(kChunk * width);
  for (std::size_t j = 0; j < n; ++j)
    std::copy_n(theta + j * k, k, weights.data() + j * width);

  for (std::size_t start = 0, size; start < m; start += size) {
    size = std::min(batch, m - start);
    std::fill(gradient.begin(), gradient.end(), 0.0f);
    for (std::size_t done = 0; done < size; done += kChunk) {
      const std::size_t first = start + done, rows = std::min(kChunk, size - done);
      compute_logits(X + first * n, weights.data(), rows, n, width, z.data());
      for (std::size_t i = 0; i < rows; ++i)
        differentiate_loss(z.data() + i * width, k, y[first + i]);
      add_gradient(X + first * n, z.data(), rows, n, k, width, gradient.data());
    }
    const float step = lr / static_cast<float>(size);
    for (std::size_t j = 0; j < weights.size(); ++j) weights[j] -= step * gradient[j];
  }

  for (std::size_t j = 0; j < n; ++j)
    std::copy_n(weights.data() + j * width, k, theta + j * k);
  /// END YOUR SOLUTION
}

// ------------------------------------------------------------------------------------
// The binding. pybind11 would convert an array of another dtype or layout into a fresh
// copy, and an update of that copy would vanish without a word: so nothing is converted.
// ------------------------------------------------------------------------------------
namespace binding {

template <typename T>
using Array = py::array_t<T, py::array::c_style>;

template <typename T>
Array<T> checked(const py::object &value, const std::string &name, int ndim) {
  const std::string dtype = py::str(py::dtype::of<T>());
  if (!py::isinstance<py::array>(value))
    throw py::type_error(name + " must be a NumPy array of " + dtype + ", got " +
                         Py_TYPE(value.ptr())->tp_name);
  const auto array = py::reinterpret_borrow<py::array>(value);
  if (!py::isinstance<py::array_t<T>>(value))
    throw py::type_error(name + " must have dtype " + dtype + ", got " +
                         std::string(py::str(array.dtype())));
  if (array.ndim() != ndim)
    throw py::value_error(name + " must have " + std::to_string(ndim) + " axes, got " +
                          std::to_string(array.ndim()));
  if (!py::isinstance<Array<T>>(value))
    throw py::value_error(name + " must be C-contiguous (numpy.ascontiguousarray)");
  return py::reinterpret_borrow<Array<T>>(value);
}

void require(bool condition, const std::string &message) {
  if (!condition) throw py::value_error(message);
}

void epoch(const py::object &X_, const py::object &y_, const py::object &theta_,
           float lr, py::ssize_t batch) {
  const auto X = checked<float>(X_, "X", 2);
  const auto y = checked<unsigned char>(y_, "y", 1);
  auto theta = checked<float>(theta_, "theta", 2);
  const auto m = X.shape(0), n = X.shape(1), k = theta.shape(1);

  require(theta.writeable(), "theta must be writeable: it is updated in place");
  require(y.shape(0) == m, "X has " + std::to_string(m) + " rows, but y has " +
                               std::to_string(y.shape(0)) + " labels");
  require(theta.shape(0) == n, "X has " + std::to_string(n) +
                                   " columns, but theta has " +
                                   std::to_string(theta.shape(0)) + " rows");
  require(batch >= 1, "batch must be at least 1, got " + std::to_string(batch));
  require(std::all_of(y.data(), y.data() + m, [k](auto label) { return label < k; }),
          "y holds a label that is not below " + std::to_string(k) +
              ", the number of columns of theta");

  const float *inputs = X.data();
  const unsigned char *labels = y.data();
  float *weights = theta.mutable_data();
  py::gil_scoped_release other_threads_may_run;
  softmax_regression_epoch_cpp(inputs, labels, weights, m, n, k, lr, batch);
}

}  // namespace binding

PYBIND11_MODULE(simple_ml_ext, m) {
  py::register_local_exception_translator([](std::exception_ptr error) {
    try {
      if (error) std::rethrow_exception(error);
    } catch (const NotImplementedError &stub) {
      PyErr_SetString(PyExc_NotImplementedError, stub.what());
    }
  });
  m.def("softmax_regression_epoch_cpp", &binding::epoch, py::arg("X"), py::arg("y"),
        py::arg("theta"), py::arg("lr"), py::arg("batch"),
        "Run one epoch of SGD for softmax regression, changing theta in place.");
}
