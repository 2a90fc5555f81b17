#include "smi/query.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "smi/gpu_select.hpp"
#include "smi/query_fields.hpp"

namespace gpuslice::smi {
namespace {

// The asked-for fields of a table, in the order typed.
template <class Field>
std::expected<std::vector<const Field*>, Complaint> find_fields(std::span<const Field> table, const std::string& list) {
  std::vector<const Field*> fields;
  for (const auto& name : split_list(list)) {
    const auto field = std::ranges::find_if(table, [&](const Field& f) { return f.name == name || f.alias == name; });
    if (field != table.end()) {
      fields.push_back(&*field);
    } else if (std::is_same_v<Field, GpuField> && is_known_elsewhere(name)) {
      return std::unexpected(not_there_yet(fmt::format("the query field \"{}\"", name)));
    } else {
      return std::unexpected(Complaint{fmt::format("Field \"{}\" is not a valid field to query.\n\n", name), 2, false});
    }
  }
  return fields;
}

template <class Field>
void header_line(std::ostream& out, const std::vector<const Field*>& fields, CsvFormat format) {
  if (!format.header) return;
  std::string line;
  for (const auto* field : fields) {
    if (!line.empty()) line += ", ";
    line += field->name;
    if (format.units && !field->unit.empty()) line += fmt::format(" [{}]", field->unit);
  }
  out << line << '\n';
}

// Refused values: [N/A] where the GPU does not have the figure, the driver's words in brackets otherwise (recorded).
std::string value_text(const FieldValue& value, std::string_view unit, CsvFormat format) {
  if (!value) return value.error().code == node::err_not_supported ? "[N/A]" : fmt::format("[{}]", value.error().text);
  return format.units && !unit.empty() ? fmt::format("{} {}", *value, unit) : *value;
}

template <class Field, class Subject>
void value_line(Session& session, const std::vector<const Field*>& fields, CsvFormat format, const Subject& subject) {
  std::string line;
  bool first = true;
  for (const auto* field : fields) {
    if (!first) line += ", ";
    first = false;
    line += value_text(field->read(session, subject), field->unit, format);
  }
  session.out << line << '\n';
}

template <class Field>
void print_fields(std::ostream& out, std::string_view option, std::span<const Field> table) {
  out << fmt::format("List of valid properties to query for the switch \"{}\":\n\n", option);
  for (const auto& field : table) {
    out << fmt::format("\"{}\"", field.name);
    if (!field.alias.empty()) out << fmt::format(" or \"{}\"", field.alias);
    out << fmt::format("\n{}\n\n", field.about);
  }
}

}  // namespace

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

std::expected<int, Complaint> query_gpu(Session& session, const Options& options) {
  const auto format = GPUSLICE_TRY(CsvFormat::parse(options.format));
  const auto fields = GPUSLICE_TRY(find_fields(gpu_fields(), options.fields));
  header_line(session.out, fields, format);
  for (const GpuIndex gpu : session.gpus) value_line(session, fields, format, gpu);
  return 0;
}

std::expected<int, Complaint> query_compute_apps(Session& session, const Options& options) {
  const auto format = GPUSLICE_TRY(CsvFormat::parse(options.format));
  const auto fields = GPUSLICE_TRY(find_fields(app_fields(), options.fields));
  header_line(session.out, fields, format);
  for (const GpuIndex gpu : session.gpus) {
    const auto mig = session.node.mig_mode(gpu);
    for (const auto& row : process_rows(session.node, gpu, mig && mig->current)) {
      if ((row.process.kinds & static_cast<unsigned>(node::ProcessKind::compute)) == 0) continue;
      value_line(session, fields, format, row);
    }
  }
  return 0;
}

void print_gpu_fields(std::ostream& out) { print_fields(out, "--query-gpu", gpu_fields()); }
void print_app_fields(std::ostream& out) { print_fields(out, "--query-compute-apps", app_fields()); }

}  // namespace gpuslice::smi
