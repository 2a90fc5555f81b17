#include <array>
#include <cstdio>

#include "nvml/facets.hpp"
#include "nvml/private_slots.hpp"

namespace gpuslice::nvml {
namespace {

using namespace node;
using abi::nvmlDevice_t;

class IdentityCalls final : public node::Identity {
 public:
  explicit IdentityCalls(Calls& calls) : calls_(calls) {}

  Answer<std::string> driver_version() override {
    std::array<char, abi::NVML_SYSTEM_DRIVER_VERSION_BUFFER_SIZE> text{};
    const int code =
        calls_.library().call("nvmlSystemGetDriverVersion", text.data(), static_cast<unsigned>(text.size()));
    if (code != abi::NVML_SUCCESS) return calls_.refusal(code);
    return Calls::bounded(text);
  }

  Answer<SystemInfo> system() override {
    auto& library = calls_.library();
    SystemInfo info;
    const auto driver = driver_version();
    if (!driver) return std::unexpected(driver.error());
    info.driver_version = *driver;
    std::array<char, abi::NVML_SYSTEM_DRIVER_VERSION_BUFFER_SIZE> text{};
    constexpr auto size = static_cast<unsigned>(text.size());
    if (library.call("nvmlSystemGetNVMLVersion", text.data(), size) == abi::NVML_SUCCESS)
      info.nvml_version = Calls::bounded(text);
    int cuda = 0;
    if (library.call_any({"nvmlSystemGetCudaDriverVersion_v2", "nvmlSystemGetCudaDriverVersion"}, &cuda) ==
        abi::NVML_SUCCESS)
      info.cuda_version = cuda;
    return info;
  }
  Answer<std::uint32_t> gpu_count() override {
    unsigned count = 0;
    const int code = calls_.library().call_any({"nvmlDeviceGetCount_v2", "nvmlDeviceGetCount"}, &count);
    if (code != abi::NVML_SUCCESS) return calls_.refusal(code);
    return count;
  }
  Answer<GpuIndex> gpu_by_uuid(const std::string& uuid) override {
    const auto subject = by_uuid(uuid);
    if (!subject) return std::unexpected(subject.error());
    if (subject->mig_index) return calls_.refusal(abi::NVML_ERROR_NOT_FOUND);
    return subject->gpu;
  }
  Answer<GpuIndex> gpu_by_bus_id(const std::string& bus_id) override {
    nvmlDevice_t device{};
    const int code = calls_.library().call_any({"nvmlDeviceGetHandleByPciBusId_v2", "nvmlDeviceGetHandleByPciBusId"},
                                               bus_id.c_str(), &device);
    if (code != abi::NVML_SUCCESS) return calls_.refusal(code);
    return calls_.index_of(device);
  }
  Answer<Subject> by_uuid(const std::string& uuid) override {
    auto& library = calls_.library();
    nvmlDevice_t device{};
    int code = library.call("nvmlDeviceGetHandleByUUID", uuid.c_str(), &device);
    if (code != abi::NVML_SUCCESS) return calls_.refusal(code);
    // A driver from before MIG lacks this function and has no MIG devices.
    unsigned is_mig = 0;
    static_cast<void>(library.call("nvmlDeviceIsMigDeviceHandle", device, &is_mig));
    Subject subject;
    auto* gpu = device;
    if (is_mig != 0) {
      unsigned mig_index = 0;  // nvmlDeviceGetIndex of a MIG handle is its MIG index
      if (code = library.call("nvmlDeviceGetIndex", device, &mig_index); code != abi::NVML_SUCCESS)
        return calls_.refusal(code);
      if (code = library.call("nvmlDeviceGetDeviceHandleFromMigDeviceHandle", device, &gpu); code != abi::NVML_SUCCESS)
        return calls_.refusal(code);
      subject.mig_index = mig_index;
    }
    const auto index = calls_.index_of(gpu);
    if (!index) return std::unexpected(index.error());
    subject.gpu = *index;
    return subject;
  }
  Answer<std::string> name(Subject subject) override {
    return calls_.text<abi::NVML_DEVICE_NAME_V2_BUFFER_SIZE>(subject, "nvmlDeviceGetName");
  }
  Answer<std::string> uuid(Subject subject) override {
    return calls_.text<abi::NVML_DEVICE_UUID_V2_BUFFER_SIZE>(subject, "nvmlDeviceGetUUID");
  }
  Answer<PciInfo> pci(GpuIndex gpu) override {
    abi::nvmlPciInfo_t pci{};
    if (const auto done = calls_.on(gpu, "nvmlDeviceGetPciInfo_v3", &pci); !done) return std::unexpected(done.error());
    return PciInfo{pci.domain, pci.bus, pci.device, pci.pciDeviceId, pci.pciSubSystemId, Calls::bounded(pci.busId)};
  }
  Answer<void> reachable(GpuIndex gpu) override {
    if (const auto device = calls_.handle({gpu, {}}); !device) return std::unexpected(device.error());
    return {};
  }
  Answer<std::string> address(GpuIndex gpu) override {
    std::array<char, 0x22> text{};
    const int code =
        call_slot(calls_.library(), slot::address_by_index, gpu.value, text.data(), static_cast<unsigned>(text.size()));
    unsigned domain = 0, bus = 0, device = 0;
    const auto written = Calls::bounded(text);
    if (code == abi::NVML_SUCCESS && std::sscanf(written.c_str(), "%x:%x:%x.", &domain, &bus, &device) == 3)
      return written;
    abi::nvmlPciInfo_t pci{};
    if (const auto done = calls_.on(gpu, "nvmlDeviceGetPciInfo_v3", &pci); !done) return std::unexpected(done.error());
    return Calls::bounded(pci.busIdLegacy);
  }
  std::string error_text(int code) override { return calls_.library().words(code); }

 private:
  Calls& calls_;
};

}  // namespace

std::unique_ptr<node::Identity> identity_of(Calls& calls) { return std::make_unique<IdentityCalls>(calls); }

}  // namespace gpuslice::nvml
