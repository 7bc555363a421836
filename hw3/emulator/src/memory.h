// Memory of the device and of blocks, and what is known of every word of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "findings.h"
#include "touch.h"

namespace cuda_emulator {

enum class Space { kGlobal, kShared, kDynamicShared, kConstant };

// A piece of memory. Its words are remembered from their first access on.
class Region {
 public:
  Region(std::uintptr_t begin, std::size_t size, Space space, std::string name);
  ~Region();
  Region(const Region &) = delete;
  Region &operator=(const Region &) = delete;

  bool Holds(std::uintptr_t address, std::size_t size) const {
    return address >= begin && address - begin <= this->size &&
           size <= this->size - (address - begin);
  }
  bool IsWritten(std::uintptr_t address, std::size_t size) const;
  void MarkWritten(std::uintptr_t address, std::size_t size, bool written = true);
  // As a copy from there does: what was never written stays so.
  void MarkCopied(std::uintptr_t to, const Region &source, std::uintptr_t from,
                  std::size_t size);
  // Give back what is known of its words: its life has ended.
  void Drop();
  void ForgetTouches();  // before the numbers of intervals begin anew

  const std::uintptr_t begin;
  const std::size_t size;
  const Space space;
  const std::string name;    // of a variable; of memory of cudaMalloc, "allocation 3"
  std::uint64_t number = 0;  // of the cudaMalloc
  std::size_t element = 0;   // bytes of one; 0 if unknown
  std::vector<std::size_t> extents;  // of a declared array
  Witness freed;                     // where; a place of 0 while it lives
  bool live = true;
  Place made = 0;

  // By number of the word. The bit for a byte says that somebody has written to it.
  Word *words = nullptr;
  std::uint8_t *written = nullptr;

 private:
  std::size_t Words() const { return (size + kWord - 1) / kWord + 4; }
};

// A range of addresses out of which regions are cut, with gaps between them that belong to
// nobody: what goes past the end of an array meets no other.
class Arena {
 public:
  // Of `most` bytes of addresses, or fewer where the system does not give so many.
  Arena(std::size_t most, unsigned granule_bits);
  Arena(const Arena &) = delete;
  Arena &operator=(const Arena &) = delete;

  bool Holds(std::uintptr_t address) const { return address - begin_ < size_; }

  // Return a new region, not written; null if there is no room left.
  Region *Cut(std::size_t size, Space space, std::string name);

  // The region at an address or, in a gap, the one before it; null if there is none.
  Region *Find(std::uintptr_t address) const {
    return regions_[(address - begin_) >> granule_bits_];
  }
  // End the life of a region. Its memory goes back to the system; its address goes to
  // others as late as possible, so that who still uses it is found out.
  void Release(Region *region);
  void Clear();  // forget all regions

  const std::map<std::uintptr_t, std::unique_ptr<Region>> &All() const { return all_; }
  std::size_t Used() const { return used_; }  // bytes of live regions

 private:
  static constexpr std::size_t kRemembered = 1024;  // regions whose life has ended

  // At least one granule stays behind a region, for what goes past its end.
  std::size_t GranulesOf(std::size_t size) const { return (size >> granule_bits_) + 2; }
  std::size_t FreeRun(std::size_t granules) const;
  void Forget(Region *region);

  unsigned granule_bits_;
  std::uintptr_t begin_ = 0;
  std::size_t size_ = 0, next_ = 0, used_ = 0;
  std::map<std::uintptr_t, std::unique_ptr<Region>> all_;
  std::deque<Region *> ended_;
  Region **regions_ = nullptr;  // of each granule; mapped, and null until used
};

}  // namespace cuda_emulator
