#include "handover/cdi.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "handover/testing/some_devices.hpp"

namespace gpuslice::handover {
namespace {

using Of = node::DeviceNode::Of;

Common common() {
  return {{{Of::driver, "/dev/nvidiactl", 195, 255}},
          {{"/usr/lib/libcuda.so.580.1", "/usr/lib/libcuda.so.580.1", false}},
          {{"/usr/bin/nvidia-cdi-hook", {"nvidia-cdi-hook", "update-ldcache", "--folder", "/usr/lib"}}},
          {"NVIDIA_VISIBLE_DEVICES=void"}};
}

std::vector<std::string> names(const std::vector<Device>& devices) {
  std::vector<std::string> all;
  const auto entries = read_cdi_spec(cdi_spec({}, devices), "test").value();
  for (const auto& entry : entries) all.push_back(entry.name);
  return all;
}

TEST(CdiSpec, HasEachDeviceByNameAndByUuid) {
  EXPECT_EQ(cdi_spec(common(), {testing::train()}), R"({
  "cdiVersion": "0.5.0",
  "kind": "gpuslice/gpu",
  "devices": [
    {
      "name": "train",
      "containerEdits": {
        "deviceNodes": [
          {
            "path": "/dev/nvidia0"
          },
          {
            "path": "/dev/nvidia-caps/nvidia-cap21"
          },
          {
            "path": "/dev/nvidia-caps/nvidia-cap22"
          }
        ]
      }
    },
    {
      "name": "MIG-c42101f0-a1fa-5b68-8908-7c5c887f28bd",
      "containerEdits": {
        "deviceNodes": [
          {
            "path": "/dev/nvidia0"
          },
          {
            "path": "/dev/nvidia-caps/nvidia-cap21"
          },
          {
            "path": "/dev/nvidia-caps/nvidia-cap22"
          }
        ]
      }
    }
  ],
  "containerEdits": {
    "env": [
      "NVIDIA_VISIBLE_DEVICES=void"
    ],
    "deviceNodes": [
      {
        "path": "/dev/nvidiactl"
      }
    ],
    "mounts": [
      {
        "hostPath": "/usr/lib/libcuda.so.580.1",
        "containerPath": "/usr/lib/libcuda.so.580.1",
        "options": [
          "ro",
          "nosuid",
          "nodev",
          "rbind",
          "rprivate"
        ]
      }
    ],
    "hooks": [
      {
        "hookName": "createContainer",
        "path": "/usr/bin/nvidia-cdi-hook",
        "args": [
          "nvidia-cdi-hook",
          "update-ldcache",
          "--folder",
          "/usr/lib"
        ]
      }
    ]
  }
}
)");
}

TEST(CdiSpec, ADeviceWithoutANameHasItsUuidOnly) {
  EXPECT_EQ(names({testing::whole_gpu()}), (std::vector<std::string>{"GPU-934e3c41-2e9a-efbf-5e75-a17cc8913c9e"}));
}

TEST(CdiSpec, ANameThatTwoDevicesWouldHaveBelongsToNone) {
  auto one = testing::train(), other = testing::whole_gpu();
  one.name = "serve/web";
  other.name = "serve.web";
  EXPECT_EQ(names({one, other}), (std::vector<std::string>{one.uuid, other.uuid}));
}

TEST(CdiSpec, ADeviceWhoseNodesOrUuidAreUnknownIsLeftOut) {
  auto one = testing::train(), other = testing::whole_gpu();
  one.nodes.reset();
  other.uuid.clear();
  EXPECT_EQ(names({one, other}), std::vector<std::string>{});
}

TEST(CdiSpec, AMountIsReadOnlyUnlessItSaysOtherwise) {
  const auto text = cdi_spec({{}, {{"/a", "/b", true}, {"/c", "/c"}}, {}, {"A=1"}}, {});
  const auto edits = nlohmann::json::parse(text)["containerEdits"];
  EXPECT_EQ(edits["mounts"][0]["options"][0], "rw");
  EXPECT_EQ(edits["mounts"][0]["containerPath"], "/b");
  EXPECT_EQ(edits["mounts"][1]["options"][0], "ro");
  EXPECT_EQ(edits["env"], nlohmann::json::parse(R"(["A=1"])"));
}

TEST(CdiName, HasNoSlashAndALetterOrDigitAtBothEnds) {
  EXPECT_EQ(cdi_name("train"), "train");
  EXPECT_EQ(cdi_name("serve/web"), "serve.web");
  EXPECT_EQ(cdi_name("_x"), "");
  EXPECT_EQ(cdi_name("x-"), "");
  EXPECT_EQ(cdi_name(""), "");
}

TEST(CdiName, OfADeviceThatHasNoneIsItsUuid) {
  auto device = testing::train();
  EXPECT_EQ(cdi_qualified(device), "gpuslice/gpu=train");
  device.name = "_x";
  EXPECT_EQ(cdi_qualified(device), "gpuslice/gpu=" + device.uuid);
  device.uuid.clear();
  EXPECT_EQ(cdi_qualified(device), "");
}

TEST(CdiRead, GivesNamesAndDeviceNodes) {
  const auto read = read_cdi_spec(cdi_spec({}, {testing::train()}), "test");
  ASSERT_TRUE(read);
  ASSERT_EQ(read->size(), 2U);
  EXPECT_EQ((*read)[0].name, "train");
  EXPECT_EQ((*read)[0].nodes, (std::vector<std::string>{"/dev/nvidia0", "/dev/nvidia-caps/nvidia-cap21",
                                                        "/dev/nvidia-caps/nvidia-cap22"}));
}

TEST(CdiRead, SaysWhyATextIsNotASpecification) {
  EXPECT_EQ(read_cdi_spec("{", "a.json").error().message(), "a.json: is not JSON");
  EXPECT_EQ(read_cdi_spec("{}", "a.json").error().message(),
            "a.json: is not a CDI specification: it has no list of devices");
  EXPECT_EQ(read_cdi_spec(R"({"devices": [{}]})", "a.json").error().message(), "a.json: has a device without a name");
}

}  // namespace
}  // namespace gpuslice::handover
