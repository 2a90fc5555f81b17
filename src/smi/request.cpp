#include "smi/request.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/result.hpp"
#include "smi/command_forms.hpp"
#include "smi/view/report.hpp"

// All messages and exit statuses were recorded from nvidia-smi 580.159.04.
namespace gpuslice::smi {
namespace {

using Group = MainGroup;

std::unexpected<Complaint> complain(std::string text, int status = invalid_status) {
  return std::unexpected(Complaint{std::move(text), status, false});
}
std::unexpected<Complaint> not_valid_here(const TypedOption& option) {
  return complain(fmt::format(
      "ERROR: Option {} is not valid for this command. Please run 'nvidia-smi -h' for help.\n\n", option.typed));
}

// The arguments after the name of the program.
class CommandLine {
 public:
  explicit CommandLine(const std::vector<std::string>& arguments) : typed_(scan_options(main_options(), arguments)) {}

  [[nodiscard]] const std::vector<TypedOption>& typed() const { return typed_; }
  [[nodiscard]] static bool in(const TypedOption& option, Groups wanted) {
    return option.option != nullptr && (groups({option.option->group}) & wanted) != 0;
  }
  [[nodiscard]] std::ptrdiff_t count(Groups wanted) const {
    return std::ranges::count_if(typed_, [wanted](const TypedOption& one) { return in(one, wanted); });
  }
  [[nodiscard]] bool has(Groups wanted) const { return count(wanted) > 0; }
  [[nodiscard]] bool has(std::string_view long_name) const {
    return std::ranges::any_of(
        typed_, [=](const TypedOption& one) { return one.option != nullptr && one.option->long_name == long_name; });
  }

 private:
  std::vector<TypedOption> typed_;
};

constexpr std::pair<std::string_view, Query> queries[] = {
    {"query-gpu", Query::gpu},
    {"query-compute-apps", Query::compute_apps},
    {"query-supported-clocks", Query::supported_clocks},
    {"query-accounted-apps", Query::accounted_apps},
    {"query-retired-pages", Query::retired_pages},
    {"query-remapped-rows", Query::remapped_rows},
};
// The same for --query-gpu and --help-query-gpu.
Query query_of(const Option& option) {
  return std::ranges::find_if(queries, [&](const auto& query) { return option.long_name.ends_with(query.first); })
      ->second;
}

std::expected<Request, Complaint> help_request(const CommandLine& line) {
  for (const auto& option : line.typed())
    if (!CommandLine::in(option, groups({Group::help}))) return not_valid_here(option);
  Request request;
  request.command = Command::help;
  return request;
}

std::expected<Request, Complaint> list_request(const CommandLine& line) {
  Request request;
  for (const auto& option : line.typed()) {
    if (CommandLine::in(option, groups({Group::list}))) {
      request.command = option.option->long_name == "--list-gpus" ? Command::list : Command::list_excluded;
    } else if (CommandLine::in(option, groups({Group::select})) && option.value) {
      request.gpus = option.value;  // whether the command accepts it depends on the driver version
      request.id_argument = option.typed;
    } else {
      return not_valid_here(option);
    }
  }
  if (line.count(groups({Group::list})) > 1)
    return complain("ERROR: Only one command can be run at a time. Please run 'nvidia-smi -h' for help.\n\n");
  return request;
}

// The command that a combination of -q, -u and --dtd selects.
std::expected<Command, Complaint> full_query_command(const CommandLine& line) {
  const bool units = line.has("--unit");
  if (!line.has("--query")) {
    if (line.has("--dtd")) return units ? Command::units_dtd : Command::dtd;
    return complain(
        "Invalid combination of input arguments. Specify -q/--query and -u/--unit to run a unit query.  Please run "
        "'nvidia-smi -h' for help.\n\n");
  }
  const bool xml = line.has("--xml-format");
  if (line.has("--dtd") && !xml)
    return complain(
        "Invalid combination of input arguments: Specify -x/--xml-format with the -q/--query and --dtd flags to embed "
        "DTD.\n");
  if (line.has("--display") && xml)
    return complain(
        "Invalid combination of input arguments: --display/-d flags can not be combined with -x/--xml-format "
        "flags.\n");
  return units ? Command::units : xml ? Command::xml : Command::report;
}

// Refuses -x and -d without -q.
std::expected<void, Complaint> check_summary(const CommandLine& line) {
  for (const auto& option : line.typed()) {
    if (!CommandLine::in(option, groups({Group::query_part}))) continue;
    const bool xml = option.option->long_name == "--xml-format";
    return complain(
        fmt::format("Invalid combination of input arguments. Specify -q/--query and {} to run {} query.  Please run "
                    "'nvidia-smi -h' for help.\n\n",
                    xml ? "-x/--xml-format" : "-d/--display", xml ? "an XML" : "a filtered"));
  }
  return {};
}

// The interval of -l or -lms. If the value is not a number, it is 5 of the option's units, as in nvidia-smi ("-lms
// bogus" repeats every 5 ms).
std::expected<std::chrono::milliseconds, Complaint> loop_of(const TypedOption& option) {
  constexpr long usual = 5;
  const auto text = option.value.value_or("");
  char* end = nullptr;
  const long typed = std::strtol(text.c_str(), &end, 10);
  const long length = text.empty() || *end != '\0' ? usual : typed;
  if (length <= 0)
    return complain("Provided [-l(ms) | --loop(-ms)=] value is incorrect. Loop frequency must be greater than 0.\n\n");
  if (option.option->long_name == "--loop") return std::chrono::seconds(length);
  return std::chrono::milliseconds(length);
}

// Adds one option to the request.
std::expected<void, Complaint> take(Request& request, const TypedOption& typed) {
  const Option& option = *typed.option;
  if (!option.built) return std::unexpected(not_there_yet(typed.typed));
  switch (option.group) {
    case Group::select:
      request.gpus = typed.value;
      break;
    case Group::output:
      if (option.long_name == "--filename") {
        request.file = typed.value;
      } else {
        request.loop = GPUSLICE_TRY(loop_of(typed));
      }
      break;
    case Group::query_format:
      request.format = typed.value.value_or("");
      break;
    case Group::change:
    case Group::clock_lock:
      request.settings.push_back({std::string(option.name()), typed.value.value_or("")});
      break;
    case Group::change_part:
      request.error_on_warning = true;
      break;
    case Group::field_query:
      request.fields = typed.value.value_or("");
      request.query = query_of(option);
      break;
    case Group::help_query:
      request.query = query_of(option);
      break;
    case Group::full_query:
      request.with_dtd |= option.long_name == "--dtd";
      break;
    case Group::query_part:
      if (option.long_name == "--xml-format") {
        request.as_xml = true;
      } else {
        request.display = typed.value;
      }
      break;
    default:
      break;
  }
  return {};
}

}  // namespace

std::expected<Request, Complaint> parse_request(const std::vector<std::string>& arguments) {
  const CommandLine line(arguments);
  if (line.has(groups({Group::help}))) return help_request(line);
  if (line.has(groups({Group::list}))) return list_request(line);
  if (const auto lacking = std::ranges::find_if(line.typed(), &TypedOption::lacks_value); lacking != line.typed().end())
    return complain(
        fmt::format("ERROR: Option {} is missing its value. Please run 'nvidia-smi -h' for help.\n\n", lacking->typed),
        unusable_status);
  if (line.has(groups({Group::clock_mode})) && !line.has(groups({Group::clock_lock})))
    return complain("Invalid combination of input arguments. '--mode' can only be used with '--lock-gpu-clocks'.\n\n");

  const auto begun =
      std::ranges::find_if(command_forms, [&](const CommandForm& form) { return line.has(form.begun_by); });
  CommandForm form = begun == command_forms.end() ? summary_form : *begun;
  Request request;
  request.command = form.command;
  if (form.command == Command::summary) GPUSLICE_CHECK(check_summary(line));
  if (form.command == Command::query && line.count(form.begun_by) > 1)
    return complain("Only one --query-* switch can be used at a time.\n");
  if (form.command == Command::report) {
    request.command = GPUSLICE_TRY(full_query_command(line));
    if (request.command == Command::dtd || request.command == Command::units_dtd) form = definition_form;
  }
  for (const auto& option : line.typed())
    if (!CommandLine::in(option, form.takes))
      return complain(fmt::format("ERROR: Option {} is not recognized. Please run {}\n\n", option.typed, form.advice),
                      form.status);
  for (const auto& option : line.typed()) GPUSLICE_CHECK(take(request, option));
  if (request.display) GPUSLICE_CHECK(parse_groups(*request.display));
  return request;
}

}  // namespace gpuslice::smi
