// A launch: blocks one after the other, the threads of one as fibers.

#include "machine.h"

#include <algorithm>
#include <numeric>

#include "cuda_emulator.h"
#include "faults.h"
#include "patience.h"

namespace cuda_emulator {

Machine *Machine::instance_ = nullptr;

Machine::Machine() = default;

Place Anchor() { return reinterpret_cast<Place>(&Anchor); }

void Machine::Launch(const std::string &kernel, const Shape &shape, Body body) {
  kernel_ = kernel;
  shape_ = shape;
  body_ = std::move(body);
  count_ = Volume(shape.block);
  failed_ = false;
  failed_by_.clear();
  shared_.Clear();
  shared_variables_.clear();
  shared_bytes_ = shape.shared;
  dynamic_ =
      shape.shared > 0 ? shared_.Cut(shape.shared, Space::kDynamicShared, "") : nullptr;
  if (interval_ > 1u << 31) {  // their numbers must not run out within a launch
    for (const auto &[begin, region] : device_.All())
      if (region->live) region->ForgetTouches();
    for (const auto &region : variables_) region->ForgetTouches();
    interval_ = 0;
  }
  launch_begin_ = interval_ + 1;
  ordering_.BeginLaunch();
  random_.seed(seed);
  while (threads_.size() < count_) threads_.push_back(std::make_unique<Thread>());
  const std::uint64_t blocks = Volume(shape.grid);
  if (counter_.on) counter_.BeginLaunch(kernel, blocks, count_);
  halt_ = Halt::kNone;
  halt_seen_ = false;
  const FaultsGoToTheMachine while_it_runs;
  const Patience ends_at_last;
  for (std::uint64_t i = 0; i < blocks && !failed_; ++i) {
    const std::uint64_t number = BlockAt(i, blocks);
    block_number_ = static_cast<std::uint32_t>(number);
    block_ = Unravel(number, shape.grid);
    RunBlock();
    if (counter_.on) counter_.EndInterval(block_);
  }
}

// The block that runs as the i-th: of the shuffled order, another one for each.
std::uint64_t Machine::BlockAt(std::uint64_t i, std::uint64_t blocks) const {
  if (order == Order::kForward) return i;
  if (order == Order::kReversed) return blocks - 1 - i;
  std::uint64_t step = (blocks * 5 / 8 + seed * 2 + 1) % blocks;
  while (std::gcd(step, blocks) != 1) ++step;
  return static_cast<std::uint64_t>(
      (static_cast<unsigned __int128>(i) * step + seed * 7919) % blocks);
}

void Machine::RunBlock() {
  ended_ = at_barrier_ = 0;
  ticks_of_block_ = idle_ = 0;
  for (std::size_t i = 0; i < count_; ++i) {
    Thread &thread = *threads_[i];
    thread.Reset(static_cast<unsigned>(i), Unravel(i, shape_.block));
    thread.fiber.Start(
        [](void *argument) {
          Machine &machine = *static_cast<Machine *>(argument);
          machine.RunBody();
          machine.current_->state = State::kEnded;
          ++machine.ended_;
        },
        this);
  }
  for (const auto &[begin, region] : shared_.All())
    region->MarkWritten(begin, region->size, false);
  ordering_.BeginBlock();
  sequence_.resize(count_);
  std::iota(sequence_.begin(), sequence_.end(), 0u);
  if (order == Order::kReversed) std::reverse(sequence_.begin(), sequence_.end());
  ++interval_;
  block_begin_ = interval_;
  for (;;) {
    if (order == Order::kShuffled)
      std::shuffle(sequence_.begin(), sequence_.end(), random_);
    const Ran ran = RunReady();
    if (failed_ || ended_ == count_) return;
    if (ran == Ran::kMoved) continue;  // they may have opened a way for others
    if (at_barrier_ + ended_ == count_)
      OpenBarrier();
    else if (!OpenWarps() && ran == Ran::kNobody)
      ReportStuck();
    if (failed_) return;
  }
}

void Machine::RunBody() {
  bool thrown = false;
  try {
    body_.call(body_.parameters);
  } catch (...) {
    thrown = true;  // and no more: who fails here would never leave this handler
  }
  if (!thrown) return;
  Finding finding = About("exception", nullptr, 0, place_);
  finding.text = "the kernel has thrown an exception; a device knows none";
  Fail(std::move(finding));
}

Ran Machine::RunReady() {
  Ran ran = Ran::kNobody;
  for (const unsigned number : sequence_) {
    Thread &thread = *threads_[number];
    if (thread.state != State::kReady) continue;
    Resume(thread);
    if (failed_) return Ran::kMoved;
    if (thread.state != State::kReady) {
      ran = Ran::kMoved;
      idle_ = 0;
    } else if (ran == Ran::kNobody) {
      ran = Ran::kLooking;
    }
  }
  return ran;
}

void Machine::Resume(Thread &thread) {
  current_ = &thread;
  stack_ = thread.fiber.StackBegin();
  place_ = thread.place;
  who_ = thread.number | thread.seen[thread.lane] << Who::kClock;
  thread.fiber.Resume();
  if (thread.state == State::kReady || thread.state == State::kEnded)
    thread.place = place_;
  if (unsettled_) Settle();
  if (thread.state != State::kReady || failed_) ReportHaste(thread);
  if (fault_.happened) ReportFault();
  current_ = nullptr;
}

void Machine::Fail(Finding finding) {
  finding.fatal = true;
  finding.kernel = kernel_;
  if (!failed_) failed_by_ = finding.kind;
  failed_ = true;
  findings_.Add(std::move(finding));
  if (current_ != nullptr && current_->fiber.Inside())
    current_->fiber.Leave();  // and nobody resumes it
}

// -- shared memory ---------------------------------------------------------------------

void *Machine::SharedArray(const void *key, const char *name, const ArrayType &type,
                           Place place) {
  for (const SharedVariable &each : shared_variables_)
    if (each.key == key) return reinterpret_cast<void *>(each.region->begin);
  shared_bytes_ += type.size;
  Region *region = shared_.Cut(type.size, Space::kShared, name);
  constexpr std::size_t kMost = 48 << 10;
  if (region == nullptr || shared_bytes_ > kMost) {
    Finding finding = About("too much shared memory", region, 0, place);
    finding.text = "a block has 49152 bytes, and this kernel asks for " +
                   std::to_string(shared_bytes_);
    Fail(std::move(finding));
  }
  region->made = place;
  region->element = type.element;
  region->extents.assign(type.extents, type.extents + type.rank);
  shared_variables_.push_back({key, region});
  return reinterpret_cast<void *>(region->begin);
}

void *Machine::DynamicShared(Place place) {
  if (dynamic_ == nullptr) return nullptr;
  if (dynamic_->made == 0) dynamic_->made = place;
  return reinterpret_cast<void *>(dynamic_->begin);
}

// -- variables of the device -----------------------------------------------------------

void Machine::AddVariable(std::uintptr_t address, std::size_t size, Space space,
                          const char *name, std::size_t element) {
  auto region = std::make_unique<Region>(address, size, space, name);
  region->MarkWritten(address, size);  // they begin as zeros, or with their value
  region->element = element;
  const std::uintptr_t end = std::max(variables_end_, address + size);
  variables_begin_ = variables_.empty() ? address : std::min(variables_begin_, address);
  variables_end_ = end;
  variables_.push_back(std::move(region));
}

Region *Machine::FindOnDevice(std::uintptr_t address) {
  if (device_.Holds(address)) return device_.Find(address);
  for (const auto &region : variables_)
    if (region->Holds(address, 1)) return region.get();
  return nullptr;
}

}  // namespace cuda_emulator
