#include "doctor/check.hpp"

#include <algorithm>
#include <set>

#include "base/driver_codes.hpp"
#include "doctor/testing/facts.hpp"
#include "doctor/version.hpp"

namespace gpuslice::doctor {
namespace {

using testing::healthy;
using testing::outcome_of;

TEST(Checks, HaveStableIdsAndSayWhatTheyAreFor) {
  std::set<std::string_view> ids;
  for (const auto& check : checks()) {
    EXPECT_TRUE(ids.insert(check.id).second) << check.id;
    EXPECT_TRUE(std::ranges::all_of(check.id, [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; })) << check.id;
    EXPECT_FALSE(check.title.empty() || check.title.ends_with('.')) << check.id;
    EXPECT_TRUE(check.why.ends_with('.')) << check.id;
    EXPECT_FALSE(check.reads.empty()) << check.id;
    EXPECT_NE(check.look, nullptr) << check.id;
  }
  EXPECT_NE(find_check("gpu-lost"), nullptr);
  EXPECT_EQ(find_check("nothing"), nullptr);
}

TEST(Checks, FindNothingOnAHealthyNodeOfAnyProduct) {
  for (const auto& product : catalog::products()) {
    const auto outcomes = diagnose(healthy(product.key, 2));
    EXPECT_EQ(verdict_of(outcomes), Verdict::healthy) << product.key;
    for (const auto& one : outcomes) {
      EXPECT_TRUE(one.findings.empty()) << product.key << ": " << one.findings.front().what;
      EXPECT_TRUE(one.state == State::healthy || one.state == State::not_applicable)
          << product.key << ": " << one.check->id;
    }
  }
}

TEST(Checks, FindNothingOnAHealthyNodeWithInstances) {
  for (const auto& product : catalog::products()) {
    if (!product.capability.mode.supported || product.capability.find(mig::GiProfileId{0}) == nullptr) continue;
    auto facts = healthy(product.key);
    testing::add_instance(facts);
    testing::restore_at_boot(facts);
    EXPECT_EQ(testing::found(facts), testing::Words{}) << product.key;
  }
}

TEST(Checks, ThoseAskedForAreMadeAlone) {
  const auto outcomes = diagnose(healthy(), {"xid", "ecc"});
  ASSERT_EQ(outcomes.size(), 2u);
  EXPECT_EQ(outcomes[0].check->id, "xid");
  EXPECT_EQ(outcomes[1].check->id, "ecc");
}

TEST(Checks, ALostGpuIsOneFindingUnlessItsCheckIsLeftOut) {
  auto facts = healthy("a100-40gb", 2);
  facts.gpus[1].reach = GpuFacts::Reach::lost;
  EXPECT_EQ(testing::found(facts), testing::Words{"gpu-lost GPU 1: the driver has lost it (GPU is lost)"});
  const auto alone = diagnose(facts, {"ecc"});
  EXPECT_EQ(alone[0].state, State::unknown);
  EXPECT_EQ(alone[0].reasons, testing::Words{"GPU 1: the driver has lost it"});
  EXPECT_EQ(verdict_of(alone), Verdict::unknown);
}

TEST(Checks, AGpuThatDoesNotAnswerIsUnknownOnce) {
  auto facts = healthy();
  facts.gpus[0].reach = GpuFacts::Reach::silent;
  facts.gpus[0].problem = "the driver has not answered within 10 s";
  const auto outcomes = diagnose(facts);
  EXPECT_EQ(verdict_of(outcomes), Verdict::unknown);
  EXPECT_EQ(std::ranges::count(outcomes, State::unknown, &Outcome::state), 1);
  EXPECT_EQ(outcome_of(facts, "gpu-answers").reasons, testing::Words{"GPU 0: the driver has not answered within 10 s"});
}

TEST(Checks, WhatAnotherUserMayReadIsSkippedAndWhatShouldWorkIsUnknown) {
  auto facts = healthy();
  facts.kernel_log = std::unexpected(Missing{Missing::Kind::skipped, "/dev/kmsg: Permission denied; run as root"});
  EXPECT_EQ(outcome_of(facts, "xid").state, State::skipped);
  EXPECT_EQ(verdict_of(diagnose(facts)), Verdict::healthy);
  facts.cdi = std::unexpected(Missing{Missing::Kind::unreadable, "/etc/cdi/a.yaml: Input/output error"});
  EXPECT_EQ(outcome_of(facts, "cdi").state, State::unknown);
  EXPECT_EQ(verdict_of(diagnose(facts)), Verdict::unknown);
  facts.gpus[0].readings.compute_mode = 2;
  EXPECT_EQ(verdict_of(diagnose(facts)), Verdict::findings) << "a finding is certain";
}

TEST(Checks, ADriverThatDoesNotAnswerBlocksThem) {
  NodeFacts facts;
  facts.no_driver = Error{ErrorKind::unknown, "libnvidia-ml.so.1", "does not answer", {}, driver_code("UNKNOWN"), ""};
  EXPECT_EQ(outcome_of(facts, "ecc").state, State::blocked);
  EXPECT_EQ(outcome_of(facts, "driver-loaded").state, State::unknown);
  EXPECT_EQ(verdict_of(diagnose(facts)), Verdict::unknown);
  EXPECT_EQ(verdict_of(diagnose(facts, {"ecc"})), Verdict::unknown);
}

TEST(Version, IsComparedByItsNumbers) {
  EXPECT_EQ(version_of("580.126.09"), (std::vector<std::uint32_t>{580, 126, 9}));
  EXPECT_EQ(version_of("R450"), (std::vector<std::uint32_t>{450}));
  EXPECT_LT(version_of("450.80"), version_of("450.100.1"));
  EXPECT_TRUE(version_of("").empty());
}

}  // namespace
}  // namespace gpuslice::doctor
