// Whether a plan can be applied now: `plan`, a dry run and the change itself use the same answer. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "model/plan.hpp"

namespace gpuslice::ops {

struct InTheWay {
  GpuIndex gpu{};
  model::Client client;
};
// The clients that the steps of a plan would stop, each once.
[[nodiscard]] std::vector<InTheWay> in_the_way(const model::Plan& plan);

struct Verdict {
  enum class Kind : std::uint8_t {
    nothing_to_do,
    ready,          // every step can be executed, after the clients in `stops` are stopped
    stops_clients,  // refused: it would stop the clients in `stops`, and the caller gives no way to stop them
    needs_reboot,   // refused: MIG needs another display mode, and a reboot to activate it
  } kind{};
  std::vector<InTheWay> stops;

  [[nodiscard]] bool refused() const { return kind == Kind::stops_clients || kind == Kind::needs_reboot; }
};

// `drains`: the caller gives a way to stop clients: a unit to stop, a command to run before the change, or force.
[[nodiscard]] Verdict verdict_of(const model::Plan& plan, bool drains);
// The same with the state that the plan starts from: a plan that only renames instances is ready, and not nothing to
// do.
[[nodiscard]] Verdict verdict_of(const model::Inventory& inventory, const model::Plan& plan, bool drains);

}  // namespace gpuslice::ops
