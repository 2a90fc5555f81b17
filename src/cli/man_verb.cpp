#include "cli/man_verb.hpp"

#include <fmt/format.h>

#include "cli/version.hpp"

namespace gpuslice::cli {
namespace {

// Text as roff takes it: a hyphen that may be copied, and no line that starts with a request.
std::string roff(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '-') out += "\\-";
    else if (c == '\\') out += "\\e";
    else out += c;
  }
  if (!out.empty() && (out[0] == '.' || out[0] == '\'')) out.insert(0, "\\&");
  return out;
}

void describe(const CLI::App& app, const std::string& path, std::string& out) {
  const auto subs = app.get_subcommands([](const CLI::App*) { return true; });
  if (subs.empty()) {
    out += fmt::format(".SS \"gpuslice {}\"\n{}.\n", roff(path), roff(app.get_description()));
    for (const auto* option : app.get_options()) {
      if (option->get_name().find("--help") != std::string::npos) continue;
      out += fmt::format(".TP\n.B {}\n{}.\n", roff(option->get_name(false, true)), roff(option->get_description()));
    }
  }
  for (const auto* sub : subs) describe(*sub, path.empty() ? sub->get_name() : path + " " + sub->get_name(), out);
}

Result<int> print() {
  const auto line = make_command_line();
  std::string page = fmt::format(
      ".TH GPUSLICE 1 \"\" \"gpuslice {}\" \"User Commands\"\n.SH NAME\ngpuslice \\- share NVIDIA GPUs, and try it without one\n"
      ".SH SYNOPSIS\n.B gpuslice\n[\\fB\\-\\-node\\fR \\fINODE\\fR] \\fIVERB\\fR [\\fIWORDS\\fR]\n.SH DESCRIPTION\n{}.\n"
      "Data goes to standard output, talk to standard error.\n.SH OPTIONS\n.TP\n.B \\-\\-node \\fINODE\\fR\n"
      "the node that a verb is about: local (the driver that answers here) or sim:NAME, a simulated node.\n.SH VERBS\n",
      version, roff(line->app.get_description()));
  describe(line->app, "", page);
  page +=
      ".SH ENVIRONMENT\n.TP\n.B GPUSLICE_SIM_DIR\nwhere simulated nodes live (default: /var/lib/gpuslice/nodes for root, else "
      "the user's state directory).\n.TP\n.B GPUSLICE_LOCAL\nreadonly: functions that change something are not even looked up in a local "
      "driver.\n.TP\n.B GPUSLICE_SIM_NODE\ninside a node: its directory.\n.SH EXIT STATUS\n0 done or matches, 1 failed, 2 usage, 3 differs, "
      "4 unknown (could not be read), 5 refused. \\fBsim exec\\fR and \\fBsim attach\\fR end with the command's own status, or 125 to 127 for "
      "their own faults; \\fBsmi\\fR ends as nvidia\\-smi does.\n.SH SEE ALSO\nnvidia\\-smi(1)\n";
  fmt::print("{}", page);
  return 0;
}

}  // namespace

void add_man_verb(CLI::App& app, Action& chosen) {
  app.add_subcommand("man", "Print the manual page: gpuslice man | man -l -")->callback([&chosen] { chosen = [] { return print(); }; });
}

}  // namespace gpuslice::cli
