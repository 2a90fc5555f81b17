// The chapters of the table (table.hpp), and the functions with which their rows are written.
#pragma once

#include "fields/table.hpp"

namespace gpuslice::fields {

struct Line : Row {
  // For a section: if one of these readings is refused, the whole section is replaced by one line with the refusal.
  [[nodiscard]] constexpr Line gate(Reading first, Reading second = Reading::none) const {
    auto line = *this;
    line.Row::gate = first;
    line.second_gate = second;
    return line;
  }
  [[nodiscard]] constexpr Line by(Rule how, Reading with = Reading::none, std::uint8_t from_bit = 0) const {
    auto line = *this;
    line.rule = how;
    line.other = with;
    line.bit = from_bit;
    return line;
  }
  [[nodiscard]] constexpr Line only(When condition) const {
    auto line = *this;
    line.when = condition;
    return line;
  }
  // The row exists only in drivers from this major version on (`from`), or before it (`before`).
  [[nodiscard]] constexpr Line from(std::uint16_t driver) const {
    auto line = *this;
    line.since = driver;
    return line;
  }
  [[nodiscard]] constexpr Line before(std::uint16_t driver) const {
    auto line = *this;
    line.until = driver;
    return line;
  }
  // For rows of depth 1; the rows below them belong to the same groups.
  [[nodiscard]] constexpr Line in(std::uint32_t of_groups) const {
    auto line = *this;
    line.groups = of_groups;
    return line;
  }
  [[nodiscard]] constexpr Line further_in() const {
    auto line = *this;
    line.Row::further_in = true;
    return line;
  }
  [[nodiscard]] constexpr Line chosen_only() const {
    auto line = *this;
    line.Row::chosen_only = true;
    return line;
  }
  // The unit in -q and in csv. The functions `bare` and `ask_unit` change that of csv.
  [[nodiscard]] constexpr Line unit(std::string_view text) const {
    auto line = *this;
    line.Row::unit = text;
    return line;
  }
  [[nodiscard]] constexpr Line ask(std::uint16_t place, std::string_view name, std::string_view alias,
                                   std::string_view about) const {
    auto line = *this;
    line.query = {name, alias, line.Row::unit, about, Show::same, place};
    return line;
  }
  [[nodiscard]] constexpr Line costly() const {
    auto line = *this;
    line.query.costly = true;
    return line;
  }
  [[nodiscard]] constexpr Line bare() const { return ask_unit(""); }
  [[nodiscard]] constexpr Line ask_unit(std::string_view text) const {
    auto line = *this;
    line.query.unit = text;
    return line;
  }
  [[nodiscard]] constexpr Line asked_as(Show how) const {
    auto line = *this;
    line.query.show = how;
    return line;
  }
};

[[nodiscard]] constexpr Line section(std::uint8_t depth, std::string_view label, std::string_view tag) {
  Line line;
  line.kind = Kind::section;
  line.depth = depth;
  line.label = label;
  line.tag = tag;
  return line;
}
[[nodiscard]] constexpr Line leaf(std::uint8_t depth, std::string_view label, std::string_view tag, Reading reading,
                                  Show show = Show::words) {
  Line line;
  line.depth = depth;
  line.label = label;
  line.tag = tag;
  line.reading = reading;
  line.show = show;
  return line;
}
[[nodiscard]] constexpr Line list(std::uint8_t depth, std::string_view label, std::string_view tag, List what,
                                  Reading reading = Reading::none) {
  auto line = section(depth, label, tag);
  line.kind = Kind::list;
  line.Row::list = what;
  line.reading = reading;
  return line;
}
// A row that exists only in --query-gpu.
[[nodiscard]] constexpr Line asked(Reading reading, Show show = Show::words) { return leaf(1, "", "", reading, show); }

[[nodiscard]] std::span<const Row> board_rows();
[[nodiscard]] std::span<const Row> state_rows();
[[nodiscard]] std::span<const Row> memory_rows();
[[nodiscard]] std::span<const Row> errors_rows();
[[nodiscard]] std::span<const Row> power_rows();
[[nodiscard]] std::span<const Row> clocks_rows();
[[nodiscard]] std::span<const Row> asked_rows();

}  // namespace gpuslice::fields
