#include "store/holder.hpp"

#include <nlohmann/json.hpp>

namespace gpuslice::store {

using nlohmann::ordered_json;

std::string write_holder(const Holder& holder) {
  const ordered_json document = {
      {"pid", holder.pid}, {"command", holder.command}, {"user", holder.user}, {"since", holder.since}};
  return document.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::optional<Holder> read_holder(const std::string& text) {
  const auto document = ordered_json::parse(text, nullptr, false);
  if (!document.is_object()) return std::nullopt;
  const auto pid = document.find("pid");
  if (pid == document.end() || !pid->is_number_integer()) return std::nullopt;
  const auto text_of = [&](const char* key) {
    const auto found = document.find(key);
    return found != document.end() && found->is_string() ? found->get<std::string>() : std::string{};
  };
  Holder holder{pid->get<int>(), text_of("command"), text_of("user"), text_of("since")};
  if (holder.pid <= 0 || holder.command.empty()) return std::nullopt;
  return holder;
}

}  // namespace gpuslice::store
