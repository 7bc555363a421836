// What the emulator finds, as exceptions of Python's. Only its module has this, and static
// it is, lest the linker take a function of the kernels' that is called the same.
#pragma once

#include <pybind11/pybind11.h>

#include <string>

#include "interface.h"
#include "ndarray_backend_cuda.h"

namespace needle {
namespace cuda {

// Who makes text of findings: a function in Python that takes them as JSON, and the path
// of the module whose places they name.
static pybind11::object &Reporter() {
  static auto *const reporter = new pybind11::object;  // outlives the interpreter
  return *reporter;
}

// Throw if the emulator has found anything since it was asked last.
static void ThrowFindings(const char *name) {
  const std::string found = cuda_emulator::TakeFindings();
  if (found == "[]") return;
  cudaGetLastError();  // what was found says more
  std::string text = found;
  if (Reporter()) text = pybind11::str(Reporter()(found, cuda_emulator::ModulePath()));
  throw CudaError(std::string(name) + ":\n" + text);
}

// Run what launches kernels. What they did wrong is said in place of the error that it led
// to.
template <typename Kernel>
void RunAndReport(const char *name, const Kernel &kernel) {
  try {
    kernel();
  } catch (const CudaError &) {
    ThrowFindings(name);
    throw;
  }
  ThrowFindings(name);
}

static void DefineFindings(pybind11::module_ &m) {
  m.def("report_with", [](pybind11::object reporter) { Reporter() = reporter; });
  m.def("raise_findings", [](const std::string &name) { ThrowFindings(name.c_str()); });
  m.def("configure", &cuda_emulator::Configure, pybind11::arg("order") = "forward",
        pybind11::arg("seed") = 0, pybind11::arg("counting") = false);
  m.def("counts", &cuda_emulator::Counts);
  m.def("copies", &cuda_emulator::Copies);
  m.def("leaks", &cuda_emulator::Leaks);
}

}  // namespace cuda
}  // namespace needle
