#include "faults.h"

#include <cstring>

#ifdef __linux__
#include <ucontext.h>
#endif

#include "machine.h"

#ifdef __ELF__
// From the linker: where the section with the hooks is (see hooks.cc).
extern "C" __attribute__((visibility("hidden")))
const char __start_cuda_emulator_hooks[],
    __stop_cuda_emulator_hooks[];
#endif

namespace cuda_emulator {

// Of a call of what is no function, it is where it was called.
Place Interrupted(void *context) {
#if defined(__linux__) && defined(__x86_64__)
  const auto &registers = static_cast<ucontext_t *>(context)->uc_mcontext.gregs;
  const auto at = static_cast<Place>(registers[REG_RIP]);
  if (at >= 4096) return at + 1;
  return *reinterpret_cast<const Place *>(registers[REG_RSP]);
#elif defined(__linux__) && defined(__aarch64__)
  const auto &registers = static_cast<ucontext_t *>(context)->uc_mcontext;
  return registers.pc >= 4096 ? registers.pc + 1 : registers.regs[30];
#else
  (void)context;
  return 0;
#endif
}

namespace {

bool InHook(Place place) {
#ifdef __ELF__
  return place > reinterpret_cast<Place>(__start_cuda_emulator_hooks) &&
         place <= reinterpret_cast<Place>(__stop_cuda_emulator_hooks);
#else
  return true;
#endif
}

// The handler leaves its stack by switching to another fiber, and never returns there.
void Handle(int signal, siginfo_t *info, void *context) {
  Machine &machine = Machine::Get();
  if (machine.Running())
    machine.Fault(signal, reinterpret_cast<std::uintptr_t>(info->si_addr),
                  Interrupted(context));
  struct sigaction plain = {};  // not a kernel's: let it do what it does
  plain.sa_handler = SIG_DFL;
  sigaction(signal, &plain, nullptr);
}

}  // namespace

FaultsGoToTheMachine::FaultsGoToTheMachine() {
  alignas(16) static char memory[1 << 16];
  stack_t stack = {};
  stack.ss_sp = memory;
  stack.ss_size = sizeof memory;
  sigaltstack(&stack, &stack_before_);
  struct sigaction action = {};
  action.sa_sigaction = &Handle;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  for (int i = 0; i < kCount; ++i) sigaction(kSignals[i], &action, &before_[i]);
}

FaultsGoToTheMachine::~FaultsGoToTheMachine() {
  for (int i = 0; i < kCount; ++i) sigaction(kSignals[i], &before_[i], nullptr);
  sigaltstack(&stack_before_, nullptr);
}

void Machine::Fault(int signal, std::uintptr_t address, Place place) {
  fault_ = {true, signal, address, place};
  failed_ = true;
  current_->fiber.Leave();
}

void Machine::ReportFault() {
  fault_.happened = false;
  if (fault_.signal == 0) return ReportHalt(fault_.place);
  const bool full = fault_.signal != SIGFPE && current_->fiber.InGuard(fault_.address);
  const bool known = fault_.place != 0 && !InHook(fault_.place);
  Finding finding =
      About("crash", nullptr, fault_.address, known ? fault_.place : place_);
  finding.text = "the thread has done what no memory is there for";
  if (full) {
    finding.kind = "stack overflow";
    finding.text =
        "the thread's local variables and calls need more memory than it has";
  } else if (fault_.signal == SIGFPE) {
    finding.kind = "division by zero";
    finding.text = "an integer is divided by zero; a device would give any number";
  } else if (fault_.signal == SIGILL) {
    finding.kind = "trap";
    finding.text =
        "the compiler has found that this cannot be done, or was told to stop";
  }
  Fail(std::move(finding));
}

}  // namespace cuda_emulator
