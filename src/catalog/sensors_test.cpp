// The sensors of the catalogue: those of the H200 compared with `nvidia-smi -q` of an H200, and rules for every board.
#include "catalog/sensors.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <set>

#include "catalog/product.hpp"

namespace gpuslice::catalog {
namespace {

// The part of `nvidia-smi -q` of one idle H200 (driver 580.159.04, MIG off) that the sensors must reproduce.
constexpr std::string_view recorded_h200 = R"(
    Addressing Mode                                    : None
    VBIOS Version                                      : 96.00.A5.00.1A
    Board Part Number                                  : 692-2G520-0282-000
    GPU Part Number                                    : 2335-895-A1
    Inforom Version
        Image Version                                  : G520.0282.02.02
        OEM Object                                     : 2.1
        ECC Object                                     : 7.16
        Power Management Object                        : N/A
    GPU C2C Mode                                       : Disabled
    PCI
        GPU Link Info
            PCIe Generation
                Max                                    : 5
                Current                                : 5
            Link Width
                Max                                    : 16x
    Retired Pages
        Single Bit ECC                                 : N/A
        Double Bit ECC                                 : N/A
    Remapped Rows
        Bank Remap Availability Histogram
            Max                                        : 3072 bank(s)
    Temperature
        GPU Current Temp                               : 30 C
        GPU T.Limit Temp                               : 57 C
        GPU Shutdown T.Limit Temp                      : -8 C
        GPU Slowdown T.Limit Temp                      : -2 C
        GPU Max Operating T.Limit Temp                 : 0 C
        GPU Target Temperature                         : N/A
        Memory Current Temp                            : 29 C
        Memory Max Operating T.Limit Temp              : 0 C
    GPU Power Readings
        Default Power Limit                            : 700.00 W
        Min Power Limit                                : 200.00 W
        Max Power Limit                                : 700.00 W
    GPU Memory Power Readings
        Average Power Draw                             : 44.85 W
    Module Power Readings
        Average Power Draw                             : N/A
        Default Power Limit                            : N/A
        Min Power Limit                                : N/A
        Max Power Limit                                : N/A
    Clocks
        Graphics                                       : 1980 MHz
        SM                                             : 1980 MHz
        Memory                                         : 3201 MHz
        Video                                          : 1545 MHz
    Default Applications Clocks
        Graphics                                       : 1980 MHz
        Memory                                         : 3201 MHz
    Max Clocks
        Graphics                                       : 1980 MHz
        SM                                             : 1980 MHz
        Memory                                         : 3201 MHz
        Video                                          : 1545 MHz
    Max Customer Boost Clocks
        Graphics                                       : 1980 MHz
)";

// Maps "Max Clocks/Video" to "1545 MHz": the key of each line is its label with the headings above it.
std::map<std::string, std::string> lines_of(std::string_view text) {
  std::map<std::string, std::string> all;
  std::vector<std::pair<std::size_t, std::string>> headings;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const auto indent = line.find_first_not_of(' ');
    if (indent == std::string_view::npos) continue;
    while (!headings.empty() && headings.back().first >= indent) headings.pop_back();
    const auto colon = line.find(" : ");
    const auto name = line.substr(indent, colon == std::string_view::npos ? colon : line.find("  ", indent) - indent);
    if (colon == std::string_view::npos) {
      headings.emplace_back(indent, name);
      continue;
    }
    std::string path;
    for (const auto& heading : headings) path += heading.second + "/";
    all[path + std::string(name)] = line.substr(colon + 3);
  }
  return all;
}

template <class T>
std::string shown(const Figure<T>& figure, std::string_view format) {
  if (!figure.value) return figure.absent() ? "N/A" : "unknown";
  return fmt::format(fmt::runtime(format), *figure.value);
}
std::string shown(const Figure<ShortText>& figure) {
  if (!figure.value) return figure.absent() ? "N/A" : "unknown";
  return std::string(figure.value->view());
}

TEST(Sensors, OfTheH200AreAsRecorded) {
  const auto& board = at_board(*find("h200").value(), "NVIDIA H200");
  const auto& s = board.sensors;
  auto lines = lines_of(recorded_h200);
  ASSERT_EQ(lines.size(), 42U);
  const auto is = [&](const std::string& path, const std::string& ours) {
    const auto line = lines.extract(path);
    ASSERT_FALSE(line.empty()) << path;
    EXPECT_EQ(line.mapped(), ours) << path;
  };
  is("Addressing Mode", shown(s.addressing_mode));
  is("VBIOS Version", shown(s.vbios));
  is("Board Part Number", shown(s.board_part_number));
  is("GPU Part Number", shown(s.gpu_part_number));
  is("Inforom Version/Image Version", shown(s.inforom_image));
  is("Inforom Version/OEM Object", shown(s.inforom_oem));
  is("Inforom Version/ECC Object", shown(s.inforom_ecc));
  is("Inforom Version/Power Management Object", shown(s.inforom_power));
  EXPECT_EQ(s.c2c.value, false);
  is("GPU C2C Mode", "Disabled");
  is("PCI/GPU Link Info/PCIe Generation/Max", shown(s.pcie_generation, "{}"));
  is("PCI/GPU Link Info/PCIe Generation/Current", shown(s.pcie_idle_generation, "{}"));
  is("PCI/GPU Link Info/Link Width/Max", shown(s.pcie_width, "{}x"));
  EXPECT_EQ(s.retired_pages.value, false);
  is("Retired Pages/Single Bit ECC", "N/A");
  is("Retired Pages/Double Bit ECC", "N/A");
  is("Remapped Rows/Bank Remap Availability Histogram/Max", shown(s.row_remapper_banks, "{} bank(s)"));
  is("Temperature/GPU Shutdown T.Limit Temp", shown(s.shutdown_tlimit_c, "{} C"));
  is("Temperature/GPU Slowdown T.Limit Temp", shown(s.slowdown_tlimit_c, "{} C"));
  is("Temperature/GPU Max Operating T.Limit Temp", shown(s.max_operating_tlimit_c, "{} C"));
  is("Temperature/GPU Target Temperature", shown(s.target_c, "{} C"));
  is("Temperature/Memory Current Temp", shown(s.idle_memory_c, "{} C"));
  is("Temperature/Memory Max Operating T.Limit Temp", shown(s.memory_max_tlimit_c, "{} C"));
  // The idle temperature is from another reading of the board; degrees and margin must add up to the same throttle
  // point.
  is("Temperature/GPU Current Temp", fmt::format("{} C", *s.throttle_c.value - 57));
  is("Temperature/GPU T.Limit Temp", fmt::format("{} C", *s.throttle_c.value - 30));
  is("GPU Power Readings/Default Power Limit", shown(board.power_limit_w, "{}.00 W"));
  is("GPU Power Readings/Min Power Limit", shown(s.min_power_limit_w, "{}.00 W"));
  is("GPU Power Readings/Max Power Limit", shown(s.max_power_limit_w, "{}.00 W"));
  EXPECT_EQ(*s.memory_power_w.value, std::lround(44.85));
  is("GPU Memory Power Readings/Average Power Draw", "44.85 W");
  is("Module Power Readings/Average Power Draw", shown(s.module_power_w, "{}.00 W"));
  is("Module Power Readings/Default Power Limit", shown(s.module_power_limit_w, "{}.00 W"));
  is("Module Power Readings/Min Power Limit", shown(s.min_module_power_limit_w, "{}.00 W"));
  is("Module Power Readings/Max Power Limit", shown(s.max_module_power_limit_w, "{}.00 W"));
  is("Clocks/Graphics", shown(s.idle_graphics_mhz, "{} MHz"));
  is("Clocks/SM", shown(s.idle_sm_mhz, "{} MHz"));
  is("Clocks/Memory", shown(s.idle_memory_mhz, "{} MHz"));
  is("Clocks/Video", shown(s.idle_video_mhz, "{} MHz"));
  is("Default Applications Clocks/Graphics", shown(s.default_graphics_mhz, "{} MHz"));
  is("Default Applications Clocks/Memory", shown(s.default_memory_mhz, "{} MHz"));
  is("Max Clocks/Graphics", shown(s.max_graphics_mhz, "{} MHz"));
  is("Max Clocks/SM", shown(s.max_sm_mhz, "{} MHz"));
  is("Max Clocks/Memory", shown(s.max_memory_mhz, "{} MHz"));
  is("Max Clocks/Video", shown(s.max_video_mhz, "{} MHz"));
  is("Max Customer Boost Clocks/Graphics", shown(s.max_customer_boost_mhz, "{} MHz"));
  for (const auto& [path, value] : lines) ADD_FAILURE() << path << " is not compared";
}

TEST(Sensors, SupportedClocksOfTheH200AreAsRecorded) {
  const auto& s = find("h200").value()->sensors;
  EXPECT_EQ(s.supported_memory_mhz.value, (MemoryClocks{3201, 2201}));
  // Each memory clock has 110 graphics clocks: 1980, 1965 ... 345 MHz.
  for (const std::uint32_t memory : {3201U, 2201U}) {
    const auto clocks = graphics_clocks(s, memory);
    ASSERT_EQ(clocks.count, 110U);
    EXPECT_EQ(clocks[0], 1980U);
    EXPECT_EQ(clocks[1], 1965U);
    EXPECT_EQ(clocks[109], 345U);
  }
}

// From public captures of `nvidia-smi -q -x`. A row has for each memory clock the number of graphics clocks, the first
// two, the last, and the sum of all, which checks every clock.
TEST(Sensors, SupportedClocksAreThoseOfTheCaptures) {
  struct Row {
    std::string_view product, board;
    std::uint32_t memory, count, first, second, last, sum;
  };
  for (const auto& row : {
           Row{"a100-40gb", "NVIDIA A100-SXM4-40GB", 1215, 81, 1410, 1395, 210, 65610},
           Row{"h100-80gb-sxm5", "NVIDIA H100 80GB HBM3", 2619, 110, 1980, 1965, 345, 127875},
           Row{"h100-80gb-sxm5", "NVIDIA H100 80GB HBM3", 1593, 110, 1980, 1965, 345, 127875},
           Row{"b200-180gb", "NVIDIA B200", 3996, 247, 1965, 1957, 120, 257436},
           Row{"b200-180gb", "NVIDIA B200", 3402, 247, 1965, 1957, 120, 257436},
           Row{"gb200-186gb", "NVIDIA GB200", 3996, 260, 2062, 2055, 120, 283660},
           Row{"gb300-278gb", "NVIDIA GB300", 3996, 261, 2070, 2062, 120, 285730},
           Row{"t4-16gb", "Tesla T4", 5001, 87, 1590, 1575, 300, 82215},
           Row{"t4-16gb", "Tesla T4", 405, 24, 645, 630, 300, 11340},
       }) {
    SCOPED_TRACE(fmt::format("{} at {} MHz", row.board, row.memory));
    const auto& s = at_board(*find(row.product).value(), row.board).sensors;
    ASSERT_TRUE(s.supported_memory_mhz.value);
    EXPECT_NE(std::ranges::find(*s.supported_memory_mhz.value, row.memory), s.supported_memory_mhz.value->end());
    const auto clocks = graphics_clocks(s, row.memory);
    ASSERT_EQ(clocks.count, row.count);
    EXPECT_EQ(clocks[0], row.first);
    EXPECT_EQ(clocks[1], row.second);
    EXPECT_EQ(clocks[clocks.count - 1], row.last);
    std::uint32_t sum = 0;
    for (std::uint32_t i = 0; i < clocks.count; ++i) sum += clocks[i];
    EXPECT_EQ(sum, row.sum);
  }
}

// Calls `visit` for every board of every product.
void each_board(const std::function<void(const std::string&, const BoardFacts&)>& visit) {
  for (const auto& product : products())
    for (const auto& board : product.boards) visit(fmt::format("{} {}", product.key, board.name), board.facts);
}

TEST(Sensors, LimitsAreInOrderOnEveryBoard) {
  each_board([](const std::string& name, const BoardFacts& board) {
    const auto& s = board.sensors;
    const auto ordered = [&](const auto& low, const auto& high, const char* what) {
      if (low.value && high.value) {
        EXPECT_LE(*low.value, *high.value) << name << " " << what;
      }
    };
    ordered(s.min_power_limit_w, board.power_limit_w, "power limit");
    ordered(board.power_limit_w, s.max_power_limit_w, "power limit");
    ordered(s.min_module_power_limit_w, s.module_power_limit_w, "module power limit");
    ordered(s.module_power_limit_w, s.max_module_power_limit_w, "module power limit");
    ordered(s.min_graphics_mhz, s.default_graphics_mhz, "graphics clock");
    ordered(s.default_graphics_mhz, s.max_graphics_mhz, "graphics clock");
    ordered(s.idle_graphics_mhz, s.max_graphics_mhz, "graphics clock");
    ordered(s.idle_sm_mhz, s.max_sm_mhz, "SM clock");
    ordered(s.idle_memory_mhz, s.max_memory_mhz, "memory clock");
    ordered(s.default_memory_mhz, s.max_memory_mhz, "memory clock");
    ordered(s.idle_video_mhz, s.max_video_mhz, "video clock");
    ordered(s.max_customer_boost_mhz, s.max_graphics_mhz, "customer boost");
    ordered(s.max_operating_c, s.shutdown_c, "thresholds");
    ordered(s.slowdown_c, s.shutdown_c, "thresholds");
    ordered(s.shutdown_tlimit_c, s.slowdown_tlimit_c, "margins");
    ordered(s.slowdown_tlimit_c, s.idle_tlimit_c, "margins");
    ordered(s.pcie_idle_generation, s.pcie_generation, "PCIe generation");
    ordered(s.pcie_generation, s.pcie_device_generation, "PCIe generation");
    if (s.supported_memory_mhz.value)
      for (const auto memory : *s.supported_memory_mhz.value) {
        const auto clocks = graphics_clocks(s, memory);
        if (clocks.count == 0) continue;
        EXPECT_EQ(clocks[0], clocks.highest_mhz) << name;
        EXPECT_EQ(clocks[clocks.count - 1], *s.min_graphics_mhz.value) << name;
      }
    if (s.supported_memory_mhz.value) {
      const auto& list = *s.supported_memory_mhz.value;
      ASSERT_FALSE(list.empty()) << name;
      for (std::size_t i = 1; i < list.size(); ++i) EXPECT_GT(list[i - 1], list[i]) << name;
      if (s.max_memory_mhz.value) {
        EXPECT_EQ(list[0], *s.max_memory_mhz.value) << name;
      }
    }
  });
}

TEST(Sensors, ABoardRemapsRowsOrRetiresPages) {
  each_board([](const std::string& name, const BoardFacts& board) {
    const auto& s = board.sensors;
    if (s.row_remapper_banks.value && s.retired_pages.known()) {
      EXPECT_EQ(s.retired_pages.value, false) << name;
    }
    if (s.retired_pages.value == true) {
      EXPECT_TRUE(s.row_remapper_banks.absent()) << name;
    }
  });
}

TEST(Sensors, TheMarginOfAnIdleBoardIsTheDistanceToTheThrottlePoint) {
  each_board([](const std::string& name, const BoardFacts& board) {
    const auto& s = board.sensors;
    if (!s.idle_tlimit_c.value) return;
    ASSERT_TRUE(board.idle_temperature_c.value && s.throttle_c.value) << name;
    EXPECT_EQ(static_cast<int>(*board.idle_temperature_c.value) + *s.idle_tlimit_c.value,
              static_cast<int>(*s.throttle_c.value))
        << name;
  });
}

TEST(Sensors, ABoardShowsDegreesOrMargins) {
  each_board([](const std::string& name, const BoardFacts& board) {
    const auto& s = board.sensors;
    EXPECT_FALSE(s.shutdown_c.value && s.shutdown_tlimit_c.value) << name;
    EXPECT_FALSE(s.slowdown_c.value && s.slowdown_tlimit_c.value) << name;
    EXPECT_FALSE(s.shutdown_c.value && s.throttle_c.value) << name;
  });
}

TEST(Sensors, NvlinkFiguresAreKnownTogether) {
  each_board([](const std::string& name, const BoardFacts& board) {
    const auto& s = board.sensors;
    EXPECT_EQ(s.nvlink_version.absent(), s.nvlink_links.absent()) << name;
    EXPECT_EQ(s.nvlink_version.absent(), s.nvlink_mb_per_s.absent()) << name;
  });
}

TEST(Sensors, EachMultiprocessorHasAWholeNumberOfCores) {
  each_board([](const std::string& name, const BoardFacts& board) {
    if (!board.sensors.cuda_cores.value || !board.multiprocessors.value) return;
    const auto per_multiprocessor = *board.sensors.cuda_cores.value / *board.multiprocessors.value;
    EXPECT_TRUE(per_multiprocessor == 64 || per_multiprocessor == 128) << name;
    EXPECT_EQ(*board.sensors.cuda_cores.value % *board.multiprocessors.value, 0U) << name;
  });
}

TEST(Sensors, EachKeyIsUniqueAndListedInTheReadme) {
  std::ifstream in(PRODUCT_FILES_DIR "/README.md");
  const std::string readme{std::istreambuf_iterator<char>(in), {}};
  std::set<std::string_view> keys;
  const Sensors none;
  each_sensor(none, [&](std::string_view key, const auto& figure) {
    EXPECT_TRUE(keys.insert(key).second) << key;
    EXPECT_FALSE(figure.known());
    EXPECT_NE(readme.find("`" + std::string(key) + "`"), std::string::npos)
        << "data/products/README.md lacks the key " << key;
  });
}

}  // namespace
}  // namespace gpuslice::catalog
