// A JSON document as stored in a file: its format name and version, its content, and a checksum of both. The checksum
// reveals any change by another program, even if the file is still valid JSON.
//
//   {"version": "gpuslice.names/v2", ..., "checksum": "2c1e32b52d83f754"}
//
// Version 1, written by earlier versions of gpuslice, has no checksum and is still read. The checksum covers the
// document without the checksum itself and without spaces.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace gpuslice::store {

// `name` is "gpuslice.names"; `indent` as in nlohmann::json::dump, -1 for one line.
[[nodiscard]] std::string write_document(const std::string& name, const nlohmann::ordered_json& body, int indent);

// Returns the body. Errors: damaged, with `source` as the object.
[[nodiscard]] Result<nlohmann::ordered_json> read_document(const std::string& name, const std::string& text,
                                                           const std::string& source);

// The same for a line of JSON, which has no version. sealed_line adds the checksum; is_sound_line is false if the
// checksum is wrong or the line is longer than any that gpuslice writes (256 KiB).
[[nodiscard]] std::string sealed_line(const std::string& line);
[[nodiscard]] bool is_sound_line(const std::string& line);

// Where the text stops being valid JSON, without the JSON library's own text: "is not valid JSON at byte 12".
[[nodiscard]] std::string not_json(const nlohmann::json::exception& thrown);

}  // namespace gpuslice::store
