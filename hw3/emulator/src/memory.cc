#include "memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

namespace cuda_emulator {
namespace {

// Zeros, of which the system gives a page only when it is touched; null if it refuses.
void *Map(std::size_t bytes) {
  void *memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return memory == MAP_FAILED ? nullptr : memory;
}

// Small ones come out of the heap: a page each would be too much.
constexpr std::size_t kSmall = 1 << 16;

template <typename T>
T *Zeros(std::size_t count) {
  const std::size_t bytes = count * sizeof(T);
  void *memory = nullptr;
  if (bytes > kSmall)
    memory = Map(bytes);
  else if ((memory = ::operator new(bytes, std::align_val_t{16}, std::nothrow)))
    std::memset(memory, 0, bytes);
  if (memory == nullptr) throw std::bad_alloc();
  return static_cast<T *>(memory);
}

template <typename T>
void Free(T *&memory, std::size_t count) {
  if (memory == nullptr) return;
  if (count * sizeof(T) > kSmall)
    munmap(memory, count * sizeof(T));
  else
    ::operator delete(memory, std::align_val_t{16});
  memory = nullptr;
}

}  // namespace

Region::Region(std::uintptr_t begin, std::size_t size, Space space, std::string name)
    : begin(begin), size(size), space(space), name(std::move(name)) {
  words = Zeros<Word>(Words());
  try {
    written = Zeros<std::uint8_t>(Words());
  } catch (...) {
    Drop();
    throw;
  }
}

Region::~Region() { Drop(); }

void Region::Drop() {
  Free(words, Words());
  Free(written, Words());
}

void Region::ForgetTouches() {
  Free(words, Words());
  words = Zeros<Word>(Words());
}

bool Region::IsWritten(std::uintptr_t address, std::size_t size) const {
  const std::size_t first = address - begin;
  for (std::size_t i = first; i < first + size;) {
    if (i % kWord == 0 && size - (i - first) >= kWord) {
      if (written[i / kWord] != 15) return false;
      i += kWord;
    } else {
      if (!(written[i / kWord] >> i % kWord & 1)) return false;
      ++i;
    }
  }
  return true;
}

void Region::MarkWritten(std::uintptr_t address, std::size_t size, bool value) {
  std::size_t i = address - begin;
  const std::size_t end = i + size;
  const auto one = [&] {
    const auto bit = static_cast<std::uint8_t>(1 << i % kWord);
    written[i / kWord] = static_cast<std::uint8_t>(value ? written[i / kWord] | bit
                                                         : written[i / kWord] & ~bit);
    ++i;
  };
  while (i < end && i % kWord != 0) one();
  if (const std::size_t words = (end - i) / kWord; i < end) {
    std::memset(written + i / kWord, value ? 15 : 0, words);
    i += words * kWord;
  }
  while (i < end) one();
}

void Region::MarkCopied(std::uintptr_t to, const Region &source, std::uintptr_t from,
                        std::size_t size) {
  if (source.IsWritten(from, size)) return MarkWritten(to, size);
  std::vector<bool> were(size);  // the ranges may overlap
  for (std::size_t i = 0; i < size; ++i) were[i] = source.IsWritten(from + i, 1);
  for (std::size_t i = 0; i < size; ++i) MarkWritten(to + i, 1, were[i]);
}

Arena::Arena(std::size_t most, unsigned granule_bits) : granule_bits_(granule_bits) {
  for (size_ = most; size_ >> granule_bits != 0; size_ /= 2) {
    begin_ = reinterpret_cast<std::uintptr_t>(Map(size_));
    if (begin_ == 0) continue;
    const std::size_t table = (size_ >> granule_bits) * sizeof(Region *);
    regions_ = static_cast<Region **>(Map(table));
    if (regions_ != nullptr) return;
    munmap(reinterpret_cast<void *>(begin_), size_);
  }
  size_ = 0;  // holds nothing, and gives nothing
}

std::size_t Arena::FreeRun(std::size_t granules) const {
  const std::size_t end = size_ >> granule_bits_;
  for (const std::size_t start : {next_, std::size_t{0}})
    for (std::size_t first = start, i = start; i < end; ++i) {
      if (regions_[i] != nullptr) first = i + 1;
      if (i + 1 == first + granules) return first;
    }
  return end;
}

Region *Arena::Cut(std::size_t size, Space space, std::string name) {
  const std::size_t granules = GranulesOf(size), first = FreeRun(granules);
  if (first == size_ >> granule_bits_) return nullptr;
  const std::uintptr_t begin = begin_ + (first << granule_bits_);
  std::unique_ptr<Region> region;
  try {
    region = std::make_unique<Region>(begin, size, space, std::move(name));
  } catch (const std::bad_alloc &) {
    return nullptr;
  }
  std::fill_n(regions_ + first, granules, region.get());
  next_ = first + granules;
  used_ += size;
  return (all_[begin] = std::move(region)).get();
}

void Arena::Release(Region *region) {
  region->live = false;
  region->Drop();
  used_ -= region->size;
  madvise(reinterpret_cast<void *>(region->begin), region->size, MADV_DONTNEED);
  ended_.push_back(region);
  if (ended_.size() > kRemembered) {
    Forget(ended_.front());
    ended_.pop_front();
  }
}

void Arena::Forget(Region *region) {
  const std::size_t first = (region->begin - begin_) >> granule_bits_;
  std::fill_n(regions_ + first, GranulesOf(region->size), nullptr);
  all_.erase(region->begin);
}

void Arena::Clear() {
  ended_.clear();
  while (!all_.empty()) Forget(all_.begin()->second.get());
  next_ = used_ = 0;
}

}  // namespace cuda_emulator
