#include "cli/manual.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <span>

#include "cli/examples.hpp"
#include "cli/exit_status.hpp"
#include "cli/help_text.hpp"
#include "cli/option_words.hpp"
#include "cli/smi_verb.hpp"
#include "cli/version.hpp"
#include "cli/wrap.hpp"
#include "smi/smi.hpp"

namespace gpuslice::cli {
namespace {

// Escapes text for roff: hyphens stay copyable, and no line is read as a request.
std::string roff(const std::string& text) {
  std::string out;
  bool line_start = true;
  for (const char c : text) {
    if (line_start && (c == '.' || c == '\'')) out += "\\&";
    if (c == '-')
      out += "\\-";
    else if (c == '\\')
      out += "\\e";
    else
      out += c;
    line_start = c == '\n';
  }
  return out;
}

std::string verbatim(const std::string& text) {
  return ".PP\n.nf\n" + roff(text) + (text.ends_with("\n") ? "" : "\n") + ".fi\n";
}

std::string lower_first(std::string text) {
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return text;
}

std::string upper(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

std::string head(const std::string& name, const std::string& what) {
  return fmt::format(".TH {} 1 \"\" \"gpuslice {}\" \"User Commands\"\n.ad l\n.SH NAME\n{} \\- {}\n", roff(upper(name)),
                     version, roff(name), roff(what));
}

std::string option_list(const CLI::App& app) {
  std::string out;
  for (const auto* option : options(app)) {
    // Each command has --help, which is described once, with the program's own options.
    if (option == app.get_help_ptr() && app.get_parent() != nullptr) continue;
    auto names = fmt::format("{}", fmt::join(spellings(*option), ", "));
    if (const auto value = value_word(*option); !value.empty()) names += (names.empty() ? "" : " ") + value;
    out += fmt::format(".TP\n.B {}\n{}.\n", roff(names), roff(help_of(app, *option)));
  }
  return out;
}

std::string describe(const CLI::App& app) {
  auto out = fmt::format(".SS \"{}\"\n.B {}\n.PP\n{}.\n", roff(command_path(app)), roff(usage_line(app, true)),
                         roff(app.get_description()));
  out += option_list(app);
  const auto footer = app.get_footer();
  return footer.empty() ? out : out + verbatim(wrapped_lines(footer));
}

// The examples of the commands for which `wanted` is true.
std::string example_list(const std::function<bool(std::string_view)>& wanted) {
  std::string out;
  for (const auto& example : examples())
    if (wanted(example.command))
      out += fmt::format(".PP\n{}:\n.PP\n.nf\n.RS\n{}\n.RE\n.fi\n", roff(std::string(example.what)),
                         roff(std::string(example.line)));
  return out.empty() ? out : ".SH EXAMPLES\n" + out;
}

// A name and its meaning.
struct Entry {
  const char* name;
  const char* text;
};
std::string entry_list(std::span<const Entry> entries) {
  std::string out;
  for (const auto& [name, text] : entries) out += fmt::format(".TP\n.I {}\n{}\n", roff(name), roff(text));
  return out;
}

constexpr Entry node_files[] = {
    {"/var/lib/gpuslice/nodes/NODE", "A simulated node that root created: its state, library, programs and snapshots."},
    {"$XDG_STATE_HOME/gpuslice/nodes/NODE",
     "A simulated node that a user other than root created. If XDG_STATE_HOME is unset: "
     "~/.local/state/gpuslice/nodes/NODE."},
    {"NODE/boot.d", "Executable files in it run when the node is rebooted."},
    {"NODE/etc/gpuslice/layout.yaml", "The layout that the node keeps."},
    {"NODE/store", "The store of the node, with the same files as /var/lib/gpuslice/local."},
};
constexpr Entry host_files[] = {
    {"/etc/gpuslice/layout.yaml", "The layout that this host keeps: gpuslice restore brings it back at boot."},
    {"/var/lib/gpuslice/local", "The store: gpuslice's records about this host, in the files below."},
    {"lock", "Locked by the process that changes the node."},
    {"changing", "Locked while the node is being changed, so that commands of other users can tell."},
    {"names", "Names of the instances that gpuslice created, with their GPUs and placements."},
    {"journal", "The change that is in progress or was interrupted."},
    {"history/N", "The latest 50 successful changes."},
    {"audit.log", "One JSON line for each change and each attempt, whatever its outcome."},
};
constexpr const char* layout_files =
    ".PP\nLayout files and recipes have no fixed place: commands take their paths. Their formats: gpuslice/v1 "
    "(gpuslice "
    "schema \\-\\-keys) and gpuslice.sim/v1.\n";

constexpr Entry environment[] = {
    {"GPUSLICE_NODE",
     "Default value of --node; empty is the same as unset. A command that runs inside a simulated node does not "
     "inherit it."},
    {"GPUSLICE_CONFIRM",
     "always: ask on simulated nodes too before instances are destroyed or processes are stopped, as on real GPUs."},
    {"GPUSLICE_SIM_PROMPT",
     "Set by sim shell: the node's name in parentheses and a blank, for prompts that gpuslice does not change."},
    {"GPUSLICE_SIM_DIR",
     "Directory of the simulated nodes. Default: /var/lib/gpuslice/nodes for root, else gpuslice/nodes in the user's "
     "state directory."},
    {"GPUSLICE_SIM_NODE",
     "Directory of the simulated node that commands act on if --node is not given. Set inside a node."},
    {"GPUSLICE_SIM_VIEW",
     "Directory with the files of a node's driver in /proc, /dev and /sys, for commands that run without a mount "
     "namespace. Set by gpuslice sim exec."},
    {"GPUSLICE_STATE_DIR", "Directory of the store of this host. Default: /var/lib/gpuslice/local."},
    {"GPUSLICE_LOCAL",
     "If readonly, the functions that change the real driver of this host are not looked up. Set inside a node."},
    {"GPUSLICE_RUNS_PROGRAM, GPUSLICE_SIM_BOOTING",
     "Set by gpuslice for the programs that it runs, so that they do not run each other endlessly."},
    {"XDG_STATE_HOME, HOME", "The user's state directory: XDG_STATE_HOME, or ~/.local/state if that is unset."},
    {"PATH, LD_LIBRARY_PATH", "Set for commands on a simulated node, with the node's directories first."},
    {"SHELL", "The shell that gpuslice sim shell starts. Default: /bin/sh."},
    {"SUDO_USER", "If root runs a change: the user recorded in the history and the audit log."},
    {"NO_COLOR, TERM",
     "Messages have no colour if NO_COLOR is set, TERM is unset, empty or dumb, or standard error is no terminal. "
     "Results are never coloured."},
};

std::string exit_statuses() {
  std::string text = ".SH EXIT STATUS\n";
  for (const auto& [exit, meaning] : exit_meanings)
    text += fmt::format(".TP\n.B {}\n{}.\n", status(exit), roff(meaning));
  return text;
}

std::string program_page(const CLI::App& app, const std::vector<const CLI::App*>& groups) {
  auto page = head("gpuslice", "partition NVIDIA GPUs, on real or simulated nodes");
  page +=
      ".SH SYNOPSIS\n.B gpuslice\n[\\fB\\-\\-node\\fR \\fINODE\\fR] \\fICOMMAND\\fR [\\fIOPTIONS\\fR]\n.br\n.B "
      "gpuslice help\n"
      "[\\fICOMMAND\\fR | \\fITERM\\fR | \\fBterms\\fR]\n.SH DESCRIPTION\n" +
      roff(app.get_description()) +
      ".\nDescribe the layout you want in a file, preview the steps with gpuslice plan, apply them, and undo them if "
      "needed.\n.PP\nResults are written to standard output, messages to standard error: what failed, on which object, "
      "why, and on the next line what to type.\n.PP\nTerms such as placement or +me: gpuslice help \\fITERM\\fR.\n"
      ".SH OPTIONS\n" +
      option_list(app) + ".SH COMMANDS\n";
  std::string see;
  std::vector<std::string> own;
  for (const auto* command : subcommands(app)) {
    const auto name = command->get_name();
    if (command->get_group().empty()) continue;
    if (std::find(groups.begin(), groups.end(), command) == groups.end()) {
      page += describe(*command);
      own.push_back(name);
      continue;
    }
    page += fmt::format(".SS \"{}\"\n{}. See\n.BR gpuslice\\-{} (1).\n", name, roff(command->get_description()), name);
    see += fmt::format(".BR gpuslice\\-{} (1),\n", name);
  }
  page += example_list([&](std::string_view name) { return std::find(own.begin(), own.end(), name) != own.end(); });
  page += ".SH FILES\n" + entry_list(host_files) + entry_list(node_files) + layout_files;
  page += ".SH ENVIRONMENT\n" + entry_list(environment) + exit_statuses();
  return page + ".SH SEE ALSO\n" + see + ".BR nvidia\\-smi (1)\n";
}

std::string group_page(const CLI::App& group) {
  const auto& name = group.get_name();
  auto page = head("gpuslice-" + name, lower_first(group.get_description()));
  page += ".SH SYNOPSIS\n";
  for (const auto* command : subcommands(group)) page += fmt::format(".B {}\n.br\n", roff(usage_line(*command, false)));
  page += fmt::format(".SH DESCRIPTION\n{}.\n.SH OPTIONS\n", roff(group.get_description()));
  page += ".TP\n.B \\-h, \\-\\-help\nPrint help and exit.\n.SH COMMANDS\n";
  for (const auto* command : subcommands(group)) page += describe(*command);
  page += example_list([&](std::string_view command) { return command.starts_with(name + " "); });
  page += ".SH FILES\n" + entry_list(node_files) + ".SH ENVIRONMENT\n" + entry_list(environment) + exit_statuses();
  page +=
      ".PP\n\\fBsim exec\\fR, \\fBsim shell\\fR and \\fBsim attach\\fR end with the status of their command, or with "
      "125 "
      "(the node cannot be entered), 126 (the command cannot be run) or 127 (the command is not found).\n";
  return page + ".SH SEE ALSO\n.BR gpuslice (1),\n.BR gpuslice\\-smi (1)\n";
}

std::string smi_page() {
  auto page = head("gpuslice-smi", "nvidia-smi-compatible command");
  page +=
      ".SH SYNOPSIS\n.B gpuslice\n[\\fB\\-\\-node\\fR \\fINODE\\fR] \\fBsmi\\fR [\\fIOPTIONS\\fR]\n.br\n.B "
      "nvidia\\-smi\n[\\fIOPTIONS\\fR]\n"
      ".SH DESCRIPTION\nShows and changes GPUs with the options, the output and the exit statuses of nvidia\\-smi of "
      "driver 580, on a simulated node or on the driver of this host. It is the nvidia\\-smi of a simulated node.\n"
      ".SH OPTIONS\n";
  page += verbatim(smi_help({}));
  for (const auto& name : smi::subcommand_names())
    page += ".SH SUBCOMMAND " + roff(upper(name)) + "\n" + verbatim(smi_help({name}));
  page += example_list([](std::string_view command) { return command == "smi"; });
  page += ".SH ENVIRONMENT\n" + entry_list(environment);
  page += ".SH EXIT STATUS\nThat of nvidia\\-smi: 0, or the NVML code of what failed; 255 for an unknown option.\n";
  return page + ".SH SEE ALSO\n.BR gpuslice (1),\n.BR gpuslice\\-sim (1),\n.BR nvidia\\-smi (1)\n";
}

}  // namespace

std::vector<ManualPage> manual_pages(const CLI::App& app) {
  std::vector<const CLI::App*> groups;
  std::vector<ManualPage> pages(1);
  for (const auto* verb : subcommands(app)) {
    const bool smi = verb->get_name() == "smi";
    if (!smi && subcommands(*verb).empty()) continue;
    groups.push_back(verb);
    pages.push_back({"gpuslice-" + verb->get_name() + ".1", smi ? smi_page() : group_page(*verb)});
  }
  pages[0] = {"gpuslice.1", program_page(app, groups)};
  return pages;
}

}  // namespace gpuslice::cli
