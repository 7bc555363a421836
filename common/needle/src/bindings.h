// The table of kernels as Python sees it, written once for every backend.
//
// A backend says what its arrays are and how a kernel is run:
//
//     struct Backend {
//       using Array = ...;  // with a ptr and a size
//       template <typename Kernel>
//       static void Run(const char *name, const Kernel &kernel);    // calls kernel()
//       static std::unique_ptr<Array> Copy(const Array &a);
//     };
//
// Its kernels are found by their names: those beside the type of its arrays are called.
#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "binding_checks.h"
#include "memory_pool.h"

namespace needle {

namespace py = pybind11;

// Whatever NumPy makes an array of float32 of, in row-major order.
using Numbers = py::array_t<scalar_t, py::array::c_style | py::array::forcecast>;

// Return a copy of a view as a NumPy array, from its first element on.
inline py::array_t<scalar_t> CopyOfView(const scalar_t *first, const Extents &shape,
                                        const Extents &strides) {
  const std::vector<py::ssize_t> lengths(shape.begin(), shape.end());
  std::vector<py::ssize_t> steps;
  for (std::int64_t stride : strides)
    steps.push_back(static_cast<py::ssize_t>(stride) *
                    static_cast<py::ssize_t>(sizeof(scalar_t)));
  return py::array_t<scalar_t>(lengths, steps, first);
}

template <typename Backend>
class Table {
 public:
  using Array = typename Backend::Array;

  explicit Table(py::module_ &m) : m_(m) {}

  void DefineArray(py::class_<Array> &array) {
    array
        .def(py::init([](py::ssize_t size) {
          if (size < 0) Refuse("Array", "a negative size, " + std::to_string(size));
          return std::make_unique<Array>(static_cast<std::size_t>(size));
        }))
        .def_readonly("size", &Array::size)
        .def("ptr",
             [](const Array &a) { return reinterpret_cast<std::uintptr_t>(a.ptr); });
  }

  void DefineKernels() {
    DefineCopies();
    DefineElementwise();
    Reduction("reduce_sum", true,
              [](const Array &a, Array *out, std::size_t length, std::size_t inner) {
                ReduceSum(a, out, length, inner);
              });
    Reduction("reduce_max", false,
              [](const Array &a, Array *out, std::size_t length, std::size_t inner) {
                ReduceMax(a, out, length, inner);
              });
    DefineProducts();
  }

  // Python's own exception, not one derived from it: what is not written is known by it.
  static void TranslateStubs() {
    py::register_local_exception_translator([](std::exception_ptr thrown) {
      try {
        if (thrown) std::rethrow_exception(thrown);
      } catch (const NotImplementedError &stub) {
        PyErr_SetString(PyExc_NotImplementedError, stub.what());
      }
    });
  }

  void DefineMemory(MemoryPool &pool) {
    m_.def("memory_stats", [&pool] {
      const MemoryStats stats = pool.Stats();
      py::dict found;
      found["live"] = stats.live;
      found["peak"] = stats.peak;
      found["kept"] = stats.kept;
      found["allocated"] = stats.allocated;
      found["reused"] = stats.reused;
      return found;
    });
    m_.def("reset_peak", [&pool] { pool.ResetPeak(); });
    m_.def("free_unused", [&pool] { pool.FreeUnused(); });
    m_.def("launches", [] { return Launches(); });
  }

  // A kernel by its name, and how often it was called.
  class Counted {
   public:
    explicit Counted(const char *name) : name(name), calls_(&Launches()[name]) {}

    template <typename Kernel>
    void Run(const Kernel &kernel) const {
      ++*calls_;
      Backend::Run(name, kernel);
    }

    const char *const name;

   private:
    std::uint64_t *calls_;
  };

 private:
  static std::map<std::string, std::uint64_t> &Launches() {
    static auto *const launches = new std::map<std::string, std::uint64_t>;
    return *launches;
  }

  // ----------------------------------------------------------------------------------
  // Families of kernels that are called alike
  // ----------------------------------------------------------------------------------

  template <typename Kernel>
  void Unary(const char *name, Kernel kernel) {
    m_.def(name, [kernel, counted = Counted(name)](const Array &a, Array *out) {
      CheckSize(counted.name, "out", out->size, a.size);
      counted.Run([&] { kernel(a, out); });
    });
  }

  template <typename Kernel>
  void Scalar(const char *name, Kernel kernel) {
    m_.def(name,
           [kernel, counted = Counted(name)](const Array &a, scalar_t val, Array *out) {
             CheckSize(counted.name, "out", out->size, a.size);
             counted.Run([&] { kernel(a, val, out); });
           });
  }

  template <typename Kernel>
  void Binary(const char *name, Kernel kernel) {
    m_.def(name, [kernel, counted = Counted(name)](const Array &a, const Array &b,
                                                   Array *out) {
      CheckSize(counted.name, "b", b.size, a.size);
      CheckSize(counted.name, "out", out->size, a.size);
      counted.Run([&] { kernel(a, b, out); });
    });
  }

  template <typename Kernel>
  void Reduction(const char *name, bool of_nothing, Kernel kernel) {
    m_.def(
        name,
        [=, counted = Counted(name)](const Array &a, Array *out, std::size_t length,
                                     std::size_t inner) {
          if (inner == 0 || out->size % inner != 0)
            Refuse(name, "out has " + std::to_string(out->size) +
                             " elements, no multiple of inner, " +
                             std::to_string(inner));
          if (length == 0 && !of_nothing && out->size > 0)
            Refuse(name, "there is nothing to reduce");
          CheckSize(name, "a", a.size, Times(name, out->size, length));
          CheckApart(name, *out, a);
          counted.Run([&] {
            if (out->size > 0) kernel(a, out, length, inner);
          });
        },
        py::arg(), py::arg(), py::arg(), py::arg("inner") = 1);
  }

  // ----------------------------------------------------------------------------------
  // Kernels that have a form of their own
  // ----------------------------------------------------------------------------------

  void DefineCopies() {
    m_.def("fill", [counted = Counted("fill")](Array *out, scalar_t val) {
      counted.Run([&] { Fill(out, val); });
    });
    m_.def("compact", [counted = Counted("compact")](
                          const Array &a, Array *out, const Extents &shape,
                          const Extents &strides, std::int64_t offset) {
      CheckSize(counted.name, "out", out->size,
                CheckView(counted.name, a.size, shape, strides, offset).size);
      CheckApart(counted.name, *out, a);
      counted.Run([&] { Compact(a, out, shape, strides, offset); });
    });
    m_.def("ewise_setitem", [counted = Counted("ewise_setitem")](
                                const Array &a, Array *out, const Extents &shape,
                                const Extents &strides, std::int64_t offset) {
      CheckSize(counted.name, "a", a.size,
                CheckView(counted.name, out->size, shape, strides, offset).size);
      // Or elements would be changed before they are read.
      const auto copy = Overlap(a, *out) ? Backend::Copy(a) : nullptr;
      counted.Run([&] { EwiseSetitem(copy ? *copy : a, out, shape, strides, offset); });
    });
    m_.def("scalar_setitem", [counted = Counted("scalar_setitem")](
                                 std::size_t size, scalar_t val, Array *out,
                                 const Extents &shape, const Extents &strides,
                                 std::int64_t offset) {
      if (size != CheckView(counted.name, out->size, shape, strides, offset).size)
        Refuse(counted.name, "size is not the product of the shape");
      counted.Run([&] { ScalarSetitem(size, val, out, shape, strides, offset); });
    });
  }

  void DefineElementwise() {
    using A = Array;
    Binary("ewise_add", [](const A &a, const A &b, A *out) { EwiseAdd(a, b, out); });
    Scalar("scalar_add", [](const A &a, scalar_t v, A *out) { ScalarAdd(a, v, out); });
    Binary("ewise_mul", [](const A &a, const A &b, A *out) { EwiseMul(a, b, out); });
    Scalar("scalar_mul", [](const A &a, scalar_t v, A *out) { ScalarMul(a, v, out); });
    Binary("ewise_div", [](const A &a, const A &b, A *out) { EwiseDiv(a, b, out); });
    Scalar("scalar_div", [](const A &a, scalar_t v, A *out) { ScalarDiv(a, v, out); });
    Scalar("scalar_power",
           [](const A &a, scalar_t v, A *out) { ScalarPower(a, v, out); });
    Binary("ewise_power",
           [](const A &a, const A &b, A *out) { EwisePower(a, b, out); });
    Binary("ewise_maximum",
           [](const A &a, const A &b, A *out) { EwiseMaximum(a, b, out); });
    Scalar("scalar_maximum",
           [](const A &a, scalar_t v, A *out) { ScalarMaximum(a, v, out); });
    Binary("ewise_eq", [](const A &a, const A &b, A *out) { EwiseEq(a, b, out); });
    Scalar("scalar_eq", [](const A &a, scalar_t v, A *out) { ScalarEq(a, v, out); });
    Binary("ewise_ge", [](const A &a, const A &b, A *out) { EwiseGe(a, b, out); });
    Scalar("scalar_ge", [](const A &a, scalar_t v, A *out) { ScalarGe(a, v, out); });
    Unary("ewise_log", [](const A &a, A *out) { EwiseLog(a, out); });
    Unary("ewise_exp", [](const A &a, A *out) { EwiseExp(a, out); });
    Unary("ewise_tanh", [](const A &a, A *out) { EwiseTanh(a, out); });
    m_.def("ewise_where", [counted = Counted("ewise_where")](
                              const A &condition, const A &a, const A &b, A *out) {
      CheckSize(counted.name, "condition", condition.size, a.size);
      CheckSize(counted.name, "b", b.size, a.size);
      CheckSize(counted.name, "out", out->size, a.size);
      counted.Run([&] { EwiseWhere(condition, a, b, out); });
    });
  }

  void DefineProducts() {
    m_.def("matmul",
           [counted = Counted("matmul")](const Array &a, const Array &b, Array *out,
                                         std::size_t m, std::size_t n, std::size_t p) {
             CheckProduct(counted.name, a, b, *out, m, n, p);
             counted.Run([&] { Matmul(a, b, out, m, StepsOf(*out, n), p); });
           });
    m_.def("matmul_batched",
           [counted = Counted("matmul_batched")](
               const Array &a, const Array &b, Array *out, std::size_t batch,
               std::size_t a_step, std::size_t b_step, std::size_t m, std::size_t n,
               std::size_t p) {
             const char *const name = counted.name;
             CheckSize(name, "out", out->size, Times(name, batch, Times(name, m, p)));
             if (batch == 0) return;
             CheckBatch(name, "a", a, batch, a_step, Times(name, m, n));
             CheckBatch(name, "b", b, batch, b_step, Times(name, n, p));
             CheckApart(name, *out, a);
             CheckApart(name, *out, b);
             counted.Run([&] {
               // Of empty ones a single one is enough.
               MatmulBatched(a, b, out, out->size > 0 ? batch : 1, a_step, b_step, m,
                             StepsOf(*out, n), p);
             });
           });
  }

  py::module_ &m_;
};

}  // namespace needle
