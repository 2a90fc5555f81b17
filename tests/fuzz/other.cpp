// Calls about processes and events, init and shutdown of the library, a reboot, and changes of permissions.
#include "player.hpp"

namespace fuzz {

#define PROCESSES(name, type) \
  processes<type>(#name, [](nvmlDevice_t d, unsigned* n, type* into) { return name(d, n, into); })

void Player::other() {
  switch (in_.below(20)) {
    case 0:
      return PROCESSES(nvmlDeviceGetComputeRunningProcesses, nvmlProcessInfo_v1_t);
    case 1:
      return PROCESSES(nvmlDeviceGetComputeRunningProcesses_v2, nvmlProcessInfo_v2_t);
    case 2:
      return PROCESSES(nvmlDeviceGetComputeRunningProcesses_v3, nvmlProcessInfo_v2_t);
    case 3:
      return PROCESSES(nvmlDeviceGetGraphicsRunningProcesses, nvmlProcessInfo_v1_t);
    case 4:
      return PROCESSES(nvmlDeviceGetGraphicsRunningProcesses_v2, nvmlProcessInfo_v2_t);
    case 5:
      return PROCESSES(nvmlDeviceGetGraphicsRunningProcesses_v3, nvmlProcessInfo_v2_t);
    case 6:
      return PROCESSES(nvmlDeviceGetMPSComputeRunningProcesses, nvmlProcessInfo_v1_t);
    case 7:
      return PROCESSES(nvmlDeviceGetMPSComputeRunningProcesses_v2, nvmlProcessInfo_v2_t);
    case 8:
      return PROCESSES(nvmlDeviceGetMPSComputeRunningProcesses_v3, nvmlProcessInfo_v2_t);
    case 9: {
      const char* call = "nvmlDeviceGetRunningProcessDetailList";
      const unsigned room = in_.below(5);
      Room<nvmlProcessDetail_v1_t> into(call, absent(), room);
      Room<nvmlProcessDetailList_v1_t> details(call, absent());
      details->version = version(nvmlProcessDetailList_v1);
      details->mode = in_.number();
      details->numProcArrayEntries = room;
      details->procArray = into.get();
      const auto code = answered(call, nvmlDeviceGetRunningProcessDetailList(device(), details.get()),
                                 {NVML_ERROR_INSUFFICIENT_SIZE, NVML_ERROR_ARGUMENT_VERSION_MISMATCH});
      into.untouched(code == NVML_SUCCESS ? details->numProcArrayEntries : 0);
      return;
    }
    case 10: {
      Room<nvmlEventSet_t> made("nvmlEventSetCreate", absent());
      if (answered("nvmlEventSetCreate", nvmlEventSetCreate(made.get())) == NVML_SUCCESS) sets_.push_back(*made);
      return;
    }
    case 11: {
      const auto set = pick(sets_);
      if (answered("nvmlEventSetFree", nvmlEventSetFree(set)) == NVML_SUCCESS) {
        freed_.push_back(set);
        registered_.erase(set);
        sets_.erase(std::find(sets_.begin(), sets_.end(), set));
      }
      return;
    }
    case 12: {
      const bool none = absent();
      Room<nvmlEventData_v1_t> older("nvmlEventSetWait", none);
      Room<nvmlEventData_t> data("nvmlEventSetWait_v2", none);
      auto* const set = in_.below(2) == 0 ? pick(sets_) : pick(freed_);
      const bool first = in_.below(2) == 0;
      const auto code =
          answered("nvmlEventSetWait_v2",
                   first ? nvmlEventSetWait(set, older.get(), 0) : nvmlEventSetWait_v2(set, data.get(), 0),
                   {NVML_ERROR_TIMEOUT});
      if (code == NVML_SUCCESS && first) *data = {older->device, older->eventType, older->eventData, 0, 0};
      if (code == NVML_SUCCESS) is_event(set, *data);
      return;
    }
    case 13: {
      const auto set = pick(sets_);
      auto types = in_.bytes(8);
      if (types >> 63 == 0) types &= nvmlEventTypeAll;
      if (answered("nvmlDeviceRegisterEvents", nvmlDeviceRegisterEvents(device(), types, set)) == NVML_SUCCESS)
        registered_[set] |= types;
      return;
    }
    case 14:
      return export_table();
    case 15: {
      const auto code = in_.below(2) == 0 ? nvmlInit_v2() : nvmlInitWithFlags(in_.number());
      if (code != NVML_SUCCESS) die("nvmlInit_v2", "fails", code);
      ++up_;
      return;
    }
    case 16: {
      const auto code = nvmlShutdown();
      if (code != (up_ ? NVML_SUCCESS : NVML_ERROR_UNINITIALIZED)) die("nvmlShutdown", "returns", code);
      if (up_ != 0) --up_;
      return;
    }
    case 17:
      // Handles from before the reboot stay invalid, and no handle is valid until the library is initialised again.
      if (node().driver().reboot()) rebooted_ = true;
      return;
    case 18:
      return node().may_configure(in_.below(2) == 0);
    default:
      return node().may_monitor(in_.below(2) == 0);
  }
}

// The only events that can occur here are MIG changes.
void Player::is_event(nvmlEventSet_t set, const nvmlEventData_t& data) const {
  const auto known = registered_.find(set);
  if (known == registered_.end() || (known->second & data.eventType) == 0)
    die("nvmlEventSetWait_v2", "an event that was not registered", data.eventType);
  if (data.eventType != nvmlEventMigConfigChange || data.eventData != 0)
    die("nvmlEventSetWait_v2", "an event that did not happen", data.eventType);
  unsigned index{};
  if (nvmlDeviceGetIndex(data.device, &index) != NVML_SUCCESS) die("nvmlEventSetWait_v2", "an event of no GPU");
}

}  // namespace fuzz
