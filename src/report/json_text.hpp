// Writes JSON documents: always valid, and never with characters that control a terminal.
//
// Rule: all JSON output of a program is written here. Bytes that are not UTF-8 become U+FFFD, control and bidirectional
// characters become \uNNNN; no text makes it throw.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "base/printable.hpp"

namespace gpuslice::report {

// `indent` blanks per level; -1: all on one line.
template <class Json>
[[nodiscard]] std::string json_text(const Json& document, int indent = -1) {
  return printable_json(document.dump(indent, ' ', false, Json::error_handler_t::replace));
}

}  // namespace gpuslice::report
