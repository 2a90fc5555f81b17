#include "sim/pci_tree.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "sim/testing/temp_node.hpp"

namespace gpuslice::sim {
namespace {

struct Node {
  NodeConfig config;
  explicit Node(const std::vector<std::pair<std::uint32_t, std::uint32_t>>& places) {
    config.driver.set("580.126.09");
    config.gpu_count = static_cast<std::uint32_t>(places.size());
    for (std::uint32_t i = 0; i < config.gpu_count; ++i) {
      auto& gpu = config.gpus[i] = testing::gpu_config("a100-40gb", "580.126.09", catalog::BoardVariant::a, i);
      std::tie(gpu.pci_bus, gpu.pci_device) = places[i];
      gpu.pci_device_id = 0x20b010de;
      gpu.pci_subsystem_id = 0x134f10de;
    }
  }
  [[nodiscard]] std::map<std::string, TreeEntry> tree(std::uint32_t processors = 4) const {
    std::vector<TreeEntry> all;
    add_pci_tree(config, processors, all);
    std::map<std::string, TreeEntry> found;
    for (auto& entry : all) {
      const auto path = entry.path;
      EXPECT_TRUE(found.emplace(path, std::move(entry)).second) << path << " is listed twice";
    }
    return found;
  }
};

// The path of each function below /sys/devices, by the name of the function.
std::map<std::string, std::string> places(const std::map<std::string, TreeEntry>& tree) {
  std::map<std::string, std::string> found;
  const std::string links = "/sys/bus/pci/devices/";
  for (const auto& [path, entry] : tree)
    if (path.starts_with(links)) found[path.substr(links.size())] = "/sys" + entry.content.substr(8);
  return found;
}

TEST(PciTree, AGpuAloneOnItsBusIsBehindARootPort) {
  const auto tree = Node({{0x07, 0}, {0x0f, 0}}).tree();
  EXPECT_EQ(places(tree), (std::map<std::string, std::string>{
                              {"0000:06:01.0", "/sys/devices/pci0000:06/0000:06:01.0"},
                              {"0000:07:00.0", "/sys/devices/pci0000:06/0000:06:01.0/0000:07:00.0"},
                              {"0000:0e:01.0", "/sys/devices/pci0000:0e/0000:0e:01.0"},
                              {"0000:0f:00.0", "/sys/devices/pci0000:0e/0000:0e:01.0/0000:0f:00.0"}}));
}

TEST(PciTree, GpusThatShareABusAreOnARootBus) {
  EXPECT_EQ(places(Node({{0, 6}, {0, 7}, {0x10, 0x1c}}).tree()),
            (std::map<std::string, std::string>{{"0000:00:06.0", "/sys/devices/pci0000:00/0000:00:06.0"},
                                                {"0000:00:07.0", "/sys/devices/pci0000:00/0000:00:07.0"},
                                                {"0000:10:1c.0", "/sys/devices/pci0000:10/0000:10:1c.0"}}));
}

TEST(PciTree, WithoutAFreeBusNumberPortsShareTheFirstBus) {
  const auto found = places(Node({{1, 0}, {2, 0}, {3, 0}, {0, 1}}).tree());
  EXPECT_EQ(found.at("0000:01:00.0"), "/sys/devices/pci0000:00/0000:00:02.0/0000:01:00.0");
  EXPECT_EQ(found.at("0000:02:00.0"), "/sys/devices/pci0000:00/0000:00:03.0/0000:02:00.0");
  EXPECT_EQ(found.at("0000:03:00.0"), "/sys/devices/pci0000:00/0000:00:04.0/0000:03:00.0");
  EXPECT_EQ(found.at("0000:00:01.0"), "/sys/devices/pci0000:00/0000:00:01.0");
}

TEST(PciTree, NvswitchesShareAHostBridge) {
  Node node({{0x07, 0}});
  node.config.nvswitches = 2;
  node.config.nvswitch_bus = 0xc4;
  node.config.nvswitch_device = 0x1af1;
  const auto tree = node.tree();
  const auto found = places(tree);
  EXPECT_EQ(found.at("0000:c4:00.0"), "/sys/devices/pci0000:c3/0000:c3:01.0/0000:c4:00.0");
  EXPECT_EQ(found.at("0000:c5:00.0"), "/sys/devices/pci0000:c3/0000:c3:02.0/0000:c5:00.0");
  const auto& root = found.at("0000:c4:00.0");
  EXPECT_EQ(tree.at(root + "/device").content, "0x1af1\n");
  EXPECT_EQ(tree.at(root + "/class").content, "0x068000\n");
  EXPECT_EQ(tree.at(root + "/config").content.size(), 4096U);
  EXPECT_EQ(tree.at(root + "/max_link_speed").content, "Unknown\n");
  EXPECT_EQ(tree.at("/sys/bus/pci/drivers/nvidia-nvswitch/0000:c4:00.0").content,
            "../../../../devices/pci0000:c3/0000:c3:01.0/0000:c4:00.0");
}

// lspci, libpciaccess and udev read these files of every function, bridges included.
TEST(PciTree, EveryFunctionHasTheFilesThatProgramsRead) {
  Node node({{0x07, 0}, {0x10, 0x1c}});
  node.config.gpus[1].pci_device_id = node.config.gpus[1].pci_subsystem_id = 0;  // unknown
  node.config.nvswitches = 1;
  node.config.nvswitch_bus = 0xc4;
  node.config.nvswitch_device = 0x22a3;
  const auto tree = node.tree();
  const auto found = places(tree);
  EXPECT_EQ(found.size(), 5U);
  for (const auto& [name, root] : found) {
    for (const auto* key :
         {"vendor", "device", "subsystem_vendor", "subsystem_device", "class", "revision", "irq", "resource", "config",
          "modalias", "uevent", "enable", "numa_node", "local_cpus", "local_cpulist", "current_link_speed",
          "current_link_width", "max_link_speed", "max_link_width"})
      EXPECT_TRUE(tree.contains(root + "/" + key)) << name << " " << key;
    EXPECT_EQ(tree.at(root + "/config").content.size(), 4096U) << name;
    EXPECT_NE(tree.at(root + "/uevent").content.find("PCI_SLOT_NAME=" + name + "\n"), std::string::npos);
    EXPECT_TRUE(tree.at(root + "/uevent").content.ends_with("MODALIAS=" + tree.at(root + "/modalias").content));
    // The links lead to the top of /sys.
    const auto levels = std::count(root.begin(), root.end(), '/') - 1;
    std::string top;
    for (long i = 0; i < levels; ++i) top += "../";
    EXPECT_EQ(tree.at(root + "/subsystem").content, top + "bus/pci") << name;
  }
  EXPECT_EQ(tree.at(found.at("0000:10:1c.0") + "/modalias").content,
            "pci:v000010DEd00000000sv00000000sd00000000bc03sc02i00\n");
}

TEST(PciTree, RegionsFollowTheGeneration) {
  const auto tree = Node({{0x07, 0}}).tree();
  EXPECT_EQ(tree.at("/sys/devices/pci0000:06/0000:06:01.0/0000:07:00.0/resource").content,
            "0x0000000080000000 0x0000000080ffffff 0x0000000000040200\n"
            "0x0000100000000000 0x0000100fffffffff 0x000000000014220c\n"
            "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
            "0x0000104000000000 0x0000104001ffffff 0x000000000014220c\n"
            "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
            "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
            "0x0000000000000000 0x0000000000000000 0x0000000000000000\n");
  const auto& bridge = tree.at("/sys/devices/pci0000:06/0000:06:01.0/resource").content;
  EXPECT_EQ(std::count(bridge.begin(), bridge.end(), '\n'), 11);
  EXPECT_NE(bridge.find("0x0000000080000000 0x0000000080ffffff 0x0000000000000200\n"
                        "0x0000100000000000 0x0000104001ffffff 0x0000000000102201\n"),
            std::string::npos)
      << bridge;
}

TEST(PciTree, LinksHaveTheBoardsSpeed) {
  const auto tree = Node({{0x07, 0}}).tree();
  const std::string port = "/sys/devices/pci0000:06/0000:06:01.0";
  for (const auto& root : {port, port + "/0000:07:00.0"}) {
    EXPECT_EQ(tree.at(root + "/max_link_speed").content, "16.0 GT/s PCIe\n");
    EXPECT_EQ(tree.at(root + "/current_link_speed").content, "16.0 GT/s PCIe\n");
    EXPECT_EQ(tree.at(root + "/max_link_width").content, "16\n");
    EXPECT_EQ(tree.at(root + "/current_link_width").content, "16\n");
  }
}

TEST(PciTree, ProcessorsAreThoseOfTheHost) {
  const Node node({{0, 6}});
  const std::string root = "/sys/devices/pci0000:00/0000:00:06.0/";
  const auto shown = [&](std::uint32_t processors) {
    const auto tree = node.tree(processors);
    return tree.at(root + "local_cpus").content + tree.at(root + "local_cpulist").content;
  };
  EXPECT_EQ(shown(1), "1\n0\n");
  EXPECT_EQ(shown(16), "ffff\n0-15\n");
  EXPECT_EQ(shown(32), "ffffffff\n0-31\n");
  EXPECT_EQ(shown(36), "f,ffffffff\n0-35\n");
  EXPECT_EQ(shown(257), "1,ffffffff,ffffffff,ffffffff,ffffffff,ffffffff,ffffffff,ffffffff,ffffffff\n0-256\n");
}

}  // namespace
}  // namespace gpuslice::sim
