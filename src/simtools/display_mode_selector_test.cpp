#include "simtools/display_mode_selector.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "sim/testing/temp_node.hpp"

namespace gpuslice::simtools {
namespace {

using sim::DisplayMode;
using sim::testing::TempNode;

constexpr const char* rtx = "rtx-pro-6000-blackwell-96gb";
constexpr const char* banner =
    "\nNVIDIA Display Mode Selector Utility (Version 1.72.0)\n"
    "Copyright (C) 2015-2025, NVIDIA Corporation. All Rights Reserved.\n";
constexpr const char* warning =
    "\n\nWARNING: This operation updates the firmware on the board and could make\n"
    "         the device unusable if your host system lacks the necessary support.\n\n";
constexpr const char* sure = "Are you sure you want to continue?\nPress 'y' to confirm (any other key to abort):\n";
constexpr const char* menu =
    "Select a number:\n<0> physical_display_enabled_256MB_bar1\n<1> physical_display_disabled\n"
    "<2> physical_display_enabled_8GB_bar1\n\nSelect a number (ESC to quit):\n";
constexpr const char* all_of =
    "\n\nUpdate GPU Mode of all adapters to \"physical_display_disabled\"?\n"
    "Press 'y' to confirm or 'n' to choose adapters or any other key to abort:\n";
constexpr const char* written =
    "Write InfoROM object succesfully\n"
    "Successfully updated GPU mode to \"physical_display_disabled\" ( Mode 4 ).\n";
constexpr const char* reboot = "\nA reboot is required for the update to take effect.\n\n\n";

struct Ran {
  int status{};
  std::string out, err;
};

class DisplayModeSelector : public ::testing::Test {
 protected:
  // For each board, true is a workstation board with a display, and false a server board, which has no display modes.
  void make(const std::vector<bool>& boards) {
    node = std::make_unique<TempNode>(std::vector<TempNode::Gpu>(boards.size(), {rtx}));
    for (std::size_t i = 0; i < boards.size(); ++i) {
      auto& config = node->config.gpus[i];
      config.pci_device_id = 0x2BB410DE;
      config.pci_subsystem_id = 0x204B10DE;
      config.display_attached = 1;
      config.display_active = 1;
      config.name.set(boards[i] ? "NVIDIA RTX PRO 6000 Blackwell Workstation Edition"
                                : "NVIDIA RTX PRO 6000 Blackwell Server Edition");
      if (!boards[i]) continue;
      auto& gpu = node->start.gpus[i];
      gpu.display_mode = gpu.display_mode_pending = DisplayMode::enabled_256mb_bar1;
      gpu.mig.compute_display = false;
    }
    node->make();
    driver = node->open();
  }

  Ran run(const std::vector<std::string>& args, const std::string& typed = "") {
    std::ostringstream out, err;
    std::size_t at = 0;
    const auto keys = [&] { return at < typed.size() ? std::optional(typed[at++]) : std::nullopt; };
    const int status = run_display_mode_selector(*driver, args, keys, out, err);
    return {status, out.str(), err.str()};
  }
  [[nodiscard]] DisplayMode pending(std::uint32_t gpu) const { return driver->gpu(gpu).display_mode_pending; }

  std::unique_ptr<TempNode> node;
  std::unique_ptr<sim::Driver> driver;
};

std::string joined(std::initializer_list<const char*> parts) {
  std::string text;
  for (const auto* part : parts) text += part;
  return text;
}

TEST_F(DisplayModeSelector, TheDialogueIsAsRecorded) {
  make({true});
  for (const std::string typed : {"y1y", "y\n1\ny\n"}) {
    const auto ran = run({"--gpumode"}, typed);
    EXPECT_EQ(ran.status, 0);
    EXPECT_EQ(ran.out,
              joined({banner, warning, sure, "y\n", menu, "1\n\nSpecifed GPU Mode \"physical_display_disabled\"\n",
                      all_of, "y\n\nUpdating GPU Mode of all eligible adapters to \"physical_display_disabled\"\n\n\n",
                      written, reboot}));
    EXPECT_EQ(ran.err, "");
  }
}

TEST_F(DisplayModeSelector, TheModeTakesEffectAtTheNextReboot) {
  make({true});
  ASSERT_EQ(run({"--gpumode=compute", "--auto"}).status, 0);
  auto now = driver->gpu(0);
  EXPECT_EQ(now.display_mode, DisplayMode::enabled_256mb_bar1);
  EXPECT_FALSE(driver->mig_capable(0, now));
  EXPECT_TRUE(driver->display_attached(0, now));

  ASSERT_TRUE(driver->reset(0));  // a reset of the GPU has no effect
  EXPECT_FALSE(driver->mig_capable(0, driver->gpu(0)));

  ASSERT_TRUE(driver->reboot());
  now = driver->gpu(0);
  EXPECT_EQ(now.display_mode, DisplayMode::disabled);
  EXPECT_TRUE(driver->mig_capable(0, now));
  EXPECT_FALSE(driver->display_attached(0, now));
  EXPECT_FALSE(driver->display_active(0, now));
  ASSERT_TRUE(driver->set_mig_mode(0, true));

  ASSERT_EQ(run({"--gpumode", "physical_display_enabled_8GB_bar1", "--auto"}).status, 0);
  EXPECT_TRUE(driver->gpu(0).mig.mode);
  ASSERT_TRUE(driver->reboot());
  now = driver->gpu(0);
  EXPECT_FALSE(driver->mig_capable(0, now));
  EXPECT_FALSE(now.mig.mode);
  EXPECT_TRUE(driver->display_attached(0, now));
}

TEST_F(DisplayModeSelector, ANamedModeSkipsTheMenuAndAutoSkipsAllQuestions) {
  make({true});
  EXPECT_EQ(run({"--gpumode", "compute"}, "yy").out,
            joined({banner, warning, sure, "y\nSpecifed GPU Mode \"physical_display_disabled\"\n", all_of,
                    "y\n\nUpdating GPU Mode of all eligible adapters to \"physical_display_disabled\"\n\n\n", written,
                    reboot}));
  EXPECT_EQ(
      run({"--gpumode", "compute", "--auto"}).out,
      joined({banner, warning, "Specifed GPU Mode \"physical_display_disabled\"\n",
              "\nUpdating GPU Mode of all eligible adapters to \"physical_display_disabled\"\n\n\n", written, reboot}));
  // If the mode is unknown, the tool shows the menu, as in a public transcript.
  EXPECT_EQ(run({"--gpumode", "physical_display_enabled_64GB_bar1"}, "y\x1b").out,
            joined({banner, warning, sure, "y\n", menu, "\n"}));
}

TEST_F(DisplayModeSelector, AnyOtherKeyAborts) {
  make({true});
  for (const char* typed : {"", "n", "\n", "Y", "y", "y\x1b", "y7", "y1", "y1q", "y1\n\n", "\x03"}) {
    const auto ran = run({"--gpumode"}, typed);
    EXPECT_EQ(ran.status, 1) << typed;
    EXPECT_EQ(pending(0), DisplayMode::enabled_256mb_bar1) << typed;
    EXPECT_EQ(ran.out.find("Success"), std::string::npos) << typed;
  }
}

TEST_F(DisplayModeSelector, OneAdapterIsChosenByNumber) {
  make({true, true});
  EXPECT_EQ(run({"--list"}).out, joined({banner, "\nNVIDIA display adapters present in system:\n",
                                         "<0> Graphics Device      (10DE,2BB4,10DE,204B) S:00,B:10,D:00,F:00\n",
                                         "<1> Graphics Device      (10DE,2BB4,10DE,204B) S:00,B:11,D:00,F:00\n"}));
  const auto ran = run({"--gpumode", "compute"}, "yn1");
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.out, joined({banner, warning, sure, "y\nSpecifed GPU Mode \"physical_display_disabled\"\n", all_of,
                             "n\n\nSelect a display adapter:\n",
                             "<0> Graphics Device      (10DE,2BB4,10DE,204B) S:00,B:10,D:00,F:00\n",
                             "<1> Graphics Device      (10DE,2BB4,10DE,204B) S:00,B:11,D:00,F:00\n",
                             "Select a number (ESC to quit):\n1\n",
                             "\nGraphics Device      (10DE,2BB4,10DE,204B) S:00,B:11,D:00,F:00\n\n", written, reboot}));
  EXPECT_EQ(pending(0), DisplayMode::enabled_256mb_bar1);
  EXPECT_EQ(pending(1), DisplayMode::disabled);
  EXPECT_EQ(run({"--gpumode=compute", "--gpu=0", "--auto"}).status, 0);
  EXPECT_EQ(pending(0), DisplayMode::disabled);
}

TEST_F(DisplayModeSelector, ATwoDigitNumberEndsWithTheLine) {
  make(std::vector<bool>(12, true));
  EXPECT_EQ(run({"--gpumode", "compute"}, "y\nn\n11\n").status, 0);
  EXPECT_EQ(pending(11), DisplayMode::disabled);
  EXPECT_EQ(pending(1), DisplayMode::enabled_256mb_bar1);
  EXPECT_EQ(run({"--gpumode", "compute"}, "yn1\x1b").status, 1);
  EXPECT_EQ(run({"--gpumode", "compute"}, "yn12\n").status, 1);
  EXPECT_EQ(pending(1), DisplayMode::enabled_256mb_bar1);
}

TEST_F(DisplayModeSelector, ABoardWithoutDisplayModesIsRefused) {
  make({false, true});
  const auto ran = run({"--gpumode", "graphics", "-i", "0"}, "y");
  EXPECT_EQ(ran.status, 1);
  EXPECT_EQ(ran.out, joined({banner, warning, sure, "y\nSpecifed GPU Mode \"physical_display_enabled_256MB_bar1\"\n",
                             "\nGraphics Device      (10DE,2BB4,10DE,204B) S:00,B:10,D:00,F:00\n",
                             "\nSpecified GPU mode not supported on this device 0x2BB4.\n"}));
  // --auto selects all eligible boards, but this board is not eligible.
  EXPECT_EQ(run({"--gpumode", "compute", "--auto"}).status, 0);
  EXPECT_EQ(pending(0), DisplayMode::none);
  EXPECT_EQ(pending(1), DisplayMode::disabled);

  make({false});
  const auto none = run({"--gpumode", "compute"}, "yy");
  EXPECT_EQ(none.status, 1);
  EXPECT_TRUE(none.out.ends_with("\nSpecified GPU mode not supported on this device 0x2BB4.\n"));
}

TEST_F(DisplayModeSelector, WithoutPermissionThereAreNoQuestions) {
  make({true});
  node->take(sim::cap_minor_config);
  const auto ran = run({"--gpumode"}, "y1y");
  EXPECT_EQ(ran.status, 1);
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ran.err,
            "displaymodeselector: needs permission to change the node's GPUs\n  try: sudo displaymodeselector\n");
  EXPECT_EQ(run({"--list"}).status, 0);
}

TEST_F(DisplayModeSelector, InvalidAndUnsupportedArgumentsAreRefused) {
  make({true});
  for (const auto& [args, said] : std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"--listgpumodes"}, "--listgpumodes: NVIDIA's program has this option, but its output is unknown"},
           {{"--version"}, "--version: NVIDIA's program has this option"},
           {{"--gpumode", "compute", "-i", "1"}, "-i 1: is not an adapter number"},
           {{"--gpumode", "compute", "--gpu="}, "--gpu : is not an adapter number"},
           {{"--bogus"}, "--bogus: unknown option"},
           {{"bogus"}, "bogus: unknown option"},
           {{"--list=1"}, "--list: takes no value"},
           {{"--gpumode", "--auto"}, "--auto needs a mode"},
       }) {
    const auto ran = run(args, "yyy");
    EXPECT_EQ(ran.status, 1) << said;
    EXPECT_TRUE(ran.err.starts_with("displaymodeselector: " + said)) << ran.err;
    EXPECT_EQ(pending(0), DisplayMode::enabled_256mb_bar1);
  }
}

}  // namespace
}  // namespace gpuslice::simtools
