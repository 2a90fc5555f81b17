// -lgc, -lmc, -ac, and the options that reset them.
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "base/number.hpp"
#include "smi/gpu_select.hpp"
#include "smi/settings/setters.hpp"

namespace gpuslice::smi {
namespace {

// If the board does not have the clocks, this is a warning; for a missing permission, nvidia-smi has a special message.
Outcome clocks_refused(Session& session, const std::string& what, const std::string& bus,
                       const node::DriverError& error) {
  if (error.code == node::err_not_supported)
    return warned(session, fmt::format("{} is not supported for GPU {}.", what, bus), error.code);
  if (error.code == node::err_no_permission)
    return ended(session, fmt::format("The current user does not have permission to change clocks for GPU {}.", bus),
                 error.code);
  return ended(session, fmt::format("{} failed for GPU {}: {}", what, bus, error.text), error.code);
}

// Parses "1500,1500" or "1500"; "tdp" is the driver's constant for the clock that the GPU can sustain.
struct TypedClock {
  std::uint32_t mhz{};
  std::string typed;
};
std::optional<std::vector<TypedClock>> typed_clocks(const std::string& text) {
  constexpr std::uint32_t tdp = 0xFFFFFF01;  // NVML_CLOCK_LIMIT_ID_TDP
  std::vector<TypedClock> clocks;
  for (const auto& item : split_list(text)) {
    TypedClock clock{0, item};
    if (item == "tdp" || item == "TDP") {
      clock.mhz = tdp;
    } else {
      const auto mhz = parse_number<std::uint32_t>(item);
      if (!mhz) return std::nullopt;
      clock.mhz = *mhz;
    }
    clocks.push_back(clock);
  }
  if (clocks.size() == 1) clocks.push_back(clocks.front());
  if (clocks.size() != 2) return std::nullopt;
  return clocks;
}

Outcome no_clocks(Session& session, const Setting& setting, const char* form) {
  return ended(session,
               fmt::format("Specified clocks \"{}\" are not valid. Please format input as {}", setting.value, form),
               wrong_value);
}

}  // namespace

Outcome lock_gpu_clocks(Session& session, const Setting& setting, GpuIndex gpu, const std::string& bus) {
  const auto clocks = typed_clocks(setting.value);
  if (!clocks)
    return no_clocks(
        session, setting,
        "'gpuClkMin,gpuClkMax' or 'gpuClkVal' e.g. '--lock-gpu-clocks=1500,1500', '--lock-gpu-clocks=1500', "
        "or '--lock-gpu-clocks=tdp,unlimited'");
  if (const auto done = session.node.tuning().lock_gpu_clocks(gpu, {clocks->front().mhz, clocks->back().mhz}); !done)
    return clocks_refused(session, "Setting locked GPU clocks", bus, done.error());
  return reported_until_unload(session, gpu, bus,
                               fmt::format("GPU clocks set to \"(gpuClkMin {}, gpuClkMax {})\" for GPU {}",
                                           clocks->front().typed, clocks->back().typed, bus));
}

Outcome lock_memory_clocks(Session& session, const Setting& setting, GpuIndex gpu, const std::string& bus) {
  const auto clocks = typed_clocks(setting.value);
  if (!clocks) return no_value(session, setting);
  if (const auto done = session.node.tuning().lock_memory_clocks(gpu, {clocks->front().mhz, clocks->back().mhz});
      !done) {
    // Nvidia-smi omits the line that usually follows a warning here.
    if (done.error().code == node::err_not_supported) {
      session.out << "This option is not supported. Please use --lock-memory-clocks-deferred instead.\n";
      return {.status = exit_status(done.error().code)};
    }
    return clocks_refused(session, "Setting locked memory clocks", bus, done.error());
  }
  return reported(session, fmt::format("Memory clocks set to \"(memClkMin {}, memClkMax {})\" for GPU {}",
                                       clocks->front().typed, clocks->back().typed, bus));
}

// nvidia-smi prints nothing about the reset clocks (published transcript); the run ends with 0.
Outcome reset_gpu_clocks(Session& session, const Setting&, GpuIndex gpu, const std::string& bus) {
  if (const auto done = session.node.tuning().reset_gpu_clocks(gpu); !done)
    return clocks_refused(session, "Resetting locked GPU clocks", bus, done.error());
  return {};
}

Outcome reset_memory_clocks(Session& session, const Setting&, GpuIndex gpu, const std::string& bus) {
  if (const auto done = session.node.tuning().reset_memory_clocks(gpu); !done)
    return clocks_refused(session, "Resetting locked memory clocks", bus, done.error());
  return {};
}

Outcome reset_application_clocks(Session& session, const Setting&, GpuIndex gpu, const std::string& bus) {
  if (const auto done = session.node.tuning().reset_application_clocks(gpu); !done)
    return clocks_refused(session, "Setting applications clocks", bus, done.error());
  return {};
}

Outcome set_application_clocks(Session& session, const Setting& setting, GpuIndex gpu, const std::string& bus) {
  const auto clocks = typed_clocks(setting.value);
  if (!clocks || setting.value.find(',') == std::string::npos)
    return no_clocks(session, setting, "memClk,smClk e.g. --applications-clocks=2000,300");
  const auto pair = fmt::format("\"(MEM {}, SM {})\"", clocks->front().typed, clocks->back().typed);
  if (const auto done = session.node.tuning().set_application_clocks(gpu, clocks->front().mhz, clocks->back().mhz);
      !done) {
    if (done.error().code == node::err_invalid_argument) {
      return warned(session,
                    fmt::format("Specified clock combination {} is not supported for GPU {}. Run 'nvidia-smi -q -d "
                                "SUPPORTED_CLOCKS' to see list of supported clock combinations",
                                pair, bus),
                    done.error().code);
    }
    return clocks_refused(session, "Setting applications clocks", bus, done.error());
  }
  return reported_until_unload(session, gpu, bus, fmt::format("Applications clocks set to {} for GPU {}", pair, bus));
}

}  // namespace gpuslice::smi
