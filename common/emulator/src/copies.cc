// Memory of the device, as the host allocates, copies and frees it.

#include "copies.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

#include "cuda_runtime_api.h"
#include "errors.h"
#include "machine.h"

namespace {

using namespace cuda_emulator;

#define HERE reinterpret_cast<Place>(__builtin_return_address(0))

constexpr std::size_t kTotal = std::size_t{8} << 30;  // bytes of the device

Copied copied;  // since it was last taken

Machine &M() { return Machine::Get(); }

std::uintptr_t Number(const void *memory) {
  return reinterpret_cast<std::uintptr_t>(memory);
}

bool OnDevice(const void *memory) {
  return M().Device().Holds(Number(memory)) || M().FindOnDevice(Number(memory));
}

Array About(const Region *region, const void *memory) {
  return region == nullptr ? Array{} : M().Describe(*region, Number(memory));
}

// Return null if a range is all live memory of the device; else report what it is.
Region *Range(const void *memory, std::size_t size, const char *what, Place place) {
  Region *region = M().FindOnDevice(Number(memory));
  if (region != nullptr && region->live && region->Holds(Number(memory), size))
    return region;
  std::string text = std::string(what) + " of " + std::to_string(size) + " bytes ";
  if (region == nullptr)
    text += "where no memory of the device is";
  else if (!region->live)
    text += "in " + region->name + ", which was freed";
  else
    text += "from byte " + std::to_string(Number(memory) - region->begin) + " of " +
            region->name + " on, which has " + std::to_string(region->size);
  const bool freed = region != nullptr && !region->live;
  Report(freed ? "use after free" : "out of bounds", text, place, cudaErrorInvalidValue,
         About(region, memory), freed ? region->freed : Witness{});
  return nullptr;
}

cudaError_t Allocate(void **memory, std::size_t size, Place place) {
  static std::uint64_t number = 0;
  if (memory == nullptr) return Set(cudaErrorInvalidValue);
  *memory = nullptr;
  if (size == 0) return cudaSuccess;
  Arena &device = M().Device();
  if (size > kTotal - std::min(device.Used(), kTotal))
    return Set(cudaErrorMemoryAllocation);
  Region *region =
      device.Cut(size, Space::kGlobal, "allocation " + std::to_string(number + 1));
  if (region == nullptr) return Set(cudaErrorMemoryAllocation);
  region->number = ++number;
  region->made = place;
  *memory = reinterpret_cast<void *>(region->begin);
  return cudaSuccess;
}

cudaError_t Free(void *memory, Place place) {
  if (memory == nullptr) return cudaSuccess;
  Region *region =
      M().Device().Holds(Number(memory)) ? M().Device().Find(Number(memory)) : nullptr;
  if (region == nullptr || region->begin != Number(memory))
    return Report("bad free",
                  region == nullptr ? "this is not memory of the device"
                                    : "this is not the beginning of " + region->name,
                  place, cudaErrorInvalidValue, About(region, memory));
  if (!region->live)
    return Report("bad free", region->name + " was freed before", place,
                  cudaErrorInvalidValue, About(region, memory), region->freed);
  region->freed = M().Here(place);
  M().Device().Release(region);
  return cudaSuccess;
}

// The host is about to have bytes that nobody has written.
void LookForUnwritten(const Region &source, const void *from, std::size_t size,
                      Place place) {
  if (source.IsWritten(Number(from), size)) return;
  std::uintptr_t at = Number(from);
  std::size_t missing = 0;
  for (std::size_t i = size; i-- > 0;)
    if (!source.IsWritten(Number(from) + i, 1)) {
      at = Number(from) + i;
      ++missing;
    }
  Report("never written",
         "a copy to the host of " + std::to_string(size) + " bytes of " + source.name +
             ": nothing has been written to " + std::to_string(missing) +
             " of them, the first is byte " + std::to_string(at - source.begin),
         place, cudaSuccess, M().Describe(source, at));
}

cudaError_t Copy(void *to, const void *from, std::size_t size, cudaMemcpyKind kind,
                 Place place) {
  LookForUnchecked(place);
  if (size == 0) return cudaSuccess;
  const bool to_device = OnDevice(to), from_device = OnDevice(from);
  const int direction = 2 * from_device + to_device;  // as cudaMemcpyKind counts
  if (kind != cudaMemcpyDefault && kind != direction)
    return Report("wrong direction of a copy",
                  std::string("the target is memory of the ") +
                      (to_device ? "device" : "host") + ", the source of the " +
                      (from_device ? "device" : "host") +
                      ", and the direction says otherwise",
                  place, cudaErrorInvalidValue);
  Region *target = nullptr, *source = nullptr;
  if (to_device && !(target = Range(to, size, "a copy", place)))
    return cudaErrorInvalidValue;
  if (from_device && !(source = Range(from, size, "a copy", place)))
    return cudaErrorInvalidValue;
  std::memmove(to, from, size);
  if (to_device) (from_device ? copied.on_device : copied.to_device) += size;
  if (from_device && !to_device) copied.to_host += size;
  if (target != nullptr && source != nullptr)
    target->MarkCopied(Number(to), *source, Number(from), size);
  else if (target != nullptr)
    target->MarkWritten(Number(to), size);
  else if (source != nullptr)
    LookForUnwritten(*source, from, size, place);
  return cudaSuccess;
}

cudaError_t Fill(void *memory, int value, std::size_t size, Place place) {
  if (size == 0) return cudaSuccess;
  Region *region = Range(memory, size, "cudaMemset", place);
  if (region == nullptr) return cudaErrorInvalidValue;
  std::memset(memory, value, size);
  region->MarkWritten(Number(memory), size);
  return cudaSuccess;
}

// The address of a part of a variable of the device; null if it is none.
char *Part(Symbol symbol, std::size_t offset) {
  const bool known = M().FindOnDevice(Number(symbol.address)) != nullptr;
  return known ? static_cast<char *>(const_cast<void *>(symbol.address)) + offset
               : nullptr;
}

}  // namespace

Copied cuda_emulator::TakeCopied() { return std::exchange(copied, {}); }

// -- allocation ------------------------------------------------------------------------

cudaError_t cudaMalloc(Slot memory, std::size_t size) {
  return Allocate(memory.memory, size, HERE);
}
cudaError_t cudaMallocAsync(Slot memory, std::size_t size, cudaStream_t) {
  return Allocate(memory.memory, size, HERE);
}
cudaError_t cudaMallocPitch(Slot memory, std::size_t *pitch, std::size_t width,
                            std::size_t height) {
  *pitch = (width + 511) / 512 * 512;
  return Allocate(memory.memory, *pitch * height, HERE);
}
cudaError_t cudaMallocHost(Slot memory, std::size_t size, unsigned) {
  *memory.memory = std::malloc(size);
  return *memory.memory != nullptr ? cudaSuccess : Set(cudaErrorMemoryAllocation);
}
cudaError_t cudaHostAlloc(Slot memory, std::size_t size, unsigned flags) {
  return cudaMallocHost(memory, size, flags);
}

// -- variables -------------------------------------------------------------------------

cudaError_t cudaMemcpyToSymbol(Symbol symbol, const void *from, std::size_t size,
                               std::size_t offset, cudaMemcpyKind kind) {
  char *const to = Part(symbol, offset);
  if (to == nullptr) return Set(cudaErrorInvalidSymbol);
  return Copy(to, from, size, kind, HERE);
}
cudaError_t cudaMemcpyFromSymbol(void *to, Symbol symbol, std::size_t size,
                                 std::size_t offset, cudaMemcpyKind kind) {
  const char *const from = Part(symbol, offset);
  if (from == nullptr) return Set(cudaErrorInvalidSymbol);
  return Copy(to, from, size, kind, HERE);
}
cudaError_t cudaGetSymbolAddress(Slot address, Symbol symbol) {
  *address.memory = Part(symbol, 0);
  return *address.memory != nullptr ? cudaSuccess : Set(cudaErrorInvalidSymbol);
}
cudaError_t cudaGetSymbolSize(std::size_t *size, Symbol symbol) {
  const Region *variable = M().FindOnDevice(Number(symbol.address));
  if (variable == nullptr) return Set(cudaErrorInvalidSymbol);
  *size = variable->size;
  return cudaSuccess;
}

extern "C" {

cudaError_t cudaFree(void *memory) { return Free(memory, HERE); }
cudaError_t cudaFreeAsync(void *memory, cudaStream_t) { return Free(memory, HERE); }
cudaError_t cudaFreeHost(void *memory) {
  std::free(memory);
  return cudaSuccess;
}

// -- copies ----------------------------------------------------------------------------

cudaError_t cudaMemcpy(void *to, const void *from, std::size_t size,
                       cudaMemcpyKind kind) {
  if (const cudaError_t error = Surfacing()) return error;
  return Copy(to, from, size, kind, HERE);
}
cudaError_t cudaMemcpyAsync(void *to, const void *from, std::size_t size,
                            cudaMemcpyKind kind, cudaStream_t) {
  if (const cudaError_t error = Surfacing()) return error;
  return Copy(to, from, size, kind, HERE);
}
cudaError_t cudaMemcpy2D(void *to, std::size_t to_pitch, const void *from,
                         std::size_t from_pitch, std::size_t width, std::size_t height,
                         cudaMemcpyKind kind) {
  if (const cudaError_t error = Surfacing()) return error;
  if (width > to_pitch || width > from_pitch) return Set(cudaErrorInvalidPitchValue);
  for (std::size_t row = 0; row < height; ++row)
    if (const cudaError_t error =
            Copy(static_cast<char *>(to) + row * to_pitch,
                 static_cast<const char *>(from) + row * from_pitch, width, kind, HERE))
      return error;
  return cudaSuccess;
}

cudaError_t cudaMemset(void *memory, int value, std::size_t size) {
  return Fill(memory, value, size, HERE);
}
cudaError_t cudaMemset2D(void *memory, std::size_t pitch, int value, std::size_t width,
                         std::size_t height) {
  if (width > pitch) return Set(cudaErrorInvalidPitchValue);
  for (std::size_t row = 0; row < height; ++row)
    if (const cudaError_t error =
            Fill(static_cast<char *>(memory) + row * pitch, value, width, HERE))
      return error;
  return cudaSuccess;
}
cudaError_t cudaMemsetAsync(void *memory, int value, std::size_t size, cudaStream_t) {
  return Fill(memory, value, size, HERE);
}

cudaError_t cudaMemGetInfo(std::size_t *free, std::size_t *total) {
  *total = kTotal;
  *free = kTotal - std::min(M().Device().Used(), kTotal);
  return cudaSuccess;
}
}
