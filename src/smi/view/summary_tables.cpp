#include "smi/view/summary_tables.hpp"

namespace gpuslice::smi {
namespace {

constexpr SummaryTables r580{
    .name_width = 27,
    .title = "| NVIDIA-SMI %-22s Driver Version: %-14s CUDA Version: %-8s |\n",
    .gpu_head =
        "+-----------------------------------------+------------------------+----------------------+\n"
        "| GPU  Name                 Persistence-M | Bus-Id          Disp.A | Volatile Uncorr. ECC |\n"
        "| Fan  Temp   Perf          Pwr:Usage/Cap |           Memory-Usage | GPU-Util  Compute M. |\n"
        "|                                         |                        |               MIG M. |\n"
        "|=========================================+========================+======================|\n",
    .gpu_row = "| %3d  %-27s   %-4s |   %-16s%4s | %20s |\n",
    .gpu_row2 = "|%4s  %4s %5s           %5s / %5s |%s|%8s  %11s |\n",
    .gpu_row3 = "|%41s|%24s| %20s |\n",
    .memory = "%8dMiB / %6dMiB ",
    .no_memory = "                  N/A   ",
    .memory_refused = " %-22s ",
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
    .process_width = 32,
    .no_process = "|  No running processes found                                                             |\n",
};

// From a transcript of an A10 with driver 510.47.03; the MIG table and the rows of processes are from public
// transcripts of R510.
constexpr SummaryTables r510{
    .name_width = 18,
    .title = "| NVIDIA-SMI %-12s Driver Version: %-12s CUDA Version: %-8s |\n",
    .gpu_head =
        "|-------------------------------+----------------------+----------------------+\n"
        "| GPU  Name        Persistence-M| Bus-Id        Disp.A | Volatile Uncorr. ECC |\n"
        "| Fan  Temp  Perf  Pwr:Usage/Cap|         Memory-Usage | GPU-Util  Compute M. |\n"
        "|                               |                      |               MIG M. |\n"
        "|===============================+======================+======================|\n",
    .gpu_row = "| %3d  %-18s %-4s  | %-16s%4s | %20s |\n",
    .gpu_row2 = "|%4s  %4s %5s  %5s / %4s |%s|%8s  %11s |\n",
    .gpu_row3 = "|%31s|%22s| %20s |\n",
    .memory = "%7dMiB / %5dMiB ",
    .no_memory = "                N/A   ",
    .memory_refused = " %-20s ",
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
    .process_width = 26,
    .no_process = "|  No running processes found                                                 |\n",
};

}  // namespace

const SummaryTables& summary_tables(Format::View view) { return view == Format::View::r510 ? r510 : r580; }

}  // namespace gpuslice::smi
