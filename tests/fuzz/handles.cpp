// Calls that return a handle of a GPU, a MIG device or an instance.
#include "player.hpp"

namespace fuzz {

void Player::find_something() {
  const auto name = device_name();
  const char* words = absent() ? nullptr : name.c_str();
  const auto index = in_.number();
  switch (in_.below(10)) {
    case 0:
      return find("nvmlDeviceGetHandleByIndex", devices_,
                  [&](nvmlDevice_t* d) { return nvmlDeviceGetHandleByIndex(index, d); });
    case 1:
      return find("nvmlDeviceGetHandleByIndex_v2", devices_,
                  [&](nvmlDevice_t* d) { return nvmlDeviceGetHandleByIndex_v2(index, d); });
    case 2:
      return find("nvmlDeviceGetHandleByUUID", devices_,
                  [&](nvmlDevice_t* d) { return nvmlDeviceGetHandleByUUID(words, d); });
    case 3:
      return find("nvmlDeviceGetHandleByPciBusId", devices_,
                  [&](nvmlDevice_t* d) { return nvmlDeviceGetHandleByPciBusId(words, d); });
    case 4:
      return find("nvmlDeviceGetHandleByPciBusId_v2", devices_,
                  [&](nvmlDevice_t* d) { return nvmlDeviceGetHandleByPciBusId_v2(words, d); });
    case 5:
      return find("nvmlDeviceGetHandleBySerial", devices_, [&](nvmlDevice_t* d) {
        const auto code = nvmlDeviceGetHandleBySerial(words, d);
        if (code == NVML_SUCCESS && name.empty())
          die("nvmlDeviceGetHandleBySerial", "an empty serial number finds a GPU");
        return code;
      });
    case 6: {
      Room<nvmlUUID_v1_t> uuid("nvmlDeviceGetHandleByUUIDV", absent());
      uuid->version = version(nvmlUUID_v1);
      uuid->type = in_.below(4);
      if (uuid->type == 2) {
        const auto& wanted = node().driver().config(in_.below(gpu_count)).uuid;
        std::copy(wanted.bytes.begin(), wanted.bytes.end(), uuid->value.bytes);
        uuid->value.bytes[15] ^= static_cast<std::uint8_t>(in_.below(2));
      } else {
        std::memcpy(uuid->value.str, name.data(),
                    std::min(name.size(), sizeof uuid->value.str));  // possibly without a terminating zero
        if (name.size() < sizeof uuid->value.str) uuid->value.str[name.size()] = '\0';
      }
      return find("nvmlDeviceGetHandleByUUIDV", devices_,
                  [&](nvmlDevice_t* d) { return nvmlDeviceGetHandleByUUIDV(uuid.get(), d); },
                  {NVML_ERROR_ARGUMENT_VERSION_MISMATCH});
    }
    case 7: {
      const auto parent = device();
      return find("nvmlDeviceGetMigDeviceHandleByIndex", devices_,
                  [&](nvmlDevice_t* d) { return nvmlDeviceGetMigDeviceHandleByIndex(parent, index % 16, d); });
    }
    case 8: {
      const auto child = device();
      return find("nvmlDeviceGetDeviceHandleFromMigDeviceHandle", devices_,
                  [&](nvmlDevice_t* d) { return nvmlDeviceGetDeviceHandleFromMigDeviceHandle(child, d); });
    }
    default: {
      if (in_.below(2) == 0) {
        const auto owner = device();
        return find("nvmlDeviceGetGpuInstanceById", gis_,
                    [&](nvmlGpuInstance_t* g) { return nvmlDeviceGetGpuInstanceById(owner, index, g); });
      }
      const auto owner = gi();
      return find("nvmlGpuInstanceGetComputeInstanceById", cis_,
                  [&](nvmlComputeInstance_t* c) { return nvmlGpuInstanceGetComputeInstanceById(owner, index, c); });
    }
  }
}

}  // namespace fuzz
