// Reads and checks a product data file (data/products/*.json, described in data/products/README.md), for the generator.
//
// Used only at build time: the driver library and the programs use the generated constant tables and parse nothing.
// Every error names the file and the position in it.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "catalog/product.hpp"

namespace gpuslice::catalog {

// A row of a MemorySet, Bar1Pool, IdleUse or DriverMemory that owns its text.
struct MemorySetRow {
  std::string driver, board, source;
  std::map<std::string, std::uint32_t, std::less<>> mib;  // by class: "eighth", "quarter", "half", "full"
  Confidence confidence{};
};
struct DriverFigureRow {
  std::string driver;
  std::uint32_t value{};
  std::uint32_t whole{};  // only for an IdleUse: MiB for the instance that covers the whole GPU
  Confidence confidence{};
};
struct DriverMemoryRow {
  std::string driver, board;
  std::optional<std::uint64_t> total_bytes;
  std::uint64_t reserved_bytes{};
  Confidence confidence{};
};

struct ProfileRow {
  std::string name;
  std::string memory_class;  // empty: not known
  bool has_id{};
  std::uint16_t first_branch{};  // the first driver branch that supports it; 0: any
  mig::GiProfile profile;        // without its name, which is `name`; its sites are empty if they are unknown
  ProfileConfidence confidence;
  [[nodiscard]] bool placed() const { return has_id && !profile.sites.empty(); }
};

struct BoardRow {
  std::string name;
  BoardFacts facts;
};

struct ProductFile {
  std::string key, architecture, chip, min_driver;
  std::vector<std::string> aliases, notes, sources;
  std::uint32_t nvml_architecture{}, nvml_brand{};
  std::uint8_t compute_major{}, compute_minor{};
  std::vector<BoardRow> boards;
  std::vector<DriverMemoryRow> driver_memory;

  // If the product has no MIG, everything below is empty and the grid is 0.
  IdScheme id_scheme{IdScheme::none};
  mig::ModeRule mode;
  std::uint8_t grid{}, compute_slices{}, max_instances{};
  std::optional<mig::Engines> pool;
  std::vector<MemorySetRow> memory_sets;
  std::vector<DriverFigureRow> bar1_pools, idle_uses;  // MiB; MiB/100
  std::vector<ProfileRow> profiles;                    // in NVML enum order
};

// Reads the text of one file. `file` is its name, such as "a100-40gb.json", and must be KEY.json.
[[nodiscard]] Result<ProductFile> read_product_file(std::string_view file, std::string_view text);

// Checks all files together: no two products may have the same key, alias or NVML name, ignoring case.
[[nodiscard]] Result<void> check_spellings(const std::vector<ProductFile>& files);

}  // namespace gpuslice::catalog
