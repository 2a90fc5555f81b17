#include "simtools/display_mode_selector.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "base/number.hpp"
#include "sim/display_mode.hpp"

namespace gpuslice::simtools {
namespace {

constexpr int done = 0;
constexpr int not_done = 1;
constexpr char escape = '\x1b';

struct Options {
  bool help{}, list{}, set{}, automatic{};
  std::string mode;                  // as typed after --gpumode
  std::optional<std::uint32_t> gpu;  // of -i, --gpu
};

std::unexpected<std::string> wrong(std::string text) { return std::unexpected(std::move(text)); }

std::expected<Options, std::string> parse(const std::vector<std::string>& args, std::uint32_t count) {
  Options options;
  for (std::size_t i = 0; i < args.size(); ++i) {
    const auto equals = args[i].find('=');
    const auto name = args[i].substr(0, equals);
    std::optional<std::string> value;
    if (equals != std::string::npos) value = args[i].substr(equals + 1);
    const auto next = [&] {
      if (!value && i + 1 < args.size() && !args[i + 1].starts_with('-')) value = args[++i];
    };
    if (name == "--gpumode") {
      next();
      options.set = true;
      options.mode = value.value_or("");
      continue;
    }
    if (name == "-i" || name == "--gpu") {
      next();
      options.gpu = parse_number<std::uint32_t>(value.value_or(""));
      if (!options.gpu || *options.gpu >= count)
        return wrong(fmt::format("{} {}: is not an adapter number\n  try: displaymodeselector --list", name,
                                 value.value_or("")));
      continue;
    }
    if (value) return wrong(name + ": takes no value");
    if (name == "--help" || name == "-h" || name == "?") {
      options.help = true;
    } else if (name == "--list") {
      options.list = true;
    } else if (name == "--auto") {
      options.automatic = true;
    } else if (name == "--listgpumodes" || name == "--version" || name == "--outfilepath") {
      return wrong(name +
                   ": NVIDIA's program has this option, but its output is unknown, so it is not supported here\n"
                   "  try: nvidia-smi --query-gpu=name,mig.mode.current --format=csv (N/A: the display mode does not "
                   "allow MIG)");
    } else {
      return wrong(name + ": unknown option\n  try: displaymodeselector --help");
    }
  }
  return options;
}

void print_help(std::ostream& out) {
  out << R"(displaymodeselector -- the display mode of the boards of a simulated node, from the next reboot on.

  --list                 The adapters and their numbers.
  --gpumode [MODE]       Set the mode; without MODE, or with one it does not know, it asks. MODE:
                           physical_display_enabled_256MB_bar1, or graphics
                           physical_display_disabled, or compute: the outputs go dark, and MIG can be enabled
                           physical_display_enabled_8GB_bar1
      -i N, --gpu=N      On this adapter only.
      --auto             Ask nothing.
  --help                 This text.
)";
}

class Dialogue {
 public:
  Dialogue(sim::Driver& driver, const Keys& keys, std::ostream& out, std::ostream& err)
      : driver_(driver), keys_(keys), out_(out), err_(err) {}

  int list() {
    banner();
    out_ << "\nNVIDIA display adapters present in system:\n";
    adapters();
    return done;
  }

  int set(const Options& options) {
    if (!driver_.may_configure())
      return say("needs permission to change the node's GPUs\n  try: sudo displaymodeselector");
    banner();
    out_ << "\n\nWARNING: This operation updates the firmware on the board and could make\n"
            "         the device unusable if your host system lacks the necessary support.\n\n";
    if (!options.automatic) {
      out_ << "Are you sure you want to continue?\nPress 'y' to confirm (any other key to abort):\n";
      if (key() != 'y') return not_done;
    }
    const auto* mode = sim::find_display_mode(options.mode);
    if (mode == nullptr) {
      if (options.automatic) return say("--auto needs a mode: displaymodeselector --gpumode compute --auto");
      mode = choose_mode();
      if (mode == nullptr) return not_done;
    }
    out_ << fmt::format("Specifed GPU Mode \"{}\"\n", mode->name);
    if (options.gpu) return set_one(*options.gpu, *mode);
    const bool any = eligible() != 0;
    if (any && !options.automatic) {
      out_ << fmt::format(
          "\n\nUpdate GPU Mode of all adapters to \"{}\"?\n"
          "Press 'y' to confirm or 'n' to choose adapters or any other key to abort:\n",
          mode->name);
      const auto answer = key();
      if (answer == 'n') return choose_and_set(*mode);
      if (answer != 'y') return not_done;
    }
    return any ? set_all(*mode) : none_eligible();
  }

 private:
  int say(std::string_view text) {
    err_ << "displaymodeselector: " << text << '\n';
    return not_done;
  }

  void banner() {
    out_ << "\nNVIDIA Display Mode Selector Utility (Version 1.72.0)\n"
            "Copyright (C) 2015-2025, NVIDIA Corporation. All Rights Reserved.\n";
  }

  // Returns the next key. The end of the line on which the previous key was typed does not count as a key.
  std::optional<char> next() {
    out_.flush();
    auto pressed = keys_();
    if (pressed == '\n' && key_before_) pressed = keys_();
    key_before_ = pressed && *pressed != '\n';
    return pressed;
  }
  std::optional<char> key() {
    const auto pressed = next();
    if (pressed && *pressed >= ' ') out_ << *pressed;
    out_ << '\n';
    return pressed;
  }

  // Reads a number below `count`; nullopt if the user quits.
  std::optional<std::uint32_t> number(std::uint32_t count) {
    out_ << "Select a number (ESC to quit):\n";
    std::string typed;
    if (count <= 10) {
      if (const auto pressed = key(); pressed && *pressed != escape) typed = *pressed;
    } else {
      auto pressed = next();
      for (; pressed && *pressed != '\n'; pressed = keys_()) {
        if (*pressed == escape) break;
        out_ << *pressed << std::flush;
        typed += *pressed;
      }
      key_before_ = false;
      out_ << '\n';
      if (pressed == escape) return std::nullopt;
    }
    const auto chosen = parse_number<std::uint32_t>(typed);
    return chosen && *chosen < count ? chosen : std::nullopt;
  }

  const sim::DisplayModeFacts* choose_mode() {
    out_ << "Select a number:\n";
    for (std::size_t i = 0; i < sim::display_modes.size(); ++i)
      out_ << fmt::format("<{}> {}\n", i, sim::display_modes[i].name);
    out_ << '\n';
    const auto chosen = number(static_cast<std::uint32_t>(sim::display_modes.size()));
    if (!chosen) return nullptr;
    out_ << '\n';
    return &sim::display_modes[*chosen];
  }

  // One half of a PCI id as hexadecimal digits; `known` is 0 if the id is unknown.
  [[nodiscard]] static std::string hex(std::uint32_t known, std::uint32_t half) {
    return known == 0 ? "????" : fmt::format("{:04X}", half);
  }
  // In every transcript, also for RTX PRO boards, the tool shows "Graphics Device" as the adapter's name.
  [[nodiscard]] std::string adapter(std::uint32_t gpu) const {
    const auto& config = driver_.config(gpu);
    const auto device = config.pci_device_id, board = config.pci_subsystem_id;
    return fmt::format("{:<20} (10DE,{},{},{}) S:{:02X},B:{:02X},D:{:02X},F:00", "Graphics Device",
                       hex(device, device >> 16U), hex(board, board & 0xffffU), hex(board, board >> 16U),
                       config.pci_domain, config.pci_bus, config.pci_device);
  }
  void adapters() {
    for (std::uint32_t gpu = 0; gpu < driver_.gpu_count(); ++gpu) out_ << fmt::format("<{}> {}\n", gpu, adapter(gpu));
  }

  [[nodiscard]] std::uint32_t eligible() const {
    std::uint32_t count = 0;
    for (std::uint32_t gpu = 0; gpu < driver_.gpu_count(); ++gpu) count += driver_.has_display_modes(gpu) ? 1 : 0;
    return count;
  }

  int choose_and_set(const sim::DisplayModeFacts& mode) {
    out_ << "\nSelect a display adapter:\n";
    adapters();
    const auto chosen = number(driver_.gpu_count());
    return chosen ? set_one(*chosen, mode) : not_done;
  }

  void refuse(std::uint32_t gpu) {
    out_ << fmt::format("\n{}\n\nSpecified GPU mode not supported on this device 0x{}.\n", adapter(gpu),
                        hex(driver_.config(gpu).pci_device_id, driver_.config(gpu).pci_device_id >> 16U));
  }
  int none_eligible() {
    for (std::uint32_t gpu = 0; gpu < driver_.gpu_count(); ++gpu) refuse(gpu);
    return not_done;
  }

  int set_one(std::uint32_t gpu, const sim::DisplayModeFacts& mode) {
    if (!driver_.has_display_modes(gpu)) {
      refuse(gpu);
      return not_done;
    }
    out_ << fmt::format("\n{}\n\n", adapter(gpu));
    if (!write(gpu, mode)) return not_done;
    return reboot_needed();
  }
  int set_all(const sim::DisplayModeFacts& mode) {
    out_ << fmt::format("\nUpdating GPU Mode of all eligible adapters to \"{}\"\n\n\n", mode.name);
    for (std::uint32_t gpu = 0; gpu < driver_.gpu_count(); ++gpu)
      if (driver_.has_display_modes(gpu) && !write(gpu, mode)) return not_done;
    return reboot_needed();
  }

  bool write(std::uint32_t gpu, const sim::DisplayModeFacts& mode) {
    if (!driver_.set_display_mode(gpu, mode.mode)) {
      say("the state of the node could not be changed");
      return false;
    }
    out_ << "Write InfoROM object succesfully\n"
         << fmt::format("Successfully updated GPU mode to \"{}\"{}.\n", mode.name,
                        mode.number ? fmt::format(" ( Mode {} )", *mode.number) : "");
    return true;
  }
  int reboot_needed() {
    out_ << "\nA reboot is required for the update to take effect.\n\n\n";
    return done;
  }

  sim::Driver& driver_;
  const Keys& keys_;
  std::ostream& out_;
  std::ostream& err_;
  bool key_before_{};
};

}  // namespace

int run_display_mode_selector(sim::Driver& driver, const std::vector<std::string>& args, const Keys& keys,
                              std::ostream& out, std::ostream& err) {
  const auto options = parse(args, driver.gpu_count());
  if (!options) {
    err << "displaymodeselector: " << options.error() << '\n';
    return not_done;
  }
  Dialogue dialogue(driver, keys, out, err);
  if (options->help || (!options->list && !options->set)) {
    print_help(out);
    return done;
  }
  return options->list ? dialogue.list() : dialogue.set(*options);
}

}  // namespace gpuslice::simtools
