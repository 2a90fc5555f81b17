// The node port: what can be read and changed on a host with GPUs. It is the single interface to the real driver and
// the simulated one (both through nvml/adapter) and to fakes in tests. It knows neither NVML structs nor output
// formats.
//
// A node has facets, each with its own interface: a recording has identity and readings, a driver has all of them. If a
// node does not have a facet, all calls of that facet return NOT_SUPPORTED, as a driver does that lacks the function.
// To add a driver call, add one function to a facet, and one to the file of `nvml` that implements the facet.
#pragma once

#include <tuple>

#include "node/device_files.hpp"
#include "node/identity.hpp"
#include "node/links.hpp"
#include "node/mig.hpp"
#include "node/modes.hpp"
#include "node/monitoring.hpp"
#include "node/processes.hpp"
#include "node/readings.hpp"
#include "node/reset.hpp"
#include "node/topology.hpp"
#include "node/tuning.hpp"

namespace gpuslice::node {

class Node {
 public:
  Node() = default;
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  virtual ~Node() = default;

  template <class Side>
  [[nodiscard]] bool has() const {
    return std::get<Side*>(facets_) != nullptr;
  }
  [[nodiscard]] Identity& identity() const { return side<Identity>(); }
  [[nodiscard]] Readings& readings() const { return side<Readings>(); }
  [[nodiscard]] Mig& mig() const { return side<Mig>(); }
  [[nodiscard]] Processes& processes() const { return side<Processes>(); }
  [[nodiscard]] Modes& modes() const { return side<Modes>(); }
  [[nodiscard]] Topology& topology() const { return side<Topology>(); }
  [[nodiscard]] Links& links() const { return side<Links>(); }
  [[nodiscard]] Monitoring& monitoring() const { return side<Monitoring>(); }
  [[nodiscard]] Tuning& tuning() const { return side<Tuning>(); }
  [[nodiscard]] Reset& reset() const { return side<Reset>(); }
  [[nodiscard]] DeviceFiles& device_files() const { return side<DeviceFiles>(); }

 protected:
  // Registers the facets that the node has. Each must live as long as the node.
  template <class... Given>
  void give(Given&... facets) {
    ((std::get<Given*>(facets_) = &facets), ...);
  }

 private:
  template <class Side>
  [[nodiscard]] Side& side() const {
    static Side absent;
    auto* const given = std::get<Side*>(facets_);
    return given != nullptr ? *given : absent;
  }

  std::tuple<Identity*, Readings*, Mig*, Processes*, Modes*, Topology*, Links*, Monitoring*, Tuning*, Reset*,
             DeviceFiles*>
      facets_{};
};

}  // namespace gpuslice::node
