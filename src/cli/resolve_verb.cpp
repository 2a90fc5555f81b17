// `gpuslice resolve`: which GPU or MIG device a CUDA_VISIBLE_DEVICES value means.
#include <fmt/format.h>

#include <memory>

#include "cli/open_node.hpp"
#include "cli/verbs.hpp"
#include "ops/locate.hpp"

namespace gpuslice::cli {
namespace {

// "gpu=0 uuid=GPU-..." or "gpu=0 gi=2 ci=0 uuid=MIG-..."
std::string text_of(const ops::Located& device) {
  auto text = fmt::format("gpu={}", device.path.gpu.value);
  if (device.path.gi) text += fmt::format(" gi={}", device.path.gi->value);
  if (device.path.ci) text += fmt::format(" ci={}", device.path.ci->value);
  return text + " uuid=" + device.uuid;
}

Result<int> resolve(const std::string& node_name, const std::string& word, std::ostream& out) {
  const auto node = GPUSLICE_TRY(open_node(node_name));
  const auto found = ops::locate(*node, word);
  if (!found) {
    auto error = found.error();
    error.hint = node_name.empty() ? "gpuslice smi -L" : "gpuslice --node " + node_name + " smi -L";
    return std::unexpected(error);
  }
  out << text_of(*found) << '\n';
  return 0;
}

}  // namespace

void add_resolve_verb(CommandLine& line) {
  auto verb = line.app.add_subcommand("resolve", "Say which GPU or MIG device a CUDA_VISIBLE_DEVICES value means");
  auto word = std::make_shared<std::string>();
  verb.add_option("DEVICE", *word, "index, GPU-UUID, MIG-UUID, MIG-GPU-UUID/GI/CI, or GPU:GI/CI").required();
  verb.fallthrough();  // --node may stand behind it too
  verb.callback(
      [&line, word] { line.chosen = [&line, word] { return resolve(line.node, *word, line.terminal.out); }; });
}

}  // namespace gpuslice::cli
