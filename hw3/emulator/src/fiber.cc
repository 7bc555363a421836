#include "fiber.h"

#include <sys/mman.h>

#include <cstdlib>
#include <new>

// Save what a call has to preserve on the stack, put the stack pointer at *from, and go on
// where another one was saved. swapcontext() does it, too, and makes a system call each
// time: a tile of a matrix product passes hundreds of thousands of barriers.
extern "C" void cuda_emulator_switch(void **from, void *to);

#ifdef __APPLE__
#define NAME(name) "_" name
#else
#define NAME(name) name
#endif

#if defined(__x86_64__)
asm(".text\n.globl " NAME("cuda_emulator_switch") "\n" NAME("cuda_emulator_switch") ":\n"
    "  push %rbp\n  push %rbx\n  push %r12\n  push %r13\n  push %r14\n  push %r15\n"
    "  mov %rsp, (%rdi)\n  mov %rsi, %rsp\n"
    "  pop %r15\n  pop %r14\n  pop %r13\n  pop %r12\n  pop %rbx\n  pop %rbp\n  ret\n");
constexpr std::size_t kSaved = 7;               // words, the return address the last
constexpr std::size_t kReturn = 6, kFirst = 3;  // it; r12, where the fiber is
#elif defined(__aarch64__)
asm(".text\n.globl " NAME("cuda_emulator_switch") "\n" NAME("cuda_emulator_switch") ":\n"
    "  sub sp, sp, #160\n"
    "  stp x19, x20, [sp]\n  stp x21, x22, [sp, #16]\n  stp x23, x24, [sp, #32]\n"
    "  stp x25, x26, [sp, #48]\n  stp x27, x28, [sp, #64]\n  stp x29, x30, [sp, #80]\n"
    "  stp d8, d9, [sp, #96]\n  stp d10, d11, [sp, #112]\n  stp d12, d13, [sp, #128]\n"
    "  stp d14, d15, [sp, #144]\n"
    "  mov x9, sp\n  str x9, [x0]\n  mov sp, x1\n"
    "  ldp x19, x20, [sp]\n  ldp x21, x22, [sp, #16]\n  ldp x23, x24, [sp, #32]\n"
    "  ldp x25, x26, [sp, #48]\n  ldp x27, x28, [sp, #64]\n  ldp x29, x30, [sp, #80]\n"
    "  ldp d8, d9, [sp, #96]\n  ldp d10, d11, [sp, #112]\n  ldp d12, d13, [sp, #128]\n"
    "  ldp d14, d15, [sp, #144]\n"
    "  add sp, sp, #160\n  ret\n");
constexpr std::size_t kSaved = 20;
constexpr std::size_t kReturn = 11, kFirst = 0;  // x30; x19, where the fiber is
#else
#error "the emulator knows x86-64 and arm64"
#endif

// The first thing on a new stack: call Fiber::Run of what is in the register kFirst.
extern "C" void cuda_emulator_start();
extern "C" void cuda_emulator_enter(void *fiber);
#if defined(__x86_64__)
asm(".globl " NAME("cuda_emulator_start") "\n" NAME("cuda_emulator_start") ":\n"
    "  mov %r12, %rdi\n  call " NAME("cuda_emulator_enter") "\n");
#else
asm(".globl " NAME("cuda_emulator_start") "\n" NAME("cuda_emulator_start") ":\n"
    "  mov x0, x19\n  bl " NAME("cuda_emulator_enter") "\n");
#endif

namespace cuda_emulator {

Fiber::~Fiber() {
  if (stack_ != nullptr) munmap(stack_ - kGuard, kGuard + kStack);
}

void Fiber::Start(Body body, void *argument) {
  if (stack_ == nullptr) {
    void *memory = mmap(nullptr, kGuard + kStack, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    mprotect(memory, kGuard, PROT_NONE);
    stack_ = static_cast<char *>(memory) + kGuard;
  }
  body_ = body;
  argument_ = argument;
  // As if it had been left before: the words that a switch takes off, and above them one
  // more, for the alignment that a called function expects.
  // Were all tops equally far from a page, they would share a few lines of the cache.
  const std::size_t shift =
      reinterpret_cast<std::uintptr_t>(stack_) / kGuard * 13 % 256;
  void **top = reinterpret_cast<void **>(stack_ + kStack - shift * 64) - 2 - kSaved;
  for (std::size_t i = 0; i < kSaved + 2; ++i) top[i] = nullptr;
  top[kFirst] = this;
  top[kReturn] = reinterpret_cast<void *>(cuda_emulator_start);
  inside_ = top;
}

void Fiber::Resume() {
  inside_now_ = true;
  cuda_emulator_switch(&outside_, inside_);
  inside_now_ = false;
}

void Fiber::Leave() { cuda_emulator_switch(&inside_, outside_); }

void Fiber::Run() {
  body_(argument_);
  Leave();
  std::abort();  // nobody resumes what has ended
}

}  // namespace cuda_emulator

extern "C" void cuda_emulator_enter(void *fiber) {
  static_cast<cuda_emulator::Fiber *>(fiber)->Run();
}
