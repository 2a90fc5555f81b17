// `gpuslice list`: the GPUs of a node, their GPU instances, compute instances and MIG devices, and the processes on
// them.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "base/printable.hpp"
#include "cli/catalogue.hpp"
#include "cli/change_words.hpp"
#include "cli/column_choice.hpp"
#include "cli/option_words.hpp"
#include "cli/plan_view.hpp"
#include "cli/schemas.hpp"
#include "cli/slices_view.hpp"
#include "cli/under_way_view.hpp"
#include "cli/verbs.hpp"
#include "ops/effects.hpp"
#include "plan/instance_text.hpp"
#include "plan/shape.hpp"
#include "report/table.hpp"
#include "store/inventory_file.hpp"

namespace gpuslice::cli {
namespace {

using report::Cell;
using report::Shown;
using report::Type;
using report::Unknown;

// One line of the table: a GPU, an instance, or a process.
struct Row {
  const model::Gpu* gpu{};
  const mig::GpuInstance* gi{};
  const mig::ComputeInstance* ci{};
  const model::Client* client{};
  const ops::UnderWay* change{};  // of a GPU that another process is changing
};

const model::NamedGi* made(const Row& row) {
  return row.gi != nullptr ? model::entry_of(row.gpu->made, *row.gi) : nullptr;
}
const model::NamedCi* made_inside(const Row& row) {
  const auto* parent = made(row);
  return parent != nullptr && row.ci != nullptr ? model::entry_of(parent->compute, *row.ci) : nullptr;
}
std::string name(const Row& row) {
  if (row.client != nullptr || row.gi == nullptr) return {};
  if (row.ci != nullptr) {
    const auto* inside = made_inside(row);
    return inside != nullptr ? inside->name : "";
  }
  const auto* ours = made(row);
  return ours != nullptr ? ours->name : "";
}

const char* kind(const Row& row) {
  if (row.client != nullptr) return "process";
  if (row.ci != nullptr) return "ci";
  return row.gi != nullptr ? "gi" : "gpu";
}

std::string profile(const Row& row) {
  if (row.gi == nullptr || row.client != nullptr) return {};
  if (row.ci == nullptr) return plan::profile_text(row.gpu->capability, row.gi->profile);
  return plan::share_text(row.gpu->capability, row.gi->profile, row.ci->profile);
}

// The MIG device of a compute instance, with its MIG index.
std::optional<std::pair<std::size_t, const model::MigDevice*>> device(const Row& row) {
  if (row.ci == nullptr || row.client != nullptr) return std::nullopt;
  const auto& all = row.gpu->devices;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i].gi == row.gi->id && all[i].ci == row.ci->id) return std::pair(i, &all[i]);
  return std::nullopt;
}

std::string uuid(const Row& row) {
  if (row.client != nullptr) return {};
  if (row.gi == nullptr) return row.gpu->uuid;
  const auto mig = device(row);
  return mig ? mig->second->uuid : "";
}

std::string mode(const model::Gpu& gpu) {
  if (!gpu.capability.mode.supported) return "none";
  if (!gpu.state.mig.compute_display) return "hidden";
  if (gpu.state.mig.mode == gpu.state.mig.pending) return gpu.state.mig.mode ? "on" : "off";
  return gpu.state.mig.pending ? "off, on pending" : "on, off pending";
}

std::string current_mode(const model::Gpu& gpu) {
  const auto word = mode(gpu);
  return word == "none" || word == "hidden" ? word : gpu.state.mig.mode ? "on" : "off";
}

Cell known(std::string value) { return value.empty() ? Cell(Unknown{}) : Cell(std::move(value)); }
// A value that does not exist, such as the name of an unnamed instance.
Cell given(std::string value) { return value.empty() ? Cell(report::None{}) : Cell(std::move(value)); }
template <class T>
Cell number(T value) {
  return Cell(static_cast<std::int64_t>(value));
}
bool is_process(const Row& row) { return row.client != nullptr; }
bool is_gpu(const Row& row) { return row.gi == nullptr && row.client == nullptr; }

Cell memory_mib(const Row& row) {
  if (is_process(row)) return row.client->memory_bytes ? number(*row.client->memory_bytes >> 20U) : Cell(Unknown{});
  if (row.gi == nullptr || row.ci != nullptr) return report::None{};
  const auto* found = row.gpu->capability.find(row.gi->profile);
  return found != nullptr && found->memory_mib ? number(*found->memory_mib) : Cell(Unknown{});
}
bool is_unread(const Row& row) { return is_gpu(row) && !row.gpu->problem.empty(); }

// A value that a GPU has, and that is unknown if the GPU cannot be read.
template <class Get>
auto of_gpu(Get get) {
  return [get](const Row& row) {
    if (!is_gpu(row)) return Cell(report::None{});
    return is_unread(row) ? Cell(Unknown{}) : Cell(get(*row.gpu));
  };
}
Cell pending_mode(const Row& row) {
  if (!is_gpu(row)) return report::None{};
  if (is_unread(row)) return Unknown{};
  const auto now = current_mode(*row.gpu);
  if (now == "none" || now == "hidden") return report::None{};
  return std::string(row.gpu->state.mig.pending ? "on" : "off");
}
Cell mig_index(const Row& row) {
  const auto found = device(row);
  return found ? number(found->first) : Cell(report::None{});
}
Cell mig(const Row& row) { return is_gpu(row) ? of_gpu(mode)(row) : mig_index(row); }
Cell mig_text(const Row& row) {
  const auto cell = mig(row);
  return std::holds_alternative<std::int64_t>(cell) ? Cell(report::as_text(cell)) : cell;
}
Cell profile_or_name(const Row& row) {
  return is_gpu(row) ? of_gpu([](const model::Gpu& gpu) { return gpu.name; })(row) : given(profile(row));
}
// In JSON and CSV, the id tells apart two compute instance profiles of the same size.
Cell profile_name(const Row& row) {
  if (is_process(row) || row.gi == nullptr) return report::None{};
  if (row.ci != nullptr) return known(ops::share_name(row.gpu->capability, row.gi->profile, row.ci->profile));
  const auto* found = row.gpu->capability.find(row.gi->profile);
  return known(found != nullptr ? std::string(found->name) : std::string{});
}
Cell profile_id(const Row& row) {
  if (is_process(row) || row.gi == nullptr) return report::None{};
  return row.ci != nullptr ? number(row.ci->profile.value) : number(row.gi->profile.value);
}
Cell where(const Row& row) {
  if (is_process(row) || row.gi == nullptr) return report::None{};
  const auto placement = row.ci != nullptr ? row.ci->placement : row.gi->placement;
  return report::Span{placement.start, placement.size};
}
Cell made_by(const Row& row) {
  if (is_process(row) || row.gi == nullptr) return report::None{};
  if (!row.gpu->made_known) return Unknown{};
  const bool ours = row.ci != nullptr ? made_inside(row) != nullptr : made(row) != nullptr;
  return std::string(ours ? "gpuslice" : "others");
}

// The table has the column of problems only if a GPU has one.
std::vector<report::Column<Row>> columns(Shown problems) {
  using report::None;
  const auto of_process = [](auto get) {
    return [get](const Row& r) { return is_process(r) ? get(*r.client) : Cell(None{}); };
  };
  const auto of_change = [](auto get) {
    return [get](const Row& r) { return r.change != nullptr ? get(r.change->by) : Cell(None{}); };
  };
  using Client = model::Client;
  return {
      {"kind", "KIND", Type::text, "gpu, gi, ci or process", [](const Row& r) { return Cell(std::string(kind(r))); },
       Shown::always, report::Known::always},
      {"gpu", "GPU", Type::number, "index of the GPU", [](const Row& r) { return number(r.gpu->index.value); },
       Shown::always, report::Known::always},
      {"gi", "GI", Type::number, "GPU instance id",
       [](const Row& r) { return r.gi != nullptr ? number(r.gi->id.value) : Cell(None{}); }},
      {"ci", "CI", Type::number, "compute instance id",
       [](const Row& r) { return r.ci != nullptr ? number(r.ci->id.value) : Cell(None{}); }},
      {"mig", "MIG", Type::text, "only in tables: MIG mode of a GPU; index of the MIG device of a compute instance",
       mig_text, Shown::table_only},
      {"mig_mode", "MIG MODE", Type::text, "MIG mode of a GPU: on, off, hidden (by its display mode) or none (no MIG)",
       of_gpu(current_mode), Shown::data_only},
      {"mig_pending", "MIG PENDING", Type::text, "on or off: MIG mode of a GPU after its next reset", pending_mode,
       Shown::data_only},
      {"mig_index", "MIG INDEX", Type::number, "index of the compute instance's MIG device", mig_index,
       Shown::data_only},
      {"gpu_name", "GPU NAME", Type::text, "name of the GPU", of_gpu([](const model::Gpu& gpu) { return gpu.name; }),
       Shown::data_only},
      {"profile", "PROFILE", Type::text, "", profile_or_name, Shown::table_only},
      {"profile", "PROFILE", Type::text, "profile of the instance; in tables, for a GPU, its name", profile_name,
       Shown::data_only},
      {"profile_id", "PROFILE ID", Type::number, "profile id of the instance", profile_id, Shown::data_only},
      {"placement", "PLACEMENT", Type::span, "start and size", where},
      {"name", "NAME", Type::text, "name given by a layout or by create --name",
       [](const Row& r) { return given(name(r)); }},
      {"made_by", "MADE BY", Type::text, "who created the instance: gpuslice, or others", made_by},
      {"uuid", "UUID", Type::text, "UUID of the GPU or MIG device",
       [](const Row& r) { return is_unread(r) ? Cell(Unknown{}) : given(uuid(r)); }},
      {"pci", "PCI", Type::text, "PCI address of the GPU", of_gpu([](const model::Gpu& gpu) { return gpu.pci; }),
       Shown::data_only},
      {"pid", "PID", Type::number, "process id", of_process([](const Client& c) { return number(c.pid); })},
      {"user", "USER", Type::text, "user who runs the process",
       of_process([](const Client& c) { return known(c.user); })},
      {"command", "COMMAND", Type::text, "command line of the process",
       of_process([](const Client& c) { return known(c.command); })},
      {"memory_mib", "MEMORY MiB", Type::number, "size of an instance, or memory that a process uses", memory_mib},
      {"changing", "CHANGING", Type::text, "command of the other gpuslice that is changing the GPU",
       of_change([](const store::Holder& by) { return known(by.command); }), report::Shown::data_only},
      {"changing_user", "CHANGED BY", Type::text, "user who runs that command",
       of_change([](const store::Holder& by) { return known(by.user); }), report::Shown::data_only},
      {"changing_pid", "CHANGED BY PID", Type::number, "process id of that command",
       of_change([](const store::Holder& by) { return by.pid != 0 ? number(by.pid) : Cell(Unknown{}); }),
       report::Shown::data_only},
      {"changing_since", "CHANGED SINCE", Type::text, "when that command started (UTC)",
       of_change([](const store::Holder& by) { return known(by.since); }), report::Shown::data_only},
      {"problem", "PROBLEM", Type::text, "why the GPU cannot be read",
       [](const Row& r) { return given(is_gpu(r) ? r.gpu->problem : ""); }, problems},
  };
}

Row gpu_row(const model::Gpu& gpu, const std::optional<ops::UnderWay>& changing) {
  return {&gpu, nullptr, nullptr, nullptr, changing && is_of(*changing, gpu.index) ? &*changing : nullptr};
}

std::vector<Row> rows_of(const model::Inventory& inventory, const std::optional<ops::UnderWay>& changing) {
  std::vector<Row> rows;
  for (const auto& gpu : inventory.gpus) {
    rows.push_back(gpu_row(gpu, changing));
    if (!gpu.problem.empty()) continue;
    const auto processes = [&](const mig::GpuInstance* gi, const mig::ComputeInstance* ci) {
      for (const auto& client : gpu.clients)
        if (client.gi == (gi != nullptr ? std::optional(gi->id) : std::nullopt) &&
            client.ci == (ci != nullptr ? std::optional(ci->id) : std::nullopt))
          rows.push_back({&gpu, gi, ci, &client, nullptr});
    };
    processes(nullptr, nullptr);
    for (const auto& gi : gpu.state.mig.partition.instances) {
      rows.push_back({&gpu, &gi, nullptr, nullptr, nullptr});
      processes(&gi, nullptr);
      for (const auto& ci : gi.compute) {
        rows.push_back({&gpu, &gi, &ci, nullptr, nullptr});
        processes(&gi, &ci);
      }
    }
  }
  return rows;
}

std::string tree_line(const Row& row) {
  const auto quoted = [](const std::string& word) { return word.empty() ? "" : "  \"" + word + "\""; };
  if (row.client != nullptr) {
    const char* indent = row.ci != nullptr ? "      " : row.gi != nullptr ? "    " : "  ";
    return indent + client_text(*row.client);
  }
  if (is_unread(row)) return fmt::format("GPU {}  cannot be read: {}", row.gpu->index.value, row.gpu->problem);
  if (row.gi == nullptr)
    return fmt::format("GPU {}  {}  {}  MIG {}{}", row.gpu->index.value, row.gpu->name, row.gpu->uuid, mode(*row.gpu),
                       row.change != nullptr ? "  being changed by " + changer_text(*row.change) : "");
  const bool foreign = row.gpu->made_known && (row.ci != nullptr ? made_inside(row) == nullptr : made(row) == nullptr);
  if (row.ci == nullptr)
    return fmt::format("  {}  GPU instance {} at {}{}{}{}", profile(row), row.gi->id.value,
                       plan::place_text(row.gi->placement), quoted(name(row)),
                       foreign ? "  (not created by gpuslice)" : "",
                       row.gi->compute.empty() ? "  without compute instances" : "");
  const auto mig = device(row);
  return fmt::format("    {}  compute instance {} at {}{}{}", profile(row), row.ci->id.value,
                     plan::place_text(row.ci->placement), quoted(name(row)),
                     mig ? fmt::format("  MIG device {}  {}", mig->first, mig->second->uuid) : "");
}

struct ListWords {
  std::string output{"tree"};
  std::vector<std::string> columns;
  double timeout_s{reading_timeout_s};
};

void draw(const ops::Seen& seen, const Terminal& terminal) {
  bool slices = false;
  for (const auto& gpu : seen.inventory.gpus) {
    terminal.out << printable(tree_line(gpu_row(gpu, seen.changing))) << '\n';
    if (!gpu.problem.empty() || !gpu.state.mig.mode) continue;
    terminal.out << slices_drawing(gpu.capability, gpu.state, gpu.made, gpu.clients);
    slices = true;
  }
  if (slices) terminal.out << slices_legend();
}

Result<int> list(const CommandLine& line, const ListWords& words) {
  const auto& terminal = line.terminal;
  const bool as_table = words.output != "json" && words.output != "csv";
  const auto chosen = GPUSLICE_TRY(chosen_columns(columns(Shown::data_only), words.columns, as_table));
  // A saved inventory includes everything that the GPUs support, because plans are computed from it.
  const auto ask = words.output == "inventory" ? ops::Ask::all : ops::Ask::what_stands;
  const auto seen = GPUSLICE_TRY(ops::see(GPUSLICE_TRY(open_subject(line, nullptr, words.timeout_s)), ask));
  const auto rows = rows_of(seen.inventory, seen.changing);
  const auto problems = std::ranges::any_of(rows, is_unread) ? Shown::always : Shown::data_only;
  const bool tree = words.output == "tree" && words.columns.empty();
  if (words.output == "inventory")
    terminal.out << store::write_inventory(seen.inventory);
  else if (tree)
    for (const auto& row : rows) terminal.out << printable(tree_line(row)) << '\n';
  else if (words.output == "drawing")
    draw(seen, terminal);
  else
    print(report::sheet(words.columns.empty() ? columns(problems) : chosen, rows),
          words.output == "tree" ? "table" : words.output, terminal.out);
  bool whole = true;
  for (const auto& gpu : seen.inventory.gpus) {
    if (gpu.problem.empty()) continue;
    whole = false;
    terminal.err << fmt::format("gpuslice: GPU {}: {}\n", gpu.index.value, printable(gpu.problem));
  }
  warn_cut_off(seen, line);
  return status(whole ? Exit::done : Exit::unknown);
}

}  // namespace

report::schema::Json list_schema() { return report::schema::rows(report::heads(columns(Shown::always))); }

void add_list_verb(CommandLine& line) {
  auto verb = line.app.add_subcommand("list", "Show the GPUs, instances and processes of a node");
  auto words = std::make_shared<ListWords>();
  add_choice(verb, "--output", words->output, {"tree", "table", "json", "csv", "drawing", "inventory"},
             "Print in this format (default tree); inventory is the file that plan --from reads");
  add_columns_option(verb, words->columns);
  add_reading_timeout(verb, words->timeout_s);
  verb.footer([] { return column_help(report::heads(columns(Shown::always))); });
  verb.fallthrough();
  verb.callback([&line, words] { line.chosen = [&line, words] { return list(line, *words); }; });
}

}  // namespace gpuslice::cli
