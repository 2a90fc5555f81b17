#include "spec/print.hpp"

#include <gtest/gtest.h>

#include <array>
#include <nlohmann/json.hpp>
#include <random>

namespace gpuslice::spec {
namespace {

TEST(Print, IsCanonical) {
  const auto file = load(R"({
  "configs": {
    "day": {"gpus": [
      {"foreign": "keep", "mig": true, "instances": [
        {"count": 1, "compute": [{"profile": "1c"}, {"profile": "1c"}, {"placement": "2:1", "profile": "1c", "name": "on"}],
         "placement": "0:4", "profile": "3g.20gb", "name": "yes"},
        {"profile": "1g.5gb+me"}, {"profile": 19}, {"profile": 19},
        {"profile": "2g.10gb", "compute": [], "count": 2},
        {"profile": "MIG 1g.5gb", "placement": 6}],
       "select": {"pci-device-id": [548409566, "0x00001234"], "product": ["NVIDIA A100-SXM4-40GB"], "index": [3],
                  "pci": "0000:10:1c.0", "uuid": ["GPU-1", "GPU-2"]}}],
      "later-wins": true},
    "1e3": {"gpus": [], "later-wins": false},
    "select": {"gpus": [{"foreign": "remove", "share": {"time-slice": "long"}, "compute-mode": "exclusive-process", "select": "all",
                         "mig": false, "instances": []}, {"select": {"index": 0}, "share": {}}]}},
  "default": "1e3",
  "version": "gpuslice/v1"})",
                         "l.json");
  ASSERT_TRUE(file) << file.error().message();
  EXPECT_EQ(print(*file), R"(version: gpuslice/v1
default: "1e3"
configs:
  day:
    later-wins: true
    gpus:
      - select: {index: 3, uuid: [GPU-1, GPU-2], pci: "0000:10:1c.0", product: NVIDIA A100-SXM4-40GB, pci-device-id: ["0x20B010DE", "0x00001234"]}
        mig: true
        instances:
          - {name: "yes", profile: 3g.20gb, placement: "0:4", compute: [{profile: 1c, count: 2}, {name: "on", profile: 1c, placement: "2:1"}]}
          - {profile: 1g.5gb+me}
          - {profile: "19", count: 2}
          - {profile: 2g.10gb, count: 2, compute: []}
          - {profile: MIG 1g.5gb, placement: 6}
  "1e3":
    gpus: []
  select:
    gpus:
      - select: all
        mig: false
        compute-mode: exclusive-process
        share: {time-slice: long}
        foreign: remove
      - select: {index: 0}
)");
}

TEST(Print, OneConfigurationWithoutANameNeedsNoConfigs) {
  const std::string text = "version: gpuslice/v1\nlater-wins: true\ngpus:\n  - select: all\n    mig: true\n";
  EXPECT_EQ(print(*load(text, "l.yaml")), text);
}

TEST(Print, WritesJson) {
  const auto file =
      load("version: gpuslice/v1\ngpus: [{select: all, instances: [{profile: 1g.5gb, count: 7}]}]\n", "l");
  EXPECT_EQ(print_json(*file), R"({
  "version": "gpuslice/v1",
  "gpus": [
    {
      "select": "all",
      "instances": [
        {
          "profile": "1g.5gb",
          "count": 7
        }
      ]
    }
  ]
}
)");
}

TEST(Print, MoreInstancesThanOneCountAllows) {
  File file;
  file.configurations.emplace_back();
  file.configurations[0].gpus.emplace_back();
  file.configurations[0].gpus[0].instances.resize(10, {{}, "1g.5gb", {}, {}, {}});
  const auto text = print(file);
  EXPECT_NE(text.find("      - {profile: 1g.5gb, count: 8}\n      - {profile: 1g.5gb, count: 2}\n"), std::string::npos)
      << text;
  EXPECT_EQ(*load(text, "l"), file);
}

TEST(YamlWord, IsQuotedIfYamlWouldReadItAsAnotherType) {
  for (const auto* word : {"train", "a-b_c.d/e+f", "_x", "NVIDIA A100-SXM4-40GB", "3g.20gb", "1c", "1c.3g.20gb",
                           "GPU-9e4a", "e3", "yesterday"})
    EXPECT_EQ(yaml_word(word), word);
  for (const auto* word : {"",     "y",   "N",    "yes",      "No",   "ON",    "off",      "true",       "False",
                           "null", "~",   "1",    "-1",       "+1",   "0x1F",  "0o17",     "017",        "1_000",
                           "1e3",  "1.5", ".5",   ".inf",     ".nan", "0:4",   "12:30:45", "2001-01-01", "<<",
                           "=",    "- a", "a: b", "a #b",     "#a",   "a:",    "&a",       "*a",         "!a",
                           "|",    ">",   "%a",   "@a",       "`a",   "'a'",   "[a]",      "{a}",        "a,b",
                           "?",    " a",  "a ",   "\xc3\xa9", "-",    "--- a", "9g1"})
    EXPECT_EQ(yaml_word(word), "\"" + std::string(word) + "\"");
  EXPECT_EQ(yaml_word("\xe2\x80\xa8\xe2\x80\xa9\xef\xbb\xbf"), "\"\\u2028\\u2029\\ufeff\"");
  EXPECT_EQ(yaml_word("a\"b\\c\n\x01"), "\"a\\\"b\\\\c\\x0a\\x01\"");
}

// Generates text that needs quotes or escapes, and whole files of such text.
class Maker {
 public:
  explicit Maker(unsigned seed) : random_(seed) {}

  File file() {
    File made;
    const auto count = below(4);
    if (count == 0) {
      made.configurations.push_back(layout());
      return made;
    }
    for (unsigned i = 0; i < count; ++i) {
      made.configurations.push_back(layout());
      made.configurations.back().name = word() + std::to_string(i);
    }
    if (flip()) made.default_name = made.configurations[below(count)].name;
    return made;
  }

 private:
  unsigned below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }
  bool flip() { return below(2) == 0; }

  std::string word() {
    static constexpr std::array<const char*, 14> nasty = {
        "a\xe2\x80\xa8z", "\xef\xbb\xbf",         "on",   "1e3",   "0:4", "null", "~", "- a", "a: b", "#",
        "\"\\",           "\xc3\xa9\xe2\x82\xac", "true", "{a, b}"};
    if (flip()) return nasty[below(nasty.size())];
    std::string made;
    for (auto n = 1 + below(8); n > 0; --n) made += static_cast<char>(' ' + below(95));
    return made;
  }
  std::vector<std::string> words() {
    std::vector<std::string> made;
    if (flip())
      for (auto n = below(3); n > 0; --n) made.push_back(word());
    return made;
  }
  std::optional<mig::Placement> placement() {
    if (flip()) return std::nullopt;
    return mig::Placement{static_cast<std::uint8_t>(below(256)), static_cast<std::uint8_t>(below(256))};
  }
  // Names must differ, so each ends in its number; they also follow a stricter rule than other text.
  std::string name(std::size_t number) {
    static constexpr std::array<const char*, 8> begins = {"on", "null.", "e", "_", "y-", "No", "x0x", "inf"};
    return flip() ? std::string{} : begins[below(begins.size())] + std::to_string(number);
  }

  model::Layout layout() {
    model::Layout made;
    made.later_wins = flip();
    for (auto n = below(4); n > 0; --n) made.gpus.push_back(entry());
    return made;
  }
  model::GpuEntry entry() {
    model::GpuEntry made;
    if (flip())
      for (auto n = below(3); n > 0; --n) made.selector.index.push_back(below(0xffffffffU));
    made.selector.uuid = words();
    made.selector.pci = words();
    made.selector.product = words();
    if (flip())
      for (auto n = below(3); n > 0; --n) made.selector.pci_device_ids.push_back(static_cast<std::uint32_t>(random_()));
    if (flip()) made.mig = flip();
    if (flip()) made.foreign = model::Foreign::remove;
    if (made.mig == false) return made;
    for (auto n = below(6); n > 0; --n) {
      model::WantedGi gi{name(n), profile(), placement(), {}, {}};
      if (flip()) {
        gi.compute.emplace();
        for (auto m = below(4); m > 0; --m) gi.compute->push_back({name(m), profile(), placement(), {}});
      }
      for (auto times = gi.name.empty() ? 1 + below(10) : 1; times > 0; --times) made.instances.push_back(gi);
    }
    return made;
  }
  std::string profile() {
    static constexpr std::array<const char*, 6> usual = {"1g.5gb", "3g.20gb", "1g.5gb+me", "19", "1c", "MIG 2g.10gb"};
    return flip() ? usual[below(usual.size())] : word();
  }

  std::mt19937 random_;
};

TEST(Print, IsReadBackUnchanged) {
  for (unsigned seed = 0; seed < 2000; ++seed) {
    const auto file = Maker(seed).file();
    const auto text = print(file);
    const auto back = load(text, "printed");
    ASSERT_TRUE(back) << "seed " << seed << ": " << back.error().message() << "\n" << text;
    ASSERT_EQ(*back, file) << "seed " << seed << "\n" << text;
    ASSERT_EQ(print(*back), text) << "seed " << seed;
    const auto json = print_json(file);
    ASSERT_TRUE(nlohmann::json::accept(json)) << "seed " << seed << "\n" << json;
    const auto from_json = load(json, "printed");
    ASSERT_TRUE(from_json) << "seed " << seed << ": " << from_json.error().message() << "\n" << json;
    ASSERT_EQ(*from_json, file) << "seed " << seed << "\n" << json;
  }
}

}  // namespace
}  // namespace gpuslice::spec
