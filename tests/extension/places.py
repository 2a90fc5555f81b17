"""How to add a way of sharing: the places, in order, each with what stands there for a way that only tests know.

The way is a reservation: a share of a GPU, in percent, that is kept free for one user. It has a step (Reserve), a part of a GPU's
state, a facet of the node port, and a section of the simulated node's state. The suite puts each text at its place in a copy of the
file, in a folder that stands before src on the include path (overlay.py), builds what the copies change, and runs it
(step_test.cpp, section_test.cpp). So this list is complete, or the suite does not build.

Whoever adds MPS or vGPUs goes through the list from the top:

  values     what a GPU is like with it, and the step that changes it                      1, 2
  rules      text, word, precondition with the state after it, and inverse of the step     3
  journal    how that part of the state is written down                                    4
  compare    how the part is said, compared and put back; what a difference of it is       5, 6
  port       a facet that asks and tells the driver (added/node/reservations.hpp)          7
  acting     the step performed, and the look that shows it                                8, 9
  simulated  a section of the node's state; old nodes gain it when they are opened         10

A real way needs besides what no compiler asks for:

  * a way to want it: a key of layout files (model/layout.hpp, spec), model/target.hpp, and steps planned for it (plan/gpu_planner.cpp);
  * read_settings called wherever a plan depends on it: ops::observe reads MIG alone; and its words in plan::shape_text, or a plan
    is not seen to be outdated when it has changed;
  * the facet in `nvml` or a room of its own, and in `sim` and `simnvml` what answers it; a column, a line of nvidia-smi.

A place is required when the product does not compile without it once the kind or the part is there. run.py takes each required one
away and expects an error that names what is missing. The others follow from one of these: what they declare is used there.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    file: str  # under src
    text: str
    after: str = ""  # text that occurs once in the file; or
    before: str = ""
    # Of a required one: what is lacking without it (and without those that lack the same), the file that does not compile then, and
    # words of one line of the error.
    lacking: str = ""
    breaks: str = ""
    says: tuple = ()


PLACES = [
    # 1. What a GPU is like: a part of its state. Absent where nobody asked for it.
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
    # 2. The step, one of the closed set of kinds.
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
    # 3. What holds for the kind.
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
    # 4. How the part of the state is written down. Documents without it are read: it is absent then.
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
    # 5. How it is said and compared.
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
        lacking="how it is compared and put back",
        breaks="plan/settings.cpp",
        says=("GpuState", "decomposes into 6 elements"),
    ),
    Place(
        "plan/settings.hpp",
        after="[](auto policy) { return model::SetTimeSlice{policy}; });\n",
        text="""  visit("the reservation", &model::GpuState::reserved, [](auto share) { return model::Reserve{share}; });
""",
        lacking="how it is compared and put back",
    ),
    # 6. What a difference of it between a node and a layout is, and how that is shown.
    Place("ops/compare.hpp", after="model::ComputeMode, model::TimeSlice", before=">;", text=", model::Reservation"),
    Place(
        "ops/compare.cpp",
        before="\n  [[nodiscard]] Difference is(Side side,",
        text="""  Maybe operator()(const model::Reserve& step) const { return is(Side::missing, step.reservation); }
""",
        lacking="what it differs in",
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
    # 7. The port: a facet with a header of its own. A node without it answers NOT_SUPPORTED, so no other node changes.
    Place("node/port.hpp", before='#include "node/reset.hpp"\n', text='#include "node/reservations.hpp"\n'),
    Place(
        "node/port.hpp",
        after="  [[nodiscard]] Reset& reset() const { return side<Reset>(); }\n",
        text="  [[nodiscard]] Reservations& reservations() const { return side<Reservations>(); }\n",
    ),
    Place("node/port.hpp", after="Reset*", before="> facets_{};", text=", Reservations*"),
    # 8. The driver's call for the step, and that the looks around it read the part.
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
        lacking="what to look at after it",
        breaks="ops/stepper.cpp",
        says=("ChangesSettings", "Reserve"),
    ),
    # 9. How the part is seen.
    Place(
        "ops/observe.cpp",
        after="mps, vgpus",
        before="] = gpu.state;",
        text=", reserved",
        lacking="how it is seen",
        breaks="ops/observe.cpp",
        says=("GpuState", "decomposes into 6 elements"),
    ),
    Place(
        "ops/observe.cpp",
        before="  const auto policy = node.modes().time_slice(gpu.index);\n",
        text="""  const auto percent = node.reservations().reserved(gpu.index);
  reserved = percent ? std::optional(model::Reservation{*percent}) : std::nullopt;
""",
        lacking="how it is seen",
    ),
    # 10. The simulated node: a member at the end of NodeDynamic, and its row. Nothing else, whatever nodes there are.
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
