// Capabilities of catalogue products, and short forms for partitions.
#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <stdexcept>
#include <string>

#include "catalog/product.hpp"
#include "mig/partition.hpp"

namespace gpuslice::catalog::testing {

inline const mig::Capability& gpu(std::string_view product) {
  const auto found = find(product);
  if (!found) throw std::invalid_argument(found.error().message());
  return (*found)->capability;
}

inline const mig::GiProfile& profile(const mig::Capability& capability, std::string_view name) {
  const auto* found = capability.find(name);
  if (found == nullptr) throw std::invalid_argument("no profile " + std::string(name));
  return *found;
}

// The site of a profile that starts at `start`.
inline mig::Placement site(const mig::GiProfile& profile, unsigned start) {
  for (const auto one : profile.sites)
    if (one.start == start) return one;
  throw std::invalid_argument(std::string(profile.name) + " has no placement at " + std::to_string(start));
}

struct At {
  std::string_view profile;
  unsigned start{};
};

inline mig::GpuInstance instance(const mig::Capability& capability, At at, unsigned id) {
  mig::GpuInstance made;
  made.id = mig::GiId{id};
  made.profile = profile(capability, at.profile).id;
  made.placement = site(profile(capability, at.profile), at.start);
  return made;
}

// The partition whose instances get the ids 0, 1, 2 and so on.
inline mig::Partition partition(const mig::Capability& capability, std::initializer_list<At> standing) {
  mig::Partition made;
  for (const auto at : standing)
    made.instances.push_back(instance(capability, at, static_cast<unsigned>(made.instances.size())));
  return made;
}

}  // namespace gpuslice::catalog::testing
