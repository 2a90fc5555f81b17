#include "simhost/node_gaps.hpp"

#include "base/number.hpp"

namespace gpuslice::simhost {

std::vector<std::string> unreproduced_views(std::string_view driver) {
  const auto branch = leading_number(driver);
  std::vector<std::string> views;
  if (branch == 0) return views;
  if (branch < 470)
    views.emplace_back(
        "nvidia-smi -L names MIG devices the way R470 and later do: MIG-<UUID>, not MIG-GPU-<UUID>/<GI>/<CI>");
  if (branch >= 510 && branch < 520) views.emplace_back("nvidia-smi -q shows no graphics voltage");
  if (branch < 580)
    views.emplace_back("the default view has a memory cell for every compute instance, not one for each GPU instance");
  if (branch >= 530 && branch < 580) views.emplace_back("the default view has the columns and headings of R580");
  if (branch >= 595)
    views.emplace_back(
        "the title of the default view and the memory sections of MIG devices in nvidia-smi -q are those of R580");
  return views;
}

std::vector<std::string> unknown_figures(const catalog::BoardFacts& board) {
  const auto& s = board.sensors;
  std::vector<std::string> names;
  const auto need = [&](bool known, const char* name) {
    if (!known) names.emplace_back(name);
  };
  need(board.memory_reserved_mib.known(), "reserved memory");
  need(board.bar1_total_mib.known(), "BAR1 size");
  need(board.power_limit_w.known(), "power limit");
  need(s.min_power_limit_w.known() && s.max_power_limit_w.known(), "range of the power limit");
  need(s.max_graphics_mhz.known() && s.max_memory_mhz.known(), "highest clocks");
  need(s.idle_graphics_mhz.known() && s.idle_memory_mhz.known(), "idle clocks");
  need(s.supported_memory_mhz.known(), "supported clocks");
  return names;
}

}  // namespace gpuslice::simhost
