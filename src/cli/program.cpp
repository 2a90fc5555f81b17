#include "cli/program.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <iostream>

#include "base/nearest.hpp"
#include "cli/catalogue_verbs.hpp"
#include "cli/completion_verb.hpp"
#include "cli/man_verb.hpp"
#include "cli/resolve_verb.hpp"
#include "cli/sim_verb.hpp"
#include "cli/smi_verb.hpp"
#include "cli/version.hpp"

namespace gpuslice::cli {
namespace {

// `smi` hands everything behind it through untouched, its own --help included, so it is taken out before parsing.
int try_smi(const std::vector<std::string>& words, bool& taken) {
  std::string node;
  std::size_t at = 0;
  if (words.size() > 1 && words[0] == "--node") {
    node = words[1];
    at = 2;
  } else if (!words.empty() && words[0].starts_with("--node=")) {
    node = words[0].substr(7);
    at = 1;
  }
  taken = at < words.size() && words[at] == "smi";
  if (!taken) return 0;
  return run_smi(node, {words.begin() + static_cast<std::ptrdiff_t>(at) + 1, words.end()});
}

int usage_error(const CLI::App& app, const CLI::ParseError& error, const std::vector<std::string>& words) {
  std::string hint = "gpuslice --help";
  // A verb that does not exist: name the nearest.
  std::vector<std::string> names;
  for (const auto* sub : app.get_subcommands([](const CLI::App*) { return true; })) names.push_back(sub->get_name());
  if (!words.empty() && !words[0].starts_with("-") && std::find(names.begin(), names.end(), words[0]) == names.end()) {
    const auto near = nearest(words[0], {names.begin(), names.end()}, 1);
    return show({ErrorKind::usage, words[0], "is no verb of gpuslice", "gpuslice " + std::string(near.empty() ? "--help" : near[0])});
  }
  for (const auto* sub = &app; !sub->get_subcommands().empty();) {
    sub = sub->get_subcommands()[0];
    hint = sub->get_name() + " --help";
    for (const auto* up = sub->get_parent(); up != nullptr; up = up->get_parent()) hint = up->get_name() + " " + hint;
  }
  return show({ErrorKind::usage, "", error.what(), hint});
}

}  // namespace

int exit_status(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage: return 2;
    case ErrorKind::unknown: return 4;
    case ErrorKind::busy:
    case ErrorKind::refused:
    case ErrorKind::unsupported: return 5;
    default: return 1;
  }
}

int show(const Error& error) {
  fmt::print(stderr, "gpuslice: {}\n", error.message());
  if (!error.hint.empty()) fmt::print(stderr, "  try: {}\n", error.hint);
  return exit_status(error.kind);
}

std::unique_ptr<CommandLine> make_command_line() {
  auto line = std::make_unique<CommandLine>();
  auto& app = line->app;
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string("gpuslice ") + version);
  app.add_option("--node", line->node, "the node: local (default where a driver answers) or sim:NAME");
  add_catalogue_verbs(app, line->chosen);
  add_resolve_verb(app, line->node, line->chosen);
  add_sim_verbs(*app.add_subcommand("sim", "Make, enter and end simulated nodes"), line->chosen);
  app.add_subcommand("smi", "nvidia-smi, the work-alike: all its words follow")->prefix_command();
  add_completion_verb(app, line->chosen);
  add_man_verb(app, line->chosen);
  return line;
}

int run_program(const std::vector<std::string>& words) {
  bool taken = false;
  const int status = try_smi(words, taken);
  if (taken) return status;
  const auto line = make_command_line();
  try {
    std::vector<std::string> reversed(words.rbegin(), words.rend());  // the order CLI11 wants
    line->app.parse(reversed);
  } catch (const CLI::Success& done) {  // --help and --version
    return line->app.exit(done);
  } catch (const CLI::ParseError& error) {
    return usage_error(line->app, error, words);
  }
  if (!line->chosen) return show({ErrorKind::usage, "", "says nothing to do", "gpuslice --help"});
  const auto ended = line->chosen();
  if (!ended) return show(ended.error());
  if (std::fflush(stdout) != 0) return show({ErrorKind::io, "standard output", "cannot be written (is the disk full?)", ""});
  return *ended;
}

}  // namespace gpuslice::cli
