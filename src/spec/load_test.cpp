#include <gtest/gtest.h>

#include "base/testing/memory_limit.hpp"
#include "spec/file.hpp"
#include "spec/tree.hpp"

namespace gpuslice::spec {
namespace {

// The error as "message" or "message
// try: hint"; "loaded" if there is none.
std::string error_of(const std::string& text, const std::string& name = "l.yaml") {
  const auto file = load(text, name);
  if (file) return "loaded";
  EXPECT_EQ(file.error().kind, ErrorKind::usage);
  return file.error().message() + (file.error().hint.empty() ? "" : "\n  try: " + file.error().hint.line());
}
// The error for one entry of gpus, which starts in line 3; its further lines must be indented by four blanks.
std::string entry_error(const std::string& entry) {
  return error_of("version: gpuslice/v1\ngpus:\n  - " + entry + "\n");
}
std::string instance_error(const std::string& instance) {
  return entry_error("select: all\n    instances:\n      - " + instance);
}

constexpr auto every_key = R"(version: gpuslice/v1
default: day
configs:
  day:
    later-wins: true
    gpus:
      - select: {index: [0, 1], uuid: GPU-1, pci: ["0000:10:1c.0", 10:1D.0], product: a100-40gb, pci-device-id: "0x20B010DE"}
        mig: true
        foreign: remove
        instances:
          - {name: train, profile: 4g.20gb, placement: "0:4", compute: [{name: a, profile: 2c, placement: "2:2"}]}
          - {profile: 1g.5gb, count: 2}
          - {profile: 9, placement: 4, compute: []}
  night:
    gpus: [{select: all, mig: false}]
)";

TEST(Load, ReadsEveryKey) {
  const auto file = load(every_key, "l.yaml");
  ASSERT_TRUE(file) << file.error().message();
  EXPECT_EQ(file->default_name, "day");
  ASSERT_EQ(file->configurations.size(), 2U);
  const auto& day = file->configurations[0];
  EXPECT_EQ(day.name, "day");
  EXPECT_TRUE(day.later_wins);
  ASSERT_EQ(day.gpus.size(), 1U);
  const auto& entry = day.gpus[0];
  EXPECT_EQ(entry.selector.index, (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(entry.selector.uuid, std::vector<std::string>{"GPU-1"});
  EXPECT_EQ(entry.selector.pci, (std::vector<std::string>{"0000:10:1c.0", "10:1D.0"}));
  EXPECT_EQ(entry.selector.product, std::vector<std::string>{"a100-40gb"});
  EXPECT_EQ(entry.selector.pci_device_ids, std::vector<std::uint32_t>{0x20B010DE});
  EXPECT_EQ(entry.mig, true);
  EXPECT_EQ(entry.foreign, model::Foreign::remove);
  EXPECT_EQ(entry.origin.text(), "l.yaml:7");
  ASSERT_EQ(entry.instances.size(), 4U);
  EXPECT_EQ(entry.instances[0].name, "train");
  EXPECT_EQ(entry.instances[0].profile, "4g.20gb");
  EXPECT_EQ(entry.instances[0].placement, (mig::Placement{0, 4}));
  EXPECT_EQ(entry.instances[0].origin.text(), "l.yaml:11");
  using Compute = std::optional<std::vector<model::WantedCi>>;
  EXPECT_EQ(entry.instances[0].compute, Compute({{"a", "2c", mig::Placement{2, 2}, {}}}));
  EXPECT_EQ(entry.instances[1].profile, "1g.5gb");
  EXPECT_FALSE(entry.instances[1].compute);
  EXPECT_EQ(entry.instances[1], entry.instances[2]) << "count: 2";
  EXPECT_EQ(entry.instances[3].profile, "9");
  EXPECT_EQ(entry.instances[3].placement, (mig::Placement{4, 0}));
  EXPECT_EQ(entry.instances[3].compute, Compute(std::vector<model::WantedCi>{}));
  const auto& night = file->configurations[1];
  EXPECT_TRUE(night.gpus[0].selector.all());
  EXPECT_EQ(night.gpus[0].mig, false);
  EXPECT_EQ(night.gpus[0].foreign, model::Foreign::keep);
  EXPECT_FALSE(night.later_wins);
}

TEST(Load, WithoutConfigsThereIsOneConfigurationWithoutName) {
  const auto file = load("version: gpuslice/v1\ngpus:\n  - select: all\n", "l.yaml");
  ASSERT_TRUE(file) << file.error().message();
  ASSERT_EQ(file->configurations.size(), 1U);
  EXPECT_EQ(file->configurations[0].name, "");
  EXPECT_FALSE(file->configurations[0].gpus[0].mig) << "unchanged";
}

TEST(Load, JsonIsReadWithTabsEscapesAndLines) {
  const auto file = load(
      "{\n\t\"version\": \"gpuslice/v1\",\n\t\"gpus\": [\n\t\t{\"select\": {\"product\": "
      "\"a\\/\\u00e9\\\"\"}, \"mig\": true}\n\t]\n}\n",
      "l.json");
  ASSERT_TRUE(file) << file.error().message();
  EXPECT_EQ(file->configurations[0].gpus[0].selector.product[0], "a/\xc3\xa9\"");
  EXPECT_EQ(file->configurations[0].gpus[0].origin.line, 4);
}

TEST(Load, AliasesAreReplacedByTheirValues) {
  const auto file = load(R"(version: gpuslice/v1
configs:
  a: {gpus: [{select: {index: 0}, instances: &both [{profile: 3g.20gb, count: 2}]}]}
  b: {gpus: [{select: {index: 1}, instances: *both}]}
)",
                         "l.yaml");
  ASSERT_TRUE(file) << file.error().message();
  EXPECT_EQ(file->configurations[0].gpus[0].instances, file->configurations[1].gpus[0].instances);
  EXPECT_EQ(file->configurations[1].gpus[0].instances.size(), 2U);
}

TEST(Load, UnknownKeysGiveTheLineAndTheNearestKey) {
  EXPECT_EQ(instance_error("profile: 3g.20gb\n        cuont: 2"),
            "l.yaml:6: an instance has no key \"cuont\"\n  try: did you mean \"count\"?");
  EXPECT_EQ(error_of("version: gpuslice/v1\ngpu: []\n"),
            "l.yaml:2: a layout file has no key \"gpu\"\n  try: did you mean \"gpus\"?");
  EXPECT_EQ(entry_error("selct: all"),
            "l.yaml:3: an entry of gpus has no key \"selct\"\n  try: did you mean \"select\"?");
  EXPECT_EQ(entry_error("select: {idx: 0}"),
            "l.yaml:3: select has no key \"idx\"\n  try: one of: index, uuid, pci, product, pci-device-id");
  EXPECT_EQ(instance_error("profile: 3g.20gb\n        compute:\n          - {profle: 1c}"),
            "l.yaml:7: a compute instance has no key \"profle\"\n  try: did you mean \"profile\"?");
  EXPECT_EQ(error_of("version: gpuslice/v1\nconfigs: {a: {gpus: [], latter-wins: true}}\n"),
            "l.yaml:2: a configuration has no key \"latter-wins\"\n  try: did you mean \"later-wins\"?");
}

TEST(Load, MissingKeysAreNamed) {
  EXPECT_EQ(error_of("gpus: []\n"), "l.yaml:1: a layout file needs the key \"version\"\n  try: version: gpuslice/v1");
  EXPECT_EQ(error_of("version: gpuslice/v1\n"),
            "l.yaml:1: a layout file: one of \"gpus\" and \"configs\" is required, not both");
  EXPECT_EQ(error_of("version: gpuslice/v1\nconfigs: {a: {}}\n"),
            "l.yaml:2: a configuration needs the key \"gpus\"\n  try: gpus: [{select: all, mig: false}]");
  EXPECT_EQ(entry_error("mig: true"),
            "l.yaml:3: an entry of gpus needs the key \"select\"\n  try: select: {index: [0, 1]}");
  EXPECT_EQ(instance_error("name: a"), "l.yaml:5: an instance needs the key \"profile\"\n  try: profile: 4g.20gb");
  EXPECT_EQ(
      entry_error("select: {}"),
      "l.yaml:3: select: at least one of \"index\", \"uuid\", \"pci\", \"product\" and \"pci-device-id\" is required");
}

TEST(Load, DuplicateKeysAreErrors) {
  EXPECT_EQ(instance_error("profile: 3g.20gb\n        profile: 2g.10gb"),
            "l.yaml:6: the key \"profile\" is given twice, here and in line 5");
}

TEST(Load, ValuesOfTheWrongTypeAreErrors) {
  EXPECT_EQ(entry_error("select: all\n    mig: on"), "l.yaml:4: mig: must be true or false\n  try: mig: true");
  EXPECT_EQ(entry_error("select: all\n    mig: \"true\""), "l.yaml:4: mig: must be true or false\n  try: mig: true");
  EXPECT_EQ(entry_error("select: al"), "l.yaml:3: select: must be \"all\" or a map\n  try: select: {index: [0, 1]}");
  EXPECT_EQ(entry_error("select: all\n    foreign: kept"),
            "l.yaml:4: foreign: must be \"keep\" or \"remove\"\n  try: foreign: keep");
  EXPECT_EQ(entry_error("select: all\n    foreign: removed"),
            "l.yaml:4: foreign: must be \"keep\" or \"remove\"\n  try: did you mean \"remove\"?");
  EXPECT_EQ(entry_error("select: {index: -1}"),
            "l.yaml:3: index: must be a whole number from 0 to 4294967295, or a list of them\n  try: index: [0, 1]");
  EXPECT_EQ(entry_error("select: {index: []}"), "l.yaml:3: index: the list is empty\n  try: index: [0, 1]");
  EXPECT_EQ(entry_error("select: {uuid: []}"),
            "l.yaml:3: uuid: the list is empty\n  try: uuid: GPU-9e4aeb94-01c0-5173-4811-4ca60f77b3a9");
  EXPECT_EQ(entry_error("select: {pci-device-id: [\"20B010DE\"]}"),
            "l.yaml:3: pci-device-id: must be a PCI device id such as \"0x20B010DE\", or a list of them\n  try: "
            "pci-device-id: \"0x20B010DE\"");
  EXPECT_EQ(instance_error("{profile: 3g.20gb, count: 0}"),
            "l.yaml:5: count: must be a whole number from 1 to 8\n  try: count: 2");
  EXPECT_EQ(instance_error("{profile: 3g.20gb, count: 010}"),
            "l.yaml:5: count: must be a whole number from 1 to 8\n  try: count: 2");
  EXPECT_EQ(
      instance_error("{profile: 3g.20gb, placement: \"0-4\"}"),
      "l.yaml:5: placement: must be \"start:size\" or the start alone, each up to 255\n  try: placement: \"0:4\"");
  EXPECT_EQ(
      instance_error("{profile: 3g.20gb, placement: 0:0}"),
      "l.yaml:5: placement: must be \"start:size\" or the start alone, each up to 255\n  try: placement: \"0:4\"");
  EXPECT_EQ(instance_error("{profile: 3g.20gb, name: 1e3}"),
            "l.yaml:5: name: 1e3 without quotes is a number, not text\n  try: name: train");
  EXPECT_EQ(instance_error("{profile: 3g.20gb, name: true}"),
            "l.yaml:5: name: true without quotes is a boolean, not text\n  try: name: \"true\"");
  EXPECT_EQ(instance_error("{profile: 3g.20gb, name: ~}"), "l.yaml:5: name: has no value\n  try: name: train");
  EXPECT_EQ(instance_error("{profile: 3g.20gb, name: \"\"}"), "l.yaml:5: name: is empty\n  try: name: train");
  EXPECT_EQ(instance_error("{profile: 3g.20gb, name: \"a\\tb\"}"),
            "l.yaml:5: name: \"a\tb\" may contain only letters, digits, '.', '_' and '-'\n  try: name: train");
  EXPECT_EQ(instance_error("{profile: 3g.20gb, name: \"0:2\"}"),
            "l.yaml:5: name: \"0:2\" may contain only letters, digits, '.', '_' and '-'\n  try: name: train");
  EXPECT_EQ(instance_error("{profile: 3g.20gb, compute: [{profile: 1c, name: MIG-1}]}"),
            "l.yaml:5: name: \"MIG-1\" starts like an NVML UUID\n  try: name: a");
  EXPECT_EQ(entry_error("select: {product: \"a\\tb\"}"), "l.yaml:3: product: contains a control character");
  EXPECT_EQ(entry_error("select: {product: " + std::string(256, 'x') + "}"),
            "l.yaml:3: product: has 256 characters; at most 255 are allowed");
  EXPECT_EQ(instance_error("3g.20gb"), "l.yaml:5: an instance must be a map of keys");
  EXPECT_EQ(entry_error("select: all\n    instances: 3g.20gb"),
            "l.yaml:4: instances: must be a list of maps\n  try: instances: [{profile: 3g.20gb, count: 2}]");
  EXPECT_EQ(error_of("version: gpuslice/v1\nconfigs: [a]\n"),
            "l.yaml:2: configs: must be a map from names to maps\n  try: configs: {night: {gpus: [{select: all, mig: "
            "false}]}}");
  EXPECT_EQ(error_of("version: gpuslice/v1\nconfigs: {}\n"), "l.yaml:2: configs: contains no configuration");
  EXPECT_EQ(error_of("version: gpuslice/v1\nconfigs: {\"\": {gpus: []}}\n"),
            "l.yaml:2: configs: a configuration name is empty");
}

TEST(Load, TextIsUtf8WithoutControlCharacters) {
  const auto product = [](const std::string& text) { return entry_error("select: {product: " + text + "}"); };
  EXPECT_EQ(product("\"a\\x85\""), "l.yaml:3: product: contains a control character");
  EXPECT_EQ(product("\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\""), "loaded");
  EXPECT_EQ(product("\"" + std::string(255, 'x') + "\""), "loaded");
  std::string long_text;
  for (int i = 0; i < 255; ++i) long_text += "\xc3\xa9";
  EXPECT_EQ(product(long_text), "loaded") << "the limit counts characters, not bytes";
  for (const auto* bad :
       {"\xff", "\x80", "\xc3", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf0\x9f\x98"})
    EXPECT_TRUE(instance_error(std::string("{profile: 3g.20gb, name: ") + bad + "}")
                    .starts_with("l.yaml:5: is not UTF-8: invalid byte 0x"));
  // A byte order mark does not switch the encoding.
  EXPECT_EQ(error_of("\xff\xfe"), "l.yaml:1: is not UTF-8: invalid byte 0xFF");
  EXPECT_EQ(error_of("\xef\xbb\xbf"
                     "version: gpuslice/v1\r\ngpus: []\r\n"),
            "loaded");
}

TEST(Load, RulesBetweenKeysAreChecked) {
  EXPECT_EQ(error_of("version: gpuslice/v1\ngpus: []\nconfigs: {a: {gpus: []}}\n"),
            "l.yaml:1: a layout file: one of \"gpus\" and \"configs\" is required, not both");
  EXPECT_EQ(error_of("version: gpuslice/v1\ngpus: []\ndefault: a\n"),
            "l.yaml:3: a layout file: \"default\" is allowed only together with \"configs\"");
  EXPECT_EQ(error_of("version: gpuslice/v1\nlater-wins: true\nconfigs: {a: {gpus: []}}\n"),
            "l.yaml:2: a layout file: \"later-wins\" is allowed only together with \"gpus\"");
  EXPECT_EQ(error_of("version: gpuslice/v1\ndefault: nigth\nconfigs: {day: {gpus: []}, night: {gpus: []}}\n"),
            "l.yaml:2: default: \"nigth\" is not a name in configs\n  try: did you mean \"night\"?");
  EXPECT_EQ(entry_error("select: all\n    mig: false\n    instances: [{profile: 3g.20gb}]"),
            "l.yaml:5: an entry of gpus: \"instances\" must be empty if \"mig\" is false");
  EXPECT_EQ(instance_error("{profile: 3g.20gb, name: a, count: 2}"),
            "l.yaml:5: an instance: \"count\" must be 1 if \"name\" is given");
  EXPECT_EQ(instance_error("{profile: 3g.20gb, placement: 0, count: 2}"),
            "l.yaml:5: an instance: \"count\" must be 1 if \"placement\" is given");
  EXPECT_EQ(instance_error("{profile: 3g.20gb, name: a, placement: 0, count: 1}"), "loaded");
  EXPECT_EQ(instance_error("{profile: 3g.20gb, compute: [{profile: 1c, name: a, count: 2}]}"),
            "l.yaml:5: a compute instance: \"count\" must be 1 if \"name\" is given");
  EXPECT_EQ(instance_error("{profile: 3g.20gb, name: a}\n      - {profile: 2g.10gb, name: a}"),
            "l.yaml:6: instances: the name \"a\" is given twice, here and in line 5");
  EXPECT_EQ(instance_error("{profile: 3g.20gb, compute: [{profile: 1c, name: a}, {profile: 1c, name: a}]}"),
            "l.yaml:5: compute: the name \"a\" is given twice, here and in line 5");
}

TEST(Load, OtherFilesAreRefused) {
  EXPECT_EQ(error_of(""), "l.yaml: is empty");
  EXPECT_EQ(error_of("# nothing\n", "-"), "<stdin>: is empty");
  EXPECT_EQ(error_of("version: gpuslice/v2\n"),
            "l.yaml:1: version is \"gpuslice/v2\", neither \"gpuslice/v1\" nor mig-parted's \"v1\"\n  try: version: "
            "gpuslice/v1");
  EXPECT_EQ(error_of("[]\n"), "l.yaml:1: a layout file must be a map of keys");
  EXPECT_EQ(error_of("version: gpuslice/v1\ngpus: [\n"), "l.yaml:3: is not YAML: end of sequence flow not found");
  EXPECT_EQ(error_of("version: gpuslice/v1\ngpus: []\n---\nversion: gpuslice/v1\n"),
            "l.yaml: has text after the end of its document; a layout file is a single document");
  EXPECT_EQ(error_of("version: gpuslice/v1\ngpus: [{select: all, mig: !!bool true}]\n"),
            "l.yaml:2: has the tag tag:yaml.org,2002:bool; tags are not supported\n  try: remove the tag");
  EXPECT_EQ(error_of("version: gpuslice/v1\n[1]: 2\n"), "l.yaml:2: has a key that is a list, a map or empty");
}

// After these endings yaml-cpp finds an endless sequence of documents.
TEST(Load, TextAfterTheDocumentIsRefused) {
  for (const auto* behind : {"},", "},\n", "}]", "}}", "} ,a"})
    EXPECT_NE(error_of(std::string("{version: gpuslice/v1, gpus: []") + behind), "loaded") << behind;
  EXPECT_EQ(error_of("{version: gpuslice/v1, gpus: []},"),
            "l.yaml: has text after the end of its document; a layout file is a single document");
  EXPECT_EQ(error_of("---\nversion: gpuslice/v1\ngpus: []\n...\n# the end\n"), "loaded");
}

TEST(Load, SizeDepthAndAliasesAreLimited) {
  const testing::MemoryLimit limit(512U << 20U);  // a broken guard fails the test instead of exhausting the machine
  EXPECT_EQ(error_of(std::string(max_file_bytes + 1, ' ')), "l.yaml: is larger than the limit of 1048576 bytes");
  EXPECT_EQ(error_of("version: gpuslice/v1\ngpus: " + std::string(40, '[') + std::string(40, ']') + "\n"),
            "l.yaml:2: is nested more than 32 levels deep");
  EXPECT_NE(error_of(std::string(max_file_bytes, '[')), "loaded");
  EXPECT_EQ(error_of("version: gpuslice/v1\ngpus: &a [*a]\n"),
            "l.yaml:2: has an alias that refers to the value it is part of");
  std::string bomb = "version: gpuslice/v1\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const auto before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int n = 1; n < 10; ++n) bomb += ", " + before;
    bomb += "]\n";
  }
  EXPECT_EQ(error_of(bomb), "l.yaml:6: holds more than 100000 values, counting those of an alias each time it is used");
}

TEST(Choose, ByNameDefaultOrTheOnlyOne) {
  const auto file = *load(every_key, "l.yaml");
  EXPECT_EQ(choose(file, std::nullopt)->name, "day");
  EXPECT_EQ(choose(file, "night")->name, "night");
  const auto wrong = choose(file, "nigth");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().kind, ErrorKind::not_found);
  EXPECT_EQ(wrong.error().message(), "l.yaml: has no configuration \"nigth\"");
  EXPECT_EQ(wrong.error().hint, "nearest: night");
  EXPECT_EQ(choose(file, "noon").error().hint, "one of: day, night");

  const auto several = *load("version: gpuslice/v1\nconfigs: {a: {gpus: []}, b: {gpus: []}}\n", "l.yaml");
  const auto open = choose(several, std::nullopt);
  ASSERT_FALSE(open);
  EXPECT_EQ(open.error().kind, ErrorKind::usage);
  EXPECT_EQ(open.error().message(), "l.yaml: has 2 configurations and no default: a, b");

  const auto single = *load("version: gpuslice/v1\nconfigs: {a: {gpus: []}}\n", "l.yaml");
  EXPECT_EQ(choose(single, std::nullopt)->name, "a");
  const auto unnamed = *load("version: gpuslice/v1\ngpus: []\n", "l.yaml");
  EXPECT_EQ(choose(unnamed, std::nullopt)->name, "");
  const auto none = choose(unnamed, "a");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().message(), "l.yaml: has no configuration \"a\": its only configuration has no name");
}

}  // namespace
}  // namespace gpuslice::spec
