// How a JSON document is written: always valid, and nothing in it drives a terminal.
//
// Rule: a program's JSON goes out through here. Bytes that are not UTF-8 come out as U+FFFD, control and bidirectional
// characters as \uNNNN; nothing is thrown for what the text is.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "base/printable.hpp"

namespace gpuslice::report {

// `indent` blanks for each level, or all on one line with -1.
template <class Json>
[[nodiscard]] std::string json_text(const Json& document, int indent = -1) {
  return printable_json(document.dump(indent, ' ', false, Json::error_handler_t::replace));
}

}  // namespace gpuslice::report
