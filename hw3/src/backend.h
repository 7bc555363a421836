// What every backend shares: its numbers, what a view is, and errors that Python knows.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <vector>

namespace needle {

using scalar_t = float;

// Lengths or steps, one an axis. Steps may be 0 or negative.
using Extents = std::vector<std::int64_t>;

// Raised in Python as NotImplementedError.
struct NotImplementedError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace needle
