// The progress of a change, as it is printed.
#include "cli/progress.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <memory>
#include <sstream>

namespace gpuslice::cli {
namespace {

using Kind = ops::Event::Kind;
using Form = Progress::Form;

class Telling : public ::testing::Test {
 protected:
  void step(Kind kind, std::size_t number, const std::string& text = "create it", double seconds = 0.44) {
    ops::Event event;
    event.kind = kind;
    event.gpu = GpuIndex{0};
    event.step = number;
    event.of = 2;
    event.text = text;
    event.seconds = seconds;
    event.action = &action_;
    event.capability = &capability_;
    progress().tell(event);
  }
  void tell(Kind kind, const std::string& text) {
    ops::Event event;
    event.kind = kind;
    event.text = text;
    progress().tell(event);
  }
  // A plan of two steps that are both done.
  void done(std::size_t number) {
    step(Kind::step, number);
    step(Kind::step_done, number);
  }
  Progress& progress() {
    if (!progress_) progress_ = std::make_unique<Progress>(terminal, form, width, "gpuslice recover");
    return *progress_;
  }
  std::string said() {
    auto text = err_.str();
    err_.str("");
    return text;
  }

  Form form{Form::lines};
  std::size_t width{80};
  std::ostringstream out_, err_;
  Terminal terminal{out_, err_, false};
  std::unique_ptr<Progress> progress_;
  const model::Step action_{model::SetMig{true}, "", {}};
  const mig::Capability capability_{};
};

TEST_F(Telling, DoesNotRepeatThePlan) {
  progress().plan_shown();
  done(1);
  done(2);
  tell(Kind::done, "done");
  EXPECT_EQ(said(), "done: 2 steps\n");
  EXPECT_EQ(out_.str(), "");
}

TEST_F(Telling, ReportsStepsThatTookLong) {
  progress().plan_shown();
  done(1);
  step(Kind::step, 2);
  step(Kind::step_done, 2, "create it", 12.34);
  tell(Kind::done, "done");
  EXPECT_EQ(said(), "[2/2] done, 12.3 s\ndone: 2 steps, 12.8 s\n");
}

TEST_F(Telling, WithoutStepsPrintsTheTextOfTheEvent) {
  tell(Kind::done, "nothing to do");
  EXPECT_EQ(said(), "nothing to do\n");
}

TEST_F(Telling, ReportsUnlistedAndFailedStepsInFull) {
  tell(Kind::recovering, "change 3");
  done(1);
  progress().plan_shown();
  done(1);
  step(Kind::step, 2);
  step(Kind::step_failed, 2);
  tell(Kind::taking_back, "");
  done(1);
  const auto text = said();
  EXPECT_NE(text.find("change 3\n[1/2] GPU 0: create it, 0.4 s\n[2/2] GPU 0: create it, failed\n"), std::string::npos)
      << text;
  EXPECT_TRUE(text.ends_with("\n[1/2] GPU 0: create it, 0.4 s\n")) << text;
}

TEST_F(Telling, RewritesOneLineOnATerminal) {
  form = Form::rewritten;
  width = 30;
  progress().plan_shown();
  done(1);
  step(Kind::step, 2, "create something that has a long name");
  EXPECT_EQ(said(), "[1/2] GPU 0: create it ...\r\x1b[K[2/2] GPU 0: create something");
  step(Kind::step_done, 2);
  tell(Kind::done, "done");
  EXPECT_EQ(said(), "\r\x1b[Kdone: 2 steps\n");
}

TEST_F(Telling, WritesEventsAsJsonLines) {
  form = Form::json;
  step(Kind::step, 1);
  EXPECT_EQ(said(), "");
  EXPECT_EQ(out_.str(),
            "{\"event\":\"step\",\"gpu\":0,\"step\":1,\"of\":2,\"kind\":\"enable-mig\",\"text\":\"enable MIG mode\","
            "\"gpu_instance\":null,\"compute_instance\":null,\"name\":null}\n");
}

TEST_F(Telling, ReportsAtOnceHowAnInterruptAffectsTheChange) {
  progress().interrupted(SIGINT, false);
  EXPECT_EQ(said(), "gpuslice: interrupted: stopping before anything is changed\n");
  progress().interrupted(SIGINT, true);
  EXPECT_EQ(said(), "") << "nothing is rolled back";

  step(Kind::step, 1);
  progress().interrupted(SIGINT, false);
  EXPECT_EQ(said(),
            "gpuslice: interrupted: rolling back as soon as the current step has ended; press Ctrl-C again to stop "
            "and finish it later with: gpuslice recover\n");
  progress().interrupted(SIGTERM, false);
  EXPECT_EQ(said(), "gpuslice: SIGTERM: rolling back as soon as the current step has ended\n");

  tell(Kind::taking_back, "");
  static_cast<void>(said());
  progress().interrupted(SIGINT, false);
  EXPECT_EQ(
      said(),
      "gpuslice: interrupted: the rollback goes on; press Ctrl-C again to stop and finish it later with: gpuslice "
      "recover\n");
  progress().interrupted(SIGINT, true);
  EXPECT_EQ(said(), "gpuslice: interrupted again: rollback stopped; finish it with: gpuslice recover\n");
}

TEST_F(Telling, PrintsTheRewrittenLineAgainBelowAMessage) {
  form = Form::rewritten;
  progress().plan_shown();
  step(Kind::step, 1);
  static_cast<void>(said());
  progress().interrupted(SIGHUP, false);
  EXPECT_EQ(said(),
            "\r\x1b[Kgpuslice: SIGHUP: rolling back as soon as the current step has ended\n[1/2] GPU 0: create it ...");
}

}  // namespace
}  // namespace gpuslice::cli
