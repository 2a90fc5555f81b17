// One GPU's readings for one view, asked of the node at once, and the rows of the table as they show them.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "fields/table.hpp"
#include "smi/session.hpp"

namespace gpuslice::smi {

// A value as nvidia-smi prints it, without its unit, or why there is none.
using FieldValue = node::Answer<std::string>;

class Snapshot {
 public:
  // Reads what these rows need. A report has rows only where their condition holds; a query has what was asked for.
  enum class For { report, query };
  Snapshot(Session& session, GpuIndex gpu, std::span<const fields::Row* const> rows, For what = For::report);

  [[nodiscard]] GpuIndex gpu() const { return gpu_; }
  [[nodiscard]] Session& session() const { return session_; }
  [[nodiscard]] const node::Answer<fields::Value>& at(fields::Reading reading) const;

  // Whether the row is there at all, for this GPU and this driver.
  [[nodiscard]] bool has(const fields::Row& row) const;
  // Of a section: the refusal that stands for all of it.
  [[nodiscard]] std::optional<node::DriverError> closed(const fields::Row& row) const;
  [[nodiscard]] FieldValue value(const fields::Row& row, fields::Form form) const;
  // As csv shows it.
  [[nodiscard]] FieldValue asked(const fields::Row& row) const;

 private:
  void read(std::vector<fields::Reading> wanted);
  [[nodiscard]] FieldValue value(const fields::Row& row, fields::Show show, fields::Form form) const;
  [[nodiscard]] node::DriverError refusal(int code) const;
  [[nodiscard]] bool number_is(fields::Reading reading, std::uint64_t wanted) const;

  Session& session_;
  GpuIndex gpu_;
  std::vector<std::uint16_t> place_;  // of a reading in answers_
  std::vector<node::Answer<fields::Value>> answers_;
  node::Answer<fields::Value> not_read_;
};

// Rows of the table that a driver of this version has.
[[nodiscard]] bool known_to(const Format& format, const fields::Row& row);

// N/A for what the GPU does not have, the driver's words for any other refusal.
[[nodiscard]] std::string cell(const node::DriverError& error);
[[nodiscard]] std::string cell(const FieldValue& value, std::string_view unit);

}  // namespace gpuslice::smi
