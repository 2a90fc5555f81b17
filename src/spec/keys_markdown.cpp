#include <fmt/format.h>

#include <optional>

#include "spec/keys.hpp"

namespace gpuslice::spec {

std::string keys_markdown() {
  std::string out;
  std::optional<Object> last;
  for (const auto& first : keys()) {
    if (first.in == last) continue;
    last = first.in;
    const auto& words = words_of(first.in);
    out += fmt::format("{}### {}{}\n\n{}\n\n", out.empty() ? "" : "\n",
                       words.path.empty() ? "" : fmt::format("`{}`: ", words.path), words.what, words.description);
    out += "| key | value | required | meaning | example |\n|---|---|---|---|---|\n";
    for (const auto& key : keys_of(first.in))
      out += fmt::format("| `{}` | {} | {} | {} | `{}` |\n", key.name, type_text(key), key.required ? "yes" : "no",
                         key.description, key.example);
    bool any = false;
    for (const auto& rule : rules()) {
      if (rule.in != first.in) continue;
      out += fmt::format("{}* {}\n", any ? "" : "\n", rule_text(rule));
      any = true;
    }
  }
  return out;
}

}  // namespace gpuslice::spec
