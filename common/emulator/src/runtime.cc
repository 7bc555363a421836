// The runtime: launches, memory, errors. Everything is done before a call returns.

#include <algorithm>
#include <chrono>
#include <cstring>
#include <string>
#include <utility>

#include "cuda_emulator.h"
#include "cuda_runtime_api.h"
#include "machine.h"

struct CUstream_st {};
struct CUevent_st {
  std::chrono::steady_clock::time_point recorded;
};

namespace {

using namespace cuda_emulator;

#define HERE reinterpret_cast<Place>(__builtin_return_address(0))

cudaError_t last_error = cudaSuccess;

Machine &M() { return Machine::Get(); }

cudaError_t Set(cudaError_t error) {
  if (error != cudaSuccess) last_error = error;
  return error;
}

cudaError_t Report(const char *kind, std::string text, Place place, cudaError_t error) {
  Finding finding;
  finding.kind = kind;
  finding.text = std::move(text);
  finding.now = M().Here(place);
  M().Found().Add(std::move(finding));
  return Set(error);
}

std::string Text(dim3 n) {
  return "(" + std::to_string(n.x) + ", " + std::to_string(n.y) + ", " +
         std::to_string(n.z) + ")";
}

// Return why no device would run such a launch; empty if one would.
std::string Refusal(const Configuration &c) {
  const auto volume = [](dim3 n) { return std::uint64_t{n.x} * n.y * n.z; };
  if (volume(c.grid) == 0 || volume(c.block) == 0)
    return "a grid of " + Text(c.grid) + " blocks of " + Text(c.block) +
           " threads is empty";
  if (volume(c.block) > 1024 || c.block.x > 1024 || c.block.y > 1024 || c.block.z > 64)
    return "a block of " + Text(c.block) +
           " threads: there may be 1024, and 64 along z";
  if (c.grid.x > 0x7fffffff || c.grid.y > 65535 || c.grid.z > 65535)
    return "a grid of " + Text(c.grid) + " blocks: there may be 65535 along y and z";
  if (c.shared > 48 << 10)
    return std::to_string(c.shared) + " bytes of shared memory: a block has 48 KB";
  return "";
}

// Return the live region that holds a range, or null.
Region *Holder(const void *memory, std::size_t size) {
  const auto address = reinterpret_cast<std::uintptr_t>(memory);
  if (!M().Device().Holds(address)) return nullptr;
  Region *region = M().Device().Find(address);
  const bool whole = region != nullptr && region->live && region->Holds(address, size);
  return whole ? region : nullptr;
}

}  // namespace

namespace cuda_emulator {

void Run(const char *kernel, const Configuration &c, void (*body)(void *),
         void *parameters, std::size_t size) {
  const std::string refusal = Refusal(c);
  if (!refusal.empty()) {
    Report("launch refused", std::string(kernel) + ": " + refusal, HERE,
           cudaErrorInvalidConfiguration);
    return;
  }
  const auto index = [](dim3 n) { return Index3{n.x, n.y, n.z}; };
  M().Launch(kernel, {index(c.grid), index(c.block), c.shared},
             {body, parameters, size});
  if (M().Failed()) Set(cudaErrorLaunchFailure);
}

}  // namespace cuda_emulator

extern "C" {

cudaError_t cudaGetLastError() { return std::exchange(last_error, cudaSuccess); }
cudaError_t cudaPeekAtLastError() { return last_error; }

const char *cudaGetErrorName(cudaError_t error) {
  switch (error) {
    case cudaSuccess:
      return "cudaSuccess";
    case cudaErrorInvalidValue:
      return "cudaErrorInvalidValue";
    case cudaErrorMemoryAllocation:
      return "cudaErrorMemoryAllocation";
    case cudaErrorInvalidConfiguration:
      return "cudaErrorInvalidConfiguration";
    case cudaErrorInvalidDevicePointer:
      return "cudaErrorInvalidDevicePointer";
    case cudaErrorInvalidMemcpyDirection:
      return "cudaErrorInvalidMemcpyDirection";
    case cudaErrorInvalidDevice:
      return "cudaErrorInvalidDevice";
    case cudaErrorInvalidResourceHandle:
      return "cudaErrorInvalidResourceHandle";
    case cudaErrorNotReady:
      return "cudaErrorNotReady";
    case cudaErrorIllegalAddress:
      return "cudaErrorIllegalAddress";
    case cudaErrorLaunchFailure:
      return "cudaErrorLaunchFailure";
  }
  return "unrecognized error code";
}

const char *cudaGetErrorString(cudaError_t error) {
  switch (error) {
    case cudaSuccess:
      return "no error";
    case cudaErrorInvalidValue:
      return "invalid argument";
    case cudaErrorMemoryAllocation:
      return "out of memory";
    case cudaErrorInvalidConfiguration:
      return "invalid configuration argument";
    case cudaErrorInvalidDevicePointer:
      return "invalid device pointer";
    case cudaErrorInvalidMemcpyDirection:
      return "invalid copy direction for memcpy";
    case cudaErrorInvalidDevice:
      return "invalid device ordinal";
    case cudaErrorInvalidResourceHandle:
      return "invalid resource handle";
    case cudaErrorNotReady:
      return "device not ready";
    case cudaErrorIllegalAddress:
      return "an illegal memory access was encountered";
    case cudaErrorLaunchFailure:
      return "unspecified launch failure";
  }
  return "unrecognized error code";
}

// -- memory ----------------------------------------------------------------------------

cudaError_t cudaMalloc(void **memory, std::size_t size) {
  static std::uint64_t number = 0;
  if (memory == nullptr) return Set(cudaErrorInvalidValue);
  *memory = nullptr;
  if (size == 0) return cudaSuccess;
  Region *region = M().Device().Cut(size, "allocation " + std::to_string(++number));
  if (region == nullptr) return Set(cudaErrorMemoryAllocation);
  region->made = HERE;
  *memory = reinterpret_cast<void *>(region->begin);
  return cudaSuccess;
}

cudaError_t cudaFree(void *memory) {
  if (memory == nullptr) return cudaSuccess;
  const auto address = reinterpret_cast<std::uintptr_t>(memory);
  Region *region = M().Device().Holds(address) ? M().Device().Find(address) : nullptr;
  if (region == nullptr || region->begin != address)
    return Report("bad free", "this is not the beginning of memory of the device", HERE,
                  cudaErrorInvalidDevicePointer);
  if (!region->live)
    return Report("bad free", region->name + " was freed before", HERE,
                  cudaErrorInvalidDevicePointer);
  region->freed = M().Here(HERE);
  M().Device().Release(region);
  return cudaSuccess;
}

cudaError_t cudaMemcpy(void *to, const void *from, std::size_t size,
                       cudaMemcpyKind kind) {
  if (size == 0) return cudaSuccess;
  const auto on_device = [](const void *p) {
    return M().Device().Holds(reinterpret_cast<std::uintptr_t>(p));
  };
  const bool to_device = on_device(to), from_device = on_device(from);
  const int direction = 2 * from_device + to_device;  // as cudaMemcpyKind counts
  if (kind != cudaMemcpyDefault && kind != direction)
    return Report("wrong direction of a copy",
                  std::string("the target is memory of the ") +
                      (to_device ? "device" : "host") + ", the source of the " +
                      (from_device ? "device" : "host") +
                      ", and the direction says otherwise",
                  HERE, cudaErrorInvalidValue);
  Region *target = to_device ? Holder(to, size) : nullptr;
  Region *source = from_device ? Holder(from, size) : nullptr;
  if ((to_device && target == nullptr) || (from_device && source == nullptr))
    return Report("out of bounds",
                  "a copy of " + std::to_string(size) +
                      " bytes goes beyond memory of the device, or it was freed",
                  HERE, cudaErrorInvalidValue);
  std::memmove(to, from, size);
  if (target != nullptr) {
    const auto begin = reinterpret_cast<std::uintptr_t>(to);
    if (source == nullptr)
      target->MarkWritten(begin, size);
    else
      for (std::size_t i = 0; i < size; ++i)
        target->MarkWritten(
            begin + i, 1,
            source->IsWritten(reinterpret_cast<std::uintptr_t>(from) + i, 1));
  }
  return cudaSuccess;
}

cudaError_t cudaMemcpyAsync(void *to, const void *from, std::size_t size,
                            cudaMemcpyKind kind, cudaStream_t) {
  return cudaMemcpy(to, from, size, kind);
}

cudaError_t cudaMemset(void *memory, int value, std::size_t size) {
  if (size == 0) return cudaSuccess;
  Region *region = Holder(memory, size);
  if (region == nullptr)
    return Report("out of bounds", "cudaMemset beyond memory of the device", HERE,
                  cudaErrorInvalidValue);
  std::memset(memory, value, size);
  region->MarkWritten(reinterpret_cast<std::uintptr_t>(memory), size);
  return cudaSuccess;
}

cudaError_t cudaMemsetAsync(void *memory, int value, std::size_t size, cudaStream_t) {
  return cudaMemset(memory, value, size);
}

cudaError_t cudaMemGetInfo(std::size_t *free, std::size_t *total) {
  *total = std::size_t{8} << 30;
  std::size_t used = 0;
  for (const auto &[begin, region] : M().Device().All())
    if (region->live) used += region->size;
  *free = *total - std::min(used, *total);
  return cudaSuccess;
}

// -- the device ------------------------------------------------------------------------

cudaError_t cudaGetDeviceCount(int *count) {
  *count = 1;
  return cudaSuccess;
}
cudaError_t cudaGetDevice(int *device) {
  *device = 0;
  return cudaSuccess;
}
cudaError_t cudaSetDevice(int device) {
  return device == 0 ? cudaSuccess : Set(cudaErrorInvalidDevice);
}
cudaError_t cudaGetDeviceProperties(cudaDeviceProp *properties, int device) {
  if (device != 0) return Set(cudaErrorInvalidDevice);
  *properties = {};
  std::strcpy(properties->name, "emulated");
  properties->totalGlobalMem = std::size_t{8} << 30;
  properties->sharedMemPerBlock = 48 << 10;
  properties->warpSize = kWarp;
  properties->maxThreadsPerBlock = 1024;
  properties->multiProcessorCount = 1;
  const int threads[] = {1024, 1024, 64}, blocks[] = {0x7fffffff, 65535, 65535};
  std::copy_n(threads, 3, properties->maxThreadsDim);
  std::copy_n(blocks, 3, properties->maxGridSize);
  return cudaSuccess;
}
cudaError_t cudaRuntimeGetVersion(int *version) {
  *version = 0;
  return cudaSuccess;
}
cudaError_t cudaDeviceSynchronize() { return last_error; }
cudaError_t cudaDeviceReset() {
  M().Device().Clear();
  last_error = cudaSuccess;
  return cudaSuccess;
}

// -- streams and events ----------------------------------------------------------------

cudaError_t cudaStreamCreate(cudaStream_t *stream) {
  *stream = new CUstream_st;
  return cudaSuccess;
}
cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  delete stream;
  return cudaSuccess;
}
cudaError_t cudaStreamSynchronize(cudaStream_t) { return last_error; }
cudaError_t cudaStreamQuery(cudaStream_t) { return last_error; }
cudaError_t cudaEventCreate(cudaEvent_t *event) {
  *event = new CUevent_st;
  return cudaSuccess;
}
cudaError_t cudaEventDestroy(cudaEvent_t event) {
  delete event;
  return cudaSuccess;
}
cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t) {
  event->recorded = std::chrono::steady_clock::now();
  return cudaSuccess;
}
cudaError_t cudaEventSynchronize(cudaEvent_t) { return last_error; }
cudaError_t cudaEventQuery(cudaEvent_t) { return last_error; }
cudaError_t cudaEventElapsedTime(float *milliseconds, cudaEvent_t begin,
                                 cudaEvent_t end) {
  *milliseconds =
      std::chrono::duration<float, std::milli>(end->recorded - begin->recorded).count();
  return cudaSuccess;
}
}
