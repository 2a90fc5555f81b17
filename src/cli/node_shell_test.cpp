// The shell that is started inside a node, and its prompt.
#include "cli/node_shell.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace gpuslice::cli {
namespace {

using Words = std::vector<std::string>;

class NodeShell : public ::testing::Test {
 protected:
  void SetUp() override { ::unsetenv("ENV"); }
  void TearDown() override {
    ::unsetenv("ENV");
    ::unsetenv(prompt_variable);
  }
  static std::string text_of(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
};

TEST_F(NodeShell, NonInteractiveShellsAreStartedUnchanged) {
  EXPECT_EQ(shell_words("/bin/bash", "demo", false), Words{"/bin/bash"});
  EXPECT_STREQ(std::getenv(prompt_variable), "(demo) ");
}

TEST_F(NodeShell, UnknownShellsAreStartedUnchanged) {
  EXPECT_EQ(shell_words("/usr/bin/zsh", "demo", true), Words{"/usr/bin/zsh"});
  EXPECT_STREQ(std::getenv(prompt_variable), "(demo) ");
}

TEST_F(NodeShell, RunsTheUsersStartFileFirst) {
  const auto bash = shell_words("/bin/bash", "demo", true);
  ASSERT_EQ(bash.size(), 3U);
  EXPECT_EQ(bash[1], "--rcfile");
  const auto text = text_of(bash[2]);
  EXPECT_LT(text.find(". ~/.bashrc"), text.find("PS1='(demo) '\"$PS1\"")) << text;
  EXPECT_EQ(text.find("{{"), std::string::npos) << text;

  ::setenv("ENV", "/home/ada/.it's", 1);
  EXPECT_EQ(shell_words("/bin/sh", "demo", true), Words{"/bin/sh"});
  const std::string file = std::getenv("ENV");
  EXPECT_TRUE(file.starts_with("/proc/self/fd/")) << file;
  const auto lines = text_of(file);
  EXPECT_NE(lines.find("ENV='/home/ada/.it'\\''s'\n"), std::string::npos) << lines;
  EXPECT_TRUE(lines.ends_with("PS1='(demo) '\"$PS1\"\n")) << lines;
}

TEST_F(NodeShell, ClosesTheFileIfTheShellCan) {
  EXPECT_TRUE(start_file("sh", "(n) ", 9, "").starts_with("exec 9<&-\nunset ENV\n"));
  EXPECT_TRUE(start_file("sh", "(n) ", 10, "").starts_with("unset ENV\n")) << "dash would run a command 10";
  EXPECT_EQ(start_file("tcsh", "(n) ", 3, ""), "");
}

}  // namespace
}  // namespace gpuslice::cli
