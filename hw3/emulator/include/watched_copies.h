// Copies by functions of C, so that they are looked at, too. clang does this by itself, for
// g++ their names are changed: before <cstring> is read, which is why the compiler is told
// to read cuda_runtime.h first, as nvcc does.
#pragma once

#include <cstddef>

#if defined(__SANITIZE_THREAD__) && !defined(__clang__)
extern "C" {
void *memcpy(void *__restrict to, const void *__restrict from,
             std::size_t size) noexcept(true) __asm__("__tsan_memcpy");
void *memmove(void *to, const void *from,
              std::size_t size) noexcept(true) __asm__("__tsan_memmove");
void *memset(void *to, int value,
             std::size_t size) noexcept(true) __asm__("__tsan_memset");
}
#endif
