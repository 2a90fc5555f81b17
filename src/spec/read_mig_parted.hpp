// mig-parted's format as a File. Facts of nvidia-mig-parted 0.15 (api/spec/v1, pkg/mig/config):
//   - unknown keys are errors; of several entries for one GPU each is applied, so that the last counts;
//   - what is not named is removed;
//   - MIG devices are made in the order of GPU slices, then compute slices, the large first, and a compute instance
//   goes
//     into the GPU instance made before it while that has the profile and room. Where that fails on the GPU mig-parted
//     tries other orders. Here compute instances are packed once, each into the first GPU instance of its profile with
//     room: on every product of today that leads to the same instances.
#pragma once

#include "spec/file.hpp"
#include "spec/tree.hpp"
#include "spec/words.hpp"

namespace gpuslice::spec {

// Of a tree that `check` has let pass as a mig-parted file. Entries whose `devices` are an empty list are about nothing
// and left out.
[[nodiscard]] File read_mig_parted(const Value& root, const std::string& file);

// The GPU instances that hold these MIG devices.
[[nodiscard]] std::vector<model::WantedGi> packed(std::vector<MigDevice> devices);

}  // namespace gpuslice::spec
