#include "smi/view/query_lists.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "smi/cells.hpp"
#include "smi/gpu_select.hpp"
#include "smi/view/csv.hpp"
#include "smi/view/processes.hpp"

namespace gpuslice::smi {
namespace {

using fields::Row;

// What one output line of each query describes.
struct ClockPair {
  FieldValue memory, graphics;
};
struct PageLine {
  FieldValue address, time;
  const char* cause;
};
struct RemappedRows {};  // a line describes the GPU itself

// The figures of the GPU that can be shown on every line.
std::vector<const Row*> rows_of_every_line() {
  std::vector<const Row*> rows;
  for (const char* name : {"gpu_name", "gpu_bus_id", "gpu_serial", "gpu_uuid"})
    rows.push_back(fields::find_query(name));
  return rows;
}
std::vector<const Row*> remapped_rows() {
  std::vector<const Row*> rows;
  for (const Row* row : fields::query_rows())
    if (row->query.name.starts_with("remapped_rows.")) rows.push_back(row);
  return rows;
}

template <class Record>
std::vector<Column<Record>> gpu_columns() {
  const auto figure = [](const char* name) {
    return [row = fields::find_query(name)](const GpuFigures& gpu, const Record&) { return gpu.asked(*row); };
  };
  return {{"timestamp", "", "", "Local time of the query, YYYY/MM/DD HH:MM:SS.msec.",
           [](const GpuFigures& gpu, const Record&) { return FieldValue(gpu.session().environment.timestamp()); }},
          {"gpu_name", "", "", "Product name of the GPU.", figure("gpu_name")},
          {"gpu_bus_id", "", "", "PCI address of the GPU.", figure("gpu_bus_id")},
          {"gpu_serial", "", "", "Serial number of the board.", figure("gpu_serial")},
          {"gpu_uuid", "", "", "UUID of the GPU.", figure("gpu_uuid")}};
}
template <class Record>
std::vector<Column<Record>> with_gpu_columns(std::vector<Column<Record>> own) {
  auto all = gpu_columns<Record>();
  all.insert(all.end(), std::make_move_iterator(own.begin()), std::make_move_iterator(own.end()));
  return all;
}

FieldValue absent(const GpuFigures& gpu) {
  return std::unexpected(
      node::DriverError{node::err_not_supported, gpu.session().node.identity().error_text(node::err_not_supported)});
}
template <class T>
FieldValue known(const GpuFigures& gpu, const std::optional<T>& figure) {
  if (!figure) return absent(gpu);
  return std::to_string(*figure);
}

std::vector<Column<ProcessRow>> app_columns() {
  return with_gpu_columns<ProcessRow>(
      {{"pid", "", "", "Process id.",
        [](const GpuFigures&, const ProcessRow& r) { return FieldValue(std::to_string(r.process.pid)); }},
       {"process_name", "name", "", "Name of the process.",
        [](const GpuFigures&, const ProcessRow& r) { return FieldValue(r.process.name); }},
       {"used_gpu_memory", "used_memory", "MiB", "Frame buffer in use by the process.",
        [](const GpuFigures& gpu, const ProcessRow& r) {
          return r.process.memory ? FieldValue(std::to_string(*r.process.memory / mib)) : absent(gpu);
        }}});
}
std::vector<Column<ClockPair>> clock_columns() {
  return with_gpu_columns<ClockPair>(
      {{"memory", "mem", "MHz", "Memory clock.", [](const GpuFigures&, const ClockPair& p) { return p.memory; }},
       {"graphics", "gr", "MHz", "Graphics clock that goes with it.",
        [](const GpuFigures&, const ClockPair& p) { return p.graphics; }}});
}
std::vector<Column<node::AccountedProcess>> accounting_columns() {
  using Process = node::AccountedProcess;
  return with_gpu_columns<Process>(
      {{"vgpu_instance", "", "", "Virtual GPU that the process ran on.",
        [](const GpuFigures& gpu, const Process&) { return absent(gpu); }},
       {"pid", "", "", "Process id.",
        [](const GpuFigures&, const Process& p) { return FieldValue(std::to_string(p.pid)); }},
       {"gpu_utilization", "gpu_util", "%", "Share of its time in which a kernel of it ran.",
        [](const GpuFigures& gpu, const Process& p) { return known(gpu, p.gpu_percent); }},
       {"mem_utilization", "mem_util", "%", "Share of its time in which memory was read or written.",
        [](const GpuFigures& gpu, const Process& p) { return known(gpu, p.memory_percent); }},
       {"max_memory_usage", "", "MiB", "Most frame buffer that it had in use.",
        [](const GpuFigures& gpu, const Process& p) {
          return p.most_memory ? FieldValue(std::to_string(*p.most_memory / mib)) : absent(gpu);
        }},
       {"time", "", "ms", "How long it had a context; 0 while it has one.",
        [](const GpuFigures&, const Process& p) { return FieldValue(std::to_string(p.milliseconds)); }}});
}
std::vector<Column<PageLine>> page_columns() {
  return with_gpu_columns<PageLine>(
      {{"retired_pages.address", "", "", "Address of a retired page.",
        [](const GpuFigures&, const PageLine& l) { return l.address; }},
       {"retired_pages.timestamp", "", "", "When it was retired.",
        [](const GpuFigures&, const PageLine& l) { return l.time; }},
       {"retired_pages.cause", "", "", "Why: Single Bit ECC (many corrected errors) or Double Bit ECC (uncorrected).",
        [](const GpuFigures&, const PageLine& l) { return FieldValue(l.cause); }}});
}
std::vector<Column<RemappedRows>> remapping_columns() {
  auto columns = gpu_columns<RemappedRows>();
  for (const Row* row : remapped_rows()) {
    columns.push_back({row->query.name, row->query.alias, row->query.unit, row->query.about,
                       [row](const GpuFigures& gpu, const RemappedRows&) { return gpu.asked(*row); }});
  }
  return columns;
}

std::vector<ProcessRow> app_records(const GpuFigures& gpu) {
  auto& node = gpu.session().node;
  auto rows = process_rows(node, gpu.gpu());
  std::erase_if(rows, [](const ProcessRow& row) {
    return (row.process.kinds & static_cast<unsigned>(node::ProcessKind::compute)) == 0;
  });
  return rows;
}
std::vector<ClockPair> clock_records(const GpuFigures& gpu) {
  auto& node = gpu.session().node;
  const auto memory_clocks = node.readings().memory_clocks(gpu.gpu());
  if (!memory_clocks) return {{std::unexpected(memory_clocks.error()), std::unexpected(memory_clocks.error())}};
  std::vector<ClockPair> pairs;
  for (const auto memory : *memory_clocks) {
    const auto graphics_clocks = node.readings().graphics_clocks(gpu.gpu(), memory);
    if (!graphics_clocks) pairs.push_back({std::to_string(memory), std::unexpected(graphics_clocks.error())});
    for (const auto graphics : graphics_clocks.value_or(std::vector<std::uint32_t>{}))
      pairs.push_back({std::to_string(memory), std::to_string(graphics)});
  }
  return pairs;
}
std::vector<node::AccountedProcess> accounting_records(const GpuFigures& gpu) {
  return gpu.session().node.processes().accounted_processes(gpu.gpu()).value_or(std::vector<node::AccountedProcess>{});
}
// If a list is refused, its cause has one line; if it is empty, it has no line.
std::vector<PageLine> page_records(const GpuFigures& gpu) {
  std::vector<PageLine> lines;
  for (const bool uncorrected : {false, true}) {
    const char* cause = uncorrected ? "Double Bit ECC" : "Single Bit ECC";
    const auto pages = gpu.session().node.readings().retired_pages(gpu.gpu(), uncorrected);
    if (!pages) lines.push_back({std::unexpected(pages.error()), std::unexpected(pages.error()), cause});
    for (const auto& page : pages.value_or(std::vector<node::RetiredPage>{})) {
      const auto time = page.seconds
                            ? FieldValue(fields::shown(fields::Show::moment, fields::Value(*page.seconds * 1'000'000),
                                                       fields::Form::report, gpu.session().environment.now.tm_gmtoff))
                            : absent(gpu);
      lines.push_back({fmt::format("0x{:016x}", page.address), time, cause});
    }
  }
  return lines;
}

template <class Record>
std::expected<int, Complaint> query(Session& session, const Request& request,
                                    const std::vector<Column<Record>>& columns,
                                    std::vector<Record> (*records)(const GpuFigures&)) {
  const auto format = GPUSLICE_TRY(CsvFormat::parse(request.format));
  std::vector<const Column<Record>*> chosen;
  std::vector<std::pair<std::string_view, std::string_view>> header;
  for (const auto& name : split_list(request.fields)) {
    const auto found =
        std::ranges::find_if(columns, [&](const Column<Record>& c) { return c.name == name || c.alias == name; });
    if (found == columns.end()) return std::unexpected(no_such_field(name));
    chosen.push_back(&*found);
    header.emplace_back(found->name, found->unit);
  }
  csv_header(session.out, format, header);
  auto rows = rows_of_every_line();
  if constexpr (std::is_same_v<Record, RemappedRows>) {
    const auto more = remapped_rows();
    rows.insert(rows.end(), more.begin(), more.end());
  }
  for (const GpuIndex gpu : session.gpus) {
    const GpuFigures figures(session, gpu, rows, GpuFigures::For::query);
    for (const auto& record : records(figures)) {
      std::vector<std::string> cells;
      for (const auto* column : chosen) cells.push_back(csv_value(column->read(figures, record), column->unit, format));
      csv_line(session.out, cells);
    }
  }
  return 0;
}

template <class Record>
void print_columns(std::ostream& out, std::string_view option, const std::vector<Column<Record>>& columns) {
  out << fmt::format("List of valid properties to query for the switch \"{}\":\n\n", option);
  for (const auto& column : columns) print_field(out, column.name, column.alias, column.about);
}

}  // namespace

std::expected<int, Complaint> query_list(Session& session, const Request& request) {
  switch (request.query) {
    case Query::compute_apps:
      return query(session, request, app_columns(), app_records);
    case Query::supported_clocks:
      return query(session, request, clock_columns(), clock_records);
    case Query::accounted_apps:
      return query(session, request, accounting_columns(), accounting_records);
    case Query::retired_pages:
      return query(session, request, page_columns(), page_records);
    default:
      return query<RemappedRows>(session, request, remapping_columns(),
                                 [](const GpuFigures&) { return std::vector<RemappedRows>(1); });
  }
}

void print_list_fields(std::ostream& out, Query query) {
  switch (query) {
    case Query::compute_apps:
      return print_columns(out, "--query-compute-apps", app_columns());
    case Query::supported_clocks:
      return print_columns(out, "--query-supported-clocks", clock_columns());
    case Query::accounted_apps:
      return print_columns(out, "--query-accounted-apps", accounting_columns());
    case Query::retired_pages:
      return print_columns(out, "--query-retired-pages", page_columns());
    default:
      return print_columns(out, "--query-remapped-rows", remapping_columns());
  }
}

}  // namespace gpuslice::smi
