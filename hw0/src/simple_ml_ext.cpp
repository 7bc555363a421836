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
  throw NotImplementedError("hw0.softmax_regression_epoch_cpp: softmax_regression_epoch_cpp is yours to write (handout, question 6)");
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
