#include "errors.h"

#include <utility>

#include "cuda_runtime_api.h"
#include "machine.h"

namespace cuda_emulator {
namespace {

cudaError_t last_error = cudaSuccess;

// The last launch that failed, until somebody asks.
struct {
  cudaError_t error = cudaSuccess;
  bool refused = false;
  std::string kernel;
  Place place = 0;
} unasked;

}  // namespace

cudaError_t Set(cudaError_t error) {
  if (error != cudaSuccess) last_error = error;
  return error;
}

cudaError_t Report(const char *kind, std::string text, Place place, cudaError_t error,
                   Array array, Witness before) {
  Machine &machine = Machine::Get();
  Finding finding;
  finding.kind = kind;
  finding.text = std::move(text);
  finding.now = machine.Here(place);
  finding.array = std::move(array);
  finding.before = before;
  machine.Found().Add(std::move(finding));
  return Set(error);
}

void LaunchRefused(const std::string &kernel, Place place, cudaError_t error) {
  unasked = {Set(error), true, kernel, place};
}

void LaunchEnded(const std::string &kernel, Place place, cudaError_t error) {
  unasked = {Set(error), false, kernel, place};
}

cudaError_t Surfacing() {
  if (unasked.refused) return cudaSuccess;  // only cudaGetLastError() tells that
  return std::exchange(unasked.error, cudaSuccess);
}

void LookForUnchecked(Place place) {
  const cudaError_t error = std::exchange(unasked.error, cudaSuccess);
  if (error == cudaSuccess) return;
  Finding finding;
  finding.kind = "unchecked error";
  finding.text = std::string("the launch of ") + unasked.kernel + " gave " +
                 cudaGetErrorName(error) + " (" + cudaGetErrorString(error) +
                 "), and nobody asked for it before this call: call cudaGetLastError() "
                 "after a launch";
  finding.kernel = unasked.kernel;
  finding.now.place = place;
  finding.before.place = unasked.place;
  Machine::Get().Found().Add(std::move(finding));
}

void ForgetErrors() {
  last_error = cudaSuccess;
  unasked.error = cudaSuccess;
}

}  // namespace cuda_emulator

extern "C" {

cudaError_t cudaGetLastError() {
  cuda_emulator::unasked.error = cudaSuccess;
  return std::exchange(cuda_emulator::last_error, cudaSuccess);
}

cudaError_t cudaPeekAtLastError() {
  cuda_emulator::unasked.error = cudaSuccess;
  return cuda_emulator::last_error;
}

#define NAME(name, number, text) \
  case name:                     \
    return #name;
#define TEXT(name, number, text) \
  case name:                     \
    return text;

const char *cudaGetErrorName(cudaError_t error) {
  switch (error) { CUDA_EMULATOR_ERRORS(NAME) }
  return "unrecognized error code";
}

const char *cudaGetErrorString(cudaError_t error) {
  switch (error) { CUDA_EMULATOR_ERRORS(TEXT) }
  return "unrecognized error code";
}
}
