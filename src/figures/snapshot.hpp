// One GPU's readings, asked of the node at once, and what the rows of the table of fields say of them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "fields/table.hpp"
#include "node/port.hpp"

namespace gpuslice::figures {

// A value as it is printed, without its unit, or why there is none.
using Text = node::Answer<std::string>;

// Whether a driver of this major version has the row.
[[nodiscard]] bool known_to(int driver, const fields::Row& row);
// The row that shows a --query-gpu field under that driver: the row with the field, or the one beside it in the table
// that the driver has instead (display_mode is a mode up to R570, and no longer answered since).
[[nodiscard]] const fields::Row& in_force(int driver, const fields::Row& field);

class Snapshot {
 public:
  // What is read for: a report has rows only where their condition holds; a query has what was asked for.
  enum class For { report, query };
  // Where: the driver's major version, and seconds east of Greenwich for moments.
  struct Place {
    int driver{};
    std::int64_t utc_offset{};
  };
  Snapshot(node::Node& node, Place place, GpuIndex gpu, std::span<const fields::Row* const> rows,
           For what = For::report);

  [[nodiscard]] GpuIndex gpu() const { return gpu_; }
  [[nodiscard]] int driver() const { return where_.driver; }
  [[nodiscard]] const node::Answer<fields::Value>& at(fields::Reading reading) const;

  // Whether the row is there at all, for this GPU and this driver.
  [[nodiscard]] bool has(const fields::Row& row) const;
  // Of a section: the refusal that stands for all of it.
  [[nodiscard]] std::optional<node::DriverError> closed(const fields::Row& row) const;

  // What the row's rule makes of its readings. How it is shown: show_of.
  [[nodiscard]] node::Answer<fields::Value> value(const fields::Row& row) const;
  // The same as -q prints it.
  [[nodiscard]] Text text(const fields::Row& row, fields::Form form) const;

  // As a query has it: what stands in a rack is asked of every board.
  [[nodiscard]] node::Answer<fields::Value> asked_value(const fields::Row& row) const;
  // As csv prints it.
  [[nodiscard]] Text asked(const fields::Row& row) const;

  // A value in words, or NOT_SUPPORTED where it stands for "not there".
  [[nodiscard]] Text words(fields::Show show, const fields::Value& value,
                           fields::Form form = fields::Form::report) const;
  [[nodiscard]] node::DriverError refusal(int code) const;

 private:
  void read(std::vector<fields::Reading> wanted);
  [[nodiscard]] node::Answer<fields::Value> by_rule(const fields::Row& row, fields::Rule rule) const;
  [[nodiscard]] Text words(fields::Show show, const node::Answer<fields::Value>& value, fields::Form form) const;
  [[nodiscard]] bool number_is(fields::Reading reading, std::uint64_t wanted) const;

  node::Node& node_;
  Place where_;
  GpuIndex gpu_;
  std::vector<std::uint16_t> place_;  // of a reading in answers_
  std::vector<node::Answer<fields::Value>> answers_;
  node::Answer<fields::Value> not_read_;
};

// How a row's value is shown by -q, and by a query: a few rules make values of their own kind.
[[nodiscard]] fields::Show show_of(const fields::Row& row);
[[nodiscard]] fields::Show asked_show_of(const fields::Row& row);

}  // namespace gpuslice::figures
