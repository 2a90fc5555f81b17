#include "cli/terms.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "cli/testing/run.hpp"

namespace gpuslice::cli {
namespace {

using testing::run;

TEST(Terms, NoTwoShareASpelling) {
  std::map<std::string, std::string_view> all;
  for (const auto& term : terms()) {
    const auto add = [&](std::string_view spelling) {
      const auto [at, fresh] = all.emplace(folded(spelling), term.name);
      EXPECT_TRUE(fresh) << spelling << " is one of " << term.name << " and of " << at->second;
    };
    add(term.name);
    for (const auto alias : names_in(term.aliases)) add(alias);
  }
}

TEST(Terms, EachHasOneToThreeSentencesAndASource) {
  for (const auto& term : terms()) {
    EXPECT_FALSE(term.source.empty()) << term.name;
    EXPECT_TRUE(term.text.ends_with('.')) << term.name;
    EXPECT_FALSE(first_sentence(term).empty()) << term.name;
    int sentences = 1;
    for (std::size_t at = 0; (at = term.text.find(". ", at)) != std::string_view::npos; ++at) ++sentences;
    EXPECT_LE(sentences, 3) << term.name;
    for (const auto* field :
         {&term.name, &term.aliases, &term.text, &term.range, &term.example, &term.see, &term.source})
      EXPECT_TRUE(std::all_of(field->begin(), field->end(), [](char c) { return (c >= ' ' && c <= '~') || c == '\n'; }))
          << term.name << ": " << *field;
  }
}

TEST(Terms, ReferToTermsThatExist) {
  for (const auto& term : terms())
    for (const auto name : names_in(term.see)) {
      const auto* other = find_term(name);
      ASSERT_NE(other, nullptr) << term.name << ": " << name;
      EXPECT_EQ(other->name, name) << term.name;
      EXPECT_NE(other, &term) << term.name;
    }
}

// Files of this repository that the table names exist.
TEST(Terms, NameFilesOfThisRepositoryThatExist) {
  const std::regex path(R"((^|[ ;,])((docs|src|data|tests)/[A-Za-z0-9_./-]+|[A-Z]+\.md))");
  for (const auto& term : terms()) {
    const std::string source(term.source);
    for (std::sregex_iterator at(source.begin(), source.end(), path), end; at != end; ++at)
      EXPECT_TRUE(std::filesystem::exists(std::string(GPUSLICE_ROOT) + "/" + (*at)[2].str())) << (*at)[2].str();
  }
}

TEST(Terms, RowsOfAGroupAreAdjacent) {
  std::set<std::string_view> seen;
  std::string_view group;
  for (const auto& term : terms()) {
    EXPECT_TRUE(term.group == group || seen.insert(term.group).second) << term.group;
    group = term.group;
  }
}

TEST(Terms, AreFoundByNameAndAliasInAnyCase) {
  const auto found = [](std::string_view spelling) {
    const auto* term = find_term(spelling);
    return term == nullptr ? std::string_view{} : term->name;
  };
  for (const char* spelling : {"GPU instance", "gpu instance", "gpu-instance", "GI", "gi", "gpu_instances"})
    EXPECT_EQ(found(spelling), "GPU instance") << spelling;
  EXPECT_EQ(found("+ME"), "+me");
  EXPECT_EQ(found("-me"), "-me");
  EXPECT_EQ(found("+all"), "+me.all");
  EXPECT_EQ(found("1c"), "Nc. prefix");
  EXPECT_EQ(found("exclusive_process"), "Exclusive_Process");
  EXPECT_EQ(found("mig-gpu-"), "MIG-GPU form");
  EXPECT_EQ(found("no such term"), "");
}

// The terms used with each way of sharing.
TEST(Terms, CoverMigMpsTimeSlicingAndVgpu) {
  for (const char* term : {"GPU",
                           "MIG",
                           "GPU instance",
                           "compute instance",
                           "MIG device",
                           "profile",
                           "placement",
                           "slice",
                           "compute slice",
                           "memory slice",
                           "GPU slice",
                           "engine",
                           "CE",
                           "DEC",
                           "ENC",
                           "JPEG",
                           "OFA",
                           "+me",
                           "-me",
                           "+gfx",
                           "+me.all",
                           "+all",
                           "1c",
                           "board variant",
                           "compute mode",
                           "Default",
                           "Exclusive_Process",
                           "Prohibited",
                           "Exclusive_Thread",
                           "addressing mode",
                           "HMM",
                           "ATS",
                           "None",
                           "persistence mode",
                           "display mode",
                           "ECC",
                           "MIG mode",
                           "current mode",
                           "pending mode",
                           "reset",
                           "UUID",
                           "GPU-",
                           "MIG-",
                           "MIG-GPU-",
                           "CUDA_VISIBLE_DEVICES",
                           "capability file",
                           "nvidia-caps",
                           "time slice",
                           "compute policy",
                           "MPS control daemon",
                           "MPS server",
                           "MPS client",
                           "active thread percentage",
                           "pinned device memory limit",
                           "client priority",
                           "vGPU",
                           "vGPU type",
                           "-Q",
                           "-B",
                           "-C",
                           "-A",
                           "framebuffer",
                           "mdev",
                           "virtual function",
                           "SR-IOV",
                           "MIG-backed vGPU",
                           "heterogeneous",
                           "mixed-size mode",
                           "mig-parted",
                           "device plugin",
                           "MIG strategy",
                           "single",
                           "mixed",
                           "layout",
                           "inventory",
                           "plan",
                           "node",
                           "simulated node",
                           "foreign instance",
                           "undo",
                           "recover",
                           "journal",
                           "remains",
                           "client",
                           "refused",
                           "unknown"})
    EXPECT_NE(find_term(term), nullptr) << term;
}

TEST(Terms, AreAtMost80ColumnsWideExceptTheirExamples) {
  std::istringstream lines(term_list());
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80U) << line;
  for (const auto& term : terms()) {
    auto text = term_text(term);
    text.resize(std::min(text.find("\nExample:\n"), text.size()));
    std::istringstream body(text);
    for (std::string line; std::getline(body, line);) EXPECT_LE(line.size(), 80U) << line;
  }
}

TEST(Terms, HelpExplainsATerm) {
  const auto ran = run({"help", "gpu", "slice"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.err, "");
  EXPECT_EQ(ran.out,
            "GPU slice (also: GPU slices)\n\n"
            "The smallest part of a GPU that combines one memory slice and one compute slice.\n\n"
            "See also: slice, compute slice, memory slice\n"
            "Source:   NVIDIA MIG User Guide, Concepts\n\n"
            "Example:\n  1g.5gb    one GPU slice of an A100\n");
  for (const char* word : {"+me", "-me", "-Q", "GI", "MIG-GPU-", "terms"})
    EXPECT_EQ(run({"help", word}).status, 0) << word;
}

TEST(Terms, ATermWithTheNameOfACommandIsMentionedThereAndCanBeRead) {
  const auto command = run({"help", "plan"});
  EXPECT_EQ(command.out, run({"plan", "--help"}).out);
  EXPECT_NE(command.out.find("\nSee also: gpuslice help term plan\n"), std::string::npos);
  EXPECT_TRUE(run({"help", "term", "plan"}).out.starts_with("plan (also: plans)\n\nThe ordered steps"));
  EXPECT_EQ(run({"help", "list"}).out.find("help term"), std::string::npos);
}

struct Mistyped {
  std::vector<std::string> words;
  std::string said;
};
TEST(Terms, TheNearestTopicIsSuggested) {
  for (const auto& [words, said] :
       {Mistyped{{"help", "placment"},
                 "gpuslice: help placment: is neither a command nor a term\n  try: gpuslice help placement\n"},
        Mistyped{{"help", "gpu", "instanse"},
                 "gpuslice: help gpu instanse: is neither a command nor a term\n  try: gpuslice help 'GPU instance'\n"},
        Mistyped{{"help", "aply"},
                 "gpuslice: help aply: is neither a command nor a term\n  try: gpuslice help apply\n"},
        Mistyped{{"help", "quantum", "entanglement"},
                 "gpuslice: help quantum entanglement: is neither a command nor a term\n  try: gpuslice help terms\n"},
        Mistyped{{"help", "term", "aply"}, "gpuslice: help term aply: is not a term\n  try: gpuslice help terms\n"},
        Mistyped{{"help", "sim", "craete"},
                 "gpuslice: craete: is not a command of gpuslice sim\n  try: gpuslice help sim create\n"}}) {
    const auto ran = run(words);
    EXPECT_EQ(ran.status, 2);
    EXPECT_EQ(ran.out, "");
    EXPECT_EQ(ran.err, said);
  }
}

TEST(Terms, ThePageOfTermsIsTheOutputOfHelp) {
  std::ifstream file(GPUSLICE_ROOT "/docs/terms.md");
  const std::string page(std::istreambuf_iterator<char>(file), {});
  EXPECT_EQ(page, run({"help", "--markdown"}).out) << "write it again: gpuslice help --markdown > docs/terms.md";
}

// Each link of the page leads to one of its entries.
TEST(Terms, LinksOfThePageHaveTargets) {
  const auto page = terms_markdown();
  const std::regex link(R"(\]\(#(term-[^)]*)\))");
  std::set<std::string> anchors;
  const std::regex anchor(R"(<a id="([^"]*)\")");
  for (std::sregex_iterator at(page.begin(), page.end(), anchor), end; at != end; ++at)
    EXPECT_TRUE(anchors.insert((*at)[1].str()).second) << (*at)[1].str();
  EXPECT_EQ(anchors.size(), terms().size());
  for (std::sregex_iterator at(page.begin(), page.end(), link), end; at != end; ++at)
    EXPECT_TRUE(anchors.contains((*at)[1].str())) << (*at)[1].str();
}

}  // namespace
}  // namespace gpuslice::cli
