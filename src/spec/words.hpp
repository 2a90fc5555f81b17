// Single values of layout files: from a scalar to what it says. No value: it does not say that.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mig/capability.hpp"
#include "spec/tree.hpp"

namespace gpuslice::spec {

// "7", "0x1F", "0o17"; a leading zero is refused, because YAML 1.1 and 1.2 take it for different numbers.
[[nodiscard]] std::optional<std::uint64_t> whole_number(std::string_view text);

[[nodiscard]] std::optional<std::uint64_t> to_number(const Value& value);
[[nodiscard]] std::optional<bool> to_bool(const Value& value);
[[nodiscard]] std::optional<std::uint32_t> to_device_id(const Value& value);   // 548409566, "0x20B010DE"
[[nodiscard]] std::optional<mig::Placement> to_placement(const Value& value);  // "0:4"; size 0 for 0 and "0"

// A MIG device as mig-parted names it: "3g.20gb", "1c.3g.20gb", "1g.10gb+me". Its form is what is checked, not whether
// a GPU has it.
struct MigDevice {
  std::string parent;  // the GPU instance's profile: "3g.20gb"
  unsigned slices{};   // of the compute instance
  unsigned of{};       // of the GPU instance

  [[nodiscard]] bool whole() const { return slices == of; }
  [[nodiscard]] std::string text() const;  // without the share where it is the whole
};
[[nodiscard]] std::optional<MigDevice> to_mig_device(std::string_view name);

}  // namespace gpuslice::spec
