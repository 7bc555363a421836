#include "findings.h"

#include <utility>

namespace cuda_emulator {

void Findings::Add(Finding finding) {
  for (Finding &each : found_)
    if (each.kind == finding.kind && each.now.place == finding.now.place &&
        each.before.place == finding.before.place) {
      ++each.times;
      return;
    }
  if (found_.size() < kMost) found_.push_back(std::move(finding));
}

std::vector<Finding> Findings::Take() { return std::exchange(found_, {}); }

}  // namespace cuda_emulator
