// The commands about products, run as a user runs them.
#include "cli/catalogue.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/testing/run.hpp"

namespace gpuslice::cli {
namespace {

using nlohmann::json;
using testing::run;

json row(const json& rows, const std::string& key, const std::string& value) {
  for (const auto& one : rows)
    if (one.at(key) == value) return one;
  return {};
}

TEST(Products, AllAreListedWithTheirNames) {
  const auto ran = run({"products", "--output", "json"});
  ASSERT_EQ(ran.status, 0);
  const auto rows = json::parse(ran.out);
  EXPECT_EQ(rows.size(), catalog::products().size());
  EXPECT_EQ(row(rows, "key", "a30-24gb"),
            json::parse(R"({"key": "a30-24gb", "aliases": ["a30"], "architecture": "Ampere",
      "memory_total_mib": 24576, "mig": "yes", "names": ["NVIDIA A30"]})"));
  EXPECT_EQ(row(rows, "key", "t4-16gb").at("mig"), "no");
  EXPECT_EQ(row(rows, "key", "thor-igpu").at("mig"), "placements unknown");
  EXPECT_EQ(row(rows, "key", "thor-igpu").at("memory_total_mib"), nullptr);
}

TEST(Profiles, ShowTheConfidenceOfEachFigure) {
  const auto ran = run({"profiles", "--for", "a100", "--driver", "580.126.09", "--output", "json"});
  ASSERT_EQ(ran.status, 0);
  EXPECT_EQ(ran.err, "");
  const auto smallest = row(json::parse(ran.out), "name", "1g.5gb");
  EXPECT_EQ(smallest.at("id"), 19);
  EXPECT_EQ(smallest.at("memory_mib"), 4864);
  EXPECT_EQ(smallest.at("memory_driver"), "580.126.09");
  for (const char* what :
       {"source_row", "source_memory", "source_multiprocessors", "source_engines", "source_placements"})
    EXPECT_TRUE(catalog::confidence_of(smallest.at(what).get<std::string>())) << what;
}

TEST(Profiles, ShowTheirSourcesInTheTableOnRequest) {
  const auto plain = run({"profiles", "--for", "a30"});
  const auto with_sources = run({"profiles", "--for", "a30", "--sources"});
  EXPECT_EQ(plain.out.find("MEMORY FROM"), std::string::npos);
  EXPECT_NE(with_sources.out.find("MEMORY FROM"), std::string::npos);
  EXPECT_NE(with_sources.out.find("\nsource: "), std::string::npos);
}

TEST(Profiles, UnknownFiguresAreShownAsUnknownNotAsZero) {
  const auto ran = run({"profiles", "--for", "thor", "--output", "json"});
  ASSERT_EQ(ran.status, 0);
  const auto rows = json::parse(ran.out);
  ASSERT_FALSE(rows.empty());
  for (const auto& one : rows) {
    EXPECT_EQ(one.at("memory_mib"), nullptr);
    EXPECT_EQ(one.at("placements"), nullptr);
    EXPECT_NE(one.at("id"), 0);
  }
  EXPECT_NE(run({"profiles", "--for", "thor"}).out.find("unknown"), std::string::npos);
}

TEST(Profiles, SayWhenTheMemoryIsThatOfAnotherDriver) {
  const auto ran = run({"profiles", "--for", "a100", "--driver", "999.1"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(
      ran.err,
      "gpuslice: note: profile memory under driver 999.1 is unknown; the figures shown are from driver 580.126.09\n");
}

TEST(Placements, AreShownAsStartsAndSizes) {
  const auto ran = run({"placements", "--for", "a30", "--output", "json"});
  ASSERT_EQ(ran.status, 0);
  EXPECT_EQ(
      row(json::parse(ran.out), "profile", "2g.12gb"),
      json::parse(
          R"({"profile": "2g.12gb", "id": 5, "placements": [{"start": 0, "size": 2}, {"start": 2, "size": 2}]})"));
}

TEST(Layouts, AreListedOnePerLine) {
  const auto ran = run({"layouts", "--for", "a30", "--profiles", "2g.12gb,0"});
  ASSERT_EQ(ran.status, 0);
  EXPECT_EQ(ran.out,
            "(empty)\n4g.24gb@0\n2g.12gb@0\n2g.12gb@0 2g.12gb@2\n2g.12gb@2\n"
            "a30-24gb: 5 legal layouts (the empty one included), 2 maximal, of 2g.12gb, 4g.24gb\n");
}

TEST(Layouts, JsonHasInstancesWithProfileIdAndPlacement) {
  const auto ran = run({"layouts", "--for", "a30", "--profiles", "14,5", "--maximal", "--output", "json"});
  ASSERT_EQ(ran.status, 0);
  const auto all = json::parse(ran.out);
  EXPECT_EQ(all.at("product"), "a30-24gb");
  EXPECT_EQ(all.at("profiles"), json({"1g.6gb", "2g.12gb"}));
  EXPECT_EQ(all.at("maximal"), all.at("layouts").size());
  EXPECT_EQ(all.at("layouts")[0], json::parse(R"([
    {"profile": "2g.12gb", "profile_id": 5, "placement": {"start": 0, "size": 2}},
    {"profile": "2g.12gb", "profile_id": 5, "placement": {"start": 2, "size": 2}}])"));
}

TEST(Layouts, WithCountNoListIsPrinted) {
  const auto all = json::parse(run({"layouts", "--for", "a100", "--count", "--output", "json"}).out);
  EXPECT_EQ(all.at("legal"), 2319);
  EXPECT_EQ(all.at("maximal"), 239);
  EXPECT_EQ(all.at("layouts"), nullptr);
}

TEST(Layouts, AnUnknownProfileIsRefusedWithTheAvailableOnes) {
  for (const char* word : {"2g.12g", "4294967301", "5x", ""}) {  // 4294967301 is 2^32 + 5: ids must not wrap around
    const auto ran = run({"layouts", "--for", "a30", "--profiles", std::string("14,") + word});
    EXPECT_EQ(ran.status, 2) << word;
    EXPECT_EQ(ran.out, "") << word;
    EXPECT_TRUE(ran.err.starts_with(std::string("gpuslice: profile \"") + word +
                                    "\": is not a profile of this product; available: 1g.6gb"))
        << ran.err;
  }
}

TEST(Products, WithUnknownPlacementsAreRefusedWithUsableAlternatives) {
  for (const char* verb : {"placements", "layouts"}) {
    const auto ran = run({verb, "--for", "thor"});
    EXPECT_EQ(ran.status, 5);
    EXPECT_EQ(ran.out, "");
    EXPECT_TRUE(ran.err.starts_with("gpuslice: product thor-igpu: the placements of its MIG profiles are unknown"))
        << ran.err;
    EXPECT_NE(ran.err.find("a100-40gb"), std::string::npos);
    EXPECT_EQ(ran.err.find("t4-16gb"), std::string::npos);
  }
}

TEST(Products, WithoutMigAreRefused) {
  for (const char* verb : {"profiles", "placements", "layouts"}) {
    const auto ran = run({verb, "--for", "t4"});
    EXPECT_EQ(ran.status, 5);
    EXPECT_EQ(ran.err, "gpuslice: product t4-16gb: does not support MIG\n  try: gpuslice products\n");
  }
}

TEST(Products, CanBeNamedByTheNameOfABoard) {
  const auto meant = mig_product("nvidia a100-pcie-40gb");
  ASSERT_TRUE(meant);
  EXPECT_EQ(meant->product->key, "a100-40gb");
  EXPECT_EQ(meant->board, "NVIDIA A100-PCIE-40GB");
  EXPECT_EQ(mig_product("a100")->board, "NVIDIA A100-SXM4-40GB");
}

}  // namespace
}  // namespace gpuslice::cli
