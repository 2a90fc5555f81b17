// What applying a plan comes to as things are: the one answer that `plan`, a dry run and the change itself give. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "model/plan.hpp"

namespace gpuslice::ops {

struct InTheWay {
  GpuIndex gpu{};
  model::Client client;
};
// The clients that the steps of a plan stop, each once.
[[nodiscard]] std::vector<InTheWay> in_the_way(const model::Plan& plan);

struct Verdict {
  enum class Kind : std::uint8_t {
    nothing_to_do,
    ready,          // every step can be executed; `stops` end before them
    stops_clients,  // refused: `stops` are in the way, and nothing says how they end
    needs_reboot,   // refused: the display mode has to change and the host to reboot before MIG can be enabled
  } kind{};
  std::vector<InTheWay> stops;

  [[nodiscard]] bool refused() const { return kind == Kind::stops_clients || kind == Kind::needs_reboot; }
};

// `drains`: the caller says how clients end: a unit to stop, a command to run before, or by force.
[[nodiscard]] Verdict verdict_of(const model::Plan& plan, bool drains);

}  // namespace gpuslice::ops
