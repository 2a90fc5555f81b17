// Shared by tests of whole nodes: a directory of nodes, and placeholders for the files that are copied into a node.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "base/testing/temp_dir.hpp"
#include "simhost/create_node.hpp"

namespace gpuslice::simhost::testing {

class MadeNode : public ::testing::Test {
 protected:
  MadeNode() {
    parts.library = sources.write("libnvidia-ml.so.1", "library");
    parts.program = sources.write("gpuslice", "program");
    GpuSpec gpu;
    gpu.product = "a100-40gb";
    gpu.mig = true;
    spec.gpus = {gpu};
  }
  // The directory of a node, which need not exist.
  [[nodiscard]] std::string node(const std::string& name = "n") const { return nodes.path(name); }
  [[nodiscard]] Result<CreatedNode> make(const std::string& name = "n") const {
    return create_node(nodes.path(), name, spec, parts);
  }

  gpuslice::testing::TempDir sources, nodes;
  NodeParts parts;
  NodeSpec spec;
};

}  // namespace gpuslice::simhost::testing
