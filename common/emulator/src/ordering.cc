#include "ordering.h"

#include <algorithm>

namespace cuda_emulator {
namespace {

void Learn(Known &known, Chain *chain, std::size_t length) {
  for (auto &[each, seen] : known)
    if (each == chain) {
      seen = std::max(seen, length);
      return;
    }
  known.emplace_back(chain, length);
}

void Learn(Known &known, const Known &more) {
  for (const auto &[chain, length] : more) Learn(known, chain, length);
}

}  // namespace

void Thread::Reset(unsigned new_number, Index3 new_index) {
  number = new_number;
  index = new_index;
  warp = number / kWarp;
  lane = number % kWarp;
  state = State::kReady;
  place = spins = spins_on = 0;
  std::fill_n(seen, kWarp, 0);
  seen[lane] = 1;
  fence.interval = 0;
  known.clear();
  hasty.region = nullptr;
}

void Chain::Add(const Thread &thread, Touch now, std::uint32_t fenced_through) {
  const bool again = !releases_.empty() && releases_.back().block == now.Block() &&
                     releases_.back().thread == thread.number &&
                     releases_.back().interval == now.Interval();
  if (!again) releases_.emplace_back();
  releases_.back() = {now.Interval(), now.Block(), thread.number, fenced_through,
                      thread.fence};
}

bool Chain::Covers(Touch earlier, std::size_t length, std::uintptr_t address,
                   std::uint32_t block) const {
  const auto end = releases_.begin() + static_cast<std::ptrdiff_t>(length);
  auto at = std::lower_bound(releases_.begin(), end, earlier.Interval(),
                             [](const Release &each, std::uint32_t interval) {
                               return each.interval < interval;
                             });
  for (; at != end && at->block == earlier.Block(); ++at) {
    if (earlier.Atomic() && address / kWord == word / kWord) return true;
    if (earlier.Interval() <= at->fenced_through) return true;
    const Fence &fence = at->fence;
    if (fence.interval == 0 || (!fence.device && block != earlier.Block())) continue;
    if (earlier.Interval() < fence.interval) return true;
    if (earlier.Interval() == fence.interval &&
        earlier.Thread() / kWarp == at->thread / kWarp &&
        earlier.Clock() <= fence.seen[earlier.Thread() % kWarp])
      return true;
  }
  return false;
}

void Ordering::BeginLaunch() {
  chains_.clear();
  block_known_.clear();
}

void Ordering::BeginBlock() {
  block_known_.clear();
  fenced_through_ = 0;
  fenced_ = learned_ = false;
}

void Ordering::MakeFence(Thread &thread, std::uint32_t interval, bool device) {
  thread.fence.interval = interval;
  thread.fence.device = device;
  std::copy_n(thread.seen, kWarp, thread.fence.seen);
  thread.Tick();
  fenced_ = fenced_ || device;
}

void Ordering::Acquire(Thread &thread, Chain &chain) {
  if (chain.Length() == 0) return;
  Learn(thread.known, &chain, chain.Length());
  Learn(thread.known, chain.known);
  learned_ = true;
}

void Ordering::MakeLook(Thread &thread, std::uintptr_t address) {
  if (chains_.empty()) return;
  const auto found = chains_.find(address);
  if (found != chains_.end()) Acquire(thread, *found->second);
}

void Ordering::MakeAtomic(Thread &thread, std::uintptr_t address, std::uint64_t when) {
  const bool releases = thread.fence.interval != 0 || fenced_through_ != 0;
  if (!releases && chains_.empty()) return;  // nobody orders anything
  auto found = chains_.find(address);
  if (found == chains_.end()) {
    if (!releases) return;
    found = chains_.emplace(address, std::make_unique<Chain>(address)).first;
  }
  Chain &chain = *found->second;
  Acquire(thread, chain);
  if (!releases) return;
  chain.Add(thread, Touch{when, 0}, fenced_through_);
  Learn(chain.known, thread.known);
  Learn(chain.known, block_known_);
}

void Ordering::MakeBarrier(std::vector<std::unique_ptr<Thread>> &threads,
                           std::size_t count, std::uint32_t ended_interval) {
  if (fenced_) fenced_through_ = ended_interval;
  if (learned_)
    for (std::size_t i = 0; i < count; ++i) {
      Learn(block_known_, threads[i]->known);
      threads[i]->known.clear();
    }
  fenced_ = learned_ = false;
}

bool Ordering::Orders(Touch earlier, const Thread &thread, std::uintptr_t address,
                      std::uint32_t block) const {
  const auto covers = [&](const auto &known) {
    return known.first->Covers(earlier, known.second, address, block);
  };
  return std::any_of(thread.known.begin(), thread.known.end(), covers) ||
         std::any_of(block_known_.begin(), block_known_.end(), covers);
}

}  // namespace cuda_emulator
