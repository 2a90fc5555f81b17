// Exported: utilization of the units of a GPU, now and recently, in total and by process; encoder and frame capture
// sessions.
#include <algorithm>
#include <vector>

#include "abi/nvml_clocks.hpp"
#include "abi/nvml_media.hpp"
#include "abi/nvml_processes.hpp"
#include "sim/samples.hpp"
#include "simnvml/call.hpp"

using namespace gpuslice;
using namespace gpuslice::abi;
using simnvml::Device;
using simnvml::give;
using simnvml::with_gpu;

namespace {

using Unit = std::uint32_t sim::Load::*;

constexpr unsigned sampling_us = 100000;  // recorded for encoder, decoder, JPEG and OFA (surface_test.cpp)

// The utilisation of a single unit of the whole GPU is not available while MIG is on.
nvmlReturn_t unit(const char* function, nvmlDevice_t handle, unsigned* percent, unsigned* period, Unit which,
                  catalog::Sensors::Flag catalog::Sensors::* answers) {
  return with_gpu({function, handle}, [&](sim::Driver& driver, const Device& d) {
    if (percent == nullptr || period == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (d.state.mig.mode || !(driver.board(d.gpu).sensors.*answers).value.value_or(false))
      return NVML_ERROR_NOT_SUPPORTED;
    *percent = driver.readings(d.gpu, d.state).load.*which;
    *period = sampling_us;
    return NVML_SUCCESS;
  });
}

bool has_media(const sim::Driver& driver, const Device& d) {
  return driver.board(d.gpu).sensors.idle_encoder_decoder.value.value_or(false);
}

// Clients of a simulated GPU have no encoder sessions and do not capture frames.
nvmlReturn_t no_sessions(const char* function, nvmlDevice_t handle, unsigned* count) {
  return with_gpu({function, handle}, [&](sim::Driver& driver, const Device& d) {
    if (count == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (!has_media(driver, d)) return NVML_ERROR_NOT_SUPPORTED;
    *count = 0;
    return NVML_SUCCESS;
  });
}

// The clients that have a load on some unit, by pid.
std::vector<sim::Client> busy_clients(const sim::Driver& driver, const Device& d, std::uint64_t after_us) {
  auto found = driver.clients(d.gpu);
  std::erase_if(found, [&](const auto& client) { return client.load.idle(); });
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.pid < b.pid; });
  if (sim::last_sample(sim::utilization_series, driver.now_us()) <= after_us) found.clear();
  return found;
}

}  // namespace

NVML_EXPORT nvmlDeviceGetUtilizationRates(nvmlDevice_t handle, nvmlUtilization_t* utilization) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (utilization == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    // The utilisation of the whole GPU is not available while MIG is on.
    if (d.state.mig.mode) return NVML_ERROR_NOT_SUPPORTED;
    const auto load = driver.readings(d.gpu, d.state).load;
    *utilization = {load.sm, load.memory};
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlDeviceGetEncoderUtilization(nvmlDevice_t handle, unsigned* percent, unsigned* period) {
  return unit(__func__, handle, percent, period, &sim::Load::encoder, &catalog::Sensors::idle_encoder_decoder);
}
NVML_EXPORT nvmlDeviceGetDecoderUtilization(nvmlDevice_t handle, unsigned* percent, unsigned* period) {
  return unit(__func__, handle, percent, period, &sim::Load::decoder, &catalog::Sensors::idle_encoder_decoder);
}
NVML_EXPORT nvmlDeviceGetJpgUtilization(nvmlDevice_t handle, unsigned* percent, unsigned* period) {
  return unit(__func__, handle, percent, period, &sim::Load::jpeg, &catalog::Sensors::jpeg_ofa);
}
NVML_EXPORT nvmlDeviceGetOfaUtilization(nvmlDevice_t handle, unsigned* percent, unsigned* period) {
  return unit(__func__, handle, percent, period, &sim::Load::ofa, &catalog::Sensors::jpeg_ofa);
}
NVML_EXPORT nvmlDeviceGetDynamicPstatesInfo(nvmlDevice_t handle, nvmlGpuDynamicPstatesInfo_t* info) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (info == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (d.state.mig.mode) return NVML_ERROR_NOT_SUPPORTED;
    const auto load = driver.readings(d.gpu, d.state).load;
    *info = {};
    // GPU, frame buffer, video, bus (as recorded in surface_test.cpp, only these four exist).
    const unsigned percents[] = {load.sm, load.memory, std::max(load.encoder, load.decoder), 0};
    for (std::size_t i = 0; i < std::size(percents); ++i) {
      info->utilization[i].bIsPresent = 1;
      info->utilization[i].percentage = percents[i];
    }
    return NVML_SUCCESS;
  });
}

NVML_EXPORT nvmlDeviceGetEncoderCapacity(nvmlDevice_t handle, unsigned codec, unsigned* capacity) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    enum Codec : unsigned { h264, hevc };
    if (capacity == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (!has_media(driver, d) || codec > hevc) return NVML_ERROR_NOT_SUPPORTED;
    *capacity = 100 - std::min(100U, driver.readings(d.gpu, d.state).load.encoder);
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlDeviceGetEncoderStats(nvmlDevice_t handle, unsigned* sessions, unsigned* fps, unsigned* latency) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (sessions == nullptr || fps == nullptr || latency == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (!has_media(driver, d)) return NVML_ERROR_NOT_SUPPORTED;
    *sessions = *fps = *latency = 0;
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlDeviceGetEncoderSessions(nvmlDevice_t handle, unsigned* count, nvmlEncoderSession_t*) {
  return no_sessions(__func__, handle, count);
}
NVML_EXPORT nvmlDeviceGetFBCStats(nvmlDevice_t handle, nvmlFBCStats_t* stats) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (stats == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (!has_media(driver, d)) return NVML_ERROR_NOT_SUPPORTED;
    *stats = {};
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlDeviceGetFBCSessions(nvmlDevice_t handle, unsigned* count, nvmlFBCSession_t*) {
  return no_sessions(__func__, handle, count);
}

NVML_EXPORT nvmlDeviceGetSamples(nvmlDevice_t handle, unsigned type, unsigned long long after, unsigned* value_type,
                                 unsigned* count, nvmlSample_t* samples) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    enum Series : unsigned { power, gpu, memory, encoder, decoder, gpu_clock, memory_clock, module_power, jpeg, ofa };
    constexpr unsigned unsigned_int = 1;
    if (value_type == nullptr || count == nullptr || type > ofa || type == module_power)
      return NVML_ERROR_INVALID_ARGUMENT;  // recorded for the module's power (surface_test.cpp)
    if (type == gpu_clock || type == memory_clock) return NVML_ERROR_NOT_FOUND;  // as above
    if (type != power && d.state.mig.mode) return NVML_ERROR_NOT_SUPPORTED;
    if (type == power && driver.config(d.gpu).power_mw.known == 0) return NVML_ERROR_NOT_SUPPORTED;
    if ((type == encoder || type == decoder) && !has_media(driver, d)) return NVML_ERROR_NOT_SUPPORTED;
    if (type >= jpeg && !driver.board(d.gpu).sensors.jpeg_ofa.value.value_or(false)) return NVML_ERROR_NOT_SUPPORTED;
    const auto& series = type == power ? sim::power_series : sim::utilization_series;
    const auto room = *count;
    if (samples == nullptr) {
      *value_type = unsigned_int;
      *count = static_cast<unsigned>(series.samples);
      return NVML_SUCCESS;
    }
    const auto times = sim::sample_times(series, driver.now_us(), after);
    if (times.empty()) return NVML_ERROR_NOT_FOUND;
    if (room < times.size()) return NVML_ERROR_INSUFFICIENT_SIZE;
    *value_type = unsigned_int;
    *count = static_cast<unsigned>(times.size());
    const auto clients = driver.clients(d.gpu);
    for (std::size_t i = 0; i < times.size(); ++i) {
      const auto load = sim::load_at(driver.capability(d.gpu), d.state.mig, clients, times[i]);
      constexpr Unit units[] = {
          nullptr, &sim::Load::sm, &sim::Load::memory, &sim::Load::encoder, &sim::Load::decoder, nullptr,
          nullptr, nullptr,        &sim::Load::jpeg,   &sim::Load::ofa};
      samples[i].timeStamp = times[i];
      samples[i].sampleValue.ullVal = 0;
      samples[i].sampleValue.uiVal =
          type == power
              ? sim::readings(driver.board(d.gpu).sensors, driver.config(d.gpu), d.state.settings, load).power_mw.value
              : load.*units[type];
    }
    return NVML_SUCCESS;
  });
}

NVML_EXPORT nvmlDeviceGetProcessUtilization(nvmlDevice_t handle, nvmlProcessUtilizationSample_t* into, unsigned* count,
                                            unsigned long long after) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (count == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (d.state.mig.mode) return NVML_ERROR_NOT_SUPPORTED;
    const auto found = busy_clients(driver, d, after);
    if (found.empty()) return NVML_ERROR_NOT_FOUND;  // recorded (surface_test.cpp)
    const auto room = *count;
    *count = static_cast<unsigned>(found.size());
    if (into == nullptr || room < found.size()) return NVML_ERROR_INSUFFICIENT_SIZE;
    const auto time = sim::last_sample(sim::utilization_series, driver.now_us());
    for (std::size_t i = 0; i < found.size(); ++i) {
      const auto& load = found[i].load;
      into[i] = {found[i].pid, time, load.sm, load.memory, load.encoder, load.decoder};
    }
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlDeviceGetProcessesUtilizationInfo(nvmlDevice_t handle, nvmlProcessesUtilizationInfo_v1_t* info) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& d) {
    if (info == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (info->version != nvmlProcessesUtilizationInfo_v1) return NVML_ERROR_ARGUMENT_VERSION_MISMATCH;
    if (d.state.mig.mode) return NVML_ERROR_NOT_SUPPORTED;
    const auto found = busy_clients(driver, d, info->lastSeenTimeStamp);
    if (found.empty()) return NVML_ERROR_NOT_FOUND;
    const auto room = info->processSamplesCount;
    info->processSamplesCount = static_cast<unsigned>(found.size());
    if (info->procUtilArray == nullptr || room < found.size()) return NVML_ERROR_INSUFFICIENT_SIZE;
    const auto time = sim::last_sample(sim::utilization_series, driver.now_us());
    info->lastSeenTimeStamp = time;
    for (std::size_t i = 0; i < found.size(); ++i) {
      const auto& load = found[i].load;
      info->procUtilArray[i] = {time,         found[i].pid, load.sm,   load.memory,
                                load.encoder, load.decoder, load.jpeg, load.ofa};
    }
    return NVML_SUCCESS;
  });
}
