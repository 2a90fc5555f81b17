// Text helpers that several views share: rounding, truncation, units, the names of modes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "base/printable.hpp"
#include "figures/driver_version.hpp"
#include "node/port.hpp"

namespace gpuslice::smi {

inline constexpr std::uint64_t mib = 1024ULL * 1024;

// Sizes of frame buffers are rounded up to whole MiB, except under old drivers; BAR1 sizes are rounded down.
[[nodiscard]] inline std::uint64_t frame_buffer_mib(std::uint64_t bytes, int driver) {
  return bytes / mib + (driver >= figures::first_driver_rounding_up && bytes % mib != 0 ? 1 : 0);
}
[[nodiscard]] inline std::uint64_t bar1_mib(std::uint64_t bytes) { return bytes / mib; }

// Shortens a name to `width` with "...": GPU names lose their end (cut_tail), process names their start (cut_head).
[[nodiscard]] inline std::string cut_tail(std::string_view text, std::size_t width) {
  return text.size() <= width ? std::string(text) : std::string(first_bytes(text, width - 3)) + "...";
}
[[nodiscard]] inline std::string cut_head(std::string_view text, std::size_t width) {
  return text.size() <= width ? std::string(text) : "..." + std::string(last_bytes(text, width - 3));
}

// Returns "1024 MiB". The functions below return N/A for an unknown value.
[[nodiscard]] inline std::string with_unit(std::uint64_t value, std::string_view unit) {
  return std::to_string(value) + ' ' + std::string(unit);
}
template <class T>
[[nodiscard]] std::string cell_or_unknown(const std::optional<T>& value, std::string_view unit) {
  return value ? with_unit(*value, unit) : "N/A";
}
[[nodiscard]] inline std::string mib_or_unknown(const std::optional<std::uint64_t>& bytes) {
  return bytes ? with_unit(*bytes / mib, "MiB") : "N/A";
}
[[nodiscard]] inline std::string id_cell(const std::optional<std::uint32_t>& id) {
  return id ? std::to_string(*id) : "N/A";
}

[[nodiscard]] inline const char* enabled_word(bool on) { return on ? "Enabled" : "Disabled"; }
[[nodiscard]] inline const char* on_off(bool on) { return on ? "On" : "Off"; }

// The text that nvidia-smi prints for a number from the driver.
template <class Words>
[[nodiscard]] std::string word_of(const Words& words, std::uint64_t number, std::string_view otherwise) {
  return std::string(number < std::size(words) ? std::string_view(words[number]) : otherwise);
}

// The table cell of a refused figure: N/A if the driver does not have the figure or may not show it, ERR! for any other
// refusal.
[[nodiscard]] inline std::string refused_cell(const node::DriverError& error) {
  return error.code == node::err_not_supported || error.code == node::err_no_permission ? "N/A" : "ERR!";
}

[[nodiscard]] inline std::string license_status(const node::LicensedProduct& product) {
  if (!product.licensed) return "Unlicensed";
  return product.expires.empty() ? "Licensed" : "Licensed (Expiry: " + product.expires + ")";
}

// The name of a MIG device or profile from "MIG " on: nvmlDeviceGetName of a MIG handle puts the GPU's name before
// that.
[[nodiscard]] inline std::string mig_part(std::string_view name) {
  const auto at = name.rfind("MIG ");
  return std::string(at == std::string_view::npos ? name : name.substr(at));
}

// "GPU 0: NVIDIA H200 (UUID: GPU-...)", the line with which views head the lines of a GPU.
[[nodiscard]] inline std::string gpu_line(node::Node& node, GpuIndex gpu) {
  const auto text = [](const node::Answer<std::string>& answer) {
    return answer ? printable(*answer) : refused_cell(answer.error());
  };
  return "GPU " + std::to_string(gpu.value) + ": " + text(node.identity().name({gpu, {}})) +
         " (UUID: " + text(node.identity().uuid({gpu, {}})) + ")\n";
}

}  // namespace gpuslice::smi
