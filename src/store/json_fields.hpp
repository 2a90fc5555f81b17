// Describes the members of each model value once, with their JSON keys. From this description the value is written as
// JSON and read back strictly.
//
// Reading throws Bad, which never leaves this room: the files may have been changed by hand.
#pragma once

#include <fmt/format.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <type_traits>
#include <vector>

#include "base/fixed_vector.hpp"
#include "base/intern.hpp"
#include "model/inventory.hpp"

namespace gpuslice::store {

using nlohmann::ordered_json;

struct Bad {
  std::string where;  // "gpus[0].uuid"
  std::string what;   // "is missing"
};

// Absent values are not written.
template <class T>
[[nodiscard]] bool is_absent(const T&) {
  return false;
}
template <class T>
[[nodiscard]] bool is_absent(const std::optional<T>& value) {
  return !value.has_value();
}

template <class T>
void to_json_value(ordered_json& out, const T& value);
// Whether an unknown key is an error: yes in a file that people may write, no in a file that another version wrote.
enum class Unknown : std::uint8_t { refused, left };

template <class T>
void from_json_value(const ordered_json& in, const std::string& where, T& value, Unknown unknown = Unknown::refused);

class Out {
 public:
  explicit Out(ordered_json& object) : object_(object) { object_ = ordered_json::object(); }
  template <class T>
  void operator()(const char* key, const T& value) {
    if (!is_absent(value)) to_json_value(object_[key], value);
  }

 private:
  ordered_json& object_;
};

class In {
 public:
  In(const ordered_json& object, std::string where, Unknown unknown)
      : object_(object), where_(std::move(where)), unknown_(unknown) {
    if (!object.is_object()) throw Bad{where_, "is not an object"};
  }
  template <class T>
  void operator()(const char* key, T& value) {
    asked_.insert(key);
    const auto place = where_.empty() ? std::string(key) : where_ + "." + key;
    const auto found = object_.find(key);
    if (found == object_.end()) {
      if (is_absent(T{})) {
        value = T{};
        return;
      }
      throw Bad{place, "is missing"};
    }
    from_json_value(*found, place, value, unknown_);
  }
  void done() const {
    if (unknown_ == Unknown::left) return;
    for (const auto& item : object_.items())
      if (!asked_.contains(item.key()))
        throw Bad{where_.empty() ? item.key() : where_ + "." + item.key(), "is not a known key"};
  }

 private:
  const ordered_json& object_;
  std::string where_;
  Unknown unknown_;
  std::set<std::string> asked_;
};

// The descriptions. `V` is Out with constant values or In with mutable ones.
template <class V, class T>
  requires std::is_same_v<std::remove_const_t<T>, mig::Engines>
void describe(V& v, T& e) {
  v("copy", e.copy);
  v("decoder", e.decoder);
  v("encoder", e.encoder);
  v("jpeg", e.jpeg);
  v("ofa", e.ofa);
}
template <class V, class T>
  requires std::is_same_v<std::remove_const_t<T>, mig::CiProfile>
void describe(V& v, T& p) {
  v("id", p.id);
  v("slices", p.slices);
  v("max_count", p.max_count);
  v("multiprocessors", p.multiprocessors);
  v("default", p.is_default);
  v("placements", p.sites);
}
template <class V, class T>
  requires std::is_same_v<std::remove_const_t<T>, mig::GiProfile>
void describe(V& v, T& p) {
  v("id", p.id);
  v("nvml_enum", p.nvml_enum);
  v("name", p.name);
  v("slices", p.slices);
  v("max_count", p.max_count);
  v("graphics", p.graphics);
  v("memory_mib", p.memory_mib);
  v("multiprocessors", p.multiprocessors);
  v("engines", p.engines);
  v("placements", p.sites);
  v("compute", p.compute);
}
template <class V, class T>
  requires std::is_same_v<std::remove_const_t<T>, mig::ModeRule>
void describe(V& v, T& r) {
  v("supported", r.supported);
  v("switch_resets", r.switch_resets);
  v("survives_reboot", r.survives_reboot);
  v("needs_compute_display", r.needs_compute_display);
}
template <class V, class T>
  requires std::is_same_v<std::remove_const_t<T>, mig::Capability>
void describe(V& v, T& c) {
  v("grid", c.grid);
  v("compute_slices", c.compute_slices);
  v("max_instances", c.max_instances);
  v("engines", c.pool);
  v("mode", c.mode);
  v("profiles", c.profiles);
}
template <class V, class T>
  requires std::is_same_v<std::remove_const_t<T>, mig::ComputeInstance>
void describe(V& v, T& c) {
  v("id", c.id);
  v("profile", c.profile);
  v("placement", c.placement);
}
template <class V, class T>
  requires std::is_same_v<std::remove_const_t<T>, mig::GpuInstance>
void describe(V& v, T& g) {
  v("id", g.id);
  v("profile", g.profile);
  v("placement", g.placement);
  v("compute", g.compute);
}
template <class V, class T>
  requires std::is_same_v<std::remove_const_t<T>, model::GpuState>
void describe(V& v, T& s) {
  // Names every member, so that a new member does not compile until it is added here.
  auto& [mig, compute_mode, time_slice, mps, vgpus] = s;
  v("mig", mig.mode);
  v("mig_pending", mig.pending);
  v("compute_display", mig.compute_display);
  v("instances", mig.partition.instances);
  v("compute_mode", compute_mode);
  v("time_slice", time_slice);
}
template <class V, class T>
  requires std::is_same_v<std::remove_const_t<T>, model::Client>
void describe(V& v, T& c) {
  v("pid", c.pid);
  v("user", c.user);
  v("command", c.command);
  v("memory_bytes", c.memory_bytes);
  v("gi", c.gi);
  v("ci", c.ci);
}
template <class V, class T>
  requires std::is_same_v<std::remove_const_t<T>, model::MigDevice>
void describe(V& v, T& d) {
  v("uuid", d.uuid);
  v("gi", d.gi);
  v("ci", d.ci);
}
template <class V, class T>
  requires std::is_same_v<std::remove_const_t<T>, model::NamedCi>
void describe(V& v, T& n) {
  v("placement", n.placement);
  v("profile", n.profile);
  v("name", n.name);
}
template <class V, class T>
  requires std::is_same_v<std::remove_const_t<T>, model::NamedGi>
void describe(V& v, T& n) {
  v("placement", n.placement);
  v("profile", n.profile);
  v("name", n.name);
  v("compute", n.compute);
}
template <class V, class T>
  requires std::is_same_v<std::remove_const_t<T>, model::Gpu>
void describe(V& v, T& g) {
  v("index", g.index);
  v("problem", g.problem);
  v("uuid", g.uuid);
  v("pci", g.pci);
  v("name", g.name);
  v("product", g.product);
  v("pci_device_id", g.pci_device_id);
  v("state", g.state);
  v("mig_devices", g.devices);
  v("clients", g.clients);
  v("made", g.made);
  v("capability", g.capability);
}
template <class V, class T>
  requires std::is_same_v<std::remove_const_t<T>, model::Inventory>
void describe(V& v, T& i) {
  v("driver", i.driver);
  v("gpus", i.gpus);
}

// Whether a number in a file is a value of the setting.
[[nodiscard]] inline bool is_known(model::ComputeMode mode) {
  using enum model::ComputeMode;
  return mode == shared || mode == prohibited || mode == exclusive_process;
}
[[nodiscard]] inline bool is_known(model::TimeSlice policy) { return policy <= model::TimeSlice::extended; }

// Values that are not JSON objects.
template <class T>
inline constexpr bool is_id = false;
template <class Tag, class Rep>
inline constexpr bool is_id<Id<Tag, Rep>> = true;
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_list = false;
template <class T>
inline constexpr bool is_list<std::vector<T>> = true;
template <class T, std::size_t N>
inline constexpr bool is_list<FixedVector<T, N>> = true;

template <class T>
void to_json_value(ordered_json& out, const T& value) {
  if constexpr (std::is_same_v<T, mig::Placement>) {
    out = fmt::format("{}:{}", value.start, value.size);
  } else if constexpr (is_id<T>) {
    out = value.value;
  } else if constexpr (is_optional<T>) {
    to_json_value(out, *value);
  } else if constexpr (std::is_enum_v<T>) {
    out = static_cast<unsigned>(value);
  } else if constexpr (is_list<T>) {
    out = ordered_json::array();
    for (const auto& one : value) to_json_value(out.emplace_back(), one);
  } else if constexpr (std::is_arithmetic_v<T> || std::is_convertible_v<T, std::string_view>) {
    out = value;
  } else {
    Out writer(out);
    describe(writer, value);
  }
}

[[nodiscard]] mig::Placement read_placement(const ordered_json& in, const std::string& where);

template <class T>
void from_json_value(const ordered_json& in, const std::string& where, T& value, Unknown unknown) {
  if constexpr (std::is_same_v<T, mig::Placement>) {
    value = read_placement(in, where);
  } else if constexpr (is_id<T>) {
    from_json_value(in, where, value.value, unknown);
  } else if constexpr (is_optional<T>) {
    from_json_value(in, where, value.emplace(), unknown);
  } else if constexpr (std::is_enum_v<T>) {
    std::uint8_t number{};
    from_json_value(in, where, number);
    value = static_cast<T>(number);
    if (!is_known(value)) throw Bad{where, "is not a known value"};
  } else if constexpr (is_list<T>) {
    if (!in.is_array()) throw Bad{where, "is not a list"};
    value.clear();
    for (const auto& element : in) {
      typename T::value_type one{};
      from_json_value(element, fmt::format("{}[{}]", where, value.size()), one, unknown);
      if constexpr (requires { value.full(); }) {
        if (value.full()) throw Bad{where, fmt::format("has more than {} elements", value.size())};
      }
      value.push_back(std::move(one));
    }
  } else if constexpr (std::is_same_v<T, bool>) {
    if (!in.is_boolean()) throw Bad{where, "is neither true nor false"};
    value = in.get<bool>();
  } else if constexpr (std::is_arithmetic_v<T>) {
    if (!in.is_number_unsigned()) throw Bad{where, "is not a whole number of at least 0"};
    const auto wide = in.get<std::uint64_t>();
    if (wide > std::numeric_limits<T>::max()) throw Bad{where, "is too large"};
    value = static_cast<T>(wide);
  } else if constexpr (std::is_convertible_v<T, std::string_view>) {
    if (!in.is_string()) throw Bad{where, "is not a string"};
    if constexpr (std::is_same_v<T, std::string_view>)
      value = intern(in.get<std::string>());
    else
      value = in.get<std::string>();
  } else {
    In reader(in, where, unknown);
    describe(reader, value);
    reader.done();
  }
}

}  // namespace gpuslice::store
