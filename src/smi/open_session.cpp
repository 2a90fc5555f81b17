#include "smi/open_session.hpp"

#include <algorithm>
#include <array>

#include "smi/gpu_select.hpp"
#include "smi/reachable.hpp"

namespace gpuslice::smi {
namespace {

constexpr int unreadable = 255;

// Prints nvidia-smi's message for a driver that does not answer. Returns the exit status, which is the code itself if
// nvidia-smi exits with it, and 255 otherwise.
int no_driver(std::ostream& out, int code, const std::string& words) {
  constexpr std::array statuses = {2, 3, 4, 6, 8, 9, 12, 13, 15, 17, 18};
  if (code == node::err_driver_not_loaded)
    out << "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest "
           "NVIDIA "
           "driver is installed and running.\n\n";
  else if (code == node::err_library_not_found)
    out << "NVIDIA-SMI couldn't find libnvidia-ml.so library in your system. Please make sure that the NVIDIA Display "
           "Driver is properly installed and present in your system.\nPlease also try adding directory that contains "
           "libnvidia-ml.so to your system PATH.\n";
  else
    out << "Failed to initialize NVML: " << (code == node::err_not_supported ? "N/A" : words) << '\n';
  return std::ranges::find(statuses, code) != statuses.end() ? code : unreadable;
}

}  // namespace

Opened::Opened(std::unique_ptr<node::Node> opened, const Environment& at, std::ostream& out, node::SystemInfo system)
    : node(std::move(opened)), environment(at), session{*node, out, environment, std::move(system), Format{}, {}} {
  session.format = Format::of(session.system.driver_version);
}

std::expected<std::unique_ptr<Opened>, int> open_session(const Call& call) {
  auto node = call.open();
  if (!node) {
    const auto& error = node.error();
    // If the library is missing, also print our own message, whose hint tells where to find a node. For errors that
    // NVIDIA's program does not have, print only our own message.
    if (error.code == 0 || error.code == node::err_library_not_found) {
      call.err << "gpuslice smi: " << error.message() << '\n';
      if (!error.hint.empty()) call.err << "  try: " << error.hint.line() << '\n';
    }
    return std::unexpected(error.code == 0 ? node::err_driver_not_loaded
                                           : no_driver(call.out, error.code, error.words));
  }
  auto system = (*node)->identity().system();
  if (!system) return std::unexpected(answer_refused(call.out, system.error()));
  return std::make_unique<Opened>(*std::move(node), call.environment, call.out, *std::move(system));
}

int refuse_empty_list(std::ostream& out) {
  out << "Failed to parse device string on command line";  // nvidia-smi prints no line end here
  return unreadable;
}

int answer_no_gpus(std::ostream& out) {
  out << "No devices were found\n";
  return node::err_not_found;
}

std::expected<void, int> choose_gpus(Session& session, const std::optional<std::string>& ids, std::ostream& err,
                                     Unreachable unreachable) {
  if (ids) {
    const auto items = split_list(*ids);
    if (items.empty()) return std::unexpected(refuse_empty_list(session.out));
    for (const auto& item : items) {
      if (const auto problem = bus_id_problem(item)) {
        session.out << *problem << '\n';
        return std::unexpected(unreadable);
      }
    }
  }
  auto gpus = select_gpus(session.node, ids);
  if (!gpus) {
    session.out << "Unable to determine the number of GPUs\n";
    return std::unexpected(exit_status(gpus.error().code));
  }
  if (unreachable == Unreachable::left_out) {
    if (const auto status = leave_out_unreachable(session.node, *gpus, session.out, err))
      return std::unexpected(*status);
  }
  session.gpus = *std::move(gpus);
  return {};
}

std::expected<std::unique_ptr<Opened>, int> open_with_gpus(const Call& call, const std::optional<std::string>& ids,
                                                           Unreachable unreachable) {
  auto opened = open_session(call);
  if (!opened) return opened;
  if (const auto chosen = choose_gpus((*opened)->session, ids, call.err, unreachable); !chosen)
    return std::unexpected(chosen.error());
  if ((*opened)->session.gpus.empty()) return std::unexpected(answer_no_gpus(call.out));
  return opened;
}

}  // namespace gpuslice::smi
