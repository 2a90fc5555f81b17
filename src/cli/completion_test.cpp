#include "cli/completion.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <fstream>

#include "base/testing/temp_dir.hpp"
#include "cli/option_words.hpp"
#include "cli/testing/run.hpp"

namespace gpuslice::cli {
namespace {

bool is_there(const std::string& shell) {
  return std::system(("command -v " + shell + " >/dev/null 2>&1").c_str()) == 0;
}

// The output of a command, preceded by its exit status if that is not 0.
std::string output_of(const std::string& command) {
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return "popen failed";
  std::string text;
  std::array<char, 4096> part{};
  while (const auto got = std::fread(part.data(), 1, part.size(), pipe)) text.append(part.data(), got);
  const int status = ::pclose(pipe);
  return status == 0 ? text : "status " + std::to_string(WEXITSTATUS(status)) + ": " + text;
}

// A shell's script after a stub `gpuslice` whose `sim list` shows two nodes, whose `query --list` shows two fields, and
// which has instances: web and train here, and one on sim:lab.
class Completion : public ::testing::Test {
 protected:
  [[nodiscard]] static std::string script(const std::string& shell) { return testing::run({"completion", shell}).out; }

  std::string write(const std::string& name, const std::string& text) {
    const auto path = folder_.path() + "/" + name;
    std::ofstream(path) << text;
    return path;
  }

  // What bash offers after these words, separated by blanks. The words are split as bash does: at blanks and around :
  // and =.
  std::string bash(const std::vector<std::string>& pieces) {
    std::string text =
        "gpuslice() {\n  [[ $* == 'sim list' ]] && printf 'NODE  DRIVER\\ndemo  580\\nlab  580\\n'\n"
        "  [[ $* == 'query --list'* ]] && printf 'field,type\\r\\nfan.speed,number\\r\\npstate,text\\r\\n'\n"
        "  [[ $* == *'sim:lab list '* ]] && printf 'name\\r\\n\\r\\nof-lab\\r\\n'\n"
        "  [[ $* == 'list '* ]] && printf 'name\\r\\n\\r\\nweb\\r\\ntrain\\r\\nweb\\r\\n'\n}\n" +
        script("bash") + "COMP_WORDS=(gpuslice";
    for (const auto& piece : pieces) text += " '" + piece + "'";
    text += ")\nCOMP_CWORD=" + std::to_string(pieces.size()) + "\n_gpuslice\nprintf '%s' \"${COMPREPLY[*]}\"\n";
    return output_of("bash --norc " + write("ask.bash", text));
  }
  std::string fish(const std::string& line) {
    const auto text =
        "function gpuslice\n  test \"$argv\" = 'sim list'; and printf 'NODE  DRIVER\\ndemo  580\\nlab  580\\n'\n"
        "  string match -q 'query --list*' \"$argv\"; and printf "
        "'field,type\\r\\nfan.speed,number\\r\\npstate,text\\r\\n'\n"
        "  string match -q '*sim:lab list *' \"$argv\"; and printf 'name\\r\\n\\r\\nof-lab\\r\\n'\n"
        "  string match -q 'list *' \"$argv\"; and printf 'name\\r\\n\\r\\nweb\\r\\ntrain\\r\\nweb\\r\\n'\n"
        "  true\nend\n" +
        script("fish") + "complete -C '" + line + "' | cut -f 1 | tr '\\n' ' '\n";
    return output_of("HOME=" + folder_.path() + " fish --no-config " + write("ask.fish", text));
  }

  gpuslice::testing::TempDir folder_;
};

// `close` is the text after an offered word.
void expect_all_words(const CLI::App& app, const std::string& script, const std::string& close,
                      const std::string& where) {
  for (const auto* option : options(app)) {
    for (const auto& name : spellings(*option))
      EXPECT_NE(script.find("'" + name + close), std::string::npos) << where << " " << name;
    for (const auto& choice : choices(*option))
      EXPECT_NE(script.find(choice), std::string::npos) << where << " " << choice;
  }
  for (const auto* sub : subcommands(app)) {
    if (sub->get_group().empty()) continue;
    EXPECT_NE(script.find("'" + sub->get_name() + close), std::string::npos) << where << " " << sub->get_name();
    expect_all_words(*sub, script, close, where + " " + sub->get_name());
  }
}

TEST_F(Completion, OfEachShellKnowsEveryCommandAndOption) {
  std::ostringstream out;
  const auto line = make_command_line({out, out, false});
  for (const auto shell : shells)
    expect_all_words(line->app.parsed(), script(std::string(shell)), shell == "fish" ? "' '" : ":",
                     std::string(shell) + ": gpuslice");
}

TEST_F(Completion, InBashUsesTheWordsBefore) {
  if (!is_there("bash")) GTEST_SKIP() << "no bash here";
  EXPECT_EQ(bash({"p"}), "plan products profiles placements");
  EXPECT_EQ(bash({"sim", "re"}), "reboot reset restore");
  EXPECT_EQ(bash({"sim", "attach", "demo", "--g"}), "--gpu --gi");
  EXPECT_EQ(bash({"layouts", "--m"}), "--maximal");
  EXPECT_EQ(bash({"completion", ""}), "bash zsh fish");
  EXPECT_EQ(bash({"profiles", "--for", "a30"}), "a30-24gb a30");
  EXPECT_EQ(bash({"profiles", "--for", "sim", "--sou"}), "--sources") << "the value of an option is not a command";
}

TEST_F(Completion, InBashOffersNodesWhenColonsBreakWords) {
  if (!is_there("bash")) GTEST_SKIP() << "no bash here";
  EXPECT_EQ(bash({"sim", "delete", ""}), "demo lab");
  EXPECT_EQ(bash({"--node", ""}), "local sim:demo sim:lab");
  EXPECT_EQ(bash({"--node", "sim", ":"}), "demo lab");
  EXPECT_EQ(bash({"--node", "sim", ":", "d"}), "demo");
  EXPECT_EQ(bash({"--node", "sim:d"}), "sim:demo") << "COMP_WORDBREAKS without a colon";
  EXPECT_EQ(bash({"--node", "sim", ":", "demo", "reso"}), "resolve");
}

TEST_F(Completion, InBashOffersValuesAfterAnEqualsSign) {
  if (!is_there("bash")) GTEST_SKIP() << "no bash here";
  EXPECT_EQ(bash({"layouts", "--output", "=", "j"}), "json");
  EXPECT_EQ(bash({"layouts", "--output", "="}), "table json");
  EXPECT_EQ(bash({"layouts", "--output=j"}), "--output=json") << "COMP_WORDBREAKS without an equals sign";
}

TEST_F(Completion, InBashOffersCommandsAndTermsToHelp) {
  if (!is_there("bash")) GTEST_SKIP() << "no bash here";
  EXPECT_EQ(bash({"help", "gpu-"}), "gpu-instance gpu-slice");
  EXPECT_EQ(bash({"help", "rec"}), "recover recipe");
  EXPECT_EQ(bash({"help", "+"}), "+me +gfx +me.all");
  EXPECT_EQ(bash({"help", "sim", "cr"}), "create");
}

TEST_F(Completion, InBashOffersFieldsAfterCommas) {
  if (!is_there("bash")) GTEST_SKIP() << "no bash here";
  EXPECT_EQ(bash({"query", "--fields", ""}), "fan.speed pstate");
  EXPECT_EQ(bash({"query", "--fields", "fan.speed,p"}), "fan.speed,pstate");
  EXPECT_EQ(bash({"query", "--fields", "=", "p"}), "pstate");
}

TEST_F(Completion, InBashOffersTheInstancesOfTheNode) {
  if (!is_there("bash")) GTEST_SKIP() << "no bash here";
  EXPECT_EQ(bash({"who", ""}), "train web");
  EXPECT_EQ(bash({"who", "t"}), "train");
  EXPECT_EQ(bash({"--node", "sim", ":", "lab", "who", ""}), "of-lab");
  EXPECT_EQ(bash({"--node", "=", "sim", ":", "lab", "who", ""}), "of-lab");
  EXPECT_EQ(bash({"destroy", "w"}), "web");
}

TEST_F(Completion, InFishUsesTheWordsBefore) {
  if (!is_there("fish")) GTEST_SKIP() << "no fish here";
  EXPECT_EQ(fish("gpuslice p"), "placements plan products profiles ");
  EXPECT_EQ(fish("gpuslice sim re"), "reboot reset restore ");
  EXPECT_EQ(fish("gpuslice --node sim:demo sim cr"), "create ");
  EXPECT_EQ(fish("gpuslice sim delete "), "demo lab ");
  EXPECT_EQ(fish("gpuslice --node "), "local sim:demo sim:lab ");
  EXPECT_EQ(fish("gpuslice layouts --output=j"), "--output=json ");
  EXPECT_EQ(fish("gpuslice layouts --m"), "--maximal ");
  EXPECT_EQ(fish("gpuslice query --fields fan.speed,p"), "fan.speed,pstate ");
  EXPECT_EQ(fish("gpuslice query --fields=p"), "--fields=pstate ");
  EXPECT_EQ(fish("gpuslice who "), "train web ");
  EXPECT_EQ(fish("gpuslice --node sim:lab who "), "of-lab ");
}

TEST_F(Completion, InZshIsWellFormed) {
  if (!is_there("zsh")) GTEST_SKIP() << "no zsh here";
  const auto text = script("zsh");
  EXPECT_TRUE(text.starts_with("#compdef gpuslice\n"));
  EXPECT_EQ(output_of("zsh -f -n " + write("_gpuslice", text)), "");
}

}  // namespace
}  // namespace gpuslice::cli
