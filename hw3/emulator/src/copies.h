// What the host has copied from and to memory of the device.
#pragma once

#include <cstdint>

namespace cuda_emulator {

// In bytes, by where they went.
struct Copied {
  std::uint64_t to_device = 0, to_host = 0, on_device = 0;
};

// Return what was copied since the last call.
Copied TakeCopied();

}  // namespace cuda_emulator
