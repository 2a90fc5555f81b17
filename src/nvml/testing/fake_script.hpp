// What the fake driver library answers, and what it was told. A test opens the library, fetches the script by the
// symbol fake_script and writes into it before the code under test opens the same library.
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
  int code{};  // other than 0: the whole answer
  std::vector<abi::nvmlProcessInfo_v2_t> entries;
};

struct Script {
  int init{};
  std::string simulated_node;     // non-empty: the library says that it is a simulated node's
  bool simulated_without_name{};  // it says so, and names none
  int error{};                    // other than 0: what questions about a GPU answer
  unsigned gpus{2};

  unsigned most_mig_devices{7};
  std::map<unsigned, int> mig_devices;  // of GPU 0: MIG index -> code of its look-up; any other index NOT_FOUND

  std::map<unsigned, int> gi_profiles;  // enumeration -> code; where 0 the profile id is 10 + enumeration
  unsigned gi_profile_enums{17};        // INVALID_ARGUMENT from here on
  unsigned placements{3};               // {0,1}, {1,1}, {2,1} ...; the first question is for the count alone
  unsigned placements_at_second_question{3};

  ProcessList compute, graphics, mps;
  unsigned grows{};     // that many more processes than there was room for, that many times
  int activation{};     // what switching the MIG mode says of its activation
  bool no_instances{};  // GPU instances by id: NOT_FOUND

  unsigned path_level{20};  // nvmlGpuTopologyLevel_t of two GPUs

  int inits{}, shutdowns{}, handles_asked{};
  bool private_table{};                               // the library has the table that nvidia-smi asks for
  std::map<std::string, int> calls;                   // of its sensors
  std::vector<std::pair<unsigned, unsigned>> fields;  // the field values asked for, with their scopes
  std::string told;                                   // the calls that change something, as "SetMigMode(0,1) "
  std::string ecc;                                    // the counters asked for
};

}  // namespace gpuslice::nvml::testing
