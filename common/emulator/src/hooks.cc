// What the compiler calls at every access to memory, with -fsanitize=thread. The library
// that usually answers is not linked; these and hooks_atomic.cc are all that it needs.

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "watch.h"

namespace {

using cuda_emulator::Machine;
using cuda_emulator::Place;

std::uintptr_t Number(const void *address) {
  return reinterpret_cast<std::uintptr_t>(address);
}

template <std::size_t kSize, bool kWrite>
inline void Note(const void *address, const void *place) {
  Machine::Get().Watch<kSize, kWrite>(Number(address), Number(place));
}

// A thread that looks at the same place again and again waits for another one to write.
inline void NoteVolatile(const void *address, std::size_t size, bool write,
                         const void *place) {
  Machine &machine = Machine::Get();
  if (!write && machine.Running())
    return machine.WatchVolatileRead(Number(address), size, Number(place));
  machine.WatchRange(Number(address), size, write, Number(place));
  if (machine.Running()) machine.EndLook(Number(address), true, Number(place));
}

inline void NoteRange(const void *address, std::size_t size, bool write,
                      const void *place) {
  Machine::Get().WatchRange(Number(address), size, write, Number(place));
}

}  // namespace

// They have a section of their own: see faults.cc.
#ifdef __ELF__
#define HOOK __attribute__((section("cuda_emulator_hooks"))) void
#else
#define HOOK void
#endif

#define HERE __builtin_return_address(0)
#define HOOKS(size)                                                                \
  HOOK __tsan_read##size(void *p) { Note<size, false>(p, HERE); }                  \
  HOOK __tsan_write##size(void *p) { Note<size, true>(p, HERE); }                  \
  HOOK __tsan_unaligned_read##size(void *p) { NoteRange(p, size, false, HERE); }   \
  HOOK __tsan_unaligned_write##size(void *p) { NoteRange(p, size, true, HERE); }   \
  HOOK __tsan_volatile_read##size(void *p) { NoteVolatile(p, size, false, HERE); } \
  HOOK __tsan_volatile_write##size(void *p) { NoteVolatile(p, size, true, HERE); } \
  HOOK __tsan_unaligned_volatile_read##size(void *p) {                             \
    NoteVolatile(p, size, false, HERE);                                            \
  }                                                                                \
  HOOK __tsan_unaligned_volatile_write##size(void *p) {                            \
    NoteVolatile(p, size, true, HERE);                                             \
  }

extern "C" {
HOOKS(1)
HOOKS(2)
HOOKS(4)
HOOKS(8)
HOOKS(16)
void __tsan_read_range(void *p, std::size_t size) { NoteRange(p, size, false, HERE); }
void __tsan_write_range(void *p, std::size_t size) { NoteRange(p, size, true, HERE); }

// What clang calls instead of the functions of C, and cuda_runtime.h with g++.
void *__tsan_memcpy(void *to, const void *from, std::size_t size) {
  NoteRange(from, size, false, HERE);
  NoteRange(to, size, true, HERE);
  return std::memcpy(to, from, size);
}
void *__tsan_memmove(void *to, const void *from, std::size_t size) {
  NoteRange(from, size, false, HERE);
  NoteRange(to, size, true, HERE);
  return std::memmove(to, from, size);
}
void *__tsan_memset(void *to, int value, std::size_t size) {
  NoteRange(to, size, true, HERE);
  return std::memset(to, value, size);
}

void __tsan_vptr_read(void **) {}
void __tsan_vptr_update(void **, void *) {}
void __tsan_func_entry(void *) {}
void __tsan_func_exit(void) {}
void __tsan_init(void) {}
}
