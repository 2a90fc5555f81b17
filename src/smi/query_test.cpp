// --query-gpu and --query-compute-apps beyond the recorded cases, and the words that are wrong on their own.
#include <set>

#include <gtest/gtest.h>

#include "fields/table.hpp"
#include "node/testing/fake_node.hpp"
#include "smi/testing/run.hpp"

namespace gpuslice::smi::testing {
namespace {

TEST(QueryGpu, PrintsTheTimeWithMilliseconds) {
  EXPECT_EQ(run_smi(FakeNode{}, {"--query-gpu=timestamp"}).out, "timestamp\n2026/11/20 21:00:53.007\n");
}

TEST(QueryGpu, ShowsAliasesUnderTheFieldsName) {
  const FakeNode node;
  node.gpus[0].fan_percent = 30;
  EXPECT_EQ(run_smi(node, {"--query-gpu=gpu_name,gpu_bus_id,fan.speed"}).out,
            "name, pci.bus_id, fan.speed [%]\nNVIDIA H200, 00000000:00:06.0, 30 %\n");
}

TEST(QueryGpu, ListsEveryFieldThatItAnswers) {
  const auto help = run_smi(FakeNode{}, {"--help-query-gpu"}).out;
  EXPECT_TRUE(help.starts_with("List of valid properties to query for the switch \"--query-gpu\":\n\n\"timestamp\"\n"));
  EXPECT_NE(help.find("\n\"name\" or \"gpu_name\"\n"), std::string::npos);
  std::set<std::string_view> names;
  for (const auto* row : fields::query_rows()) {
    EXPECT_TRUE(names.insert(row->query.name).second) << row->query.name;
    EXPECT_EQ(run_smi(FakeNode{}, {"--query-gpu=" + std::string(row->query.name), "--format=noheader"}).status, 0);
  }
}

// What a container sees of its parent GPU (transcript: memory refused, no words but the driver's).
TEST(QueryGpu, ShowsARefusalInTheDriversWords) {
  const FakeNode node;
  node.gpus[0].refuse_ecc_mode = node::err_gpu_is_lost;
  EXPECT_EQ(run_smi(node, {"--query-gpu=ecc.mode.current,memory.total", "--format=csv,noheader,nounits"}).out,
            "[GPU is lost], 143771\n");
}

TEST(QueryComputeApps, ListsComputeProcessesOnly) {
  const FakeNode node;
  node.gpus[0].processes = {
      {10, 1, "train", 64ULL << 20, {}, {}}, {11, 2, "Xorg", 1ULL << 20, {}, {}}, {12, 1 | 4, "serve", {}, {}, {}}};
  EXPECT_EQ(run_smi(node, {"--query-compute-apps=pid,name,used_memory"}).out,
            "pid, process_name, used_gpu_memory [MiB]\n10, train, 64 MiB\n12, serve, [N/A]\n");
}

TEST(Options, OfLaterViewsSaySoOnStandardError) {
  for (const std::vector<std::string>& words : {std::vector<std::string>{"boost-slider", "-l"},
                                                {"conf-compute", "-gc"},
                                                {"-i", "0", "-gtt", "80"},
                                                {"-col", "2"}}) {
    const auto ran = run_smi(FakeNode{}, words);
    EXPECT_EQ(ran.status, 255) << words[0];
    EXPECT_EQ(ran.out, "") << words[0];
    EXPECT_NE(ran.err.find("does not have it yet"), std::string::npos) << words[0];
  }
}

TEST(Node, ThatDoesNotOpenEndsTheRunAsAMissingDriverDoes) {
  std::ostringstream out, err;
  const auto refuse = []() -> Result<std::unique_ptr<node::Node>> {
    return fail(ErrorKind::not_found, "node", "there is none", "gpuslice sim list");
  };
  EXPECT_EQ(run(refuse, {"-L"}, out, err, fixed_environment()), 9);
  EXPECT_EQ(out.str(), "");
  EXPECT_EQ(err.str(), "gpuslice smi: node: there is none\n  try: gpuslice sim list\n");
  EXPECT_EQ(run(refuse, {"-h"}, out, err, fixed_environment()), 0) << "help needs no node";
}

TEST(Help, NamesEveryOptionOfMig) {
  const auto help = run_smi(FakeNode{}, {"mig", "-lgipp", "-h"});
  EXPECT_EQ(help.status, 0);
  for (const char* option :
       {"-h | --help", "-i | --id", "-gi | --gpu-instance-id", "-ci | --compute-instance-id",
        "-lgip | --list-gpu-instance-profiles", "-lgipp | --list-gpu-instance-possible-placements",
        "-C | --default-compute-instance", "-cgi | --create-gpu-instance", "-dgi | --destroy-gpu-instance",
        "-lgi | --list-gpu-instances", "-lcip | --list-compute-instance-profiles",
        "-lcipp | --list-compute-instance-possible-placements", "-cci | --create-compute-instance",
        "-dci | --destroy-compute-instance", "-lci | --list-compute-instances"}) {
    EXPECT_NE(help.out.find("[" + std::string(option) + "]"), std::string::npos) << option;
  }
  EXPECT_EQ(run_smi(FakeNode{}, {"mig"}).out, help.out);
  EXPECT_EQ(run_smi(FakeNode{}, {"mig", "-i", "0"}).out, help.out);
}

}  // namespace
}  // namespace gpuslice::smi::testing
