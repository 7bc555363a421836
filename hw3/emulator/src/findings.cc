#include "findings.h"

#include <algorithm>
#include <utility>

namespace cuda_emulator {

bool Findings::Repeats(const char *kind, Place now, Place before) {
  for (Finding &each : found_)
    if (each.now.place == now && each.before.place == before && each.kind == kind) {
      ++each.times;
      return true;
    }
  return false;
}

void Findings::Add(Finding finding) {
  if (Repeats(finding.kind.c_str(), finding.now.place, finding.before.place)) return;
  if (found_.size() < kMost) found_.push_back(std::move(finding));
}

void Findings::Withdraw(const char *kind, Place now) {
  const auto explained = [=](const Finding &each) {
    return each.now.place == now && each.kind == kind;
  };
  found_.erase(std::remove_if(found_.begin(), found_.end(), explained), found_.end());
}

std::vector<Finding> Findings::Take() { return std::exchange(found_, {}); }

}  // namespace cuda_emulator
