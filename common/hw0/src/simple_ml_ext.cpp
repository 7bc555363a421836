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
#include <vector>

namespace py = pybind11;

/// SOLUTION ONLY
namespace {

// Classes are padded to a multiple of kLanes: the innermost loops then have a length
// that the compiler knows, and become a few vector instructions without a remainder.
constexpr std::size_t kLanes = 16;
using Lanes = float __attribute__((vector_size(64)));

// Rows whose inputs (300 KB for MNIST) stay in the second-level cache from the moment
// their logits are computed until their gradient is.
constexpr std::size_t kChunk = 128;

using Buffer = std::vector<float>;

std::size_t padded(std::size_t k) { return (k + kLanes - 1) / kLanes * kLanes; }

// A matrix read as a[row, term] = data[row * row_step + term * term_step]: the strides
// make one kernel serve for a matrix and for its transpose.
struct Strided {
  const float *data;
  std::size_t row_step, term_step;
};

// out[R, kLanes] += a[R, terms] @ b[terms, kLanes]; rows of b and out are `width` apart.
// The R x kLanes sums live in registers for the whole loop over the terms, so that each
// load of b feeds R multiply-adds and out is read and written once.
template <std::size_t R>
void multiply_block(Strided a, std::size_t terms, const float *b, std::size_t width,
                    float *out) {
  Lanes sum[R] = {};
  for (std::size_t t = 0; t < terms; ++t) {
    Lanes term;
    std::memcpy(&term, b + t * width, sizeof term);
    for (std::size_t r = 0; r < R; ++r)
      sum[r] += a.data[r * a.row_step + t * a.term_step] * term;
  }
  for (std::size_t r = 0; r < R; ++r)
    for (std::size_t c = 0; c < kLanes; ++c) out[r * width + c] += sum[r][c];
}

// out[rows, width] += a[rows, terms] @ b[terms, width], R rows at a time; what is left
// over goes to smaller blocks.
template <std::size_t R = 8>
void multiply(Strided a, std::size_t rows, std::size_t terms, const float *b,
              std::size_t width, float *out) {
  std::size_t row = 0;
  for (; row + R <= rows; row += R) {
    const Strided block{a.data + row * a.row_step, a.row_step, a.term_step};
    for (std::size_t c = 0; c < width; c += kLanes)
      multiply_block<R>(block, terms, b + c, width, out + row * width + c);
  }
  if constexpr (R > 1) {
    const Strided rest{a.data + row * a.row_step, a.row_step, a.term_step};
    multiply<R / 2>(rest, rows - row, terms, b, width, out + row * width);
  }
}

// Turn the k logits of a row into softmax(logits) - one_hot(label), in place, and the
// padding behind them into zeros.
void loss_gradient(float *z, std::size_t k, std::size_t width, std::size_t label) {
  const float largest = *std::max_element(z, z + k);
  float sum = 0;
  for (std::size_t c = 0; c < k; ++c) sum += z[c] = std::exp(z[c] - largest);
  for (std::size_t c = 0; c < k; ++c) z[c] /= sum;
  z[label] -= 1;
  std::fill(z + k, z + width, 0.0f);
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
  const std::size_t width = padded(k);
  Buffer weights(n * width), gradient(n * width), logits(kChunk * width);
  for (std::size_t j = 0; j < n; ++j)
    std::copy_n(theta + j * k, k, weights.data() + j * width);

  for (std::size_t start = 0, size; start < m; start += size) {
    size = std::min(batch, m - start);
    std::fill(gradient.begin(), gradient.end(), 0.0f);
    for (std::size_t done = 0; done < size; done += kChunk) {
      const std::size_t rows = std::min(kChunk, size - done);
      const float *inputs = X + (start + done) * n;
      const unsigned char *labels = y + start + done;
      std::fill(logits.begin(), logits.end(), 0.0f);
      multiply({inputs, n, 1}, rows, n, weights.data(), width, logits.data());
      for (std::size_t i = 0; i < rows; ++i)
        loss_gradient(logits.data() + i * width, k, width, labels[i]);
      multiply({inputs, 1, n}, n, rows, logits.data(), width, gradient.data());
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

void epoch(const py::object &X_, const py::object &y_, const py::object &theta_, float lr,
           py::ssize_t batch) {
  const auto X = checked<float>(X_, "X", 2);
  const auto y = checked<unsigned char>(y_, "y", 1);
  auto theta = checked<float>(theta_, "theta", 2);
  const auto m = X.shape(0), n = X.shape(1), k = theta.shape(1);

  require(theta.writeable(), "theta must be writeable: it is updated in place");
  require(y.shape(0) == m, "X has " + std::to_string(m) + " rows, but y has " +
                               std::to_string(y.shape(0)) + " labels");
  require(theta.shape(0) == n, "X has " + std::to_string(n) + " columns, but theta has " +
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
