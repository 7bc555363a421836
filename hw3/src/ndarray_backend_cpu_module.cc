// The Python module ndarray_backend_cpu: checks what Python hands over, then calls.
//
// No kernel is called with sizes that do not fit, or with a view that leaves its array:
// whatever is called from Python, nothing is read or written out of bounds.

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <utility>

#include "cpu_extra.h"
#include "cpu_memory.h"
#include "ndarray_backend_cpu.h"

namespace py = pybind11;

namespace needle {
namespace cpu {
namespace {

using Array = AlignedArray;

// How often each kernel was called.
std::map<std::string, std::uint64_t> &Launches() {
  static auto *const launches = new std::map<std::string, std::uint64_t>;
  return *launches;
}

// ------------------------------------------------------------------------------------
// Checks
// ------------------------------------------------------------------------------------

[[noreturn]] void Refuse(const char *kernel, const std::string &why) {
  throw py::value_error(std::string(kernel) + ": " + why);
}

// More bytes than these have cannot be counted.
constexpr std::int64_t kMostElements =
    std::numeric_limits<std::ptrdiff_t>::max() / sizeof(scalar_t);

// Return x * y, or refuse where it is more than an array can have.
std::size_t Times(const char *kernel, std::size_t x, std::size_t y) {
  std::size_t product = 0;
  if (__builtin_mul_overflow(x, y, &product) || product > kMostElements)
    Refuse(kernel, "too many elements");
  return product;
}

void CheckSize(const char *kernel, const char *name, const Array &array,
               std::size_t expected) {
  if (array.size != expected)
    Refuse(kernel, std::string(name) + " has " + std::to_string(array.size) +
                       " elements, and should have " + std::to_string(expected));
}

// Check that a view lies inside an array, and return how many elements it shows.
std::size_t CheckView(const char *kernel, const Array &array, const Extents &shape,
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
    if (length == 0) return 0;
  std::int64_t first = offset, last = offset;
  std::size_t size = 1;
  for (std::size_t k = 0; k < shape.size(); ++k) {
    std::int64_t way = 0;
    std::int64_t &end = strides[k] < 0 ? first : last;
    if (__builtin_mul_overflow(shape[k] - 1, strides[k], &way) ||
        __builtin_add_overflow(end, way, &end))
      Refuse(kernel, "the view is too large");
    size = Times(kernel, size, static_cast<std::size_t>(shape[k]));
  }
  if (first < 0 || last >= static_cast<std::int64_t>(array.size))
    Refuse(kernel, "the view reaches from element " + std::to_string(first) + " to " +
                       std::to_string(last) + " of an array that has " +
                       std::to_string(array.size));
  return size;
}

// Return whether two arrays have memory in common.
bool Overlap(const Array &a, const Array &b) {
  const std::less<const scalar_t *> before;
  return a.size > 0 && b.size > 0 && before(a.ptr, b.ptr + b.size) &&
         before(b.ptr, a.ptr + a.size);
}

// Check that a kernel does not overwrite what it still has to read.
void CheckApart(const char *kernel, const Array &out, const Array &operand) {
  if (Overlap(out, operand)) Refuse(kernel, "out shares memory with an operand");
}

// ------------------------------------------------------------------------------------
// Families of kernels that are called alike
// ------------------------------------------------------------------------------------

void DefineUnary(py::module_ &m, const char *name,
                 void (*kernel)(const Array &, Array *)) {
  m.def(name, [=, n = &Launches()[name]](const Array &a, Array *out) {
    CheckSize(name, "out", *out, a.size);
    ++*n;
    kernel(a, out);
  });
}

void DefineScalar(py::module_ &m, const char *name,
                  void (*kernel)(const Array &, scalar_t, Array *)) {
  m.def(name, [=, n = &Launches()[name]](const Array &a, scalar_t val, Array *out) {
    CheckSize(name, "out", *out, a.size);
    ++*n;
    kernel(a, val, out);
  });
}

void DefineBinary(py::module_ &m, const char *name,
                  void (*kernel)(const Array &, const Array &, Array *)) {
  m.def(name, [=, n = &Launches()[name]](const Array &a, const Array &b, Array *out) {
    CheckSize(name, "b", b, a.size);
    CheckSize(name, "out", *out, a.size);
    ++*n;
    kernel(a, b, out);
  });
}

void DefineReduction(py::module_ &m, const char *name, bool of_nothing,
                     void (*kernel)(const Array &, Array *, std::size_t, std::size_t)) {
  m.def(
      name,
      [=, n = &Launches()[name]](const Array &a, Array *out, std::size_t length,
                                 std::size_t inner) {
        if (inner == 0 || out->size % inner != 0)
          Refuse(name, "out has " + std::to_string(out->size) +
                           " elements, no multiple of inner, " + std::to_string(inner));
        if (length == 0 && !of_nothing && out->size > 0)
          Refuse(name, "there is nothing to reduce");
        CheckSize(name, "a", a, Times(name, out->size, length));
        CheckApart(name, *out, a);
        ++*n;
        if (out->size > 0) kernel(a, out, length, inner);
      },
      py::arg(), py::arg(), py::arg(), py::arg("inner") = 1);
}

// ------------------------------------------------------------------------------------
// Arrays
// ------------------------------------------------------------------------------------

py::buffer_info Buffer(Array &array) {
  return py::buffer_info(array.ptr, static_cast<py::ssize_t>(array.size));
}

// Return an array around the memory of a contiguous NumPy array, which it keeps alive.
std::unique_ptr<Array> Borrow(const py::array &a) {
  if (!py::isinstance<py::array_t<scalar_t>>(a) || !(a.flags() & py::array::c_style) ||
      !a.writeable() ||
      reinterpret_cast<std::uintptr_t>(a.data()) % alignof(scalar_t) != 0)
    Refuse("borrow", "only a writable, contiguous array of float32");
  auto *owner = new py::object(a);
  // Ends where the array ends: in Python, which holds the interpreter's lock.
  std::shared_ptr<void> memory(owner, [](py::object *ended) { delete ended; });
  return std::make_unique<Array>(static_cast<scalar_t *>(const_cast<void *>(a.data())),
                                 static_cast<std::size_t>(a.size()), std::move(memory));
}

// Return a copy of a view as a NumPy array.
py::array_t<scalar_t> ToNumpy(const Array &a, const Extents &shape,
                              const Extents &strides, std::int64_t offset) {
  const std::size_t size = CheckView("to_numpy", a, shape, strides, offset);
  std::vector<py::ssize_t> lengths(shape.begin(), shape.end()), steps;
  for (std::int64_t stride : strides)
    steps.push_back(static_cast<py::ssize_t>(stride) *
                    static_cast<py::ssize_t>(sizeof(scalar_t)));
  return py::array_t<scalar_t>(lengths, steps, size == 0 ? a.ptr : a.ptr + offset);
}

void FromNumpy(
    const py::array_t<scalar_t, py::array::c_style | py::array::forcecast> &a,
    Array *out) {
  CheckSize("from_numpy", "out", *out, static_cast<std::size_t>(a.size()));
  std::copy_n(a.data(), out->size, out->ptr);
}

// ------------------------------------------------------------------------------------
// Kernels that have a form of their own
// ------------------------------------------------------------------------------------

void DefineCopies(py::module_ &m) {
  m.def("fill", [n = &Launches()["fill"]](Array *out, scalar_t val) {
    ++*n;
    Fill(out, val);
  });
  m.def("compact", [n = &Launches()["compact"]](
                       const Array &a, Array *out, const Extents &shape,
                       const Extents &strides, std::int64_t offset) {
    CheckSize("compact", "out", *out, CheckView("compact", a, shape, strides, offset));
    CheckApart("compact", *out, a);
    ++*n;
    Compact(a, out, shape, strides, offset);
  });
  m.def("ewise_setitem", [n = &Launches()["ewise_setitem"]](
                             const Array &a, Array *out, const Extents &shape,
                             const Extents &strides, std::int64_t offset) {
    CheckSize("ewise_setitem", "a", a,
              CheckView("ewise_setitem", *out, shape, strides, offset));
    ++*n;
    if (!Overlap(a, *out)) return EwiseSetitem(a, out, shape, strides, offset);
    Array copy(a.size);  // or elements would be changed before they are read
    std::copy_n(a.ptr, a.size, copy.ptr);
    EwiseSetitem(copy, out, shape, strides, offset);
  });
  m.def("scalar_setitem",
        [n = &Launches()["scalar_setitem"]](
            std::size_t size, scalar_t val, Array *out, const Extents &shape,
            const Extents &strides, std::int64_t offset) {
          if (size != CheckView("scalar_setitem", *out, shape, strides, offset))
            Refuse("scalar_setitem", "size is not the product of the shape");
          ++*n;
          ScalarSetitem(size, val, out, shape, strides, offset);
        });
}

void CheckProduct(const char *kernel, const Array &a, const Array &b, const Array &out,
                  std::size_t m, std::size_t n, std::size_t p) {
  CheckSize(kernel, "a", a, Times(kernel, m, n));
  CheckSize(kernel, "b", b, Times(kernel, n, p));
  CheckSize(kernel, "out", out, Times(kernel, m, p));
  CheckApart(kernel, out, a);
  CheckApart(kernel, out, b);
}

// Return the length of the sums of a product. Where it is empty there are none, and no
// kernel goes through them, however long they would be.
std::size_t Steps(const Array &out, std::size_t n) { return out.size > 0 ? n : 0; }

void DefineProducts(py::module_ &module) {
  module.def("matmul", [count = &Launches()["matmul"]](const Array &a, const Array &b,
                                                       Array *out, std::size_t m,
                                                       std::size_t n, std::size_t p) {
    CheckProduct("matmul", a, b, *out, m, n, p);
    ++*count;
    Matmul(a, b, out, m, Steps(*out, n), p);
  });
  module.def("matmul_tiled", [count = &Launches()["matmul_tiled"]](
                                 const Array &a, const Array &b, Array *out,
                                 std::size_t m, std::size_t n, std::size_t p) {
    CheckProduct("matmul_tiled", a, b, *out, m, n, p);
    if (m % kTile != 0 || n % kTile != 0 || p % kTile != 0)
      Refuse("matmul_tiled",
             "m, n and p have to be multiples of " + std::to_string(kTile));
    for (const scalar_t *ptr : {a.ptr, b.ptr, out->ptr})
      if (reinterpret_cast<std::uintptr_t>(ptr) % kAlignment != 0)
        Refuse("matmul_tiled", "the array is not aligned: copy it first");
    ++*count;
    MatmulTiled(a, b, out, m, Steps(*out, n), p);
  });
  module.def("matmul_batched",
             [count = &Launches()["matmul_batched"]](
                 const Array &a, const Array &b, Array *out, std::size_t batch,
                 std::size_t a_step, std::size_t b_step, std::size_t m, std::size_t n,
                 std::size_t p) {
               const char *const name = "matmul_batched";
               CheckSize(name, "out", *out, Times(name, batch, Times(name, m, p)));
               if (batch == 0) return;
               const auto check = [&](const char *which, const Array &array,
                                      std::size_t step, std::size_t size) {
                 const std::size_t way = Times(name, batch - 1, step);
                 if (array.size < size || array.size - size < way)
                   Refuse(name, std::string(which) + " has too few elements");
               };
               check("a", a, a_step, Times(name, m, n));
               check("b", b, b_step, Times(name, n, p));
               CheckApart(name, *out, a);
               CheckApart(name, *out, b);
               ++*count;
               // Of empty ones a single one is enough.
               MatmulBatched(a, b, out, out->size > 0 ? batch : 1, a_step, b_step, m,
                             Steps(*out, n), p);
             });
}

void DefineMemory(py::module_ &m) {
  m.def("memory_stats", [] {
    const MemoryStats stats = Stats();
    py::dict found;
    found["live"] = stats.live;
    found["peak"] = stats.peak;
    found["kept"] = stats.kept;
    found["allocated"] = stats.allocated;
    found["reused"] = stats.reused;
    return found;
  });
  m.def("reset_peak", &ResetPeak);
  m.def("free_unused", &FreeUnused);
  m.def("launches", [] { return Launches(); });
}

}  // namespace

void Define(py::module_ &m) {
  m.attr("__device_name__") = "cpu";
  m.attr("__tile_size__") = kTile;
  // Python's own exception, not one derived from it: what is not written is known by it.
  py::register_local_exception_translator([](std::exception_ptr thrown) {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const NotImplementedError &stub) {
      PyErr_SetString(PyExc_NotImplementedError, stub.what());
    }
  });

  py::class_<Array>(m, "Array", py::buffer_protocol())
      .def(py::init([](py::ssize_t size) {
        if (size < 0) Refuse("Array", "a negative size, " + std::to_string(size));
        return std::make_unique<Array>(static_cast<std::size_t>(size));
      }))
      .def_readonly("size", &Array::size)
      .def("ptr",
           [](const Array &a) { return reinterpret_cast<std::uintptr_t>(a.ptr); })
      .def_buffer(&Buffer);
  m.def("borrow", &Borrow);
  m.def("to_numpy", &ToNumpy);
  m.def("from_numpy", &FromNumpy);

  DefineCopies(m);
  DefineBinary(m, "ewise_add", EwiseAdd);
  DefineScalar(m, "scalar_add", ScalarAdd);
  DefineBinary(m, "ewise_mul", EwiseMul);
  DefineScalar(m, "scalar_mul", ScalarMul);
  DefineBinary(m, "ewise_div", EwiseDiv);
  DefineScalar(m, "scalar_div", ScalarDiv);
  DefineScalar(m, "scalar_power", ScalarPower);
  DefineBinary(m, "ewise_power", EwisePower);
  DefineBinary(m, "ewise_maximum", EwiseMaximum);
  DefineScalar(m, "scalar_maximum", ScalarMaximum);
  DefineBinary(m, "ewise_eq", EwiseEq);
  DefineScalar(m, "scalar_eq", ScalarEq);
  DefineBinary(m, "ewise_ge", EwiseGe);
  DefineScalar(m, "scalar_ge", ScalarGe);
  DefineUnary(m, "ewise_log", EwiseLog);
  DefineUnary(m, "ewise_exp", EwiseExp);
  DefineUnary(m, "ewise_tanh", EwiseTanh);
  m.def("ewise_where",
        [n = &Launches()["ewise_where"]](const Array &condition, const Array &a,
                                         const Array &b, Array *out) {
          CheckSize("ewise_where", "condition", condition, a.size);
          CheckSize("ewise_where", "b", b, a.size);
          CheckSize("ewise_where", "out", *out, a.size);
          ++*n;
          EwiseWhere(condition, a, b, out);
        });
  DefineReduction(m, "reduce_sum", true, ReduceSum);
  DefineReduction(m, "reduce_max", false, ReduceMax);
  DefineProducts(m);
  DefineMemory(m);
}

}  // namespace cpu
}  // namespace needle

PYBIND11_MODULE(ndarray_backend_cpu, m) { needle::cpu::Define(m); }
