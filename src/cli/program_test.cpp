#include "cli/program.hpp"

#include <gtest/gtest.h>

#include <csignal>

#include "cli/testing/run.hpp"
#include "cli/version.hpp"

namespace gpuslice::cli {
namespace {

using testing::run;
using Words = std::vector<std::string>;

struct Wrong {
  Words words;
  std::string said;
};

class UsageErrors : public ::testing::TestWithParam<Wrong> {};

TEST_P(UsageErrors, NameTheArgumentAndGiveAHint) {
  const auto ran = run(GetParam().words);
  EXPECT_EQ(ran.status, 2);
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ran.err, GetParam().said);
}

INSTANTIATE_TEST_SUITE_P(
    Program, UsageErrors,
    ::testing::Values(
        Wrong{{}, "gpuslice: needs a command\n  try: gpuslice --help\n"},
        Wrong{{"proflies"}, "gpuslice: proflies: is not a command of gpuslice\n  try: gpuslice profiles\n"},
        Wrong{{"--node", "sim:demo", "lst"},
              "gpuslice: lst: is not a command of gpuslice\n  try: gpuslice --node sim:demo list\n"},
        Wrong{{"--node=sim:demo", "enable", "--gup", "0"},
              "gpuslice: --gup: is not an option of gpuslice enable\n  try: gpuslice --node sim:demo enable --gpu\n"},
        Wrong{{"destroy", "b", "--gpu", "1"},
              "gpuslice: destroy: --gpu is allowed only with --all; name an instance as NAME, GPU:GI or "
              "GPU:GI/CI\n  try: gpuslice list\n"},
        Wrong{{"destroy", "--all"},
              "gpuslice: destroy: --all requires --gpu to select the GPUs\n  try: gpuslice list\n"},
        Wrong{{"sim"}, "gpuslice: sim: needs a command\n  try: gpuslice sim --help\n"},
        Wrong{{"sim", "craete", "demo"},
              "gpuslice: craete: is not a command of gpuslice sim\n  try: gpuslice sim create\n"},
        Wrong{{"--bogus"}, "gpuslice: --bogus: is not an option of gpuslice\n  try: gpuslice --help\n"},
        Wrong{{"products", "--colour=no"},
              "gpuslice: --colour: is not an option of gpuslice products\n  try: gpuslice products --help\n"},
        Wrong{{"products", "--outptu"},
              "gpuslice: --outptu: is not an option of gpuslice products\n  try: gpuslice products --output\n"},
        Wrong{{"products", "a30"},
              "gpuslice: a30: is one argument too many for gpuslice products\n  try: gpuslice products --help\n"},
        Wrong{{"products", "--output", "xml"},
              "gpuslice: --output: takes table, json or csv, not \"xml\"\n  try: gpuslice products --help\n"},
        Wrong{{"layouts"}, "gpuslice: layouts: needs --for PRODUCT\n  try: gpuslice layouts --help\n"},
        Wrong{{"profiles", "--for"}, "gpuslice: --for: needs a value\n  try: gpuslice profiles --help\n"},
        Wrong{{"resolve"}, "gpuslice: resolve: needs DEVICE\n  try: gpuslice resolve --help\n"},
        Wrong{{"undo", "1"}, "gpuslice: 1: is one argument too many for gpuslice undo\n  try: gpuslice undo --help\n"},
        Wrong{{"completion"}, "gpuslice: completion: needs SHELL\n  try: gpuslice completion --help\n"},
        Wrong{{"completion", "tcsh"},
              "gpuslice: SHELL: takes bash, zsh or fish, not \"tcsh\"\n  try: gpuslice completion --help\n"},
        Wrong{{"sim", "create", "demo", "--seed", "one"},
              "gpuslice: --seed: takes a number, not \"one\"\n  try: gpuslice sim create --help\n"},
        Wrong{{"sim", "delete"}, "gpuslice: sim delete: needs NODE\n  try: gpuslice sim delete --help\n"},
        Wrong{{"--node"}, "gpuslice: --node: needs a value\n  try: gpuslice --help\n"},
        Wrong{{"--node", "far", "resolve", "0"},
              "gpuslice: --node far: is neither local nor sim:NAME\n  try: gpuslice sim list\n"},
        Wrong{{"resolve", "0", "--node", "far"},
              "gpuslice: --node far: is neither local nor sim:NAME\n  try: gpuslice sim list\n"}));

TEST(Program, CommandAndOptionPrintTheSameVersion) {
  const auto wanted = std::string("gpuslice ") + version + "\n";
  for (const Words& words : {Words{"--version"}, Words{"version"}}) {
    const auto ran = run(words);
    EXPECT_EQ(ran.status, 0);
    EXPECT_EQ(ran.out, wanted);
    EXPECT_EQ(ran.err, "");
  }
}

TEST(Program, HelpGoesToStandardOutputAndListsTheCommands) {
  const auto ran = run({"--help"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.err, "");
  for (const char* verb : {"products", "profiles", "placements", "layouts", "resolve", "sim", "smi", "query", "help",
                           "completion", "man", "version"})
    EXPECT_NE(ran.out.find(std::string("\n  ") + verb + " "), std::string::npos) << verb;
}

TEST(Program, EachOutcomeHasItsExitStatus) {
  using Row = std::pair<ErrorKind, int>;
  for (const auto& [kind, wanted] :
       {Row{ErrorKind::usage, 2}, Row{ErrorKind::not_found, 1}, Row{ErrorKind::exists, 1},
        Row{ErrorKind::permission, 1}, Row{ErrorKind::busy, 5}, Row{ErrorKind::refused, 5},
        Row{ErrorKind::unsupported, 5}, Row{ErrorKind::unknown, 4}, Row{ErrorKind::damaged, 1}, Row{ErrorKind::io, 1}})
    EXPECT_EQ(status(exit_of(kind)), wanted) << static_cast<int>(kind);
  std::vector<int> statuses;
  for (const auto& row : exit_meanings) statuses.push_back(status(row.status));
  EXPECT_EQ(statuses, (std::vector<int>{0, 1, 2, 3, 4, 5, 129, 130, 143}));
}

TEST(Program, ASignalDecidesTheExitStatusOfAChangeThatItStopped) {
  using ops::Restored;
  ops::Failure failure(ops::Cause::interrupted, Error{ErrorKind::io, "GPU 0", "interrupted", ""});
  for (const auto restored : {Restored::untouched, Restored::all, Restored::not_all}) {
    failure.restored = restored;
    EXPECT_EQ(status(exit_of(failure, SIGINT)), 130);
    EXPECT_EQ(status(exit_of(failure, SIGTERM)), 143);
    EXPECT_EQ(status(exit_of(failure, SIGHUP)), 129);
    EXPECT_EQ(exit_of(failure), Exit::failed);
  }
  failure.restored = Restored::done;
  EXPECT_EQ(exit_of(failure, SIGINT), Exit::failed) << "the change is done";
  failure.restored = Restored::unknown;
  EXPECT_EQ(exit_of(failure, SIGINT), Exit::unknown);
}

TEST(Program, AnErrorIsShownWithTheGivenStatus) {
  std::ostringstream out;
  std::ostringstream err;
  const Error error{ErrorKind::refused, "GPU 0", "in use; everything is as it was before", "gpuslice list"};
  EXPECT_EQ(show(error, {out, err, false}), 5);
  EXPECT_EQ(show(error, {out, err, false}, Exit::failed), 1);
}

TEST(Program, HintsKeepTheNodeOfTheCommand) {
  const auto list = Hint::gpuslice({"list"});
  EXPECT_EQ(hint_text(list, ""), "gpuslice list");
  EXPECT_EQ(hint_text(list, "sim:n"), "gpuslice --node sim:n list");
  EXPECT_EQ(hint_text(list, "sim:a b"), "gpuslice --node 'sim:a b' list");
  EXPECT_EQ(hint_text("mend that, then: " + Hint::gpuslice({"recover"}), "sim:n"),
            "mend that, then: gpuslice --node sim:n recover");
  EXPECT_EQ(hint_words(list, "sim:n"), (std::vector<std::string>{"gpuslice", "--node", "sim:n", "list"}));
  EXPECT_TRUE(hint_words("run as root", "sim:n").empty());
  for (const auto& about_no_node :
       {Hint::gpuslice({"products"}), Hint::gpuslice({"sim", "list"}), Hint::gpuslice({"schema", Hint::flag("keys")}),
        Hint::gpuslice({"layouts", {"for", "a100"}, Hint::flag("maximal")}),
        Hint::gpuslice({"plan", {"for", "a100"}, "-f", "l.yaml"}), Hint::gpuslice({"list", Hint::flag("help")}),
        Hint::gpuslice({{"node", "sim:other"}, "list"}), Hint::gpuslice({Hint::flag("help")}),
        Hint("what gpuslice created is kept")})
    EXPECT_EQ(hint_text(about_no_node, "sim:n"), hint_text(about_no_node, ""));
}

TEST(Program, OnlyMessagesAreColoured) {
  EXPECT_EQ(run({"proflies"}, true).err,
            "\x1b[1;31mgpuslice:\x1b[0m proflies: is not a command of gpuslice\n  try: gpuslice profiles\n");
  EXPECT_EQ(run({"products", "--output", "csv"}, true).out.find('\x1b'), std::string::npos);
}

TEST(Program, UnwritableOutputIsAFailure) {
  std::ostringstream out;
  std::ostringstream err;
  out.setstate(std::ios::badbit);
  const auto line = make_command_line({out, err, false});
  EXPECT_EQ(run_program(*line, {"products"}), 1);
  EXPECT_EQ(err.str(), "gpuslice: standard output: cannot be written\n");
}

}  // namespace
}  // namespace gpuslice::cli
