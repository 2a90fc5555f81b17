// The fixed text and the printf formats of the default view, one set per release.
#pragma once

#include <cstddef>

#include "smi/format.hpp"

namespace gpuslice::smi {

struct SummaryTables {
  std::size_t name_width;
  const char* title;           // driver version twice, CUDA version
  const char* gpu_head;        // from below the title to the line above the first GPU
  const char* gpu_row;         // index, name, persistence, bus id, display, ECC
  const char* gpu_row2;        // fan, temperature, state, power, cap, memory cell, utilisation, compute mode
  const char* gpu_row3;        // "", "", MIG mode
  const char* memory;          // used, total MiB
  const char* no_memory;       // used if permission is denied
  const char* memory_refused;  // the driver's text
  const char* gpu_line;
  const char* box_line;  // the horizontal line across the whole width
  const char* mig_head;
  const char* mig_row;   // gpu, gi, ci, device, used, total, SM, ECC, CE, ENC, DEC, OFA, JPG
  const char* mig_row2;  // "", used, total, "", ""
  const char* mig_line;
  const char* no_mig;
  const char* process_head;
  const char* process_row;  // gpu, gi, ci, pid, type, name, memory cell
  std::size_t process_width;
  const char* no_process;
};

[[nodiscard]] const SummaryTables& summary_tables(Format::View view);

}  // namespace gpuslice::smi
