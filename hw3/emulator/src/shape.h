// Indices in three dimensions.
#pragma once

#include <cstdint>

#include "findings.h"

namespace cuda_emulator {

inline std::uint64_t Volume(const Index3 &n) { return std::uint64_t{n.x} * n.y * n.z; }

// The index with a number, x running fastest.
inline Index3 Unravel(std::uint64_t number, const Index3 &shape) {
  return {static_cast<unsigned>(number % shape.x),
          static_cast<unsigned>(number / shape.x % shape.y),
          static_cast<unsigned>(number / shape.x / shape.y)};
}

}  // namespace cuda_emulator
