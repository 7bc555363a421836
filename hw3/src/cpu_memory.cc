#include "cpu_memory.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <map>
#include <mutex>
#include <new>
#include <string>
#include <vector>

#include "ndarray_backend_cpu.h"

#ifdef NEEDLE_KEEP_NO_MEMORY
#include <sanitizer/asan_interface.h>
#endif

namespace needle {
namespace cpu {

namespace {

struct OutOfMemory : std::bad_alloc {
  explicit OutOfMemory(std::size_t size)
      : said_("an array of " + std::to_string(size) +
              " floats does not fit into memory") {}
  const char *what() const noexcept override { return said_.c_str(); }

 private:
  std::string said_;
};

// A training step asks for the same sizes again and again, and fresh memory costs a page
// fault every 4 KB. So what is given back is kept, by size. At most as much is kept as
// was live at once: together that is never more than twice the peak. Where that is too
// little, the size that was used least lately gives way.
//
// Under a sanitizer nothing is kept: it has to see each use of memory after its end.
class Pool {
 public:
  void *Take(std::size_t bytes) {
    const std::lock_guard<std::mutex> lock(mutex_);
    void *memory = nullptr;
    const auto found = unused_.find(bytes);
    if (found != unused_.end()) {
      memory = found->second.memory.back();
      Remove(found);
      ++stats_.reused;
    } else {
      memory = std::aligned_alloc(kAlignment, bytes);
      if (memory == nullptr) {  // perhaps it fits when what is kept is given back
        Clear();
        memory = std::aligned_alloc(kAlignment, bytes);
        if (memory == nullptr) return nullptr;
      }
    }
    ++stats_.allocated;
    stats_.live += bytes;
    if (stats_.live > stats_.peak) stats_.peak = stats_.live;
    return memory;
  }

  void Return(void *memory, std::size_t bytes) {
    const std::lock_guard<std::mutex> lock(mutex_);
    stats_.live -= bytes;
#ifndef NEEDLE_KEEP_NO_MEMORY
    Unused &same = unused_[bytes];
    same.memory.push_back(memory);
    same.used = ++clock_;
    stats_.kept += bytes;
    while (stats_.kept > stats_.peak) FreeOldest();
#else
    std::free(memory);
#endif
  }

  MemoryStats Stats() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return stats_;
  }

  void ResetPeak() {
    const std::lock_guard<std::mutex> lock(mutex_);
    stats_.peak = stats_.live;
  }

  void FreeUnused() {
    const std::lock_guard<std::mutex> lock(mutex_);
    Clear();
  }

 private:
  // Memory of one size.
  struct Unused {
    std::vector<void *> memory;  // at least one
    std::uint64_t used = 0;      // when something of this size ended last
  };
  using Sizes = std::map<std::size_t, Unused>;

  // Forget the memory of a size that is at the end of its list.
  void Remove(Sizes::iterator size) {
    stats_.kept -= size->first;
    size->second.memory.pop_back();
    if (size->second.memory.empty()) unused_.erase(size);
  }

  void FreeOldest() {
    const auto oldest = std::min_element(
        unused_.begin(), unused_.end(),
        [](const auto &a, const auto &b) { return a.second.used < b.second.used; });
    std::free(oldest->second.memory.back());
    Remove(oldest);
  }

  void Clear() {
    while (!unused_.empty()) FreeOldest();
  }

  std::mutex mutex_;
  Sizes unused_;
  std::uint64_t clock_ = 0;
  MemoryStats stats_;
};

// Never destroyed: arrays may outlive the end of the interpreter.
Pool &ThePool() {
  static Pool *const pool = new Pool;
  return *pool;
}

}  // namespace

std::shared_ptr<void> Allocate(std::size_t size) {
  constexpr std::size_t kMost =
      std::numeric_limits<std::ptrdiff_t>::max() / sizeof(scalar_t) - kAlignment;
  if (size > kMost) throw OutOfMemory(size);
  const std::size_t units = (size * sizeof(scalar_t) + kAlignment - 1) / kAlignment;
  const std::size_t bytes = (units == 0 ? 1 : units) * kAlignment;
  void *memory = ThePool().Take(bytes);
  if (memory == nullptr) throw OutOfMemory(size);
#ifdef NEEDLE_KEEP_NO_MEMORY
  // What is only there to round up, nobody may touch.
  const std::size_t asked = size * sizeof(scalar_t);
  ASAN_POISON_MEMORY_REGION(static_cast<char *>(memory) + asked, bytes - asked);
#endif
  return {memory, [bytes](void *ended) { ThePool().Return(ended, bytes); }};
}

MemoryStats Stats() { return ThePool().Stats(); }
void ResetPeak() { ThePool().ResetPeak(); }
void FreeUnused() { ThePool().FreeUnused(); }

AlignedArray::AlignedArray(std::size_t size) : ptr(nullptr), size(size) {
  memory_ = Allocate(size);
  ptr = static_cast<scalar_t *>(memory_.get());
}

AlignedArray::AlignedArray(scalar_t *ptr, std::size_t size, std::shared_ptr<void> owner)
    : ptr(ptr), size(size), memory_(std::move(owner)) {}

}  // namespace cpu
}  // namespace needle
