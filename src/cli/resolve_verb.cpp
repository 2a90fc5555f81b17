// `gpuslice resolve`: which GPU or MIG device a CUDA_VISIBLE_DEVICES value means.
#include <fmt/format.h>

#include <memory>

#include "cli/change_words.hpp"
#include "cli/option_words.hpp"
#include "cli/resolve_json.hpp"
#include "cli/verbs.hpp"
#include "ops/locate.hpp"
#include "report/json_text.hpp"

namespace gpuslice::cli {
namespace {

// "gpu=0 uuid=GPU-..." or "gpu=0 gi=2 ci=0 uuid=MIG-..."
std::string text_of(const ops::Located& device) {
  auto text = fmt::format("gpu={}", device.path.gpu.value);
  if (device.path.gi) text += fmt::format(" gi={}", device.path.gi->value);
  if (device.path.ci) text += fmt::format(" ci={}", device.path.ci->value);
  return text + " uuid=" + device.uuid;
}

struct ResolveWords {
  std::string device, output{"text"};
};

Result<int> resolve(const CommandLine& line, const ResolveWords& words) {
  const auto subject = GPUSLICE_TRY(open_subject(line, nullptr, reading_timeout_s));
  const auto found =
      subject.workers->on_node([word = words.device](node::Node& node) { return ops::locate(node, word); });
  if (!found) {
    auto error = found.error();
    error.hint = Hint::gpuslice({"smi", "-L"});
    return std::unexpected(error);
  }
  if (words.output == "json")
    line.terminal.out << report::json_text(GPUSLICE_TRY(device_json(subject, *found)), 2) << '\n';
  else
    line.terminal.out << text_of(*found) << '\n';
  return 0;
}

}  // namespace

void add_resolve_verb(CommandLine& line) {
  auto verb = line.app.add_subcommand("resolve", "Show which GPU or MIG device a value of CUDA_VISIBLE_DEVICES names");
  auto words = std::make_shared<ResolveWords>();
  verb.add_option("DEVICE", words->device,
                  "An index, GPU-UUID or MIG-UUID (or a unique prefix of it), MIG-GPU-UUID/GI/CI, or GPU:GI/CI")
      .required();
  add_choice(verb, "--output", words->output, {"text", "json"},
             "Print in this format (default text); json also has the profile, the placement and the device nodes");
  verb.fallthrough();  // --node may stand behind it too
  verb.callback([&line, words] { line.chosen = [&line, words] { return resolve(line, *words); }; });
}

}  // namespace gpuslice::cli
