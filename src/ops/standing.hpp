// How a node stands to a layout, object by object: what is declared, what is there, and since when. Pure.
//
// `compare` has only the differences, as the planner would remove them; here every declared object has a line, also on
// GPUs on which the layout cannot be created.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "model/inventory.hpp"
#include "model/layout.hpp"
#include "store/transaction.hpp"

namespace gpuslice::ops {

// The recorded change that left an object as it is.
struct Since {
  std::uint64_t change{};
  std::string verb;
  std::string time;  // its start: "2026-11-21T04:17:21Z"
  friend bool operator==(const Since&, const Since&) = default;
};

struct Standing {
  enum class State : std::uint8_t {
    ok,
    missing,    // it is declared and does not exist
    different,  // it exists with another value or name
    extra,      // it exists and is not declared; gpuslice created it, or the layout removes what others created
    foreign,    // it exists and is not declared; another program created it, and the layout keeps it: no drift
    unknown,    // what is there cannot be read
  };
  struct MigMode {
    std::optional<bool> declared, actual;
    friend bool operator==(const MigMode&, const MigMode&) = default;
  };
  // `actual_name` is empty where there is no instance.
  struct Gi {
    model::GiSeat seat;
    bool placed{true};  // false: it has no placement yet, because the layout cannot be created
    std::string declared_name, actual_name;
    friend bool operator==(const Gi&, const Gi&) = default;
  };
  struct Ci {
    model::CiSeat seat;
    bool placed{true};
    std::string declared_name, actual_name;
    friend bool operator==(const Ci&, const Ci&) = default;
  };
  // A setting of the whole GPU that the layout declares.
  struct Setting {
    std::string name;                   // "compute mode"
    std::string declared;               // "Exclusive_Process", as nvidia-smi spells it
    std::optional<std::string> actual;  // none: it cannot be read
    friend bool operator==(const Setting&, const Setting&) = default;
  };
  using Object = std::variant<MigMode, Gi, Ci, Setting>;

  Object object;
  State state{};
  std::optional<Since> since;  // none: it was changed by another program, by a reboot, or before the oldest record
  friend bool operator==(const Standing&, const Standing&) = default;
};

// The objects of one GPU. Several GPUs of a layout that the node does not have are each one of these without `gpu`.
struct GpuStanding {
  std::optional<GpuIndex> gpu;
  std::string uuid;                 // empty: not known
  std::string name;                 // as NVML prints it; empty: not known
  std::optional<Error> reason;      // why the layout cannot be created there: absent, unreadable, or no plan
  mig::Capability capability;       // for the names of profiles
  std::vector<Standing> objects{};  // the mode, settings, then each GPU instance with its compute instances

  // Whether everything that is declared is there, and nothing else that gpuslice created.
  [[nodiscard]] bool matches() const;
  [[nodiscard]] bool unknown() const;
};

// The GPUs that the layout selects, ascending, then what it names and the node lacks. `history`: oldest first.
[[nodiscard]] std::vector<GpuStanding> standing_of(const model::Inventory& inventory, const model::Layout& layout,
                                                   const std::vector<store::Transaction>& history);

}  // namespace gpuslice::ops
