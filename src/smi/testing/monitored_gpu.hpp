// The H200 on which the views were recorded, either idle or fully used by one program.
#pragma once

#include <string>

#include "node/testing/fake_node.hpp"

namespace gpuslice::smi::testing {

using namespace node::testing;

// `words` is "quiet" or "busy", optionally followed by watts and the temperatures of the GPU and of its memory in
// degrees Celsius: "quiet,77,31,33". Returns false for anything else.
bool apply_monitored_gpu(FakeNode& node, const std::string& words);

}  // namespace gpuslice::smi::testing
