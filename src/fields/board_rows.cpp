// The board, its firmware and modes, and its PCI address and link.
#include "fields/chapters.hpp"

namespace gpuslice::fields {
namespace {

constexpr Row chapter[] = {
    // The board
    leaf(1, "Product Name", "product_name", Reading::name).ask(50, "name", "gpu_name", "Product name."),
    leaf(1, "Product Brand", "product_brand", Reading::brand, Show::brand),
    leaf(1, "Product Architecture", "product_architecture", Reading::architecture, Show::architecture),
    leaf(1, "Display Mode", "display_mode", Reading::display_attached, Show::enabled).before(575),
    leaf(1, "Display Mode", "display_mode", Reading::none)
        .by(Rule::deprecated)
        .from(575)
        .ask(300, "display_mode", "", "No longer answered by the driver; see display_attached."),
    leaf(1, "Display Attached", "display_attached", Reading::display_attached, Show::yes)
        .from(575)
        .ask(310, "display_attached", "", "Whether a display is connected: Yes or No."),
    leaf(1, "Display Active", "display_active", Reading::display_active, Show::enabled)
        .ask(320, "display_active", "", "Whether the GPU drives a display: Enabled or Disabled."),
    leaf(1, "Persistence Mode", "persistence_mode", Reading::persistence_mode, Show::enabled)
        .ask(330, "persistence_mode", "", "Whether the driver stays loaded without clients."),
    leaf(1, "Addressing Mode", "addressing_mode", Reading::addressing_mode, Show::addressing)
        .from(530)
        .ask(340, "addressing_mode", "", "How the GPU reaches pageable host memory: HMM, ATS or None."),
    section(1, "vGPU Device Capability", "vgpu_device_capability").only(When::host_vgpu),
    leaf(2, "Fractional Multi-vGPU", "fractional_multiVgpu", Reading::vgpu_fractional_multi, Show::supported)
        .only(When::host_vgpu)
        .ask(160, "vgpu_device_capability.fractional_multiVgpu", "",
             "Whether one virtual machine can have several virtual GPUs that are fractions of this GPU."),
    leaf(2, "Heterogeneous Time-Slice Profiles", "heterogeneous_timeSlice_profile",
         Reading::vgpu_heterogeneous_profiles, Show::supported)
        .only(When::host_vgpu)
        .ask(170, "vgpu_device_capability.heterogeneous_timeSlice_profile", "",
             "Whether time-sliced virtual GPUs of different types can run at the same time."),
    leaf(2, "Heterogeneous Time-Slice Sizes", "heterogeneous_timeSlice_sizes", Reading::vgpu_heterogeneous_sizes,
         Show::supported)
        .only(When::host_vgpu)
        .ask(180, "vgpu_device_capability.heterogeneous_timeSlice_sizes", "",
             "Whether time-sliced virtual GPUs of different memory sizes can run at the same time."),
    leaf(2, "Homogeneous Placements", "homogeneous_placements", Reading::vgpu_homogeneous_placements, Show::supported)
        .only(When::host_vgpu)
        .from(550)
        .ask(190, "vgpu_device_capability.homogeneous_placements", "",
             "Whether placements are reported for time-sliced virtual GPUs of one size."),
    leaf(2, "MIG Time-Slicing", "mig_timeSlicing", Reading::vgpu_mig_timeslicing, Show::supported)
        .only(When::host_vgpu)
        .from(550)
        .ask(200, "vgpu_device_capability.mig_timeSlicing", "",
             "Whether virtual GPUs can share a GPU instance by time-slicing."),
    leaf(2, "MIG Time-Slicing Mode", "mig_timeSlicing_mode", Reading::vgpu_mig_timeslicing_mode, Show::enabled_any)
        .only(When::host_vgpu)
        .from(550)
        .ask(210, "vgpu_device_capability.mig_timeSlicing_mode", "",
             "Whether time-slicing of GPU instances among virtual GPUs is enabled."),
    section(1, "MIG Mode", "mig_mode"),
    leaf(2, "Current", "current_mig", Reading::mig_mode_current, Show::enabled)
        .ask(1880, "mig.mode.current", "", "MIG mode in force."),
    leaf(2, "Pending", "pending_mig", Reading::mig_mode_pending, Show::enabled)
        .ask(1890, "mig.mode.pending", "", "MIG mode after the next reset."),
    list(1, "MIG Device", "mig_devices", List::mig_devices),
    // The board: -d ACCOUNTING
    leaf(1, "Accounting Mode", "accounting_mode", Reading::accounting_mode, Show::enabled)
        .ask(350, "accounting.mode", "", "Whether process accounting is on: Enabled or Disabled.")
        .in(in_accounting),
    leaf(1, "Accounting Mode Buffer Size", "accounting_mode_buffer_size", Reading::accounting_buffer_size, Show::number)
        .ask(360, "accounting.buffer_size", "", "Number of processes that accounting keeps.")
        .in(in_accounting),
    // The board
    section(1, "Driver Model", "driver_model"),
    leaf(2, "Current", "current_dm", Reading::driver_model_current, Show::driver_model)
        .ask(370, "driver_model.current", "", "Driver model in use; on Linux there is none."),
    leaf(2, "Pending", "pending_dm", Reading::driver_model_pending, Show::driver_model)
        .ask(380, "driver_model.pending", "", "Driver model after the next reboot; on Linux there is none."),
    leaf(1, "Serial Number", "serial", Reading::serial).ask(60, "serial", "gpu_serial", "Serial number of the board."),
    leaf(1, "GPU UUID", "uuid", Reading::uuid).ask(70, "uuid", "gpu_uuid", "UUID of the GPU."),
    leaf(1, "GPU PDI", "pdi", Reading::pdi, Show::hex).from(575),
    leaf(1, "Minor Number", "minor_number", Reading::minor_number, Show::number),
    leaf(1, "VBIOS Version", "vbios_version", Reading::vbios_version)
        .ask(390, "vbios_version", "", "Version of the video BIOS."),
    leaf(1, "MultiGPU Board", "multigpu_board", Reading::multi_gpu_board, Show::yes_any),
    leaf(1, "Board ID", "board_id", Reading::board_id, Show::hex),
    leaf(1, "Board Part Number", "board_part_number", Reading::board_part_number).from(520),
    // Older drivers have only this row and show the board's part number in it (-q -x of an A100 under 510.47.03).
    leaf(1, "GPU Part Number", "gpu_part_number", Reading::board_part_number).before(520),
    leaf(1, "GPU Part Number", "gpu_part_number", Reading::gpu_part_number).from(520),
    leaf(1, "FRU Part Number", "gpu_fru_part_number", Reading::fru_part_number).from(520),
    leaf(1, "Module ID", "gpu_module_id", Reading::module_id, Show::number).before(565),
    section(1, "Platform Info", "platformInfo").only(When::architecture_told).from(565),
    leaf(2, "Chassis Serial Number", "chassis_serial_number", Reading::chassis_serial)
        .by(Rule::platform)
        .only(When::architecture_told)
        .from(565)
        .ask(2070, "platform.chassis_serial_number", "", "Serial number of the chassis that holds the GPU."),
    leaf(2, "Slot Number", "slot_number", Reading::slot_number, Show::number)
        .by(Rule::platform)
        .only(When::architecture_told)
        .from(565)
        .ask(2080, "platform.slot_number", "", "Slot number in the chassis, counting switch slots."),
    leaf(2, "Tray Index", "tray_index", Reading::tray_index, Show::number)
        .by(Rule::platform)
        .only(When::architecture_told)
        .from(565)
        .ask(2090, "platform.tray_index", "", "Tray index among the compute slots of the chassis."),
    leaf(2, "Host ID", "host_id", Reading::host_id, Show::number)
        .by(Rule::platform)
        .only(When::architecture_told)
        .from(565)
        .ask(2100, "platform.host_id", "", "Index of the host within the slot."),
    leaf(2, "Peer Type", "peer_type", Reading::peer_type, Show::peer_type)
        .by(Rule::platform)
        .only(When::architecture_told)
        .from(565)
        .ask(2110, "platform.peer_type", "", "NVLink connection type: Direct Connected or Switch Connected."),
    leaf(2, "Module Id", "module_id", Reading::module_id, Show::number)
        .by(Rule::module, Reading::platform_module_id)
        .only(When::architecture_told)
        .from(565)
        .ask(2120, "platform.module_id", "", "Number of the GPU within its host."),
    leaf(2, "GPU Fabric GUID", "gpu_fabric_guid", Reading::gpu_fabric_guid, Show::guid)
        .by(Rule::platform)
        .only(When::architecture_told)
        .from(565)
        .ask(2130, "platform.gpu_fabric_guid", "", "GUID of the GPU in the fabric."),
    section(1, "Inforom Version", "inforom_version"),
    leaf(2, "Image Version", "img_version", Reading::inforom_image)
        .ask(400, "inforom.img", "inforom.image", "Version of the infoROM image."),
    leaf(2, "OEM Object", "oem_object", Reading::inforom_oem)
        .ask(410, "inforom.oem", "", "Version of the infoROM's configuration (OEM) object."),
    leaf(2, "ECC Object", "ecc_object", Reading::inforom_ecc)
        .ask(420, "inforom.ecc", "", "Version of the infoROM's ECC object."),
    leaf(2, "Power Management Object", "pwr_object", Reading::inforom_power)
        .ask(430, "inforom.pwr", "inforom.power", "Version of the infoROM's power object."),
    section(1, "Inforom BBX Object Flush", "inforom_bbx_flush").from(530),
    leaf(2, "Latest Timestamp", "latest_timestamp", Reading::bbx_flush_time, Show::moment)
        .by(Rule::when_ready)
        .from(530),
    leaf(2, "Latest Duration", "latest_duration", Reading::bbx_flush_duration, Show::number)
        .by(Rule::when_ready)
        .from(530)
        .unit("us"),
    section(1, "GPU Operation Mode", "gpu_operation_mode"),
    leaf(2, "Current", "current_gom", Reading::operation_mode_current, Show::operation_mode)
        .ask(460, "gom.current", "gpu_operation_mode.current", "Operation mode in force."),
    leaf(2, "Pending", "pending_gom", Reading::operation_mode_pending, Show::operation_mode)
        .ask(470, "gom.pending", "gpu_operation_mode.pending", "Operation mode after the next reboot."),
    // The board: -d GSP_FIRMWARE_VERSION
    leaf(1, "GSP Firmware Version", "gsp_firmware_version", Reading::gsp_firmware_version)
        .before(550)
        .in(in_gsp_firmware_version),
    // The board
    leaf(1, "GPU C2C Mode", "c2c_mode", Reading::c2c_mode, Show::enabled_any)
        .from(540)
        .ask(1920, "c2c.mode", "", "Whether the chip-to-chip (C2C) link is in use."),
    section(1, "GPU Virtualization Mode", "gpu_virtualization_mode"),
    leaf(2, "Virtualization Mode", "virtualization_mode", Reading::virtualization_mode, Show::virtualization),
    leaf(2, "Host VGPU Mode", "host_vgpu_mode", Reading::host_vgpu_mode, Show::host_vgpu),
    leaf(2, "vGPU Heterogeneous Mode", "vgpu_heterogeneous_mode", Reading::vgpu_heterogeneous_mode, Show::enabled_any)
        .from(550),
    section(1, "GPU Reset Status", "gpu_reset_status").from(520).before(575),
    leaf(2, "Reset Required", "reset_required", Reading::reset_required, Show::yes_any).from(520).before(565),
    leaf(2, "Drain and Reset Recommended", "drain_and_reset_recommended", Reading::drain_and_reset_recommended,
         Show::yes_any)
        .from(520)
        .before(565),
    leaf(2, "Reset Required", "reset_required", Reading::none).by(Rule::deprecated).from(565).before(575),
    leaf(2, "Drain and Reset Recommended", "drain_and_reset_recommended", Reading::none)
        .by(Rule::deprecated)
        .from(565)
        .before(575),
    list(1, "vGPU Software Licensed Product", "vgpu_software_licensed_product", List::licensed_products),
    leaf(1, "GPU Recovery Action", "gpu_recovery_action", Reading::recovery_action, Show::recovery)
        .from(565)
        .ask(450, "gpu_recovery_action", "", "Action that the driver recommends for a GPU in a bad state."),
    // The board: -d GSP_FIRMWARE_VERSION
    leaf(1, "GSP Firmware Version", "gsp_firmware_version", Reading::gsp_firmware_version)
        .from(550)
        .in(in_gsp_firmware_version),
    // The board
    section(1, "IBMNPU", "ibmnpu"),
    leaf(2, "Relaxed Ordering Mode", "relaxed_ordering_mode", Reading::none).by(Rule::absent),
    // PCI
    section(1, "PCI", "pci"),
    leaf(2, "Bus", "pci_bus", Reading::pci_bus, Show::hex2).ask(100, "pci.bus", "", "PCI bus."),
    leaf(2, "Device", "pci_device", Reading::pci_device, Show::hex2)
        .ask(110, "pci.device", "", "PCI device on its bus."),
    leaf(2, "Domain", "pci_domain", Reading::pci_domain, Show::hex4).ask(90, "pci.domain", "", "PCI domain."),
    leaf(2, "Base Classcode", "pci_base_class", Reading::pci_base_class, Show::hex1)
        .from(550)
        .ask(120, "pci.baseClass", "", "PCI class."),
    leaf(2, "Sub Classcode", "pci_sub_class", Reading::pci_sub_class, Show::hex1)
        .from(550)
        .ask(130, "pci.subClass", "", "PCI subclass."),
    leaf(2, "Device Id", "pci_device_id", Reading::pci_device_id, Show::hex8)
        .ask(140, "pci.device_id", "", "PCI device and vendor id."),
    leaf(2, "Bus Id", "pci_bus_id", Reading::pci_bus_id)
        .ask(80, "pci.bus_id", "gpu_bus_id", "PCI address, domain:bus:device.function in hexadecimal."),
    leaf(2, "Sub System Id", "pci_sub_system_id", Reading::pci_subsystem_id, Show::hex8)
        .ask(150, "pci.sub_device_id", "", "PCI subsystem id.")
        .asked_as(Show::hex4),
    section(2, "GPU Link Info", "pci_gpu_link_info"),
    section(3, "PCIe Generation", "pcie_gen"),
    leaf(4, "Max", "max_link_gen", Reading::pcie_generation_max, Show::number)
        .ask(240, "pcie.link.gen.max", "", "Highest PCIe generation that both the GPU and the host support."),
    leaf(4, "Current", "current_link_gen", Reading::pcie_generation_current, Show::number)
        .ask(220, "pcie.link.gen.current", "",
             "Current PCIe generation; an idle link may be slower. The older name of pcie.link.gen.gpucurrent."),
    leaf(4, "Device Current", "device_current_link_gen", Reading::pcie_generation_current, Show::number)
        .from(520)
        .ask(230, "pcie.link.gen.gpucurrent", "", "Current PCIe generation; an idle link may be slower."),
    leaf(4, "Device Max", "max_device_link_gen", Reading::pcie_generation_device_max, Show::number)
        .from(520)
        .ask(250, "pcie.link.gen.gpumax", "", "Highest PCIe generation of the GPU."),
    leaf(4, "Host Max", "max_host_link_gen", Reading::pcie_generation_host_max, Show::number)
        .from(520)
        .ask(260, "pcie.link.gen.hostmax", "", "Highest PCIe generation of the port that the GPU is attached to."),
    section(3, "Link Width", "link_widths"),
    leaf(4, "Max", "max_link_width", Reading::pcie_width_max, Show::lanes)
        .ask(280, "pcie.link.width.max", "", "Highest number of PCIe lanes that both the GPU and the host support.")
        .asked_as(Show::number),
    leaf(4, "Current", "current_link_width", Reading::pcie_width_current, Show::lanes)
        .ask(270, "pcie.link.width.current", "", "PCIe lanes in use.")
        .asked_as(Show::number),
    section(2, "Bridge Chip", "pci_bridge_chip"),
    leaf(3, "Type", "bridge_chip_type", Reading::bridge_chip_type, Show::bridge_type),
    leaf(3, "Firmware", "bridge_chip_fw", Reading::bridge_chip_firmware, Show::firmware),
    leaf(2, "Replays Since Reset", "replay_counter", Reading::pcie_replays, Show::number),
    leaf(2, "Replay Number Rollovers", "replay_rollover_counter", Reading::pcie_replay_rollovers, Show::number),
    leaf(2, "Tx Throughput", "tx_util", Reading::pcie_tx, Show::number).unit("KB/s"),
    leaf(2, "Rx Throughput", "rx_util", Reading::pcie_rx, Show::number).unit("KB/s"),
    leaf(2, "Atomic Caps Inbound", "atomic_caps_inbound", Reading::atomics_inbound, Show::atomics)
        .by(Rule::quiet)
        .from(530)
        .before(550),
    leaf(2, "Atomic Caps Outbound", "atomic_caps_outbound", Reading::atomics_outbound, Show::atomics)
        .by(Rule::quiet)
        .from(530),
    leaf(2, "Atomic Caps Inbound", "atomic_caps_inbound", Reading::atomics_inbound, Show::atomics)
        .by(Rule::quiet)
        .from(550),
};

}  // namespace

std::span<const Row> board_rows() { return chapter; }

}  // namespace gpuslice::fields
