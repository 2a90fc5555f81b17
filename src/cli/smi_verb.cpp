#include "cli/smi_verb.hpp"

#include <iostream>
#include <sstream>

#include "base/descriptor_buffer.hpp"
#include "cli/open_node.hpp"
#include "cli/verbs.hpp"
#include "smi/smi.hpp"

namespace gpuslice::cli {

int run_smi(const NodeChoice& node, const std::vector<std::string>& arguments) {
  const int status =
      smi::run([&] { return open_node(node); }, arguments, std::cout, std::cerr, smi::Environment::of_host());
  std::cout.flush();
  if (!std::cout) {
    std::cerr << "gpuslice: standard output: " << write_error_text(std::cout) << '\n';
    return 1;
  }
  return status;
}

std::string smi_help(std::vector<std::string> subcommand) {
  std::ostringstream out;
  std::ostringstream err;
  subcommand.emplace_back("-h");
  // Help does not open a node.
  smi::run(
      []() -> Result<std::unique_ptr<node::Node>> { return fail(ErrorKind::unsupported, "help", "needs no node"); },
      subcommand, out, err, {});
  return out.str();
}

void add_smi_verb(CommandLine& line) {
  auto verb = line.app.add_subcommand("smi", "Run the nvidia-smi-compatible command with its usual options");
  verb.prefix_command();
  verb.callback([&line, verb] { line.chosen = [&line, verb] { return run_smi(line.choice(), verb.remaining()); }; });
}

}  // namespace gpuslice::cli
