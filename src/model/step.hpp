// One step of a plan on one GPU. The set of kinds is closed: for each kind there is a text, its precondition and the
// state after it, its inverse (plan/step_rules.hpp) and its executor (ops/stepper.cpp). If one of them is missing for a
// kind, the code does not compile.
//
// Instances are identified by placement, because the driver chooses the ids of instances that do not exist yet. Passive
// data.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "model/client.hpp"
#include "model/gpu_state.hpp"

namespace gpuslice::model {

// A GPU instance identified by its placement, and a compute instance identified by its placement inside it.
struct GiSeat {
  mig::GiProfileId profile{};
  mig::Placement placement{};
  friend bool operator==(const GiSeat&, const GiSeat&) = default;
};
struct CiSeat {
  GiSeat parent;
  mig::CiProfileId profile{};
  mig::Placement placement{};
  friend bool operator==(const CiSeat&, const CiSeat&) = default;
};

// Switches to the display mode that allows MIG (RTX PRO), with displaymodeselector; the board's display outputs are
// turned off.
struct ComputeDisplay {
  friend bool operator==(const ComputeDisplay&, const ComputeDisplay&) = default;
};
// A reboot of the host. A person must do this before the next step.
struct Reboot {
  friend bool operator==(const Reboot&, const Reboot&) = default;
};
// A reset of the GPU: its instances are removed and a pending mode takes effect. It is never part of a plan for a
// layout.
struct Reset {
  friend bool operator==(const Reset&, const Reset&) = default;
};
struct SetMig {
  bool enable{};
  friend bool operator==(const SetMig&, const SetMig&) = default;
};
struct DestroyCi {
  CiSeat seat;
  friend bool operator==(const DestroyCi&, const DestroyCi&) = default;
};
struct DestroyGi {
  GiSeat seat;
  friend bool operator==(const DestroyGi&, const DestroyGi&) = default;
};
struct CreateGi {
  GiSeat seat;
  friend bool operator==(const CreateGi&, const CreateGi&) = default;
};
struct CreateCi {
  CiSeat seat;
  friend bool operator==(const CreateCi&, const CreateCi&) = default;
};
struct SetComputeMode {
  ComputeMode mode{};
  friend bool operator==(const SetComputeMode&, const SetComputeMode&) = default;
};
// Affects only CUDA contexts that are created afterwards.
struct SetTimeSlice {
  TimeSlice policy{};
  friend bool operator==(const SetTimeSlice&, const SetTimeSlice&) = default;
};

using Action = std::variant<ComputeDisplay, Reboot, Reset, SetMig, DestroyCi, DestroyGi, CreateGi, CreateCi,
                            SetComputeMode, SetTimeSlice>;

struct Step {
  Action action;
  std::string name;             // name of the instance that is created or destroyed; empty if it has none
  std::vector<Client> clients;  // processes that must exit first

  template <class Kind>
  [[nodiscard]] bool is() const {
    return std::holds_alternative<Kind>(action);
  }
  friend bool operator==(const Step&, const Step&) = default;
};

// The compute instance of a step (null: none), and the GPU instance of a step or of its compute instance (null: none).
[[nodiscard]] inline const CiSeat* ci_seat(const Step& step) {
  if (const auto* made = std::get_if<CreateCi>(&step.action)) return &made->seat;
  if (const auto* gone = std::get_if<DestroyCi>(&step.action)) return &gone->seat;
  return nullptr;
}
[[nodiscard]] inline const GiSeat* gi_seat(const Step& step) {
  if (const auto* inside = ci_seat(step)) return &inside->parent;
  if (const auto* made = std::get_if<CreateGi>(&step.action)) return &made->seat;
  if (const auto* gone = std::get_if<DestroyGi>(&step.action)) return &gone->seat;
  return nullptr;
}

}  // namespace gpuslice::model
