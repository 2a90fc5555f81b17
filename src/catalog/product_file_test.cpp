// What the generator accepts and rejects: an invalid product file stops the build, and the error names the file and the
// key.
#include "catalog/product_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace gpuslice::catalog {
namespace {

constexpr std::string_view good = R"({
  "schema": "gpuslice.product/v1", "key": "x1-8gb", "aliases": ["x1"], "architecture": "Ampere", "chip": "GX1",
  "brand": "NVIDIA", "compute_capability": "8.0",
  "memory_total_mib": {"value": 8192, "confidence": "transcript", "source": "s"},
  "boards": [{"name": "NVIDIA X1", "pci_device": "20ff", "pci_subsystem": "10de:1abc", "pci_class": "0302"}],
  "mig": {
    "switch_resets": true, "survives_reboot": true, "placement_grid": 4, "compute_slices": 4, "max_instances": 4,
    "instance_ids": "four-slice",
    "memory_sets": [{"driver": "580.1", "quarter_mib": 2000, "full_mib": 8000,
      "confidence": "transcript", "source": "s"}],
    "idle_use": [{"driver": "580", "mib": 35.5, "confidence": "derived", "source": "s"}],
    "profiles": [
      {"name": "1g.2gb", "id": 14, "nvml_enum": 0, "slices": 1, "max_count": 4, "memory": "quarter",
       "multiprocessors": 14, "engines": {"copy": 1, "decoder": 1, "encoder": 0, "jpeg": 0, "ofa": 0},
       "starts": [0, 1, 2, 3], "size": 1, "confidence": {"row": "transcript", "placements": "docs"},
       "compute": [{"id": 0, "slices": 1, "max_count": 1, "multiprocessors": 14, "starts": [0], "default": true,
                    "confidence": "derived"}]},
      {"name": "4g.8gb", "id": 0, "nvml_enum": 3, "slices": 4, "max_count": 1, "memory": "full", "multiprocessors": 56,
       "engines": {"copy": 4, "decoder": 4, "encoder": 0, "jpeg": 1, "ofa": 1}, "starts": [0], "size": 4,
       "confidence": "transcript",
       "compute": [{"id": 3, "slices": 4, "max_count": 1, "multiprocessors": 56, "starts": [0], "default": true,
                    "confidence": "derived"}]}
    ]
  },
  "notes": [], "sources": ["s"]
})";

std::string changed(std::string_view from, std::string_view to) {
  std::string text(good);
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string refusal(const std::string& text) {
  const auto read = read_product_file("x1-8gb.json", text);
  return read ? "accepted" : read.error().message();
}

TEST(ProductFile, AValidFileIsRead) {
  const auto read = read_product_file("x1-8gb.json", good);
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read->nvml_architecture, 7U);
  EXPECT_EQ(read->boards[0].facts.pci_subsystem_id, 0x1abc10deU);
  EXPECT_EQ(read->boards[0].facts.memory_total_mib.value, 8192U);
  EXPECT_EQ(read->idle_uses[0].value, 3550U);
  EXPECT_EQ(read->profiles[0].profile.memory_mib, 2000U);
  EXPECT_EQ(read->profiles[0].confidence.placements, Confidence::docs);
  EXPECT_EQ(read->pool, (mig::Engines{4, 4, 0, 1, 1}));
}

TEST(ProductFile, UnknownKeysAreNamed) {
  EXPECT_EQ(refusal(changed("\"chip\"", "\"chipp\": 1, \"chip\"")), "x1-8gb.json: \"chipp\" is not a known key");
  EXPECT_EQ(refusal(changed("\"max_count\": 4", "\"max_count\": 4, \"colour\": 1")),
            "x1-8gb.json: \"mig.profiles[0].colour\" is not a known key");
  EXPECT_EQ(refusal(changed("\"quarter_mib\"", "\"third_mib\": 1, \"quarter_mib\"")),
            "x1-8gb.json: \"mig.memory_sets[0].third_mib\" is not a known key");
  EXPECT_EQ(refusal(changed("\"ofa\": 0}", "\"ofa\": 0, \"nvdec\": 1}")),
            "x1-8gb.json: \"mig.profiles[0].engines.nvdec\" is not a known key");
  EXPECT_EQ(refusal(changed("\"value\": 8192,", "\"value\": 8192, \"unit\": 1,")),
            "x1-8gb.json: \"memory_total_mib.unit\" is not a known key");
}

TEST(ProductFile, PlacementsMustBeInsideTheGpu) {
  EXPECT_EQ(refusal(changed("[0, 1, 2, 3]", "[0, 1, 2, 4]")),
            "x1-8gb.json: \"mig.profiles[0].starts[3]\" exceeds the number of slices, 4");
  EXPECT_EQ(refusal(changed("[0, 1, 2, 3]", "[0, 2, 1, 3]")),
            "x1-8gb.json: \"mig.profiles[0].starts[2]\" overlaps the placement before it, or is not ascending");
  EXPECT_EQ(refusal(changed("\"starts\": [0], \"default\"", "\"starts\": [1], \"default\"")),
            "x1-8gb.json: \"mig.profiles[0].compute[0].starts[0]\" exceeds the number of slices, 1");
  EXPECT_EQ(refusal(changed("\"max_count\": 4", "\"max_count\": 5")),
            "x1-8gb.json: \"mig.profiles[0].max_count\" is above the number of placements");
}

TEST(ProductFile, EveryProfileHasItsDefaultComputeProfile) {
  EXPECT_EQ(refusal(changed("\"default\": true", "\"default\": false")),
            "x1-8gb.json: \"mig.profiles[0].compute\" needs exactly one default profile");
}

TEST(ProductFile, MemoryFollowsTheFirstSet) {
  EXPECT_EQ(refusal(changed("\"quarter_mib\": 2000, ", "")),
            "x1-8gb.json: \"mig.profiles[0].confidence\" of the memory does not fit the first memory set");
  EXPECT_EQ(refusal(changed("\"memory\": \"quarter\"", "\"memory\": \"third\"")),
            "x1-8gb.json: \"mig.profiles[0].memory\" is not one of eighth, quarter, half, full");
  EXPECT_EQ(refusal(changed("\"driver\": \"580.1\", ", "\"driver\": \"580.1\", \"board\": \"NVIDIA X2\", ")),
            "x1-8gb.json: \"mig.memory_sets[0].board\" \"NVIDIA X2\" is not a board of this product");
}

TEST(ProductFile, FiguresNeedAConfidence) {
  EXPECT_EQ(refusal(changed("\"confidence\": \"transcript\", \"source\": \"s\"},\n  \"boards\"",
                            "\"confidence\": \"sure\"},\n  \"boards\"")),
            "x1-8gb.json: \"memory_total_mib.confidence\" is not a confidence");
  EXPECT_EQ(refusal(changed("\"value\": 8192, ", "")),
            "x1-8gb.json: \"memory_total_mib\" needs a value exactly when its confidence is not \"unknown\"");
  EXPECT_EQ(refusal(changed("8192", "-1")),
            "x1-8gb.json: \"memory_total_mib.value\" is not a whole number of at least 0");
  EXPECT_EQ(refusal(changed("8192", "\"8192\"")),
            "x1-8gb.json: \"memory_total_mib.value\" is not a whole number of at least 0");
}

TEST(ProductFile, OtherErrorsAreFound) {
  EXPECT_EQ(refusal(changed("x1-8gb", "x2-8gb")), "x1-8gb.json: \"key\" is not the name of the file");
  EXPECT_EQ(refusal(changed("product/v1", "product/v2")), "x1-8gb.json: \"schema\" is not gpuslice.product/v1");
  EXPECT_EQ(refusal(changed("\"Ampere\"", "\"Amper\"")),
            "x1-8gb.json: \"architecture\" \"Amper\" is not a known value");
  EXPECT_EQ(refusal(changed("20ff", "20fg")),
            "x1-8gb.json: \"boards[0].pci_device\" is not a number of 4 hexadecimal digits");
  EXPECT_EQ(refusal(changed("\"chip\": \"GX1\",", "")), "x1-8gb.json: \"chip\" is missing");
  EXPECT_EQ(refusal(changed("\"nvml_enum\": 3", "\"nvml_enum\": 0")),
            "x1-8gb.json: \"mig.profiles[1].nvml_enum\" is not ascending");
  EXPECT_NE(refusal("{").find("x1-8gb.json: is not JSON: "), std::string::npos);
}

TEST(ProductFile, NoNameBelongsToTwoProducts) {
  auto first = read_product_file("x1-8gb.json", good).value();
  auto second = first;
  second.key = "x2-8gb";
  second.aliases = {"X1"};
  second.boards[0].name = "NVIDIA X2";
  const auto checked = check_spellings({first, second});
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().message(), "x2-8gb.json: \"X1\" is already a name of x1-8gb");
  second.aliases = {"x2"};
  EXPECT_TRUE(check_spellings({first, second}));
}

// The tables must have the same figures as the files, which separate code reads here.
TEST(ProductFile, TablesHaveTheFiguresOfTheFiles) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(PRODUCT_FILES_DIR)) {
    if (entry.path().extension() != ".json") continue;
    ++files;
    std::ifstream in(entry.path());
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const auto read = read_product_file(entry.path().filename().string(), text);
    ASSERT_TRUE(read) << read.error().message();
    const auto found = find(read->key);
    ASSERT_TRUE(found);
    const Product& product = **found;
    EXPECT_EQ(product.boards.size(), read->boards.size());
    for (std::size_t i = 0; i < product.boards.size(); ++i) {
      const auto& a = product.boards[i].facts;
      const auto& b = read->boards[i].facts;
      EXPECT_EQ(product.names[i], read->boards[i].name);
      EXPECT_EQ(product.boards[i].name, read->boards[i].name);
      EXPECT_EQ(
          std::tuple(a.pci_device_id, a.pci_subsystem_id, a.pci_subclass, a.usual_variant, a.needs_compute_display),
          std::tuple(b.pci_device_id, b.pci_subsystem_id, b.pci_subclass, b.usual_variant, b.needs_compute_display));
      const auto same = [&](const auto& x, const auto& y, const char* what) {
        EXPECT_EQ(x.value, y.value) << product.key << " " << what;
        EXPECT_EQ(x.confidence, y.confidence) << product.key << " " << what;
      };
      same(a.memory_total_mib, b.memory_total_mib, "memory_total_mib");
      same(a.memory_reserved_mib, b.memory_reserved_mib, "memory_reserved_mib");
      same(a.memory_reserved_bytes, b.memory_reserved_bytes, "memory_reserved_bytes");
      same(a.bar1_total_mib, b.bar1_total_mib, "bar1_total_mib");
      same(a.multiprocessors, b.multiprocessors, "multiprocessors");
      same(a.power_limit_w, b.power_limit_w, "power_limit_w");
      same(a.idle_power_w, b.idle_power_w, "idle_power_w");
      same(a.idle_temperature_c, b.idle_temperature_c, "idle_temperature_c");
      same(a.idle_performance_state, b.idle_performance_state, "idle_performance_state");
      same(a.fan_percent, b.fan_percent, "fan_percent");
      same(a.ecc, b.ecc, "ecc");
    }
    std::size_t placed = 0;
    for (const auto& row : read->profiles) {
      if (!row.placed()) continue;
      const auto& p = product.capability.profiles[placed++];
      EXPECT_EQ(p.name, row.name);
      EXPECT_EQ(
          std::tuple(p.id, p.nvml_enum, p.slices, p.max_count, p.graphics, p.memory_mib, p.multiprocessors, p.engines),
          std::tuple(row.profile.id, row.profile.nvml_enum, row.profile.slices, row.profile.max_count,
                     row.profile.graphics, row.profile.memory_mib, row.profile.multiprocessors, row.profile.engines))
          << product.key << " " << row.name;
      EXPECT_EQ(p.sites, row.profile.sites);
      ASSERT_EQ(p.compute.size(), row.profile.compute.size());
      for (std::size_t i = 0; i < p.compute.size(); ++i) {
        const auto& c = p.compute[i];
        const auto& d = row.profile.compute[i];
        EXPECT_EQ(std::tuple(c.id, c.slices, c.max_count, c.multiprocessors, c.is_default),
                  std::tuple(d.id, d.slices, d.max_count, d.multiprocessors, d.is_default));
        EXPECT_EQ(c.sites, d.sites);
      }
    }
    EXPECT_EQ(placed, product.capability.profiles.size());
    EXPECT_EQ(read->profiles.size() - placed, product.unplaced.size());
    EXPECT_EQ(product.capability.pool, read->pool);
  }
  EXPECT_EQ(files, products().size());
}

}  // namespace
}  // namespace gpuslice::catalog
