// Memory that is counted, and kept for the next array of the same size.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <vector>

namespace needle {

// All in bytes, but the last two.
struct MemoryStats {
  std::size_t live = 0;  // of arrays that exist
  std::size_t peak = 0;  // the most that were live at once
  std::size_t kept = 0;  // of arrays that are gone, for the next of the same size
  std::uint64_t allocated = 0;  // arrays, ever
  std::uint64_t reused = 0;     // those of them that got memory of an earlier one
};

// Raised in Python as MemoryError.
struct OutOfMemory : std::bad_alloc {
  explicit OutOfMemory(std::size_t size, const char *where = "memory")
      : said_("an array of " + std::to_string(size) + " floats does not fit into " +
              where) {}
  const char *what() const noexcept override { return said_.c_str(); }

 private:
  std::string said_;
};

// Where memory comes from and goes to. Without room, `allocate` returns null.
struct MemorySource {
  void *(*allocate)(std::size_t bytes);
  void (*free)(void *memory);
  bool keep;  // whether memory is used again
};

// A training step asks for the same sizes again and again, and fresh memory takes its
// time: a page fault every 4 KB, or a wait for the device. So what is given back is kept,
// by size. At most as much is kept as was live at once: together that is never more than
// twice the peak. Where that is too little, the size that was used least lately gives
// way.
//
// Under a sanitizer, or the emulator, nothing is kept: it has to see each use of memory
// after its end.
class MemoryPool {
 public:
  explicit MemoryPool(MemorySource source) : source_(source) {}

  // Return memory that is given back with its last owner; null without room. The pool has
  // to live longer.
  std::shared_ptr<void> Allocate(std::size_t bytes) {
    void *memory = Take(bytes);
    if (memory == nullptr) return nullptr;
    return {memory, [this, bytes](void *ended) { Return(ended, bytes); }};
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

  void *Take(std::size_t bytes) {
    const std::lock_guard<std::mutex> lock(mutex_);
    void *memory = nullptr;
    const auto found = unused_.find(bytes);
    if (found != unused_.end()) {
      memory = found->second.memory.back();
      Remove(found);
      ++stats_.reused;
    } else {
      memory = source_.allocate(bytes);
      if (memory == nullptr) {  // perhaps it fits when what is kept is given back
        Clear();
        memory = source_.allocate(bytes);
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
    if (!source_.keep) return source_.free(memory);
    Unused &same = unused_[bytes];
    same.memory.push_back(memory);
    same.used = ++clock_;
    stats_.kept += bytes;
    while (stats_.kept > stats_.peak) FreeOldest();
  }

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
    source_.free(oldest->second.memory.back());
    Remove(oldest);
  }

  void Clear() {
    while (!unused_.empty()) FreeOldest();
  }

  const MemorySource source_;
  std::mutex mutex_;
  Sizes unused_;
  std::uint64_t clock_ = 0;
  MemoryStats stats_;
};

}  // namespace needle
