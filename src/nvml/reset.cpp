#include "abi/private_table.hpp"
#include "nvml/facets.hpp"
#include "nvml/reset_program.hpp"

namespace gpuslice::nvml {
namespace {

using namespace node;

class ResetCalls final : public node::Reset {
 public:
  explicit ResetCalls(Calls& calls) : calls_(calls) {}

  Answer<void> reset_gpu(GpuIndex gpu) override {
    if (const auto may = calls_.may_change(); !may) return may;
    if (calls_.simulated() == nullptr) return reset_by_program(gpu);
    const int code = calls_.simulated()->reset(gpu.value);
    if (code != abi::NVML_SUCCESS) return calls_.refusal(code);
    return {};
  }

 private:
  Calls& calls_;
};

}  // namespace

std::unique_ptr<node::Reset> reset_of(Calls& calls) { return std::make_unique<ResetCalls>(calls); }

}  // namespace gpuslice::nvml
