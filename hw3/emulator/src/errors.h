// The runtime's errors, and whether somebody has asked for them.
#pragma once

#include <string>

#include "cuda_errors.h"
#include "findings.h"

namespace cuda_emulator {

// Remember an error for cudaGetLastError(), and return it.
cudaError_t Set(cudaError_t error);

// Report a mistake of the host, and remember it as an error.
cudaError_t Report(const char *kind, std::string text, Place place, cudaError_t error,
                   Array array = {}, Witness before = {});

// A launch has failed: before it began, or while it ran.
void LaunchRefused(const std::string &kernel, Place place, cudaError_t error);
void LaunchEnded(const std::string &kernel, Place place, cudaError_t error);

// What a call that waits for the device returns: a kernel's failure, once.
cudaError_t Surfacing();

// A call goes on as if nothing had happened: was there an error nobody asked for?
void LookForUnchecked(Place place);
void ForgetErrors();

}  // namespace cuda_emulator
