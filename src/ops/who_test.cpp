// Which process uses which slice: who is shown for which question, and what is known about each.
#include "ops/who.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/testing/temp_dir.hpp"
#include "ops/instance_path.hpp"
#include "ops/testing/some_gpus.hpp"

namespace gpuslice::ops {
namespace {

using testing::divided_a100;
using testing::gpu_of;

model::Client client(std::uint32_t pid, std::optional<std::uint32_t> gi = {}, std::optional<std::uint32_t> ci = {}) {
  model::Client one;
  one.pid = pid;
  one.command = "told by the driver";
  if (gi) one.gi = mig::GiId{*gi};
  if (ci) one.ci = mig::CiId{*ci};
  return one;
}

// A user id that has no name on any host.
constexpr std::uint32_t nameless = 3'999'999'999;

// GPU 0 is used as a whole by 100 of root. GPU 1 has train/a, used by 200 of the nameless user in a pod, train/b, used
// by 200 too and by 150, which has ended; and an instance without a name, used by 300 of root.
class Who : public ::testing::Test {
 protected:
  Who() {
    inventory_.gpus = {gpu_of("a100-40gb", 0), divided_a100(1)};
    inventory_.gpus[0].clients = {client(100)};
    inventory_.gpus[1].clients = {client(300, 7, 0), client(200, 1, 0), client(200, 1, 1), client(150, 1, 1)};
    write(100, 0, "/system.slice/train.service");
    write(200, nameless,
          "/kubepods/poddd1bf9d1-241d-47f5-8e25-12de83135812/"
          "cb1eadb7abe3a6545e9856411207073277838e1bdc003337c2f8685faeedc32c");
    write(300, 0, "/");
    root_.write("var/log/pods/ml_train-0_dd1bf9d1-241d-47f5-8e25-12de83135812/cuda/0.log", "");
  }

  void write(std::uint32_t pid, std::uint32_t uid, const std::string& group) const {
    const auto user = std::to_string(uid);
    const auto directory = "proc/" + std::to_string(pid);
    root_.write(directory + "/status", "Uid:\t0\t" + user + "\t0\t0\n");
    root_.write(directory + "/cmdline", "python3");
    root_.write(directory + "/cgroup", "0::" + group + "\n");
  }

  // "200@1:1/0", for each use; or the error.
  [[nodiscard]] std::string answer(const WhoFilter& filter) const {
    const auto found = who(inventory_, filter, root_.path());
    if (!found) return found.error().message();
    std::string text;
    for (const auto& use : found->all)
      text += (text.empty() ? "" : " ") + std::to_string(use.client->pid) + "@" +
              path_text({use.gpu->index, use.client->gi, use.client->ci});
    return text;
  }

  gpuslice::testing::TempDir root_;
  model::Inventory inventory_{"580", {}};
};

TEST_F(Who, IsEverybodyInTheOrderOfTheSlices) {
  EXPECT_EQ(answer({}), "100@0 200@1:1/0 150@1:1/1 200@1:1/1 300@1:7/0");
}

TEST_F(Who, OfAPid) {
  EXPECT_EQ(answer({.word = "200"}), "200@1:1/0 200@1:1/1") << "it uses two slices";
  EXPECT_EQ(answer({.word = "200", .gpus = {"0"}}), "process 200: no such process uses a GPU here");
  EXPECT_EQ(answer({.word = "4711"}), "process 4711: no such process uses a GPU here");
  const auto none = who(inventory_, {.word = "4711"}, root_.path());
  EXPECT_EQ(none.error().kind, ErrorKind::not_found);
  EXPECT_EQ(none.error().hint.line(), "gpuslice who");
  EXPECT_EQ(who(inventory_, {.word = "1"}, root_.path()).error().hint.line(), "gpuslice who --gpu 1");
  EXPECT_EQ(answer({.word = "99999999999"}), "99999999999: no instance has that name");
}

TEST_F(Who, OfASlice) {
  EXPECT_EQ(answer({.word = "train"}), "200@1:1/0 150@1:1/1 200@1:1/1");
  EXPECT_EQ(answer({.word = "train/b"}), "150@1:1/1 200@1:1/1");
  EXPECT_EQ(answer({.word = "1:7"}), "300@1:7/0");
  EXPECT_EQ(answer({.word = "1:1/0"}), "200@1:1/0");
  EXPECT_EQ(answer({.word = "MIG-1-7-0"}), "300@1:7/0");
  EXPECT_EQ(answer({.word = "GPU-0"}), "100@0");
  EXPECT_EQ(answer({.word = "10:00.0"}), "100@0");
  EXPECT_EQ(answer({.word = "trian"}), "trian: no instance has that name; nearest names: train");
  EXPECT_EQ(answer({.word = "GPU-9"}), "GPU GPU-9: does not exist; GPUs on the node: 2");
}

TEST_F(Who, OfGpus) {
  EXPECT_EQ(answer({.gpus = {"0"}}), "100@0");
  EXPECT_EQ(answer({.gpus = {"all"}}), answer({}));
  inventory_.gpus[0].clients.clear();
  EXPECT_EQ(answer({.gpus = {"0"}}), "");
}

TEST_F(Who, OfAUserByNameOrId) {
  EXPECT_EQ(answer({.user = "root"}), "100@0 300@1:7/0");
  EXPECT_EQ(answer({.user = "0"}), "100@0 300@1:7/0");
  EXPECT_EQ(answer({.word = "train/a", .user = std::to_string(nameless)}), "200@1:1/0");
  EXPECT_EQ(answer({.user = "nobody-of-that-name"}), "");
  EXPECT_EQ(who(inventory_, {.user = "root"}, root_.path())->without_known_user, 1U) << "process 150";
  EXPECT_EQ(who(inventory_, {}, root_.path())->without_known_user, 0U) << "nobody is left out";
  inventory_.gpus[1].clients[3].user = "root";
  EXPECT_EQ(answer({.user = "root"}), "100@0 150@1:1/1 300@1:7/0") << "known before the process ended";
}

TEST_F(Who, KnowsTheSliceTheUserAndWhatAProcessBelongsTo) {
  const auto found = who(inventory_, {}, root_.path());
  ASSERT_TRUE(found);
  ASSERT_EQ(found->all.size(), 5U);
  const auto& [whole, pod, ended, again, unnamed] =
      std::tie(found->all[0], found->all[1], found->all[2], found->all[3], found->all[4]);
  EXPECT_EQ(whole.slice, "");
  EXPECT_EQ(whole.uuid, "GPU-0");
  EXPECT_EQ(whole.user, "root");
  EXPECT_EQ(whole.command, "python3");
  EXPECT_EQ(whole.process->membership->unit, "train.service");
  EXPECT_EQ(pod.slice, "train/a");
  EXPECT_EQ(pod.uuid, "MIG-1-1-0");
  EXPECT_EQ(pod.user, std::to_string(nameless));
  EXPECT_EQ(pod.process->membership->pod_uid, "dd1bf9d1-241d-47f5-8e25-12de83135812");
  EXPECT_EQ(pod.pod, (hostfiles::PodName{"ml", "train-0"}));
  EXPECT_EQ(ended.slice, "train/b");
  EXPECT_EQ(ended.user, "");
  EXPECT_EQ(ended.command, "told by the driver");
  EXPECT_EQ(ended.process.error().kind, ErrorKind::not_found);
  EXPECT_EQ(again.slice, "train/b");
  EXPECT_EQ(unnamed.slice, "");
  EXPECT_EQ(unnamed.uuid, "MIG-1-7-0");
  EXPECT_EQ(*unnamed.process->membership, hostfiles::Membership{});
}

TEST_F(Who, OfAGpuInstanceWithoutAComputeInstance) {
  inventory_.gpus[1].clients = {client(100, 1)};
  const auto found = who(inventory_, {.word = "train"}, root_.path());
  ASSERT_TRUE(found);
  ASSERT_EQ(found->all.size(), 1U);
  EXPECT_EQ(found->all[0].slice, "train");
  EXPECT_EQ(found->all[0].uuid, "") << "only a compute instance has a MIG device";
}

TEST_F(Who, IsUnknownWhereAGpuCannotBeRead) {
  auto& lost = inventory_.gpus.emplace_back();
  lost.index = GpuIndex{2};
  lost.problem = "fell off the bus";
  EXPECT_EQ(answer({.word = "100"}), "100@0") << "it was found";
  EXPECT_EQ(answer({.word = "4711"}), "process 4711: uses no GPU that can be read; GPU 2: fell off the bus");
  EXPECT_EQ(who(inventory_, {.word = "4711"}, root_.path()).error().kind, ErrorKind::unknown);
  EXPECT_EQ(answer({.gpus = {"2"}}), "GPU 2: fell off the bus");
}

}  // namespace
}  // namespace gpuslice::ops
