#include "ops/audit_text.hpp"

namespace gpuslice::ops {
namespace {

std::string lines(const std::vector<Remainder>& remains) {
  std::string text;
  for (const auto& one : remains) text += "\n  " + one.message();
  return text;
}

}  // namespace

std::string audit_text(const Failure& failure) {
  const auto why = failure.why.message();
  switch (failure.restored) {
    case Restored::all:
      return "taken back: " + why + "; everything is as it was before";
    case Restored::not_all:
      return "remains: " + why + "; not everything could be put back; remains:" + lines(failure.remains);
    case Restored::unknown:
      return "cut off: " + why +
             (failure.remains.empty() ? ""
                                      : "; every GPU that is not named below is as it was before; remains:" +
                                            lines(failure.remains));
    case Restored::untouched:
    case Restored::done:
      break;
  }
  return why;
}

std::string audit_text(const std::vector<Remainder>& remains) {
  return remains.empty() ? "taken back" : "remains:" + lines(remains);
}

}  // namespace gpuslice::ops
