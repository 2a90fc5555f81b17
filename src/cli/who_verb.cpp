// `gpuslice who`: which process uses which slice, whose it is, and the unit, container, pod or job that it belongs to.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>

#include "base/number.hpp"
#include "base/printable.hpp"
#include "cli/catalogue.hpp"
#include "cli/change_words.hpp"
#include "cli/column_choice.hpp"
#include "cli/option_words.hpp"
#include "cli/schemas.hpp"
#include "cli/verbs.hpp"
#include "ops/who.hpp"
#include "report/table.hpp"

namespace gpuslice::cli {
namespace {

using report::Cell;
using report::None;
using report::Shown;
using report::Type;
using report::Unknown;

// One line of the table: a process on a slice, or a GPU that cannot be read.
struct Row {
  const model::Gpu* gpu{};
  const ops::Use* use{};
};

template <class T>
Cell number(T value) {
  return Cell(static_cast<std::int64_t>(value));
}
Cell known(std::string value) { return value.empty() ? Cell(Unknown{}) : Cell(std::move(value)); }
Cell given(std::string value) { return value.empty() ? Cell(None{}) : Cell(std::move(value)); }

// Of a process; of a GPU that cannot be read it is not known who uses it.
template <class Get>
auto of_use(Get get) {
  return [get](const Row& row) { return row.use != nullptr ? Cell(get(*row.use)) : Cell(Unknown{}); };
}

// What /proc says about the process.
template <class Get>
auto of_process(Get get) {
  return of_use([get](const ops::Use& use) {
    return use.process ? Cell(get(*use.process)) : Cell(Unknown{use.process.error().what});
  });
}
template <class Get>
auto of_membership(Get get) {
  return of_process([get](const hostfiles::Process& process) {
    return process.membership ? Cell(get(*process.membership)) : Cell(Unknown{"its control groups cannot be read"});
  });
}

// The Type column of nvidia-smi.
Cell type(const ops::Use& use) {
  const auto& kinds = use.client->kinds;
  std::string text;
  if (kinds.compute) text = kinds.mps ? "M+C" : "C";
  if (kinds.graphics) text += text.empty() ? "G" : "+G";
  return known(text);
}

Cell engine(const hostfiles::Membership& of) {
  if (!of.container) return None{};
  return of.container->engine ? Cell(std::string(word(*of.container->engine)))
                              : Cell(Unknown{"the control group does not name it"});
}

// Of the pod that the process belongs to.
template <class Get>
auto of_pod(Get get) {
  return of_use([get](const ops::Use& use) {
    if (!use.process) return Cell(Unknown{use.process.error().what});
    if (!use.process->membership) return Cell(Unknown{"its control groups cannot be read"});
    if (use.process->membership->pod_uid.empty()) return Cell(None{});
    return use.pod ? Cell(get(*use.pod)) : Cell(Unknown{"/var/log/pods has no logs of it"});
  });
}

std::string container_text(const hostfiles::Container& container) {
  return fmt::format("{} {}", container.engine ? word(*container.engine) : "container", short_id(container));
}
std::string job_text(const hostfiles::SlurmJob& job) {
  return fmt::format("Slurm job {}{}", job.job, job.step.empty() ? "" : "." + job.step);
}
// What a person would stop or ask about: the pod rather than its container, the job rather than the unit of Slurm.
Cell runs_in(const ops::Use& use) {
  if (!use.process || !use.process->membership) return Unknown{};
  const auto& of = *use.process->membership;
  if (use.pod) return "pod " + use.pod->space + "/" + use.pod->name;
  if (!of.pod_uid.empty()) return "pod " + of.pod_uid;
  if (of.container) return container_text(*of.container);
  if (of.job) return job_text(*of.job);
  return given(of.user_unit.empty() ? of.unit : of.user_unit);
}

std::vector<report::Column<Row>> columns(Shown problems) {
  using hostfiles::Membership;
  using hostfiles::PodName;
  using hostfiles::Process;
  using ops::Use;
  return {
      {"kind", "KIND", Type::text, "process, or gpu: one that cannot be read",
       [](const Row& r) { return Cell(std::string(r.use != nullptr ? "process" : "gpu")); }, Shown::data_only,
       report::Known::always},
      {"pid", "PID", Type::number, "process id", of_use([](const Use& u) { return number(u.client->pid); })},
      {"user", "USER", Type::text, "user who runs the process", of_use([](const Use& u) { return known(u.user); })},
      {"uid", "UID", Type::number, "its id", of_process([](const Process& p) { return number(p.uid); }),
       Shown::data_only},
      {"gpu", "GPU", Type::number, "index of the GPU", [](const Row& r) { return number(r.gpu->index.value); },
       Shown::always, report::Known::always},
      {"gi", "GI", Type::number, "GPU instance id",
       of_use([](const Use& u) { return u.client->gi ? number(u.client->gi->value) : Cell(None{}); })},
      {"ci", "CI", Type::number, "compute instance id",
       of_use([](const Use& u) { return u.client->ci ? number(u.client->ci->value) : Cell(None{}); })},
      {"name", "NAME", Type::text, "name of the instance, given by a layout or by create --name",
       of_use([](const Use& u) { return u.gpu->made_known ? given(u.slice) : Cell(Unknown{}); })},
      {"uuid", "UUID", Type::text, "UUID of the MIG device, or of the GPU when it is used as a whole",
       of_use([](const Use& u) { return given(u.uuid); }), Shown::data_only},
      {"memory_mib", "MEMORY MiB", Type::number, "memory of the GPU that the process uses", of_use([](const Use& u) {
         return u.client->memory_bytes ? number(*u.client->memory_bytes >> 20U) : Cell(Unknown{});
       })},
      {"type", "TYPE", Type::text, "C: it computes, G: graphics, M: a client of an MPS server; as in nvidia-smi",
       of_use(type)},
      {"started", "STARTED", Type::text, "when the process started (UTC)",
       of_process([](const Process& p) { return p.started ? Cell(hostfiles::utc_text(*p.started)) : Cell(Unknown{}); }),
       Shown::data_only},
      {"runs_in", "RUNS IN", Type::text, "only in tables: the pod, container, Slurm job or unit", of_use(runs_in),
       Shown::table_only},
      {"unit", "UNIT", Type::text, "systemd unit, or the slice of a process that is in none",
       of_membership([](const Membership& m) { return given(m.unit); }), Shown::data_only},
      {"user_unit", "USER UNIT", Type::text, "unit of the user's own systemd",
       of_membership([](const Membership& m) { return given(m.user_unit); }), Shown::data_only},
      {"container", "CONTAINER", Type::text, "id of the container, or name of an LXC container",
       of_membership([](const Membership& m) { return given(m.container ? m.container->id : ""); }), Shown::data_only},
      {"engine", "ENGINE", Type::text, "docker, podman, containerd, cri-o or lxc", of_membership(engine),
       Shown::data_only},
      {"pod_namespace", "POD NAMESPACE", Type::text, "namespace of the Kubernetes pod",
       of_pod([](const PodName& p) { return Cell(p.space); }), Shown::data_only},
      {"pod", "POD", Type::text, "its name", of_pod([](const PodName& p) { return Cell(p.name); }), Shown::data_only},
      {"pod_uid", "POD UID", Type::text, "its uid", of_membership([](const Membership& m) { return given(m.pod_uid); }),
       Shown::data_only},
      {"slurm_job", "SLURM JOB", Type::number, "id of the Slurm job",
       of_membership([](const Membership& m) { return m.job ? number(m.job->job) : Cell(None{}); }), Shown::data_only},
      {"slurm_step", "SLURM STEP", Type::text, "its step, such as 0 or batch",
       of_membership([](const Membership& m) { return given(m.job ? m.job->step : ""); }), Shown::data_only},
      {"command", "COMMAND", Type::text, "command line of the process",
       of_use([](const Use& u) { return known(u.command); })},
      {"process_name", "PROCESS NAME", Type::text, "what the driver calls the process",
       of_use([](const Use& u) { return known(u.client->command); }), Shown::data_only},
      {"problem", "PROBLEM", Type::text, "why the GPU cannot be read",
       [](const Row& r) { return given(r.use == nullptr ? r.gpu->problem : ""); }, problems},
  };
}

struct WhoWords {
  ops::WhoFilter filter;
  std::string output{"table"};
  std::vector<std::string> columns;
  double timeout_s{reading_timeout_s};
};

// "no process of alice uses train"
std::string nobody_text(const ops::WhoFilter& filter, bool some_unread) {
  const auto is_number = [](const std::string& word) { return parse_number<std::uint32_t>(word).has_value(); };
  std::string of;
  if (!filter.user.empty()) of = (is_number(filter.user) ? " of user " : " of ") + printable(filter.user);
  std::string what = some_unread ? "the GPUs that can be read" : "the GPUs of this node";
  if (!filter.gpus.empty() && filter.gpus != std::vector<std::string>{"all"})
    what = (filter.gpus.size() == 1 ? "GPU " : "GPUs ") + printable(fmt::format("{}", fmt::join(filter.gpus, ", ")));
  if (!filter.word.empty() && !is_number(filter.word)) what = printable(filter.word);
  return fmt::format("no process{} uses {}", of, what);
}

// GPUs that cannot be read may be what is asked for, unless other GPUs are named.
std::vector<const model::Gpu*> unread(const model::Inventory& inventory, const ops::WhoFilter& filter) {
  std::vector<const model::Gpu*> all;
  if (!filter.word.empty() || !filter.gpus.empty()) return all;
  for (const auto& gpu : inventory.gpus)
    if (!gpu.problem.empty()) all.push_back(&gpu);
  return all;
}

Result<int> who(const CommandLine& line, const WhoWords& words) {
  const auto& terminal = line.terminal;
  const bool table = words.output == "table";
  const auto chosen = GPUSLICE_TRY(chosen_columns(columns(Shown::data_only), words.columns, table));
  const auto subject = GPUSLICE_TRY(open_subject(line, nullptr, words.timeout_s));
  const auto seen = GPUSLICE_TRY(ops::see(subject, ops::Ask::what_stands));
  // Clients of a simulated node are processes of this host too.
  const auto uses = GPUSLICE_TRY(ops::who(seen.inventory, words.filter, ""));
  std::vector<Row> rows;
  for (const auto& use : uses.all) rows.push_back({use.gpu, &use});
  const auto lost = unread(seen.inventory, words.filter);
  for (const auto* gpu : lost) rows.push_back({gpu, nullptr});
  std::ranges::stable_sort(rows, {}, [](const Row& row) { return row.gpu->index; });
  if (uses.all.empty() && table) {
    terminal.out << nobody_text(words.filter, !lost.empty()) << '\n';
  } else {
    const auto shown = words.columns.empty() ? columns(lost.empty() ? Shown::data_only : Shown::always) : chosen;
    print(report::sheet(shown, rows), words.output, terminal.out);
  }
  if (uses.without_known_user != 0)
    terminal.err << fmt::format("gpuslice: note: {} process{} left out, whose user is not known\n",
                                uses.without_known_user, uses.without_known_user == 1 ? " is" : "es are");
  for (const auto* gpu : lost)
    terminal.err << fmt::format("gpuslice: GPU {}: {}\n", gpu->index.value, printable(gpu->problem));
  warn_cut_off(seen, line);
  return status(lost.empty() ? Exit::done : Exit::unknown);
}

}  // namespace

report::schema::Json who_schema() { return report::schema::rows(report::heads(columns(Shown::always))); }

void add_who_verb(CommandLine& line) {
  auto verb = line.app.add_subcommand("who", "Show which process, container or pod uses which GPU or instance");
  auto words = std::make_shared<WhoWords>();
  auto what = verb.add_option("PID|NAME", words->filter.word,
                              "Only this process, or the processes on this slice: a name, GPU:GI, GPU:GI/CI, or the "
                              "UUID of a GPU or MIG device");
  what.check(not_empty("a process id or a slice"));
  verb.add_option("--gpu", words->filter.gpus,
                  "Only these GPUs: indices, UUIDs or PCI addresses, comma separated, or all")
      .type_name("LIST")
      .delimiter(',')
      .allow_extra_args(false)
      .excludes(what);
  verb.add_option("--user", words->filter.user, "Only processes of this user: a name or a user id")
      .type_name("USER")
      .check(not_empty("a user"));
  add_choice(verb, "--output", words->output, {"table", "json", "csv"}, "Print in this format (default table)");
  add_columns_option(verb, words->columns);
  add_reading_timeout(verb, words->timeout_s);
  verb.footer([] { return column_help(report::heads(columns(Shown::always))); });
  verb.fallthrough();
  verb.callback([&line, words] { line.chosen = [&line, words] { return who(line, *words); }; });
}

}  // namespace gpuslice::cli
