// `gpuslice sim raise`: raises an event of a GPU of a node, for clients that wait for events.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "base/printable.hpp"
#include "cli/option_words.hpp"
#include "cli/sim_node.hpp"
#include "cli/sim_verb.hpp"
#include "sim/driver.hpp"
#include "sim/events.hpp"

namespace gpuslice::cli {
namespace {

struct RaiseWords {
  std::string node, ecc, event;
  std::optional<std::uint32_t> xid, gi, ci;
  std::uint32_t gpu{};
  bool sram{};
};

// Sets the kind from the options; exactly one kind option must be given.
Result<sim::Event> event_of(const RaiseWords& w) {
  const int kinds = w.xid.has_value() + !w.ecc.empty() + !w.event.empty();
  if (kinds != 1)
    return fail(ErrorKind::usage, "sim raise", "needs one of --xid, --ecc and --event",
                Hint::gpuslice({"sim", "raise", Hint::flag("help")}));
  if (w.sram && w.ecc.empty())
    return fail(ErrorKind::usage, "--sram", "is allowed only with --ecc", "--ecc single --sram");
  sim::Event event;
  event.gpu = w.gpu;
  if (w.xid) {
    if (*w.xid == 0) return fail(ErrorKind::usage, "--xid", "takes an XID number from 1 on", "--xid 43");
    event.type = sim::EventType::xid;
    event.data = *w.xid;
  } else if (!w.ecc.empty()) {
    event.type = w.ecc == "single" ? sim::EventType::single_bit_ecc : sim::EventType::double_bit_ecc;
  } else {
    const auto names = sim::event_names();
    const auto known = std::find_if(names.begin(), names.end(), [&](const auto& one) { return one.name == w.event; });
    if (known == names.end()) return fail(ErrorKind::usage, "--event", "has no event \"" + w.event + "\"");
    event.type = known->type;
  }
  return event;
}

// The instance that the event concerns, unless it is the whole GPU.
Result<void> place(const RaiseWords& w, const sim::Driver& driver, sim::Event& event) {
  if (w.ci && !w.gi)
    return fail(ErrorKind::usage, "--ci", "requires --gi, the GPU instance of the compute instance",
                fmt::format("--gi 7 --ci {}", *w.ci));
  if (!w.gi) return {};
  const auto state = driver.gpu(w.gpu);
  const auto* gi = state.mig.partition.find(mig::GiId{*w.gi});
  const auto look = Hint::gpuslice({{"node", "sim:" + w.node}, "list"});
  if (gi == nullptr)
    return fail(ErrorKind::not_found, fmt::format("GPU instance {} of GPU {} of node {}", *w.gi, w.gpu, w.node),
                "does not exist", look);
  event.gi = static_cast<std::int32_t>(*w.gi);
  if (!w.ci) return {};
  if (gi->find(mig::CiId{*w.ci}) == nullptr)
    return fail(ErrorKind::not_found,
                fmt::format("compute instance {} of GPU instance {} of GPU {} of node {}", *w.ci, *w.gi, w.gpu, w.node),
                "does not exist", look);
  event.ci = static_cast<std::int32_t>(*w.ci);
  return {};
}

std::string spoken(const RaiseWords& w) {
  if (w.xid) return fmt::format("XID {}", *w.xid);
  return w.ecc.empty() ? w.event : w.ecc + " bit ECC error" + (w.sram ? " of the SRAM" : "");
}

Result<int> raise(const RaiseWords& w, const Terminal& terminal) {
  auto event = GPUSLICE_TRY(event_of(w));
  const auto directory = GPUSLICE_TRY(node_directory(w.node));
  const auto driver = GPUSLICE_TRY(sim::Driver::open(directory, directory));
  const auto object = fmt::format("GPU {} of node {}", w.gpu, w.node);
  if (w.gpu >= driver->gpu_count())
    return fail(ErrorKind::not_found, object, fmt::format("does not exist; GPUs on the node: {}", driver->gpu_count()));
  GPUSLICE_CHECK(place(w, *driver, event));
  if ((driver->event_types(w.gpu, driver->gpu(w.gpu)) & static_cast<std::uint64_t>(event.type)) == 0)
    return fail(ErrorKind::unsupported, object,
                w.ecc.empty() ? "has no such event under driver " + std::string(driver->config().driver.view())
                              : "has no ECC, or it is off");
  GPUSLICE_CHECK(driver->raise(event, w.sram));
  const auto where = event.gi < 0   ? ""
                     : event.ci < 0 ? fmt::format("GPU instance {} of ", event.gi)
                                    : fmt::format("compute instance {} of GPU instance {} of ", event.ci, event.gi);
  terminal.err << fmt::format("raised {} on {}{}\n", spoken(w), where, object);
  if (sim::loses_gpu(event))
    terminal.err << fmt::format("GPU {0} is lost until: gpuslice sim reset {1} --gpu {0}\n", w.gpu, w.node);
  return 0;
}

}  // namespace

void add_sim_raise_verb(Verb sim, CommandLine& line) {
  auto words = std::make_shared<RaiseWords>();
  auto verb = sim.add_subcommand(
      "raise", "Raise an event of a GPU, such as an XID or an ECC error, for clients that wait for events");
  verb.add_option("NODE", words->node, "Name of the node").required();
  verb.add_option("--xid", words->xid, "Raise this XID; 79, \"GPU has fallen off the bus\", also loses the GPU")
      .type_name("N");
  add_choice(verb, "--ecc", words->ecc, {"single", "double"},
             "Raise an ECC error of one bit (corrected) or two bits (uncorrected)");
  verb.add_flag("--sram", words->sram, "Place the ECC error in SRAM (caches, registers) instead of DRAM");
  std::vector<std::string> names;
  for (const auto& one : sim::event_names()) names.emplace_back(one.name);
  add_choice(verb, "--event", words->event, names, "Raise this event, which carries no data");
  verb.add_option("--gpu", words->gpu, "Index of the GPU (default 0)");
  verb.add_option("--gi", words->gi, "Id of the GPU instance (default: the whole GPU)");
  verb.add_option("--ci", words->ci, "Id of the compute instance in the GPU instance");
  verb.callback([&line, words] { line.chosen = [&line, words] { return raise(*words, line.terminal); }; });
}

}  // namespace gpuslice::cli
