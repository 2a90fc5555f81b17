#include "smi/view/csv.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/printable.hpp"
#include "smi/gpu_select.hpp"

namespace gpuslice::smi {

std::expected<CsvFormat, Complaint> CsvFormat::parse(const std::string& list) {
  CsvFormat format;
  for (const auto& word : split_list(list)) {
    if (word == "noheader") {
      format.header = false;
    } else if (word == "nounits") {
      format.units = false;
    } else if (word != "csv") {
      return std::unexpected(Complaint{"Format modifier is not recognized.\n", 2, false});
    }
  }
  return format;
}

Complaint no_such_field(std::string_view name) {
  return {fmt::format("Field \"{}\" is not a valid field to query.\n\n", name), 2, false};
}

void csv_header(std::ostream& out, CsvFormat format,
                const std::vector<std::pair<std::string_view, std::string_view>>& names_and_units) {
  if (!format.header) return;
  std::string line;
  for (const auto& [name, unit] : names_and_units) {
    if (!line.empty()) line += ", ";
    line += name;
    if (format.units && !unit.empty()) line += fmt::format(" [{}]", unit);
  }
  out << line << '\n';
}

void csv_line(std::ostream& out, const std::vector<std::string>& cells) {
  out << printable(fmt::format("{}", fmt::join(cells, ", "))) << '\n';
}

std::string csv_value(const FieldValue& value, std::string_view unit, CsvFormat format) {
  if (!value) return value.error().code == node::err_not_supported ? "[N/A]" : fmt::format("[{}]", value.error().text);
  return format.units && !unit.empty() ? fmt::format("{} {}", *value, unit) : *value;
}

void print_field(std::ostream& out, std::string_view name, std::string_view alias, std::string_view about) {
  out << fmt::format("\"{}\"", name);
  if (!alias.empty()) out << fmt::format(" or \"{}\"", alias);
  out << fmt::format("\n{}\n\n", about);
}

}  // namespace gpuslice::smi
