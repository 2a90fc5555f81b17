#include "cli/standing_view.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/outcome_text.hpp"
#include "ops/effects.hpp"
#include "plan/instance_text.hpp"

namespace gpuslice::cli {
namespace {

using ops::GpuStanding;
using ops::Standing;
using report::Cell;
using report::Known;
using report::None;
using report::Shown;
using report::Type;
using report::Unknown;
using State = Standing::State;

const char* word(State state) {
  switch (state) {
    case State::ok:
      return "ok";
    case State::missing:
      return "missing";
    case State::different:
      return "different";
    case State::extra:
      return "extra";
    case State::foreign:
      return "foreign";
    case State::unknown:
      break;
  }
  return "unknown";
}

// Null object: the GPU as a whole.
struct Row {
  const GpuStanding* gpu{};
  const Standing* object{};
  std::string outcome;  // of a restore
  std::string reason;
};

bool is_declared(State state) { return state != State::extra && state != State::foreign; }

template <class T>
const T* object_of(const Row& row) {
  return row.object != nullptr ? std::get_if<T>(&row.object->object) : nullptr;
}

struct Kind {
  std::string operator()(const Standing::MigMode&) const { return "mig-mode"; }
  std::string operator()(const Standing::Gi&) const { return "gpu-instance"; }
  std::string operator()(const Standing::Ci&) const { return "compute-instance"; }
  // "compute-mode"
  std::string operator()(const Standing::Setting& setting) const {
    auto word = setting.name;
    std::ranges::replace(word, ' ', '-');
    return word;
  }
};
Cell kind(const Row& row) {
  return row.object == nullptr ? std::string("gpu") : std::visit(Kind{}, row.object->object);
}

std::string placed(bool placed, const std::string& profile, mig::Placement placement) {
  return placed ? fmt::format("{} at {}", profile, plan::place_text(placement)) : profile;
}
struct Text {
  const mig::Capability& capability;

  std::string operator()(const Standing::MigMode&) const { return "MIG mode"; }
  std::string operator()(const Standing::Setting& setting) const { return setting.name; }
  std::string operator()(const Standing::Gi& gi) const {
    return "GPU instance " + placed(gi.placed, plan::profile_text(capability, gi.seat.profile), gi.seat.placement);
  }
  std::string operator()(const Standing::Ci& ci) const {
    return "  compute instance " +
           placed(ci.placed, plan::share_text(capability, ci.seat.parent.profile, ci.seat.profile), ci.seat.placement);
  }
};
Cell object_text(const Row& row) {
  if (row.object != nullptr) return std::visit(Text{row.gpu->capability}, row.object->object);
  return row.gpu->gpu || !row.gpu->reason ? "GPU" : row.gpu->reason->object;
}

const char* mode_text(bool on) { return on ? "on" : "off"; }
std::string name_text(bool there, const std::string& name) { return !there ? "none" : name.empty() ? "unnamed" : name; }

// What a table says of one side: a mode, or the name of an instance.
struct Side {
  bool declared{};  // the side that the layout declares; else what is there
  State state{};

  std::string operator()(const Standing::MigMode& mode) const {
    const auto& value = declared ? mode.declared : mode.actual;
    return value ? mode_text(*value) : "unknown";
  }
  std::string operator()(const Standing::Setting& setting) const {
    return declared ? setting.declared : setting.actual.value_or("unknown");
  }
  std::string operator()(const Standing::Gi& gi) const { return named(gi); }
  std::string operator()(const Standing::Ci& ci) const { return named(ci); }

  template <class Named>
  [[nodiscard]] std::string named(const Named& one) const {
    if (declared) return name_text(is_declared(state), one.declared_name);
    return state == State::unknown ? "unknown" : name_text(state != State::missing, one.actual_name);
  }
};
auto side_text(bool declared) {
  return [declared](const Row& row) {
    if (row.object == nullptr) return Cell(None{});
    return Cell(std::visit(Side{declared, row.object->state}, row.object->object));
  };
}
// The same as data: null where there is no instance, and where it has no name.
struct Value {
  bool declared{};

  Cell operator()(const Standing::MigMode& mode) const {
    const auto& value = declared ? mode.declared : mode.actual;
    return value ? Cell(std::string(mode_text(*value))) : Cell(Unknown{});
  }
  Cell operator()(const Standing::Setting& setting) const {
    if (declared) return setting.declared;
    return setting.actual ? Cell(*setting.actual) : Cell(Unknown{});
  }
  Cell operator()(const Standing::Gi& gi) const { return named(gi); }
  Cell operator()(const Standing::Ci& ci) const { return named(ci); }

  template <class Named>
  [[nodiscard]] Cell named(const Named& one) const {
    const auto& name = declared ? one.declared_name : one.actual_name;
    return name.empty() ? Cell(None{}) : Cell(name);
  }
};
auto side_value(bool declared) {
  return [declared](const Row& row) {
    return row.object == nullptr ? Cell(None{}) : std::visit(Value{declared}, row.object->object);
  };
}

// A GPU as a whole is listed where the layout cannot be created on it.
Cell state(const Row& row) {
  if (row.object != nullptr) return std::string(word(row.object->state));
  if (row.gpu->reason && row.gpu->reason->kind == ErrorKind::unknown) return std::string("unknown");
  return std::string(row.gpu->gpu ? "impossible" : "missing");
}

Cell profile(const Row& row) {
  const auto& capability = row.gpu->capability;
  if (const auto* gi = object_of<Standing::Gi>(row)) return plan::profile_text(capability, gi->seat.profile);
  if (const auto* ci = object_of<Standing::Ci>(row)) {
    auto name = ops::share_name(capability, ci->seat.parent.profile, ci->seat.profile);
    return name.empty() ? Cell(Unknown{}) : Cell(std::move(name));
  }
  return None{};
}
Cell span(bool placed, mig::Placement placement) {
  return placed ? Cell(report::Span{placement.start, placement.size}) : Cell(Unknown{});
}
Cell placement(const Row& row) {
  if (const auto* gi = object_of<Standing::Gi>(row)) return span(gi->placed, gi->seat.placement);
  if (const auto* ci = object_of<Standing::Ci>(row)) return span(ci->placed, ci->seat.placement);
  return None{};
}
Cell gi_placement(const Row& row) {
  const auto* ci = object_of<Standing::Ci>(row);
  return ci != nullptr ? span(ci->seat.parent.placement.size != 0, ci->seat.parent.placement) : Cell(None{});
}
Cell since(const Row& row) {
  if (row.object == nullptr) return None{};
  return row.object->since ? Cell(row.object->since->time) : Cell(Unknown{});
}
Cell change(const Row& row) {
  if (row.object == nullptr) return None{};
  return row.object->since ? Cell(static_cast<std::int64_t>(row.object->since->change)) : Cell(Unknown{});
}
Cell gpu_index(const Row& row) {
  return row.gpu->gpu ? Cell(static_cast<std::int64_t>(row.gpu->gpu->value)) : Cell(None{});
}
Cell gpu_uuid(const Row& row) { return row.gpu->uuid.empty() ? Cell(Unknown{}) : Cell(row.gpu->uuid); }
Cell reason(const Row& row) { return row.reason.empty() ? Cell(None{}) : Cell(row.reason); }

std::vector<report::Column<Row>> what_columns() {
  return {
      {"gpu", "GPU", Type::number, "index of the GPU; none: the node does not have it", gpu_index},
      {"uuid", "UUID", Type::text, "UUID of the GPU", gpu_uuid, Shown::data_only},
      {"kind", "KIND", Type::text,
       "mig-mode, compute-mode, time-slice, gpu-instance, compute-instance, or gpu: the layout cannot be created on it",
       kind, Shown::data_only, Known::always},
      {"object", "OBJECT", Type::text, "", object_text, Shown::table_only},
      {"profile", "PROFILE", Type::text, "profile of the instance", profile, Shown::data_only},
      {"placement", "PLACEMENT", Type::span, "start and size of the instance", placement, Shown::data_only},
      {"gi_placement", "IN", Type::span, "of a compute instance: placement of its GPU instance", gi_placement,
       Shown::data_only},
      {"declared", "DECLARED", Type::text, "", side_text(true), Shown::table_only},
      {"declared", "DECLARED", Type::text, "on or off; the value of a setting; the name of an instance",
       side_value(true), Shown::data_only},
      {"actual", "ACTUAL", Type::text, "", side_text(false), Shown::table_only},
      {"actual", "ACTUAL", Type::text, "the same, as it is", side_value(false), Shown::data_only},
      {"state", "STATE", Type::text,
       "ok; missing; different; extra: not declared; foreign: not declared, made by others and left alone; "
       "impossible; unknown",
       state, Shown::always, Known::always}};
}

std::vector<report::Column<Row>> status_columns() {
  auto all = what_columns();
  all.push_back({"since", "SINCE", Type::text, "start of the change that left it so, UTC", since});
  all.push_back({"change", "CHANGE", Type::number, "number of that change (history)", change, Shown::data_only});
  all.push_back(
      {"reason", "REASON", Type::text, "why the layout cannot be created on the GPU", reason, Shown::data_only});
  return all;
}

std::vector<report::Column<Row>> restore_columns() {
  auto all = what_columns();
  all.push_back({"outcome", "OUTCOME", Type::text,
                 "restored; unchanged: it was there; removed: it was not declared; left: of another program; failed",
                 [](const Row& row) { return Cell(row.outcome); }, Shown::always, Known::always});
  all.push_back({"reason", "REASON", Type::text, "why it failed", reason, Shown::data_only});
  return all;
}

struct SameObject {
  bool operator()(const Standing::MigMode&, const Standing::MigMode&) const { return true; }
  bool operator()(const Standing::Setting& a, const Standing::Setting& b) const { return a.name == b.name; }
  bool operator()(const Standing::Gi& a, const Standing::Gi& b) const { return a.seat == b.seat; }
  bool operator()(const Standing::Ci& a, const Standing::Ci& b) const { return a.seat == b.seat; }
  template <class A, class B>
  bool operator()(const A&, const B&) const {
    return false;
  }
};
const Standing* same_in(const GpuStanding& gpu, const Standing& wanted) {
  for (const auto& one : gpu.objects)
    if (std::visit(SameObject{}, one.object, wanted.object)) return &one;
  return nullptr;
}
bool is_as_declared(const Standing& one) { return one.state == State::ok || one.state == State::foreign; }

}  // namespace

report::Sheet status_sheet(const std::vector<GpuStanding>& gpus) {
  std::vector<Row> rows;
  for (const auto& gpu : gpus) {
    if (gpu.reason) rows.push_back({&gpu, nullptr, "", gpu.reason->message()});
    for (const auto& object : gpu.objects) rows.push_back({&gpu, &object, "", ""});
  }
  return report::sheet(status_columns(), rows);
}
std::vector<report::Sheet::Head> status_heads() { return report::heads(status_columns()); }

std::optional<Error> why_not(const ops::RestoredGpu& gpu) {
  if (gpu.failure) return error_of(*gpu.failure);
  return gpu.after.reason;
}

report::Sheet restore_sheet(const std::vector<ops::RestoredGpu>& gpus) {
  std::vector<Row> rows;
  for (const auto& gpu : gpus) {
    const auto error = why_not(gpu);
    const auto why = error ? error->message() : std::string{};
    if (gpu.after.objects.empty() || gpu.after.reason) rows.push_back({&gpu.after, nullptr, "failed", why});
    for (const auto& object : gpu.after.objects) {
      const auto* before = same_in(gpu.before, object);
      const bool was = before != nullptr && is_as_declared(*before);
      const bool is = is_as_declared(object);
      const char* outcome = object.state == State::foreign ? "left" : !is ? "failed" : was ? "unchanged" : "restored";
      rows.push_back({&gpu.after, &object, outcome, is ? "" : why});
    }
    for (const auto& object : gpu.before.objects)
      if (same_in(gpu.after, object) == nullptr && gpu.after.gpu) rows.push_back({&gpu.before, &object, "removed", ""});
  }
  return report::sheet(restore_columns(), rows);
}
std::vector<report::Sheet::Head> restore_heads() { return report::heads(restore_columns()); }

}  // namespace gpuslice::cli
