#include "smi/view/query.hpp"

#include "figures/figure.hpp"
#include "figures/snapshot.hpp"
#include "smi/gpu_select.hpp"
#include "smi/view/csv.hpp"

namespace gpuslice::smi {
namespace {

using fields::Row;
using fields::Rule;

FieldValue of_the_run(Session& session, GpuIndex gpu, const Row& row) {
  return figures::of_the_run({session.node, session.system.driver_version, session.environment.timestamp()}, gpu, row);
}

}  // namespace

std::expected<int, Complaint> query_gpu(Session& session, const Request& request) {
  const auto format = GPUSLICE_TRY(CsvFormat::parse(request.format));
  std::vector<const Row*> rows;
  std::vector<std::string_view> units;
  std::vector<std::pair<std::string_view, std::string_view>> header;
  for (const auto& name : split_list(request.fields)) {
    const Row* row = fields::find_query(name);
    if (row == nullptr) return std::unexpected(no_such_field(name));
    rows.push_back(&figures::in_force(session.format.driver, *row));
    units.push_back(row->query.unit);
    header.emplace_back(row->query.name, row->query.unit);
  }
  csv_header(session.out, format, header);
  for (const GpuIndex gpu : session.gpus) {
    const GpuFigures figures(session, gpu, rows, GpuFigures::For::query);
    std::vector<std::string> cells;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const Row& row = *rows[i];
      const auto value = row.rule == Rule::of_the_run ? of_the_run(session, gpu, row) : figures.asked(row);
      cells.push_back(csv_value(value, units[i], format));
    }
    csv_line(session.out, cells);
  }
  return 0;
}

void print_gpu_fields(std::ostream& out) {
  out << "List of valid properties to query for the switch \"--query-gpu\":\n\n";
  for (const Row* row : fields::query_rows()) print_field(out, row->query.name, row->query.alias, row->query.about);
}

}  // namespace gpuslice::smi
