// Signals that a kernel's code raises: a stack that is full, a division by zero.
#pragma once

#include <signal.h>

namespace cuda_emulator {

// While it lives, such signals end the launch, and not the process. Who handled them
// before does so again afterwards.
class FaultsGoToTheMachine {
 public:
  FaultsGoToTheMachine();
  ~FaultsGoToTheMachine();
  FaultsGoToTheMachine(const FaultsGoToTheMachine &) = delete;
  FaultsGoToTheMachine &operator=(const FaultsGoToTheMachine &) = delete;

  static constexpr int kSignals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};

 private:
  static constexpr int kCount = sizeof kSignals / sizeof *kSignals;

  struct sigaction before_[kCount];
  stack_t stack_before_;
};

}  // namespace cuda_emulator
