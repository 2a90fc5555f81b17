// `gpuslice sim exec`, `shell`, `attach`: run a command inside a node, without or with using one of its GPUs.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <optional>

#include "base/printable.hpp"
#include "base/split.hpp"
#include "cli/node_shell.hpp"
#include "cli/sim_node.hpp"
#include "cli/sim_verb.hpp"
#include "cli/take_over.hpp"
#include "simhost/enter_node.hpp"

namespace gpuslice::cli {
namespace {

struct ExecWords {
  std::string node, only;
  std::vector<std::string> command;
};

struct ShellWords {
  std::string node, only;
};

struct AttachWords {
  std::string node, memory{"0"}, hidden{"0"}, type{"C"}, load{"0"}, name;
  std::uint32_t gpu{};
  int gi{-1}, ci{-1};
  std::vector<std::string> command;
};

// A command that was not run: 125, as env(1) has it, so that it is told from the command's own failure.
Result<int> or_not_run(const Result<int>& ran, const Terminal& terminal) {
  if (ran || ran.error().kind == ErrorKind::usage) return ran;
  return show_not_run(ran.error(), terminal, false);
}

Result<int> exec(const ExecWords& w, const Terminal& terminal) {
  if (w.command.empty())
    return fail(ErrorKind::usage, "sim exec", "needs a command",
                Hint::gpuslice({"sim", "exec", w.node, "--", "nvidia-smi"}));
  return enter_node({GPUSLICE_TRY(node_directory(w.node)), split(w.only, ',')}, std::nullopt, w.command, terminal);
}

Result<int> shell(const ShellWords& w, const Terminal& terminal) {
  const auto directory = GPUSLICE_TRY(node_directory(w.node));
  const char* program = std::getenv("SHELL");
  const bool interactive = ::isatty(STDIN_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1;
  terminal.err << fmt::format("inside node {}: nvidia-smi and NVML clients see its GPUs; leave with exit\n", w.node);
  return enter_node({directory, split(w.only, ','), true}, std::nullopt,
                    shell_words(program != nullptr && *program != '\0' ? program : "/bin/sh", w.node, interactive),
                    terminal);
}

Result<int> attach(const AttachWords& w, const Terminal& terminal) {
  if (w.command.empty())
    return fail(ErrorKind::usage, "sim attach", "needs a command to run as the client",
                Hint::gpuslice({"sim", "attach", w.node, {"gpu", "0"}, {"memory", "2GiB"}, "--", "sleep", "60"}));
  simhost::ClientWish wish;
  wish.gpu = w.gpu;
  if (w.gi >= 0) wish.gi = static_cast<std::uint32_t>(w.gi);
  if (w.ci >= 0) wish.ci = static_cast<std::uint32_t>(w.ci);
  wish.memory_bytes = GPUSLICE_TRY(simhost::parse_size(w.memory));
  wish.hidden_bytes = GPUSLICE_TRY(simhost::parse_size(w.hidden));
  wish.kinds = GPUSLICE_TRY(simhost::parse_kinds(w.type));
  wish.load = GPUSLICE_TRY(simhost::parse_load(w.load));
  wish.name = w.name;
  return enter_node({GPUSLICE_TRY(node_directory(w.node)), {}}, wish, w.command, terminal);
}

// Adds a subcommand that runs a command in the node.
template <class Words>
Verb add_verb(Verb sim, CommandLine& line, const char* name, const char* help, std::shared_ptr<Words> words,
              Result<int> (*action)(const Words&, const Terminal&)) {
  auto verb = sim.add_subcommand(name, help);
  verb.add_option("NODE", words->node, "Name of the node").required();
  verb.callback([&line, words, action] {
    line.chosen = [&line, words, action] { return or_not_run(action(*words, line.terminal), line.terminal); };
  });
  return verb;
}

// Everything after `--` (or after the node's name) is the command, including its options.
void add_command(Verb verb, std::vector<std::string>& command) {
  verb.add_option("COMMAND", command, "The command and its arguments, after --");
}

}  // namespace

void add_sim_enter_verbs(Verb sim, CommandLine& line) {
  auto inside = std::make_shared<ExecWords>();
  auto verb = add_verb(sim, line, "exec", "Run a command inside a node", inside, exec);
  verb.add_option("--only", inside->only, "Show only these MIG devices, as to a container: UUIDs, comma separated")
      .type_name("UUIDS");
  add_command(verb, inside->command);

  auto interactive = std::make_shared<ShellWords>();
  verb = add_verb(sim, line, "shell", "Start a shell inside a node", interactive, shell);
  verb.add_option("--only", interactive->only, "Show only these MIG devices: UUIDs, comma separated")
      .type_name("UUIDS");

  auto client = std::make_shared<AttachWords>();
  verb = add_verb(sim, line, "attach", "Run a command as a client of a GPU: the GPU is in use until it ends", client,
                  attach);
  verb.add_option("--gpu", client->gpu, "Index of the GPU (default 0)");
  verb.add_option("--gi", client->gi, "Use a MIG device of this GPU instance id");
  verb.add_option("--ci", client->ci, "Compute instance id of the MIG device");
  verb.add_option("--memory", client->memory, "Show this much GPU memory in use, such as 512MiB or 2GiB (default 0)")
      .type_name("SIZE");
  verb.add_option("--hidden-memory", client->hidden, "Also show this much GPU memory in use that belongs to no process")
      .type_name("SIZE");
  verb.add_option("--type", client->type, "Process type: C, G, C+G, M+C or M+C+G (default C)").type_name("TYPE");
  verb.add_option("--load", client->load,
                  "Simulate this load, in percent: SM[,memory[,encoder[,decoder[,JPEG[,OFA]]]]] (default 0)")
      .type_name("LIST");
  verb.add_option("--name", client->name, "Show this process name (default: the command)").type_name("NAME");
  add_command(verb, client->command);
}

}  // namespace gpuslice::cli
