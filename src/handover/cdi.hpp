// The Container Device Interface specification of a node's devices (CDI,
// github.com/cncf-tags/container-device-interface, SPEC.md): what a container engine adds to a container that asks for
// one. Pure text.
//
// Each device has an entry by its UUID and, if it has a name, a second one by the name: UUIDs of MIG devices change
// when they are created again, names do not.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "handover/device.hpp"

namespace gpuslice::handover {

inline constexpr std::string_view cdi_kind = "gpuslice/gpu";
// The lowest version with all that is used here: hostPath of device nodes and names that begin with a digit. Container
// engines refuse a specification of a version that they do not know.
inline constexpr std::string_view cdi_version = "0.5.0";

// The name in a specification. Letters, digits and _-.: are allowed, with a letter or digit at both ends (SPEC.md, "CDI
// JSON Specification"), so the slash of "serve/web" becomes a dot. Empty for a name that does not begin and end so.
[[nodiscard]] std::string cdi_name(std::string_view name);
// "gpuslice/gpu=train", or by the UUID of a device without a name.
[[nodiscard]] std::string cdi_qualified(const Device& device);

struct Mount {
  std::string host, container;
  bool writable{};
  friend bool operator==(const Mount&, const Mount&) = default;
};
// A program that the engine runs before the container starts (stage createContainer).
struct Hook {
  std::string path;
  std::vector<std::string> args;
  friend bool operator==(const Hook&, const Hook&) = default;
};
// What every container gets, whichever device it asks for.
struct Common {
  std::vector<node::DeviceNode> nodes;
  std::vector<Mount> mounts;
  std::vector<Hook> hooks;
  std::vector<std::string> env;  // "NAME=VALUE"
};
// The specification as JSON with one line end; the same devices give the same text. Devices without device nodes or
// UUID are left out. A name that two devices would have belongs to none of them.
[[nodiscard]] std::string cdi_spec(const Common& common, const std::vector<Device>& devices);

// An entry of a specification, as far as it can be compared with a node.
struct CdiEntry {
  std::string name;                // "train"
  std::vector<std::string> nodes;  // paths of its device nodes
  friend bool operator==(const CdiEntry&, const CdiEntry&) = default;
};
// The entries of a text that cdi_spec wrote. Errors: damaged, when it is not one.
[[nodiscard]] Result<std::vector<CdiEntry>> read_cdi_spec(const std::string& text, const std::string& path);

}  // namespace gpuslice::handover
