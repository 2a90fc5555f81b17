// Figures of a GPU as values: typed, in the units of nvidia-smi, or refused with the driver's text.
#include "figures/figure.hpp"

#include <gtest/gtest.h>

#include "fields/names.hpp"
#include "node/testing/fake_node.hpp"

namespace gpuslice::figures {
namespace {

using fields::Reading;
using fields::Value;
using node::testing::FakeNode;

struct Figures : testing::Test {
  FakeNode node;
  int driver{580};

  void put(Reading reading, std::uint64_t number) { node.gpus[0].readings.insert_or_assign(reading, Value(number)); }
  void refuse(Reading reading, int code) {
    node.gpus[0].readings.insert_or_assign(reading,
                                           std::unexpected(node::DriverError{code, node.identity().error_text(code)}));
  }
  node::Answer<Figure> ask(std::string_view name) {
    const auto found = fields::find_named(name);
    EXPECT_EQ(found.size(), 1U) << name;
    const Snapshot gpu(node, {driver, 0}, GpuIndex{0}, std::span(&found[0]->row, 1), Snapshot::For::query);
    return figure({node, "580.159.04", "2024/02/22 13:09:29.459"}, gpu, *found[0]->row);
  }
};

TEST_F(Figures, AreNumbersInTheFieldsUnit) {
  put(Reading::memory_used, 5ULL * 1024 * 1024 + 1);
  put(Reading::power_average, 79540);
  put(Reading::temperature_gpu, 33);
  EXPECT_EQ(ask("memory.used"), Figure(std::int64_t{6}));  // rounded up to the next MiB, as in nvidia-smi
  EXPECT_EQ(ask("power.draw.average"), Figure(79.54));
  EXPECT_EQ(ask("temperature.gpu"), Figure(std::int64_t{33}));
}

TEST_F(Figures, AreFlagsIfThereAreTwoTexts) {
  put(Reading::mig_mode_current, 1);
  put(Reading::mig_mode_pending, 0);
  EXPECT_EQ(ask("mig.mode.current"), Figure(true));
  EXPECT_EQ(ask("mig.mode.pending"), Figure(false));
  put(Reading::event_reasons_supported, 0x1);
  put(Reading::event_reasons_active, 0x1);
  EXPECT_EQ(ask("clocks_event_reasons.gpu_idle"), Figure(true));
  EXPECT_FALSE(ask("clocks_event_reasons.hw_slowdown").has_value());  // not a supported reason of this GPU
}

TEST_F(Figures, AreTextIfACodeHasMoreNames) {
  put(Reading::compute_mode, 3);
  EXPECT_EQ(ask("compute_mode"), Figure(std::string("Exclusive_Process")));
  put(Reading::recovery_action, 99);  // a code without a name has no value
  EXPECT_EQ(ask("gpu_recovery_action").error().code, node::err_not_supported);
}

TEST_F(Figures, ThatAreRefusedHaveTheDriversText) {
  refuse(Reading::fan_speed, node::err_not_supported);
  EXPECT_EQ(ask("fan.speed").error().text, "Not Supported");
  refuse(Reading::power_average, node::err_unknown);
  EXPECT_EQ(ask("power.draw.average").error().text, "Unknown Error");
}

TEST_F(Figures, OfTheRunDoNotNeedTheGpu) {
  EXPECT_EQ(ask("driver_version"), Figure(std::string("580.159.04")));
  EXPECT_EQ(ask("timestamp"), Figure(std::string("2024/02/22 13:09:29.459")));
  EXPECT_EQ(ask("index"), Figure(std::int64_t{0}));
  EXPECT_EQ(ask("count"), Figure(std::int64_t{1}));
}

TEST_F(Figures, OfTheReportExistIfTheirConditionIsTrue) {
  const auto has = [this](std::string_view name) {
    const auto* row = fields::find_named(name).at(0)->row;
    return Snapshot(node, {driver, 0}, GpuIndex{0}, std::span(&row, 1), Snapshot::For::query).has(*row);
  };
  put(Reading::temperature_margin, 53);
  EXPECT_TRUE(has("temperature.gpu_temp_slow_tlimit_threshold"));
  EXPECT_FALSE(has("temperature.gpu_temp_slow_threshold"));
  refuse(Reading::temperature_margin, node::err_not_supported);
  EXPECT_FALSE(has("temperature.gpu_temp_slow_tlimit_threshold"));
  EXPECT_TRUE(has("temperature.gpu_temp_slow_threshold"));
  EXPECT_TRUE(has("ecc_errors.channel_repair_pending"));
  driver = 570;
  EXPECT_FALSE(has("ecc_errors.channel_repair_pending"));
}

}  // namespace
}  // namespace gpuslice::figures
