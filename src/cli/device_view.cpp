#include "cli/device_view.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/printable.hpp"
#include "cli/plan_view.hpp"
#include "handover/forms.hpp"
#include "ops/instance_path.hpp"
#include "plan/instance_text.hpp"

namespace gpuslice::cli {
namespace {

std::string known(const std::string& text) { return text.empty() ? "unknown" : text; }

std::string at(const std::optional<mig::Placement>& placement) {
  return placement ? " at " + plan::place_text(*placement) : std::string{};
}

std::string node_text(const node::DeviceNode& one) {
  return one.major ? fmt::format("{} ({}:{})", one.path, *one.major, one.minor)
                   : fmt::format("{} (minor {})", one.path, one.minor);
}

class Lines {
 public:
  void add(std::string_view title, const std::string& text) { text_ += fmt::format("  {:<23} {}\n", title, text); }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace

std::string device_text(const ops::UsableDevice& one) {
  const auto& device = one.device;
  Lines lines;
  lines.add("GPU", fmt::format("{}  {}  {}  {}", device.gpu.value, known(device.gpu_name), known(device.gpu_uuid),
                               known(device.pci)));
  if (device.whole()) {
    lines.add("MIG mode", one.mig_mode ? "on: CUDA processes use its MIG devices" : "off");
  } else {
    lines.add("GPU instance",
              fmt::format("{}  {}{}", device.gi->value, known(device.gi_profile), at(device.gi_placement)));
    lines.add("compute instance",
              fmt::format("{}  {}{}", device.ci->value, known(device.ci_profile), at(device.ci_placement)));
    lines.add("MIG device", fmt::format("{}  {}", device.mig_index ? std::to_string(*device.mig_index) : "unknown",
                                        known(device.uuid)));
  }
  for (const auto& client : one.clients) lines.add("used by", client_text(client));
  if (!device.nodes) lines.add("device nodes", "unknown");
  std::string_view title = "device nodes";
  if (device.nodes)
    for (const auto& one_node : *device.nodes) lines.add(std::exchange(title, ""), node_text(one_node));
  for (const auto& form : handover::forms(device))
    if (!form.text.empty()) lines.add(form.title, form.text);
  const auto path = ops::path_text({device.gpu, device.gi, device.ci});
  return printable(device.name.empty() ? path : device.name + "  (" + path + ")") + "\n" +
         printable_lines(lines.text());
}

std::string past_text(const ops::Past& past) {
  auto what = fmt::format("was {}{} on GPU {} (GPU instance {}", known(past.gi_profile), at(past.gi_placement),
                          past.gpu.value, past.gi.value);
  if (past.ci)
    what += fmt::format(", compute instance {} of profile {}{}", past.ci->value, known(past.ci_profile), at(past.ci_placement));
  what += past.name.empty() ? ")" : ", \"" + past.name + "\")";
  const auto change = fmt::format("change {} ({} by {}, {})", past.number, past.verb, known(past.user), past.time);
  if (past.destroyed) return what + "; destroyed by " + change;
  return what + "; it existed after " + change +
         " and no later change is recorded, so a reboot, a reset or another program removed it";
}

}  // namespace gpuslice::cli
