// MIG: mode, profiles, instances and MIG devices of a GPU, and the calls that change them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mig/capability.hpp"
#include "node/answer.hpp"

namespace gpuslice::node {

struct GiProfileInfo {
  std::uint32_t nvml_enum{};
  mig::GiProfileId id{};
  std::string name;  // "MIG 1g.5gb+me"
  std::uint32_t slices{}, max_count{}, multiprocessors{};
  std::uint32_t copy{}, decoder{}, encoder{}, jpeg{}, ofa{};
  std::uint64_t memory_mib{};
  bool p2p{};
};
struct CiProfileInfo {
  std::uint32_t nvml_enum{};
  mig::CiProfileId id{};
  std::string name;  // "MIG 1c.2g.10gb"
  std::uint32_t slices{}, max_count{}, multiprocessors{};
  std::uint32_t copy{}, decoder{}, encoder{}, jpeg{}, ofa{};  // shared by all compute instances of the GPU instance
};
struct GiInfo {
  mig::GiId id{};
  mig::GiProfileId profile{};
  mig::Placement placement{};
};
struct CiInfo {
  mig::CiId id{};
  mig::CiProfileId profile{};
  mig::Placement placement{};  // in compute slices of its GPU instance
};
struct MigAttributes {
  std::uint32_t multiprocessors{}, copy{}, decoder{}, encoder{}, jpeg{}, ofa{};
  std::uint32_t gi_slices{}, ci_slices{};
  std::uint64_t memory_mib{};
};
struct MigSwitch {
  bool active{};
  DriverError activation;  // its code is 0 if the new mode is active
};

// Lists of profiles contain those that the GPU supports, in NVML enum order.
class Mig : public Facet {
 public:
  virtual Answer<Mode> mig_mode(GpuIndex) { return absent(); }
  virtual Answer<std::vector<GiProfileInfo>> gi_profiles(GpuIndex) { return absent(); }
  virtual Answer<std::uint32_t> gi_remaining(GpuIndex, mig::GiProfileId) { return absent(); }
  virtual Answer<std::vector<mig::Placement>> gi_placements(GpuIndex, mig::GiProfileId) { return absent(); }
  // The instances of one profile.
  virtual Answer<std::vector<GiInfo>> gpu_instances(GpuIndex, mig::GiProfileId) { return absent(); }
  virtual Answer<std::vector<CiProfileInfo>> ci_profiles(GpuIndex, mig::GiId) { return absent(); }
  virtual Answer<std::uint32_t> ci_remaining(GpuIndex, mig::GiId, mig::CiProfileId) { return absent(); }
  virtual Answer<std::vector<mig::Placement>> ci_placements(GpuIndex, mig::GiId, mig::CiProfileId) { return absent(); }
  virtual Answer<std::vector<CiInfo>> compute_instances(GpuIndex, mig::GiId, mig::CiProfileId) { return absent(); }
  // MIG devices: the indices that exist, ascending, and the ids and attributes of each.
  virtual Answer<std::vector<std::uint32_t>> mig_indices(GpuIndex) { return absent(); }
  virtual Answer<mig::GiId> mig_gi(Subject) { return absent(); }
  virtual Answer<mig::CiId> mig_ci(Subject) { return absent(); }
  virtual Answer<MigAttributes> mig_attributes(Subject) { return absent(); }
  // Calls that change something. If no placement is given, the driver chooses one.
  virtual Answer<MigSwitch> set_mig_mode(GpuIndex, bool /*enable*/) { return absent(); }
  virtual Answer<GiInfo> create_gi(GpuIndex, mig::GiProfileId, std::optional<mig::Placement>) { return absent(); }
  virtual Answer<void> destroy_gi(GpuIndex, mig::GiId) { return absent(); }
  virtual Answer<CiInfo> create_ci(GpuIndex, mig::GiId, mig::CiProfileId, std::optional<mig::Placement>) {
    return absent();
  }
  virtual Answer<void> destroy_ci(GpuIndex, mig::GiId, mig::CiId) { return absent(); }
};

}  // namespace gpuslice::node
