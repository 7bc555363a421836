// Kernels that do not end: they are stopped when the user interrupts, as with Ctrl-C, or
// when one block has computed for too long.
#pragma once

#include <signal.h>
#include <time.h>

namespace cuda_emulator {

// While it lives, a launch can be stopped. Who handled these signals before does so again
// afterwards, and hears of an interruption in any case.
class Patience {
 public:
  Patience();
  ~Patience();
  Patience(const Patience &) = delete;
  Patience &operator=(const Patience &) = delete;

  // How long a block may compute, in seconds: CUDA_EMULATOR_SECONDS, or this. 0: for ever.
  static constexpr double kSeconds = 30;

 private:
  struct sigaction before_tick_, before_interrupt_;
  bool watches_interrupts_ = false, ticks_ = false;
#ifdef __linux__
  timer_t timer_;
#endif
};

}  // namespace cuda_emulator
