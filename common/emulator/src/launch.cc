// Launches, as the host asks for them: what a device would refuse is refused here, too.

#include <algorithm>
#include <string>
#include <vector>

#include "cuda_emulator.h"
#include "errors.h"
#include "machine.h"

namespace cuda_emulator {
namespace {

std::string Text(dim3 n) {
  return "(" + std::to_string(n.x) + ", " + std::to_string(n.y) + ", " +
         std::to_string(n.z) + ")";
}

Index3 AsIndex(dim3 n) { return {n.x, n.y, n.z}; }

struct Refusal {
  cudaError_t error = cudaSuccess;
  std::string why;
};

// Why no device would run such a launch.
Refusal Check(const Configuration &c) {
  const std::uint64_t threads = Volume(AsIndex(c.block));
  if (Volume(AsIndex(c.grid)) == 0 || threads == 0)
    return {cudaErrorInvalidConfiguration, "a grid of " + Text(c.grid) + " blocks of " +
                                               Text(c.block) + " threads is empty"};
  if (threads > 1024 || std::max(c.block.x, c.block.y) > 1024 || c.block.z > 64)
    return {cudaErrorInvalidConfiguration,
            "a block of " + Text(c.block) +
                " threads: there may be 1024 altogether, and 64 along z"};
  if (c.grid.x > 0x7fffffff || c.grid.y > 65535 || c.grid.z > 65535)
    return {cudaErrorInvalidConfiguration,
            "a grid of " + Text(c.grid) +
                " blocks: there may be 2147483647 along x, and 65535 along y and z"};
  if (c.shared > 48 << 10)
    return {cudaErrorInvalidValue,
            std::to_string(c.shared) + " bytes of shared memory: a block has 49152"};
  return {};
}

// The error that follows a kernel's mistake.
cudaError_t ErrorOf(const std::string &kind) {
  if (kind.empty()) return cudaSuccess;
  if (kind == "misaligned") return cudaErrorMisalignedAddress;
  if (kind == "assertion failed") return cudaErrorAssert;
  if (kind == "too much shared memory") return cudaErrorInvalidValue;
  if (kind.rfind("endless", 0) == 0 || kind == "interrupted")
    return cudaErrorLaunchTimeout;
  for (const char *each : {"out of bounds", "use after free", "null pointer", "crash",
                           "host pointer on the device", "foreign local memory"})
    if (kind == each) return cudaErrorIllegalAddress;
  return cudaErrorLaunchFailure;
}

}  // namespace

Configuration::Configuration(dim3 grid, dim3 block, std::size_t shared, CUstream_st *)
    : grid(grid), block(block), shared(shared), place(__builtin_return_address(0)) {}

DeviceVariable::DeviceVariable(const void *address, std::size_t size,
                               std::size_t element, const char *name, bool constant) {
  Machine::Get().AddVariable(reinterpret_cast<std::uintptr_t>(address), size,
                             constant ? Space::kConstant : Space::kGlobal, name,
                             element);
}

void Run(const char *kernel, const Configuration &c, const Call &call) {
  Machine &machine = Machine::Get();
  const Place place = reinterpret_cast<Place>(c.place);
  if (machine.Running()) {
    Finding finding;
    finding.kind = "launch in a kernel";
    finding.text = std::string("a kernel launches ") + kernel +
                   ": that needs what the emulator does not have";
    finding.now = machine.Here(place);
    machine.Fail(std::move(finding));
  }
  LookForUnchecked(place);
  if (const Refusal refusal = Check(c); refusal.error != cudaSuccess) {
    Report("launch refused", std::string(kernel) + ": " + refusal.why, place,
           refusal.error);
    return LaunchRefused(kernel, place, refusal.error);
  }
  const Body body = {
      call.body, call.parameters, call.size,
      std::vector<const void *>(call.pointers, call.pointers + call.count)};
  machine.Launch(kernel, {AsIndex(c.grid), AsIndex(c.block), c.shared}, body);
  if (const cudaError_t error = ErrorOf(machine.FailedBy()); error != cudaSuccess)
    LaunchEnded(kernel, place, error);
}

}  // namespace cuda_emulator
