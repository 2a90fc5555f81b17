// Structure calls, and private slots, for readings of the board, its firmware and modes, and its location.
#include <array>

#include "abi/nvml_sensors.hpp"
#include "nvml/private_slots.hpp"
#include "nvml/reader.hpp"
#include "nvml/sources.hpp"

namespace gpuslice::nvml {
namespace {

using enum fields::Reading;
using fields::Reading;
using node::Answer;

void capability(Reader& reader) {
  int major = 0, minor = 0;
  const auto done = reader.call("nvmlDeviceGetCudaComputeCapability", &major, &minor);
  if (!done) return reader.refuse(compute_capability, done.error());
  reader.put(compute_capability, std::to_string(major) + '.' + std::to_string(minor));
}

void per_device_id(Reader& reader) {
  abi::nvmlPdi_v1_t id{};
  id.version = abi::nvmlPdi_v1;
  const auto done = reader.call("nvmlDeviceGetPdi", &id);
  if (!done) return reader.refuse(pdi, done.error());
  reader.put(pdi, id.value);
}

template <Reading Which, unsigned Object>
void inforom(Reader& reader) {
  std::array<char, 16> text{};
  const auto done = reader.call("nvmlDeviceGetInforomVersion", Object, text.data(), static_cast<unsigned>(text.size()));
  if (!done) return reader.refuse(Which, done.error());
  reader.put(Which, Calls::bounded(text));
}

void inforom_check(Reader& reader) {
  const auto done = reader.call("nvmlDeviceValidateInforom");
  if (!done && done.error().code != abi::NVML_ERROR_CORRUPTED_INFOROM)
    return reader.refuse(inforom_valid, done.error());
  reader.put(inforom_valid, done ? 1 : 0);
}

constexpr Reading bbx[] = {bbx_flush_time, bbx_flush_duration};
void bbx_flush(Reader& reader) {
  unsigned long long time = 0;
  unsigned long duration = 0;
  const auto done = reader.call("nvmlDeviceGetLastBBXFlushTime", &time, &duration);
  if (!done) return reader.refuse(bbx, done.error());
  reader.put(bbx_flush_time, time);
  reader.put(bbx_flush_duration, duration);
}

// nvmlDeviceGetGspFirmwareVersion has no length argument: its buffer is 64 bytes.
void gsp_firmware(Reader& reader) {
  std::array<char, 80> text{};
  const auto done = reader.call("nvmlDeviceGetGspFirmwareVersion", text.data());
  if (!done) return reader.refuse(gsp_firmware_version, done.error());
  reader.put(gsp_firmware_version, Calls::bounded(text));
}

void host_name(Reader& reader) {
  abi::nvmlHostname_v1_t text{};
  const auto done = reader.call("nvmlDeviceGetHostname_v1", &text);
  if (!done) return reader.refuse(hostname, done.error());
  reader.put(hostname, Calls::bounded(text.value));
}

constexpr Reading platform_readings[] = {chassis_serial, slot_number,        tray_index,     host_id,
                                         peer_type,      platform_module_id, gpu_fabric_guid};
void platform(Reader& reader) {
  abi::nvmlPlatformInfo_v2_t info{};
  info.version = abi::nvmlPlatformInfo_v2;
  const auto done = reader.call("nvmlDeviceGetPlatformInfo", &info);
  if (!done) return reader.refuse(platform_readings, done.error());
  std::uint64_t guid = 0;
  std::memcpy(&guid, info.ibGuid, sizeof guid);
  const auto* serial_text = reinterpret_cast<const char*>(info.chassisSerialNumber);
  reader.put(chassis_serial, std::string(serial_text, ::strnlen(serial_text, sizeof info.chassisSerialNumber)));
  // The value if the board has no such location; nvidia-smi 580 prints N/A for it.
  constexpr std::uint8_t nowhere = 0xFF;
  for (const auto& [reading, place] :
       {std::pair{slot_number, info.slotNumber}, std::pair{tray_index, info.trayIndex}}) {
    if (place == nowhere)
      reader.not_supported(reading);
    else
      reader.put(reading, place);
  }
  reader.put(host_id, info.hostId);
  reader.put(peer_type, info.peerType);
  reader.put(platform_module_id, info.moduleId);
  reader.put(gpu_fabric_guid, guid);
}

void addressing(Reader& reader) {
  abi::nvmlDeviceAddressingMode_v1_t mode{};
  mode.version = abi::nvmlDeviceAddressingMode_v1;
  const auto done = reader.call("nvmlDeviceGetAddressingMode", &mode);
  if (!done) return reader.refuse(addressing_mode, done.error());
  reader.put(addressing_mode, mode.value);
}

void chip_to_chip(Reader& reader) {
  abi::nvmlC2cModeInfo_v1_t mode{};
  const auto done = reader.call("nvmlDeviceGetC2cModeInfoV", &mode);
  if (!done) return reader.refuse(c2c_mode, done.error());
  reader.put(c2c_mode, mode.isC2cEnabled);
}

void heterogeneous(Reader& reader) {
  abi::nvmlVgpuHeterogeneousMode_v1_t mode{};
  mode.version = abi::nvmlVgpuHeterogeneousMode_v1;
  const auto done = reader.call("nvmlDeviceGetVgpuHeterogeneousMode", &mode);
  if (!done) return reader.refuse(vgpu_heterogeneous_mode, done.error());
  reader.put(vgpu_heterogeneous_mode, mode.mode);
}

void vgpu_driver(Reader& reader) {
  unsigned value = 0;
  constexpr unsigned heterogeneous_multi_vgpu = 0;
  const int code = reader.calls().library().call("nvmlGetVgpuDriverCapabilities", heterogeneous_multi_vgpu, &value);
  if (code != abi::NVML_SUCCESS) {
    return reader.refuse(vgpu_heterogeneous_multi, reader.calls().refusal(code).error());
  }
  reader.put(vgpu_heterogeneous_multi, value);
}

void device_capabilities(Reader& reader) {
  abi::nvmlDeviceCapabilities_v1_t capabilities{};
  capabilities.version = abi::nvmlDeviceCapabilities_v1;
  const auto done = reader.call("nvmlDeviceGetCapabilities", &capabilities);
  if (!done) return reader.refuse(egm_capability, done.error());
  reader.put(egm_capability, capabilities.capMask);
}

constexpr Reading pci_readings[] = {pci_domain,    pci_bus,       pci_device,       pci_base_class,
                                    pci_sub_class, pci_device_id, pci_subsystem_id, pci_bus_id};
void pci(Reader& reader) {
  abi::nvmlPciInfoExt_v1_t info{};
  info.version = abi::nvmlPciInfoExt_v1;
  const auto done = reader.call("nvmlDeviceGetPciInfoExt", &info);
  if (done) {
    reader.put(pci_domain, info.domain);
    reader.put(pci_bus, info.bus);
    reader.put(pci_device, info.device);
    reader.put(pci_base_class, info.baseClass);
    reader.put(pci_sub_class, info.subClass);
    reader.put(pci_device_id, info.pciDeviceId);
    reader.put(pci_subsystem_id, info.pciSubSystemId);
    return reader.put(pci_bus_id, Calls::bounded(info.busId));
  }
  reader.refuse(pci_readings, done.error());
  if (done.error().code != abi::NVML_ERROR_FUNCTION_NOT_FOUND) return;
  // A driver before R535 does not report the class.
  abi::nvmlPciInfo_t older{};
  if (!reader.call("nvmlDeviceGetPciInfo_v3", &older)) return;
  reader.put(pci_domain, older.domain);
  reader.put(pci_bus, older.bus);
  reader.put(pci_device, older.device);
  reader.put(pci_device_id, older.pciDeviceId);
  reader.put(pci_subsystem_id, older.pciSubSystemId);
  reader.put(pci_bus_id, Calls::bounded(older.busId));
}

constexpr Reading bridge[] = {bridge_chip_type, bridge_chip_firmware};
void bridge_chips(Reader& reader) {
  abi::nvmlBridgeChipHierarchy_t chips{};
  const auto done = reader.call("nvmlDeviceGetBridgeChipInfo", &chips);
  if (!done) return reader.refuse(bridge, done.error());
  if (chips.bridgeCount == 0) {
    return reader.refuse(bridge, reader.calls().refusal(abi::NVML_ERROR_NOT_SUPPORTED).error());
  }
  reader.put(bridge_chip_type, chips.bridgeChipInfo[0].type);
  if (chips.bridgeChipInfo[0].fwVersion == 0) {  // nvidia-smi 580 prints N/A for 0
    return reader.not_supported(bridge_chip_firmware);
  }
  reader.put(bridge_chip_firmware, chips.bridgeChipInfo[0].fwVersion);
}

template <Reading Which, std::size_t Slot>
void slot_number_of(Reader& reader) {
  const auto device = reader.calls().handle(reader.subject());
  if (!device) return reader.refuse(Which, device.error());
  unsigned value = 0;
  const int code = call_slot(reader.calls().library(), Slot, *device, &value);
  if (code != abi::NVML_SUCCESS) return reader.refuse(Which, reader.calls().refusal(code).error());
  reader.put(Which, value);
}
template <Reading Which, std::size_t Slot, unsigned Size>
void slot_text(Reader& reader) {
  const auto device = reader.calls().handle(reader.subject());
  if (!device) return reader.refuse(Which, device.error());
  std::array<char, Size> text{};
  const int code = call_slot(reader.calls().library(), Slot, *device, text.data(), Size);
  if (code != abi::NVML_SUCCESS) return reader.refuse(Which, reader.calls().refusal(code).error());
  auto words = Calls::bounded(text);
  if (words.empty()) {  // nvidia-smi 580 prints N/A for an empty text
    return reader.not_supported(Which);
  }
  reader.put(Which, std::move(words));
}

template <Reading Which>
constexpr Reading one[] = {Which};

constexpr StructureCall calls[] = {
    {one<compute_capability>, capability},
    {one<pdi>, per_device_id},
    {one<inforom_oem>, inforom<inforom_oem, 0>},
    {one<inforom_ecc>, inforom<inforom_ecc, 1>},
    {one<inforom_power>, inforom<inforom_power, 2>},
    {one<inforom_valid>, inforom_check},
    {bbx, bbx_flush},
    {one<gsp_firmware_version>, gsp_firmware},
    {one<hostname>, host_name},
    {platform_readings, platform},
    {one<addressing_mode>, addressing},
    {one<c2c_mode>, chip_to_chip},
    {one<vgpu_heterogeneous_mode>, heterogeneous},
    {one<vgpu_heterogeneous_multi>, vgpu_driver},
    {one<egm_capability>, device_capabilities},
    {pci_readings, pci},
    {bridge, bridge_chips},
    {one<pcie_generation_host_max>, slot_number_of<pcie_generation_host_max, slot::host_pcie_generation>},
    {one<gpu_part_number>, slot_text<gpu_part_number, slot::gpu_part_number, 80>},
    {one<fru_part_number>, slot_text<fru_part_number, slot::fru_part_number, 20>},
    {one<deferred_clock_memory>, slot_number_of<deferred_clock_memory, slot::deferred_memory_clock>},
    {one<sparse_operation_mode>, slot_number_of<sparse_operation_mode, slot::sparse_operation_mode>},
};

}  // namespace

std::span<const StructureCall> board_calls() { return calls; }

}  // namespace gpuslice::nvml
