// --query-gpu and --query-compute-apps beyond the recorded cases, and command lines that are invalid on any node.
#include <fstream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "fields/table.hpp"
#include "node/testing/fake_node.hpp"
#include "smi/testing/recorded_gpu.hpp"
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

TEST(QueryGpu, HelpListsEveryField) {
  const auto help = run_smi(FakeNode{}, {"--help-query-gpu"}).out;
  EXPECT_TRUE(help.starts_with("List of valid properties to query for the switch \"--query-gpu\":\n\n\"timestamp\"\n"));
  EXPECT_NE(help.find("\n\"name\" or \"gpu_name\"\n"), std::string::npos);
  std::set<std::string_view> names;
  for (const auto* row : fields::query_rows()) {
    EXPECT_TRUE(names.insert(row->query.name).second) << row->query.name;
    EXPECT_EQ(run_smi(FakeNode{}, {"--query-gpu=" + std::string(row->query.name), "--format=noheader"}).status, 0);
  }
}

// The names, aliases and order of --help-query-gpu are those of the real program; the sentences are our own.
TEST(QueryGpu, HasTheFieldsOfDriver580InTheirOrder) {
  std::ifstream recorded(std::string(GPUSLICE_SMI_RECORDED) + "/query-gpu-fields.txt");
  std::string wanted, listed;
  for (std::string line; std::getline(recorded, line);) wanted += line + "\n";
  std::istringstream help(run_smi(FakeNode{}, {"--help-query-gpu"}).out);
  for (std::string line; std::getline(help, line);)
    if (line.starts_with('"')) listed += line + "\n";
  EXPECT_EQ(listed, wanted);
}

// Recorded while a program kept the GPU busy.
TEST(QueryGpu, ShowsABusyGpuAsRecorded) {
  FakeNode node;
  node.gpus = {recorded_gpu()};
  auto& gpu = node.gpus[0];
  const auto put = [&](fields::Reading reading, std::uint64_t value) {
    gpu.readings.insert_or_assign(reading, fields::Value(value));
  };
  put(fields::Reading::utilization_gpu, 100);
  put(fields::Reading::power_draw, 342890);
  put(fields::Reading::power_instant, 349400);
  put(fields::Reading::temperature_memory, 36);
  gpu.temperature_c = 44;
  gpu.memory_used_mib = 4622.5;
  EXPECT_EQ(
      run_smi(node, {"--query-gpu=utilization.gpu,utilization.memory,power.draw,power.draw.instant,temperature.gpu,"
                     "temperature.memory,clocks.sm,clocks.mem,clocks.video,pstate,memory.used,"
                     "clocks_event_reasons.active,pcie.link.gen.current",
                     "--format=csv"})
          .out,
      "utilization.gpu [%], utilization.memory [%], power.draw [W], power.draw.instant [W], temperature.gpu, "
      "temperature.memory, clocks.current.sm [MHz], clocks.current.memory [MHz], clocks.current.video [MHz], "
      "pstate, memory.used [MiB], clocks_event_reasons.active, pcie.link.gen.current\n"
      "100 %, 0 %, 342.89 W, 349.40 W, 44, 36, 1980 MHz, 3201 MHz, 1545 MHz, P0, 4623 MiB, 0x0000000000000000, "
      "5\n");
}

// The recordings do not contain a csv value for most fields. This test checks that each field has a value, in the
// format of its row.
TEST(QueryGpu, ShowsEveryFieldOfTheRecordedBoard) {
  FakeNode node;
  node.gpus = {recorded_gpu()};
  const auto one = [&](const std::string& field) {
    auto text = run_smi(node, {"--query-gpu=" + field, "--format=csv,noheader"}).out;
    if (!text.empty()) text.pop_back();
    return text;
  };
  const std::pair<const char*, const char*> values[] = {
      {"driver_version", "580.159.04"},
      {"vgpu_driver_capability.heterogenous_multivGPU", "[N/A]"},
      {"count", "1"},
      {"pci.domain", "0x0000"},
      {"pci.baseClass", "0x3"},
      {"pci.device_id", "0x233510DE"},
      {"pcie.link.gen.hostmax", "[N/A]"},
      {"pcie.link.width.max", "16"},
      {"display_mode", "[Requested functionality has been deprecated]"},
      {"accounting.buffer_size", "4000"},
      {"inforom.img", "G520.0282.02.02"},
      {"inforom.pwr", "[N/A]"},
      {"gpu_recovery_action", "None"},
      {"clocks_event_reasons.supported", "0x0000000000001FFF"},
      {"clocks_event_reasons.hw_slowdown", "Not Active"},
      {"clocks_event_reasons_counters.sw_power_cap", "0 us"},
      {"compute_cap", "9.0"},
      {"encoder.stats.averageLatency", "0"},
      {"ecc.errors.corrected.volatile.device_memory", "0"},
      {"ecc.errors.corrected.volatile.l1_cache", "[N/A]"},
      {"ecc.errors.uncorrected.aggregate.total", "0"},
      {"ecc.errors.uncorrected.aggregate.sram.thresholdExceeded", "No"},
      {"retired_pages.pending", "[N/A]"},
      {"remapped_rows.histogram.max", "3072"},
      {"temperature.gpu.tlimit", "53"},
      {"power.min_limit", "200.00 W"},
      {"module.power.limit", "[N/A]"},
      {"clocks.max.mem", "3201 MHz"},
      {"c2c.mode", "Disabled"},
      {"protected_memory.total", "0 MiB"},
      {"fabric.state", "N/A"},
      {"platform.module_id", "2"},
      {"platform.slot_number", "0"},
      {"hostname", "[N/A]"},
  };
  for (const auto& [field, value] : values) EXPECT_EQ(one(field), value) << field;
  // As in nvidia-smi, an empty text is shown only for the serial number of a chassis.
  for (const auto* row : fields::query_rows())
    EXPECT_EQ(one(std::string(row->query.name)).empty(), row->query.name == "platform.chassis_serial_number")
        << row->query.name;
}

// What a container sees of its parent GPU (transcript: the memory is refused, and only the driver's text is shown).
TEST(QueryGpu, ShowsARefusalWithTheDriversText) {
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

TEST(Options, ThatAreNotImplementedAreReportedOnStandardError) {
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

TEST(Node, ThatCannotBeOpenedHasTheExitStatusOfAMissingDriver) {
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
