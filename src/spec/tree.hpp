// Parses YAML or JSON into a plain tree with line numbers. Scalars have the type that YAML 1.2 gives them, so that a
// file means the same to every reader. The types that keys require are checked elsewhere (check.hpp).
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
  std::string text;  // text of a scalar, as written
  int line{};
  bool literal{};            // a block scalar in literal style: each line of it is a line of the file, from line + 1 on
  std::vector<Value> items;  // of a list
  std::vector<Member> members;  // of a map, in the order written; keys are unique

  [[nodiscard]] const Value* find(std::string_view key) const;  // null: not present
  [[nodiscard]] bool scalar() const { return kind != Kind::list && kind != Kind::map; }
};

struct Member {
  std::string key;
  int line{};
  Value value;
};

// Maps a line of the text to a line of the file: the text may be a scalar in the file.
struct Lines {
  int before{};      // lines of the file before the text
  int fixed_line{};  // not 0: all of the text is on this line of the file
  [[nodiscard]] int of(int line) const { return fixed_line != 0 ? fixed_line : before + line; }
};

inline constexpr std::size_t max_values = 100'000;  // each use of an alias counts all of its values
inline constexpr std::size_t max_depth = 32;

// Parses `text`, which must contain one document. Errors (usage) give `file` and line: not YAML, a duplicate key, a
// tag, or a file that is empty, too large, nested too deeply or has several documents. `what` names the kind of file in
// messages.
[[nodiscard]] Result<Value> parse_tree(const std::string& text, const std::string& file,
                                       const std::string& what = "a layout file", Lines lines = {});

// The type of an unquoted YAML 1.2 scalar.
[[nodiscard]] Value::Kind plain_kind(std::string_view text);

}  // namespace gpuslice::spec
