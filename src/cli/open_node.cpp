#include "cli/open_node.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string_view>

#include "cli/own_node.hpp"
#include "nvml/adapter.hpp"
#include "sim/node_dir.hpp"
#include "sim/state_file.hpp"

namespace gpuslice::cli {
namespace {

// NODE/bin/nvidia-smi -> NODE, so that the program acts on its node even if it is run by its path from outside.
std::string node_beside_program() {
  std::array<char, 4096> path{};
  const auto length = ::readlink("/proc/self/exe", path.data(), path.size() - 1);
  std::string text(path.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  for (int up = 0; up < 2; ++up) {
    const auto slash = text.rfind('/');
    if (slash == std::string::npos) return {};
    text.resize(slash);
  }
  return ::access((text + "/state").c_str(), R_OK) == 0 ? text : std::string{};
}

}  // namespace

std::string node_inside() {
  const char* inside = std::getenv("GPUSLICE_SIM_NODE");
  if (inside != nullptr && *inside != '\0') return inside;
  const auto beside = node_beside_program();
  return beside.empty() ? sim::node_around() : beside;
}

namespace {

bool readonly() {
  const char* word = std::getenv("GPUSLICE_LOCAL");
  return word != nullptr && std::string_view(word) == "readonly";
}

// If the state is damaged, the node's driver library returns only a code; this error names the file and the damage. A
// state of another version is left to the library, which has the same version as the state.
Result<void> check_state(const std::string& node) {
  const auto state = sim::StateFile::open(node + "/state", sim::Access::read_only);
  if (!state && state.error().kind == ErrorKind::damaged) return std::unexpected(state.error());
  return {};
}

// The node's own library. For another user's node it is our own library, which finds the node through the environment
// and may only read it.
Result<std::string> library_for(const std::string& node) {
  GPUSLICE_CHECK(check_state(node));
  if (const auto ours = sim::check_owner(node); ours) {
    // A node that cannot be upgraded because it is in use has a library of its own version.
    if (const auto prepared = prepare_node(node); !prepared && prepared.error().kind != ErrorKind::busy)
      return std::unexpected(prepared.error());
    return node + "/lib/libnvidia-ml.so.1";
  }
  ::setenv("GPUSLICE_SIM_NODE", node.c_str(), 1);
  ::unsetenv("GPUSLICE_SIM_VIEW");
  return own_library();
}

}  // namespace

Result<std::string> chosen_simulated_node(const NodeChoice& choice) {
  const auto& node = choice.name;
  if (node.starts_with("sim:")) {
    const auto nodes = GPUSLICE_TRY(sim::nodes_directory(sim::home_from_environment()));
    auto found = sim::find_node(nodes, node.substr(4));
    if (!found && choice.from_environment) found.error().object += fmt::format(" ({})", node_variable);
    return found;
  }
  if (!node.empty() && node != "local")
    return fail(ErrorKind::usage, choice.spelled(), "is neither local nor sim:NAME", Hint::gpuslice({"sim", "list"}));
  return node.empty() ? node_inside() : std::string{};
}

Result<void> check_may_act(const NodeChoice& node) {
  const auto simulated = GPUSLICE_TRY(chosen_simulated_node(node));
  return simulated.empty() ? Result<void>{} : sim::check_owner(simulated);
}

namespace {

// Chooses the library and how to open it here, so that a worker only has to load the driver.
Result<nvml::Options> options_for(const NodeChoice& node) {
  nvml::Options options;
  options.readonly = readonly();
  if (const auto simulated = GPUSLICE_TRY(chosen_simulated_node(node)); !simulated.empty()) {
    options.library = GPUSLICE_TRY(library_for(simulated));
    options.simulated_only = true;
    options.root = sim::view_of(simulated);
  }
  return options;
}

}  // namespace

Result<std::unique_ptr<node::Node>> open_node(const NodeChoice& node) {
  return nvml::open(GPUSLICE_TRY(options_for(node)));
}

Result<OpenedNode> open_workers(const CommandLine& line, double timeout_s) {
  const auto patience = GPUSLICE_TRY(duration("--timeout", timeout_s));
  const auto options = GPUSLICE_TRY(options_for(line.choice()));
  const auto workers = std::make_shared<ops::Workers>(patience);
  line.driver_users.push_back(workers);
  const auto simulated = std::make_shared<std::string>();
  GPUSLICE_CHECK(workers->open([options, simulated]() -> Result<std::unique_ptr<node::Node>> {
    auto opened = GPUSLICE_TRY(nvml::open(options));
    *simulated = opened->simulated_node();
    return opened;
  }));
  return OpenedNode{workers, *simulated};
}

void add_reading_timeout(Verb verb, double& timeout_s) {
  verb.add_option("--timeout", timeout_s, "Leave out GPUs that do not answer within this time (default 30)")
      .type_name("SECONDS");
}

Result<std::chrono::milliseconds> duration(const char* option, double seconds) {
  if (!(seconds > 0) || seconds > 86400)
    return fail(ErrorKind::usage, option, "takes seconds, more than 0 and at most 86400");
  return std::chrono::milliseconds(static_cast<long>(seconds * 1000));
}

}  // namespace gpuslice::cli
