#include "cpu_memory.h"

#include <cstdlib>
#include <limits>

#include "ndarray_backend_cpu.h"

#ifdef NEEDLE_KEEP_NO_MEMORY
#include <sanitizer/asan_interface.h>
#endif

namespace needle {
namespace cpu {

namespace {

void *AllocateAligned(std::size_t bytes) {
  return std::aligned_alloc(kAlignment, bytes);
}

#ifdef NEEDLE_KEEP_NO_MEMORY
constexpr bool kKeep = false;
#else
constexpr bool kKeep = true;
#endif

}  // namespace

// Never destroyed: arrays may outlive the end of the interpreter.
MemoryPool &Memory() {
  static MemoryPool *const pool = new MemoryPool({AllocateAligned, std::free, kKeep});
  return *pool;
}

std::shared_ptr<void> Allocate(std::size_t size) {
  constexpr std::size_t kMost =
      std::numeric_limits<std::ptrdiff_t>::max() / sizeof(scalar_t) - kAlignment;
  if (size > kMost) throw OutOfMemory(size);
  const std::size_t units = (size * sizeof(scalar_t) + kAlignment - 1) / kAlignment;
  const std::size_t bytes = (units == 0 ? 1 : units) * kAlignment;
  auto memory = Memory().Allocate(bytes);
  if (memory == nullptr) throw OutOfMemory(size);
#ifdef NEEDLE_KEEP_NO_MEMORY
  // What is only there to round up, nobody may touch.
  const std::size_t asked = size * sizeof(scalar_t);
  ASAN_POISON_MEMORY_REGION(static_cast<char *>(memory.get()) + asked, bytes - asked);
#endif
  return memory;
}

AlignedArray::AlignedArray(std::size_t size) : ptr(nullptr), size(size) {
  memory_ = Allocate(size);
  ptr = static_cast<scalar_t *>(memory_.get());
}

AlignedArray::AlignedArray(scalar_t *ptr, std::size_t size, std::shared_ptr<void> owner)
    : ptr(ptr), size(size), memory_(std::move(owner)) {}

}  // namespace cpu
}  // namespace needle
