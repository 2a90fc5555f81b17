// `gpuslice help [TOPIC...]`: the help of a command, the meaning of a term, or the list of all terms.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "base/nearest.hpp"
#include "cli/help_text.hpp"
#include "cli/option_words.hpp"
#include "cli/smi_verb.hpp"
#include "cli/terms.hpp"
#include "cli/verbs.hpp"

namespace gpuslice::cli {
namespace {

struct HelpWords {
  std::vector<std::string> topic;
  bool markdown{};
};

std::vector<std::string_view> command_names(const CLI::App& app) {
  std::vector<std::string_view> names;
  for (const auto* sub : subcommands(app))
    if (!sub->get_group().empty()) names.emplace_back(sub->get_name());
  return names;
}

const CLI::App* find_command(const CLI::App& app, const std::string& name) {
  for (const auto* sub : subcommands(app))
    if (!sub->get_group().empty() && sub->get_name() == name) return sub;
  return nullptr;
}

Error no_topic(const CLI::App& program, const std::string& topic, bool term_only) {
  auto known = term_only ? std::vector<std::string_view>{} : command_names(program);
  for (const auto spelling : term_spellings()) known.push_back(spelling);
  const auto near = nearest(topic, known, 1);
  Hint::Command hint{"help"};
  if (term_only && !near.empty()) hint.emplace_back("term");
  hint.emplace_back(near.empty() ? std::string("terms") : std::string(near[0]));
  return {ErrorKind::usage, (term_only ? "help term " : "help ") + topic,
          term_only ? "is not a term" : "is neither a command nor a term", Hint::gpuslice(std::move(hint))};
}

// The text, ending with exactly one line end.
Result<std::string> help_about(const CLI::App& program, std::vector<std::string> topic) {
  if (topic.empty()) return help_text(program);
  const auto words = fmt::format("{}", fmt::join(topic, " "));
  if (words == "terms") return term_list();
  if (topic[0] == "term" && topic.size() > 1) {
    const auto wanted = words.substr(topic[0].size() + 1);
    if (const auto* term = find_term(wanted)) return term_text(*term);
    return std::unexpected(no_topic(program, wanted, true));
  }
  if (const auto* command = find_command(program, topic[0])) {
    if (topic[0] == "smi") return smi_help({topic.begin() + 1, topic.end()});
    std::size_t at = 1;
    for (; at < topic.size(); ++at) {
      const auto* next = find_command(*command, topic[at]);
      if (next == nullptr) break;
      command = next;
    }
    if (at == topic.size()) return help_text(*command);
    if (find_term(words) == nullptr && !subcommands(*command).empty()) {
      const auto near = nearest(topic[at], command_names(*command), 1);
      Hint::Command hint{"help"};
      for (std::size_t i = 0; i < at; ++i) hint.emplace_back(topic[i]);
      if (!near.empty()) hint.emplace_back(std::string(near[0]));
      return fail(ErrorKind::usage, topic[at], "is not a command of gpuslice " + command_path(*command),
                  Hint::gpuslice(std::move(hint)));
    }
  }
  if (const auto* term = find_term(words)) return term_text(*term);
  return std::unexpected(no_topic(program, words, false));
}

Result<int> help(const CommandLine& line, const HelpWords& words, std::vector<std::string> topic) {
  if (words.markdown && !topic.empty())
    return fail(ErrorKind::usage, "help", "--markdown prints all terms and takes no topic",
                Hint::gpuslice({"help", Hint::flag("markdown")}));
  line.terminal.out << (words.markdown ? terms_markdown()
                                       : GPUSLICE_TRY(help_about(line.app.parsed(), std::move(topic))));
  return 0;
}

}  // namespace

void add_help_verb(CommandLine& line) {
  auto verb = line.app.add_subcommand("help", "Print the help of a command, or explain a term of GPU sharing");
  auto words = std::make_shared<HelpWords>();
  verb.add_option("TOPIC", words->topic, "A command, such as 'sim create'; a term, such as placement or +me; or terms");
  verb.add_flag("--markdown", words->markdown, "Print all terms as Markdown, as in docs/terms.md");
  verb.footer(
      "gpuslice help terms lists all terms. For a term with the same name as a command: gpuslice help term NAME.\n");
  verb.prefix_command();  // a term may look like an option: -me
  verb.callback([&line, words, verb] {
    auto topic = words->topic;
    for (auto& word : verb.remaining()) topic.push_back(std::move(word));
    line.chosen = [&line, words, topic] { return help(line, *words, topic); };
  });
}

}  // namespace gpuslice::cli
