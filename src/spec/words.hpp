// Converts scalars of layout files to values; nullopt if the text has another form.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mig/capability.hpp"
#include "spec/tree.hpp"

namespace gpuslice::spec {

// "7", "0x1F", "0o17". A leading zero is rejected, because YAML 1.1 and 1.2 read different numbers.
[[nodiscard]] std::optional<std::uint64_t> whole_number(std::string_view text);

[[nodiscard]] std::optional<std::uint64_t> to_number(const Value& value);
[[nodiscard]] std::optional<bool> to_bool(const Value& value);
[[nodiscard]] std::optional<std::uint32_t> to_device_id(const Value& value);   // 548409566, "0x20B010DE"
[[nodiscard]] std::optional<mig::Placement> to_placement(const Value& value);  // "0:4"; size 0 for 0 and "0"

// A MIG device as mig-parted names it: "3g.20gb", "1c.3g.20gb", "1g.10gb+me". Only the form is checked, not whether a
// GPU has such a profile.
struct MigDevice {
  std::string parent;  // the GPU instance's profile: "3g.20gb"
  unsigned slices{};   // compute slices of the compute instance
  unsigned of{};       // compute slices of the GPU instance

  [[nodiscard]] bool whole() const { return slices == of; }
  [[nodiscard]] std::string text() const;  // without "Nc." if the compute instance uses the whole GPU instance
};
[[nodiscard]] std::optional<MigDevice> to_mig_device(std::string_view name);

}  // namespace gpuslice::spec
