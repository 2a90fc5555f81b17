#include "smi/help.hpp"

namespace gpuslice::smi {

void print_help(std::ostream& out) {
  out << R"(gpuslice smi -- shows and changes GPUs with the options and the output of nvidia-smi.

Usage: nvidia-smi [OPTION [VALUE]]...
       nvidia-smi mig [OPTION [VALUE]]...     (nvidia-smi mig -h)
       nvidia-smi compute-policy [OPTION]...  (nvidia-smi compute-policy -h)
       nvidia-smi SUBCOMMAND [OPTION]...      (nvidia-smi SUBCOMMAND -h), one of:

    dmon             Figures of each GPU, a line per sample.
    pmon             What each process makes of each GPU, a line per sample.
    topo             How GPUs, CPUs and memory are connected.
    nvlink           NVLinks: state, speed, errors, traffic.
    c2c              Chip-to-chip links between GPU and CPU.
    pci              Counters of the PCIe interface.
    encodersessions  Encoder sessions.
    fbcsessions      Frame capture sessions.
    conf-compute     Confidential computing.
    gpm              Whether performance counters stream.
    drain            Whether a GPU is taken out of work.
    vgpu             Virtual GPUs of a host.
    power-hint, power-profiles
                     Power profiles of GPUs that have them.

Without a command: the default view, one block per GPU, MIG devices and processes.

Commands:
    -h,   --help                 This text.
          --version              Versions of the program, NVML, the driver and CUDA.
    -L,   --list-gpus            GPUs and their MIG devices with UUIDs, one line each.
    -B,   --list-excluded-gpus   GPUs that the driver was told to leave alone.
    -q,   --query                Everything that the driver tells of each GPU.
          --query-gpu=FIELDS     Chosen figures of each GPU, comma separated.
          --query-compute-apps=FIELDS
                                 ... of each compute process.
          --query-accounted-apps=FIELDS
                                 ... of each process that accounting keeps.
          --query-supported-clocks=FIELDS
                                 ... of each pair of clocks that can be set.
          --query-retired-pages=FIELDS
                                 ... of each retired page.
          --query-remapped-rows=FIELDS
                                 ... about remapped rows of each GPU.
          --help-query-gpu, --help-query-compute-apps, ...
                                 The fields of these.
          --dtd                  The document type definition of -q -x; with -u that of -q -u -x.

With -q:
    -d,   --display=LIST         Only some groups: MEMORY, UTILIZATION, ECC, TEMPERATURE, POWER, CLOCK, COMPUTE, PIDS,
                                 PERFORMANCE, SUPPORTED_CLOCKS, PAGE_RETIREMENT, ACCOUNTING, ENCODER_STATS,
                                 SUPPORTED_GPU_TARGET_TEMP, VOLTAGE, FBC_STATS, ROW_REMAPPER, GSP_FIRMWARE_VERSION,
                                 POWER_SMOOTHING, POWER_PROFILES.
    -x,   --xml-format           As XML; with --dtd its definition is included.
    -u,   --unit                 Units instead of GPUs: there are none any more.

With --query-...:
          --format=LIST          csv, noheader (no first line), nounits (bare numbers).

With the default view, -q and --query-...:
    -l,   --loop=SECONDS         Again and again, until Ctrl-C; every 5 seconds where no number is given.
    -lms, --loop-ms=MILLISECONDS The same, closer together.
    -f,   --filename=FILE        Into this file.

Changes:
    -mig, --multi-instance-gpu=MODE
                                 MIG mode: 0/DISABLED, 1/ENABLED.
    -c,   --compute-mode=MODE    0/DEFAULT, 2/PROHIBITED, 3/EXCLUSIVE_PROCESS (1/EXCLUSIVE_THREAD is history).
    -pm,  --persistence-mode=MODE
                                 0/DISABLED, 1/ENABLED.
    -e,   --ecc-config=MODE      Memory protection from the next reset on: 0/DISABLED, 1/ENABLED.
    -p,   --reset-ecc-errors=WHICH
                                 Counts of memory errors back to zero: 0/VOLATILE, 1/AGGREGATE.
    -r,   --gpu-reset            Reset the GPU.
    -pl,  --power-limit=WATTS    What the board may draw.
    -lgc, --lock-gpu-clocks=LOW,HIGH
    -lmc, --lock-memory-clocks=LOW,HIGH
                                 Keep clocks in a range, in MHz; one number for both. -rgc, -rmc: free again.
    -ac,  --applications-clocks=MEMORY,GRAPHICS
                                 Clocks under load, in MHz. -rac: the board's own again.
    -am,  --accounting-mode=MODE Account for processes: 0/DISABLED, 1/ENABLED.
    -caa, --clear-accounted-apps Forget what was accounted for.
          --get-hostname         The hostname that the GPU was given.
    -eow, --error-on-warning     End with an error where a warning was given.

With all of them:
    -i,   --id=LIST              Only these GPUs: index, UUID or PCI address, comma separated.
)";
}

}  // namespace gpuslice::smi
