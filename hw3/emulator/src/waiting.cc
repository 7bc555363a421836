// Threads that wait for others: at a barrier, or with their warp.

#include <algorithm>
#include <cstring>

#include "machine.h"

namespace cuda_emulator {

// -- barriers --------------------------------------------------------------------------

int Machine::Barrier(Statement statement, int vote, Place place) {
  Thread &thread = *current_;
  thread.state = State::kAtBarrier;
  thread.statement = statement;
  thread.vote = vote;
  thread.place = place;
  ++at_barrier_;
  thread.fiber.Leave();
  return barrier_votes_;
}

void Machine::OpenBarrier() {
  const Thread &first = *First(State::kAtBarrier);
  for (std::size_t i = 0; i < count_; ++i) {
    const Thread &thread = *threads_[i];
    if (thread.state != State::kAtBarrier) continue;
    const bool same = thread.statement.line == first.statement.line &&
                      std::strcmp(thread.statement.file, first.statement.file) == 0;
    if (!same) return ReportStuck();
  }
  if (ended_ > 0) ReportLeft();
  if (counter_.on) {
    counter_.Barrier();
    counter_.EndInterval(block_);
  }
  ordering_.MakeBarrier(threads_, count_, interval_);
  barrier_votes_ = 0;
  for (std::size_t i = 0; i < count_; ++i) {
    Thread &thread = *threads_[i];
    if (thread.state != State::kAtBarrier) continue;
    barrier_votes_ += thread.vote != 0;
    thread.state = State::kReady;
  }
  barrier_size_ = static_cast<int>(at_barrier_);
  at_barrier_ = 0;
  ++interval_;
}

// -- warps -----------------------------------------------------------------------------

const Exchange &Machine::MeetWarp(unsigned operation, unsigned mask,
                                  std::uint64_t value, Place place) {
  Thread &thread = *current_;
  if (!(mask >> thread.lane & 1)) {
    Finding finding = About("divergent warp", nullptr, 0, place);
    finding.text = "the mask of this call does not name the thread that calls";
    Fail(std::move(finding));
  }
  thread.exchange.operation = operation;
  thread.exchange.mask = mask;
  thread.exchange.value = value;
  thread.state = State::kAtWarp;
  thread.place = place;
  thread.fiber.Leave();
  return thread.exchange;
}

// Let those go on whose whole mask has come to the same operation.
bool Machine::OpenWarps() {
  bool opened = false;
  for (std::size_t first = 0; first < count_; first += kWarp) {
    const std::size_t lanes = std::min<std::size_t>(kWarp, count_ - first);
    for (std::size_t i = 0; i < lanes; ++i) {
      const Thread &thread = *threads_[first + i];
      if (thread.state != State::kAtWarp || thread.exchange.operation == kActive ||
          !HaveMet(thread, lanes))
        continue;
      LetMeet(thread.exchange.mask, first, lanes);
      opened = true;
    }
  }
  for (std::size_t first = 0; first < count_ && !opened; first += kWarp)
    opened = OpenActive(first, std::min<std::size_t>(kWarp, count_ - first));
  return opened;
}

// Return whether all lanes are there that one waits for. Who has ended is not waited for.
bool Machine::HaveMet(const Thread &thread, std::size_t lanes) const {
  const Exchange &wanted = thread.exchange;
  const std::size_t first = thread.number - thread.lane;
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    if (!(wanted.mask >> lane & 1)) continue;
    const Thread &other = *threads_[first + lane];
    if (other.state == State::kEnded) continue;
    if (other.state != State::kAtWarp || other.exchange.mask != wanted.mask ||
        other.exchange.operation != wanted.operation)
      return false;
  }
  return true;
}

void Machine::LetMeet(unsigned mask, std::size_t first, std::size_t lanes) {
  std::uint32_t seen[kWarp] = {};
  std::uint64_t values[kWarp] = {};
  unsigned present = 0;
  const auto each = [&](auto act) {
    for (std::size_t lane = 0; lane < lanes; ++lane)
      if (mask >> lane & 1 && threads_[first + lane]->state != State::kEnded)
        act(lane, *threads_[first + lane]);
  };
  each([&](std::size_t lane, const Thread &thread) {
    present |= 1u << lane;
    values[lane] = thread.exchange.value;
    for (std::size_t k = 0; k < kWarp; ++k) seen[k] = std::max(seen[k], thread.seen[k]);
  });
  each([&](std::size_t, Thread &thread) {
    std::copy_n(values, kWarp, thread.exchange.values);
    thread.exchange.present = present;
    std::copy_n(seen, kWarp, thread.seen);
    thread.Tick();
    thread.state = State::kReady;
  });
}

void Machine::LetOthersRun() { current_->fiber.Leave(); }

// The current thread has looked at a place. If it has changed nothing for the second time
// in a row, it may be waiting for another one to do so.
void Machine::EndLook(std::uintptr_t address, bool changed, Place place) {
  if (changed) {
    current_->spins = idle_ = 0;
    return;
  }
  const bool again = current_->spins == place && current_->spins_on == address;
  current_->spins = place;
  current_->spins_on = address;
  if (!again) return;
  if (++idle_ > kMostIdle) ReportWaiting(place);
  LetOthersRun();
}

// Threads of a warp run together as far as their ways agree: whoever can come, does.
unsigned Machine::ActiveLanes(Place place) {
  Thread &thread = *current_;
  thread.exchange.operation = kActive;
  thread.state = State::kAtWarp;
  thread.place = place;
  thread.fiber.Leave();
  return thread.exchange.present;
}

bool Machine::OpenActive(std::size_t first, std::size_t lanes) {
  const auto waits = [&](std::size_t lane) {
    const Thread &thread = *threads_[first + lane];
    return thread.state == State::kAtWarp && thread.exchange.operation == kActive;
  };
  std::size_t leader = 0;
  while (leader < lanes && !waits(leader)) ++leader;
  if (leader == lanes) return false;
  const Place place = threads_[first + leader]->place;
  unsigned present = 0;
  for (std::size_t lane = leader; lane < lanes; ++lane)
    if (waits(lane) && threads_[first + lane]->place == place) present |= 1u << lane;
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    if (!(present >> lane & 1)) continue;
    threads_[first + lane]->exchange.present = present;
    threads_[first + lane]->state = State::kReady;
  }
  return true;
}

// -- what goes wrong there -------------------------------------------------------------

Thread *Machine::First(State state) const {
  for (std::size_t i = 0; i < count_; ++i)
    if (threads_[i]->state == state) return threads_[i].get();
  return nullptr;
}

Witness Machine::At(const Thread &thread) const {
  return {true, block_, thread.index, thread.place};
}

// Some wait at a barrier, and the others will not come any more. A device lets those who
// wait go on, and so does the emulator.
void Machine::ReportLeft() {
  Finding finding = About("divergent barrier", nullptr, 0, 0);
  finding.text = std::to_string(at_barrier_) +
                 " threads of this block wait at a barrier, " + std::to_string(ended_) +
                 " have returned without it";
  finding.kernel = kernel_;
  finding.now = At(*First(State::kAtBarrier));
  finding.before = At(*First(State::kEnded));
  findings_.Add(std::move(finding));
}

// Some look for others to write, who wait themselves, have ended, or have yet to begin.
void Machine::ReportWaiting(Place place) {
  Finding finding = About("endless wait", nullptr, 0, place);
  finding.text =
      "this thread looks at the same place again and again, and nobody is left who "
      "would write there";
  if (const Region *region = FindOnDevice(current_->spins_on))
    finding.array = Describe(*region, current_->spins_on);
  Fail(std::move(finding));
}

void Machine::ReportStuck() {
  Thread *warp = First(State::kAtWarp), *barrier = First(State::kAtBarrier);
  Thread *waiting = warp != nullptr ? warp : barrier, *other = barrier;
  for (std::size_t i = 0; i < count_ && (other == nullptr || other == waiting); ++i) {
    Thread &each = *threads_[i];
    const bool meets = each.state == waiting->state &&
                       each.statement.line == waiting->statement.line &&
                       each.exchange.mask == waiting->exchange.mask;
    if (each.state != State::kEnded && !(warp != nullptr ? &each == warp : meets))
      other = &each;
  }
  Finding finding =
      About(warp != nullptr ? "divergent warp" : "divergent barrier", nullptr, 0, 0);
  finding.text = warp != nullptr
                     ? "this thread waits for all threads of its mask"
                     : "this thread waits at a barrier for all threads of its block";
  finding.text += ", and another one of them waits elsewhere";
  finding.now = At(*waiting);
  if (other != nullptr && other != waiting) finding.before = At(*other);
  Fail(std::move(finding));
}

}  // namespace cuda_emulator
