#include "doctor/testing/facts.hpp"

namespace gpuslice::doctor {
namespace {

using testing::found;
using testing::healthy;
using testing::hints;
using testing::Words;

TEST(ComputeMode, ProhibitedLetsNobodyIn) {
  auto facts = healthy();
  facts.gpus[0].readings.compute_mode = 2;
  EXPECT_EQ(found(facts), Words{"compute-mode GPU 0: its compute mode is Prohibited"});
  EXPECT_EQ(hints(facts), Words{"sudo nvidia-smi -i 0 -c DEFAULT"});
}

TEST(ComputeMode, ExclusiveIsForMps) {
  auto facts = healthy();
  facts.gpus[0].readings.compute_mode = 3;
  EXPECT_EQ(found(facts),
            Words{"compute-mode GPU 0: its compute mode is Exclusive_Process, and no MPS control daemon runs"});
  facts.mps = MpsDirectory{"/tmp/nvidia-mps", true, 21389, true};
  EXPECT_EQ(found(facts), Words{});
}

TEST(Persistence, MattersWhereMigIs) {
  auto facts = healthy();
  facts.gpus[0].readings.persistence = false;
  EXPECT_EQ(found(facts), Words{});
  testing::add_instance(facts);
  testing::restore_at_boot(facts);
  EXPECT_EQ(found(facts), Words{"persistence GPU 0: MIG mode is on, and persistence mode is off"});
  EXPECT_EQ(hints(facts), Words{"sudo nvidia-smi -i 0 -pm 1"});
}

TEST(Ecc, PendingOrOff) {
  auto facts = healthy();
  facts.gpus[0].readings.ecc_pending = false;
  EXPECT_EQ(found(facts), Words{"ecc GPU 0: ECC is off only after its next reset"});
  facts.gpus[0].readings.ecc = false;
  EXPECT_EQ(found(facts), Words{"ecc GPU 0: ECC is off; NVIDIA A100-SXM4-40GB is delivered with ECC on"});
}

}  // namespace
}  // namespace gpuslice::doctor
