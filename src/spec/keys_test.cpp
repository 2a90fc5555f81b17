#include "spec/keys.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>

#include "spec/file.hpp"

namespace gpuslice::spec {
namespace {

// Each example in the table is put into a file, which must load.
TEST(Keys, EveryExampleLoads) {
  for (const auto& key : keys()) {
    const std::string example{key.example};
    const auto instance = [](const std::string& keys) {
      return "version: gpuslice/v1\ngpus: [{select: all, instances: [{" + keys + "}]}]\n";
    };
    std::string text;
    switch (key.in) {
      case Object::file:
        text = key.name == "version" ? example + "\ngpus: []\n" : "version: gpuslice/v1\n" + example + "\n";
        if (key.name == "later-wins") text += "gpus: []\n";
        if (key.name == "default") text += "configs: {night: {gpus: []}}\n";
        break;
      case Object::configuration:
        text = "version: gpuslice/v1\nconfigs: {a: {" + example + (key.name == "gpus" ? "" : ", gpus: []") + "}}\n";
        break;
      case Object::gpu:
        text = "version: gpuslice/v1\ngpus: [{" + example + (key.name == "select" ? "" : ", select: all") + "}]\n";
        break;
      case Object::select:
        text = "version: gpuslice/v1\ngpus: [{select: {" + example + "}}]\n";
        break;
      case Object::share:
        text = "version: gpuslice/v1\ngpus: [{select: all, share: {" + example + "}}]\n";
        break;
      case Object::instance:
        text = instance(example + (key.name == "profile" ? "" : ", profile: 3g.20gb"));
        break;
      case Object::compute:
        text =
            instance("profile: 3g.20gb, compute: [{" + example + (key.name == "profile" ? "" : ", profile: 1c") + "}]");
        break;
      case Object::mig_parted_file:
        text = key.name == "version" ? example + "\nmig-configs: {a: [{devices: all, mig-enabled: false}]}\n"
                                     : "version: v1\n" + example + "\n";
        break;
      case Object::mig_parted_entry:
        text = "version: v1\nmig-configs: {a: [{" + example;
        if (key.name != "devices") text += ", devices: all";
        if (key.name != "mig-enabled") text += ", mig-enabled: true";
        if (key.name != "mig-devices") text += ", mig-devices: {}";
        text += "}]}\n";
        break;
    }
    EXPECT_TRUE(example.starts_with(std::string(key.name) + ": ")) << example;
    const auto file = load(text, "l.yaml");
    EXPECT_TRUE(file) << text << file.error().message();
    EXPECT_FALSE(key.description.empty()) << key.name;
  }
}

TEST(Keys, AreGroupedByMapAndUnique) {
  std::set<Object> done;
  std::set<std::pair<Object, std::string_view>> seen;
  std::optional<Object> last;
  for (const auto& key : keys()) {
    EXPECT_TRUE(key.in == last || done.insert(key.in).second) << key.name << ": the keys of its map are not contiguous";
    last = key.in;
    EXPECT_TRUE(seen.insert({key.in, key.name}).second) << key.name;
    EXPECT_EQ(find_key(key.in, key.name), &key);
  }
  EXPECT_EQ(find_key(Object::select, "gpus"), nullptr);
}

TEST(Keys, RulesReferToKeysOfTheirMap) {
  for (const auto& rule : rules()) {
    EXPECT_GE(rule.keys.size(), 2U);
    EXPECT_FALSE(rule_text(rule).empty());
    for (const auto name : rule.keys) {
      const auto* key = find_key(rule.in, name);
      const auto* list = find_key(rule.in, rule.keys[0]);
      // The second key of names_differ is a key of the maps in the list.
      if (key == nullptr && rule.kind == RuleKind::names_differ && list != nullptr) key = find_key(list->of, name);
      EXPECT_NE(key, nullptr) << name;
    }
  }
}

// The reference in docs/layout-files.md is the output of `gpuslice schema --keys`.
TEST(Keys, TheReferenceInTheDocumentationIsCurrent) {
  std::ifstream file(GPUSLICE_DOCS "/layout-files.md");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const std::string begin = "<!-- gpuslice schema --keys -->\n\n";
  const std::string end = "\n<!-- end -->\n";
  const auto from = text.find(begin);
  ASSERT_NE(from, std::string::npos);
  const auto to = text.find(end, from);
  ASSERT_NE(to, std::string::npos);
  EXPECT_EQ(text.substr(from + begin.size(), to - from - begin.size()), keys_markdown())
      << "put what `gpuslice schema --keys` prints between the two marks";
}

// Every example in the documentation loads.
TEST(Keys, TheExamplesInTheDocumentationLoad) {
  std::ifstream file(GPUSLICE_DOCS "/layout-files.md");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  int examples = 0;
  for (std::size_t at = 0; (at = text.find("```yaml\n", at)) != std::string::npos;) {
    at += 8;
    const auto example = text.substr(at, text.find("```", at) - at);
    const auto loaded = load(example, "example");
    EXPECT_TRUE(loaded) << loaded.error().message() << "\n" << example;
    ++examples;
  }
  EXPECT_GE(examples, 3);
}

}  // namespace
}  // namespace gpuslice::spec
