// Memory of the device and of blocks, and what is known of every word of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>

#include "findings.h"

namespace cuda_emulator {

// One access to a word, as far as later ones have to know of it.
struct Touch {
  std::uint32_t interval = 0;  // from barrier to barrier of one block; 0: no access yet
  std::uint32_t block = 0;     // its number in the grid
  std::uint32_t clock = 0;   // the thread's, which its warp's synchronisation moves on
  std::uint16_t thread = 0;  // its number in the block
  std::uint8_t bytes = 0;    // a bit for each of the word's four
  bool atomic = false;
  Place place = 0;
};

// The last write to a word, and reads by two threads: whoever writes next is not both.
struct Word {
  Touch write, read, other_read;
};

constexpr std::size_t kWord = 4;

// A piece of memory. Its words are remembered from their first access on.
class Region {
 public:
  Region(std::uintptr_t begin, std::size_t size, std::string name);
  ~Region();
  Region(const Region &) = delete;
  Region &operator=(const Region &) = delete;

  bool Holds(std::uintptr_t address, std::size_t size) const {
    return address >= begin && address - begin <= this->size &&
           size <= this->size - (address - begin);
  }
  Word &At(std::uintptr_t address) { return words_[(address - begin) / kWord]; }
  bool IsWritten(std::uintptr_t address, std::size_t size) const;
  void MarkWritten(std::uintptr_t address, std::size_t size, bool written = true);

  const std::uintptr_t begin;
  const std::size_t size;
  const std::string name;  // of a shared array; of memory of the device, its number
  Witness freed;           // where; a place of 0 while it lives
  bool live = true;
  Place made = 0;

 private:
  Word *words_;            // zero, and of large regions taken when first touched
  std::uint8_t *written_;  // a byte for each byte
};

// A range of addresses out of which regions are cut, with gaps between them that belong to
// nobody: what goes past the end of an array meets no other.
class Arena {
 public:
  Arena(std::size_t size, std::size_t granule);
  Arena(const Arena &) = delete;
  Arena &operator=(const Arena &) = delete;

  bool Holds(std::uintptr_t address) const { return address - begin_ < size_; }

  // Return a new region, not written; null if there is no room left.
  Region *Cut(std::size_t size, std::string name);

  // The region at an address or, in a gap, the one before it; null if there is none.
  Region *Find(std::uintptr_t address) const {
    return regions_[(address - begin_) / granule_];
  }
  // End the life of a region. Its memory goes back to the system; its address goes to
  // others as late as possible, so that who still uses it is found out.
  void Release(Region *region);
  void Clear();  // forget all regions

  const std::map<std::uintptr_t, std::unique_ptr<Region>> &All() const { return all_; }

 private:
  static constexpr std::size_t kRemembered = 1024;  // regions whose life has ended

  std::size_t GranulesOf(std::size_t size) const { return size / granule_ + 2; }
  std::size_t FreeRun(std::size_t granules) const;
  void Forget(Region *region);

  std::uintptr_t begin_;
  std::size_t size_, granule_, next_ = 0;
  std::map<std::uintptr_t, std::unique_ptr<Region>> all_;
  std::deque<Region *> ended_;
  Region **regions_;  // of each granule; mapped, and null until used
};

}  // namespace cuda_emulator
