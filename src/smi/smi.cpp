#include "smi/smi.hpp"

#include <fmt/format.h>

#include "smi/help.hpp"
#include "smi/log_file.hpp"
#include "smi/open_session.hpp"
#include "smi/options.hpp"
#include "smi/reachable.hpp"
#include "smi/session.hpp"
#include "smi/settings/change.hpp"
#include "smi/subcommand.hpp"
#include "smi/view/dtd.hpp"
#include "smi/view/list.hpp"
#include "smi/view/query.hpp"
#include "smi/view/query_lists.hpp"
#include "smi/view/report.hpp"
#include "smi/view/summary.hpp"
#include "smi/view/units.hpp"
#include "smi/view/xml.hpp"

namespace gpuslice::smi {
namespace {

int say(const Complaint& complaint, std::ostream& out, std::ostream& err) {
  (complaint.ours ? err : out) << complaint.text;
  return complaint.status;
}

// The versions that NVML numbers "13.580.159.04" are shown as "580.159" (recorded).
std::string nvml_shown(const std::string& version) {
  const auto first = version.find('.');
  if (first == std::string::npos) return version;
  const auto second = version.find('.', first + 1);
  const auto third = second == std::string::npos ? second : version.find('.', second + 1);
  return version.substr(first + 1, third == std::string::npos ? third : third - first - 1);
}

int print_version(Session& session) {
  const auto& system = session.system;
  session.out << fmt::format(
      "NVIDIA-SMI version  : {}\nNVML version        : {}\nDRIVER version      : {}\nCUDA Version        : {}\n",
      system.driver_version, nvml_shown(system.nvml_version), system.driver_version,
      system.cuda_version ? fmt::format("{}.{}", *system.cuda_version / 1000, *system.cuda_version % 1000 / 10)
                          : "N/A");
  return 0;
}

[[nodiscard]] bool is_list_help(Command command) {
  switch (command) {
    case Command::help_query_compute_apps:
    case Command::help_query_supported_clocks:
    case Command::help_query_accounted_apps:
    case Command::help_query_retired_pages:
    case Command::help_query_remapped_rows:
      return true;
    default:
      return false;
  }
}

std::expected<int, Complaint> run_command(Session& session, const Options& options) {
  switch (options.command) {
    case Command::version:
      return print_version(session);
    case Command::list:
      return list_gpus(session);
    case Command::list_excluded:
      return list_excluded_gpus(session);
    case Command::summary:
      return summary(session);
    case Command::query_gpu:
      return query_gpu(session, options);
    case Command::query_compute_apps:
    case Command::query_supported_clocks:
    case Command::query_accounted_apps:
    case Command::query_retired_pages:
    case Command::query_remapped_rows:
      return query_list(session, options);
    case Command::report:
      return report(session, options);
    case Command::xml:
      return print_xml(session, options.with_dtd);
    case Command::units:
      return print_units(session, options.as_xml, options.with_dtd);
    case Command::change:
      return change_settings(session, options);
    case Command::help:
    case Command::help_query_gpu:
    case Command::help_query_compute_apps:
    case Command::help_query_supported_clocks:
    case Command::help_query_accounted_apps:
    case Command::help_query_retired_pages:
    case Command::help_query_remapped_rows:
    case Command::dtd:
    case Command::units_dtd:
      break;  // answered before a node is opened
  }
  return 0;
}

// With -l or -lms the command again and again, until Ctrl-C ends the program; the header of a table once.
std::expected<int, Complaint> run_rounds(Session& session, Options options) {
  auto status = run_command(session, options);
  while (status && *status == 0 && options.loop && session.pause(*options.loop, Environment::Interrupt::ends_program)) {
    if (!options.fields.empty() && !options.format.ends_with("noheader")) options.format += ",noheader";
    status = run_command(session, options);
  }
  return status;
}

}  // namespace

int run(const NodeFactory& open, const std::vector<std::string>& args, std::ostream& out, std::ostream& err,
        const Environment& environment) {
  if (!args.empty()) {
    if (const auto* subcommand = find_subcommand(args[0]))
      return subcommand->run({open, out, err, environment}, {args.begin() + 1, args.end()});
    if (is_other_subcommand(args[0])) return say(not_there_yet(args[0]), out, err);
  }
  auto parsed = parse_options(args);
  if (!parsed) return say(parsed.error(), out, err);
  const Options options = *std::move(parsed);
  // Texts that need no node.
  if (options.command == Command::help) {
    print_help(out);
    return 0;
  }
  if (options.command == Command::help_query_gpu) {
    print_gpu_fields(out);
    return 0;
  }
  if (is_list_help(options.command)) {
    print_list_fields(out, options.command);
    return 0;
  }
  if (options.command == Command::dtd || options.command == Command::units_dtd) {
    options.command == Command::dtd ? print_dtd(out, Format{}) : print_units_dtd(out);
    return 0;
  }

  LogFile file({open, out, err, environment}, options.file);
  if (file.failed()) return LogFile::not_made;
  const auto opened = open_session({open, out, err, environment});
  if (!opened) return opened.error();
  Session& session = (*opened)->session;
  if (options.id_word && !session.format.list_takes_id) {
    out << fmt::format("ERROR: Option {} is not valid for this command. Please run 'nvidia-smi -h' for help.\n\n",
                       *options.id_word);
    return 2;
  }
  const bool lists = options.command == Command::list || options.command == Command::list_excluded;
  if (const auto chosen = choose_gpus(session, options.gpus, err, lists ? Unreachable::kept : Unreachable::left_out);
      !chosen)
    return chosen.error();
  if (session.gpus.empty() && options.command != Command::version && options.command != Command::list_excluded) {
    out << "No devices were found\n";
    return node::err_not_found;
  }
  auto shown = (*opened)->into(file.out());
  const auto status = run_rounds(shown, options);
  return status ? file.end(*status) : say(status.error(), out, err);
}

}  // namespace gpuslice::smi
