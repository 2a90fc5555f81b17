// What JSON says of a GPU or MIG device that was found.
#pragma once

#include <nlohmann/json.hpp>

#include "base/result.hpp"
#include "ops/change.hpp"
#include "ops/locate.hpp"
#include "report/schema.hpp"

namespace gpuslice::cli {

// Its ids, UUIDs, profile, placement, MIG index and device nodes. Reads its GPU. Errors: unknown when the GPU cannot be
// read, not_found when the device has gone meanwhile.
[[nodiscard]] Result<nlohmann::ordered_json> device_json(const ops::Subject& subject, const ops::Located& device);
[[nodiscard]] report::schema::Json device_schema();

}  // namespace gpuslice::cli
