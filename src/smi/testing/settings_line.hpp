// The settings of a recorded case, "P=a G=2:5:0:4 C=2:0:3:0:4 RCG=19", applied to a fake node. recorded/README.md lists
// the keys.
#pragma once

#include <string>

#include "node/testing/fake_node.hpp"

namespace gpuslice::smi::testing {

using namespace node::testing;

// Throws std::runtime_error for a key that it does not know, so that no recorded setting is passed over.
void apply_settings(FakeNode& node, const std::string& settings);

}  // namespace gpuslice::smi::testing
