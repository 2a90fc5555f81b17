#include "smi/smi.hpp"

#include <fmt/format.h>

#include "smi/help.hpp"
#include "smi/log_file.hpp"
#include "smi/open_session.hpp"
#include "smi/request.hpp"
#include "smi/settings/change.hpp"
#include "smi/subcommand.hpp"
#include "smi/view/dtd.hpp"
#include "smi/view/list.hpp"
#include "smi/view/query.hpp"
#include "smi/view/query_lists.hpp"
#include "smi/view/report.hpp"
#include "smi/view/summary.hpp"
#include "smi/view/units.hpp"
#include "smi/view/version.hpp"
#include "smi/view/xml.hpp"

namespace gpuslice::smi {
namespace {

// Runs the commands that need no node. Returns false for any other command.
bool answer_without_node(const Request& request, std::ostream& out) {
  switch (request.command) {
    case Command::help:
      print_help(out);
      return true;
    case Command::help_query:
      request.query == Query::gpu ? print_gpu_fields(out) : print_list_fields(out, request.query);
      return true;
    case Command::dtd:
      print_dtd(out, Format{});
      return true;
    case Command::units_dtd:
      print_units_dtd(out);
      return true;
    default:
      return false;
  }
}

std::expected<int, Complaint> run_command(Session& session, const Request& request) {
  switch (request.command) {
    case Command::version:
      return print_version(session);
    case Command::list:
      return list_gpus(session);
    case Command::list_excluded:
      return list_excluded_gpus(session);
    case Command::summary:
      return summary(session);
    case Command::query:
      return request.query == Query::gpu ? query_gpu(session, request) : query_list(session, request);
    case Command::report:
      return report(session, request);
    case Command::xml:
      return print_xml(session, request.with_dtd);
    case Command::units:
      return print_units(session, request.as_xml, request.with_dtd);
    case Command::change:
      return change_settings(session, request);
    case Command::help:
    case Command::help_query:
    case Command::dtd:
    case Command::units_dtd:
      break;  // answered before a node is opened
  }
  return 0;
}

// Runs the command once or, with -l or -lms, repeatedly until Ctrl-C ends the program. The header of a table is printed
// only once.
std::expected<int, Complaint> run_rounds(Session& session, Request request) {
  auto status = run_command(session, request);
  while (status && *status == 0 && request.loop && session.pause(*request.loop, Environment::Interrupt::ends_program)) {
    if (!request.fields.empty() && !request.format.ends_with("noheader")) request.format += ",noheader";
    status = run_command(session, request);
  }
  return status;
}

int run_request(const Call& call, const Request& request) {
  LogFile file(call, request.file);
  if (file.failed()) return LogFile::not_made;
  const auto opened = open_session(call);
  if (!opened) return opened.error();
  Session& session = (*opened)->session;
  if (request.id_argument && !session.format.list_takes_id) {
    call.out << fmt::format("ERROR: Option {} is not valid for this command. Please run 'nvidia-smi -h' for help.\n\n",
                            *request.id_argument);
    return wrong_arguments;
  }
  const bool lists = request.command == Command::list || request.command == Command::list_excluded;
  if (const auto chosen =
          choose_gpus(session, request.gpus, call.err, lists ? Unreachable::kept : Unreachable::left_out);
      !chosen)
    return chosen.error();
  if (session.gpus.empty() && request.command != Command::version && request.command != Command::list_excluded)
    return answer_no_gpus(call.out);
  auto shown = (*opened)->into(file.out());
  const auto status = run_rounds(shown, request);
  return status ? file.end(*status) : answer_complaint(status.error(), call.out, call.err);
}

}  // namespace

int run(const NodeFactory& open, const std::vector<std::string>& args, std::ostream& out, std::ostream& err,
        const Environment& environment) {
  const Call call{open, out, err, environment};
  if (!args.empty()) {
    if (const auto* subcommand = find_subcommand(args[0]))
      return subcommand->run != nullptr ? subcommand->run(call, {args.begin() + 1, args.end()})
                                        : say_not_there_yet(call, args[0]);
  }
  const auto request = parse_request(args);
  if (!request) return answer_complaint(request.error(), out, err);
  if (answer_without_node(*request, out)) return 0;
  return run_request(call, *request);
}

}  // namespace gpuslice::smi
