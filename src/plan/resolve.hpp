// Resolves the selectors, profiles and placements of a layout against the GPUs of an inventory.
#pragma once

#include <vector>

#include "base/result.hpp"
#include "model/inventory.hpp"
#include "model/layout.hpp"
#include "model/target.hpp"

namespace gpuslice::plan {

// The targets of the GPUs that the layout selects, ascending by index. Errors (usage, not_found, unsupported, unknown
// for a GPU that cannot be read) name the line of the file, the value, and the nearest valid values.
[[nodiscard]] Result<std::vector<model::GpuTarget>> resolve(const model::Layout& layout,
                                                            const model::Inventory& inventory);

// The GPUs that a selector selects, ascending by index.
[[nodiscard]] std::vector<const model::Gpu*> selected_gpus(const model::Selector& selector,
                                                           const model::Inventory& inventory);

// Whether an entry does not apply to a GPU that it selects: an entry that selects all GPUs and needs MIG passes over
// GPUs without MIG, for example a display card, as long as at least one GPU supports it.
[[nodiscard]] bool passes_over(const model::GpuEntry& entry, const model::Gpu& gpu, const model::Inventory& inventory);

// A GPU instance profile by full name ("3g.20gb", "MIG 3g.20gb"), by id ("9"), or by its slices only ("3g": of the
// profiles without a suffix, the one with the least memory). `owner` names the GPU or the product in the error: "GPU 0
// (NVIDIA A30)".
[[nodiscard]] Result<const mig::GiProfile*> find_profile(const mig::Capability& capability, const std::string& word,
                                                         const std::string& owner = "this GPU");
// A compute instance profile of `parent`: "1c", "1c.3g.20gb", the name of `parent` for the profile that uses all of it,
// or an id.
[[nodiscard]] Result<const mig::CiProfile*> find_profile(const mig::GiProfile& parent, const std::string& word);

// "GPU 0 (NVIDIA A100-SXM4-40GB)"
[[nodiscard]] std::string gpu_text(const model::Gpu& gpu);

// Whether both are the same PCI address, in any spelling: "0000:10:1c.0", "10:1C.0", "00000000:10:1C.0".
[[nodiscard]] bool same_pci(const std::string& a, const std::string& b);

}  // namespace gpuslice::plan
