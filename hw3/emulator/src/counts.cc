#include "counts.h"

#include <algorithm>
#include <set>
#include <utility>

namespace cuda_emulator {
namespace {

constexpr std::size_t kSector = 32, kBanks = 32;

// The pieces of memory that lanes touch, each once.
std::set<std::uintptr_t> Pieces(const std::vector<std::uintptr_t> &addresses,
                                std::size_t size, std::size_t piece) {
  std::set<std::uintptr_t> pieces;
  for (const std::uintptr_t each : addresses)
    for (std::uintptr_t at = each / piece; at <= (each + size - 1) / piece; ++at)
      pieces.insert(at);
  return pieces;
}

// How often the fullest bank has to answer: each word of it once.
std::uint64_t Passes(const std::vector<std::uintptr_t> &addresses, std::size_t size) {
  std::uint64_t words[kBanks] = {};
  for (const std::uintptr_t word : Pieces(addresses, size, kWord))
    ++words[word % kBanks];
  return *std::max_element(words, words + kBanks);
}

std::uint64_t Bytes(const std::vector<std::uintptr_t> &addresses, std::size_t size) {
  if (size % kWord == 0) return kWord * Pieces(addresses, size, kWord).size();
  return Pieces(addresses, size, 1).size();
}

}  // namespace

void Counter::BeginLaunch(const std::string &kernel, std::uint64_t blocks,
                          std::uint64_t threads) {
  kernel_ = kernel;
  Totals &totals = Current();
  ++totals.launches;
  totals.blocks += blocks;
  totals.threads += blocks * threads;
  arrivals_.clear();
}

void Counter::Note(const Region &region, std::uintptr_t address, std::size_t size,
                   Act act, Place place, unsigned thread) {
  Arrivals &arrivals = arrivals_[{{place, static_cast<int>(act)}, thread / kWarp}];
  const std::size_t time = arrivals.times[thread % kWarp]++;
  if (time >= arrivals.requests.size()) arrivals.requests.resize(time + 1);
  Request &request = arrivals.requests[time];
  request.region = &region;
  request.size = size;
  request.lanes |= std::uint64_t{1} << thread % kWarp;
  request.addresses[thread % kWarp] = address;
}

void Counter::EndInterval(Index3 block) {
  for (const auto &[key, arrivals] : arrivals_) {
    CountedPlace &to = Current().places[key.first];
    to.place = key.first.first;
    to.act = static_cast<Act>(key.first.second);
    for (const Request &each : arrivals.requests) Add(to, each, block, key.second);
  }
  arrivals_.clear();
}

void Counter::Add(CountedPlace &to, const Request &request, Index3 block,
                  unsigned warp) {
  std::vector<std::uintptr_t> addresses;
  Sample sample{
      request.region->name, request.region->size, request.size, {}, {}, block, warp};
  for (unsigned lane = 0; lane < kWarp; ++lane) {
    if (!(request.lanes >> lane & 1)) continue;
    addresses.push_back(request.addresses[lane]);
    sample.lanes.push_back(lane);
    sample.offsets.push_back(request.addresses[lane] - request.region->begin);
  }
  const Space space = request.region->space;
  to.shared = space == Space::kShared || space == Space::kDynamicShared;
  Traffic &traffic = to.traffic;
  ++traffic.requests;
  traffic.accesses += addresses.size();
  traffic.bytes += Bytes(addresses, request.size);
  if (sample.lanes.size() > to.sample.lanes.size()) to.sample = std::move(sample);
  if (!to.shared) {
    traffic.sectors += Pieces(addresses, request.size, kSector).size();
    return;
  }
  // The banks give 128 bytes at once: 8 bytes a thread go to half a warp at a time.
  const unsigned lanes = request.size <= kWord ? kWarp : kWarp * kWord / request.size;
  for (unsigned first = 0; first < kWarp; first += lanes) {
    std::vector<std::uintptr_t> together;
    for (unsigned lane = first; lane < first + lanes; ++lane)
      if (request.lanes >> lane & 1) together.push_back(request.addresses[lane]);
    if (together.empty()) continue;
    traffic.passes += Passes(together, request.size);
    ++traffic.passes_at_best;
  }
}

std::vector<CountedKernel> Counter::Take() {
  std::vector<CountedKernel> taken;
  for (auto &[kernel, totals] : std::exchange(kernels_, {})) {
    CountedKernel each{kernel,         totals.launches, totals.blocks,
                       totals.threads, totals.barriers, {}};
    for (auto &[key, place] : totals.places) each.places.push_back(std::move(place));
    taken.push_back(std::move(each));
  }
  return taken;
}

}  // namespace cuda_emulator
