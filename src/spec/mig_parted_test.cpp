#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>

#include "spec/print.hpp"
#include "spec/read_mig_parted.hpp"

namespace gpuslice::spec {
namespace {

std::string error_of(const std::string& text) {
  const auto file = load(text, "m.yaml");
  if (file) return "loaded";
  return file.error().message() + (file.error().hint.empty() ? "" : "\n  try: " + file.error().hint.line());
}
std::string entry_error(const std::string& entry) {
  return error_of("version: v1\nmig-configs:\n  a:\n    - " + entry + "\n");
}
// The instances of one entry with these mig-devices, as "3g.20gb[1c 2c] 2g.10gb".
std::string instances(const std::string& mig_devices) {
  const auto file =
      load("version: v1\nmig-configs: {a: [{devices: all, mig-enabled: true, mig-devices: " + mig_devices + "}]}\n",
           "m.yaml");
  if (!file) return file.error().message();
  std::string text;
  for (const auto& gi : file->configurations[0].gpus[0].instances) {
    text += (text.empty() ? "" : " ") + gi.profile;
    if (!gi.compute) continue;
    std::string inside;
    for (const auto& ci : *gi.compute) inside += (inside.empty() ? "" : " ") + ci.profile;
    text += "[" + inside + "]";
  }
  return text;
}

TEST(MigParted, ReadsEveryKey) {
  const auto file = load(R"(version: v1
mig-configs:
  all-disabled:
    - devices: all
      mig-enabled: false

  mixed:
    - device-filter: ["0x20B010DE", 0x20B210DE]
      devices: all
      mig-enabled: true
      mig-devices:
        "1g.5gb": 2
        3g.20gb: 1
    - device-filter: "0x1FB010DE"
      devices: [0, 4]
      mig-enabled: true
      mig-devices: {}
    - device-filter: ""
      devices: []
      mig-enabled: false
      mig-devices: {}
)",
                         "m.yaml");
  ASSERT_TRUE(file) << file.error().message();
  EXPECT_EQ(file->default_name, "");
  ASSERT_EQ(file->configurations.size(), 2U);
  EXPECT_EQ(file->configurations[0].name, "all-disabled");
  EXPECT_EQ(file->configurations[0].gpus[0].mig, false);
  EXPECT_TRUE(file->configurations[0].gpus[0].selector.all());
  const auto& mixed = file->configurations[1];
  EXPECT_TRUE(mixed.later_wins);
  EXPECT_EQ(mixed.origin.text(), "m.yaml:7");
  ASSERT_EQ(mixed.gpus.size(), 2U) << "an entry with an empty list of devices is left out";
  EXPECT_EQ(mixed.gpus[0].selector.pci_device_ids, (std::vector<std::uint32_t>{0x20B010DE, 0x20B210DE}));
  EXPECT_EQ(mixed.gpus[0].foreign, model::Foreign::remove);
  ASSERT_EQ(mixed.gpus[0].instances.size(), 3U);
  EXPECT_EQ(mixed.gpus[0].instances[0], (model::WantedGi{{}, "3g.20gb", {}, {}, {}}));
  EXPECT_EQ(mixed.gpus[0].instances[2], (model::WantedGi{{}, "1g.5gb", {}, {}, {}}));
  EXPECT_EQ(mixed.gpus[0].origin.text(), "m.yaml:8");
  EXPECT_EQ(mixed.gpus[1].selector.index, (std::vector<std::uint32_t>{0, 4}));
  EXPECT_EQ(mixed.gpus[1].mig, true);
  EXPECT_TRUE(mixed.gpus[1].instances.empty());
}

TEST(MigParted, ComputeInstancesArePackedLargestFirst) {
  EXPECT_EQ(instances("{1g.5gb: 2, 2g.10gb: 1, 3g.20gb: 1}"), "3g.20gb 2g.10gb 1g.5gb 1g.5gb");
  EXPECT_EQ(instances("{1c.3g.20gb: 3}"), "3g.20gb[1c 1c 1c]");
  EXPECT_EQ(instances("{1c.3g.20gb: 4}"), "3g.20gb[1c 1c 1c] 3g.20gb[1c]");
  EXPECT_EQ(instances("{1c.3g.20gb: 3, 3g.20gb: 1}"), "3g.20gb 3g.20gb[1c 1c 1c]");
  EXPECT_EQ(instances("{1c.3g.20gb: 2, 2c.3g.20gb: 2}"), "3g.20gb[2c 1c] 3g.20gb[2c 1c]");
  EXPECT_EQ(instances("{1c.4g.20gb: 2, 2c.4g.20gb: 1, 1c.3g.20gb: 1}"), "4g.20gb[2c 1c 1c] 3g.20gb[1c]");
  EXPECT_EQ(instances("{1c.2g.10gb+me: 1, 1c.2g.10gb: 1}"), "2g.10gb[1c] 2g.10gb+me[1c]")
      << "different profiles need different GPU instances";
  EXPECT_EQ(instances("{3c.3g.20gb: 1, 1c.1g.5gb: 1}"), "3g.20gb 1g.5gb")
      << "the compute instance uses the whole GPU instance";
  EXPECT_EQ(instances("{1g.24gb+me.all: 1, 1g.24gb-me: 3, 2g.48gb+gfx: 0}"),
            "1g.24gb+me.all 1g.24gb-me 1g.24gb-me 1g.24gb-me");
}

TEST(MigParted, IsAsStrictAsMigParted) {
  EXPECT_EQ(error_of("version: v1\n"),
            "m.yaml:1: a mig-parted file needs the key \"mig-configs\"\n  try: mig-configs: {off: "
            "[{devices: all, mig-enabled: false}]}");
  EXPECT_EQ(error_of("version: v1\nmig-config: {}\n"),
            "m.yaml:2: a mig-parted file has no key \"mig-config\"\n  try: did you mean \"mig-configs\"?");
  EXPECT_EQ(error_of("version: v1\nmig-configs: {}\n"), "m.yaml:2: mig-configs: contains no configuration");
  EXPECT_EQ(error_of("version: v1\nmig-configs:\n  a: []\n"), "m.yaml:3: a: the list is empty");
  EXPECT_EQ(entry_error("device: all"),
            "m.yaml:4: an entry of mig-configs has no key \"device\"\n  try: did you mean \"devices\"?");
  EXPECT_EQ(entry_error("mig-enabled: false"),
            "m.yaml:4: an entry of mig-configs needs the key \"devices\"\n  try: devices: [0, 1]");
  EXPECT_EQ(entry_error("devices: all"),
            "m.yaml:4: an entry of mig-configs needs the key \"mig-enabled\"\n  try: mig-enabled: true");
  EXPECT_EQ(entry_error("{devices: all, mig-enabled: true}"),
            "m.yaml:4: an entry of mig-configs: \"mig-devices\" is required if \"mig-enabled\" is true, even if empty");
  EXPECT_EQ(entry_error("{devices: all, mig-enabled: false, mig-devices: {1g.5gb: 1}}"),
            "m.yaml:4: an entry of mig-configs: \"mig-devices\" must be empty if \"mig-enabled\" is false");
  EXPECT_EQ(entry_error("{devices: al, mig-enabled: false}"),
            "m.yaml:4: devices: must be \"all\" or a list of whole numbers\n  try: devices: [0, 1]");
  EXPECT_EQ(entry_error("{devices: 0, mig-enabled: false}"),
            "m.yaml:4: devices: must be \"all\" or a list of whole numbers\n  try: devices: [0, 1]");
  EXPECT_EQ(entry_error("{devices: all, mig-enabled: true, mig-devices: {bogus: 2}}"),
            "m.yaml:4: mig-devices: \"bogus\" is not the name of a MIG device\n  try: such as 3g.20gb, 1g.5gb+me or "
            "1c.3g.20gb");
  EXPECT_EQ(entry_error("{devices: all, mig-enabled: true, mig-devices: {1g.5gb: -1}}"),
            "m.yaml:4: mig-devices: the count of 1g.5gb must be a whole number from 0 to 64");
  EXPECT_EQ(entry_error("{devices: all, mig-enabled: true, mig-devices: {1g.5gb: 60, 2g.10gb: 5}}"),
            "m.yaml:4: mig-devices: requests 65 MIG devices; no GPU has more than 64");
  EXPECT_EQ(entry_error("{devices: all, mig-enabled: true, mig-devices: {1g.5gb: 0}}"),
            "m.yaml:4: mig-devices: every count is 0\n  try: mig-devices: {}");
  EXPECT_EQ(entry_error("{device-filter: \"0x233010DE:0x16C010DE\", devices: all, mig-enabled: false}"),
            "m.yaml:4: device-filter: 0x233010DE:0x16C010DE contains a subsystem id; GPUs cannot be selected by "
            "subsystem\n  try: "
            "device-filter: \"0x233010DE\"");
  EXPECT_EQ(entry_error("{device-filter: [A100], devices: all, mig-enabled: false}"),
            "m.yaml:4: device-filter: must be a PCI device id such as \"0x20B010DE\", or a list of them\n  try: "
            "device-filter: "
            "\"0x20B010DE\"");
}

TEST(MigParted, NamesOfMigDevicesAreParsed) {
  for (const auto* good :
       {"1g.5gb", "7g.141gb", "1c.3g.20gb", "1g.10gb+me", "1g.24gb+me.all", "2g.48gb-me", "1c.2g.48gb+gfx,me"})
    EXPECT_TRUE(to_mig_device(good)) << good;
  for (const auto* bad :
       {"", "1g", "1g.5", "g.5gb", "1g.gb", "0g.5gb", "1g.5gb+", "1g.5gb+1", "1g.5gb+me,me", "1g.5gb+me.", "4c.3g.20gb",
        "1c.1g", " 1g.5gb", "1g.5gb ", "1g.5gb+me,", "1g.5gb+a b", "-1g.5gb", "1g.5gbx", "99999999999g.5gb"})
    EXPECT_FALSE(to_mig_device(bad)) << bad;
}

TEST(PrintMigParted, WritesSupportedFeatures) {
  const auto file = load(R"(version: gpuslice/v1
gpus:
  - select: {index: [0, 1], pci-device-id: "0x20B010DE"}
    foreign: remove
    instances:
      - {profile: MIG 3g.20gb, compute: [{profile: 1c, count: 2}, {profile: MIG 1c.3g.20gb}]}
      - {profile: 1g.5gb+me, compute: [{profile: 1g.5gb}]}
      - {profile: 2g.10gb}
  - select: {index: 2}
    mig: true
    foreign: remove
  - select: {index: [3]}
    mig: false
)",
                         "l.yaml");
  ASSERT_TRUE(file) << file.error().message();
  const auto printed = print_mig_parted(file->configurations[0]);
  EXPECT_EQ(printed.text, R"(version: v1
mig-configs:
  current:
    - device-filter: ["0x20B010DE"]
      devices: [0, 1]
      mig-enabled: true
      mig-devices:
        "1c.3g.20gb": 3
        "1g.5gb+me": 1
        "2g.10gb": 1
    - devices: [2]
      mig-enabled: true
      mig-devices: {}
    - devices: [3]
      mig-enabled: false
)");
  EXPECT_EQ(printed.lost, std::vector<std::string>{});
}

TEST(PrintMigParted, ReportsWhatIsLost) {
  const auto file = load(R"(version: gpuslice/v1
configs:
  "on":
    gpus:
      - select: {uuid: [GPU-1, GPU-2], product: a30, index: 1}
        mig: true
      - select: all
        foreign: remove
        instances:
          - {name: train, profile: 3g.20gb, placement: "4:4", compute: [{name: a, profile: 1c, placement: 2}]}
          - {profile: 3g.20gb, compute: [{profile: 1c}]}
          - {profile: 2g.10gb, compute: []}
          - {profile: 19}
          - {profile: 1g.5gb, compute: [{profile: 0}]}
      - select: {index: [0]}
)",
                         "l.yaml");
  ASSERT_TRUE(file) << file.error().message();
  const auto printed = print_mig_parted(file->configurations[0]);
  EXPECT_EQ(printed.text, R"(version: v1
mig-configs:
  "on":
    - devices: []
      mig-enabled: true
      mig-devices: {}
    - devices: all
      mig-enabled: true
      mig-devices:
        "1c.3g.20gb": 2
)");
  const std::string selected =
      "l.yaml:5: it selects by uuid GPU-1, GPU-2 and product a30; mig-parted selects by index and device id only, so "
      "this is written with `devices: []`, which selects no GPU: fill in the indices";
  const std::string share =
      "l.yaml:14: the compute instance 0 of 1g.5gb is not given as a share such as 1c, which mig-parted requires; the "
      "instance is left out";
  const std::vector<std::string> lost = {
      "l.yaml:7: selecting a GPU that an earlier entry selects too is an error here; mig-parted uses the later entry",
      "l.yaml:5: it keeps foreign instances; mig-parted removes whatever the file does not name",
      selected,
      "l.yaml:10: the name \"train\" of 3g.20gb; mig-parted has no names",
      "l.yaml:10: the placement of 3g.20gb at 4; mig-parted leaves it to the driver",
      "l.yaml:10: the name \"a\" of 1c; mig-parted has no names",
      "l.yaml:10: the placement of 1c at 2; mig-parted leaves it to the driver",
      "l.yaml:12: 2g.10gb has no compute instances; mig-parted always creates at least one; the instance is left out",
      "l.yaml:13: 19 is not a full profile name, which mig-parted requires; the instance is left out",
      share,
      "l.yaml:7: how compute instances are distributed over GPU instances; mig-parted fills one GPU instance after "
      "another",
      "l.yaml:15: it leaves MIG mode unchanged, which mig-parted cannot express; the entry is left out",
  };
  EXPECT_EQ(printed.lost, lost);
  const std::vector<std::string> missing = {
      "l.yaml:5: it selects by uuid GPU-1, GPU-2 and product a30; mig-parted selects by index and device id only",
      "l.yaml:12: 2g.10gb has no compute instances; mig-parted always creates at least one",
      "l.yaml:13: 19 is not a full profile name, which mig-parted requires",
      "l.yaml:14: the compute instance 0 of 1g.5gb is not given as a share such as 1c, which mig-parted requires",
      "l.yaml:7: how compute instances are distributed over GPU instances; mig-parted fills one GPU instance after "
      "another",
      "l.yaml:15: it leaves MIG mode unchanged, which mig-parted cannot express",
  };
  EXPECT_EQ(printed.missing, missing) << "names, placements and foreign instances change no instance of the layout";
}

TEST(PrintMigParted, SeveralConfigurationsAreWrittenIntoOneFile) {
  const std::string text =
      "version: v1\nmig-configs:\n  a:\n    - devices: all\n      mig-enabled: false\n  \"on\":\n    - devices: [0]\n"
      "      mig-enabled: true\n      mig-devices:\n        \"1g.5gb\": 7\n";
  const auto printed = print_mig_parted(load(text, "m.yaml")->configurations);
  EXPECT_EQ(printed.text, text);
  EXPECT_TRUE(printed.lost.empty());
}

TEST(MigParted, RecordsTheLinesOfEntriesWithoutDevices) {
  const auto file = load("version: v1\nmig-configs:\n  a:\n    - {devices: [], mig-enabled: false}\n", "m.yaml");
  ASSERT_TRUE(file);
  ASSERT_EQ(file->left_out.size(), 1U);
  EXPECT_EQ(file->left_out[0].configuration, "a");
  EXPECT_EQ(file->left_out[0].origin.text(), "m.yaml:4");
}

TEST(PrintMigParted, AnEmptyConfigurationIsWritten) {
  const auto printed = print_mig_parted({"empty", {}, true, {}});
  EXPECT_EQ(printed.text, "version: v1\nmig-configs:\n  empty:\n    - devices: []\n      mig-enabled: false\n");
  EXPECT_EQ(load(printed.text, "m")->configurations[0], (model::Layout{"empty", {}, true, {}}));
}

// Reading and writing mig-parted files loses nothing.
TEST(PrintMigParted, WrittenFilesAreReadBackUnchanged) {
  constexpr std::array names = {"1g.5gb",     "1g.5gb+me", "2g.10gb",    "1c.2g.10gb", "3g.20gb", "1c.3g.20gb",
                                "2c.3g.20gb", "4g.20gb",   "1c.4g.20gb", "2c.4g.20gb", "7g.40gb", "3c.7g.40gb"};
  for (unsigned seed = 0; seed < 1000; ++seed) {
    std::mt19937 random(seed);
    const auto below = [&](unsigned limit) { return static_cast<unsigned>(random() % limit); };
    std::string text = "version: v1\nmig-configs:\n  a" + std::to_string(seed) + ":\n";
    for (unsigned n = 1 + below(4); n > 0; --n) {
      text += "  - devices: " +
              (below(2) == 0 ? std::string("all") : "[" + std::to_string(n) + ", " + std::to_string(below(9)) + "]") +
              "\n";
      if (below(2) == 0) text += "    device-filter: \"0x20B" + std::to_string(below(10)) + "10DE\"\n";
      if (below(3) == 0) {
        text += "    mig-enabled: false\n";
        continue;
      }
      text += "    mig-enabled: true\n    mig-devices: {";
      auto order = names;
      std::shuffle(order.begin(), order.end(), random);
      for (unsigned m = below(5); m > 0; --m)
        text += std::string(order[m]) + ": " + std::to_string(1 + below(7)) + ", ";
      text += "}\n";
    }
    const auto file = load(text, "m.yaml");
    ASSERT_TRUE(file) << file.error().message() << "\n" << text;
    const auto printed = print_mig_parted(file->configurations[0]);
    EXPECT_TRUE(printed.lost.empty()) << printed.lost[0] << "\n" << text;
    const auto back = load(printed.text, "printed");
    ASSERT_TRUE(back) << back.error().message() << "\n" << printed.text;
    ASSERT_EQ(back->configurations[0], file->configurations[0]) << text << printed.text;
    // The same after a conversion to gpuslice/v1.
    ASSERT_EQ(*load(print(*file), "printed"), *file) << print(*file);
  }
}

}  // namespace
}  // namespace gpuslice::spec
