#include "cli/doctor_view.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "cli/testing/run.hpp"

namespace gpuslice::cli {
namespace {

using testing::run;

doctor::NodeFacts broken() {
  doctor::NodeFacts facts;
  facts.no_driver = Error{ErrorKind::unknown, "libnvidia-ml.so.1", "no", {}, 9, ""};
  facts.boot = std::vector<doctor::BootUnit>{{"a.service"}, {"b.service"}};
  facts.mps = std::unexpected(doctor::Missing{doctor::Missing::Kind::skipped, "needs root"});
  return facts;
}

TEST(DoctorView, IsALineForEachFindingWithReasonAndCommand) {
  const auto outcomes = doctor::diagnose(broken());
  EXPECT_EQ(
      diagnosis_text(outcomes, "sim:n"),
      "problem  driver-loaded  driver: the nvidia kernel module is not loaded: no program can use a GPU; next: "
      "sudo modprobe nvidia\n"
      "problem  boot-units  boot: 2 units set MIG at boot: a.service and b.service: each undoes or blocks what the "
      "other has set; next: sudo systemctl disable b.service\n"
      "skipped  mps-directory  needs root\n");
}

TEST(DoctorView, JsonSaysWhatBecameOfEachCheck) {
  const auto json = diagnosis_json(doctor::diagnose(broken()), "");
  EXPECT_EQ(json["status"], "findings");
  EXPECT_EQ(json["findings"].size(), 2u);
  EXPECT_EQ(json["findings"][0]["gpu"], nullptr);
  EXPECT_EQ(json["checks"].size(), doctor::checks().size());
}

TEST(DoctorView, ExplainsEveryCheck) {
  const auto ran = run({"doctor", "--list"});
  EXPECT_EQ(ran.status, 0);
  for (const auto& check : doctor::checks()) EXPECT_NE(ran.out.find(std::string(check.id) + "\n"), std::string::npos);
}

TEST(DoctorView, AnUnknownIdIsNamedWithTheNearest) {
  const auto ran = run({"doctor", "--only", "gpu-lots"});
  EXPECT_EQ(ran.status, 2);
  EXPECT_NE(ran.err.find("nearest: gpu-lost"), std::string::npos) << ran.err;
}

// docs/doctor.md has the table between two marks; after a change of a check, paste checks_markdown() there.
TEST(DoctorView, ThePageHasTheTable) {
  std::ifstream file(GPUSLICE_ROOT "/docs/doctor.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  const std::string begin = "<!-- checks -->\n", end = "<!-- end of checks -->";
  const auto from = page.find(begin), to = page.find(end);
  ASSERT_NE(from, std::string::npos);
  ASSERT_NE(to, std::string::npos);
  EXPECT_EQ(page.substr(from + begin.size(), to - from - begin.size()), checks_markdown());
}

}  // namespace
}  // namespace gpuslice::cli
