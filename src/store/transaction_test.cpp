#include "store/transaction.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "store/document.hpp"

namespace gpuslice::store {
namespace {

using nlohmann::ordered_json;

// Written by gpuslice 0.1.0 on a simulated A100. Never regenerate the files: they prove that old documents can be read.
std::string recorded(const std::string& name) {
  std::ifstream file(std::string(GPUSLICE_STORE_RECORDED) + "/" + name);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  EXPECT_FALSE(text.empty()) << name;
  return text;
}

TEST(Transaction, OfAnEarlierVersionIsRead) {
  const auto read = read_transaction(recorded("history-v2.json"), "history/2");
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read->number, 2U);
  EXPECT_EQ(read->outcome, Outcome::done);
  ASSERT_EQ(read->gpus.size(), 1U);
  const auto& after = read->gpus[0].after;
  EXPECT_TRUE(after.mig.mode);
  ASSERT_EQ(after.mig.partition.instances.size(), 2U);
  EXPECT_EQ(after.mig.partition.instances[0].placement, (mig::Placement{4, 4}));
  EXPECT_FALSE(after.compute_mode) << "not recorded at the time";
  EXPECT_EQ(read->gpus[0].made_after[0].name, "train");
}

TEST(Transaction, AJournalOfAnEarlierVersionIsRead) {
  const auto text = recorded("journal-v2.json");
  const auto read = read_transaction(text.substr(0, text.find('\n')), "journal");
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read->outcome, Outcome::open);
  EXPECT_EQ(read->gpus[0].made_after.back().name, "cut");
}

TEST(Names, OfAnEarlierVersionAreRead) {
  const auto read = read_names(recorded("names-v2.json"), "names");
  ASSERT_TRUE(read) << read.error().message();
  ASSERT_EQ(read->gpus.size(), 1U);
  EXPECT_EQ(read->gpus[0].made[2].name, "late");
}

// A document as a newer version would write it: `edit` adds keys that this version does not know.
template <class Edit>
std::string newer(const std::string& recording, const char* name, Edit edit) {
  auto body = *read_document(name, recorded(recording), recording);
  edit(body);
  return write_document(name, body, -1);
}

TEST(Transaction, KeepsKeysOfANewerVersion) {
  auto read = read_transaction(newer("history-v2.json", "gpuslice.transaction",
                                     [](ordered_json& body) {
                                       body["reviewed_by"] = "eve";
                                       body["gpus"][0]["after"]["mps"] = {{"users", 3}};
                                     }),
                               "history/2");
  ASSERT_TRUE(read) << read.error().message();
  read->outcome = Outcome::undone;
  const auto written = *read_document("gpuslice.transaction", write_transaction(*read), "again");
  EXPECT_EQ(written["outcome"], "undone");
  EXPECT_EQ(written["reviewed_by"], "eve");
  EXPECT_EQ(written["gpus"][0]["after"]["mps"]["users"], 3);
}

TEST(Names, KeepKeysOfANewerVersionWithTheirInstance) {
  auto read = read_names(newer("names-v2.json", "gpuslice.names",
                               [](ordered_json& body) {
                                 body["gpus"][0]["made"][0]["owner"] = "ada";
                                 body["gpus"][0]["made"][1]["owner"] = "bob";
                               }),
                         "names");
  ASSERT_TRUE(read) << read.error().message();
  auto made = read->gpus[0].made;
  made.erase(made.begin() + 1);
  read->set(read->gpus[0].uuid, made);
  const auto written = *read_document("gpuslice.names", write_names(*read), "again");
  ASSERT_EQ(written["gpus"][0]["made"].size(), 2U);
  EXPECT_EQ(written["gpus"][0]["made"][0]["owner"], "ada");
  EXPECT_FALSE(written["gpus"][0]["made"][1].contains("owner")) << "removed with its instance";
}

TEST(Transaction, SettingsOfAGpuAreReadBackUnchanged) {
  auto read = *read_transaction(recorded("history-v2.json"), "history/2");
  read.gpus[0].before.compute_mode = model::ComputeMode::exclusive_process;
  read.gpus[0].before.time_slice = model::TimeSlice::extended;
  const auto again = read_transaction(write_transaction(read), "again");
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_EQ(again->gpus[0].before, read.gpus[0].before);
  EXPECT_FALSE(again->gpus[0].after.compute_mode);
}

TEST(Transaction, StepsProfilesAndStoppedClientsAreReadBackUnchanged) {
  auto read = *read_transaction(recorded("history-v2.json"), "history/2");
  EXPECT_FALSE(read.stopped) << "an earlier version did not write it";
  EXPECT_FALSE(read.gpus[0].steps);
  EXPECT_FALSE(read.gpus[0].profiles);
  const model::GiSeat seat{mig::GiProfileId{9}, {4, 4}};
  read.gpus[0].steps = {
      {"create-gpu-instance", "create it", "train", seat, {}},
      {"create-compute-instance", "create that", "", seat, model::CiSeat{seat, mig::CiProfileId{2}, {0, 3}}}};
  read.gpus[0].profiles = {{mig::GiProfileId{9}, "3g.20gb", {{mig::CiProfileId{2}, "3c"}}}};
  read.stopped = {{4711, "ada", "python", 1U << 20U, mig::GiId{2}, {}}};
  const auto again = read_transaction(write_transaction(read), "again");
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_EQ(again->gpus[0].steps, read.gpus[0].steps);
  EXPECT_EQ(again->gpus[0].profiles, read.gpus[0].profiles);
  EXPECT_EQ(again->stopped, read.stopped);
}

TEST(Transaction, AnInvalidSettingIsDamage) {
  const auto read = read_transaction(newer("history-v2.json", "gpuslice.transaction",
                                           [](ordered_json& body) { body["gpus"][0]["before"]["compute_mode"] = 1; }),
                                     "history/2");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().message(), "history/2: gpus[0].before.compute_mode is not a known value");
}

}  // namespace
}  // namespace gpuslice::store
