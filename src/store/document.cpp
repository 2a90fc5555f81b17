#include "store/document.hpp"

#include <fmt/format.h>

#include "base/checksum.hpp"

namespace gpuslice::store {
namespace {

using nlohmann::ordered_json;

constexpr const char* sum_key = "checksum";
constexpr std::size_t longest_line = 1U << 18U;  // of a log: one change of a node, with every process that it stopped

std::string text_of(const ordered_json& document, int indent) {
  return document.dump(indent, ' ', false, ordered_json::error_handler_t::replace);
}

std::string sum_of(ordered_json document) {
  document.erase(sum_key);
  return checksum_text(text_of(document, -1));
}

bool has_own_sum(const ordered_json& document) {
  const auto sum = document.find(sum_key);
  return sum != document.end() && sum->is_string() && sum->get<std::string>() == sum_of(document);
}

}  // namespace

std::string write_document(const std::string& name, const ordered_json& body, int indent) {
  ordered_json document = {{"version", name + "/v2"}};
  document.update(body);
  document[sum_key] = sum_of(document);
  return text_of(document, indent);
}

Result<ordered_json> read_document(const std::string& name, const std::string& text, const std::string& source) {
  const auto damaged = [&](std::string what) { return fail(ErrorKind::damaged, source, std::move(what)); };
  try {
    auto document = ordered_json::parse(text);
    const auto version = document.is_object() ? document.value("version", std::string{}) : std::string{};
    const bool sealed = version == name + "/v2";
    if (!sealed && version != name + "/v1")
      return damaged(fmt::format("is not a {} document that this version of gpuslice can read", name));
    if (sealed && !has_own_sum(document)) return damaged("has a wrong checksum: it was damaged, or changed by hand");
    if (sealed) document.erase(sum_key);
    document.erase("version");
    return document;
  } catch (const nlohmann::json::exception& thrown) {
    return damaged(not_json(thrown));
  }
}

std::string sealed_line(const std::string& line) {
  auto document = ordered_json::parse(line, nullptr, false);
  if (!document.is_object()) return line;
  document[sum_key] = sum_of(document);
  return text_of(document, -1);
}

bool is_sound_line(const std::string& line) {
  if (line.size() > longest_line) return false;
  const auto document = ordered_json::parse(line, nullptr, false);
  return document.is_object() && (!document.contains(sum_key) || has_own_sum(document));
}

std::string not_json(const nlohmann::json::exception& thrown) {
  const auto* where = dynamic_cast<const nlohmann::json::parse_error*>(&thrown);
  if (where == nullptr) return "is JSON, but not a document of gpuslice";
  return fmt::format("is not valid JSON at byte {}", where->byte);
}

}  // namespace gpuslice::store
