#include "cli/layouts_for_need.hpp"

#include <gtest/gtest.h>

#include "catalog/testing/parts.hpp"

namespace gpuslice::cli {
namespace {

class LayoutsForNeed : public ::testing::Test {
 protected:
  NeedSubject subject(const char* product, std::vector<std::uint32_t> gpus = {}) {
    capability_ = catalog::testing::gpu(product);
    NeedSubject made{product, &capability_, {}, std::move(gpus)};
    for (const auto& profile : capability_.profiles) made.profiles.push_back(&profile);
    return made;
  }
  std::string refusal(const char* product, const std::string& need, std::vector<std::uint32_t> gpus = {}) {
    return need_refusal(subject(product, std::move(gpus)), *mig::parse_demand(need)).message();
  }

 private:
  mig::Capability capability_;
};

TEST_F(LayoutsForNeed, ARefusalGivesTheReasonInNumbers) {
  EXPECT_EQ(refusal("a30-24gb", "2x40gb,1g"),
            "--need 2x40gb, 1g: no instance of a30-24gb serves 40gb; it has 1g.6gb, 2g.12gb, 4g.24gb, 1g.6gb+me, "
            "2g.12gb+me");
  EXPECT_EQ(refusal("h100-80gb-sxm5", "3x40gb"),
            "--need 3x40gb: 2 of 3x40gb fit on one h100-80gb-sxm5; all of it fits on 2 of them");
  EXPECT_EQ(refusal("h100-80gb-sxm5", "2x40gb,3x10gb"),
            "--need 2x40gb, 3x10gb: together with 2x40gb, none of 3x10gb fit on one h100-80gb-sxm5; all of it fits on "
            "2 of them");
  EXPECT_EQ(refusal("a100-40gb", "20gb,6x5gb", {0, 3}),
            "--need 20gb, 6x5gb: together with 20gb, 4 of 6x5gb fit on one a100-40gb; all of it fits on 2 of them, and "
            "the node "
            "has 2");
}

TEST_F(LayoutsForNeed, JsonSaysWhichInstanceServesWhichDemand) {
  const auto one = subject("a30-24gb", {1});
  const auto demand = *mig::parse_demand("12gb,6gb");
  const auto found = mig::layouts_for(*one.capability, one.profiles, demand);
  const auto json = need_json(one, demand, found, {});
  EXPECT_EQ(json.at("gpus"), nlohmann::json::parse("[1]"));
  EXPECT_EQ(json.at("need"),
            nlohmann::json::parse(R"([{"amount": "12gb", "count": 1}, {"amount": "6gb", "count": 1}])"));
  EXPECT_EQ(json.at("layouts").size(), json.at("serving"));
  const auto& best = json.at("layouts")[0];
  EXPECT_EQ(best.at("surplus_gb"), 0);
  EXPECT_EQ(best.at("instances").size(), 2U);
  EXPECT_EQ(best.at("instances")[0].at("serves"), "12gb");
  EXPECT_EQ(best.at("left").dump(), R"({"memory_gb":6,"compute_slices":1,"largest_gb":6})");
  EXPECT_TRUE(need_json(one, demand, found, {false, true}).at("layouts").is_null());
  const auto maximal = need_json(one, demand, found, {true, false});
  for (const auto& layout : maximal.at("layouts")) EXPECT_TRUE(layout.at("maximal"));
}

}  // namespace
}  // namespace gpuslice::cli
