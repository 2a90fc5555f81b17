// A change of a node as stored before its first step: the state before and the intended state after it.
//
// Recovery compares these two with the observed state and trusts nothing else. Instances are compared by placement,
// because the driver chooses the ids of those that it creates again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/inventory.hpp"
#include "model/step.hpp"

namespace gpuslice::store {

// A step as the history shows it, without the GPU: its kind and its object.
struct StepRecord {
  std::string kind;  // "create-gpu-instance"
  std::string text;  // "create GPU instance 3g.20gb at 4:4"
  std::string name;  // name of the created or destroyed instance; empty: none
  std::optional<model::GiSeat> gi;
  std::optional<model::CiSeat> ci;
  friend bool operator==(const StepRecord&, const StepRecord&) = default;
};

// The names of the profiles of a GPU, for readers that no longer have the GPU.
struct CiProfileName {
  mig::CiProfileId profile{};
  std::string name;  // "1c"
  friend bool operator==(const CiProfileName&, const CiProfileName&) = default;
};
struct GiProfileName {
  mig::GiProfileId profile{};
  std::string name;  // "3g.20gb"
  std::vector<CiProfileName> compute;
  friend bool operator==(const GiProfileName&, const GiProfileName&) = default;
};

struct GpuRecord {
  std::string uuid;
  GpuIndex index{};
  model::GpuState before;
  model::GpuState after;
  std::vector<model::NamedGi> made_before;
  std::vector<model::NamedGi> made_after;
  // Absent if an earlier version wrote the record.
  std::optional<std::vector<StepRecord>> steps{};
  std::optional<std::vector<GiProfileName>> profiles{};
  // MIG devices, for a reader who has only the UUID of one that is gone. Absent too where a recovery completed the
  // change.
  std::optional<std::vector<model::MigDevice>> devices_before{}, devices_after{};
};

// The outcome of a stored change.
enum class Outcome : std::uint8_t { open, done, undone };

struct Transaction {
  std::uint64_t number{};  // counts up from 1
  std::string verb;        // "apply"
  std::string user;
  std::string started;  // "2026-11-21T04:17:21Z"
  std::string digest;   // of the inventory that the plan started from
  Outcome outcome{Outcome::open};
  std::uint64_t undoes{};  // the number of the change that it undoes; 0: none
  std::vector<GpuRecord> gpus;
  std::optional<std::vector<model::Client>> stopped{};  // clients that were stopped; absent: unknown
  std::vector<std::string> afterwards;  // commands that revert the hooks before the change; run at the end in any case
  std::string origin{};                 // the document that was read; its keys from a newer version are written again
};

// The verb of changes that bring a node back to the layout that it keeps (ops/restore.hpp).
inline constexpr const char* restore_verb = "restore";

// Whether `undo` may revert the change: it was done and is not undone, and a person made it. It passes over undos, and
// over restores, which happen at every boot.
[[nodiscard]] bool can_be_undone(const Transaction& transaction);

// Documents of earlier versions are read (missing members get the values that were implied then), and keys of newer
// versions are kept. The result has one line.
[[nodiscard]] std::string write_transaction(const Transaction& transaction);
[[nodiscard]] Result<Transaction> read_transaction(const std::string& text, const std::string& source);

// The instances that gpuslice created on each GPU, by UUID.
struct Names {
  struct OfGpu {
    std::string uuid;
    std::vector<model::NamedGi> made;
  };
  std::vector<OfGpu> gpus;
  std::string origin{};  // as in a Transaction

  [[nodiscard]] const std::vector<model::NamedGi>& of(const std::string& uuid) const;
  void set(const std::string& uuid, std::vector<model::NamedGi> made);
};
[[nodiscard]] std::string write_names(const Names& names);
[[nodiscard]] Result<Names> read_names(const std::string& text, const std::string& source);

}  // namespace gpuslice::store
