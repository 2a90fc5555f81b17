#include <gtest/gtest.h>

#include <string>

#include "simhost/node_spec.hpp"

namespace gpuslice::simhost {
namespace {

TEST(Recipe, ReadsEveryKey) {
  const auto spec = parse_recipe(R"(version: gpuslice.sim/v1
driver: 580.105.08
cuda: "12.9"
seed: 42
uvm_major: 236
caps_major: 242
nvswitch: true
unversioned_library: false
gpus:
  - product: rtx-pro-6000
    name: NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition
    board_variant: B
    uuid: GPU-43cc581f-8084-8750-9c33-32a7cbcc8a7c
    pci_bus_id: 00000000:17:00.0
    serial: "0123456789"
    mig: true
    mig_uuids: { "3/0": MIG-a03442ea-7e39-5c87-a571-2c92a740e2b4, "14/7": MIG-c42101f0-a1fa-5b68-8908-7c5c887f28bd }
    persistence: false
    ecc: no
    display_mode: physical_display_enabled_256MB_bar1
    display_active: true
    display_attached: true
    addressing_mode: HMM
    numa_node: 1
    iommu_group: 44
    sriov_vfs: 32
    temperature_c: 31
    power_w: 14
    power_limit_w: 300
    fan_percent: 30
    performance_state: 8
    memory_total_mib: 97887
    memory_reserved_mib: 638
    bar1_total_mib: 131072
    memory_set: { eighth: 1, quarter: 24192, half: 48512, full: 97280 }
  - product: a100-40gb
    count: 7
)",
                                 "r.yaml");
  ASSERT_TRUE(spec) << spec.error().message();
  EXPECT_EQ(spec->driver, "580.105.08");
  EXPECT_EQ(spec->cuda, "12.9");
  EXPECT_EQ(spec->seed, 42u);
  EXPECT_EQ(spec->uvm_major, 236u);
  EXPECT_EQ(spec->caps_major, 242u);
  EXPECT_EQ(spec->nvswitch, true);
  EXPECT_FALSE(spec->unversioned_library);
  ASSERT_EQ(spec->gpus.size(), 2u);
  EXPECT_EQ(spec->gpus[0].numa_node, 1);
  EXPECT_EQ(spec->gpus[0].iommu_group, 44);
  EXPECT_EQ(spec->gpus[0].sriov_vfs, 32u);
  EXPECT_EQ(spec->gpus[1].numa_node, std::nullopt);
  const auto& gpu = spec->gpus[0];
  EXPECT_EQ(gpu.product, "rtx-pro-6000");
  EXPECT_EQ(gpu.count, 1u);
  EXPECT_EQ(gpu.name, "NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition");
  EXPECT_EQ(gpu.board_variant, catalog::BoardVariant::b);
  EXPECT_EQ(gpu.uuid, "GPU-43cc581f-8084-8750-9c33-32a7cbcc8a7c");
  EXPECT_EQ(gpu.pci_bus_id, "00000000:17:00.0");
  EXPECT_EQ(gpu.serial, "0123456789");
  EXPECT_TRUE(gpu.mig);
  ASSERT_EQ(gpu.mig_uuids.size(), 2u);
  EXPECT_EQ(gpu.mig_uuids.at({3, 0}), "MIG-a03442ea-7e39-5c87-a571-2c92a740e2b4");
  EXPECT_EQ(gpu.mig_uuids.at({14, 7}), "MIG-c42101f0-a1fa-5b68-8908-7c5c887f28bd");
  EXPECT_EQ(gpu.persistence, false);
  EXPECT_EQ(gpu.ecc, false);
  EXPECT_EQ(gpu.display_mode, "physical_display_enabled_256MB_bar1");
  EXPECT_EQ(gpu.display_active, true);
  EXPECT_EQ(gpu.display_attached, true);
  EXPECT_EQ(gpu.addressing_mode, "HMM");
  EXPECT_EQ(gpu.temperature_c, 31u);
  EXPECT_EQ(gpu.power_w, 14u);
  EXPECT_EQ(gpu.power_limit_w, 300u);
  EXPECT_EQ(gpu.fan_percent, 30u);
  EXPECT_EQ(gpu.performance_state, 8u);
  EXPECT_EQ(gpu.memory_total_mib, 97887u);
  EXPECT_EQ(gpu.memory_reserved_mib, 638u);
  EXPECT_EQ(gpu.bar1_total_mib, 131072u);
  EXPECT_EQ(gpu.memory_set.eighth, 1u);
  EXPECT_EQ(gpu.memory_set.quarter, 24192u);
  EXPECT_EQ(gpu.memory_set.half, 48512u);
  EXPECT_EQ(gpu.memory_set.full, 97280u);
  EXPECT_EQ(spec->gpus[1].product, "a100-40gb");
  EXPECT_EQ(spec->gpus[1].count, 7u);
}

TEST(Recipe, MissingKeysAreLeftToTheCatalogue) {
  const auto spec = parse_recipe("{version: gpuslice.sim/v1, gpus: [{product: a30}]}", "r.yaml");
  ASSERT_TRUE(spec) << spec.error().message();
  EXPECT_EQ(spec->driver, "580.126.09");
  EXPECT_EQ(spec->seed, 1u);
  EXPECT_FALSE(spec->cuda);
  const auto& gpu = spec->gpus[0];
  EXPECT_EQ(gpu.count, 1u);
  EXPECT_FALSE(gpu.mig);
  EXPECT_FALSE(gpu.name || gpu.board_variant || gpu.uuid || gpu.pci_bus_id || gpu.serial || gpu.persistence ||
               gpu.ecc || gpu.display_mode || gpu.addressing_mode || gpu.temperature_c || gpu.memory_total_mib);
  EXPECT_EQ(gpu.memory_set.full, 0u);
}

TEST(Recipe, IsAlsoJson) {
  const auto spec = parse_recipe(
      R"({"version": "gpuslice.sim/v1", "seed": 3, "gpus": [{"product": "a100", "count": 8, "mig": true}]})", "r");
  ASSERT_TRUE(spec) << spec.error().message();
  EXPECT_EQ(spec->gpus[0].count, 8u);
  EXPECT_TRUE(spec->gpus[0].mig);
}

struct Bad {
  const char* text;
  const char* message;
  Hint hint;
};

void expect_bad(const Bad& row) {
  SCOPED_TRACE(row.text);
  const auto spec = parse_recipe(row.text, "r.yaml");
  ASSERT_FALSE(spec);
  EXPECT_EQ(spec.error().kind, ErrorKind::usage);
  EXPECT_EQ(spec.error().message(), row.message);
  EXPECT_EQ(spec.error().hint, row.hint);
}

TEST(Recipe, NamesTheLineAndTheNearestKey) {
  for (const Bad& row : {
           Bad{"version: gpuslice.sim/v1\ndrivr: 580.126.09\n", "r.yaml:2: a recipe has no key \"drivr\"",
               "did you mean \"driver\"?"},
           Bad{"version: gpuslice.sim/v1\ngpus:\n  - product: a100\n    boardvariant: A\n",
               "r.yaml:4: a GPU has no key \"boardvariant\"", "did you mean \"board_variant\"?"},
           Bad{"version: gpuslice.sim/v1\ngpus:\n  - product: a100\n    memory_set:\n      eigth: 1\n",
               "r.yaml:5: memory_set has no key \"eigth\"", "did you mean \"eighth\"?"},
       })
    expect_bad(row);
}

TEST(Recipe, NamesTheLineOfAnInvalidValue) {
  const auto of_gpu = [](const std::string& line, const std::string& message, const std::string& hint = "") {
    const auto text = "version: gpuslice.sim/v1\ngpus:\n  - product: a100\n    " + line + "\n";
    expect_bad({text.c_str(), message.c_str(), hint});
  };
  of_gpu("count: many", "r.yaml:4: count: must be a whole number from 0 to 32");
  of_gpu("count: 33", "r.yaml:4: count: must be a whole number from 0 to 32");
  of_gpu("count: -1", "r.yaml:4: count: must be a whole number from 0 to 32");
  of_gpu("count: 0", "r.yaml:4: count: must be at least 1");
  of_gpu("count: 1.5", "r.yaml:4: count: must be a whole number from 0 to 32");
  of_gpu("count: [1]", "r.yaml:4: count: must be a single value");
  of_gpu("fan_percent: 101", "r.yaml:4: fan_percent: must be a whole number from 0 to 100");
  of_gpu("performance_state: 16", "r.yaml:4: performance_state: must be a whole number from 0 to 15");
  of_gpu("temperature_c: 201", "r.yaml:4: temperature_c: must be a whole number from 0 to 200");
  of_gpu("power_limit_w: 10001", "r.yaml:4: power_limit_w: must be a whole number from 0 to 10000");
  of_gpu("memory_total_mib: 4294967296", "r.yaml:4: memory_total_mib: must be a whole number from 0 to 4294967295");
  of_gpu("memory_set: {half: x}", "r.yaml:4: half: must be a whole number from 0 to 4294967295");
  of_gpu("mig: maybe", "r.yaml:4: mig: must be true or false");
  of_gpu("ecc: {a: b}", "r.yaml:4: ecc: must be true or false");
  of_gpu("board_variant: C", "r.yaml:4: board_variant: must be A or B");
  of_gpu("name: [a, b]", "r.yaml:4: name: must be a single value");
  of_gpu("mig_uuids: MIG-x", "r.yaml:4: mig_uuids: must be a map from GI/CI to UUID");
  for (const std::string place : {"2", "2-0", "15/0", "2/8", "/0", "2/", "a/b", "2/0/1", "-1/0"})
    of_gpu("mig_uuids: {\"" + place + "\": MIG-x}",
           "r.yaml:4: mig_uuids: \"" + place + "\" is not GI/CI with GI 0 to 14 and CI 0 to 7", "\"2/0\": MIG-...");
}

TEST(Recipe, NamesMissingKeys) {
  for (const Bad& row : {
           Bad{"gpus: [{product: a100}]", "r.yaml:1: version is \"\", not \"gpuslice.sim/v1\"",
               "version: gpuslice.sim/v1"},
           Bad{"version: gpuslice.sim/v2\ngpus: [{product: a100}]",
               "r.yaml:1: version is \"gpuslice.sim/v2\", not \"gpuslice.sim/v1\"", "version: gpuslice.sim/v1"},
           Bad{"version: gpuslice.sim/v1\n", "r.yaml:1: lists no GPUs", "gpus: [{product: a100-40gb, count: 8}]"},
           Bad{"version: gpuslice.sim/v1\ngpus: []\n", "r.yaml:1: lists no GPUs",
               "gpus: [{product: a100-40gb, count: 8}]"},
           Bad{"version: gpuslice.sim/v1\ngpus: a100\n", "r.yaml:2: gpus: must be a list of GPUs", ""},
           Bad{"version: gpuslice.sim/v1\ngpus:\n  - count: 2\n", "r.yaml:3: a GPU needs the key \"product\"",
               Hint::gpuslice({"products"})},
           Bad{"version: gpuslice.sim/v1\ngpus:\n  - a100\n", "r.yaml:3: a GPU: must be a map of keys", ""},
           Bad{"version: gpuslice.sim/v1\nseed: x\n",
               "r.yaml:2: seed: must be a whole number from 0 to 18446744073709551615", ""},
           Bad{"just words", "r.yaml:1: a recipe: must be a map of keys", ""},
       })
    expect_bad(row);
}

TEST(Recipe, InvalidYamlIsAnErrorWithItsLine) {
  const auto spec = parse_recipe("version: gpuslice.sim/v1\ngpus: [\n  {product: a100\n", "r.yaml");
  ASSERT_FALSE(spec);
  EXPECT_EQ(spec.error().object, "r.yaml:4");
  EXPECT_TRUE(spec.error().what.starts_with("is not YAML: ")) << spec.error().what;
  const auto empty = parse_recipe("", "r.yaml");
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error().what, "a recipe: must be a map of keys");
}

TEST(Recipe, ADuplicateKeyIsAnError) {
  const auto twice = parse_recipe("version: gpuslice.sim/v1\nseed: 1\nseed: 2\ngpus: [{product: a100}]\n", "r.yaml");
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().message(), "r.yaml:3: a recipe has the key \"seed\" twice");
}

TEST(ParseGpus, ReadsCountsAndProducts) {
  const auto specs = parse_gpus("8xa100-40gb,a30,2XH100,16xNVIDIA H200");
  ASSERT_TRUE(specs) << specs.error().message();
  ASSERT_EQ(specs->size(), 4u);
  const std::pair<unsigned, std::string> expected[] = {{8, "a100-40gb"}, {1, "a30"}, {2, "H100"}, {16, "NVIDIA H200"}};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ((*specs)[i].count, expected[i].first);
    EXPECT_EQ((*specs)[i].product, expected[i].second);
  }
}

TEST(ParseGpus, RefusesEverythingElse) {
  const struct {
    const char* text;
    const char* part;
  } rows[] = {{"", ""},
              {"a100,", ""},
              {",a100", ""},
              {"0xa100", "0xa100"},
              {"33xa100", "33xa100"},
              {"8x", "8x"},
              {"a30,99999999999xa100", "99999999999xa100"}};
  for (const auto& row : rows) {
    const auto specs = parse_gpus(row.text);
    ASSERT_FALSE(specs) << row.text;
    EXPECT_EQ(specs.error().kind, ErrorKind::usage);
    EXPECT_EQ(specs.error().message(),
              std::string("--gpus ") + row.text + ": \"" + row.part + "\" is not COUNTxPRODUCT with 1 to 32");
    EXPECT_EQ(specs.error().hint, "--gpus 8xa100-40gb");
  }
}

}  // namespace
}  // namespace gpuslice::simhost
