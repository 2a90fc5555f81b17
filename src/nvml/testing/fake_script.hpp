// The answers of the fake driver library, and a record of its calls. A test opens the library, gets the script through
// the symbol fake_script and fills it in before the code under test opens the same library.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "abi/nvml.hpp"
#include "abi/nvml_processes.hpp"

namespace gpuslice::nvml::testing {

struct ProcessList {
  int code{};  // if not 0, every answer is this code
  std::vector<abi::nvmlProcessInfo_v2_t> entries;
};

struct Script {
  int init{};
  std::string simulated_node;     // if not empty, the library identifies itself as a simulated node's
  bool simulated_without_name{};  // it identifies itself as simulated but names no node
  int error{};                    // if not 0, the answer to calls that read a GPU
  unsigned gpus{2};

  unsigned most_mig_devices{7};
  std::map<unsigned, int> mig_devices;  // of GPU 0: MIG index -> code of its look-up; NOT_FOUND for other indices

  std::map<unsigned, int> gi_profiles;  // enumeration -> code; if 0, the profile id is 10 + enumeration
  unsigned gi_profile_enums{17};        // INVALID_ARGUMENT from this number on
  unsigned placements{3};               // {0,1}, {1,1}, {2,1} ...; the first call asks only for the count
  unsigned placements_at_second_question{3};

  ProcessList compute, graphics, mps;
  unsigned grows{};     // how often the list of processes has one entry more than the caller has room for
  int activation{};     // the activation status returned when the MIG mode is set
  bool no_instances{};  // looking up a GPU instance by id returns NOT_FOUND

  unsigned path_level{20};  // nvmlGpuTopologyLevel_t between two GPUs

  int inits{}, shutdowns{}, handles_asked{};
  bool private_table{};                               // the library has the private table that nvidia-smi uses
  std::map<std::string, int> calls;                   // calls of sensors, counted by name
  std::vector<std::pair<unsigned, unsigned>> fields;  // ids and scopes of the field values read
  std::string told;                                   // the calls that change something, in the form "SetMigMode(0,1) "
  std::string ecc;                                    // the ECC counters that were read
};

}  // namespace gpuslice::nvml::testing
