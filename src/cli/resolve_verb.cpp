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

Result<int> resolve(const CommandLine& line, const std::string& word) {
  const auto workers = GPUSLICE_TRY(open_workers(line, reading_timeout_s)).workers;
  const auto found = workers->on_node([word](node::Node& node) { return ops::locate(node, word); });
  if (!found) {
    auto error = found.error();
    error.hint = Hint::gpuslice({"smi", "-L"});
    return std::unexpected(error);
  }
  line.terminal.out << text_of(*found) << '\n';
  return 0;
}

}  // namespace

void add_resolve_verb(CommandLine& line) {
  auto verb = line.app.add_subcommand("resolve", "Say which GPU or MIG device a CUDA_VISIBLE_DEVICES value means");
  auto word = std::make_shared<std::string>();
  verb.add_option("DEVICE", *word, "index, GPU-UUID, MIG-UUID, MIG-GPU-UUID/GI/CI, or GPU:GI/CI").required();
  verb.fallthrough();  // --node may stand behind it too
  verb.callback([&line, word] { line.chosen = [&line, word] { return resolve(line, *word); }; });
}

}  // namespace gpuslice::cli
