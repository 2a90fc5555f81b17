// `gpuslice resolve`: which GPU or MIG device a word names, in every form.
#include <fmt/format.h>

#include <memory>

#include "cli/change_words.hpp"
#include "cli/device_view.hpp"
#include "cli/option_words.hpp"
#include "cli/resolve_json.hpp"
#include "cli/verbs.hpp"
#include "ops/resolve.hpp"
#include "report/json_text.hpp"

namespace gpuslice::cli {
namespace {

struct ResolveWords {
  std::vector<std::string> devices;
  std::string output{"text"};
};

// The worst that happened: a GPU that cannot be read leaves the answer open, which is more than a missing device.
int status_of(const std::vector<ops::Resolved>& resolved) {
  auto worst = Exit::done;
  for (const auto& one : resolved) {
    if (!one.error) continue;
    const auto exit = exit_of(one.error->kind);
    if (worst == Exit::done || exit == Exit::unknown) worst = exit;
  }
  return status(worst);
}

void show_missing(const CommandLine& line, const ops::Resolved& one) {
  auto error = *one.error;
  if (one.past) error.what = "is not on the node any more; it " + past_text(*one.past);
  show(error, line.terminal, line.node);
}

// "gpu=0 gi=2 ci=0 uuid=MIG-..." of a MIG device, "gpu=0 uuid=GPU-..." of a GPU.
std::string line_of(const handover::Device& device) {
  auto text = fmt::format("gpu={}", device.gpu.value);
  if (!device.whole()) text += fmt::format(" gi={} ci={}", device.gi->value, device.ci->value);
  return text + " uuid=" + device.uuid + "\n";
}

// A value for the environment of a process: one line, of all devices.
void print_environment(const CommandLine& line, const std::vector<ops::Resolved>& resolved) {
  std::string value;
  for (const auto& one : resolved)
    for (const auto& found : one.devices) value += (value.empty() ? "" : ",") + found.device.uuid;
  line.terminal.out << "CUDA_VISIBLE_DEVICES=" << value << '\n';
}

Result<int> resolve(const CommandLine& line, const ResolveWords& words) {
  std::vector<std::string> parts;
  for (const auto& word : words.devices)
    for (auto& part : ops::split_device_words(word)) parts.push_back(std::move(part));
  if (parts.empty()) parts.emplace_back();
  const auto subject = GPUSLICE_TRY(open_subject(line, nullptr, reading_timeout_s));
  const auto resolved = GPUSLICE_TRY(ops::resolve(subject, parts));
  const auto exit = status_of(resolved);
  if (words.output == "json") {
    line.terminal.out << report::json_text(resolved_json(resolved, line.node), 2) << '\n';
    return exit;
  }
  if (words.output == "env" && exit == status(Exit::done)) print_environment(line, resolved);
  if (words.output == "text" || words.output == "line")
    for (const auto& one : resolved)
      for (const auto& found : one.devices)
        line.terminal.out << (words.output == "text" ? device_text(found) : line_of(found.device));
  for (const auto& one : resolved)
    if (one.error) show_missing(line, one);
  return exit;
}

}  // namespace

void add_resolve_verb(CommandLine& line) {
  auto verb = line.app.add_subcommand("resolve", "Show which GPU or MIG device a name means, in every form");
  auto words = std::make_shared<ResolveWords>();
  verb.add_option("DEVICE", words->devices,
                  "A name, an index, GPU:GI, GPU:GI/CI, a UUID or a unique prefix of it, MIG-GPU-UUID/GI/CI, a PCI "
                  "address, a CDI name, a device file, or several of them, comma separated")
      .required();
  add_choice(verb, "--output", words->output, {"text", "line", "json", "env"},
             "Print in this format (default text); line is a line of key=value for each device, env a "
             "CUDA_VISIBLE_DEVICES assignment");
  verb.footer(
      "A GPU instance with several compute instances is all of its MIG devices. Of a\n"
      "device that is gone, the recorded changes tell what it was and when it went.\n");
  verb.fallthrough();  // --node may stand behind it too
  verb.callback([&line, words] { line.chosen = [&line, words] { return resolve(line, *words); }; });
}

}  // namespace gpuslice::cli
