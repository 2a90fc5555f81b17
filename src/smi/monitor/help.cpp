#include "smi/monitor/help.hpp"

namespace gpuslice::smi {

void print_dmon_help(std::ostream& out) {
  out << R"(
    dmon -- Figures of each GPU, one line per GPU and sample, until Ctrl-C. Of the first 16 GPUs where none are named.
    Of a GPU with MIG mode on the utilizations are not known.
)";
  print_dmon_usage(out);
}

void print_dmon_usage(std::ostream& out) {
  out << R"(
    Usage: nvidia-smi dmon [options]

    [-h | --help]: This text.
    [-i | --id]: GPUs, by index, PCI address or UUID, comma separated.
    [-d | --delay]: Seconds between samples, 1 to 600; 1 when left out.
    [-c | --count]: End after so many samples.
    [-s | --select]: Groups of columns, their letters in a row; puc when left out:
                     p  power draw and temperatures
                     u  utilizations
                     c  memory and SM clock
                     v  slowed down for power (share of the time) or heat (yes or no)
                     m  memory in use: frame buffer, BAR1, protected
                     e  memory errors and PCIe replays of the board
                     t  PCIe throughput
    [--gpm-metrics]: Numbers of performance metrics (NVML_GPM_METRIC_*), comma separated: a column for each.
    [--gpm-options]: Whose metrics: d the GPU's, m those of its MIG devices, dm or md both.
    [-o | --options]: D puts the date in front of each line, T the time.
    [-f | --filename]: Write into this file.
    [--format]: csv, nounit (no line of units), noheader (no line of names), comma separated.

)";
}

void print_pmon_help(std::ostream& out) {
  out << R"(
    pmon -- What each process makes of each GPU, one line per process and sample, until Ctrl-C. Of the first 4 GPUs where
    none are named.
)";
  print_pmon_usage(out);
}

void print_pmon_usage(std::ostream& out) {
  out << R"(
    Usage: nvidia-smi pmon [options]

    [-h | --help]: This text.
    [-i | --id]: GPUs, by index, PCI address or UUID, comma separated.
    [-d | --delay]: Seconds between samples, 1 to 10; 1 when left out.
    [-c | --count]: End after so many samples.
    [-s | --select]: Groups of columns, their letters in a row; u when left out:
                     u  utilizations
                     m  memory in use: frame buffer, protected
    [-o | --options]: D puts the date in front of each line, T the time.
    [-f | --filename]: Write into this file.

)";
}

}  // namespace gpuslice::smi
