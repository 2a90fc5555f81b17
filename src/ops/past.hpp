// What a device was that the node no longer has, as far as the recorded changes tell. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ops/device_word.hpp"
#include "store/transaction.hpp"

namespace gpuslice::ops {

struct Past {
  GpuIndex gpu{};  // at that time
  std::string gpu_uuid;
  mig::GiId gi{};
  std::optional<mig::CiId> ci;  // absent: the word named a GPU instance
  mig::Placement gi_placement{};
  std::optional<mig::Placement> ci_placement;
  std::string gi_profile, ci_profile;  // "3g.20gb", "1c"; empty: not recorded
  std::string name;                    // "train", "train/a"; empty: none
  std::string uuid;                    // of the MIG device; empty: not recorded
  // The newest recorded change that had to do with it.
  std::uint64_t number{};
  std::string verb, user, time;  // "apply", "alice", "2026-11-21T04:17:21Z"
  bool destroyed{};              // by that change; false: it existed after it, and what removed it is not recorded
};

// `history`: oldest first, as NodeStore::history has it. Nullopt: no recorded change had such an instance.
[[nodiscard]] std::optional<Past> past_of(const std::vector<store::Transaction>& history, const DeviceWord& word);

}  // namespace gpuslice::ops
