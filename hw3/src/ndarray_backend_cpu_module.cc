// The Python module ndarray_backend_cpu: what bindings.h does not do for every backend.

#include <pybind11/numpy.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "bindings.h"
#include "cpu_extra.h"
#include "cpu_memory.h"
#include "ndarray_backend_cpu.h"

namespace needle {
namespace cpu {
namespace {

struct Backend {
  using Array = AlignedArray;

  template <typename Kernel>
  static void Run(const char *, const Kernel &kernel) {
    kernel();
  }

  static std::unique_ptr<Array> Copy(const Array &a) {
    auto copy = std::make_unique<Array>(a.size);
    std::copy_n(a.ptr, a.size, copy->ptr);
    return copy;
  }
};
using Array = Backend::Array;

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
  const Span span = CheckView("to_numpy", a.size, shape, strides, offset);
  return CopyOfView(span.size == 0 ? a.ptr : a.ptr + offset, shape, strides);
}

void FromNumpy(const Numbers &a, Array *out) {
  CheckSize("from_numpy", "out", out->size, static_cast<std::size_t>(a.size()));
  std::copy_n(a.data(), out->size, out->ptr);
}

// Products in tiles, which only this backend has.
void DefineTiled(py::module_ &module) {
  module.def("matmul_tiled", [counted = Table<Backend>::Counted("matmul_tiled")](
                                 const Array &a, const Array &b, Array *out,
                                 std::size_t m, std::size_t n, std::size_t p) {
    CheckProduct("matmul_tiled", a, b, *out, m, n, p);
    if (m % kTile != 0 || n % kTile != 0 || p % kTile != 0)
      Refuse("matmul_tiled",
             "m, n and p have to be multiples of " + std::to_string(kTile));
    for (const scalar_t *ptr : {a.ptr, b.ptr, out->ptr})
      if (reinterpret_cast<std::uintptr_t>(ptr) % kAlignment != 0)
        Refuse("matmul_tiled", "the array is not aligned: copy it first");
    counted.Run([&] { MatmulTiled(a, b, out, m, StepsOf(*out, n), p); });
  });
}

}  // namespace

void Define(py::module_ &m) {
  m.attr("__device_name__") = "cpu";
  m.attr("__tile_size__") = kTile;
  Table<Backend> table(m);
  table.TranslateStubs();
  py::class_<Array> array(m, "Array", py::buffer_protocol());
  table.DefineArray(array);
  array.def_buffer(&Buffer);
  m.def("borrow", &Borrow);
  m.def("to_numpy", &ToNumpy);
  m.def("from_numpy", &FromNumpy);
  table.DefineKernels();
  DefineTiled(m);
  table.DefineMemory(Memory());
}

}  // namespace cpu
}  // namespace needle

PYBIND11_MODULE(ndarray_backend_cpu, m) { needle::cpu::Define(m); }
