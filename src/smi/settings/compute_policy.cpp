// `nvidia-smi compute-policy`: lists and sets the time-slice policy of each GPU. All texts and statuses were recorded
// from nvidia-smi 580.159.04.

#include <array>
#include <cstdlib>
#include <string_view>

#include <fmt/format.h>

#include "smi/cells.hpp"
#include "smi/gpu_select.hpp"
#include "smi/subcommand.hpp"

namespace gpuslice::smi {
namespace {

constexpr const char* head =
    "+-------------------------------------+\n"
    "| GPU compute policies:               |\n"
    "| GPU     Name           Value        |\n"
    "|=====================================|\n";
constexpr const char* line = "+-------------------------------------+\n";

std::string policy_name(std::uint32_t policy) {
  constexpr std::array names{"Default", "Short", "Medium", "Long"};
  return word_of(names, policy, "Unknown");
}

// Parsed like strtoull, and the driver gets the lower 32 bits of the result: "" is 0, 0x1 is 1, -1 is a large number.
// The driver decides which numbers are policies.
std::optional<std::uint32_t> policy_number(const std::string& text) {
  char* end = nullptr;
  const auto value = std::strtoull(text.c_str(), &end, 0);
  if (*end != '\0') return std::nullopt;
  return static_cast<std::uint32_t>(value);
}

void print_compute_policy_help(std::ostream& out) {
  out << R"(
    compute-policy -- How long a process may compute before another one's turn comes.

    Usage: nvidia-smi compute-policy [options]

    [-h | --help]: This text.
    [-i | --id]: GPUs, by index, PCI address or UUID, comma separated.
    [-l | --list]: The policy of each GPU.
    [--set-timeslice]: Set it: 0 default, 1 short, 2 medium, 3 long. Processes that start afterwards see it,
                       and it is back at the default when the driver is loaded anew.

)";
}

constexpr unsigned commands = 1, selections = 2;
constexpr std::array compute_policy_options{
    help_option,
    Option{.short_name = "-i", .long_name = "--id", .takes = Takes::value, .group = selections},
    Option{.short_name = "-l", .long_name = "--list", .group = commands},
    Option{.short_name = "",
           .long_name = "--set-timeslice",
           .takes = Takes::value,
           .group = commands,
           .accepts = [](const std::string& value) { return policy_number(value).has_value(); }},
};
constexpr OptionTable compute_policy_table{
    .name = "compute-policy",
    .about = "",
    .options = compute_policy_options,
    .print_help = print_compute_policy_help,
    .splits_flags = true,
    .too_many_of_a_group = "One, and only one, compute-policy command allowed at a time"};

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
    session.out << fmt::format("| {:>3}   {:<15} {:<13} |\n", gpu.value, "Timeslice", policy_name(*policy)) << line;
  }
  return 0;
}

int set_time_slice(Session& session, std::uint32_t policy) {
  for (const GpuIndex gpu : session.gpus) {
    const auto done = session.node.modes().set_time_slice(gpu, policy);
    if (!done) {
      session.out << fmt::format("Failed to set timeslice policy with value {} for GPU {} : {}\n", policy_name(policy),
                                 gpu.value, done.error().text)
                  << fmt::format("Failed to set timeslice for requested devices : {}\n", done.error().text);
      return exit_status(done.error().code);
    }
    session.out << fmt::format("Successfully set timeslice policy with value {} for GPU {}\n", policy_name(policy),
                               gpu.value);
  }
  return 0;
}

}  // namespace

int run_compute_policy(const Call& call, const std::vector<std::string>& arguments) {
  const auto options = read_options(call, compute_policy_table, arguments);
  if (!options) return options.error();
  if (!options->has_any_of(commands)) return answer_with_usage(call, compute_policy_table);
  const auto gpus = options->value("-i");
  if (gpus && split_list(*gpus).empty()) return refuse_empty_list(call.out);
  const auto opened = open_with_gpus(call, gpus);
  if (!opened) return opened.error();
  auto& session = (*opened)->session;
  if (const auto policy = options->value("--set-timeslice")) return set_time_slice(session, *policy_number(*policy));
  return list_compute_policies(session);
}

}  // namespace gpuslice::smi
