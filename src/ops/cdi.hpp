// The CDI specification of a node as a file: container engines read it when a container starts.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "handover/cdi.hpp"
#include "ops/change.hpp"

namespace gpuslice::ops {

// Where the specification belongs: /var/run/cdi/gpuslice.json, because UUIDs of MIG devices may change at a reboot and
// that directory is empty after one (CDI, SPEC.md, "CDI Spec Files"). Of a simulated node, the file that it has there.
[[nodiscard]] std::string cdi_path(const Subject& subject);

// The specification of every device of the node that can be used now: MIG devices, and GPUs whose MIG mode is off.
// Errors: unknown when the node does not answer; not_found when the host has no library of its driver's version.
[[nodiscard]] Result<std::string> make_cdi_spec(const Subject& subject);

// Writes it, as a whole or not at all, and creates its directory. Errors: permission, io.
[[nodiscard]] Result<void> write_cdi_spec(const std::string& path, const std::string& text);

// Writes the specification anew if there is one: after a change of the node it is never stale. A failure is told as a
// note, because the change itself is done.
void keep_cdi_current(const Subject& subject);

// How a specification differs from the node.
struct CdiDifference {
  enum class Kind { missing, stale, changed } kind{};  // not in the file; not on the node; other device nodes
  std::string name;
  friend bool operator==(const CdiDifference&, const CdiDifference&) = default;
};
// Ascending by name. Pure.
[[nodiscard]] std::vector<CdiDifference> cdi_differences(const std::vector<handover::CdiEntry>& file,
                                                         const std::vector<handover::CdiEntry>& node);

}  // namespace gpuslice::ops
