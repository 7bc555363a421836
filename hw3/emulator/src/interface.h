// The machine as needle's bindings see it: without types of CUDA's or of Python's.
#pragma once

#include <cstdint>
#include <string>

namespace cuda_emulator {

// Return all findings since the last call, as a JSON list; places are offsets into the
// file of this module (see ModulePath), where debug information tells their lines.
std::string TakeFindings();

// Return what was counted per kernel since the last call, as JSON; see Configure.
std::string Counts();

// Return how many bytes the host has copied since the last call, as a JSON object by
// where they went: "to_device" from the host, "to_host", and "on_device" from device to
// device. These are counted always.
std::string Copies();

// Choose the order in which threads and blocks run ("forward", "reversed", "shuffled"),
// the seed of the last, and whether to count accesses. Return whether the order exists.
bool Configure(const std::string &order, std::uint64_t seed, bool counting);

// Return the live allocations of the device, as a JSON list.
std::string Leaks();

// Return the path of the file of which the emulator is a part.
std::string ModulePath();

}  // namespace cuda_emulator
