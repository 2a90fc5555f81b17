#include "smi/options.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/result.hpp"
#include "smi/view/report.hpp"

namespace gpuslice::smi {
namespace {

enum class Value { none, required, optional, bare };  // bare: required, and no word that begins with a dash
// What an option belongs to. nvidia-smi takes one command at a time and refuses options of the others.
enum class Kind {
  help,
  version,
  list,
  select,       // -i
  summary,      // shapes the default view
  output,       // where and how often: default view, -q and --query-…
  full_query,   // -q
  query_part,   // belongs to -q
  field_query,  // --query-…
  query_format,
  help_query,
  change,       // sets something on a GPU
  change_part,  // -eow
  clock_mode,   // -m, belongs to -lgc
  clock_lock,   // -lgc
};

struct Spec {
  std::string_view short_name, long_name;
  Value value{};
  Kind kind{};
  bool built{true};  // false: known, and answered with a message of ours
};

constexpr auto none = Value::none;
constexpr auto required = Value::required;
constexpr std::array specs{
    Spec{"-h", "--help", none, Kind::help},
    Spec{"", "--version", none, Kind::version},
    Spec{"-L", "--list-gpus", none, Kind::list},
    Spec{"-B", "--list-excluded-gpus", none, Kind::list},
    Spec{"-i", "--id", required, Kind::select},
    Spec{"-col", "--columns", Value::bare, Kind::summary, false},
    Spec{"-f", "--filename", required, Kind::output},
    Spec{"-l", "--loop", Value::optional, Kind::output},
    Spec{"-lms", "--loop-ms", required, Kind::output},
    Spec{"-q", "--query", none, Kind::full_query},
    Spec{"-u", "--unit", none, Kind::full_query},
    Spec{"-x", "--xml-format", none, Kind::query_part},
    Spec{"", "--dtd", none, Kind::full_query},
    Spec{"-d", "--display", required, Kind::query_part},
    Spec{"", "--query-gpu", required, Kind::field_query},
    Spec{"", "--query-compute-apps", required, Kind::field_query},
    Spec{"", "--query-supported-clocks", required, Kind::field_query},
    Spec{"", "--query-accounted-apps", required, Kind::field_query},
    Spec{"", "--query-retired-pages", required, Kind::field_query},
    Spec{"", "--query-remapped-rows", required, Kind::field_query},
    Spec{"", "--format", Value::optional, Kind::query_format},
    Spec{"", "--help-query-gpu", none, Kind::help_query},
    Spec{"", "--help-query-compute-apps", none, Kind::help_query},
    Spec{"", "--help-query-supported-clocks", none, Kind::help_query},
    Spec{"", "--help-query-accounted-apps", none, Kind::help_query},
    Spec{"", "--help-query-retired-pages", none, Kind::help_query},
    Spec{"", "--help-query-remapped-rows", none, Kind::help_query},
    Spec{"-pm", "--persistence-mode", required, Kind::change},
    Spec{"-c", "--compute-mode", required, Kind::change},
    Spec{"-mig", "--multi-instance-gpu", required, Kind::change},
    Spec{"-eow", "--error-on-warning", none, Kind::change_part},
    Spec{"-e", "--ecc-config", required, Kind::change},
    Spec{"-p", "--reset-ecc-errors", required, Kind::change},
    Spec{"", "--gom", required, Kind::change, false},
    Spec{"-r", "--gpu-reset", Value::optional, Kind::change},
    Spec{"-vm", "--virt-mode", required, Kind::change, false},
    Spec{"-lgc", "--lock-gpu-clocks", required, Kind::clock_lock},
    Spec{"-m", "--mode", required, Kind::clock_mode, false},
    Spec{"-rgc", "--reset-gpu-clocks", none, Kind::change},
    Spec{"-lmc", "--lock-memory-clocks", required, Kind::change},
    Spec{"-rmc", "--reset-memory-clocks", none, Kind::change},
    Spec{"-lmcd", "--lock-memory-clocks-deferred", required, Kind::change, false},
    Spec{"-rmcd", "--reset-memory-clocks-deferred", none, Kind::change, false},
    Spec{"-ac", "--applications-clocks", required, Kind::change},
    Spec{"-rac", "--reset-applications-clocks", none, Kind::change},
    Spec{"-pl", "--power-limit", required, Kind::change},
    Spec{"-sc", "--scope", required, Kind::change, false},
    Spec{"-cc", "--cuda-clocks", required, Kind::change, false},
    Spec{"-am", "--accounting-mode", required, Kind::change},
    Spec{"-caa", "--clear-accounted-apps", none, Kind::change},
    Spec{"", "--auto-boost-default", required, Kind::change, false},
    Spec{"", "--auto-boost-permission", required, Kind::change, false},
    Spec{"-gtt", "--gpu-target-temp", required, Kind::change, false},
    Spec{"-den", "--dram-encryption", required, Kind::change, false},
    Spec{"", "--set-hostname", required, Kind::change, false},
    Spec{"", "--get-hostname", none, Kind::change},
    Spec{"-t", "--toggle-led", required, Kind::change, false},
    Spec{"", "--debug", required, Kind::output, false},
};

constexpr auto other_subcommands = std::to_array<std::string_view>({"dmon",
                                                                    "daemon",
                                                                    "replay",
                                                                    "pmon",
                                                                    "topo",
                                                                    "drain",
                                                                    "nvlink",
                                                                    "c2c",
                                                                    "clocks",
                                                                    "encodersessions",
                                                                    "fbcsessions",
                                                                    "vgpu",
                                                                    "boost-slider",
                                                                    "power-hint",
                                                                    "base-clocks",
                                                                    "conf-compute",
                                                                    "gpm",
                                                                    "pci",
                                                                    "power-smoothing",
                                                                    "power-profiles",
                                                                    "prm"});

struct Word {
  std::string typed;
  const Spec* spec{};  // none: a word that nvidia-smi does not know
  std::optional<std::string> value;

  [[nodiscard]] bool is(Kind kind) const { return spec != nullptr && spec->kind == kind; }
  [[nodiscard]] bool lacks_value() const {
    return spec != nullptr && (spec->value == required || spec->value == Value::bare) && !value;
  }
};

std::vector<Word> read_words(const std::vector<std::string>& typed) {
  std::vector<Word> words;
  for (std::size_t i = 0; i < typed.size(); ++i) {
    Word word{typed[i], nullptr, std::nullopt};
    const auto equals = word.typed.find('=');
    const std::string name = word.typed.substr(0, equals);
    const auto spec = std::ranges::find_if(specs, [&](const Spec& s) {
      return !name.empty() && (s.short_name == name || s.long_name == name) &&
             (equals == std::string::npos || s.value != none);
    });
    if (spec != specs.end()) {
      word.spec = &*spec;
      if (equals != std::string::npos) {
        word.value = word.typed.substr(equals + 1);
      } else if (i + 1 < typed.size() &&
                 (spec->value == required || (spec->value != none && !typed[i + 1].starts_with('-')))) {
        word.value = typed[++i];
      }
    }
    words.push_back(std::move(word));
  }
  return words;
}

// -l and -lms: 5 of their units where no number stands (recorded: "-lms bogus" goes round every 5 ms).
std::expected<std::chrono::milliseconds, Complaint> loop_of(const Word& word) {
  constexpr long usual = 5;
  const auto text = word.value.value_or("");
  char* end = nullptr;
  const long typed = std::strtol(text.c_str(), &end, 10);
  const long length = text.empty() || *end != '\0' ? usual : typed;
  if (length <= 0) {
    return std::unexpected(Complaint{
        "Provided [-l(ms) | --loop(-ms)=] value is incorrect. Loop frequency must be greater than 0.\n\n", 2, false});
  }
  if (word.spec->long_name == "--loop") return std::chrono::seconds(length);
  return std::chrono::milliseconds(length);
}

Complaint wrong(std::string text, int status) { return {std::move(text) + "\n\n", status, false}; }

bool typed(const std::vector<Word>& words, std::string_view long_name) {
  return std::ranges::any_of(words, [&](const Word& w) { return w.spec != nullptr && w.spec->long_name == long_name; });
}

// What -q, -u and --dtd add up to.
std::expected<Command, Complaint> full_query_command(const std::vector<Word>& words) {
  const bool units = typed(words, "--unit");
  if (!typed(words, "--query")) {
    if (typed(words, "--dtd")) return units ? Command::units_dtd : Command::dtd;
    return std::unexpected(
        wrong("Invalid combination of input arguments. Specify -q/--query and -u/--unit to run a unit query.  Please "
              "run 'nvidia-smi -h' for help.",
              2));
  }
  const bool xml = typed(words, "--xml-format");
  if (typed(words, "--dtd") && !xml) {
    return std::unexpected(
        Complaint{"Invalid combination of input arguments: Specify -x/--xml-format with the -q/--query and --dtd flags "
                  "to embed DTD.\n",
                  2, false});
  }
  if (typed(words, "--display") && xml) {
    return std::unexpected(
        Complaint{"Invalid combination of input arguments: --display/-d flags can not be combined with "
                  "-x/--xml-format flags.\n",
                  2, false});
  }
  return units ? Command::units : xml ? Command::xml : Command::report;
}

constexpr std::pair<std::string_view, Command> field_queries[] = {
    {"--query-gpu", Command::query_gpu},
    {"--query-compute-apps", Command::query_compute_apps},
    {"--query-supported-clocks", Command::query_supported_clocks},
    {"--query-accounted-apps", Command::query_accounted_apps},
    {"--query-retired-pages", Command::query_retired_pages},
    {"--query-remapped-rows", Command::query_remapped_rows},
    {"--help-query-gpu", Command::help_query_gpu},
    {"--help-query-compute-apps", Command::help_query_compute_apps},
    {"--help-query-supported-clocks", Command::help_query_supported_clocks},
    {"--help-query-accounted-apps", Command::help_query_accounted_apps},
    {"--help-query-retired-pages", Command::help_query_retired_pages},
    {"--help-query-remapped-rows", Command::help_query_remapped_rows},
};
Command field_query(std::string_view long_name) {
  return std::ranges::find(field_queries, long_name, &std::pair<std::string_view, Command>::first)->second;
}

}  // namespace

bool is_other_subcommand(const std::string& word) {
  return std::ranges::find(other_subcommands, word) != other_subcommands.end();
}

Complaint not_there_yet(const std::string& what) {
  return {fmt::format("gpuslice smi: {}: nvidia-smi has it, this program does not have it yet\n"
                      "  try: gpuslice smi --help\n",
                      what),
          255, true};
}

// All messages and statuses recorded from nvidia-smi 580.159.04.
std::expected<Options, Complaint> parse_options(const std::vector<std::string>& typed) {
  const auto words = read_words(typed);
  const auto count = [&](Kind kind) {
    return std::ranges::count_if(words, [kind](const Word& w) { return w.is(kind); });
  };
  const auto complain = [](Complaint complaint) { return std::unexpected(std::move(complaint)); };
  Options options;

  if (count(Kind::help) > 0) {
    for (const auto& word : words) {
      if (word.is(Kind::help)) continue;
      return complain(
          wrong(fmt::format("ERROR: Option {} is not valid for this command. Please run 'nvidia-smi -h' for help.",
                            word.typed),
                2));
    }
    options.command = Command::help;
    return options;
  }

  if (count(Kind::list) > 0) {
    for (const auto& word : words) {
      if (word.is(Kind::list)) continue;
      if (word.is(Kind::select) && word.value) {  // who takes it is a matter of the driver version
        options.gpus = word.value;
        options.id_word = word.typed;
        continue;
      }
      return complain(
          wrong(fmt::format("ERROR: Option {} is not valid for this command. Please run 'nvidia-smi -h' for help.",
                            word.typed),
                2));
    }
    if (count(Kind::list) > 1) {
      return complain(wrong("ERROR: Only one command can be run at a time. Please run 'nvidia-smi -h' for help.", 2));
    }
    const auto& list = *std::ranges::find_if(words, [](const Word& w) { return w.is(Kind::list); });
    options.command = list.spec->long_name == "--list-gpus" ? Command::list : Command::list_excluded;
    return options;
  }

  const auto lacking = std::ranges::find_if(words, &Word::lacks_value);
  if (lacking != words.end()) {
    return complain(wrong(
        fmt::format("ERROR: Option {} is missing its value. Please run 'nvidia-smi -h' for help.", lacking->typed),
        255));
  }

  if (count(Kind::clock_mode) > 0 && count(Kind::clock_lock) == 0) {
    return complain(
        wrong("Invalid combination of input arguments. '--mode' can only be used with '--lock-gpu-clocks'.", 2));
  }

  // What the words add up to, and which kinds of option that command takes.
  std::vector<Kind> taken;
  const char* unknown_tail = "'nvidia-smi -h'.";
  int unknown_status = 255;
  if (count(Kind::change) + count(Kind::clock_lock) > 0) {
    options.command = Command::change;
    taken = {Kind::change, Kind::change_part, Kind::clock_lock, Kind::clock_mode, Kind::select};
    unknown_tail = "'nvidia-smi -h' for help.";
  } else if (count(Kind::field_query) > 0) {
    if (count(Kind::field_query) > 1) {
      return complain({"Only one --query-* switch can be used at a time.\n", 2, false});
    }
    options.command = Command::query_gpu;
    taken = {Kind::field_query, Kind::query_format, Kind::select, Kind::output};
    unknown_tail = "'nvidia-smi -h' for help.";
    unknown_status = 2;
  } else if (count(Kind::full_query) > 0) {
    options.command = GPUSLICE_TRY(full_query_command(words));
    taken = {Kind::full_query};
    if (options.command == Command::dtd || options.command == Command::units_dtd) {
      unknown_tail = "'nvidia-smi -h' for help.";
    } else {
      taken.insert(taken.end(), {Kind::query_part, Kind::select, Kind::output});
    }
  } else if (count(Kind::help_query) > 0) {
    taken = {Kind::help_query};
  } else if (count(Kind::version) > 0) {
    options.command = Command::version;
    taken = {Kind::version};
  } else {
    taken = {Kind::summary, Kind::select, Kind::output};
    for (const auto& word : words) {
      if (!word.is(Kind::query_part) || word.lacks_value()) continue;
      const bool xml = word.spec->short_name == "-x";
      return complain(wrong(
          fmt::format("Invalid combination of input arguments. Specify -q/--query and {} to run {} query.  Please run "
                      "'nvidia-smi -h' for help.",
                      xml ? "-x/--xml-format" : "-d/--display", xml ? "an XML" : "a filtered"),
          2));
    }
  }

  for (const auto& word : words) {
    const bool without_query =
        word.is(Kind::query_part) && word.lacks_value();  // `-d` alone lacks its value (recorded)
    if (!without_query && (word.spec == nullptr || std::ranges::find(taken, word.spec->kind) == taken.end())) {
      return complain(wrong(fmt::format("ERROR: Option {} is not recognized. Please run {}", word.typed, unknown_tail),
                            unknown_status));
    }
  }
  for (const auto& word : words) {
    if (!word.spec->built) return complain(not_there_yet(word.typed));
    switch (word.spec->kind) {
      case Kind::select:
        options.gpus = word.value;
        break;
      case Kind::output:
        if (word.spec->long_name == "--filename") {
          options.file = word.value;
        } else {
          const auto loop = loop_of(word);
          if (!loop) return complain(loop.error());
          options.loop = *loop;
        }
        break;
      case Kind::query_format:
        options.format = word.value.value_or("");
        break;
      case Kind::change:
      case Kind::clock_lock:
        options.settings.push_back(
            {std::string(word.spec->short_name.empty() ? word.spec->long_name : word.spec->short_name),
             word.value.value_or("")});
        break;
      case Kind::change_part:
        options.error_on_warning = true;
        break;
      case Kind::field_query:
        options.command = field_query(word.spec->long_name);
        options.fields = word.value.value_or("");
        break;
      case Kind::help_query:
        options.command = field_query(word.spec->long_name);
        break;
      case Kind::full_query:
        if (word.spec->long_name == "--dtd") options.with_dtd = true;
        break;
      case Kind::query_part:
        if (word.spec->short_name == "-x") {
          options.as_xml = true;
        } else {
          options.display = word.value;
        }
        break;
      default:
        break;
    }
  }
  if (options.display) {
    if (const auto groups = parse_groups(*options.display); !groups) return complain(groups.error());
  }
  return options;
}

}  // namespace gpuslice::smi
