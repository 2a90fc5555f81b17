#include "spec/config_map.hpp"

#include <gtest/gtest.h>

#include "spec/file.hpp"

namespace gpuslice::spec {
namespace {

constexpr const char* head = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: default-mig-parted-config\n";

std::string error_of(const std::string& text) {
  const auto file = load(text, "cm.yaml");
  if (file) return "loaded";
  return file.error().message() + (file.error().hint.empty() ? "" : "\n  try: " + file.error().hint.line());
}

TEST(ConfigMap, ReadsTheFileInside) {
  const std::string inner = "version: v1\nmig-configs:\n  off:\n    - devices: [0]\n      mig-enabled: false\n";
  std::string indented;
  for (std::size_t at = 0; at < inner.size();) {
    const auto end = inner.find('\n', at) + 1;
    indented += "    " + inner.substr(at, end - at);
    at = end;
  }
  const auto plain = load(inner, "m.yaml");
  ASSERT_TRUE(plain);
  for (const auto* style : {"|", "|-", "|+", "| # the file"}) {
    const auto file = load(std::string(head) + "data:\n  config.yaml: " + style + "\n" + indented, "cm.yaml");
    ASSERT_TRUE(file) << style << ": " << file.error().message();
    EXPECT_EQ(*file, *plain) << style;
    EXPECT_EQ(file->configurations[0].origin.text(), "cm.yaml:9") << style;
    EXPECT_EQ(file->configurations[0].gpus[0].origin.text(), "cm.yaml:10") << style;
  }
  // A single key may have any name; the inner file may be in gpuslice's own format.
  EXPECT_TRUE(load(std::string(head) + "data:\n  mig.yaml: |\n" + indented, "cm.yaml"));
  EXPECT_EQ(error_of(std::string(head) +
                     "data:\n  own: |\n    version: gpuslice/v1\n    gpus: [{select: all, mig: false}]\n"),
            "loaded");
  // Of several keys, config.yaml is used.
  EXPECT_TRUE(load(std::string(head) + "data:\n  a: x\n  config.yaml: |\n" + indented + "  z: y\n", "cm.yaml"));
}

TEST(ConfigMap, ErrorsNameTheLineOfTheOuterFile) {
  const std::string below = std::string(head) + "data:\n  config.yaml: |\n";  // lines 5 and 6
  EXPECT_EQ(error_of(below + "\n    version: v1\n    mig-configs:\n      a:\n        - device: all\n"),
            "cm.yaml:11: an entry of mig-configs has no key \"device\"\n  try: did you mean \"devices\"?");
  EXPECT_EQ(error_of(below + "    version: v1\n    version: v1\n"),
            "cm.yaml:8: the key \"version\" is given twice, here and in line 7");
  EXPECT_TRUE(error_of(below + "    a: [\n    b: }\n").starts_with("cm.yaml:8: is not YAML"))
      << error_of(below + "    a: [\n    b: }\n");
  EXPECT_EQ(
      error_of(below + "    version: v2\n"),
      "cm.yaml:7: version is \"v2\", neither \"gpuslice/v1\" nor mig-parted's \"v1\"\n  try: version: gpuslice/v1");
  // In the output of `kubectl get -o json` the inner file has no lines of its own.
  EXPECT_EQ(error_of("{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\",\n \"data\": {\"config.yaml\": "
                     "\"version: v1\\nmig-configs: {}\\n\"}}"),
            "cm.yaml:2: mig-configs: contains no configuration");
  // Folded lines do not match the lines of the file either.
  EXPECT_EQ(error_of(std::string(head) + "data:\n  config.yaml: >\n    version: v1\n\n    mig-configs: {}\n"),
            "cm.yaml:6: mig-configs: contains no configuration");
}

TEST(ConfigMap, WithoutAFileInsideItIsRefused) {
  EXPECT_EQ(error_of(head), "cm.yaml:1: the ConfigMap has no data\n  try: data: {config.yaml: |...}");
  EXPECT_EQ(error_of(std::string(head) + "data: {}\n"),
            "cm.yaml:5: data: the ConfigMap has no keys\n  try: data: {config.yaml: |...}");
  EXPECT_EQ(error_of(std::string(head) + "data: text\n"),
            "cm.yaml:5: data: must be a map of keys\n  try: data: {config.yaml: |...}");
  EXPECT_EQ(error_of(std::string(head) + "data: {a: x, b: y}\n"),
            "cm.yaml:5: data: the ConfigMap has 2 keys and none is config.yaml: a, b\n  try: rename the key of the "
            "layout file to config.yaml");
  EXPECT_EQ(error_of(std::string(head) + "data: {config.yaml: {version: v1}}\n"),
            "cm.yaml:5: config.yaml: must be the text of a layout file\n  try: config.yaml: |");
  EXPECT_EQ(error_of("apiVersion: apps/v1\nkind: Deployment\n"),
            "cm.yaml:2: is a Kubernetes object of kind Deployment; only a ConfigMap can contain a layout file");
  EXPECT_EQ(error_of("kind: Deployment\n"),
            "cm.yaml:1: a layout file has no key \"kind\"\n  try: one of: version, gpus, later-wins, configs, default");
}

}  // namespace
}  // namespace gpuslice::spec
