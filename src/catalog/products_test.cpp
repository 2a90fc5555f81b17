// The catalogue as its users see it: every product exists, every name is found, every capability is valid.
#include "catalog/product.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "catalog/spelling.hpp"
#include "mig/partition.hpp"

namespace gpuslice::catalog {
namespace {

std::vector<std::string> keys() {
  std::vector<std::string> all;
  for (const auto& product : products()) all.emplace_back(product.key);
  return all;
}

TEST(Products, AllAreListedInOrder) {
  EXPECT_EQ(keys(), (std::vector<std::string>{"a10-24gb",
                                              "a100-40gb",
                                              "a100-80gb",
                                              "a100-96gb-pg506",
                                              "a100-sxm-64gb",
                                              "a30-24gb",
                                              "b200-180gb",
                                              "b300-269gb",
                                              "gb200-186gb",
                                              "gb300-278gb",
                                              "gh200-144gb",
                                              "gh200-96gb",
                                              "h100-64gb-sxm5",
                                              "h100-80gb-pcie",
                                              "h100-80gb-sxm5",
                                              "h100-94gb-nvl",
                                              "h20-3e-141gb",
                                              "h20-96gb",
                                              "h200-141gb",
                                              "rtx-4090-24gb",
                                              "rtx-pro-4500-blackwell-32gb",
                                              "rtx-pro-5000-blackwell-48gb",
                                              "rtx-pro-6000-blackwell-96gb",
                                              "t4-16gb",
                                              "thor-igpu",
                                              "v100-sxm2-16gb",
                                              "v100-sxm2-32gb"}));
}

TEST(Products, EveryNameFindsOnlyItsProduct) {
  std::map<std::string, std::string_view> owner;
  for (const auto& product : products()) {
    std::vector<std::string_view> spellings{product.key};
    spellings.insert(spellings.end(), product.aliases.begin(), product.aliases.end());
    spellings.insert(spellings.end(), product.names.begin(), product.names.end());
    for (const auto spelling : spellings) {
      EXPECT_TRUE(owner.emplace(folded(spelling), product.key).second) << spelling << " names two products";
      const auto found = find(spelling);
      ASSERT_TRUE(found) << found.error().message();
      EXPECT_EQ((*found)->key, product.key);
    }
  }
}

TEST(Products, AliasesAreTheDocumentedOnes) {
  const std::map<std::string, std::string> wanted{{"a30", "a30-24gb"},
                                                  {"a100", "a100-40gb"},
                                                  {"a100-40", "a100-40gb"},
                                                  {"a100-80", "a100-80gb"},
                                                  {"h100", "h100-80gb-sxm5"},
                                                  {"h100-80", "h100-80gb-sxm5"},
                                                  {"h100-pcie", "h100-80gb-pcie"},
                                                  {"h100-nvl", "h100-94gb-nvl"},
                                                  {"h200", "h200-141gb"},
                                                  {"h20", "h20-96gb"},
                                                  {"b200", "b200-180gb"},
                                                  {"gb200", "gb200-186gb"},
                                                  {"b300", "b300-269gb"},
                                                  {"gb300", "gb300-278gb"},
                                                  {"gh200", "gh200-96gb"},
                                                  {"rtx-pro-6000", "rtx-pro-6000-blackwell-96gb"},
                                                  {"rtx-pro-5000", "rtx-pro-5000-blackwell-48gb"},
                                                  {"rtx-pro-4500", "rtx-pro-4500-blackwell-32gb"},
                                                  {"thor", "thor-igpu"},
                                                  {"a10", "a10-24gb"},
                                                  {"t4", "t4-16gb"},
                                                  {"v100", "v100-sxm2-16gb"},
                                                  {"v100-32", "v100-sxm2-32gb"},
                                                  {"rtx-4090", "rtx-4090-24gb"}};
  for (const auto& [alias, key] : wanted) {
    const auto found = find(alias);
    ASSERT_TRUE(found) << alias;
    EXPECT_EQ((*found)->key, key) << alias;
  }
}

TEST(Products, AliasesAreListedInTheReadme) {
  std::ifstream in(PRODUCT_FILES_DIR "/README.md");
  const std::string readme{std::istreambuf_iterator<char>(in), {}};
  for (const auto& product : products()) {
    std::string row = "| `" + std::string(product.key) + "` |";
    for (const auto alias : product.aliases)
      row += (alias == product.aliases[0] ? " `" : ", `") + std::string(alias) + "`";
    EXPECT_NE(readme.find(row + " |"), std::string::npos) << "data/products/README.md lacks the row: " << row;
  }
}

TEST(Products, NamesAreFoundWhateverTheirCase) {
  for (const auto* name : {"NVIDIA A100-SXM4-40GB", "nvidia a100-sxm4-40gb", "A100-sxm4-40gb", "A100"})
    EXPECT_EQ(find(name).value()->key, "a100-40gb") << name;
  EXPECT_EQ(find("NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition").value()->key,
            "rtx-pro-6000-blackwell-96gb");
}

TEST(Products, AnUnknownNameSuggestsTheNearest) {
  const auto missing = [](std::string_view name) {
    const auto found = find(name);
    EXPECT_FALSE(found);
    EXPECT_EQ(found.error().kind, ErrorKind::not_found);
    EXPECT_EQ(found.error().hint, Hint::gpuslice({"products"}));
    return found.error().message();
  };
  EXPECT_EQ(missing("a100-45gb"),
            "product a100-45gb: is not in the catalogue; nearest: a100-40gb, a100-80gb, a10-24gb");
  EXPECT_EQ(missing("h101"), "product h101: is not in the catalogue; nearest: h100");
  EXPECT_EQ(missing("toaster"), "product toaster: is not in the catalogue") << "none is close";
  EXPECT_EQ(missing("RTX PRO 6000"),
            "product RTX PRO 6000: is not in the catalogue; nearest: rtx-pro-6000, rtx-pro-5000, rtx-pro-4500");
  EXPECT_FALSE(find(""));
}

TEST(Products, OnlyThoseWithKnownPlacementsCanBePartitioned) {
  std::set<std::string> no_mig, unplaced, unreportable;
  for (const auto& product : products()) {
    const std::string key(product.key);
    const auto& can = product.capability;
    if (!can.mode.supported)
      no_mig.insert(key);
    else if (can.profiles.empty())
      unplaced.insert(key);
    else if (std::none_of(can.profiles.begin(), can.profiles.end(), reportable))
      unreportable.insert(key);
  }
  EXPECT_EQ(no_mig,
            (std::set<std::string>{"a10-24gb", "rtx-4090-24gb", "t4-16gb", "v100-sxm2-16gb", "v100-sxm2-32gb"}));
  EXPECT_EQ(unplaced, (std::set<std::string>{"a100-sxm-64gb", "rtx-pro-4500-blackwell-32gb",
                                             "rtx-pro-5000-blackwell-48gb", "thor-igpu"}));
  EXPECT_EQ(unreportable, (std::set<std::string>{"a100-96gb-pg506", "b300-269gb", "gb300-278gb", "h100-64gb-sxm5",
                                                 "h20-3e-141gb", "h20-96gb"}));
}

TEST(Products, ProfilesWithoutKnownPlacementsAreListed) {
  const auto& rtx = *find("rtx-pro-5000").value();
  ASSERT_EQ(rtx.unplaced.size(), 7U);
  EXPECT_EQ(rtx.unplaced[0].name, "1g.24gb");
  EXPECT_FALSE(rtx.unplaced[0].id);
  EXPECT_EQ(rtx.unplaced[0].max_count, 2);
  EXPECT_EQ(rtx.unplaced[0].engines, (mig::Engines{1, 1, 1, 0, 0}));
  EXPECT_EQ(rtx.unplaced[0].confidence.row, Confidence::docs);
  const auto& thor = *find("thor").value();
  ASSERT_EQ(thor.unplaced.size(), 7U);
  EXPECT_EQ(std::count_if(thor.unplaced.begin(), thor.unplaced.end(), [](const auto& p) { return p.id.has_value(); }),
            2);
  EXPECT_EQ(find("rtx-pro-4500").value()->unplaced.size(), 6U);
  EXPECT_TRUE(find("a100").value()->unplaced.empty());
}

TEST(Capabilities, EmptyIsLegalAndSoIsEachInstanceAtEachSite) {
  std::size_t sites = 0;
  for (const auto& product : products()) {
    const auto& can = product.capability;
    EXPECT_TRUE(mig::legal(can, {}));
    for (const auto& profile : can.profiles)
      for (const auto site : profile.sites) {
        mig::GpuInstance instance;
        instance.profile = profile.id;
        instance.placement = site;
        for (const auto& ci : profile.compute)
          for (const auto place : ci.sites) {
            instance.compute.clear();
            instance.compute.push_back({mig::CiId{0}, ci.id, place});
            mig::Partition one;
            one.instances.push_back(instance);
            EXPECT_TRUE(mig::legal(can, one)) << product.key << " " << profile.name << " at " << int{site.start};
          }
        ++sites;
      }
  }
  // Expected: 25 sites on each of 15 seven-slice products with all seven profiles, 21 on one without the 1g with double
  // memory, 13 on A30, 30 on RTX PRO.
  EXPECT_EQ(sites, 15U * 25 + 21 + 13 + 30);
}

TEST(Capabilities, AnEmptyGpuHasRoomForMaxCountOfEachProfile) {
  for (const auto& product : products())
    for (const auto& profile : product.capability.profiles) {
      EXPECT_EQ(mig::remaining(product.capability, {}, profile), profile.max_count)
          << product.key << " " << profile.name;
      const mig::GpuInstance fresh{mig::GiId{0}, profile.id, profile.sites[0], {}};
      for (const auto& ci : profile.compute)
        EXPECT_EQ(mig::remaining(profile, fresh, ci), ci.max_count)
            << product.key << " " << profile.name << " CI " << ci.id.value;
    }
}

TEST(Capabilities, ProfilesAreInNvmlOrderWithOneDefaultComputeProfile) {
  for (const auto& product : products()) {
    const auto& profiles = product.capability.profiles;
    EXPECT_EQ(product.profile_confidence.size(), profiles.size()) << product.key;
    EXPECT_EQ(product.profile_memory.size(), profiles.size()) << product.key;
    for (std::size_t i = 0; i < profiles.size(); ++i) {
      if (i > 0) {
        EXPECT_LT(profiles[i - 1].nvml_enum, profiles[i].nvml_enum) << product.key;
      }
      const auto* full = profiles[i].default_compute();
      ASSERT_NE(full, nullptr) << product.key << " " << profiles[i].name;
      EXPECT_EQ(full->slices, profiles[i].slices);
      EXPECT_EQ(full->multiprocessors, profiles[i].multiprocessors) << product.key << " " << profiles[i].name;
    }
  }
}

TEST(Capabilities, ModeRuleFollowsTheGeneration) {
  for (const auto& product : products()) {
    const auto& mode = product.capability.mode;
    if (!mode.supported) continue;
    EXPECT_EQ(mode.switch_resets, product.architecture == "Ampere") << product.key;
    EXPECT_EQ(mode.survives_reboot, product.architecture == "Ampere") << product.key;
  }
}

TEST(Capabilities, OnlyWorkstationBoardsNeedTheComputeDisplayMode) {
  const auto& rtx = *find("rtx-pro-6000").value();
  const auto gated = [&](std::string_view name) {
    return capability(rtx, "580.105.08", name).mode.needs_compute_display;
  };
  EXPECT_FALSE(gated("NVIDIA RTX PRO 6000 Blackwell Server Edition"));
  EXPECT_TRUE(gated("NVIDIA RTX PRO 6000 Blackwell Workstation Edition"));
  EXPECT_TRUE(gated("NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition"));
  EXPECT_FALSE(capability(*find("a100").value(), "580.126.09", "NVIDIA A100-SXM4-40GB").mode.needs_compute_display);
}

TEST(MemorySets, VersionThenBranchThenFirst) {
  const auto& a100 = *find("a100").value();
  const auto full = [](const Product& product, std::string_view driver, std::string_view board) {
    return capability(product, driver, board).find("7g.40gb")->memory_mib;
  };
  EXPECT_EQ(full(a100, "580.126.09", "NVIDIA A100-SXM4-40GB"), 40320U);  // same version, same board
  EXPECT_EQ(full(a100, "580.126.09", "NVIDIA A100-PCIE-40GB"), 40320U);  // same version, another board
  EXPECT_EQ(full(a100, "550.54", "NVIDIA A100-PCIE-40GB"), 40192U);
  EXPECT_EQ(full(a100, "550.163.01", "NVIDIA A100-SXM4-40GB"), 40192U);  // same branch
  EXPECT_EQ(full(a100, "535.183.01", "NVIDIA A100-PCIE-40GB"), 40320U);  // neither is known: the first set
  EXPECT_EQ(full(a100, "", ""), 40320U);
  const auto& rtx = *find("rtx-pro-6000").value();
  const auto rtx_full = [&](std::string_view driver, std::string_view board) {
    return memory_set(rtx, driver, board, MemoryClass::full)->full;
  };
  EXPECT_EQ(rtx_full("580.105.08", "NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition"), 97280U);
  EXPECT_EQ(rtx_full("610.43.02", "NVIDIA RTX PRO 6000 Blackwell Workstation Edition"), 97408U);
  EXPECT_EQ(rtx_full("580.126.09", "NVIDIA RTX PRO 6000 Blackwell Workstation Edition"), 97280U);
  EXPECT_EQ(memory_set(*find("t4").value(), "580.126.09", "Tesla T4", MemoryClass::full), nullptr);
}

// nvidia-smi mig -lgip under 510.47.03 shows the full class of an A100-PCIE-40GB and the half class of an
// A100-SXM4-40GB. Classes that are unknown under one driver are taken from the sets that have them.
TEST(MemorySets, AreSelectedForEachClass) {
  const auto& a100 = *find("a100").value();
  const auto of = [&](const char* board, const char* profile) {
    return capability(a100, "510.47.03", board).find(profile)->memory_mib;
  };
  EXPECT_EQ(of("NVIDIA A100-PCIE-40GB", "7g.40gb"), 40448U);
  EXPECT_EQ(of("NVIDIA A100-SXM4-40GB", "3g.20gb"), 19968U);
  EXPECT_EQ(of("NVIDIA A100-SXM4-40GB", "2g.10gb"), 9984U);
  EXPECT_EQ(memory_set(a100, "510.47.03", "NVIDIA A100-SXM4-40GB", MemoryClass::quarter)->driver, "580.126.09");
}

// From nvidia-smi's default view of an H100 PCIe and of A100 boards, among them the same board under drivers before
// R510 and later.
TEST(GpuMemory, FollowsTheDriver) {
  const auto memory = [](std::string_view product, std::string_view driver, std::string_view board) {
    return gpu_memory(*find(product).value(), driver, board);
  };
  constexpr std::uint64_t mib = 1024ULL * 1024;
  const auto old = memory("a100", "450.142.00", "NVIDIA A100-SXM4-40GB");
  EXPECT_EQ(old.total_bytes, 42505273344U);
  EXPECT_EQ(old.reserved_bytes, 0U);
  EXPECT_EQ(memory("a100", "495.29.05", "NVIDIA A100-SXM4-40GB").total_bytes, 42505273344U);
  const auto xml = memory("a100", "510.47.03", "NVIDIA A100-SXM4-40GB");
  EXPECT_EQ(xml.total_bytes, 40960 * mib);
  EXPECT_EQ(xml.reserved_bytes, 605 * mib);
  EXPECT_EQ(memory("a100", "550.163.01", "NVIDIA A100-SXM4-40GB").reserved_bytes, 633 * mib);
  EXPECT_EQ(memory("a100", "580.126.09", "NVIDIA A100-SXM4-40GB").reserved_bytes, 542638080U);
  EXPECT_EQ(memory("a100", "", "NVIDIA A100-SXM4-40GB").reserved_bytes, 542638080U);
  EXPECT_EQ(memory("a100-80", "470.103.01", "NVIDIA A100-SXM4-80GB").total_bytes, 81251 * mib);
  EXPECT_EQ(memory("a100-80", "470.103.01", "NVIDIA A100 80GB PCIe").total_bytes, 80994 * mib);
  EXPECT_EQ(memory("a100-80", "515.86.01", "NVIDIA A100 80GB PCIe").total_bytes, 81920 * mib);
  EXPECT_FALSE(memory("a100-80", "515.86.01", "NVIDIA A100 80GB PCIe").reserved_bytes);
  EXPECT_EQ(memory("t4", "460.32.03", "Tesla T4").total_bytes, 15109 * mib);
  EXPECT_EQ(memory("h200", "580.159.04", "NVIDIA H200").reserved_bytes, 644939776U);
}

// nvidia-smi mig -lgip of an A100 80GB PCIe under 515.86 lists ids 19, 20, 14, 9, 5 and 0; the MIG User Guide names the
// first branches of the other profiles.
TEST(Capabilities, HaveTheProfilesThatTheDriverOffers) {
  const auto ids = [](std::string_view product, std::string_view driver) {
    std::set<std::uint32_t> all;
    for (const auto& profile : capability(*find(product).value(), driver, "").profiles) all.insert(profile.id.value);
    return all;
  };
  using Ids = std::set<std::uint32_t>;
  EXPECT_EQ(ids("a100-80", "515.86.01"), (Ids{0, 5, 9, 14, 19, 20}));
  EXPECT_EQ(ids("a100-80", "525.60.13"), (Ids{0, 5, 9, 14, 15, 19, 20}));
  EXPECT_EQ(ids("a100", "460.32.03"), (Ids{0, 5, 9, 14, 19}));
  EXPECT_EQ(ids("a100", ""), (Ids{0, 5, 9, 14, 15, 19, 20}));
  EXPECT_EQ(ids("a30", "460.32.03"), (Ids{0, 5, 14}));
  EXPECT_EQ(ids("a30", "515.86.01"), (Ids{0, 5, 14, 21}));
  EXPECT_EQ(ids("a30", "525.60.13"), (Ids{0, 5, 6, 14, 21}));
  EXPECT_EQ(ids("h100", "525.60.13"), (Ids{0, 5, 9, 14, 15, 19, 20}));
  const auto& a30 = *find("a30").value();
  EXPECT_EQ(profile_facts(a30, mig::GiProfileId{6}).first_branch, 525);
  EXPECT_FALSE(offered_by(a30, mig::GiProfileId{6}, "515.86.01"));
}

// If the product has the larger one-slice compute profile (id 7), compute instances of each size are placed at
// multiples of their number of slots; on other products they can start at every slice where they fit
// (open-gpu-kernel-modules 595.45, kernel_mig_manager.c, kmigmgrComputeProfileGetCapacity). On an A100 80GB PCIe, a 2c
// was at slice 1 of a 3g, next to a 1c at 0.
TEST(Capabilities, ComputePlacementsFollowTheGeneration) {
  for (const auto& product : products()) {
    const auto& all = product.capability.profiles;
    const bool aligned =
        std::any_of(all.begin(), all.end(), [](const auto& p) { return p.find(mig::CiProfileId{7}) != nullptr; });
    EXPECT_EQ(aligned, product.architecture == "Hopper" ||
                           (product.architecture == "Blackwell" && product.capability.compute_slices == 7))
        << product.key;
    for (const auto& profile : all)
      for (const auto& ci : profile.compute) {
        const unsigned size = ci.sites[0].size;
        const unsigned step = !aligned || size == 1 ? 1 : size == 2 ? 2 : 4;
        std::vector<unsigned> wanted, there;
        for (unsigned start = 0; start + size <= profile.slices; start += step) wanted.push_back(start);
        for (const auto site : ci.sites) there.push_back(site.start);
        EXPECT_EQ(there, wanted) << product.key << " " << profile.name << " CI " << ci.id.value;
      }
  }
}

TEST(MemorySets, AFigureThatTheSetLacksIsUnknown) {
  const auto can = capability(*find("b200").value(), "570.133.20", "NVIDIA B200");
  EXPECT_EQ(can.find("2g.45gb")->memory_mib, 45312U);
  EXPECT_FALSE(can.find("3g.90gb")->memory_mib);
  EXPECT_FALSE(reportable(*can.find("3g.90gb")));
}

TEST(Bar1, IsTheWholeOneBeforeR580AndAPoolSinceThen) {
  const auto pool = [](std::string_view product, std::string_view driver) {
    return bar1_pool_mib(*find(product).value(), driver, "");
  };
  EXPECT_EQ(pool("a100", "570.148.08").value, 65536U);
  EXPECT_EQ(pool("a100", "580.126.09").value, 24424U);
  EXPECT_EQ(pool("a100", "595.10").value, 24424U);  // the nearest branch that has a pool
  EXPECT_EQ(pool("a100-80", "570.148.08").value, 131072U);
  EXPECT_EQ(pool("h100", "560.35.03").value, 131072U);
  EXPECT_EQ(pool("h100", "580.65.06").value, 49482U);
  EXPECT_EQ(pool("h100-nvl", "560.35.03").value, 131072U);
  EXPECT_EQ(pool("h100-nvl", "580.105.08").value, 35248U);
  EXPECT_EQ(pool("h200", "570.86.15").value, 262144U);
  EXPECT_EQ(pool("a30", "535.183.01").value, 32768U);
  EXPECT_EQ(pool("rtx-pro-6000", "580.105.08").value, 33312U);
  EXPECT_EQ(pool("rtx-pro-6000", "580.126.09").value, 33312U);
  EXPECT_EQ(pool("rtx-pro-6000", "610.43.02").value, 33272U);
  // This figure is not from a transcript, and its confidence says so.
  EXPECT_EQ(pool("h200", "580.159.04").confidence, Confidence::derived_low);
  EXPECT_FALSE(pool("b200", "580.95.05").known());
  EXPECT_TRUE(pool("gh200", "570.86.15").absent());
}

TEST(IdleUse, FollowsProductAndDriver) {
  const auto use = [](std::string_view product, std::string_view driver) -> std::optional<std::uint32_t> {
    const auto* row = idle_use(*find(product).value(), driver);
    return row != nullptr ? std::optional(row->mib_per_slice_x100) : std::nullopt;
  };
  EXPECT_EQ(use("a100", "580.126.09"), 3550U);
  EXPECT_EQ(use("a100", "510.47.03"), 640U);
  EXPECT_EQ(use("a100", "515.86.01"), 640U);
  EXPECT_EQ(use("a100", "535.183.01"), 1250U);
  EXPECT_EQ(use("a100-80", "560.35.03"), 1250U);
  EXPECT_EQ(use("a30", "535.183.01"), 1250U);
  EXPECT_EQ(use("h100-pcie", "570.169"), 1450U);
  EXPECT_EQ(use("h100", "580.65.06"), 1450U);
  EXPECT_EQ(use("h100-nvl", "560.35.03"), 1265U);
  EXPECT_EQ(use("h100-nvl", "580.105.08"), 1450U);
  EXPECT_EQ(use("rtx-pro-6000", "580.105.08"), 6400U);
  EXPECT_EQ(use("b200", "580.95.05"), std::nullopt);
}

}  // namespace
}  // namespace gpuslice::catalog
