// CUDA's errors: those that the emulator gives, by name, number and text.
#pragma once

// X(name, number, text)
#define CUDA_EMULATOR_ERRORS(X)                                                    \
  X(cudaSuccess, 0, "no error")                                                    \
  X(cudaErrorInvalidValue, 1, "invalid argument")                                  \
  X(cudaErrorMemoryAllocation, 2, "out of memory")                                 \
  X(cudaErrorInvalidConfiguration, 9, "invalid configuration argument")            \
  X(cudaErrorInvalidPitchValue, 12, "invalid pitch argument")                      \
  X(cudaErrorInvalidSymbol, 13, "invalid device symbol")                           \
  X(cudaErrorInvalidDevicePointer, 17, "invalid device pointer")                   \
  X(cudaErrorInvalidMemcpyDirection, 21, "invalid copy direction for memcpy")      \
  X(cudaErrorNoDevice, 100, "no CUDA-capable device is detected")                  \
  X(cudaErrorInvalidDevice, 101, "invalid device ordinal")                         \
  X(cudaErrorInvalidResourceHandle, 400, "invalid resource handle")                \
  X(cudaErrorNotReady, 600, "device not ready")                                    \
  X(cudaErrorIllegalAddress, 700, "an illegal memory access was encountered")      \
  X(cudaErrorLaunchOutOfResources, 701, "too many resources requested for launch") \
  X(cudaErrorLaunchTimeout, 702, "the launch timed out and was terminated")        \
  X(cudaErrorAssert, 710, "device-side assert triggered")                          \
  X(cudaErrorMisalignedAddress, 716, "misaligned address")                         \
  X(cudaErrorLaunchFailure, 719, "unspecified launch failure")                     \
  X(cudaErrorNotSupported, 801, "operation not supported")                         \
  X(cudaErrorUnknown, 999, "unknown error")

#define CUDA_EMULATOR_ERROR(name, number, text) name = number,
enum cudaError { CUDA_EMULATOR_ERRORS(CUDA_EMULATOR_ERROR) };
#undef CUDA_EMULATOR_ERROR
using cudaError_t = cudaError;
