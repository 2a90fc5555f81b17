#include "figures/snapshot.hpp"

#include <algorithm>

#include "figures/driver_version.hpp"

namespace gpuslice::figures {
namespace {

using fields::Reading;
using fields::Row;
using fields::Rule;
using fields::Show;
using fields::Value;
using fields::When;
using node::DriverError;

constexpr std::uint16_t not_asked = 0xFFFF;
constexpr std::uint64_t volta = 5, turing = 6, ampere = 7, blackwell = 10;
constexpr std::uint64_t host_vgpu = 3;
constexpr std::uint64_t fabric_completed = 3;

// Adds the readings that the row's condition and rule use, in addition to the row's own.
void add_needs(const Row& row, std::vector<Reading>& wanted) {
  for (const auto reading : {row.reading, row.other, row.gate, row.second_gate})
    if (reading != Reading::none) wanted.push_back(reading);
  switch (row.when) {
    case When::always:
      break;
    case When::host_vgpu:
      wanted.push_back(Reading::virtualization_mode);
      break;
    case When::architecture_told:
    case When::ecc_by_place:
    case When::ecc_not_by_place:
    case When::ecc_turing:
    case When::ecc_ampere:
      wanted.push_back(Reading::architecture);
      break;
    case When::margins:
    case When::no_margins:
      wanted.push_back(Reading::temperature_margin);
      break;
  }
  switch (row.rule) {
    case Rule::ecc_count:
      wanted.push_back(Reading::ecc_mode_current);
      break;
    case Rule::platform:
    case Rule::module:
      wanted.push_back(Reading::architecture);
      break;
    case Rule::when_completed:
    case Rule::health_bits:
    case Rule::misconfigured:
      wanted.push_back(Reading::fabric_state);
      break;
    default:
      break;
  }
}

// Rows that few GPUs have. A report reads them only once it knows that the GPU has them, because each needs a call.
bool rare(const Row& row) { return row.when == When::ecc_by_place || row.when == When::no_margins; }

}  // namespace

bool known_to(int driver, const Row& row) {
  return (row.since == 0 || driver >= row.since) && (row.until == 0 || driver < row.until);
}

const Row& in_force(int driver, const Row& field) {
  if (known_to(driver, field)) return field;
  const auto all = fields::rows();
  const auto at = static_cast<std::size_t>(&field - all.data());
  for (const auto beside : {at - 1, at + 1})
    if (beside < all.size() && all[beside].tag == field.tag && known_to(driver, all[beside])) return all[beside];
  return field;
}

Show show_of(const Row& row) {
  if (row.rule == Rule::event_reason) return Show::active;
  return row.rule == Rule::free_of_whole ? Show::number : row.show;
}

Show asked_show_of(const Row& row) {
  const auto own = show_of(row);
  return row.query.show == Show::same || own != row.show ? own : row.query.show;
}

Snapshot::Snapshot(node::Node& node, Place place, GpuIndex gpu, std::span<const Row* const> rows, For what)
    : node_(node),
      where_(place),
      gpu_(gpu),
      place_(fields::reading_count, not_asked),
      not_read_(std::unexpected(refusal(node::err_not_supported))) {
  std::vector<Reading> wanted;
  for (const Row* row : rows) {
    Row condition;
    condition.when = row->when;
    add_needs(what == For::report && rare(*row) ? condition : *row, wanted);
  }
  read(std::move(wanted));
  if (what == For::query) return;
  wanted.clear();
  for (const Row* row : rows)
    if (rare(*row) && has(*row)) add_needs(*row, wanted);
  read(std::move(wanted));
}

void Snapshot::read(std::vector<Reading> wanted) {
  std::ranges::sort(wanted);
  const auto repeated = std::ranges::unique(wanted);
  wanted.erase(repeated.begin(), repeated.end());
  std::erase_if(wanted, [&](Reading r) { return place_[static_cast<std::size_t>(r)] != not_asked; });
  if (wanted.empty()) return;
  auto answers = node_.readings().read(gpu_, wanted);
  for (std::size_t i = 0; i < wanted.size() && i < answers.size(); ++i) {
    place_[static_cast<std::size_t>(wanted[i])] = static_cast<std::uint16_t>(answers_.size());
    answers_.push_back(std::move(answers[i]));
  }
}

const node::Answer<Value>& Snapshot::at(Reading reading) const {
  const auto index = static_cast<std::size_t>(reading);
  return index < place_.size() && place_[index] != not_asked ? answers_[place_[index]] : not_read_;
}

DriverError Snapshot::refusal(int code) const { return {code, node_.identity().error_text(code)}; }

bool Snapshot::number_is(Reading reading, std::uint64_t wanted) const {
  const auto& answer = at(reading);
  return answer && answer->number() == wanted;
}

bool Snapshot::has(const Row& row) const {
  if (!known_to(where_.driver, row)) return false;
  const auto& architecture = at(Reading::architecture);
  switch (row.when) {
    case When::always:
      return true;
    case When::host_vgpu:
      return number_is(Reading::virtualization_mode, host_vgpu);
    case When::architecture_told:
      return architecture.has_value();
    case When::ecc_by_place:
      return architecture && architecture->number() <= volta;
    case When::ecc_not_by_place:
      return architecture && architecture->number() > volta;
    case When::ecc_turing:
      return architecture && architecture->number() == turing;
    case When::ecc_ampere:
      return architecture && architecture->number() >= ampere;
    case When::margins:
    case When::no_margins: {
      const auto& margin = at(Reading::temperature_margin);
      constexpr int first_with_margins = 525;
      const bool none =
          where_.driver < first_with_margins || (!margin && margin.error().code == node::err_not_supported);
      return none == (row.when == When::no_margins);
    }
  }
  return true;
}

std::optional<DriverError> Snapshot::closed(const Row& row) const {
  for (const auto gate : {row.gate, row.second_gate}) {
    if (gate == Reading::none) continue;
    if (const auto& answer = at(gate); !answer) return answer.error();
  }
  return std::nullopt;
}

Text Snapshot::words(Show show, const Value& value, fields::Form form) const {
  if (show == Show::return_code) return node_.identity().error_text(static_cast<int>(value.number()));
  if (show == Show::mib_up && where_.driver < first_driver_rounding_up) show = Show::mib_down;
  auto text = fields::shown(show, value, form, where_.utc_offset);
  // A text may be empty, and nvidia-smi then prints it empty. If a code has no name, there is no figure.
  if (text.empty() && show != Show::words) return std::unexpected(refusal(node::err_not_supported));
  return text;
}

Text Snapshot::words(Show show, const node::Answer<Value>& value, fields::Form form) const {
  if (!value) return std::unexpected(value.error());
  return words(show, *value, form);
}

node::Answer<Value> Snapshot::value(const Row& row) const { return by_rule(row, row.rule); }

Text Snapshot::text(const Row& row, fields::Form form) const { return words(show_of(row), value(row), form); }

node::Answer<Value> Snapshot::asked_value(const Row& row) const {
  // Unlike -q, a query shows the counts even if the ECC mode is unknown.
  if (row.rule == Rule::ecc_count && !at(Reading::ecc_mode_current)) return by_rule(row, Rule::plain);
  return by_rule(row, row.rule == Rule::platform ? Rule::plain : row.rule);
}

Text Snapshot::asked(const Row& row) const {
  // In --query-gpu, nvidia-smi 580 prints N/A, not the refusal, for fabric fields and a few others that are not
  // supported. For every refusal of a flag of remapped rows, it prints NOT_SUPPORTED's text.
  const bool of_fabric =
      row.rule == Rule::when_completed || row.rule == Rule::health_bits || row.rule == Rule::misconfigured;
  const bool flag_of_rows = row.reading == Reading::remapped_pending || row.reading == Reading::remapped_failure;
  const bool word_for_none = of_fabric || row.reading == Reading::fabric_state ||
                             row.reading == Reading::temperature_memory || row.reading == Reading::inforom_valid;
  if (row.rule == Rule::module && !at(Reading::architecture)) return "(null)";  // reproduces a bug in NVIDIA's program
  auto shown = words(asked_show_of(row), asked_value(row), fields::Form::report);
  if (shown) return shown;
  if (flag_of_rows) return std::unexpected(refusal(node::err_not_supported));
  if (word_for_none && shown.error().code == node::err_not_supported) return "N/A";
  return shown;
}

node::Answer<Value> Snapshot::by_rule(const Row& row, Rule rule) const {
  const auto absent = [this] { return std::unexpected(refusal(node::err_not_supported)); };
  const auto& own = at(row.reading);
  const auto& other = at(row.other);
  const auto bits = [&](unsigned count) -> node::Answer<Value> {
    if (!own) return own;
    if (!number_is(Reading::fabric_state, fabric_completed)) return absent();
    return Value(own->number() >> row.bit & ((1U << count) - 1));
  };
  const auto& architecture = at(Reading::architecture);
  const bool tells_platform = architecture && architecture->number() >= blackwell;
  switch (rule) {
    case Rule::plain:
    case Rule::of_the_run:
      return own;
    case Rule::quiet:
      return own ? own : absent();
    case Rule::when_ready:
      return !own && own.error().code == node::err_not_ready ? absent() : own;
    case Rule::absent:
      return absent();
    case Rule::deprecated:
      return std::unexpected(refusal(node::err_deprecated));
    case Rule::ecc_count:
      return number_is(Reading::ecc_mode_current, 1) ? own : absent();
    case Rule::needs_other:
      return other ? own : other;
    case Rule::event_reason:
      if (!other) return other;
      if (!own) return own;
      if ((other->number() >> row.bit & 1) == 0) return absent();
      return Value(own->number() >> row.bit & 1);
    case Rule::platform:
      return tells_platform ? own : absent();
    case Rule::module:
      return tells_platform ? other : own;
    case Rule::free_of_whole: {
      if (!own || !other) return own ? other : own;
      constexpr std::uint64_t mib = 1024ULL * 1024;
      return Value(other->number() / mib - own->number() / mib);
    }
    case Rule::when_completed:
      if (!own) return own;
      return number_is(Reading::fabric_state, fabric_completed) ? own : absent();
    case Rule::health_bits:
      return bits(2);
    case Rule::misconfigured:
      return bits(4);
  }
  return absent();
}

}  // namespace gpuslice::figures
