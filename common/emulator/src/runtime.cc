// The device as the host sees it; streams and events. Everything is done before a call
// returns: there is nothing to wait for.

#include <algorithm>
#include <chrono>
#include <cstring>

#include "cuda_runtime_api.h"
#include "errors.h"
#include "machine.h"

struct CUstream_st {};
struct CUevent_st {
  std::chrono::steady_clock::time_point recorded;
  bool was_recorded = false;
};

namespace {

using namespace cuda_emulator;

template <typename T>
cudaError_t Make(T **handle) {
  if (handle == nullptr) return Set(cudaErrorInvalidValue);
  *handle = new T;
  return cudaSuccess;
}

cudaError_t Waited(const CUevent_st *event) {
  return event == nullptr ? Set(cudaErrorInvalidResourceHandle) : Surfacing();
}

}  // namespace

extern "C" {

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
  properties->totalConstMem = 64 << 10;
  properties->warpSize = kWarp;
  properties->maxThreadsPerBlock = 1024;
  properties->sharedMemPerMultiprocessor = 48 << 10;
  properties->maxThreadsPerMultiProcessor = 1024;
  properties->regsPerBlock = 65536;
  properties->multiProcessorCount = 1;
  const int threads[] = {1024, 1024, 64}, blocks[] = {0x7fffffff, 65535, 65535};
  std::copy_n(threads, 3, properties->maxThreadsDim);
  std::copy_n(blocks, 3, properties->maxGridSize);
  return cudaSuccess;
}
cudaError_t cudaDeviceGetAttribute(int *value, cudaDeviceAttr attribute, int device) {
  if (device != 0) return Set(cudaErrorInvalidDevice);
  switch (attribute) {
    case cudaDevAttrMaxThreadsPerBlock:
    case cudaDevAttrMaxThreadsPerMultiProcessor:
      *value = 1024;
      return cudaSuccess;
    case cudaDevAttrMaxSharedMemoryPerBlock:
      *value = 48 << 10;
      return cudaSuccess;
    case cudaDevAttrWarpSize:
      *value = kWarp;
      return cudaSuccess;
    case cudaDevAttrMultiProcessorCount:
      *value = 1;
      return cudaSuccess;
    case cudaDevAttrComputeCapabilityMajor:
    case cudaDevAttrComputeCapabilityMinor:
      *value = 0;
      return cudaSuccess;
  }
  return Set(cudaErrorInvalidValue);
}
cudaError_t cudaDeviceSetCacheConfig(cudaFuncCache) { return cudaSuccess; }
cudaError_t cudaRuntimeGetVersion(int *version) {
  *version = 0;
  return cudaSuccess;
}
cudaError_t cudaDriverGetVersion(int *version) {
  *version = 0;
  return cudaSuccess;
}
cudaError_t cudaDeviceSynchronize() { return Surfacing(); }
cudaError_t cudaDeviceReset() {
  Machine::Get().Device().Clear();
  ForgetErrors();
  return cudaSuccess;
}

// -- streams and events ----------------------------------------------------------------

cudaError_t cudaStreamCreate(cudaStream_t *stream) { return Make(stream); }
cudaError_t cudaStreamCreateWithFlags(cudaStream_t *stream, unsigned) {
  return Make(stream);
}
cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  delete stream;
  return cudaSuccess;
}
cudaError_t cudaStreamSynchronize(cudaStream_t) { return Surfacing(); }
cudaError_t cudaStreamQuery(cudaStream_t) { return Surfacing(); }
cudaError_t cudaStreamWaitEvent(cudaStream_t, cudaEvent_t event, unsigned) {
  return event == nullptr ? Set(cudaErrorInvalidResourceHandle) : cudaSuccess;
}

cudaError_t cudaEventCreate(cudaEvent_t *event) { return Make(event); }
cudaError_t cudaEventCreateWithFlags(cudaEvent_t *event, unsigned) {
  return Make(event);
}
cudaError_t cudaEventDestroy(cudaEvent_t event) {
  delete event;
  return cudaSuccess;
}
cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t) {
  if (event == nullptr) return Set(cudaErrorInvalidResourceHandle);
  event->recorded = std::chrono::steady_clock::now();
  event->was_recorded = true;
  return cudaSuccess;
}
cudaError_t cudaEventSynchronize(cudaEvent_t event) { return Waited(event); }
cudaError_t cudaEventQuery(cudaEvent_t event) { return Waited(event); }
cudaError_t cudaEventElapsedTime(float *milliseconds, cudaEvent_t begin,
                                 cudaEvent_t end) {
  if (begin == nullptr || end == nullptr || !begin->was_recorded || !end->was_recorded)
    return Set(cudaErrorInvalidResourceHandle);
  *milliseconds =
      std::chrono::duration<float, std::milli>(end->recorded - begin->recorded).count();
  return cudaSuccess;
}
}
