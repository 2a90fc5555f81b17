#include "smi/mig/list.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/printf.h>

#include "smi/cells.hpp"
#include "smi/mig/instances.hpp"

namespace gpuslice::smi {
namespace {

constexpr const char* gip_head_wide =
    "+-------------------------------------------------------------------------------+\n"
    "| GPU instance profiles:                                                        |\n"
    "| GPU   Name               ID    Instances   Memory     P2P    SM    DEC   ENC  |\n"
    "|                                Free/Total   GiB              CE    JPEG  OFA  |\n"
    "|===============================================================================|\n";
constexpr const char* gip_line_wide =
    "+-------------------------------------------------------------------------------+\n";
constexpr const char* gip_head_narrow =
    "+-----------------------------------------------------------------------------+\n"
    "| GPU instance profiles:                                                      |\n"
    "| GPU   Name             ID    Instances   Memory     P2P    SM    DEC   ENC  |\n"
    "|                              Free/Total   GiB              CE    JPEG  OFA  |\n"
    "|=============================================================================|\n";
constexpr const char* gip_line_narrow =
    "+-----------------------------------------------------------------------------+\n";
constexpr const char* gi_head_wide =
    "+---------------------------------------------------------+\n"
    "| GPU instances:                                          |\n"
    "| GPU   Name               Profile  Instance   Placement  |\n"
    "|                            ID       ID       Start:Size |\n"
    "|=========================================================|\n";
constexpr const char* gi_line_wide = "+---------------------------------------------------------+\n";
constexpr const char* gi_head_narrow =
    "+-------------------------------------------------------+\n"
    "| GPU instances:                                        |\n"
    "| GPU   Name             Profile  Instance   Placement  |\n"
    "|                          ID       ID       Start:Size |\n"
    "|=======================================================|\n";
constexpr const char* gi_line_narrow = "+-------------------------------------------------------+\n";
constexpr const char* cip_head =
    "+--------------------------------------------------------------------------------------+\n"
    "| Compute instance profiles:                                                           |\n"
    "| GPU     GPU       Name             Profile  Instances   Exclusive       Shared       |\n"
    "|       Instance                       ID     Free/Total     SM       DEC   ENC   OFA  |\n"
    "|         ID                                                          CE    JPEG       |\n"
    "|======================================================================================|\n";
constexpr const char* cip_line =
    "+--------------------------------------------------------------------------------------+\n";
constexpr const char* ci_head =
    "+--------------------------------------------------------------------+\n"
    "| Compute instances:                                                 |\n"
    "| GPU     GPU       Name             Profile   Instance   Placement  |\n"
    "|       Instance                       ID        ID       Start:Size |\n"
    "|         ID                                                         |\n"
    "|====================================================================|\n";
constexpr const char* ci_line = "+--------------------------------------------------------------------+\n";

// "Placements: {0,2,4}:2", "Placement : {0}:4".
std::string placements(const std::vector<mig::Placement>& spans) {
  std::string starts;
  for (const auto& span : spans) starts += (starts.empty() ? "" : ",") + std::to_string(span.start);
  return fmt::sprintf("%s {%s}:%d", spans.size() == 1 ? "Placement :" : "Placements:", starts,
                      spans.empty() ? 0 : spans[0].size);
}

// The number that can still be created, as text. If the driver refuses to report it, N/A is shown, not 0.
std::string free_of(const node::Answer<std::uint32_t>& remaining, std::uint32_t total) {
  return (remaining ? std::to_string(*remaining) : "N/A") + fmt::sprintf("/%d", total);
}

// The profiles in the order of -lgip and -lgipp: by slices, memory, id.
std::vector<node::GiProfileInfo> sorted_profiles(node::Node& node, GpuIndex gpu) {
  auto profiles = node.mig().gi_profiles(gpu).value_or(std::vector<node::GiProfileInfo>{});
  std::ranges::sort(profiles, {},
                    [](const node::GiProfileInfo& p) { return std::tuple{p.slices, p.memory_mib, p.id}; });
  return profiles;
}

// The profiles in the order of -lcip: by slices, id. For a 2g of an H100, it is 1c (ID 0), the larger 1c (ID 7), 2c (ID
// 1) (transcript).
std::vector<node::CiProfileInfo> sorted_profiles(node::Node& node, const GiRow& row) {
  auto profiles = node.mig().ci_profiles(row.gpu, row.instance.id).value_or(std::vector<node::CiProfileInfo>{});
  std::ranges::sort(profiles, {}, [](const node::CiProfileInfo& p) { return std::tuple{p.slices, p.id}; });
  return profiles;
}

}  // namespace

int list_gi_profiles(Session& session, const MigRequest& /*request*/) {
  const auto gpus = mig_capable(session);
  if (gpus.empty()) return no_mig_devices(session);
  const bool wide = session.format.wide_lists;
  session.out << (wide ? gip_head_wide : gip_head_narrow);
  for (const GpuIndex gpu : gpus) {
    for (const auto& p : sorted_profiles(session.node, gpu)) {
      const auto remaining = session.node.mig().gi_remaining(gpu, p.id);
      session.out << fmt::sprintf(wide ? "| %3d  %-20s%2d     %s        %-11s%-7s%-7d%-6d%-4d|\n"
                                       : "| %3d  %-18s%2d     %s        %-11s%-7s%-7d%-6d%-4d|\n",
                                  gpu.value, p.name, p.id.value, free_of(remaining, p.max_count),
                                  fmt::sprintf("%.2f", static_cast<double>(p.memory_mib) / 1024), p.p2p ? "Yes" : "No",
                                  p.multiprocessors, p.decoder, p.encoder);
      session.out << fmt::sprintf("|%*s%2d     %-6d%-4d|\n", wide ? 62 : 60, "", p.copy, p.jpeg, p.ofa);
      session.out << (wide ? gip_line_wide : gip_line_narrow);
    }
  }
  return 0;
}

int list_gi_placements(Session& session, const MigRequest& /*request*/) {
  const auto gpus = mig_capable(session);
  if (gpus.empty()) return no_mig_devices(session);
  for (const GpuIndex gpu : gpus) {
    for (const auto& p : sorted_profiles(session.node, gpu)) {
      const auto spans = session.node.mig().gi_placements(gpu, p.id);
      if (!spans) continue;
      session.out << fmt::sprintf("GPU %2d Profile ID %2d %s\n", gpu.value, p.id.value, placements(*spans));
    }
  }
  return 0;
}

int list_gpu_instances(Session& session, const MigRequest& request) {
  const auto rows = gpu_instances_asked_for(session, request.gis);
  if (!rows) return rows.error();
  const bool wide = session.format.wide_lists;
  session.out << (wide ? gi_head_wide : gi_head_narrow);
  for (const auto& row : *rows) {
    session.out << fmt::sprintf(wide ? "| %3d  %-22s%2d       %2d          %d:%d     |\n"
                                     : "| %3d  %-20s%2d       %2d          %d:%d     |\n",
                                row.gpu.value, row.profile.name, row.profile.id.value, row.instance.id.value,
                                row.instance.placement.start, row.instance.placement.size)
                << (wide ? gi_line_wide : gi_line_narrow);
  }
  return 0;
}

int list_ci_profiles(Session& session, const MigRequest& request) {
  const auto rows = gpu_instances_asked_for(session, request.gis);
  if (!rows) return rows.error();
  session.out << cip_head;
  for (const auto& row : *rows) {
    for (const auto& p : sorted_profiles(session.node, row)) {
      const auto remaining = session.node.mig().ci_remaining(row.gpu, row.instance.id, p.id);
      session.out << fmt::sprintf(
          "| %3d     %2d       %-20s%2d%c     %s           %-3d      %2d    %2d    %2d   |\n", row.gpu.value,
          row.instance.id.value, p.name, p.id.value,
          p.slices == row.profile.slices && p.multiprocessors == row.profile.multiprocessors ? '*' : ' ',
          free_of(remaining, p.max_count), p.multiprocessors, p.decoder, p.encoder, p.ofa);
      session.out << fmt::sprintf("|%69s%2d    %2d         |\n", "", p.copy, p.jpeg) << cip_line;
    }
  }
  return 0;
}

int list_ci_placements(Session& session, const MigRequest& request) {
  const auto rows = gpu_instances_asked_for(session, request.gis);
  if (!rows) return rows.error();
  for (const auto& row : *rows) {
    for (const auto& p : sorted_profiles(session.node, row)) {
      const auto spans = session.node.mig().ci_placements(row.gpu, row.instance.id, p.id);
      if (!spans) continue;
      session.out << fmt::sprintf("GPU %2d GI %2d Profile ID %2d %s\n", row.gpu.value, row.instance.id.value,
                                  p.id.value, placements(*spans));
    }
  }
  return 0;
}

int list_compute_instances(Session& session, const MigRequest& request) {
  const auto rows = compute_instances_asked_for(session, request.gis, request.cis);
  if (!rows) return rows.error();
  session.out << ci_head;
  for (const auto& row : *rows) {
    session.out << fmt::sprintf("| %3d     %2d       %-20s%2d        %2d          %d:%d     |\n", row.parent.gpu.value,
                                row.parent.instance.id.value, row.profile.name, row.profile.id.value,
                                row.instance.id.value, row.instance.placement.start, row.instance.placement.size)
                << ci_line;
  }
  return 0;
}

}  // namespace gpuslice::smi
