#include "base/hint.hpp"

#include <gtest/gtest.h>

#include "base/result.hpp"

namespace gpuslice {
namespace {

TEST(Hint, IsEmptyWithoutText) {
  EXPECT_TRUE(Hint().empty());
  EXPECT_TRUE(Hint("").empty());
  EXPECT_EQ(Hint("").line(), "");
  EXPECT_FALSE(Hint("run as root").empty());
}

TEST(Hint, OfPlainTextIsShownUnchanged) {
  EXPECT_EQ(Hint("ps -o pid -p 7").line(), "ps -o pid -p 7");
  EXPECT_EQ(Hint("run as root").command(), nullptr);
}

TEST(Hint, OfACommandHasItsArguments) {
  const auto hint = Hint::gpuslice({"layouts", {"for", "a100-40gb"}, Hint::flag("maximal")});
  EXPECT_EQ(hint.line(), "gpuslice layouts --for a100-40gb --maximal");
  ASSERT_NE(hint.command(), nullptr);
  EXPECT_EQ(arguments_of(*hint.command()),
            (std::vector<std::string>{"gpuslice", "layouts", "--for", "a100-40gb", "--maximal"}));
  EXPECT_EQ(hint, Hint::gpuslice({"layouts", {"for", "a100-40gb"}, Hint::flag("maximal")}));
  EXPECT_NE(hint, Hint::gpuslice({"layouts"}));
}

TEST(Hint, QuotesArgumentsForAShell) {
  EXPECT_EQ(Hint::gpuslice({"destroy", "a b", ""}).line(), "gpuslice destroy 'a b' ''");
  EXPECT_EQ(Hint::gpuslice({"destroy", "0:7", "MIG-1/2"}).line(), "gpuslice destroy 0:7 MIG-1/2");
}

TEST(Hint, TakesInsertedOptionsAfterTheProgramsName) {
  const auto hint = "load it, or: " + Hint::gpuslice({"list"}) + " > FILE";
  EXPECT_EQ(hint.line([](const Hint::Command& command) {
    EXPECT_EQ(command.front(), Hint::Word("list"));
    return Hint::Command{{"node", "sim:n"}};
  }),
            "load it, or: gpuslice --node sim:n list > FILE");
  EXPECT_EQ(hint.command(), nullptr) << "the hint is more than a command";
}

TEST(Hint, NamesOptionsOfTheTypedCommand) {
  EXPECT_EQ(("end them with " + Hint::option("force")).line(), "end them with --force");
}

TEST(Hint, AnErrorTakesAPlainStringAsHint) {
  EXPECT_EQ(fail(ErrorKind::io, "x", "y", "try again").error().hint, "try again");
  EXPECT_EQ(fail(ErrorKind::io, "x", "y", Hint::gpuslice({"list"})).error().hint, Hint::gpuslice({"list"}));
}

}  // namespace
}  // namespace gpuslice
