// What the compiler calls for the atomic operations of C++ with -fsanitize=thread: in the
// host's code, those of std::shared_ptr, std::atomic and local static variables.

#include <cstdint>

namespace {

using Byte1 = std::uint8_t;
using Byte2 = std::uint16_t;
using Byte4 = std::uint32_t;
using Byte8 = std::uint64_t;

}  // namespace

#define UPDATE(bits, T, name)                                    \
  T __tsan_atomic##bits##_##name(volatile T *at, T value, int) { \
    return __atomic_##name(at, value, __ATOMIC_SEQ_CST);         \
  }
#define ATOMICS(bits, T)                                                             \
  T __tsan_atomic##bits##_load(const volatile T *at, int) {                          \
    return __atomic_load_n(at, __ATOMIC_SEQ_CST);                                    \
  }                                                                                  \
  void __tsan_atomic##bits##_store(volatile T *at, T value, int) {                   \
    __atomic_store_n(at, value, __ATOMIC_SEQ_CST);                                   \
  }                                                                                  \
  T __tsan_atomic##bits##_exchange(volatile T *at, T value, int) {                   \
    return __atomic_exchange_n(at, value, __ATOMIC_SEQ_CST);                         \
  }                                                                                  \
  int __tsan_atomic##bits##_compare_exchange_strong(volatile T *at, T *expected,     \
                                                    T value, int, int) {             \
    return __atomic_compare_exchange_n(at, expected, value, false, __ATOMIC_SEQ_CST, \
                                       __ATOMIC_SEQ_CST);                            \
  }                                                                                  \
  int __tsan_atomic##bits##_compare_exchange_weak(volatile T *at, T *expected,       \
                                                  T value, int, int) {               \
    return __atomic_compare_exchange_n(at, expected, value, false, __ATOMIC_SEQ_CST, \
                                       __ATOMIC_SEQ_CST);                            \
  }                                                                                  \
  T __tsan_atomic##bits##_compare_exchange_val(volatile T *at, T expected, T value,  \
                                               int, int) {                           \
    __atomic_compare_exchange_n(at, &expected, value, false, __ATOMIC_SEQ_CST,       \
                                __ATOMIC_SEQ_CST);                                   \
    return expected;                                                                 \
  }                                                                                  \
  UPDATE(bits, T, fetch_add)                                                         \
  UPDATE(bits, T, fetch_sub)                                                         \
  UPDATE(bits, T, fetch_and)                                                         \
  UPDATE(bits, T, fetch_or)                                                          \
  UPDATE(bits, T, fetch_xor)                                                         \
  UPDATE(bits, T, fetch_nand)

extern "C" {
ATOMICS(8, Byte1)
ATOMICS(16, Byte2)
ATOMICS(32, Byte4)
ATOMICS(64, Byte8)
void __tsan_atomic_thread_fence(int) { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
void __tsan_atomic_signal_fence(int) { __atomic_signal_fence(__ATOMIC_SEQ_CST); }
}
