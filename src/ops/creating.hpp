// The plan that creates GPU instances with their compute instances, beside every instance that is there. Pure.
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
    std::optional<std::string> name;  // absent: none
  };
  std::vector<std::string> profiles;            // "3g.20gb", "3g", or the profile's id
  std::string placement;                        // "4:4", or the start alone, "4"; empty: where most room is left
  std::string name;                             // empty: none
  std::optional<std::vector<Compute>> compute;  // absent: one that takes all of the instance; empty: none
  std::uint32_t count{1};                       // of each profile, on each GPU
};

// Why nothing can be created, and what of the request or the node it is about: a caller who has options, buttons or
// fields for them can point there.
struct CreateFailure : Error {
  enum class About {
    other,
    name,             // of the request
    placement,        // of the request
    compute,          // a name in it
    default_compute,  // unknown for the profile: only an instance without compute instances can be created
    mig_mode,         // is off on `gpu`
    room,             // too little on `gpu`
  } about{};
  GpuIndex gpu{};

  CreateFailure(Error error, About what_about = About::other, GpuIndex on = {})
      : Error(std::move(error)), about(what_about), gpu(on) {}
};

// What can be told of a request without a node: that its names are names, and that a name and a placement are given to
// one instance only.
[[nodiscard]] std::expected<void, CreateFailure> check_request(const CreateRequest& request);

// `gpus` were selected from `inventory`; each gets what is requested. Instances that are there stay where they are.
// Errors: those of check_request; usage for a word that this GPU does not know; exists for a name that is taken;
// unsupported, and refused.
[[nodiscard]] std::expected<model::Plan, CreateFailure> plan_create(const model::Inventory& inventory,
                                                                    const SelectedGpus& gpus,
                                                                    const CreateRequest& request);

}  // namespace gpuslice::ops
