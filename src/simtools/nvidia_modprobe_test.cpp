#include "simtools/nvidia_modprobe.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "sim/testing/temp_node.hpp"

namespace gpuslice::simtools {
namespace {

constexpr const char* usage =
    "\n\nERROR: Invalid commandline, please run `nvidia-modprobe --help` for usage information.\n\n\n";

struct Ran {
  int status{};
  std::string out, err;
};

// Two GPUs; the second has MIG on, and GPU instance 7 with compute instance 0.
class NvidiaModprobe : public ::testing::Test {
 protected:
  NvidiaModprobe() : node(std::vector<sim::testing::TempNode::Gpu>(2, {"a100-40gb"})) {
    auto& mig = node.start.gpus[1].mig;
    mig.mode = mig.pending = true;
    mig::GpuInstance gi;
    gi.id = mig::GiId{7};
    gi.profile = mig::GiProfileId{19};
    gi.placement = {0, 1};
    gi.compute.push_back({mig::CiId{0}, mig::CiProfileId{0}, {0, 1}});
    mig.partition.instances.push_back(gi);
  }
  [[nodiscard]] Ran run(const std::vector<std::string>& args) const {
    std::ostringstream out, err;
    const auto tree = sim::trees(node.config, node.start, 1);
    const int status = run_nvidia_modprobe(tree, node.config.driver.view(), args, out, err);
    return {status, out.str(), err.str()};
  }
  void expect_silent(const std::vector<std::string>& args) const {
    const auto ran = run(args);
    EXPECT_EQ(ran.status, 0) << args.front();
    EXPECT_EQ(ran.out + ran.err, "") << args.front();
  }
  void expect_missing(const std::vector<std::string>& args, const std::string& what) const {
    const auto ran = run(args);
    EXPECT_EQ(ran.status, 1) << what;
    EXPECT_EQ(ran.err, "nvidia-modprobe: " + what + "\n");
    EXPECT_EQ(ran.out, "");
  }
  sim::testing::TempNode node;
};

TEST_F(NvidiaModprobe, ExistingDevicesPrintNothing) {
  EXPECT_EQ(run({}).status, 0);
  expect_silent({"-c", "0"});
  expect_silent({"-c=0", "-c=1", "-c=255"});
  expect_silent({"-c1"});
  expect_silent({"-c0x1"});
  expect_silent({"--create-nvidia-device-file=1"});
  expect_silent({"--create-nvidia-device-file", "1"});
  expect_silent({"-u"});
  expect_silent({"-u", "-c", "0"});
  expect_silent({"-s"});
  expect_silent({"--", "-c", "9"});
}

TEST_F(NvidiaModprobe, AMissingFileIsNamed) {
  expect_missing({"-c", "2"}, "/dev/nvidia2: is not on this node");
  expect_missing({"-c", "0", "-c", "7", "-c", "8"}, "/dev/nvidia7: is not on this node");
  expect_missing({"-c", "-1"}, "/dev/nvidia-1: is not on this node");
  expect_missing({"-u", "-c", "3"}, "/dev/nvidia-uvm: does not have minor 3");
  expect_missing({"-m"}, "/dev/nvidia-modeset: is not on this node");
  expect_missing({"-um"}, "/dev/nvidia-modeset: is not on this node");
  expect_missing({"-l"}, "/dev/nvidia-nvlink: is not on this node");
  expect_missing({"-s", "-c", "0"}, "/dev/nvidia-nvswitch0: is not on this node");
  expect_missing({"-s", "-c", "255"}, "/dev/nvidia-nvswitchctl: is not on this node");
  expect_missing({"-a"}, "--auto-online-movable: a simulated node has no GPU memory to bring online");
}

TEST_F(NvidiaModprobe, CapabilitiesFollowTheirInstances) {
  const std::string root = "/proc/driver/nvidia/capabilities/";
  expect_silent({"-f", root + "mig/config"});
  expect_silent(
      {"-f=" + root + "mig/monitor", "-f", root + "gpu1/mig/gi7/access", "-f", root + "gpu1/mig/gi7/ci0/access"});
  expect_missing({"-f", root + "gpu0/mig/gi7/access"}, root + "gpu0/mig/gi7/access: is not on this node");
  expect_missing({"-f", root + "gpu1/mig"}, root + "gpu1/mig: is not a capability");
  expect_missing({"-f", "/proc/driver/nvidia/version"}, "/proc/driver/nvidia/version: is not a capability");
  expect_missing({"-f", "/etc/passwd"}, "/etc/passwd: is not an absolute path of the driver in /proc");
  expect_missing(
      {"-f", "/proc/driver/nvidia/../nvidia/capabilities/mig/config"},
      "/proc/driver/nvidia/../nvidia/capabilities/mig/config: is not an absolute path of the driver in /proc");
  node.start.gpus[1].mig.partition = {};
  expect_missing({"-f", root + "gpu1/mig/gi7/access"}, root + "gpu1/mig/gi7/access: is not on this node");
}

TEST_F(NvidiaModprobe, InvalidArgumentsAreReportedLikeByNvidiasProgram) {
  for (const auto& [args, said] : std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"-x"}, "unrecognized option: \"-x\""},
           {{"--bogus=1"}, "unrecognized option: \"--bogus=1\""},
           {{"-uc"}, "unrecognized option: \"-uc\""},
           {{"-"}, "unrecognized option: \"-\""},
           {{"0"}, "invalid option: \"0\""},
           {{"-c"}, "option \"-c\" requires an argument."},
           {{"-c="}, "option \"-c=\" requires an argument."},
           {{"-f"}, "option \"-f\" requires an argument."},
           {{"-c", "abc"}, "\"abc\" is not a valid argument for option \"-c\"."},
           {{"-c=1x"}, "\"1x\" is not a valid argument for option \"-c=1x\"."},
           {{"-u=1"}, "option \"-u=1\" does not take an argument, but was given an argument of \"1\"."}}) {
    const auto ran = run(args);
    EXPECT_EQ(ran.status, 1);
    EXPECT_EQ(ran.err, "nvidia-modprobe: " + said + usage);
    EXPECT_EQ(ran.out, "");
  }
  EXPECT_EQ(run(std::vector<std::string>(65, "-c0")).err,
            "\nERROR: Too many NVIDIA character device files requested.\n\n");
  EXPECT_EQ(run(std::vector<std::string>(64, "-c0")).status, 0);
}

TEST_F(NvidiaModprobe, VersionAndHelpIgnoreLaterArguments) {
  EXPECT_EQ(run({"-v", "-x"}).out, "\nnvidia-modprobe:  version 580.126.09\n\n");
  EXPECT_EQ(run({"--version"}).status, 0);
  const auto help = run({"--help"});
  EXPECT_EQ(help.status, 0);
  EXPECT_NE(help.out.find("--nvidia-capability-device-file"), std::string::npos);
}

}  // namespace
}  // namespace gpuslice::simtools
