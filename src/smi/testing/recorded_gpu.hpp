// A fake GPU with the answers of the H200 whose -q was recorded.
#pragma once

#include "node/testing/fake_node.hpp"

namespace gpuslice::smi::testing {

// The driver's answers at the time when recorded/report.txt and report.xml were recorded.
[[nodiscard]] node::testing::FakeGpu recorded_gpu();
// The same board at the time when recorded/views.txt was recorded.
[[nodiscard]] node::testing::FakeGpu idle_gpu();

}  // namespace gpuslice::smi::testing
