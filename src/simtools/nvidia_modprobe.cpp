#include "simtools/nvidia_modprobe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <expected>
#include <optional>

namespace gpuslice::simtools {
namespace {

constexpr int done = 0;
constexpr int not_done = 1;
constexpr std::size_t most_minors = 64, most_capabilities = 256;

enum class Argument { none, number, text };
struct Option {
  char letter{};
  std::string_view name;
  Argument argument{};
};
constexpr std::array<Option, 9> all_options = {{{'v', "version", Argument::none},
                                                {'h', "help", Argument::none},
                                                {'c', "create-nvidia-device-file", Argument::number},
                                                {'u', "unified-memory", Argument::none},
                                                {'m', "modeset", Argument::none},
                                                {'s', "nvswitch", Argument::none},
                                                {'l', "nvlink", Argument::none},
                                                {'f', "nvidia-capability-device-file", Argument::text},
                                                {'a', "auto-online-movable", Argument::none}}};

struct Wanted {
  bool version{}, help{}, unified_memory{}, modeset{}, nvswitch{}, nvlink{}, movable{};
  std::vector<int> minors;
  std::vector<std::string> capabilities;
};

using Parsed = std::expected<Wanted, std::string>;

std::unexpected<std::string> wrong(std::string text) { return std::unexpected(std::move(text)); }

const Option* by_letter(char letter) {
  const auto* option = std::ranges::find(all_options, letter, &Option::letter);
  return option != all_options.end() ? option : nullptr;
}
const Option* by_name(std::string_view name) {
  const auto* option = std::ranges::find(all_options, name, &Option::name);
  return option != all_options.end() ? option : nullptr;
}

// Like strtol of the whole argument; NVIDIA's program stores the result in an int.
std::optional<int> number(const std::string& text) {
  char* end = nullptr;
  const long value = std::strtol(text.c_str(), &end, 0);
  if (*end != '\0') return std::nullopt;
  return static_cast<int>(value);
}

// Reads the options in an argument: -c 0, -c=0, -c0, --create-nvidia-device-file=0, and several letters without a
// value: -um.
class Reader {
 public:
  explicit Reader(const std::vector<std::string>& words) : words_(words) {}

  Parsed read() {
    while (at_ < words_.size() && !wanted_.version && !wanted_.help) {
      const std::string word = words_[at_++];
      if (word == "--") break;
      if (!word.starts_with('-')) return wrong(fmt::format("invalid option: \"{}\"", word));
      if (auto problem = one(word)) return std::unexpected(*std::move(problem));
    }
    return std::move(wanted_);
  }

 private:
  std::optional<std::string> one(const std::string& word) {
    const std::string text = word.substr(word.starts_with("--") ? 2 : 1);
    const auto equals = text.find('=');
    const auto name = text.substr(0, equals);
    std::optional<std::string> value;
    if (equals != std::string::npos) value = text.substr(equals + 1);
    if (const auto* option = name.size() == 1 ? by_letter(name[0]) : by_name(name)) return take(*option, word, value);
    const auto is_flag = [](char letter) {
      const auto* option = by_letter(letter);
      return option != nullptr && option->argument == Argument::none;
    };
    if (!value && !name.empty() && std::ranges::all_of(name, is_flag)) {
      for (const char letter : name)
        if (auto problem = take(*by_letter(letter), word, {})) return problem;
      return std::nullopt;
    }
    const auto* first = name.empty() ? nullptr : by_letter(name[0]);
    if (first != nullptr && first->argument == Argument::number && number(name.substr(1)))
      return take(*first, word, name.substr(1));
    return fmt::format("unrecognized option: \"{}\"", word);
  }

  std::optional<std::string> take(const Option& option, const std::string& word, std::optional<std::string> value) {
    if (option.argument == Argument::none) {
      if (value)
        return fmt::format("option \"{}\" does not take an argument, but was given an argument of \"{}\".", word,
                           *value);
      set(option.letter);
      return std::nullopt;
    }
    if (!value && at_ < words_.size()) value = words_[at_++];
    if (!value || value->empty()) return fmt::format("option \"{}\" requires an argument.", word);
    if (option.argument == Argument::text) {
      wanted_.capabilities.push_back(*value);
      return std::nullopt;
    }
    const auto minor = number(*value);
    if (!minor) return fmt::format("\"{}\" is not a valid argument for option \"{}\".", *value, word);
    wanted_.minors.push_back(*minor);
    return std::nullopt;
  }

  void set(char letter) {
    switch (letter) {
      case 'v':
        wanted_.version = true;
        break;
      case 'h':
        wanted_.help = true;
        break;
      case 'u':
        wanted_.unified_memory = true;
        break;
      case 'm':
        wanted_.modeset = true;
        break;
      case 's':
        wanted_.nvswitch = true;
        break;
      case 'l':
        wanted_.nvlink = true;
        break;
      default:
        wanted_.movable = true;
        break;
    }
  }

  const std::vector<std::string>& words_;
  std::size_t at_{};
  Wanted wanted_;
};

void print_help(std::ostream& out) {
  out << R"(nvidia-modprobe -- whether the device files of this simulated node are there, which a driver's would make.

  -c, --create-nvidia-device-file=MINOR      /dev/nvidiaMINOR; 255 is /dev/nvidiactl (repeatable)
  -u, --unified-memory                       with -c: /dev/nvidia-uvm and /dev/nvidia-uvm-tools instead
  -s, --nvswitch                             with -c: those of NVSwitches instead
  -l, --nvlink                               /dev/nvidia-nvlink instead
  -m, --modeset                              /dev/nvidia-modeset, too
  -f, --nvidia-capability-device-file=FILE   the device of a capability, named by its file in /proc (repeatable)
  -v, --version                              the version, that of the node's driver
  -h, --help                                 this text
)";
}

class Tree {
 public:
  Tree(const std::vector<sim::TreeEntry>& entries, std::ostream& err) : entries_(entries), err_(err) {}

  bool device(const std::string& path, int minor) {
    const auto* entry = find(path);
    if (entry != nullptr && entry->kind == sim::TreeEntry::Kind::character_device &&
        static_cast<std::int64_t>(entry->minor) == minor)
      return true;
    return missing(path, entry == nullptr ? "is not on this node" : fmt::format("does not have minor {}", minor));
  }
  // Checks the device that a capability's file in /proc names.
  bool capability(const std::string& path) {
    constexpr std::string_view key = "DeviceFileMinor: ";
    if (!path.starts_with("/proc/driver/nvidia") || path.find("./") != std::string::npos)
      return missing(path, "is not an absolute path of the driver in /proc");
    const auto* entry = find(path);
    const auto at = entry != nullptr ? entry->content.find(key) : std::string::npos;
    if (at == std::string::npos) return missing(path, entry == nullptr ? "is not on this node" : "is not a capability");
    const int minor = std::atoi(entry->content.c_str() + at + key.size());
    return device(fmt::format("/dev/nvidia-caps/nvidia-cap{}", minor), minor);
  }
  bool missing(std::string_view what, std::string_view why) {
    err_ << fmt::format("nvidia-modprobe: {}: {}\n", what, why);
    return false;
  }

 private:
  [[nodiscard]] const sim::TreeEntry* find(const std::string& path) const {
    const auto entry = std::ranges::lower_bound(entries_, path, {}, &sim::TreeEntry::path);
    return entry != entries_.end() && entry->path == path ? &*entry : nullptr;
  }
  const std::vector<sim::TreeEntry>& entries_;
  std::ostream& err_;
};

constexpr int control_minor = 255, modeset_minor = 254;

std::string gpu_device(int minor) {
  if (minor == control_minor) return "/dev/nvidiactl";
  if (minor == modeset_minor) return "/dev/nvidia-modeset";
  return fmt::format("/dev/nvidia{}", minor);
}

bool all_there(Tree& tree, const Wanted& wanted) {
  const auto each = [&](auto&& there) { return std::ranges::all_of(wanted.minors, there); };
  if (wanted.nvlink) {
    if (!tree.device("/dev/nvidia-nvlink", 0)) return false;
  } else if (wanted.nvswitch) {
    if (!each([&](int minor) {
          return tree.device(
              minor == control_minor ? "/dev/nvidia-nvswitchctl" : fmt::format("/dev/nvidia-nvswitch{}", minor), minor);
        }))
      return false;
  } else if (wanted.unified_memory) {
    if (!each([&](int minor) {
          return tree.device("/dev/nvidia-uvm", minor) && tree.device("/dev/nvidia-uvm-tools", minor + 1);
        }))
      return false;
  } else if (wanted.movable) {
    return tree.missing("--auto-online-movable", "a simulated node has no GPU memory to bring online");
  } else if (!each([&](int minor) { return tree.device(gpu_device(minor), minor); })) {
    return false;
  }
  if (wanted.modeset && !tree.device(gpu_device(modeset_minor), modeset_minor)) return false;
  return std::ranges::all_of(wanted.capabilities, [&](const auto& path) { return tree.capability(path); });
}

}  // namespace

int run_nvidia_modprobe(const std::vector<sim::TreeEntry>& tree, std::string_view driver_version,
                        const std::vector<std::string>& args, std::ostream& out, std::ostream& err) {
  const auto wanted = Reader(args).read();
  if (!wanted) {
    err << "nvidia-modprobe: " << wanted.error()
        << "\n\nERROR: Invalid commandline, please run `nvidia-modprobe --help` for usage information.\n\n\n";
    return not_done;
  }
  if (wanted->minors.size() > most_minors || wanted->capabilities.size() > most_capabilities) {
    err << fmt::format("\nERROR: Too many NVIDIA {} device files requested.\n\n",
                       wanted->minors.size() > most_minors ? "character" : "capability");
    return not_done;
  }
  if (wanted->version) {
    out << fmt::format("\nnvidia-modprobe:  version {}\n\n", driver_version);
    return done;
  }
  if (wanted->help) {
    print_help(out);
    return done;
  }
  Tree node(tree, err);
  return all_there(node, *wanted) ? done : not_done;
}

}  // namespace gpuslice::simtools
