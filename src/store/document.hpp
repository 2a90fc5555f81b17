// A JSON document as it lies in a file of the store: what it is, its content, and a checksum of both, so that a file
// that was changed by anything but gpuslice is noticed even where it is still valid JSON.
//
//   {"version": "gpuslice.names/v2", ..., "checksum": "2c1e32b52d83f754"}
//
// Version 1, which earlier versions of gpuslice wrote, has no checksum and is still read. The checksum is of the
// document without it and without spaces.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace gpuslice::store {

// `name` is "gpuslice.names"; `indent` as JSON libraries count it, -1 for one line.
[[nodiscard]] std::string write_document(const std::string& name, const nlohmann::ordered_json& body, int indent);

// The body. Errors: damaged, with `source` as the object.
[[nodiscard]] Result<nlohmann::ordered_json> read_document(const std::string& name, const std::string& text,
                                                           const std::string& source);

// The same of a line of JSON, which has no version: written with a checksum, and false when it has a wrong one, or is
// longer than gpuslice writes one (256 KiB).
[[nodiscard]] std::string sealed_line(const std::string& line);
[[nodiscard]] bool is_sound_line(const std::string& line);

// Where the text stops to be JSON, without the words of the library that read it: "is not valid JSON at byte 12".
[[nodiscard]] std::string not_json(const nlohmann::json::exception& thrown);

}  // namespace gpuslice::store
