// Converts mig-parted's format to a File. The behaviour of nvidia-mig-parted 0.15 (api/spec/v1, pkg/mig/config):
// - unknown keys are errors; several entries for one GPU are applied in order, so that the last one is effective;
// - instances that are not named are removed;
// - MIG devices are created in the order of GPU slices, then compute slices, largest first. A compute instance is
//   created in the most recent GPU instance if that has the profile and room. If this fails on the GPU, mig-parted
//   tries other orders.
//
// Here compute instances are packed once, each into the first GPU instance of its profile with room: on all current
// products this leads to the same instances.
#pragma once

#include "spec/file.hpp"
#include "spec/tree.hpp"
#include "spec/words.hpp"

namespace gpuslice::spec {

// `root` is a mig-parted file that `check` has accepted. Entries whose `devices` is an empty list select no GPU: they
// are left out of the configuration, and File::left_out has their lines.
[[nodiscard]] File read_mig_parted(const Value& root, const std::string& file);

// The GPU instances that contain these MIG devices.
[[nodiscard]] std::vector<model::WantedGi> packed(std::vector<MigDevice> devices);

}  // namespace gpuslice::spec
