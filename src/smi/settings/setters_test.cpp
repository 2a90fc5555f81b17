// Settings other than modes on several GPUs: the driver calls, the messages, and the exit status.
#include <gtest/gtest.h>

#include "smi/testing/run.hpp"

namespace gpuslice::smi::testing {
namespace {

using fields::Reading;
using fields::Value;

FakeNode two_gpus() {
  FakeNode node;
  auto& gpu = node.gpus[0];
  gpu.readings[Reading::power_limit_min] = Value(std::uint64_t{200'000});
  gpu.readings[Reading::power_limit_max] = Value(std::uint64_t{700'000});
  gpu.readings[Reading::power_limit_requested] = Value(std::uint64_t{700'000});
  gpu.readings[Reading::accounting_mode] = Value(std::uint64_t{0});
  node.gpus.push_back(gpu);
  node.gpus[1].pci.bus_id = "00000000:00:07.0";
  return node;
}

struct Case {
  std::vector<std::string> words;
  Journal asked;
  std::string said;  // the text before "All done."
};

TEST(Tuning, ChangesTheSettingAndReportsIt) {
  const Case cases[] = {
      {{"-i", "1", "-pl", "500"},
       {"1 power limit 500000"},
       "Power limit for GPU 00000000:00:07.0 was set to 500.00 W from 700.00 W.\n"},
      {{"-i", "1", "--power-limit=350.5"},
       {"1 power limit 350500"},
       "Power limit for GPU 00000000:00:07.0 was set to 350.50 W from 700.00 W.\n"},
      {{"-i", "0", "-lgc", "1500"},
       {"0 lock gpu clocks 1500,1500"},
       "GPU clocks set to \"(gpuClkMin 1500, gpuClkMax 1500)\" for GPU 00000000:00:06.0\n"},
      {{"-i", "0", "-lgc", "tdp,tdp"},
       {"0 lock gpu clocks 4294967041,4294967041"},
       "GPU clocks set to \"(gpuClkMin tdp, gpuClkMax tdp)\" for GPU 00000000:00:06.0\n"},
      {{"-lmc", "2000,3201", "-i", "0"},
       {"0 lock memory clocks 2000,3201"},
       "Memory clocks set to \"(memClkMin 2000, memClkMax 3201)\" for GPU 00000000:00:06.0\n"},
      {{"-ac", "3201,1980", "-i", "0"},
       {"0 application clocks 3201,1980"},
       "Applications clocks set to \"(MEM 3201, SM 1980)\" for GPU 00000000:00:06.0\n"},
      {{"-rgc"}, {"0 reset gpu clocks", "1 reset gpu clocks"}, ""},
      {{"-rmc", "-i", "1"}, {"1 reset memory clocks"}, ""},
      {{"-rac", "-i", "1"}, {"1 reset application clocks"}, ""},
      {{"-am", "1"},
       {"0 accounting 1", "1 accounting 1"},
       "Enabled Accounting Mode for GPU 00000000:00:06.0.\nEnabled Accounting Mode for GPU 00000000:00:07.0.\n"},
      {{"-am", "DISABLED", "-i", "0"}, {}, "Accounting Mode is already Disabled for GPU 00000000:00:06.0.\n"},
      {{"-caa", "-i", "0"}, {"0 clear accounted"}, "Cleared Accounted PIDs for GPU 00000000:00:06.0.\n"},
      {{"-p", "0", "-i", "0"},
       {"0 clear ecc volatile"},
       "Reset volatile ECC errors to zero for GPU 00000000:00:06.0.\n"},
      {{"-p", "AGGREGATE", "-i", "0"},
       {"0 clear ecc aggregate"},
       "Reset aggregate ECC errors to zero for GPU 00000000:00:06.0.\n"},
      {{"-e", "1", "-i", "0"}, {}, "ECC support is already Enabled for GPU 00000000:00:06.0.\n"},
  };
  for (const auto& c : cases) {
    const auto node = two_gpus();
    const auto ran = run_smi(node, c.words);
    EXPECT_EQ(ran.out, c.said + "All done.\n");
    EXPECT_EQ(node.journal, c.asked) << c.said;
    EXPECT_EQ(ran.status, 0) << c.said;
  }
}

TEST(Ecc, TakesEffectAfterAReboot) {
  const auto node = two_gpus();
  EXPECT_EQ(run_smi(node, {"-i", "0", "-e", "0"}).out,
            "Disabled ECC support for GPU 00000000:00:06.0.\nAll done.\nReboot required.\n");
  EXPECT_TRUE(node.gpus[0].ecc.current);
  EXPECT_FALSE(node.gpus[0].ecc.pending);
  EXPECT_EQ(run_smi(node, {"-i", "0", "-e", "1"}).out,
            "Enabled ECC support for GPU 00000000:00:06.0.\nAll done.\nReboot required.\n")
      << "printed for every change, even back to the current mode (recorded)";
}

TEST(PowerLimit, OutsideTheRangeIsNotRequested) {
  const auto node = two_gpus();
  const auto ran = run_smi(node, {"-pl", "150"});
  EXPECT_EQ(
      ran.out,
      "Provided power limit 150.00 W is not a valid power limit which should be between 200.00 W and 700.00 W for "
      "GPU 00000000:00:06.0\nTerminating early due to previous errors.\n");
  EXPECT_EQ(ran.status, 2);
  EXPECT_EQ(node.journal, Journal{});
}

TEST(PowerLimit, OfABoardWithoutALimitIsAWarning) {
  const auto node = two_gpus();
  node.gpus[0].readings.erase(Reading::power_limit_min);
  const auto ran = run_smi(node, {"-pl", "300"});
  EXPECT_EQ(ran.out,
            "Changing power management limit is not supported in current scope for GPU: 00000000:00:06.0.\n"
            "Power limit for GPU 00000000:00:07.0 was set to 300.00 W from 700.00 W.\nAll done.\n");
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(run_smi(node, {"-pl", "300", "-eow"}).status, node::err_not_supported);
}

TEST(Refusals, EndTheCommandOrAreWarnings) {
  struct Refusal {
    std::vector<std::string> words;
    std::string change;
    int code;
    std::string said;
    int status;
  };
  const std::string ends = "Terminating early due to previous errors.\n",
                    goes_on = "Treating as warning and moving on.\nAll done.\n";
  const Refusal refusals[] = {
      {{"-pl", "300"},
       "power limit",
       4,
       "Failed to set power management limit for GPU 00000000:00:06.0: Insufficient Permissions\n" + ends,
       4},
      {{"-lgc", "1000"},
       "lock gpu clocks",
       4,
       "The current user does not have permission to change clocks for GPU 00000000:00:06.0.\n" + ends,
       4},
      {{"-lgc", "1000"},
       "lock gpu clocks",
       3,
       "Setting locked GPU clocks is not supported for GPU 00000000:00:06.0.\n" + goes_on,
       0},
      {{"-ac", "3505,1455"},
       "application clocks",
       3,
       "Setting applications clocks is not supported for GPU 00000000:00:06.0.\n" + goes_on,
       0},
      {{"-ac", "3505,1455"},
       "application clocks",
       2,
       "Specified clock combination \"(MEM 3505, SM 1455)\" is not supported for GPU 00000000:00:06.0. Run 'nvidia-smi "
       "-q -d SUPPORTED_CLOCKS' to see list of supported clock combinations\n" +
           goes_on,
       0},
      {{"-e", "0"},
       "ecc",
       4,
       "Unable to disable ECC support for GPU 00000000:00:06.0: Insufficient Permissions\n" + ends,
       4},
      {{"-e", "0"}, "ecc", 3, "Unable to disable ECC support for GPU 00000000:00:06.0: Not Supported\n" + goes_on, 0},
      {{"-caa"},
       "clear accounted",
       4,
       "Unable to clear Accounted PIDs for GPU 00000000:00:06.0: Insufficient Permissions\n" + ends,
       4},
  };
  for (const auto& refusal : refusals) {
    auto words = refusal.words;
    words.insert(words.end(), {"-i", "0"});
    const auto node = two_gpus();
    node.gpus[0].refuse_change[refusal.change] = refusal.code;
    const auto ran = run_smi(node, words);
    EXPECT_EQ(ran.out, refusal.said);
    EXPECT_EQ(ran.status, refusal.status) << refusal.said;
  }
}

TEST(Tuning, InvalidValuesChangeNothing) {
  const auto node = two_gpus();
  for (const auto& words : {std::vector<std::string>{"-pl", "watt"},
                            {"-pl", ""},
                            {"-pl", "-5"},
                            {"-lgc", "fast"},
                            {"-lgc", "1,2,3"},
                            {"-ac", "1500"},
                            {"-lmc", "1e3"},
                            {"-e", "2"},
                            {"-p", "both"},
                            {"-am", "7"}}) {
    const auto ran = run_smi(node, words);
    EXPECT_EQ(ran.status, 2) << words[0] << ' ' << words[1];
  }
  EXPECT_EQ(node.journal, Journal{});
}

TEST(Hostname, IsShownIfThereIsOne) {
  const auto node = two_gpus();
  node.gpus[1].readings[Reading::hostname] = Value(std::string("blade-7"));
  EXPECT_EQ(run_smi(node, {"--get-hostname"}).out,
            "Hostname not supported for GPU 00000000:00:06.0.\nTreating as warning and moving on.\n"
            "Hostname for GPU 00000000:00:07.0: blade-7\nAll done.\n");
}

}  // namespace
}  // namespace gpuslice::smi::testing
