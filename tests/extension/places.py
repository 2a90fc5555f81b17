"""How to add a way of sharing GPUs: the places in the source, in order, each with its text for a way of sharing that
exists only in tests.

The example is a reservation: a share of a GPU, in percent, that is kept free for one user. It has a step (Reserve), a
part of a GPU's state, a facet of the node port, and a section of the simulated node's state. The suite inserts each
text at its place in a copy of the file, in a folder that precedes src on the include path (overlay.py), compiles
everything that the copies change, and runs the tests step_test.cpp and section_test.cpp. If this list were incomplete,
the suite would not build.

To add MPS or vGPUs, work through the list from the top:

  values     the new part of a GPU's state, and the step that changes it                   1, 2
  rules      text, word, precondition with the resulting state, and inverse of the step    3
  journal    how that part of the state is stored                                          4
  compare    how the part is printed, compared and restored; how a difference is shown     5, 6
  port       a facet that reads and sets it (added/node/reservations.hpp)                  7
  acting     performing the step, and observing its result                                 8, 9
  simulated  a section of the node's state; older nodes get it when they are opened        10

A real way of sharing also needs parts that the compiler does not require:

  * a way to request it: a key of layout files (model/layout.hpp, spec), model/target.hpp, and planned steps
    (plan/gpu_planner.cpp);
  * calls of read_settings wherever a plan depends on it, because ops::observe reads only MIG; and its text in
    plan::shape_text, because otherwise a plan that is outdated by a change of it is not recognised;
  * the facet in `nvml` or in a room of its own, and its implementation in `sim` and `simnvml`; a column; a line of
    nvidia-smi.

A place is required if, without it, the product does not compile once the kind of step or the part of the state exists.
run.py omits each required place in turn and expects an error that names what is missing. The other places declare what
a required one uses.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    file: str  # relative to src
    text: str
    after: str = ""  # text that occurs once in the file; or
    before: str = ""
    # For a required place: what is missing without it (and without the places that name the same), the file that then
    # does not compile, and text that one line of the error contains.
    lacking: str = ""
    breaks: str = ""
    says: tuple = ()


PLACES = [
    # 1. A part of a GPU's state. It has no value unless it was requested.
    Place(
        "model/gpu_state.hpp",
        after="""struct VgpuState {
  friend bool operator==(const VgpuState&, const VgpuState&) = default;
};
""",
        text="""struct Reservation {
  std::uint32_t percent{};
  friend bool operator==(const Reservation&, const Reservation&) = default;
};
""",
    ),
    Place("model/gpu_state.hpp", after="  VgpuState vgpus;\n", text="  std::optional<Reservation> reserved;\n"),
    # 2. The step, a new member of the closed set of kinds.
    Place(
        "model/step.hpp",
        before="\nusing Action = ",
        text="""struct Reserve {
  Reservation reservation;
  friend bool operator==(const Reserve&, const Reserve&) = default;
};
""",
    ),
    Place("model/step.hpp", after="SetTimeSlice", before=">;\n\nstruct Step {", text=", Reserve"),
    # 3. The rules of this kind of step.
    Place(
        "plan/step_rules.cpp",
        after="struct Text {\n  const mig::Capability& capability;\n",
        text="""  std::string operator()(const Reserve& step) const {
    return fmt::format("reserve {} of the GPU", setting_text(step.reservation));
  }
""",
        lacking="its text",
        breaks="plan/step_rules.cpp",
        says=("Text", "Reserve"),
    ),
    Place(
        "plan/step_rules.cpp",
        after="struct Word {\n",
        text="""  std::string_view operator()(const Reserve&) const { return "reserve"; }
""",
        lacking="its word",
        breaks="plan/step_rules.cpp",
        says=("Word", "Reserve"),
    ),
    Place(
        "plan/step_rules.cpp",
        after="struct After {\n  const mig::Capability& capability;\n  const GpuState& state;\n  const std::vector<Client>& clients;\n",
        text="""  Result<GpuState> operator()(const Reserve& step) const {
    if (step.reservation.percent > 100) return fail(ErrorKind::refused, "", "no more than the whole GPU can be reserved");
    if (state.mig.mode) return fail(ErrorKind::refused, "", "a GPU with MIG mode on cannot be reserved");
    auto after = state;
    after.reserved = step.reservation;
    return after;
  }
""",
        lacking="its precondition",
        breaks="plan/step_rules.cpp",
        says=("After", "Reserve"),
    ),
    Place(
        "plan/step_rules.cpp",
        after="struct Inverse {\n  const GpuState& before;\n  using Found = std::optional<Action>;\n",
        text="""  Found operator()(const Reserve&) const {
    if (!before.reserved) return std::nullopt;
    return Reserve{*before.reserved};
  }
""",
        lacking="its inverse",
        breaks="plan/step_rules.cpp",
        says=("Inverse", "Reserve"),
    ),
    # 4. How the part of the state is stored. Documents without it can still be read; the part then has no value.
    Place(
        "store/json_fields.hpp",
        before="template <class V, class T>\n  requires std::is_same_v<std::remove_const_t<T>, model::GpuState>\n",
        text="""template <class V, class T>
  requires std::is_same_v<std::remove_const_t<T>, model::Reservation>
void describe(V& v, T& r) {
  v("percent", r.percent);
}
""",
    ),
    Place(
        "store/json_fields.hpp",
        after="mps, vgpus",
        before="] = s;",
        text=", reserved",
        lacking="the journal's part",
        breaks="store/transaction.cpp",
        says=("GpuState", "decomposes into 6 elements"),
    ),
    Place("store/json_fields.hpp", after='  v("time_slice", time_slice);\n', text='  v("reserved", reserved);\n', lacking="the journal's part"),
    # 5. How it is printed and compared.
    Place(
        "plan/instance_text.hpp",
        before="[[nodiscard]] std::string_view setting_text(model::ComputeMode mode);\n",
        text="[[nodiscard]] std::string setting_text(const model::Reservation& reservation);\n",
    ),
    Place(
        "plan/instance_text.cpp",
        before="std::string_view setting_text(model::ComputeMode mode) {\n",
        text="""std::string setting_text(const model::Reservation& reservation) {
  return fmt::format("{} %", reservation.percent);
}

""",
    ),
    Place(
        "plan/settings.hpp",
        after="mps, vgpus",
        before="] = state;",
        text=", reserved",
        lacking="how it is compared and restored",
        breaks="plan/settings.cpp",
        says=("GpuState", "decomposes into 6 elements"),
    ),
    Place(
        "plan/settings.hpp",
        after="[](auto policy) { return model::SetTimeSlice{policy}; });\n",
        text="""  visit("the reservation", &model::GpuState::reserved, [](auto share) { return model::Reserve{share}; });
""",
        lacking="how it is compared and restored",
    ),
    # 6. How a difference in it between a node and a layout is represented and shown.
    Place("ops/compare.hpp", after="model::ComputeMode, model::TimeSlice", before=">;", text=", model::Reservation"),
    Place(
        "ops/compare.cpp",
        before="\n  [[nodiscard]] Difference is(Side side,",
        text="""  Maybe operator()(const model::Reserve& step) const { return is(Side::missing, step.reservation); }
""",
        lacking="its kind of difference",
        breaks="ops/compare.cpp",
        says=("FromStep", "Reserve"),
    ),
    Place(
        "cli/difference.cpp",
        before="\n  [[nodiscard]] std::string called() const {",
        text="""  std::string operator()(const model::Reservation& reservation) const {
    return fmt::format("the reservation to {}", plan::setting_text(reservation));
  }
""",
        lacking="the line that shows a difference",
        breaks="cli/difference.cpp",
        says=("Text", "Reservation"),
    ),
    Place(
        "cli/difference.cpp",
        before="\n private:\n  [[nodiscard]] const char* side() const",
        text="""  ordered_json operator()(const model::Reservation& reservation) const {
    return different("reservation", nullptr, nullptr, plan::setting_text(reservation), nullptr);
  }
""",
        lacking="the fields of a difference",
        breaks="cli/difference.cpp",
        says=("Fields", "Reservation"),
    ),
    # 7. The port: a facet with its own header. A node without it returns NOT_SUPPORTED, so other nodes need no change.
    Place("node/port.hpp", before='#include "node/reset.hpp"\n', text='#include "node/reservations.hpp"\n'),
    Place(
        "node/port.hpp",
        after="  [[nodiscard]] Reset& reset() const { return side<Reset>(); }\n",
        text="  [[nodiscard]] Reservations& reservations() const { return side<Reservations>(); }\n",
    ),
    Place("node/port.hpp", after="DeviceFiles*", before=">\n      facets_{};", text=", Reservations*"),
    # 8. The driver call of the step, and the observations before and after it, which must read this part of the state.
    Place(
        "ops/stepper.cpp",
        after="struct Perform {\n  node::Node& node;\n  const model::Gpu& gpu;\n  const model::Step& step;\n",
        text="""  Result<void> operator()(const model::Reserve& made) const {
    return told(node.reservations().reserve(gpu.index, made.reservation.percent));
  }
""",
        lacking="its executor",
        breaks="ops/stepper.cpp",
        says=("Perform", "Reserve"),
    ),
    Place(
        "ops/stepper.cpp",
        after="struct ChangesSettings {\n",
        text="  bool operator()(const model::Reserve&) const { return true; }\n",
        lacking="what to observe after it",
        breaks="ops/stepper.cpp",
        says=("ChangesSettings", "Reserve"),
    ),
    # 9. How the part is observed.
    Place(
        "ops/observe.cpp",
        after="mps, vgpus",
        before="] = gpu.state;",
        text=", reserved",
        lacking="how it is observed",
        breaks="ops/observe.cpp",
        says=("GpuState", "decomposes into 6 elements"),
    ),
    Place(
        "ops/observe.cpp",
        before="  const auto policy = node.modes().time_slice(gpu.index);\n",
        text="""  const auto percent = node.reservations().reserved(gpu.index);
  reserved = percent ? std::optional(model::Reservation{*percent}) : std::nullopt;
""",
        lacking="how it is observed",
    ),
    # 10. The simulated node: a member at the end of NodeDynamic, and its row. Existing nodes need nothing else.
    Place("sim/state.hpp", after="  AccountedRing accounted;\n  Orders orders;\n",
          text="  std::array<std::uint64_t, max_gpus> reserved{};  // percent of each GPU\n"),
    Place("sim/sections.hpp", after="section_orders", before=" };", text=", section_reserved"),
    Place(
        "sim/sections.hpp",
        before="});\n\nstatic_assert(",
        text="""    {"reserved", 1, offsetof(NodeDynamic, reserved), max_gpus, sizeof(std::uint64_t)},
""",
        lacking="its section of the node's state",
        breaks="sim/sections.cpp",
        says=("static assertion failed", "every byte of NodeDynamic is in one section"),
    ),
]
