// Reads and checks a product data file (data/products/*.json, described in data/products/README.md), for the generator.
//
// Build time only: the driver library and the programs use the constant tables generated from it and parse nothing.
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
  std::uint32_t whole{};  // of an IdleUse: MiB of the instance that covers the whole GPU
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
  std::uint16_t first_branch{};  // of the drivers that offer it; 0: any
  mig::GiProfile profile;        // without its name, which is `name`; no sites: not known
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

  // Without MIG the rest is empty and the grid is 0.
  IdScheme id_scheme{IdScheme::none};
  mig::ModeRule mode;
  std::uint8_t grid{}, compute_slices{}, max_instances{};
  std::optional<mig::Engines> pool;
  std::vector<MemorySetRow> memory_sets;
  std::vector<DriverFigureRow> bar1_pools, idle_uses;  // MiB; MiB/100
  std::vector<ProfileRow> profiles;                    // in NVML enum order
};

// Reads the text of one file. `file` is its name, "a100-40gb.json", which must be KEY.json.
[[nodiscard]] Result<ProductFile> read_product_file(std::string_view file, std::string_view text);

// Checks all files together: a key, alias or NVML name must not belong to two products, ignoring case.
[[nodiscard]] Result<void> check_spellings(const std::vector<ProductFile>& files);

}  // namespace gpuslice::catalog
