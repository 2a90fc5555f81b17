// One GPU's readings, all read from the node at the same time, and the value that each row of the table of fields has
// for them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "fields/table.hpp"
#include "node/port.hpp"

namespace gpuslice::figures {

// A value as it is printed, but without its unit, or the reason why there is none.
using Text = node::Answer<std::string>;

// True if a driver of this major version has the row.
[[nodiscard]] bool known_to(int driver, const fields::Row& row);
// The row that shows a --query-gpu field under that driver. This is the field's own row, or the neighbouring row that
// the driver has instead (display_mode is a mode up to R570; later drivers no longer support it).
[[nodiscard]] const fields::Row& in_force(int driver, const fields::Row& field);

class Snapshot {
 public:
  // The purpose: a report contains a row only if its condition is true; a query contains every requested field.
  enum class For { report, query };
  // The driver's major version, and the offset of local time from UTC in seconds (positive to the east).
  struct Place {
    int driver{};
    std::int64_t utc_offset{};
  };
  Snapshot(node::Node& node, Place place, GpuIndex gpu, std::span<const fields::Row* const> rows,
           For what = For::report);

  [[nodiscard]] GpuIndex gpu() const { return gpu_; }
  [[nodiscard]] int driver() const { return where_.driver; }
  [[nodiscard]] const node::Answer<fields::Value>& at(fields::Reading reading) const;

  // True if this GPU has the row under this driver.
  [[nodiscard]] bool has(const fields::Row& row) const;
  // The refusal that replaces the whole section by one line, if there is one.
  [[nodiscard]] std::optional<node::DriverError> closed(const fields::Row& row) const;

  // The row's value, computed from its readings by its rule. show_of gives the format.
  [[nodiscard]] node::Answer<fields::Value> value(const fields::Row& row) const;
  // The value as -q prints it.
  [[nodiscard]] Text text(const fields::Row& row, fields::Form form) const;

  // The value for a query. Unlike -q, a query reads the platform information of every board.
  [[nodiscard]] node::Answer<fields::Value> asked_value(const fields::Row& row) const;
  // The value as csv prints it.
  [[nodiscard]] Text asked(const fields::Row& row) const;

  // A value as text; NOT_SUPPORTED if the value means "none".
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
  std::vector<std::uint16_t> place_;  // the index of each reading in answers_
  std::vector<node::Answer<fields::Value>> answers_;
  node::Answer<fields::Value> not_read_;
};

// The format of a row's value in -q, and in a query. A few rules have their own formats.
[[nodiscard]] fields::Show show_of(const fields::Row& row);
[[nodiscard]] fields::Show asked_show_of(const fields::Row& row);

}  // namespace gpuslice::figures
