#include "smi/settings/compute_policy.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <string_view>

namespace gpuslice::smi {
namespace {

constexpr const char* head =
    "+-------------------------------------+\n"
    "| GPU compute policies:               |\n"
    "| GPU     Name           Value        |\n"
    "|=====================================|\n";
constexpr const char* line = "+-------------------------------------+\n";

std::string_view name_of(std::uint32_t policy) {
  constexpr std::array<std::string_view, 4> names = {"Default", "Short", "Medium", "Long"};
  return policy < names.size() ? names[policy] : "Unknown";
}

// As strtoull reads it, of which the driver gets 32 bits: nothing at all is 0, 0x1 is 1, -1 is a big number.
std::optional<std::uint32_t> number(const std::string& text) {
  char* end = nullptr;
  const auto value = std::strtoull(text.c_str(), &end, 0);
  if (*end != '\0') return std::nullopt;
  return static_cast<std::uint32_t>(value);
}

}  // namespace

std::expected<ComputePolicyOptions, std::string> parse_compute_policy_options(const std::vector<std::string>& words) {
  ComputePolicyOptions options;
  unsigned commands = 0, selections = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    const auto equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const bool is_id = name == "-i" || name == "--id", is_set = name == "--set-timeslice";
    if (is_id || is_set) {
      std::string value;
      if (equals != std::string::npos)
        value = word.substr(equals + 1);
      else if (i + 1 < words.size())
        value = words[++i];
      else
        return std::unexpected(fmt::format("Option \"{}\" is missing its value.", word));
      if (is_id) {
        options.gpus = value;
        ++selections;
        continue;
      }
      options.time_slice = number(value);
      if (!options.time_slice) return std::unexpected(fmt::format("Option \"{}\" is invalid for \"{}\".", value, word));
      ++commands;
      continue;
    }
    if (name == "-l" || name == "--list") {
      options.list = true;
      ++commands;
    } else if (name == "-h" || name == "--help") {
      options.help = true;
    } else {
      return std::unexpected(fmt::format("Option \"{}\" is not recognized.", word));
    }
    // What stands behind `=` of an option without a value is taken for a word of its own.
    if (equals != std::string::npos)
      return std::unexpected(fmt::format("Option \"{}\" is not recognized.", word.substr(equals + 1)));
  }
  if (commands > 1 || selections > 1)
    return std::unexpected("One, and only one, compute-policy command allowed at a time");
  options.help = options.help || commands == 0;
  return options;
}

int list_compute_policies(Session& session) {
  session.out << head;
  for (const GpuIndex gpu : session.gpus) {
    const auto policy = session.node.modes().time_slice(gpu);
    if (!policy) {
      session.out << fmt::format("Failed to get compute policies for GPU {} : {}\n", gpu.value, policy.error().text)
                  << fmt::format("Failed to retrieve compute policies for requested devices : {}\n",
                                 policy.error().text);
      return exit_status(policy.error().code);
    }
    session.out << fmt::format("| {:>3}   {:<15} {:<13} |\n", gpu.value, "Timeslice", name_of(*policy)) << line;
  }
  return 0;
}

int set_time_slice(Session& session, std::uint32_t policy) {
  for (const GpuIndex gpu : session.gpus) {
    const auto done = session.node.modes().set_time_slice(gpu, policy);
    if (!done) {
      session.out << fmt::format("Failed to set timeslice policy with value {} for GPU {} : {}\n", name_of(policy),
                                 gpu.value, done.error().text)
                  << fmt::format("Failed to set timeslice for requested devices : {}\n", done.error().text);
      return exit_status(done.error().code);
    }
    session.out << fmt::format("Successfully set timeslice policy with value {} for GPU {}\n", name_of(policy),
                               gpu.value);
  }
  return 0;
}

}  // namespace gpuslice::smi
