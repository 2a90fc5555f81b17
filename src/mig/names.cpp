#include "mig/names.hpp"

namespace gpuslice::mig {

std::string full_name(const GiProfile& profile) { return "MIG " + std::string(profile.name); }

std::string compute_name(const GiProfile& parent, const CiProfile& profile) {
  std::string name = "MIG ";
  if (profile.slices != parent.slices) name += std::to_string(profile.slices) + "c.";
  return name += parent.base_name();
}

}  // namespace gpuslice::mig
