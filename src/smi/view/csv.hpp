// The CSV output of --query-…: the requested columns, a header, and one line per record.
#pragma once

#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "smi/complaint.hpp"
#include "smi/view/gpu_figures.hpp"

namespace gpuslice::smi {

// The parts of --format. csv is the only format, so it may be omitted, as in nvidia-smi of R580.
struct CsvFormat {
  bool header{true}, units{true};

  [[nodiscard]] static std::expected<CsvFormat, Complaint> parse(const std::string& list);
};

// A column that can be requested. A line shows one `Record`.
template <class Record>
struct Column {
  std::string_view name;   // also the header
  std::string_view alias;  // a second name, "" for none; the header is always `name`
  std::string_view unit;   // in brackets in the header, and after each value
  std::string_view about;  // for --help-query-…
  std::function<FieldValue(const GpuFigures& gpu, const Record& record)> read;
};

[[nodiscard]] Complaint no_such_field(std::string_view name);
void csv_header(std::ostream& out, CsvFormat format, const std::vector<std::pair<std::string_view, std::string_view>>&);
void csv_line(std::ostream& out, const std::vector<std::string>& cells);
// The text of a value. A refused value is [N/A] if the GPU does not have the figure, otherwise the driver's text in
// brackets.
[[nodiscard]] std::string csv_value(const FieldValue& value, std::string_view unit, CsvFormat format);
// Prints one entry of --help-query-…
void print_field(std::ostream& out, std::string_view name, std::string_view alias, std::string_view about);

}  // namespace gpuslice::smi
