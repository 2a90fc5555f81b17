#include "smi/query_fields.hpp"

#include <algorithm>
#include <array>

#include <fmt/printf.h>

#include "smi/layout.hpp"

namespace gpuslice::smi {
namespace {

using node::Answer;

FieldValue timestamp(const Session& session) {
  char seconds[32];
  std::strftime(seconds, sizeof seconds, "%Y/%m/%d %H:%M:%S", &session.environment.now);
  return fmt::sprintf("%s.%03d", seconds, session.environment.milliseconds);
}

// An answer's value through `show`, or its refusal.
template <class T, class Show>
FieldValue as(const Answer<T>& answer, Show show) {
  if (!answer) return std::unexpected(answer.error());
  return FieldValue(show(*answer));
}

FieldValue number(const Answer<std::uint32_t>& answer) {
  return as(answer, [](std::uint32_t v) { return std::to_string(v); });
}
FieldValue watts(const Answer<std::uint32_t>& milliwatts) {
  return as(milliwatts, [](std::uint32_t v) { return fmt::sprintf("%.2f", v / 1000.0); });
}
FieldValue enabled(const Answer<bool>& answer) {
  return as(answer, [](bool v) { return std::string(enabled_word(v)); });
}
FieldValue mode(const Answer<node::Mode>& answer, bool node::Mode::* which) {
  return as(answer, [which](const node::Mode& m) { return std::string(enabled_word(m.*which)); });
}
FieldValue memory(Session& s, GpuIndex gpu, std::uint64_t node::Memory::* which) {
  return as(s.node.memory({gpu, {}}),
            [which](const node::Memory& m) { return std::to_string(frame_buffer_mib(m.*which)); });
}
FieldValue reserved_memory(Session& s, GpuIndex gpu) {
  const auto memory = s.node.memory({gpu, {}});
  if (!memory) return std::unexpected(memory.error());
  if (!memory->reserved) return std::unexpected(node::DriverError{node::err_not_supported, "Not Supported"});
  return std::to_string(frame_buffer_mib(*memory->reserved));
}
FieldValue pci(Session& s, GpuIndex gpu, const char* format, std::uint32_t node::PciInfo::* which) {
  return as(s.node.pci(gpu), [&](const node::PciInfo& p) { return fmt::sprintf(format, p.*which); });
}
FieldValue bus_id(Session& s, GpuIndex gpu) {
  return as(s.node.pci(gpu), [](const node::PciInfo& p) { return p.bus_id; });
}
FieldValue compute_mode(Session& s, GpuIndex gpu) {
  return as(s.node.compute_mode(gpu), [](std::uint32_t m) -> std::string {
    constexpr std::array words{"Default", "Exclusive_Thread", "Prohibited", "Exclusive_Process"};
    return m < words.size() ? words[m] : "[Unknown Error]";
  });
}
FieldValue addressing_mode(Session& s, GpuIndex gpu) {
  return as(s.node.addressing_mode(gpu), [](std::uint32_t m) -> std::string {
    constexpr std::array words{"None", "HMM", "ATS"};
    return m < words.size() ? words[m] : "[Unknown Error]";
  });
}

constexpr std::array gpu_table{
    GpuField{"timestamp", "", "", "Local time of the query, YYYY/MM/DD HH:MM:SS.msec.",
             [](Session& s, GpuIndex) { return timestamp(s); }},
    GpuField{"driver_version", "", "", "Version of the driver.",
             [](Session& s, GpuIndex) { return FieldValue(s.system.driver_version); }},
    GpuField{"count", "", "", "Number of GPUs of the node, chosen or not.",
             [](Session& s, GpuIndex) { return number(s.node.gpu_count()); }},
    GpuField{"name", "gpu_name", "", "Product name.", [](Session& s, GpuIndex g) { return s.node.name({g, {}}); }},
    GpuField{"serial", "gpu_serial", "", "Serial number of the board.",
             [](Session& s, GpuIndex g) { return s.node.serial(g); }},
    GpuField{"uuid", "gpu_uuid", "", "UUID of the GPU.", [](Session& s, GpuIndex g) { return s.node.uuid({g, {}}); }},
    GpuField{"pci.bus_id", "gpu_bus_id", "", "PCI address, domain:bus:device.function in hexadecimal.", bus_id},
    GpuField{"pci.domain", "", "", "PCI domain.",
             [](Session& s, GpuIndex g) { return pci(s, g, "0x%04X", &node::PciInfo::domain); }},
    GpuField{"pci.bus", "", "", "PCI bus.",
             [](Session& s, GpuIndex g) { return pci(s, g, "0x%02X", &node::PciInfo::bus); }},
    GpuField{"pci.device", "", "", "PCI device on its bus.",
             [](Session& s, GpuIndex g) { return pci(s, g, "0x%02X", &node::PciInfo::device); }},
    GpuField{"pci.device_id", "", "", "PCI device and vendor id.",
             [](Session& s, GpuIndex g) { return pci(s, g, "0x%08X", &node::PciInfo::device_id); }},
    GpuField{"pci.sub_device_id", "", "", "PCI subsystem id.",
             [](Session& s, GpuIndex g) { return pci(s, g, "0x%08X", &node::PciInfo::subsystem_id); }},
    GpuField{"index", "", "", "Place in the driver's enumeration, from 0.",
             [](Session&, GpuIndex g) { return FieldValue(std::to_string(g.value)); }},
    // Recorded on 580: the driver answers that the question is no longer asked, whatever the GPU.
    GpuField{"display_mode", "", "", "No longer answered by the driver; see display_attached.",
             [](Session& s, GpuIndex) -> FieldValue {
               return std::unexpected(node::DriverError{26, s.node.error_text(26)});
             }},
    GpuField{"display_attached", "", "", "Whether a display is connected: Yes or No.",
             [](Session& s, GpuIndex g) {
               return as(s.node.display_attached(g), [](bool v) { return std::string(v ? "Yes" : "No"); });
             }},
    GpuField{"display_active", "", "", "Whether the GPU drives a display: Enabled or Disabled.",
             [](Session& s, GpuIndex g) { return enabled(s.node.display_active(g)); }},
    GpuField{"persistence_mode", "", "", "Whether the driver stays loaded without clients.",
             [](Session& s, GpuIndex g) { return enabled(s.node.persistence_mode(g)); }},
    GpuField{"addressing_mode", "", "", "How the GPU reaches pageable host memory: HMM, ATS or None.", addressing_mode},
    GpuField{"vbios_version", "", "", "Version of the video BIOS.",
             [](Session& s, GpuIndex g) { return s.node.vbios(g); }},
    GpuField{"fan.speed", "", "%", "Intended fan speed.",
             [](Session& s, GpuIndex g) { return number(s.node.fan_percent(g)); }},
    GpuField{"pstate", "", "", "Performance state, P0 (highest) to P15.",
             [](Session& s, GpuIndex g) {
               return as(s.node.performance_state(g), [](std::uint32_t v) { return "P" + std::to_string(v); });
             }},
    GpuField{"memory.total", "", "MiB", "Frame buffer of the GPU.",
             [](Session& s, GpuIndex g) { return memory(s, g, &node::Memory::total); }},
    GpuField{"memory.reserved", "", "MiB", "Frame buffer that driver and firmware keep for themselves.",
             reserved_memory},
    GpuField{"memory.used", "", "MiB", "Frame buffer in use by contexts and instances.",
             [](Session& s, GpuIndex g) { return memory(s, g, &node::Memory::used); }},
    GpuField{"memory.free", "", "MiB", "Frame buffer that is free.",
             [](Session& s, GpuIndex g) { return memory(s, g, &node::Memory::free); }},
    GpuField{"compute_mode", "", "", "Which compute processes may run: Default, Exclusive_Process or Prohibited.",
             compute_mode},
    GpuField{
        "utilization.gpu", "", "%", "Share of the last sample in which a kernel ran; not told while MIG mode is on.",
        [](Session& s, GpuIndex g) {
          return as(s.node.utilization(g), [](const node::Utilization& u) { return std::to_string(u.gpu_percent); });
        }},
    GpuField{"utilization.memory", "", "%", "Share of the last sample in which memory was read or written.",
             [](Session& s, GpuIndex g) {
               return as(s.node.utilization(g),
                         [](const node::Utilization& u) { return std::to_string(u.memory_percent); });
             }},
    GpuField{"ecc.mode.current", "", "", "ECC mode in force.",
             [](Session& s, GpuIndex g) { return mode(s.node.ecc_mode(g), &node::Mode::current); }},
    GpuField{"ecc.mode.pending", "", "", "ECC mode after the next reboot.",
             [](Session& s, GpuIndex g) { return mode(s.node.ecc_mode(g), &node::Mode::pending); }},
    GpuField{"ecc.errors.uncorrected.volatile.total", "", "", "Uncorrected memory errors since the driver was loaded.",
             [](Session& s, GpuIndex g) {
               return as(s.node.uncorrected_ecc_errors({g, {}}), [](std::uint64_t v) { return std::to_string(v); });
             }},
    GpuField{"temperature.gpu", "", "", "Temperature of the GPU in degrees Celsius.",
             [](Session& s, GpuIndex g) { return number(s.node.temperature_c(g)); }},
    GpuField{"power.draw", "", "W", "Power drawn by the board.",
             [](Session& s, GpuIndex g) { return watts(s.node.power_mw(g)); }},
    GpuField{"power.limit", "gpu.power.requested_limit", "W", "Power limit that was asked for.",
             [](Session& s, GpuIndex g) { return watts(s.node.power_limit_mw(g)); }},
    GpuField{"enforced.power.limit", "gpu.power.current_limit", "W", "Power limit in force.",
             [](Session& s, GpuIndex g) { return watts(s.node.power_limit_mw(g)); }},
    GpuField{"mig.mode.current", "", "", "MIG mode in force.",
             [](Session& s, GpuIndex g) { return mode(s.node.mig_mode(g), &node::Mode::current); }},
    GpuField{"mig.mode.pending", "", "", "MIG mode after the next reset.",
             [](Session& s, GpuIndex g) { return mode(s.node.mig_mode(g), &node::Mode::pending); }},
};

constexpr std::array app_table{
    AppField{"timestamp", "", "", "Local time of the query, YYYY/MM/DD HH:MM:SS.msec.",
             [](Session& s, const ProcessRow&) { return timestamp(s); }},
    AppField{"gpu_name", "", "", "Product name of the GPU.",
             [](Session& s, const ProcessRow& r) { return s.node.name({r.gpu, {}}); }},
    AppField{"gpu_bus_id", "", "", "PCI address of the GPU.",
             [](Session& s, const ProcessRow& r) { return bus_id(s, r.gpu); }},
    AppField{"gpu_serial", "", "", "Serial number of the board.",
             [](Session& s, const ProcessRow& r) { return s.node.serial(r.gpu); }},
    AppField{"gpu_uuid", "", "", "UUID of the GPU.",
             [](Session& s, const ProcessRow& r) { return s.node.uuid({r.gpu, {}}); }},
    AppField{"pid", "", "", "Process id.",
             [](Session&, const ProcessRow& r) { return FieldValue(std::to_string(r.process.pid)); }},
    AppField{"process_name", "name", "", "Name of the process.",
             [](Session&, const ProcessRow& r) { return FieldValue(r.process.name); }},
    AppField{"used_gpu_memory", "used_memory", "MiB", "Frame buffer in use by the process.",
             [](Session& s, const ProcessRow& r) -> FieldValue {
               if (!r.process.memory) {
                 return std::unexpected(
                     node::DriverError{node::err_not_supported, s.node.error_text(node::err_not_supported)});
               }
               return std::to_string(*r.process.memory / mib);
             }},
};

// The other fields that nvidia-smi 580.159.04 lists (recorded).
constexpr std::array<std::string_view, 212> elsewhere{
    "vgpu_driver_capability.heterogenous_multivGPU",
    "pci.baseClass",
    "pci.subClass",
    "vgpu_device_capability.fractional_multiVgpu",
    "vgpu_device_capability.heterogeneous_timeSlice_profile",
    "vgpu_device_capability.heterogeneous_timeSlice_sizes",
    "vgpu_device_capability.homogeneous_placements",
    "vgpu_device_capability.mig_timeSlicing",
    "vgpu_device_capability.mig_timeSlicing_mode",
    "pcie.link.gen.current",
    "pcie.link.gen.gpucurrent",
    "pcie.link.gen.max",
    "pcie.link.gen.gpumax",
    "pcie.link.gen.hostmax",
    "pcie.link.width.current",
    "pcie.link.width.max",
    "accounting.mode",
    "accounting.buffer_size",
    "driver_model.current",
    "driver_model.pending",
    "inforom.img",
    "inforom.image",
    "inforom.oem",
    "inforom.ecc",
    "inforom.pwr",
    "inforom.power",
    "inforom.checksum_validation",
    "gpu_recovery_action",
    "gom.current",
    "gpu_operation_mode.current",
    "gom.pending",
    "gpu_operation_mode.pending",
    "clocks_event_reasons.supported",
    "clocks_throttle_reasons.supported",
    "clocks_event_reasons.active",
    "clocks_throttle_reasons.active",
    "clocks_event_reasons.gpu_idle",
    "clocks_throttle_reasons.gpu_idle",
    "clocks_event_reasons.applications_clocks_setting",
    "clocks_throttle_reasons.applications_clocks_setting",
    "clocks_event_reasons.sw_power_cap",
    "clocks_throttle_reasons.sw_power_cap",
    "clocks_event_reasons.hw_slowdown",
    "clocks_throttle_reasons.hw_slowdown",
    "clocks_event_reasons.hw_thermal_slowdown",
    "clocks_throttle_reasons.hw_thermal_slowdown",
    "clocks_event_reasons.hw_power_brake_slowdown",
    "clocks_throttle_reasons.hw_power_brake_slowdown",
    "clocks_event_reasons.sw_thermal_slowdown",
    "clocks_throttle_reasons.sw_thermal_slowdown",
    "clocks_event_reasons.sync_boost",
    "clocks_throttle_reasons.sync_boost",
    "clocks_event_reasons_counters.sw_power_cap",
    "clocks_event_reasons_counters.sync_boost",
    "clocks_event_reasons_counters.sw_thermal_slowdown",
    "clocks_event_reasons_counters.hw_thermal_slowdown",
    "clocks_event_reasons_counters.hw_power_brake_slowdown",
    "compute_cap",
    "utilization.encoder",
    "utilization.decoder",
    "utilization.jpeg",
    "utilization.ofa",
    "encoder.stats.sessionCount",
    "encoder.stats.averageFps",
    "encoder.stats.averageLatency",
    "dramEncryption.mode.current",
    "dramEncryption.mode.pending",
    "ecc.errors.corrected.volatile.device_memory",
    "ecc.errors.corrected.volatile.dram",
    "ecc.errors.corrected.volatile.register_file",
    "ecc.errors.corrected.volatile.l1_cache",
    "ecc.errors.corrected.volatile.l2_cache",
    "ecc.errors.corrected.volatile.texture_memory",
    "ecc.errors.corrected.volatile.cbu",
    "ecc.errors.corrected.volatile.sram",
    "ecc.errors.corrected.volatile.total",
    "ecc.errors.corrected.aggregate.device_memory",
    "ecc.errors.corrected.aggregate.dram",
    "ecc.errors.corrected.aggregate.register_file",
    "ecc.errors.corrected.aggregate.l1_cache",
    "ecc.errors.corrected.aggregate.l2_cache",
    "ecc.errors.corrected.aggregate.texture_memory",
    "ecc.errors.corrected.aggregate.cbu",
    "ecc.errors.corrected.aggregate.sram",
    "ecc.errors.corrected.aggregate.total",
    "ecc.errors.uncorrected.volatile.device_memory",
    "ecc.errors.uncorrected.volatile.dram",
    "ecc.errors.uncorrected.volatile.register_file",
    "ecc.errors.uncorrected.volatile.l1_cache",
    "ecc.errors.uncorrected.volatile.l2_cache",
    "ecc.errors.uncorrected.volatile.texture_memory",
    "ecc.errors.uncorrected.volatile.cbu",
    "ecc.errors.uncorrected.volatile.sram",
    "ecc.errors.uncorrected.aggregate.device_memory",
    "ecc.errors.uncorrected.aggregate.dram",
    "ecc.errors.uncorrected.aggregate.register_file",
    "ecc.errors.uncorrected.aggregate.l1_cache",
    "ecc.errors.uncorrected.aggregate.l2_cache",
    "ecc.errors.uncorrected.aggregate.texture_memory",
    "ecc.errors.uncorrected.aggregate.cbu",
    "ecc.errors.uncorrected.aggregate.sram",
    "ecc.errors.uncorrected.aggregate.total",
    "ecc.errors.uncorrected.volatile.sram.parity",
    "ecc.errors.uncorrected.volatile.sram.secded",
    "ecc.errors.uncorrected.aggregate.sram.parity",
    "ecc.errors.uncorrected.aggregate.sram.secded",
    "ecc.errors.uncorrected.aggregate.sram.thresholdExceeded",
    "ecc.errors.uncorrected.aggregate.sram.l2",
    "ecc.errors.uncorrected.aggregate.sram.sm",
    "ecc.errors.uncorrected.aggregate.sram.mcu",
    "ecc.errors.uncorrected.aggregate.sram.pcie",
    "ecc.errors.uncorrected.aggregate.sram.other",
    "retired_pages.single_bit_ecc.count",
    "retired_pages.sbe",
    "retired_pages.double_bit.count",
    "retired_pages.dbe",
    "retired_pages.pending",
    "remapped_rows.correctable",
    "remapped_rows.sbe",
    "remapped_rows.correctable_inactive",
    "remapped_rows.uncorrectable",
    "remapped_rows.dbe",
    "remapped_rows.uncorrectable_inactive",
    "remapped_rows.pending",
    "remapped_rows.failure",
    "remapped_rows.histogram.max",
    "remapped_rows.histogram.high",
    "remapped_rows.histogram.partial",
    "remapped_rows.histogram.low",
    "remapped_rows.histogram.none",
    "temperature.gpu.tlimit",
    "temperature.memory",
    "power.management",
    "power.draw.average",
    "gpu.power.draw.average",
    "power.draw.instant",
    "gpu.power.draw.instant",
    "power.default_limit",
    "gpu.power.default_limit",
    "power.min_limit",
    "gpu.power.min_limit",
    "power.max_limit",
    "gpu.power.max_limit",
    "module.power.draw.average",
    "module.power.draw.instant",
    "module.power.limit",
    "module.power.requested_limit",
    "module.enforced.power.limit",
    "module.power.current_limit",
    "module.power.default_limit",
    "module.power.min_limit",
    "module.power.max_limit",
    "power_smoothing.delayed_power_smoothing_supported",
    "power_smoothing.primary_power_floor",
    "power_smoothing.secondary_power_floor",
    "power_smoothing.min_primary_floor_activation_offset",
    "power_smoothing.min_primary_floor_activation_point",
    "power_smoothing.window_multiplier",
    "power_smoothing.curr_profile.secondary_power_floor",
    "power_smoothing.curr_profile.primary_floor_act_window_multiplier",
    "power_smoothing.curr_profile.primary_floor_tar_window_multiplier",
    "power_smoothing.curr_profile.primary_floor_act_offset",
    "power_smoothing.admin_override.secondary_power_floor",
    "power_smoothing.admin_override.primary_floor_act_window_multiplier",
    "power_smoothing.admin_override.primary_floor_tar_window_multiplier",
    "power_smoothing.admin_override.primary_floor_act_offset",
    "clocks.current.graphics",
    "clocks.gr",
    "clocks.current.sm",
    "clocks.sm",
    "clocks.current.memory",
    "clocks.mem",
    "clocks.current.video",
    "clocks.video",
    "clocks.applications.graphics",
    "clocks.applications.gr",
    "clocks.applications.memory",
    "clocks.applications.mem",
    "clocks.default_applications.graphics",
    "clocks.default_applications.gr",
    "clocks.default_applications.memory",
    "clocks.default_applications.mem",
    "clocks.max.graphics",
    "clocks.max.gr",
    "clocks.max.sm",
    "clocks.max.memory",
    "clocks.max.mem",
    "gsp.mode.current",
    "gsp.mode.default",
    "c2c.mode",
    "protected_memory.total",
    "protected_memory.used",
    "protected_memory.free",
    "fabric.state",
    "fabric.status",
    "fabric.cliqueId",
    "fabric.clusterUuid",
    "fabric.health.summary",
    "fabric.health.bandwidth",
    "fabric.health.route_recovery_in_progress",
    "fabric.health.route_unhealthy",
    "fabric.health.access_timeout_recovery",
    "fabric.health.incorrect_configuration",
    "fabric.health.partition_assigned",
    "platform.chassis_serial_number",
    "platform.slot_number",
    "platform.tray_index",
    "platform.host_id",
    "platform.peer_type",
    "platform.module_id",
    "platform.gpu_fabric_guid",
    "hostname",
};

}  // namespace

std::span<const GpuField> gpu_fields() { return gpu_table; }
std::span<const AppField> app_fields() { return app_table; }
bool is_known_elsewhere(std::string_view name) { return std::ranges::find(elsewhere, name) != elsewhere.end(); }

}  // namespace gpuslice::smi
