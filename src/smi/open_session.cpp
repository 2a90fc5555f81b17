#include "smi/open_session.hpp"

#include "smi/gpu_select.hpp"
#include "smi/reachable.hpp"

namespace gpuslice::smi {
namespace {

// NVML_ERROR_DRIVER_NOT_LOADED, what nvidia-smi ends with when there is no driver.
constexpr int err_driver_not_loaded = 9;
constexpr int unreadable = 255;

}  // namespace

Opened::Opened(std::unique_ptr<node::Node> opened, const Environment& at, std::ostream& out, node::SystemInfo system)
    : node(std::move(opened)), environment(at), session{*node, out, environment, std::move(system), Format{}, {}} {
  session.format = Format::of(session.system.driver_version);
}

std::expected<std::unique_ptr<Opened>, int> open_session(const Call& call) {
  auto node = call.open();
  if (!node) {
    call.err << "gpuslice smi: " << node.error().message() << '\n';
    if (!node.error().hint.empty()) call.err << "  try: " << node.error().hint << '\n';
    return std::unexpected(err_driver_not_loaded);
  }
  auto system = (*node)->system();
  if (!system) {
    call.out << system.error().text << '\n';
    return std::unexpected(exit_status(system.error().code));
  }
  return std::make_unique<Opened>(*std::move(node), call.environment, call.out, *std::move(system));
}

std::expected<void, int> choose_gpus(Session& session, const std::optional<std::string>& ids, std::ostream& err,
                                     Unreachable unreachable) {
  if (ids) {
    const auto items = split_list(*ids);
    if (items.empty()) {
      session.out << "Failed to parse device string on command line";  // recorded: and no line end
      return std::unexpected(unreadable);
    }
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
  if ((*opened)->session.gpus.empty()) {
    call.out << "No devices were found\n";
    return std::unexpected(node::err_not_found);
  }
  return opened;
}

}  // namespace gpuslice::smi
