// The text of a YAML or JSON file as a plain tree with line numbers. Scalars have the type that YAML 1.2 gives them, so
// that the same file means the same to every reader; which type a key wants is not known here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/layout.hpp"

namespace gpuslice::spec {

struct Member;

struct Value {
  enum class Kind { null, boolean, integer, real, text, list, map };
  Kind kind{Kind::null};
  std::string text;  // of a scalar, as written
  int line{};
  std::vector<Value> items;     // of a list
  std::vector<Member> members;  // of a map, in the order written; no key is given twice

  [[nodiscard]] const Value* find(std::string_view key) const;  // null: not there
  [[nodiscard]] bool scalar() const { return kind != Kind::list && kind != Kind::map; }
};

struct Member {
  std::string key;
  int line{};
  Value value;
};

inline constexpr std::size_t max_values = 100'000;  // what an alias stands for counts each time
inline constexpr std::size_t max_depth = 32;

// The one document of `text`. Errors (usage) name `file` and line: not YAML, a key that is given twice, a tag, a file
// that is empty, too large, nested too deep or more than one document. `what` it is called there.
[[nodiscard]] Result<Value> parse_tree(const std::string& text, const std::string& file,
                                       const std::string& what = "a layout file");

// The type of an unquoted YAML 1.2 scalar.
[[nodiscard]] Value::Kind plain_kind(std::string_view text);

}  // namespace gpuslice::spec
