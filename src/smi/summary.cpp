#include "smi/summary.hpp"

#include <algorithm>

#include <fmt/printf.h>

#include "smi/layout.hpp"
#include "smi/processes.hpp"

namespace gpuslice::smi {
namespace {

// The fixed text and the printf formats of one release's tables.
struct Tables {
  std::size_t name_width;
  const char* title;     // driver version twice, CUDA version
  const char* gpu_head;  // from under the title to over the first GPU
  const char* gpu_row;   // index, name, persistence, bus id, display, ECC
  const char* gpu_row2;  // fan, temperature, state, power, cap, memory cell, utilisation, compute mode
  const char* gpu_row3;  // "", "", MIG mode
  const char* memory;    // used, total MiB
  const char* no_memory;
  const char* gpu_line;
  const char* box_line;  // the line around the whole width
  const char* mig_head;
  const char* mig_row;   // gpu, gi, ci, device, used, total, SM, ECC, CE, ENC, DEC, OFA, JPG
  const char* mig_row2;  // "", used, total, "", ""
  const char* mig_line;
  const char* no_mig;
  const char* process_head;
  const char* process_row;  // gpu, gi, ci, pid, type, name, memory cell
  const char* process_memory;
  const char* process_no_memory;
  std::size_t process_width;
  const char* no_process;
};

constexpr Tables r580{
    .name_width = 27,
    .title = "| NVIDIA-SMI %-22s Driver Version: %-14s CUDA Version: %-8s |\n",
    .gpu_head =
        "+-----------------------------------------+------------------------+----------------------+\n"
        "| GPU  Name                 Persistence-M | Bus-Id          Disp.A | Volatile Uncorr. ECC |\n"
        "| Fan  Temp   Perf          Pwr:Usage/Cap |           Memory-Usage | GPU-Util  Compute M. |\n"
        "|                                         |                        |               MIG M. |\n"
        "|=========================================+========================+======================|\n",
    .gpu_row = "| %3d  %-27s   %3s  |   %16s %3s | %20s |\n",
    .gpu_row2 = "| %3s  %4s    %-3s          %5s / %5s |%s|%8s  %11s |\n",
    .gpu_row3 = "|%41s|%24s| %20s |\n",
    .memory = "%8dMiB / %6dMiB ",
    .no_memory = "                  N/A   ",
    .gpu_line = "+-----------------------------------------+------------------------+----------------------+\n",
    .box_line = "+-----------------------------------------------------------------------------------------+\n",
    .mig_head =
        "| MIG devices:                                                                            |\n"
        "+------------------+----------------------------------+-----------+-----------------------+\n"
        "| GPU  GI  CI  MIG |              Shared Memory-Usage |        Vol|        Shared         |\n"
        "|      ID  ID  Dev |                Shared BAR1-Usage | SM     Unc| CE ENC  DEC  OFA  JPG |\n"
        "|                  |                                  |        ECC|                       |\n"
        "|==================+==================================+===========+=======================|\n",
    .mig_row = "|%3d  %3d %3d %3d  |%16dMiB / %-12s|%3d%7s | %2d %3d  %3d  %3d  %3d |\n",
    .mig_row2 = "|%18s|%16dMiB / %-12s|%11s|%23s|\n",
    .mig_line = "+------------------+----------------------------------+-----------+-----------------------+\n",
    .no_mig = "|  No MIG devices found                                                                   |\n",
    .process_head =
        "| Processes:                                                                              |\n"
        "|  GPU   GI   CI              PID   Type   Process name                        GPU Memory |\n"
        "|        ID   ID                                                               Usage      |\n"
        "|=========================================================================================|\n",
    .process_row = "|%5d   %3s  %3s%16d%7s   %-32s%s|\n",
    .process_memory = "%11dMiB ",
    .process_no_memory = "      N/A      ",
    .process_width = 32,
    .no_process = "|  No running processes found                                                             |\n",
};

// Driver 510.47.03 (transcript of an A10); the MIG table and the process rows as public transcripts of R510 show them.
constexpr Tables r510{
    .name_width = 18,
    .title = "| NVIDIA-SMI %-12s Driver Version: %-12s CUDA Version: %-8s |\n",
    .gpu_head =
        "|-------------------------------+----------------------+----------------------+\n"
        "| GPU  Name        Persistence-M| Bus-Id        Disp.A | Volatile Uncorr. ECC |\n"
        "| Fan  Temp  Perf  Pwr:Usage/Cap|         Memory-Usage | GPU-Util  Compute M. |\n"
        "|                               |                      |               MIG M. |\n"
        "|===============================+======================+======================|\n",
    .gpu_row = "| %3d  %-18s  %-3s  | %16s %3s | %20s |\n",
    .gpu_row2 = "| %3s  %4s    %-3s %5s / %4s |%s|%8s  %11s |\n",
    .gpu_row3 = "|%31s|%22s| %20s |\n",
    .memory = "%7dMiB / %5dMiB ",
    .no_memory = "                N/A   ",
    .gpu_line = "+-------------------------------+----------------------+----------------------+\n",
    .box_line = "+-----------------------------------------------------------------------------+\n",
    .mig_head =
        "| MIG devices:                                                                |\n"
        "+------------------+----------------------+-----------+-----------------------+\n"
        "| GPU  GI  CI  MIG |         Memory-Usage |        Vol|         Shared        |\n"
        "|      ID  ID  Dev |           BAR1-Usage | SM     Unc| CE  ENC  DEC  OFA  JPG|\n"
        "|                  |                      |        ECC|                       |\n"
        "|==================+======================+===========+=======================|\n",
    .mig_row = "|%3d  %3d %3d %3d  |%7dMiB / %-9s|%3d%7s | %2d %3d  %3d  %3d  %3d |\n",
    .mig_row2 = "|%18s|%7dMiB / %-9s|%11s|%23s|\n",
    .mig_line = "+------------------+----------------------+-----------+-----------------------+\n",
    .no_mig = "|  No MIG devices found                                                       |\n",
    .process_head =
        "| Processes:                                                                  |\n"
        "|  GPU   GI   CI        PID   Type   Process name                  GPU Memory |\n"
        "|        ID   ID                                                   Usage      |\n"
        "|=============================================================================|\n",
    .process_row = "|%5d   %3s  %3s%10d%7s   %-26s%s|\n",
    .process_memory = "%11dMiB ",
    .process_no_memory = "      N/A      ",
    .process_width = 26,
    .no_process = "|  No running processes found                                                 |\n",
};

std::string cell(const node::Answer<std::uint32_t>& answer, const char* format) {
  return answer ? fmt::sprintf(format, *answer) : refused_cell(answer.error());
}
// Milliwatts as whole watts, cut down (recorded: 79.72 W shows as 79W).
std::string watts(const node::Answer<std::uint32_t>& answer) {
  return answer ? fmt::sprintf("%dW", *answer / 1000)
                : refused_cell(answer.error()) + " ";  // recorded: "N/A " with a blank
}

// The pending mode with a star while it differs from the one in force (recorded).
std::string mig_cell(const node::Answer<node::Mode>& mig) {
  if (!mig) return refused_cell(mig.error());
  return std::string(enabled_word(mig->pending)) + (mig->current != mig->pending ? "*" : "");
}

// Without ECC hardware N/A; switched off Off; with MIG on "On", since the counts then belong to the MIG devices
// (recorded).
std::string ecc_cell(node::Node& node, GpuIndex gpu, bool mig_on) {
  const auto mode = node.ecc_mode(gpu);
  if (!mode) return refused_cell(mode.error());
  if (!mode->current) return "Off";
  if (mig_on) return "On";
  const auto errors = node.uncorrected_ecc_errors({gpu, {}});
  return errors ? fmt::sprintf("%d", *errors) : refused_cell(errors.error());
}

std::string compute_cell(const node::Answer<std::uint32_t>& mode) {
  if (!mode) return refused_cell(mode.error());
  switch (*mode) {
    case 0:
      return "Default";
    case 1:
      return "E. Thread";
    case 2:
      return "Prohibited";
    case 3:
      return "E. Process";
    default:
      return "ERR!";
  }
}

void gpu_rows(Session& session, const Tables& tables, GpuIndex gpu, const node::Answer<node::Mode>& mig) {
  auto& node = session.node;
  const auto text = [](const node::Answer<std::string>& answer) {
    return answer ? *answer : refused_cell(answer.error());
  };
  const auto flag = [](const node::Answer<bool>& answer) { return answer ? on_off(*answer) : "N/A"; };
  const auto pci = node.pci(gpu);
  session.out << fmt::sprintf(tables.gpu_row, gpu.value, cut_tail(text(node.name({gpu, {}})), tables.name_width),
                              flag(node.persistence_mode(gpu)), pci ? pci->bus_id : refused_cell(pci.error()),
                              flag(node.display_active(gpu)), ecc_cell(node, gpu, mig && mig->current));
  const auto memory = node.memory({gpu, {}});
  const auto use = node.utilization(gpu);
  session.out << fmt::sprintf(
      tables.gpu_row2, cell(node.fan_percent(gpu), "%d%%"), cell(node.temperature_c(gpu), "%dC"),
      cell(node.performance_state(gpu), "P%d"), watts(node.power_mw(gpu)), watts(node.power_limit_mw(gpu)),
      memory ? fmt::sprintf(tables.memory, frame_buffer_mib(memory->used), frame_buffer_mib(memory->total))
             : tables.no_memory,
      use ? fmt::sprintf("%d%%", use->gpu_percent) : refused_cell(use.error()), compute_cell(node.compute_mode(gpu)));
  session.out << fmt::sprintf(tables.gpu_row3, "", "", mig_cell(mig)) << tables.gpu_line;
}

// One MIG device; nothing when a figure that every row needs is refused (recorded: memory, BAR1, or an ECC count
// refused otherwise than as not supported).
bool mig_rows(Session& session, const Tables& tables, node::Subject device) {
  auto& node = session.node;
  const auto gi = node.mig_gi(device);
  const auto ci = node.mig_ci(device);
  const auto attributes = node.mig_attributes(device);
  const auto ecc = node.uncorrected_ecc_errors(device);
  const auto memory = node.memory(device);
  const auto bar1 = node.bar1(device);
  if (!gi || !ci || !attributes || !memory || !bar1) return false;
  if (!ecc && ecc.error().code != node::err_not_supported) return false;
  const auto total = [](std::uint64_t figure) { return fmt::sprintf("%5dMiB", figure); };
  session.out << fmt::sprintf(tables.mig_row, device.gpu.value, gi->value, ci->value, device.mig_index.value_or(0),
                              frame_buffer_mib(memory->used), total(frame_buffer_mib(memory->total)),
                              attributes->multiprocessors, ecc ? fmt::sprintf("%d", *ecc) : "N/A", attributes->copy,
                              attributes->encoder, attributes->decoder, attributes->ofa, attributes->jpeg);
  session.out << fmt::sprintf(tables.mig_row2, "", bar1_mib(bar1->used), total(bar1_mib(bar1->total)), "", "")
              << tables.mig_line;
  return true;
}

void mig_table(Session& session, const Tables& tables, const std::vector<GpuIndex>& gpus) {
  session.out << '\n' << tables.box_line << tables.mig_head;
  bool any = false;
  for (const GpuIndex gpu : gpus) {
    for (const std::uint32_t index : session.node.mig_indices(gpu).value_or(std::vector<std::uint32_t>{})) {
      any = mig_rows(session, tables, {gpu, index}) || any;
    }
  }
  if (!any) session.out << tables.no_mig << tables.box_line;
}

void process_table(Session& session, const Tables& tables, const std::vector<GpuIndex>& mig_gpus) {
  session.out << '\n' << tables.box_line << tables.process_head;
  bool any = false;
  for (const GpuIndex gpu : session.gpus) {
    const bool mig_on = std::ranges::find(mig_gpus, gpu) != mig_gpus.end();
    for (const auto& row : process_rows(session.node, gpu, mig_on)) {
      const auto type = process_type(row.process.kinds);
      if (type.empty()) continue;
      // One digit stands in the middle of its three columns (recorded); an id of two digits is taken to begin there.
      const auto id = [](const std::optional<std::uint32_t>& value) {
        return value ? fmt::sprintf("%2d ", *value) : "N/A";
      };
      const auto& memory = row.process.memory;
      session.out << fmt::sprintf(
          tables.process_row, gpu.value, id(row.gi), id(row.ci), row.process.pid, type,
          cut_head(row.process.name, tables.process_width),
          // Process memory is cut down: 1714.5 MiB shows as 1714 (recorded).
          memory ? fmt::sprintf(tables.process_memory, *memory / mib) : tables.process_no_memory);
      any = true;
    }
  }
  if (!any) session.out << tables.no_process;
  session.out << tables.box_line;
}

}  // namespace

int summary(Session& session) {
  const Tables& tables = session.format.view == Format::View::r510 ? r510 : r580;
  char date[64];
  std::strftime(date, sizeof date, "%a %b %e %H:%M:%S %Y", &session.environment.now);
  const auto cuda = session.system.cuda_version;
  session.out << date << "       \n" << tables.box_line;
  session.out << fmt::sprintf(tables.title, session.system.driver_version, session.system.driver_version,
                              cuda ? fmt::sprintf("%d.%d", *cuda / 1000, *cuda % 1000 / 10) : "N/A");
  session.out << tables.gpu_head;
  std::vector<GpuIndex> mig_gpus;
  for (const GpuIndex gpu : session.gpus) {
    const auto mig = session.node.mig_mode(gpu);
    if (mig && mig->current) mig_gpus.push_back(gpu);
    gpu_rows(session, tables, gpu, mig);
  }
  if (!mig_gpus.empty()) mig_table(session, tables, mig_gpus);
  process_table(session, tables, mig_gpus);
  return 0;
}

}  // namespace gpuslice::smi
