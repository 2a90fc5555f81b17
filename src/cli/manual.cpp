#include "cli/manual.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

#include "cli/exit_status.hpp"
#include "cli/option_words.hpp"
#include "cli/version.hpp"
#include "smi/smi.hpp"

namespace gpuslice::cli {
namespace {

// Text as roff takes it: a hyphen that may be copied, and no line that starts with a request.
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
  return fmt::format(".TH {} 1 \"\" \"gpuslice {}\" \"User Commands\"\n.SH NAME\n{} \\- {}\n", roff(upper(name)),
                     version, roff(name), roff(what));
}

// "gpuslice layouts --for PRODUCT [--profiles LIST] [--count]"
std::string synopsis(const CLI::App& verb, const std::string& path) {
  std::string text = "gpuslice " + path;
  std::string places;
  for (const auto* option : options(verb)) {
    if (option == verb.get_help_ptr()) continue;
    const auto words = usage_of(*option) + (option->get_expected_max() > 1 ? "..." : "");
    (is_positional(*option) ? places : text) += option->get_required() ? " " + words : " [" + words + "]";
  }
  return text + places;
}

std::string option_list(const CLI::App& verb) {
  std::string out;
  for (const auto* option : options(verb)) {
    // Each verb has --help; it stands once, with the program's own options.
    if (option == verb.get_help_ptr() && verb.get_parent() != nullptr) continue;
    auto names = fmt::format("{}", fmt::join(spellings(*option), ", "));
    if (const auto value = value_word(*option); !value.empty()) names += (names.empty() ? "" : " ") + value;
    out += fmt::format(".TP\n.B {}\n{}.\n", roff(names), roff(option->get_description()));
  }
  return out;
}

std::string describe(const CLI::App& verb, const std::string& path) {
  std::string out = fmt::format(".SS \"{}\"\n.B {}\n.PP\n{}.\n", roff(path), roff(synopsis(verb, path)),
                                roff(verb.get_description()));
  out += option_list(verb);
  const auto footer = verb.get_footer();
  return footer.empty() ? out : out + verbatim(footer);
}

std::string exit_statuses() {
  std::string text = ".SH EXIT STATUS\n";
  for (const auto& [exit, meaning] : exit_meanings)
    text += fmt::format(".TP\n.B {}\n{}\n", status(exit), roff(meaning));
  return text;
}
constexpr const char* environment =
    ".SH ENVIRONMENT\n"
    ".TP\n.B GPUSLICE_NODE\nthe default of \\-\\-node; an empty one is like one that is not set. A command that runs "
    "inside a simulated node does not inherit it.\n"
    ".TP\n.B GPUSLICE_CONFIRM\nalways: ask on simulated nodes too before instances are destroyed or processes are "
    "stopped, as on real GPUs.\n"
    ".TP\n.B GPUSLICE_SIM_DIR\nwhere simulated nodes live; without it /var/lib/gpuslice/nodes for root, else the "
    "user's state directory.\n"
    ".TP\n.B GPUSLICE_SIM_NODE\ninside a simulated node: its directory.\n"
    ".TP\n.B GPUSLICE_SIM_PROMPT\nin a shell of \\fBsim shell\\fR: the node's name in brackets and a blank, for prompts "
    "that gpuslice does not change.\n"
    ".TP\n.B GPUSLICE_LOCAL\n"
    "readonly: the functions of a local driver that change something are not even looked up.\n";

std::string program_page(const CLI::App& app, const std::vector<const CLI::App*>& groups) {
  auto page = head("gpuslice", "partition NVIDIA GPUs, or rehearse it on simulated nodes");
  page +=
      ".SH SYNOPSIS\n.B gpuslice\n[\\fB\\-\\-node\\fR \\fINODE\\fR] \\fIVERB\\fR [\\fIWORDS\\fR]\n.SH DESCRIPTION\n" +
      roff(app.get_description()) +
      ".\nData goes to standard output, talk to standard error: what went wrong, with which object, and on the line "
      "below it what to "
      "type next.\n.SH OPTIONS\n" +
      option_list(app) + ".SH VERBS\n";
  std::string see;
  for (const auto* verb : subcommands(app)) {
    const auto name = verb->get_name();
    if (verb->get_group().empty()) continue;
    if (std::find(groups.begin(), groups.end(), verb) == groups.end()) {
      page += describe(*verb, name);
      continue;
    }
    page += fmt::format(".SS \"{}\"\n{}. See\n.BR gpuslice\\-{} (1).\n", name, roff(verb->get_description()), name);
    see += fmt::format(".BR gpuslice\\-{} (1),\n", name);
  }
  page += std::string(environment) +
          ".TP\n.B NO_COLOR\nwhen set, talk is not coloured. It never is when it does not go to a terminal; data never "
          "is.\n";
  return page + exit_statuses() + ".SH SEE ALSO\n" + see + ".BR nvidia\\-smi (1)\n";
}

std::string group_page(const CLI::App& group) {
  const auto& name = group.get_name();
  auto page = head("gpuslice-" + name, lower_first(group.get_description()));
  page += ".SH SYNOPSIS\n";
  for (const auto* verb : subcommands(group))
    page += fmt::format(".B {}\n.br\n", roff(synopsis(*verb, name + " " + verb->get_name())));
  page += fmt::format(".SH DESCRIPTION\n{}.\n.SH VERBS\n", roff(group.get_description()));
  for (const auto* verb : subcommands(group)) page += describe(*verb, name + " " + verb->get_name());
  page += environment;
  page += exit_statuses();
  page +=
      ".PP\n\\fBsim exec\\fR, \\fBsim shell\\fR and \\fBsim attach\\fR end with the command's own status, or with 125 "
      "(could not be "
      "entered), 126 (the command may not be run) or 127 (it is not there).\n";
  return page + ".SH SEE ALSO\n.BR gpuslice (1),\n.BR gpuslice\\-smi (1)\n";
}

std::string smi_help(const std::vector<std::string>& words) {
  std::ostringstream out;
  std::ostringstream err;
  // Help opens no node.
  smi::run(
      []() -> Result<std::unique_ptr<node::Node>> { return fail(ErrorKind::unsupported, "help", "needs no node"); },
      words, out, err, {});
  return out.str();
}

std::string smi_page() {
  auto page = head("gpuslice-smi", "the nvidia-smi work-alike");
  page +=
      ".SH SYNOPSIS\n.B gpuslice\n[\\fB\\-\\-node\\fR \\fINODE\\fR] \\fBsmi\\fR [\\fIWORDS\\fR]\n.br\n.B "
      "nvidia\\-smi\n[\\fIWORDS\\fR]\n"
      ".SH DESCRIPTION\nShows and changes GPUs with the options, the output and the exit statuses of nvidia\\-smi of "
      "driver 580: on a simulated "
      "node, or on the driver that answers here. It is the program that a simulated node has as "
      "nvidia\\-smi.\n"
      ".SH OPTIONS\n";
  page += verbatim(smi_help({"-h"}));
  for (const auto& name : smi::subcommand_names())
    page += ".SH SUBCOMMAND " + roff(upper(name)) + "\n" + verbatim(smi_help({name, "-h"}));
  page += environment;
  page +=
      ".SH EXIT STATUS\nAs nvidia\\-smi: 0, or the NVML code of what failed; 255 for words that it does not take.\n";
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
