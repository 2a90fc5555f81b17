#include "smi/settings/tuning.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>

#include <fmt/format.h>

#include "smi/cells.hpp"
#include "smi/gpu_select.hpp"

// Texts are recorded from nvidia-smi 580.159.04 over the simulated driver (tests/differential), but for these, which
// are made after them: refusals other than "not supported" of clocks and accounting, and a hostname that exists.
namespace gpuslice::smi {
namespace {

using fields::Reading;

constexpr int invalid = 2;

// What is done on one GPU, which stands in texts by its address.
using Change = Outcome (*)(Session&, const Setting&, GpuIndex, const std::string& bus);

std::optional<std::uint64_t> figure(Session& session, GpuIndex gpu, Reading reading) {
  const auto value = session.node.readings().read(gpu, reading);
  if (!value) return std::nullopt;
  return value->number();
}

Outcome say_of_driver(Session& session, GpuIndex gpu, const std::string& bus, const std::string& text) {
  session.out << text << '\n';
  warn_of_persistence(session, gpu, bus);
  return {};
}

Outcome say(Session& session, const std::string& text) {
  session.out << text << '\n';
  return {};
}

// Clocks of a board that does not have them are a warning, and who may not set them is told so.
Outcome clocks_refused(Session& session, const std::string& what, const std::string& bus,
                       const node::DriverError& error) {
  if (error.code == node::err_not_supported)
    return warned(session, fmt::format("{} is not supported for GPU {}.", what, bus), error.code);
  if (error.code == node::err_no_permission)
    return ended(session, fmt::format("The current user does not have permission to change clocks for GPU {}.", bus),
                 error.code);
  return ended(session, fmt::format("{} failed for GPU {}: {}", what, bus, error.text), error.code);
}

// "1500,1500", "1500"; "tdp" is the driver's own mark for the clock that it can hold.
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
      const auto [end, error] = std::from_chars(item.data(), item.data() + item.size(), clock.mhz);
      if (error != std::errc{} || end != item.data() + item.size()) return std::nullopt;
    }
    clocks.push_back(clock);
  }
  if (clocks.size() == 1) clocks.push_back(clocks.front());
  if (clocks.size() != 2) return std::nullopt;
  return clocks;
}

Outcome set_ecc(Session& session, const Setting& setting, GpuIndex gpu, const std::string& bus) {
  const auto value = parse_value(session, setting, switch_values);
  if (!value) return value.error();
  if (*value > 1) return ended(session, fmt::format("Invalid ECC configuration code: {}", *value), invalid);
  const bool on = *value == 1;
  if (const auto pending = figure(session, gpu, Reading::ecc_mode_pending); pending && (*pending != 0) == on)
    return say(session, fmt::format("ECC support is already {} for GPU {}.", enabled_word(on), bus));
  if (const auto done = session.node.tuning().set_ecc_mode(gpu, on); !done)
    return refused(session, fmt::format("Unable to {} ECC support for GPU {}", on ? "enable" : "disable", bus),
                   done.error());
  static_cast<void>(say(session, fmt::format("{} ECC support for GPU {}.", enabled_word(on), bus)));
  return {.needs_reboot = true};
}

Outcome clear_ecc(Session& session, const Setting& setting, GpuIndex gpu, const std::string& bus) {
  constexpr std::array<std::string_view, 2> counters{"VOLATILE", "AGGREGATE"};
  const auto value = parse_value(session, setting, counters);
  if (!value) return value.error();
  if (*value > 1) return ended(session, fmt::format("Invalid ECC type: {}", *value), invalid);
  const bool aggregate = *value == 1;
  const char* name = aggregate ? "aggregate" : "volatile";
  if (const auto done = session.node.tuning().clear_ecc_errors(gpu, aggregate); !done) {
    if (done.error().code == node::err_not_supported)
      return warned(session, fmt::format("ECC features not supported for GPU {}.", bus), done.error().code);
    return refused(session, fmt::format("Unable to reset {} ECC errors for GPU {}", name, bus), done.error());
  }
  return say(session, fmt::format("Reset {} ECC errors to zero for GPU {}.", name, bus));
}

Outcome set_accounting(Session& session, const Setting& setting, GpuIndex gpu, const std::string& bus) {
  const auto value = parse_value(session, setting, switch_values);
  if (!value) return value.error();
  if (*value > 1) return ended(session, fmt::format("Invalid accounting mode: {}", *value), invalid);
  const bool on = *value == 1;
  if (const auto now = figure(session, gpu, Reading::accounting_mode); now && (*now != 0) == on)
    return say(session, fmt::format("Accounting Mode is already {} for GPU {}.", enabled_word(on), bus));
  if (const auto done = session.node.tuning().set_accounting_mode(gpu, on); !done)
    return refused(session, fmt::format("Unable to {} Accounting Mode for GPU {}", on ? "enable" : "disable", bus),
                   done.error());
  static_cast<void>(say(session, fmt::format("{} Accounting Mode for GPU {}.", enabled_word(on), bus)));
  if (on) warn_of_persistence(session, gpu, bus);
  return {};
}

Outcome clear_accounted(Session& session, const Setting&, GpuIndex gpu, const std::string& bus) {
  if (const auto done = session.node.tuning().clear_accounted_processes(gpu); !done)
    return refused(session, fmt::format("Unable to clear Accounted PIDs for GPU {}", bus), done.error());
  return say(session, fmt::format("Cleared Accounted PIDs for GPU {}.", bus));
}

Outcome set_power(Session& session, const Setting& setting, GpuIndex gpu, const std::string& bus) {
  constexpr double milli = 1000;
  char* end = nullptr;
  const double watts = std::strtod(setting.value.c_str(), &end);
  if (setting.value.empty() || *end != '\0' || !(watts >= 0) || watts > 1e6) return no_value(session, setting);
  // A warning that is not called one (recorded).
  const auto unsupported = [&](int code) {
    session.out << fmt::format("Changing power management limit is not supported in current scope for GPU: {}.\n", bus);
    return Outcome{.status = exit_status(code)};
  };
  const auto low = figure(session, gpu, Reading::power_limit_min),
             high = figure(session, gpu, Reading::power_limit_max);
  const auto before = figure(session, gpu, Reading::power_limit_requested);
  if (!low || !high || !before) return unsupported(node::err_not_supported);
  const auto in_watts = [](std::uint64_t milliwatts) { return static_cast<double>(milliwatts) / milli; };
  const auto wanted = static_cast<std::uint64_t>(watts * milli);
  if (wanted < *low || wanted > *high) {
    return ended(
        session,
        fmt::format("Provided power limit {:.2f} W is not a valid power limit which should be between {:.2f} W "
                    "and {:.2f} W for GPU {}",
                    watts, in_watts(*low), in_watts(*high), bus),
        invalid);
  }
  if (const auto done = session.node.tuning().set_power_limit(gpu, static_cast<std::uint32_t>(wanted)); !done) {
    if (done.error().code == node::err_not_supported) return unsupported(done.error().code);
    return ended(session, fmt::format("Failed to set power management limit for GPU {}: {}", bus, done.error().text),
                 done.error().code);
  }
  return say_of_driver(
      session, gpu, bus,
      fmt::format("Power limit for GPU {} was set to {:.2f} W from {:.2f} W.", bus, watts, in_watts(*before)));
}

Outcome no_clocks(Session& session, const Setting& setting, const char* form) {
  return ended(session,
               fmt::format("Specified clocks \"{}\" are not valid. Please format input as {}", setting.value, form),
               invalid);
}

Outcome lock_gpu_clocks(Session& session, const Setting& setting, GpuIndex gpu, const std::string& bus) {
  const auto clocks = typed_clocks(setting.value);
  if (!clocks)
    return no_clocks(
        session, setting,
        "'gpuClkMin,gpuClkMax' or 'gpuClkVal' e.g. '--lock-gpu-clocks=1500,1500', '--lock-gpu-clocks=1500', "
        "or '--lock-gpu-clocks=tdp,unlimited'");
  if (const auto done = session.node.tuning().lock_gpu_clocks(gpu, {clocks->front().mhz, clocks->back().mhz}); !done)
    return clocks_refused(session, "Setting locked GPU clocks", bus, done.error());
  return say_of_driver(session, gpu, bus,
                       fmt::format("GPU clocks set to \"(gpuClkMin {}, gpuClkMax {})\" for GPU {}",
                                   clocks->front().typed, clocks->back().typed, bus));
}

Outcome lock_memory_clocks(Session& session, const Setting& setting, GpuIndex gpu, const std::string& bus) {
  const auto clocks = typed_clocks(setting.value);
  if (!clocks) return no_value(session, setting);
  if (const auto done = session.node.tuning().lock_memory_clocks(gpu, {clocks->front().mhz, clocks->back().mhz});
      !done) {
    if (done.error().code == node::err_not_supported) {  // recorded, without the usual line after a warning
      session.out << "This option is not supported. Please use --lock-memory-clocks-deferred instead.\n";
      return {.status = exit_status(done.error().code)};
    }
    return clocks_refused(session, "Setting locked memory clocks", bus, done.error());
  }
  return say(session, fmt::format("Memory clocks set to \"(memClkMin {}, memClkMax {})\" for GPU {}",
                                  clocks->front().typed, clocks->back().typed, bus));
}

// That clocks are free again is not said (published transcript): the run ends well.
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
  return say_of_driver(session, gpu, bus, fmt::format("Applications clocks set to {} for GPU {}", pair, bus));
}

Outcome get_hostname(Session& session, const Setting&, GpuIndex gpu, const std::string& bus) {
  const auto name = session.node.readings().read(gpu, Reading::hostname);
  if (!name) return warned(session, fmt::format("Hostname not supported for GPU {}.", bus), name.error().code);
  return say(session, fmt::format("Hostname for GPU {}: {}", bus, name->words()));
}

struct Named {
  std::string_view option;
  Change change;
};
constexpr std::array changes{
    Named{"-e", set_ecc},
    Named{"-p", clear_ecc},
    Named{"-am", set_accounting},
    Named{"-caa", clear_accounted},
    Named{"-pl", set_power},
    Named{"-lgc", lock_gpu_clocks},
    Named{"-rgc", reset_gpu_clocks},
    Named{"-lmc", lock_memory_clocks},
    Named{"-rmc", reset_memory_clocks},
    Named{"-ac", set_application_clocks},
    Named{"-rac", reset_application_clocks},
    Named{"--get-hostname", get_hostname},
};

}  // namespace

Outcome tune(Session& session, const Setting& setting) {
  const auto named = std::ranges::find(changes, setting.option, &Named::option);
  if (named == changes.end()) return no_value(session, setting);
  Outcome outcome;
  for (const GpuIndex gpu : session.gpus) {
    const auto one = named->change(session, setting, gpu, bus_id(session, gpu));
    if (one.terminated) return one;
    if (one.status != 0) outcome.status = one.status;
    outcome.needs_reboot |= one.needs_reboot;
  }
  return outcome;
}

}  // namespace gpuslice::smi
