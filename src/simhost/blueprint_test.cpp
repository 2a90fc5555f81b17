// The configuration of a node from its specification: identities, figures, modes, and which specifications are refused.
#include <gtest/gtest.h>

#include <set>

#include "sim/uuid.hpp"
#include "simhost/create_node.hpp"
#include "simhost/testing/node_specs.hpp"

namespace gpuslice::simhost {
namespace {

using sim::to_text;
using testing::gpu;
using testing::node;

TEST(BlueprintOf, IdentitiesDependOnSeedNameAndPosition) {
  const auto spec = node({gpu("a100", 3), gpu("h100")});
  const auto one = blueprint_of("n", spec);
  const auto again = blueprint_of("n", spec);
  ASSERT_TRUE(one);
  EXPECT_EQ(one->config.gpu_count, 4u);
  std::set<std::string> seen;
  for (unsigned i = 0; i < 4; ++i) {
    const auto& a = one->config.gpus[i];
    EXPECT_EQ(a.uuid, again->config.gpus[i].uuid);
    EXPECT_EQ(a.pdi, again->config.gpus[i].pdi);
    EXPECT_EQ(a.mig_uuids, again->config.gpus[i].mig_uuids);
    EXPECT_EQ(a.minor, i);
    EXPECT_TRUE(seen.insert(to_text(a.uuid)).second);
    EXPECT_TRUE(seen.insert(std::to_string(a.pci_bus)).second);
    for (const auto& gi : a.mig_uuids)
      for (const auto& uuid : gi) EXPECT_TRUE(seen.insert(to_text(uuid)).second);
  }
  auto other_seed = spec;
  other_seed.seed = 2;
  EXPECT_FALSE(blueprint_of("n", other_seed)->config.gpus[0].uuid == one->config.gpus[0].uuid);
  EXPECT_FALSE(blueprint_of("m", spec)->config.gpus[0].uuid == one->config.gpus[0].uuid);
}

TEST(BlueprintOf, UsesTheIdentitiesOfTheRecipe) {
  auto pinned = gpu("a100");
  pinned.uuid = "GPU-9e4aeb94-01c0-5173-4811-4ca60f77b3a9";
  pinned.pci_bus_id = "00000000:10:1C.0";
  pinned.serial = "1324";
  pinned.mig_uuids[{3, 1}] = "MIG-239565ce-30e3-52d7-8197-5630d3ce21fa";
  pinned.board_variant = catalog::BoardVariant::b;
  pinned.mig = true;
  pinned.temperature_c = 33;
  pinned.power_w = 79;
  pinned.fan_percent = 30;
  pinned.memory_total_mib = 40000;
  pinned.memory_reserved_mib = 616;
  pinned.persistence = false;
  pinned.addressing_mode = "ATS";
  const auto plan = blueprint_of("n", node({pinned}));
  ASSERT_TRUE(plan) << plan.error().message();
  const auto& out = plan->config.gpus[0];
  EXPECT_EQ(to_text(out.uuid), "9e4aeb94-01c0-5173-4811-4ca60f77b3a9");
  EXPECT_EQ(out.pci_domain, 0u);
  EXPECT_EQ(out.pci_bus, 0x10u);
  EXPECT_EQ(out.pci_device, 0x1cu);
  EXPECT_EQ(out.serial.view(), "1324");
  EXPECT_EQ(to_text(out.mig_uuids[3][1]), "239565ce-30e3-52d7-8197-5630d3ce21fa");
  EXPECT_EQ(static_cast<catalog::BoardVariant>(out.board_variant), catalog::BoardVariant::b);
  EXPECT_EQ(out.temperature_c.value, 33u);
  EXPECT_EQ(out.power_mw.value, 79000u);
  EXPECT_EQ(out.fan_percent.known, 1u);
  EXPECT_EQ(out.memory_total_mib.value, 40000u);
  EXPECT_EQ(out.memory_reserved_bytes, 616u * 1024 * 1024);
  EXPECT_EQ(out.addressing_mode, 2u);
  EXPECT_TRUE(plan->start.gpus[0].mig.mode);
  EXPECT_EQ(plan->start.gpus[0].persistence, 0u);
}

// Figures of the board are those of the catalogue, or unknown if it has none.
TEST(BlueprintOf, TakesFiguresFromTheCatalogue) {
  const auto plan = blueprint_of("n", node({gpu("NVIDIA A100-PCIE-40GB"), gpu("a100")}));
  ASSERT_TRUE(plan) << plan.error().message();
  const auto& pcie = plan->config.gpus[0];
  EXPECT_EQ(pcie.product.view(), "a100-40gb");
  EXPECT_EQ(pcie.name.view(), "NVIDIA A100-PCIE-40GB");  // requested by that name
  EXPECT_EQ(pcie.power_limit_mw.value, 250000u);
  EXPECT_EQ(pcie.pci_device_id, 0x20f110deU);
  EXPECT_EQ(pcie.fan_percent.known, 0u);  // has no fan
  EXPECT_EQ(plan->config.gpus[1].name.view(), "NVIDIA A100-SXM4-40GB");
  EXPECT_EQ(plan->config.gpus[1].power_limit_mw.value, 400000u);
  EXPECT_EQ(plan->config.gpus[1].idle_mib_per_slice_x100, 3550u);
  EXPECT_EQ(plan->config.gpus[1].bar1_pool_mib.value, 24424u);
  EXPECT_EQ(plan->config.gpus[1].ecc_supported, 1u);
  EXPECT_EQ(plan->start.gpus[1].ecc, 1u);
  EXPECT_EQ(plan->notes, (std::vector<std::string>{"NVIDIA A100-PCIE-40GB: unknown for this board, so N/A or 0 on the "
                                                   "node: range of the power limit, supported clocks"}));
}

// A100 with 40 GB under R470: 42505273344 bytes and no reserved part. Figures in a recipe override the catalogue's.
TEST(BlueprintOf, MemoryDependsOnTheDriver) {
  auto spec = node({gpu("a100")});
  spec.driver = "470.82.01";
  const auto old = blueprint_of("n", spec);
  ASSERT_TRUE(old) << old.error().message();
  const auto& out = old->config.gpus[0];
  EXPECT_EQ(out.memory_total_mib.value * std::uint64_t{1024 * 1024} - out.memory_short_bytes, 42505273344u);
  EXPECT_EQ(out.memory_reserved_bytes, 0u);
  EXPECT_EQ(out.memory_reserved_known, 1u);
  spec.gpus[0].memory_total_mib = 40000;
  const auto pinned = blueprint_of("n", spec);
  ASSERT_TRUE(pinned) << pinned.error().message();
  EXPECT_EQ(pinned->config.gpus[0].memory_total_mib.value, 40000u);
  EXPECT_EQ(pinned->config.gpus[0].memory_short_bytes, 0u);
}

TEST(BlueprintOf, NotesTheViewsOfTheDriverThatAreNotReproduced) {
  auto spec = node({gpu("a100")});
  spec.driver = "550.163.01";
  const auto plan = blueprint_of("n", spec);
  ASSERT_TRUE(plan) << plan.error().message();
  ASSERT_EQ(plan->notes.size(), 2u);
  EXPECT_EQ(plan->notes[1],
            "driver 550.163.01 differs from NVIDIA's: the default view has the columns and headings of R580");
}

TEST(BlueprintOf, TheCudaVersionFollowsTheDriver) {
  const struct {
    const char* driver;
    std::uint32_t cuda;
  } rows[] = {{"450.80.02", 11000}, {"470.82.01", 11040},  {"535.104.05", 12020},
              {"550.54.15", 12040}, {"570.148.08", 12080}, {"580.126.09", 13000}};
  for (const auto& row : rows) {
    auto spec = node({gpu("a100")});
    spec.driver = row.driver;
    const auto plan = blueprint_of("n", spec);
    ASSERT_TRUE(plan) << plan.error().message();
    EXPECT_EQ(plan->config.cuda_version, row.cuda) << row.driver;
    spec.cuda = "12.9";
    EXPECT_EQ(blueprint_of("n", spec)->config.cuda_version, 12090u);
    spec.cuda = "none";  // a vGPU host
    EXPECT_EQ(blueprint_of("n", spec)->config.cuda_version, 0u);
  }
}

// B200: only the memory of its smaller profiles is known. These can be simulated, and a note lists the others.
TEST(BlueprintOf, NotesOnceWhichProfilesAreLeftOut) {
  const auto plan = blueprint_of("n", node({gpu("b200", 3)}));
  ASSERT_TRUE(plan) << plan.error().message();
  EXPECT_EQ(
      plan->notes,
      (std::vector<std::string>{
          "b200-180gb: MIG profiles left out, because some of their figures are unknown: 3g.90gb, 4g.90gb, 7g.180gb"}));
}

TEST(BlueprintOf, TheDisplayModeDecidesAboutMigOnWorkstationBoards) {
  for (const auto& [display, shows_mig] : {std::pair{"compute", true}, std::pair{"physical_display_disabled", true},
                                           std::pair{"physical_display_enabled_256MB_bar1", false},
                                           std::pair{"physical_display_enabled_8GB_bar1", false}}) {
    auto one = gpu("NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition");
    one.display_mode = display;
    const auto plan = blueprint_of("n", node({one}));
    ASSERT_TRUE(plan) << plan.error().message();
    EXPECT_EQ(plan->start.gpus[0].mig.compute_display, shows_mig) << display;
    one.mig = true;
    EXPECT_EQ(blueprint_of("n", node({one})).has_value(), shows_mig) << display;
  }
}

// --- What is refused

struct Refused {
  const char* what;
  NodeSpec spec;
  ErrorKind kind;
  std::string message;
  Hint hint{};
};

template <class Change>
NodeSpec with(NodeSpec spec, Change change) {
  change(spec);
  return spec;
}
template <class Change>
NodeSpec gpu_with(const char* product, Change change, unsigned count = 1) {
  auto one = gpu(product, count);
  change(one);
  return node({one});
}

void expect_refused(const std::vector<Refused>& rows) {
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    const auto plan = blueprint_of("n", row.spec);
    ASSERT_FALSE(plan);
    EXPECT_EQ(plan.error().kind, row.kind);
    EXPECT_EQ(plan.error().message(), row.message);
    EXPECT_EQ(plan.error().hint, row.hint);
  }
}

TEST(BlueprintOf, RefusesProductsItCannotSimulate) {
  expect_refused({
      {"a typing error", node({gpu("a10o-40gb")}), ErrorKind::not_found,
       "product a10o-40gb: is not in the catalogue; nearest: a100-40gb, a100-80gb, a10-24gb",
       Hint::gpuslice({"products"})},
      {"no placements seen", node({gpu("thor")}), ErrorKind::unsupported,
       "GPU 0 (thor): its MIG placements are unknown, so it cannot be simulated accurately",
       Hint::gpuslice({"profiles", {"for", "thor-igpu"}, Hint::flag("sources")})},
      {"no placements seen, second GPU", node({gpu("a100"), gpu("rtx-pro-5000")}), ErrorKind::unsupported,
       "GPU 1 (rtx-pro-5000): its MIG placements are unknown, so it cannot be simulated accurately",
       Hint::gpuslice({"profiles", {"for", "rtx-pro-5000-blackwell-48gb"}, Hint::flag("sources")})},
      {"no profile memory seen", node({gpu("b300")}), ErrorKind::unsupported,
       "product b300-269gb: memory, multiprocessors or engines of its MIG profiles are unknown, so it cannot be "
       "simulated accurately",
       Hint::gpuslice({"profiles", {"for", "b300-269gb"}, Hint::flag("sources")})},
  });
}

TEST(BlueprintOf, RefusesUnknownDrivers) {
  const auto driver = [](const char* version) {
    return with(node({gpu("a100")}), [&](auto& s) { s.driver = version; });
  };
  for (const char* bad : {"", "latest", "580", ".580", "580.126.09-1", "580.126.09\n"})
    expect_refused({{bad, driver(bad), ErrorKind::usage, std::string("driver ") + bad + ": is not a driver version",
                     "--driver 580.126.09"}});
  expect_refused({
      {"an unknown branch", driver("999.1"), ErrorKind::usage,
       "driver 999.1: the CUDA version that it supports is unknown", "give it in a recipe: cuda: \"13.0\""},
      {"a CUDA version that is none", with(node({gpu("a100")}), [](auto& s) { s.cuda = "thirteen"; }), ErrorKind::usage,
       "cuda thirteen: is not MAJOR.MINOR or none", "cuda: \"13.0\""},
      {"a CUDA version with more behind it", with(node({gpu("a100")}), [](auto& s) { s.cuda = "13.0.1"; }),
       ErrorKind::usage, "cuda 13.0.1: is not MAJOR.MINOR or none", "cuda: \"13.0\""},
  });
}

TEST(BlueprintOf, RefusesInvalidOrConflictingIdentities) {
  const auto uuid = [](auto& g) { g.uuid = "GPU-9e4aeb94-01c0-5173-4811-4ca60f77b3a9"; };
  auto twin = gpu("a100");
  uuid(twin);
  twin.pci_bus_id = "0:20:0.0";
  auto same_bus = gpu("a30");
  same_bus.pci_bus_id = "00000000:07:00.0";  // where GPU 0 is put
  auto same_uuid = gpu("a30");
  uuid(same_uuid);
  const std::string one_only = "GPU 0 (a100): identities can be pinned for one GPU only, not for a count of 2";
  auto same_mig_uuid = gpu("a100");
  same_mig_uuid.mig_uuids[{1, 0}] = "MIG-239565ce-30e3-52d7-8197-5630d3ce21fa";
  same_mig_uuid.mig_uuids[{2, 0}] = "MIG-239565ce-30e3-52d7-8197-5630d3ce21fa";
  expect_refused({
      {"one UUID for two", gpu_with("a100", uuid, 2), ErrorKind::usage, one_only},
      {"one address for two",
       gpu_with(
           "a100", [](auto& g) { g.pci_bus_id = "0:1:0.0"; }, 2),
       ErrorKind::usage, one_only},
      {"one serial for two",
       gpu_with(
           "a100", [](auto& g) { g.serial = "1"; }, 2),
       ErrorKind::usage, one_only},
      {"MIG UUIDs for two",
       gpu_with(
           "a100", [](auto& g) { g.mig_uuids[{0, 0}] = "MIG-9e4aeb94-01c0-5173-4811-4ca60f77b3a9"; }, 2),
       ErrorKind::usage, one_only},
      {"one MIG UUID for two places", node({same_mig_uuid}), ErrorKind::usage,
       "GPU 0 (a100): has the UUID MIG-239565ce-30e3-52d7-8197-5630d3ce21fa twice"},
      {"the same UUID", node({twin, same_uuid}), ErrorKind::usage, "GPU 1 (a30): has the UUID of GPU 0"},
      {"the same address", node({gpu("a100"), same_bus}), ErrorKind::usage,
       "GPU 1 (a30): has the PCI address of GPU 0"},
      {"no UUID", gpu_with("a100", [](auto& g) { g.uuid = "GPU-1"; }), ErrorKind::usage,
       "UUID GPU-1: is not GPU-xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"},
      {"a MIG UUID for a GPU", gpu_with("a100", [](auto& g) { g.uuid = "MIG-9e4aeb94-01c0-5173-4811-4ca60f77b3a9"; }),
       ErrorKind::usage,
       "UUID MIG-9e4aeb94-01c0-5173-4811-4ca60f77b3a9: is not GPU-xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"},
      {"no MIG UUID", gpu_with("a100", [](auto& g) { g.mig_uuids[{0, 0}] = "x"; }), ErrorKind::usage,
       "UUID x: is not MIG-xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"},
  });
  for (const std::string bad : {"10:1C.0", "0000:10:1C.1", "0000:100:00.0", "0000:10:20.0", "0000:10:1C.0x", "words"})
    expect_refused({{bad.c_str(), gpu_with("a100", [&](auto& g) { g.pci_bus_id = bad; }), ErrorKind::usage,
                     "pci_bus_id " + bad + ": is not DOMAIN:BUS:DEVICE.0", "pci_bus_id: 00000000:10:1C.0"}});
}

TEST(BlueprintOf, RefusesSettingsThatTheBoardDoesNotHave) {
  expect_refused({
      {"a variant of a four-slice part", gpu_with("a30", [](auto& g) { g.board_variant = catalog::BoardVariant::b; }),
       ErrorKind::usage, "GPU 0 (a30): has no board variants: only seven-slice parts come as A and B"},
      {"another product's name", gpu_with("v100", [](auto& g) { g.name = "NVIDIA A30"; }), ErrorKind::usage,
       "GPU 0 (v100): cannot have the name \"NVIDIA A30\"; its names are: Tesla V100-SXM2-16GB"},
      {"MIG without MIG", gpu_with("t4", [](auto& g) { g.mig = true; }), ErrorKind::usage,
       "GPU 0 (t4): cannot have MIG mode on: this board or its display mode does not support MIG"},
      {"a display mode", gpu_with("a100", [](auto& g) { g.display_mode = "compute"; }), ErrorKind::usage,
       "GPU 0 (a100): has no display modes: only RTX PRO workstation boards have them"},
      {"an unknown display mode",
       gpu_with("NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition", [](auto& g) { g.display_mode = "on"; }),
       ErrorKind::usage, "GPU 0 (NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition): has no display mode \"on\"",
       "display_mode: compute"},
      {"an addressing mode", gpu_with("a100", [](auto& g) { g.addressing_mode = "hmm"; }), ErrorKind::usage,
       "GPU 0 (a100): addressing_mode must be None, HMM or ATS"},
      {"more GPUs than a driver has minors", node({gpu("a100", 30), gpu("a30", 3)}), ErrorKind::usage,
       "the node: would have more than 32 GPUs"},
  });
  EXPECT_TRUE(blueprint_of("n", node({gpu("a100", 30), gpu("a30", 2)})));
}

}  // namespace
}  // namespace gpuslice::simhost
