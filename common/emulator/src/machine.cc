#include "machine.h"

#include <algorithm>
#include <numeric>

namespace cuda_emulator {
namespace {

std::size_t Volume(const Index3 &n) { return std::size_t{n.x} * n.y * n.z; }

Index3 Unravel(std::size_t number, const Index3 &shape) {
  return {static_cast<unsigned>(number % shape.x),
          static_cast<unsigned>(number / shape.x % shape.y),
          static_cast<unsigned>(number / shape.x / shape.y)};
}

}  // namespace

Machine &Machine::Get() {
  static Machine *machine = new Machine;  // never destroyed: others may end after it
  return *machine;
}

Machine::Machine() = default;

void Machine::Launch(const std::string &kernel, const Shape &shape, const Body &body) {
  kernel_ = kernel;
  shape_ = shape;
  body_ = body;
  count_ = Volume(shape.block);
  failed_ = false;
  shared_.Clear();
  variables_.clear();
  shared_bytes_ = shape.shared;
  dynamic_ = shape.shared > 0 ? shared_.Cut(shape.shared, "") : nullptr;
  NextInterval();
  launch_begin_ = interval_;
  random_.seed(seed);
  while (threads_.size() < count_) threads_.push_back(std::make_unique<Thread>());
  const std::size_t blocks = Volume(shape.grid);
  for (std::size_t i = 0; i < blocks && !failed_; ++i) {
    block_number_ =
        static_cast<std::uint32_t>(order == Order::kReversed ? blocks - 1 - i : i);
    block_ = Unravel(block_number_, shape.grid);
    RunBlock();
  }
}

void Machine::RunBlock() {
  for (std::size_t i = 0; i < count_; ++i) {
    Thread &thread = *threads_[i];
    thread.number = static_cast<unsigned>(i);
    thread.index = Unravel(i, shape_.block);
    thread.warp = thread.number / kWarp;
    thread.lane = thread.number % kWarp;
    thread.state = State::kReady;
    std::fill_n(thread.seen, kWarp, 0);
    thread.seen[thread.lane] = 1;
    thread.fiber.Start(
        [](void *argument) {
          Machine &machine = *static_cast<Machine *>(argument);
          machine.body_.call(machine.body_.parameters);
          machine.current_->state = State::kEnded;
        },
        this);
  }
  for (const auto &[begin, region] : shared_.All())
    region->MarkWritten(begin, region->size, false);
  sequence_.resize(count_);
  std::iota(sequence_.begin(), sequence_.end(), 0u);
  if (order == Order::kReversed) std::reverse(sequence_.begin(), sequence_.end());
  NextInterval();
  for (;;) {
    if (order == Order::kShuffled)
      std::shuffle(sequence_.begin(), sequence_.end(), random_);
    if (RunReady()) continue;  // some have opened a way for others
    if (failed_) return;
    const auto is = [this](State state) {
      return std::count_if(threads_.begin(), threads_.begin() + count_,
                           [=](const auto &each) { return each->state == state; });
    };
    const std::size_t ended = is(State::kEnded), waiting = is(State::kAtBarrier);
    if (ended == count_) return;
    if (waiting == count_)
      OpenBarrier();
    else if (!OpenWarps()) {
      ReportStuck();
      return;
    }
  }
}

bool Machine::RunReady() {
  bool any = false;
  for (const unsigned number : sequence_) {
    Thread &thread = *threads_[number];
    if (thread.state != State::kReady) continue;
    any = true;
    current_ = &thread;
    thread.fiber.Resume();
    current_ = nullptr;
    if (failed_) return false;
  }
  return any;
}

void Machine::NextInterval() {
  if (++interval_ == 0) interval_ = 1;  // after four thousand million barriers
}

// -- waiting ---------------------------------------------------------------------------

void Machine::Barrier(Place place) {
  Thread &thread = *current_;
  thread.state = State::kAtBarrier;
  thread.place = place;
  thread.fiber.Leave();
}

void Machine::OpenBarrier() {
  for (std::size_t i = 0; i < count_; ++i) {
    Thread &thread = *threads_[i];
    if (thread.place != threads_[0]->place) return ReportStuck();
    thread.state = State::kReady;
  }
  NextInterval();
}

const Exchange &Machine::MeetWarp(unsigned operation, unsigned mask,
                                  std::uint64_t value, Place place) {
  Thread &thread = *current_;
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
      Thread &thread = *threads_[first + i];
      if (thread.state != State::kAtWarp) continue;
      const Exchange &wanted = thread.exchange;
      const auto takes_part = [&](std::size_t lane) {
        if (!(wanted.mask >> lane & 1)) return true;  // nobody asks for it
        if (lane >= lanes) return true;               // the block ends before
        const Thread &other = *threads_[first + lane];
        return other.state == State::kAtWarp && other.exchange.mask == wanted.mask &&
               other.exchange.operation == wanted.operation;
      };
      if (!(wanted.mask >> i & 1)) continue;
      bool all = true;
      for (std::size_t lane = 0; lane < kWarp; ++lane) all = all && takes_part(lane);
      if (!all) continue;
      std::uint32_t clocks[kWarp] = {};
      std::uint64_t values[kWarp] = {};
      const unsigned mask = wanted.mask;
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        if (!(mask >> lane & 1)) continue;
        const Thread &other = *threads_[first + lane];
        values[lane] = other.exchange.value;
        for (std::size_t k = 0; k < kWarp; ++k)
          clocks[k] = std::max(clocks[k], other.seen[k]);
      }
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        if (!(mask >> lane & 1)) continue;
        Thread &other = *threads_[first + lane];
        std::copy_n(values, kWarp, other.exchange.values);
        std::copy_n(clocks, kWarp, other.seen);
        ++other.seen[lane];
        other.state = State::kReady;
      }
      opened = true;
    }
  }
  return opened;
}

void Machine::LetOthersRun() { current_->fiber.Leave(); }

void Machine::ReportStuck() {
  const auto first = [this](State state) -> Thread * {
    for (std::size_t i = 0; i < count_; ++i)
      if (threads_[i]->state == state) return threads_[i].get();
    return nullptr;
  };
  Thread *at_warp = first(State::kAtWarp), *at_barrier = first(State::kAtBarrier);
  Thread *ended = first(State::kEnded), *waiting = at_warp ? at_warp : at_barrier;
  Thread *other = at_warp ? (at_barrier ? at_barrier : ended) : ended;
  if (other == nullptr)  // two barriers
    for (std::size_t i = 0; i < count_; ++i)
      if (threads_[i]->place != waiting->place) other = threads_[i].get();
  Finding finding;
  finding.kind = at_warp ? "divergent warp" : "divergent barrier";
  finding.text = at_warp ? "threads wait for the others of their mask"
                         : "threads wait at __syncthreads()";
  finding.text += other == nullptr ? ", and nobody comes"
                  : other->state == State::kEnded
                      ? ", and others of their block have ended"
                      : ", and others of their block wait at another place";
  current_ = waiting;
  finding.now = Here(waiting->place);
  if (other != nullptr) {
    current_ = other;
    finding.before = Here(other->place);
  }
  current_ = nullptr;
  Fail(std::move(finding));
}

// -- shared memory ---------------------------------------------------------------------

void *Machine::SharedArray(const void *key, const char *name, std::size_t size,
                           Place place) {
  for (const SharedVariable &each : variables_)
    if (each.key == key) return reinterpret_cast<void *>(each.region->begin);
  shared_bytes_ += size;
  Region *region = shared_.Cut(size, name);
  constexpr std::size_t kMost = 48 << 10;
  if (region == nullptr || shared_bytes_ > kMost) {
    Finding finding;
    finding.kind = "too much shared memory";
    finding.text = "a block has 48 KB, and this kernel declares " +
                   std::to_string(shared_bytes_) + " bytes: it would not compile";
    finding.now = Here(place);
    Fail(std::move(finding));
  }
  region->made = place;
  variables_.push_back({key, region});
  return reinterpret_cast<void *>(region->begin);
}

void *Machine::DynamicShared(Place) {
  return dynamic_ == nullptr ? nullptr : reinterpret_cast<void *>(dynamic_->begin);
}

// -- findings --------------------------------------------------------------------------

Witness Machine::Here(Place place) const {
  if (current_ == nullptr) return {false, {}, {}, place};
  return {true, block_, current_->index, place};
}

void Machine::Fail(Finding finding) {
  finding.fatal = true;
  finding.kernel = kernel_;
  findings_.Add(std::move(finding));
  failed_ = true;
  if (current_ != nullptr) current_->fiber.Leave();  // and nobody resumes it
}

}  // namespace cuda_emulator
