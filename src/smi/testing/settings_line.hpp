// Applies the settings of a recorded case, such as "P=a G=2:5:0:4 C=2:0:3:0:4 RCG=19", to a fake node.
// recorded/README.md lists the keys.
#pragma once

#include <string>

#include "node/testing/fake_node.hpp"

namespace gpuslice::smi::testing {

using namespace node::testing;

// Throws std::runtime_error for an unknown key, so that no recorded setting is ignored.
void apply_settings(FakeNode& node, const std::string& settings);

}  // namespace gpuslice::smi::testing
