// One worker per GPU: a hung GPU is reported, and the others work as usual.
#include "ops/workers.hpp"

#include <gtest/gtest.h>

#include <future>

#include "node/testing/fake_node.hpp"
#include "ops/observe.hpp"
#include "ops/stepper.hpp"

namespace gpuslice::ops {
namespace {

using namespace std::chrono_literals;
using node::testing::FakeNode;

constexpr Workers::Patience ample = 5min;  // only a failing test waits that long
constexpr GpuIndex broken{3};

// Eight A100 with MIG on, one of which does not answer until it is released.
class OneHangs : public FakeNode {
 public:
  OneHangs() {
    gpus.resize(8);
    for (auto& gpu : gpus) {
      gpu.name = "NVIDIA A100-SXM4-40GB";
      gpu.profiles = node::testing::a100_40_profiles();
      gpu.mig = {true, true};
    }
    for (std::size_t i = 0; i < gpus.size(); ++i) gpus[i].uuid = "GPU-" + std::to_string(i);
  }
  node::Answer<node::Mode> mig_mode(GpuIndex gpu) override {
    if (gpu == broken && hangs.load()) answered.wait();
    return FakeNode::mig_mode(gpu);
  }
  void let_go() { answers.set_value(); }

  std::atomic<bool> hangs{true};
  std::promise<void> answers;
  std::shared_future<void> answered{answers.get_future().share()};
};

class HungGpu : public ::testing::Test {
 protected:
  ~HungGpu() override { node->let_go(); }

  // Workers that have abandoned a call of one GPU: later calls of that GPU fail immediately.
  void give_up() {
    const auto ask = [&] {
      return workers.on(broken, 1ms,
                        [](node::Node& n) -> Result<bool> { return n.mig().mig_mode(broken).has_value(); });
    };
    auto none = ask();
    while (!workers.hung(broken)) none = ask();  // until the thread has started
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().kind, ErrorKind::unknown);
    EXPECT_EQ(none.error().message(), "GPU 3: the driver has not answered within 0.001 s; the kernel log may say why");
  }

  std::shared_ptr<OneHangs> node = std::make_shared<OneHangs>();
  Workers workers{node, ample};
};

TEST_F(HungGpu, IsShownWithItsProblemNextToSevenReadableOnes) {
  give_up();
  const auto seen = observe(workers);
  ASSERT_TRUE(seen) << seen.error().message();
  ASSERT_EQ(seen->gpus.size(), 8U);
  for (const auto& gpu : seen->gpus) {
    if (gpu.index == broken) {
      EXPECT_EQ(gpu.problem, "the driver has not answered within 300 s; the kernel log may say why");
    } else {
      EXPECT_EQ(gpu.problem, "");
      EXPECT_EQ(gpu.uuid, "GPU-" + std::to_string(gpu.index.value));
    }
  }
  EXPECT_TRUE(workers.any_hung());
  EXPECT_FALSE(workers.hung(GpuIndex{0}));
}

TEST_F(HungGpu, TheOthersAreChangedAsUsual) {
  give_up();
  const auto seen = observe(workers);
  for (auto gpu : seen->gpus) {
    if (gpu.index == broken) continue;
    const model::GiSeat seat{mig::GiProfileId{9}, mig::Placement{4, 4}};
    const auto done = do_step(workers, gpu, {model::CreateGi{seat}, "", {}}, ample);
    EXPECT_TRUE(done) << done.error().message();
    EXPECT_EQ(node->gpus[gpu.index.value].instances.size(), 1U);
  }
  EXPECT_TRUE(node->gpus[broken.value].instances.empty());
}

TEST_F(HungGpu, AnswersAgainOnceItsCallHasReturned) {
  give_up();
  node->hangs = false;
  node->let_go();
  node->answers = {};  // so that the fixture can be destroyed
  while (workers.hung(broken)) std::this_thread::yield();
  const auto seen = observe(workers);
  EXPECT_EQ(seen->gpus[broken.value].problem, "");
}

TEST(Workers, ReturnErrorsAndValuesOfCalls) {
  Workers workers(std::make_shared<FakeNode>(), ample);
  const auto count = workers.on_node([](node::Node& n) -> Result<std::uint32_t> {
    const auto told = n.identity().gpu_count();
    EXPECT_EQ(*told, 1U);
    return *told;
  });
  ASSERT_TRUE(count);
  EXPECT_EQ(*count, 1U);
  const auto failed =
      workers.on(GpuIndex{0}, [](node::Node&) -> Result<int> { return fail(ErrorKind::refused, "GPU 0", "says no"); });
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message(), "GPU 0: says no");
}

TEST(Workers, OpenTheirNode) {
  Workers workers(ample);
  ASSERT_TRUE(workers.open([]() -> Result<std::unique_ptr<node::Node>> { return std::make_unique<FakeNode>(); }));
  EXPECT_EQ(observe(workers)->gpus.size(), 1U);
}

TEST(Workers, AnExceptionInACallIsAnError) {
  Workers workers(std::make_shared<FakeNode>(), ample);
  const auto failed = workers.on(GpuIndex{2}, [](node::Node&) -> Result<int> { throw std::bad_alloc(); });
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message(), "GPU 2: std::bad_alloc");
}

// An object that records its destruction; the destructor blocks until it is released.
class Leaving : public FakeNode {
 public:
  explicit Leaving(std::shared_future<void> until, bool& left) : until_(std::move(until)), left_(left) {}
  ~Leaving() override {
    until_.wait();
    left_ = true;
  }

 private:
  std::shared_future<void> until_;
  bool& left_;
};

TEST(Workers, ReleaseTheirNodeWithinATimeLimit) {
  bool left = false;
  std::promise<void> let_go;
  const auto until = let_go.get_future().share();
  {
    // Long enough for the thread to start on a busy machine too: a call that has not started is not hung.
    Workers hung(std::make_shared<Leaving>(until, left), 500ms);
    hung.close();
    EXPECT_TRUE(hung.any_hung());
    let_go.set_value();
  }
  EXPECT_TRUE(left);
  left = false;
  Workers workers(std::make_shared<Leaving>(until, left), ample);
  workers.close();
  EXPECT_TRUE(left);
  EXPECT_FALSE(workers.any_hung());
}

TEST(Workers, AHungOpenIsReported) {
  std::promise<void> let_go;
  const auto open = [gone = let_go.get_future().share()]() -> Result<std::unique_ptr<node::Node>> {
    gone.wait();
    return std::make_unique<FakeNode>();
  };
  Workers workers(1ms);
  auto opened = workers.open(open);
  while (!workers.any_hung()) opened = workers.open(open);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().message(), "node: the driver has not answered within 0.001 s; the kernel log may say why");
  let_go.set_value();
}

}  // namespace
}  // namespace gpuslice::ops
