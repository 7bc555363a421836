#include "patience.h"

#include <cstdint>
#include <cstdlib>

#ifdef __linux__
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include "machine.h"

namespace cuda_emulator {
namespace {

// Ticks come by the time that this thread has computed. SIGURG, because nobody minds one
// that comes too late: unless it is handled, nothing happens.
constexpr int kTick = SIGURG;
constexpr long kNanoseconds = 250'000'000;

double Seconds() {
  const char *const chosen = std::getenv("CUDA_EMULATOR_SECONDS");
  return chosen != nullptr && *chosen != '\0' ? std::atof(chosen) : Patience::kSeconds;
}

std::uint64_t most_ticks;  // of a block; 0: any number
struct sigaction interrupts;

void HandleTick(int, siginfo_t *, void *context) {
  Machine::Get().Tick(most_ticks, Interrupted(context));
}

void HandleInterrupt(int signal, siginfo_t *info, void *context) {
  Machine::Get().Stop(Halt::kInterrupted);
  if (interrupts.sa_flags & SA_SIGINFO)
    interrupts.sa_sigaction(signal, info, context);
  else
    interrupts.sa_handler(signal);
}

struct sigaction Action(void (*handle)(int, siginfo_t *, void *)) {
  struct sigaction action = {};
  action.sa_sigaction = handle;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER | SA_RESTART;
  return action;
}

}  // namespace

Patience::Patience() {
  most_ticks = static_cast<std::uint64_t>(Seconds() * 1e9 / kNanoseconds);
  sigaction(SIGINT, nullptr, &before_interrupt_);
  // Where an interruption ends the process, or nobody wants to hear of it, that stays so.
  watches_interrupts_ = before_interrupt_.sa_flags & SA_SIGINFO ||
                        (before_interrupt_.sa_handler != SIG_DFL &&
                         before_interrupt_.sa_handler != SIG_IGN);
  if (watches_interrupts_) {
    interrupts = before_interrupt_;
    const struct sigaction action = Action(&HandleInterrupt);
    sigaction(SIGINT, &action, nullptr);
  }
#ifdef __linux__
  const struct sigaction action = Action(&HandleTick);
  sigaction(kTick, &action, &before_tick_);
  struct sigevent event = {};
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = kTick;
  event._sigev_un._tid = static_cast<pid_t>(syscall(SYS_gettid));
  ticks_ = timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &timer_) == 0;
  const struct itimerspec every = {{0, kNanoseconds}, {0, kNanoseconds}};
  if (ticks_) timer_settime(timer_, 0, &every, nullptr);
#endif
}

Patience::~Patience() {
#ifdef __linux__
  if (ticks_) timer_delete(timer_);
  sigaction(kTick, &before_tick_, nullptr);
#endif
  if (watches_interrupts_) sigaction(SIGINT, &before_interrupt_, nullptr);
}

// -- stopping a kernel -----------------------------------------------------------------

// The next access of the kernel's sees it: see Settle.
void Machine::Stop(Halt why) {
  halt_ = why;
  unsettled_ = true;
}

// Called while anything may be going on. A kernel that has accessed nothing since it was
// to be stopped is in a loop of its own, where it can be left.
void Machine::Tick(std::uint64_t most, Place place) {
  if (current_ == nullptr) return;
  if (halt_ != Halt::kNone) {
    if (halt_seen_ && current_->fiber.Inside() && InThisModule(place)) {
      unsettled_ = false;  // who resumed it reports the halt, with this place
      Fault(0, 0, place);
    }
    halt_seen_ = true;
    return;
  }
  if (most != 0 && ++ticks_of_block_ > most) Stop(Halt::kTooLong);
}

void Machine::ReportHalt(Place place) {
  const bool interrupted = halt_ == Halt::kInterrupted;
  halt_ = Halt::kNone;
  doubts_.clear();
  Finding finding = About(interrupted ? "interrupted" : "endless", nullptr, 0, place);
  finding.text = interrupted ? "this is where the kernel was when it was interrupted"
                             : "this is where the kernel was when it was stopped: a "
                               "block had computed for " +
                                   std::to_string(ticks_of_block_ / 4) + " s";
  Fail(std::move(finding));
}

}  // namespace cuda_emulator
