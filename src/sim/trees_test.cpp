#include "sim/trees.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "sim/testing/temp_node.hpp"

namespace gpuslice::sim {
namespace {

std::map<std::string, TreeEntry> by_path(const std::vector<TreeEntry>& all) {
  std::map<std::string, TreeEntry> found;
  for (const auto& entry : all)
    EXPECT_TRUE(found.emplace(entry.path, entry).second) << entry.path << " is listed twice";
  return found;
}

// One H200, configured as in the recording.
struct Node {
  NodeConfig config;
  NodeDynamic state;
  Node() {
    config.driver.set("580.159.04");
    config.gpu_count = 1;
    config.gpus[0] = testing::gpu_config("h200-141gb", "580.159.04", catalog::BoardVariant::a, 0);
    auto& gpu = config.gpus[0];
    gpu.pci_bus = 0;
    gpu.pci_device = 6;
    gpu.pci_device_id = 0x233510DE;
    gpu.pci_subsystem_id = 0x18BF10DE;
    gpu.pci_subclass = 2;
    gpu.uuid = *parse_uuid("GPU-11111111-2222-3333-4444-555555555555");
  }
  [[nodiscard]] std::map<std::string, TreeEntry> tree() const { return by_path(trees(config, state, 16)); }
  void stand(std::uint32_t id, std::uint32_t profile, mig::Placement at, unsigned compute) {
    mig::GpuInstance gi;
    gi.id = mig::GiId{id};
    gi.profile = mig::GiProfileId{profile};
    gi.placement = at;
    for (std::uint32_t i = 0; i < compute; ++i)
      gi.compute.push_back({mig::CiId{i}, mig::CiProfileId{0}, {static_cast<std::uint8_t>(i), 1}});
    state.gpus[0].mig.partition.instances.push_back(gi);
  }
};

// The blocks of the recording, by the path in the "## " line before each.
std::map<std::string, std::string> recorded() {
  std::ifstream in(GPUSLICE_RECORDED_TREES);
  EXPECT_TRUE(in) << GPUSLICE_RECORDED_TREES;
  std::map<std::string, std::string> blocks;
  std::string line, key;
  while (std::getline(in, line)) {
    if (line.starts_with("## "))
      key = line.substr(3);
    else
      blocks[key] += line + "\n";
  }
  return blocks;
}

TEST(Trees, FilesHaveTheRecordedContent) {
  const auto tree = Node().tree();
  const auto blocks = recorded();
  for (const auto* path :
       {"/proc/driver/nvidia/registry", "/proc/driver/nvidia/suspend", "/proc/driver/nvidia/suspend_depth",
        "/proc/driver/nvidia/capabilities/mig/config", "/proc/driver/nvidia/capabilities/mig/monitor",
        "/proc/driver/nvidia-caps/nvlink-minors", "/proc/driver/nvidia/capabilities/fabric-imex-mgmt",
        "/proc/driver/nvidia/gpus/0000:00:06.0/registry", "/proc/driver/nvidia/gpus/0000:00:06.0/power"}) {
    ASSERT_TRUE(tree.contains(path)) << path;
    EXPECT_EQ(tree.at(path).content, blocks.at(path)) << path;
  }
}

TEST(Trees, TheInformationOfAGpuHasTheRecordedLines) {
  const std::string path = "/proc/driver/nvidia/gpus/0000:00:06.0/information";
  const auto lines = [](const std::string& text) {
    std::map<std::string, std::string> found;
    std::istringstream in(text);
    std::string line;
    while (std::getline(in, line)) found[line.substr(0, line.find(':'))] = line;
    return found;
  };
  auto ours = lines(Node().tree().at(path).content), theirs = lines(recorded().at(path));
  ours.erase("IRQ");  // differs between hosts
  theirs.erase("IRQ");
  EXPECT_EQ(ours, theirs);
}

TEST(Trees, ParametersAreTheRecordedOnesWithDefaults) {
  auto ours = Node().tree().at("/proc/driver/nvidia/params").content;
  for (const auto& [default_value, recorded_value] :
       {std::pair("NvLinkDisable: 0\n", "NvLinkDisable: 1\n"),
        std::pair("RmProfilingAdminOnly: 1\n", "RmProfilingAdminOnly: 0\n")}) {
    ASSERT_NE(ours.find(default_value), std::string::npos) << default_value;
    ours.replace(ours.find(default_value), std::string_view(default_value).size(), recorded_value);
  }
  EXPECT_EQ(ours, recorded().at("/proc/driver/nvidia/params"));
}

TEST(Trees, EveryRecordedPathExistsOrIsAKnownOmission) {
  const auto tree = Node().tree();
  // Their content was not recorded.
  const std::set<std::string> without = {"/proc/driver/nvidia-nvlink/permissions",
                                         "/proc/driver/nvidia-nvswitch/permissions"};
  std::istringstream in(recorded().at("find /proc/driver/nvidia* "));
  std::string mode, size, path;
  std::string rest;
  unsigned seen = 0;
  while (in >> mode >> size >> path && std::getline(in, rest)) {
    ++seen;
    EXPECT_NE(tree.contains(path), without.contains(path)) << path;
    if (!tree.contains(path)) continue;
    const auto& entry = tree.at(path);
    EXPECT_EQ(entry.kind == TreeEntry::Kind::directory, mode[0] == 'd') << path;
    EXPECT_EQ((entry.mode & 0200U) != 0, mode[2] == 'w') << path;
  }
  EXPECT_EQ(seen, 36U);
}

TEST(Trees, CapabilitiesFollowTheInstances) {
  Node node;
  const auto before = node.tree();
  node.stand(2, 9, {4, 4}, 2);
  const auto with = node.tree();
  std::set<std::string> fresh;
  for (const auto& [path, entry] : with)
    if (!before.contains(path)) fresh.insert(path);
  const std::string root = "/proc/driver/nvidia/capabilities/gpu0/mig/gi2";
  EXPECT_EQ(fresh, (std::set<std::string>{root, root + "/access", root + "/ci0", root + "/ci0/access", root + "/ci1",
                                          root + "/ci1/access", "/dev/nvidia-caps/nvidia-cap21",
                                          "/dev/nvidia-caps/nvidia-cap22", "/dev/nvidia-caps/nvidia-cap23"}));
  EXPECT_EQ(with.at(root + "/ci0/access").content, "DeviceFileMinor: 22\nDeviceFileMode: 292\nDeviceFileModify: 1\n");
  const auto& device = with.at("/dev/nvidia-caps/nvidia-cap22");
  EXPECT_EQ(std::tuple(device.major, device.minor, device.mode), std::tuple(241U, 22U, 0444U));
}

TEST(Trees, MigMinorsListsEveryPossibleCapability) {
  const auto text = mig_minors();
  EXPECT_TRUE(
      text.starts_with("config 1\nmonitor 2\ngpu0/gi0/access 3\ngpu0/gi0/ci0/access 4\ngpu0/gi0/ci1/access 5\n"));
  EXPECT_TRUE(text.ends_with("gpu31/gi14/ci7/access 4322\n"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 4322);
}

TEST(Trees, ADirectoryIsListedBeforeItsContent) {
  Node node;
  node.stand(2, 9, {4, 4}, 1);
  std::set<std::string> made = {"/proc/driver", "/dev",        "/sys/bus/pci/devices",
                                "/sys/devices", "/sys/module", "/sys/bus/pci/drivers"};
  for (const auto& entry : trees(node.config, node.state, 16)) {
    EXPECT_TRUE(made.contains(entry.path.substr(0, entry.path.rfind('/')))) << entry.path;
    if (entry.kind == TreeEntry::Kind::directory) made.insert(entry.path);
  }
}

// "key: value" lines of the recording of the device's directory, and the bytes of its configuration space.
TEST(Trees, ThePciDeviceHasTheRecordedContent) {
  const auto tree = Node().tree();
  const std::string root = "/sys/devices/pci0000:00/0000:00:06.0/";
  EXPECT_EQ(tree.at("/sys/bus/pci/devices/0000:00:06.0").content, "../../../devices/pci0000:00/0000:00:06.0");
  EXPECT_EQ(tree.at(root + "driver").content, "../../../bus/pci/drivers/nvidia");
  const auto block = recorded().at("sys");
  const auto value = [&](const std::string& key, unsigned lines) {
    auto at = block.find("\n" + key + ": ") + 1 + key.size() + 2, end = at;
    for (unsigned i = 0; i < lines; ++i) end = block.find('\n', end) + 1;
    return block.substr(at, end - at);
  };
  for (const auto* key : {"vendor", "device", "class", "subsystem_vendor", "subsystem_device", "revision", "numa_node",
                          "enable", "power_state", "dma_mask_bits", "modalias", "local_cpulist", "current_link_speed",
                          "current_link_width", "max_link_speed", "max_link_width"})
    EXPECT_EQ(tree.at(root + key).content, value(key, 1)) << key;
  EXPECT_EQ(tree.at(root + "uevent").content, value("uevent", 6));
  // Sizes and flags of the regions; addresses depend on the host.
  const auto regions = [](const std::string& text) {
    std::istringstream in(text);
    std::vector<std::pair<std::uint64_t, std::string>> found;
    std::string start, end, flags;
    while (in >> start >> end >> flags)
      found.emplace_back(std::stoull(end, nullptr, 16) - std::stoull(start, nullptr, 16), flags);
    return found;
  };
  EXPECT_EQ(regions(tree.at(root + "resource").content), regions(value("resource", 7)));
  EXPECT_EQ(regions(tree.at(root + "resource").content).size(), 7U);

  std::string bytes;
  std::istringstream dump(block.substr(block.find("\n000000 ") + 1));
  for (std::string line; std::getline(dump, line) && line.size() > 6;) {
    std::istringstream words(line.substr(6));
    for (std::string byte; words >> byte;) bytes += static_cast<char>(std::stoi(byte, nullptr, 16));
  }
  ASSERT_EQ(bytes.size(), 64U);
  auto ours = tree.at(root + "config").content.substr(0, 64);  // only root can read more (as in the recording)
  // The addresses in the base registers depend on the host; their lowest bits hold the type.
  for (std::size_t at = 0x10; at < 0x28; ++at)
    if (at % 8 != 0) ours[at] = bytes[at] = 0;
  EXPECT_EQ(ours, bytes);
}

// lspci stops at a function without an id and then shows no function at all, so an unknown id is 0, as in NVML.
TEST(Trees, AnUnknownIdIsZero) {
  Node node;
  node.config.gpus[0].pci_device_id = node.config.gpus[0].pci_subsystem_id = 0;
  const auto tree = node.tree();
  const std::string root = "/sys/devices/pci0000:00/0000:00:06.0/";
  for (const auto* unknown : {"device", "subsystem_vendor", "subsystem_device"})
    EXPECT_EQ(tree.at(root + unknown).content, "0x0000\n") << unknown;
  for (const auto* there : {"config", "modalias", "uevent"}) EXPECT_TRUE(tree.contains(root + there)) << there;
}

TEST(Trees, NvswitchesExistIfTheHostHasThem) {
  Node node;
  EXPECT_FALSE(node.tree().contains("/dev/nvidia-nvswitchctl"));
  node.config.nvswitch = 1;
  node.config.nvswitches = 2;
  node.config.nvswitch_bus = 0xC4;
  node.config.nvswitch_device = 0x1af1;
  const auto tree = node.tree();
  EXPECT_TRUE(tree.contains("/sys/bus/pci/devices/0000:c4:00.0"));
  EXPECT_EQ(tree.at("/dev/nvidia-nvswitch1").minor, 1U);
  EXPECT_EQ(tree.at("/dev/nvidia-nvswitchctl").minor, 255U);
  EXPECT_TRUE(tree.contains("/dev/nvidia-caps/nvidia-cap0"));
  EXPECT_NE(devices("", majors_of(node.config)).find("239 nvidia-nvswitch\n"), std::string::npos);
}

TEST(Trees, IommuGroupAndVirtualFunctionsExistIfKnown) {
  Node node;
  const std::string root = "/sys/devices/pci0000:00/0000:00:06.0/";
  EXPECT_FALSE(node.tree().contains(root + "iommu_group"));
  EXPECT_FALSE(node.tree().contains(root + "sriov_totalvfs"));
  node.config.gpus[0].iommu_group = 44;
  node.config.gpus[0].sriov_vfs = {32, 1};
  const auto tree = node.tree();
  EXPECT_EQ(tree.at(root + "iommu_group").content, "../../../kernel/iommu_groups/44");
  EXPECT_EQ(tree.at("/sys/kernel/iommu_groups/44/devices/0000:00:06.0").content,
            "../../../../devices/pci0000:00/0000:00:06.0");
  EXPECT_EQ(tree.at(root + "sriov_totalvfs").content, "32\n");
  EXPECT_EQ(tree.at(root + "sriov_numvfs").content, "0\n");
}

TEST(Modules, NvidiasAreThoseOfTheNodeAndOthersThoseOfTheHost) {
  const auto text = modules("nvidia 1 0 - Live 0x0\next4 2 1 - Live 0x0\nnvidia_drm 1 0 - Live 0x0\n");
  EXPECT_TRUE(text.ends_with("(O)\next4 2 1 - Live 0x0\n")) << text;
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3);
}

TEST(Devices, RegisteredMajorsAreRead) {
  EXPECT_EQ(registered_majors("Character devices:\n  1 mem\n195 nvidia\n\nBlock devices:\n  7 loop\n"),
            (std::vector<std::uint32_t>{1, 195}));
}

TEST(Devices, NvidiasHaveTheNodesMajorsAndOthersAreTheHosts) {
  const std::string host =
      "Character devices:\n  1 mem\n  4 tty\n195 nvidia\n195 nvidiactl\n240 nvidia-caps\n250 ptp\n\nBlock devices:\n  "
      "7 "
      "loop\n";
  EXPECT_EQ(devices(host, {195, 238, 241}),
            "Character devices:\n  1 mem\n  4 tty\n195 nvidia\n195 nvidiactl\n238 nvidia-uvm\n241 nvidia-caps\n250 "
            "ptp\n\nBlock devices:\n  7 loop\n");
}

}  // namespace
}  // namespace gpuslice::sim
