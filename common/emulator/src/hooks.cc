// What the compiler calls at every access to memory, with -fsanitize=thread. The library
// that usually answers is not linked; these are all that it needs of it.

#include <cstddef>
#include <cstdint>

#include "machine.h"

namespace {

inline void Note(const void *address, std::size_t size, bool write, const void *place) {
  using cuda_emulator::Machine;
  using cuda_emulator::Place;
  Machine::Get().Access(reinterpret_cast<std::uintptr_t>(address), size, write, false,
                        reinterpret_cast<Place>(place));
}

}  // namespace

#define HERE __builtin_return_address(0)
#define HOOKS(size)                                                                  \
  void __tsan_read##size(void *p) { Note(p, size, false, HERE); }                    \
  void __tsan_write##size(void *p) { Note(p, size, true, HERE); }                    \
  void __tsan_unaligned_read##size(void *p) { Note(p, size, false, HERE); }          \
  void __tsan_unaligned_write##size(void *p) { Note(p, size, true, HERE); }          \
  void __tsan_volatile_read##size(void *p) { Note(p, size, false, HERE); }           \
  void __tsan_volatile_write##size(void *p) { Note(p, size, true, HERE); }           \
  void __tsan_unaligned_volatile_read##size(void *p) { Note(p, size, false, HERE); } \
  void __tsan_unaligned_volatile_write##size(void *p) { Note(p, size, true, HERE); }

extern "C" {
HOOKS(1)
HOOKS(2)
HOOKS(4)
HOOKS(8)
HOOKS(16)
void __tsan_read_range(void *p, std::size_t size) { Note(p, size, false, HERE); }
void __tsan_write_range(void *p, std::size_t size) { Note(p, size, true, HERE); }
void __tsan_vptr_read(void **) {}
void __tsan_vptr_update(void **, void *) {}
void __tsan_func_entry(void *) {}
void __tsan_func_exit(void) {}
void __tsan_init(void) {}
}
