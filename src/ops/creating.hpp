// The plan that creates GPU instances with their compute instances; all existing instances stay. Pure.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/inventory.hpp"
#include "model/plan.hpp"
#include "ops/select.hpp"

namespace gpuslice::ops {

struct CreateRequest {
  struct Compute {
    std::string profile;              // "1c", "1c.3g.20gb", or the profile's id
    std::optional<std::string> name;  // absent: no name
  };
  std::vector<std::string> profiles;  // "3g.20gb", "3g", or the profile's id
  std::string placement;              // "4:4", or only the start, "4"; empty: the one that leaves the most room
  std::string name;                   // empty: no name
  std::optional<std::vector<Compute>> compute;  // absent: one that uses the whole instance; empty: none
  std::uint32_t count{1};                       // of each profile, on each GPU
};

// The reason why nothing can be created, and the part of the request or node that causes it, so that a front end can
// name the option or field.
struct CreateFailure : Error {
  enum class About {
    other,
    name,             // the name in the request
    placement,        // the placement in the request
    compute,          // a name of a compute instance in the request
    default_compute,  // unknown for the profile; an instance without compute instances can be created
    mig_mode,         // MIG mode is off on `gpu`
    room,             // not enough room on `gpu`
  } about{};
  GpuIndex gpu{};

  CreateFailure(Error error, About what_about = About::other, GpuIndex on = {})
      : Error(std::move(error)), about(what_about), gpu(on) {}
};

// The checks of a request that need no node: names are valid, and a name or placement is given for one instance only.
[[nodiscard]] std::expected<void, CreateFailure> check_request(const CreateRequest& request);

// `gpus` were selected from `inventory`; the request is applied to each of them. Existing instances stay where they
// are. Errors: those of check_request; usage for a profile or placement that the GPU does not have; exists for a name
// that is taken; unsupported; refused.
[[nodiscard]] std::expected<model::Plan, CreateFailure> plan_create(const model::Inventory& inventory,
                                                                    const SelectedGpus& gpus,
                                                                    const CreateRequest& request);

}  // namespace gpuslice::ops
