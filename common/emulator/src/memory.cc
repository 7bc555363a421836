#include "memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

namespace cuda_emulator {
namespace {

// Zeros, of which the system gives a page only when it is touched.
void *Map(std::size_t bytes) {
  void *memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  return memory;
}

template <typename T>
T *Zeros(std::size_t count) {
  void *memory = std::calloc(count, sizeof(T));
  if (memory == nullptr) throw std::bad_alloc();
  return static_cast<T *>(memory);
}

}  // namespace

Region::Region(std::uintptr_t begin, std::size_t size, std::string name)
    : begin(begin),
      size(size),
      name(std::move(name)),
      words_(Zeros<Word>(size / kWord + 1)),
      written_(Zeros<std::uint8_t>(size + 1)) {}

Region::~Region() {
  std::free(words_);
  std::free(written_);
}

bool Region::IsWritten(std::uintptr_t address, std::size_t size) const {
  const std::uint8_t *first = written_ + (address - begin);
  return std::find(first, first + size, 0) == first + size;
}

void Region::MarkWritten(std::uintptr_t address, std::size_t size, bool written) {
  std::memset(written_ + (address - begin), written, size);
}

Arena::Arena(std::size_t size, std::size_t granule)
    : begin_(reinterpret_cast<std::uintptr_t>(Map(size))),
      size_(size),
      granule_(granule),
      regions_(static_cast<Region **>(Map(size / granule * sizeof(Region *)))) {}

std::size_t Arena::FreeRun(std::size_t granules) const {
  const std::size_t end = size_ / granule_;
  for (const std::size_t start : {next_, std::size_t{0}})
    for (std::size_t first = start, i = start; i < end; ++i) {
      if (regions_[i] != nullptr) first = i + 1;
      if (i + 1 == first + granules) return first;
    }
  return end;
}

Region *Arena::Cut(std::size_t size, std::string name) {
  // At least one granule stays behind it, for what goes past its end.
  const std::size_t granules = GranulesOf(size), first = FreeRun(granules);
  if (first == size_ / granule_) return nullptr;
  const std::uintptr_t begin = begin_ + first * granule_;
  auto region = std::make_unique<Region>(begin, size, std::move(name));
  std::fill_n(regions_ + first, granules, region.get());
  next_ = first + granules;
  return (all_[begin] = std::move(region)).get();
}

void Arena::Release(Region *region) {
  region->live = false;
  madvise(reinterpret_cast<void *>(region->begin), region->size, MADV_DONTNEED);
  ended_.push_back(region);
  if (ended_.size() > kRemembered) {
    Forget(ended_.front());
    ended_.pop_front();
  }
}

void Arena::Forget(Region *region) {
  const std::size_t first = (region->begin - begin_) / granule_;
  std::fill_n(regions_ + first, GranulesOf(region->size), nullptr);
  all_.erase(region->begin);
}

void Arena::Clear() {
  ended_.clear();
  while (!all_.empty()) Forget(all_.begin()->second.get());
  next_ = 0;
}

}  // namespace cuda_emulator
