// The Python modules ndarray_backend_cuda, for a graphics card, and
// ndarray_backend_cuda_emulated, for none: what bindings.h does not do for every backend.

#include "bindings.h"
#include "cuda_extra.h"
#include "cuda_memory.h"
#include "ndarray_backend_cuda.h"

#ifdef NEEDLE_CUDA_EMULATED
#include "cuda_findings.h"
#endif

namespace needle {
namespace cuda {
namespace {

struct Backend {
  using Array = CudaArray;

  // A kernel that nobody asked about is asked about here; what goes wrong while it runs
  // on a device is told by a later call, because nobody waits for it.
  template <typename Kernel>
  static void Run(const char *name, const Kernel &kernel) {
#ifdef NEEDLE_CUDA_EMULATED
    RunAndReport(name, kernel);
#else
    kernel();
#endif
    Check(cudaGetLastError(), name);
  }

  static std::unique_ptr<Array> Copy(const Array &a) {
    auto copy = std::make_unique<Array>(a.size);
    Check(cudaMemcpy(copy->ptr, a.ptr, a.size * sizeof(scalar_t),
                     cudaMemcpyDeviceToDevice),
          "a copy of an array");
    return copy;
  }
};
using Array = Backend::Array;

// Return a copy of a view as a NumPy array. All that lies between its first and its last
// element comes along: to have less sent, one compacts it first.
py::array_t<scalar_t> ToNumpy(const Array &a, const Extents &shape,
                              const Extents &strides, std::int64_t offset) {
  const Span span = CheckView("to_numpy", a.size, shape, strides, offset);
  if (span.size == 0) return CopyOfView(nullptr, shape, strides);
  const auto between = static_cast<std::size_t>(span.last - span.first + 1);
  const std::unique_ptr<scalar_t[]> numbers(new scalar_t[between]);
  Check(cudaMemcpy(numbers.get(), a.ptr + span.first, between * sizeof(scalar_t),
                   cudaMemcpyDeviceToHost),
        "to_numpy");
  return CopyOfView(numbers.get() + (offset - span.first), shape, strides);
}

void FromNumpy(const Numbers &a, Array *out) {
  CheckSize("from_numpy", "out", out->size, static_cast<std::size_t>(a.size()));
  Check(cudaMemcpy(out->ptr, a.data(), out->size * sizeof(scalar_t),
                   cudaMemcpyHostToDevice),
        "from_numpy");
}

// Return some neighbours of an array as an array, in the same memory.
std::unique_ptr<Array> Part(const Array &a, std::size_t first, std::size_t size) {
  if (first > a.size || size > a.size - first)
    Refuse("part", "the array has " + std::to_string(a.size) + " elements");
  return std::make_unique<Array>(a, first, size);
}

// Return the name of the card.
std::string Card() {
  cudaDeviceProp properties;
  const cudaError_t error = cudaGetDeviceProperties(&properties, 0);
  cudaGetLastError();  // it is told here
  Check(error, "the graphics card");
  return properties.name;
}

}  // namespace

void Define(py::module_ &m) {
  m.attr("__device_name__") = "cuda";
  m.attr("__tile_size__") = 4;  // the original's; here nothing comes in tiles
  Table<Backend> table(m);
  table.TranslateStubs();
  py::class_<Array> array(m, "Array", py::module_local());
  table.DefineArray(array);
  m.def("to_numpy", &ToNumpy);
  m.def("from_numpy", &FromNumpy);
  m.def("part", &Part);
  table.DefineKernels();
  table.DefineMemory(Memory());
  m.def("card", &Card);
  m.def("synchronize", [] { Check(cudaDeviceSynchronize(), "synchronize"); });
#ifdef NEEDLE_CUDA_EMULATED
  m.attr("__emulated__") = true;
  DefineFindings(m);
#endif
}

}  // namespace cuda
}  // namespace needle

#ifdef NEEDLE_CUDA_EMULATED
PYBIND11_MODULE(ndarray_backend_cuda_emulated, m) { needle::cuda::Define(m); }
#else
PYBIND11_MODULE(ndarray_backend_cuda, m) { needle::cuda::Define(m); }
#endif
