#include "spec/tree.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>

#include "spec/file.hpp"

namespace gpuslice::spec {
namespace {

// yaml-cpp throws, and so does this; both end in parse_tree.
struct Bad {
  Error error;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool all_digits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_digit); }

bool is_real(std::string_view text) {
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) text.remove_prefix(1);
  if (text == ".inf" || text == ".Inf" || text == ".INF") return true;
  // Digits with a point somewhere, then perhaps an exponent.
  if (const auto e = text.find_first_of("eE"); e != std::string_view::npos) {
    auto exponent = text.substr(e + 1);
    if (!exponent.empty() && (exponent[0] == '+' || exponent[0] == '-')) exponent.remove_prefix(1);
    if (!all_digits(exponent)) return false;
    text = text.substr(0, e);
  }
  const auto point = text.find('.');
  if (point == std::string_view::npos) return all_digits(text);
  const auto before = text.substr(0, point);
  const auto after = text.substr(point + 1);
  return (before.empty() || all_digits(before)) && (after.empty() ? !before.empty() : all_digits(after));
}

class Converter {
 public:
  explicit Converter(const std::string& file) : file_(file) {}

  Value value(const YAML::Node& node, int line, int depth) {
    Value made;
    made.line = node.Mark().line >= 0 ? node.Mark().line + 1 : line;
    if (++count_ > max_values)
      bad(made.line, fmt::format("holds more than {} values, what aliases stand for counted each time", max_values));
    if (depth > max_depth) bad(made.line, fmt::format("is nested more than {} deep", max_depth));
    check_tag(node, made.line);
    switch (node.Type()) {
      case YAML::NodeType::Undefined:
      case YAML::NodeType::Null:
        break;
      case YAML::NodeType::Scalar:
        made.text = node.Scalar();
        made.kind = node.Tag() == "?" || node.Tag().empty() ? plain_kind(made.text) : Value::Kind::text;
        break;
      case YAML::NodeType::Sequence:
        made.kind = Value::Kind::list;
        for (const auto& one : node) made.items.push_back(value(one, made.line, depth + 1));
        break;
      case YAML::NodeType::Map:
        map(node, made, depth);
        break;
    }
    return made;
  }

 private:
  [[noreturn]] void bad(int line, const std::string& what, const std::string& hint = {}) const {
    throw Bad{{ErrorKind::usage, model::Origin{file_, line}.text(), what, hint}};
  }

  // "?" and "!" are what yaml-cpp gives a plain and a quoted scalar.
  void check_tag(const YAML::Node& node, int line) const {
    const auto& tag = node.Tag();
    if (tag.empty() || tag == "?" || tag == "!" || tag == "tag:yaml.org,2002:str") return;
    bad(line, fmt::format("has the tag {}, and no tags are read here", tag), "leave the tag out");
  }

  void map(const YAML::Node& node, Value& made, int depth) {
    made.kind = Value::Kind::map;
    std::map<std::string, int> seen;
    for (const auto& pair : node) {
      const auto line = pair.first.Mark().line >= 0 ? pair.first.Mark().line + 1 : made.line;
      if (!pair.first.IsScalar()) bad(line, "has a key that is not one word");
      const auto& key = pair.first.Scalar();
      const auto [first, fresh] = seen.emplace(key, line);
      if (!fresh) bad(line, fmt::format("the key \"{}\" stands here and in line {} too", key, first->second));
      made.members.push_back({key, line, value(pair.second, line, depth + 1)});
    }
  }

  const std::string& file_;
  std::size_t count_{};
};

}  // namespace

const Value* Value::find(std::string_view key) const {
  for (const auto& member : members)
    if (member.key == key) return &member.value;
  return nullptr;
}

Value::Kind plain_kind(std::string_view text) {
  const auto is = [&](std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), text) != words.end();
  };
  if (is({"", "~", "null", "Null", "NULL"})) return Value::Kind::null;
  if (is({"true", "True", "TRUE", "false", "False", "FALSE"})) return Value::Kind::boolean;
  auto digits = text;
  if (digits[0] == '+' || digits[0] == '-') digits.remove_prefix(1);
  if (all_digits(digits)) return Value::Kind::integer;
  const auto rest = text.size() > 2 ? text.substr(2) : std::string_view{};
  if (text.starts_with("0x") && !rest.empty() &&
      rest.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos)
    return Value::Kind::integer;
  if (text.starts_with("0o") && !rest.empty() && rest.find_first_not_of("01234567") == std::string_view::npos)
    return Value::Kind::integer;
  if (is({".nan", ".NaN", ".NAN"}) || is_real(text)) return Value::Kind::real;
  return Value::Kind::text;
}

Result<Value> parse_tree(const std::string& text, const std::string& file) {
  if (text.size() > max_file_bytes)
    return fail(ErrorKind::usage, file,
                fmt::format("is larger than {} bytes, the most that a layout file has", max_file_bytes));
  try {
    const auto documents = YAML::LoadAll(text);
    if (documents.empty() || documents[0].IsNull()) return fail(ErrorKind::usage, file, "is empty");
    if (documents.size() > 1)
      return fail(ErrorKind::usage, file, fmt::format("holds {} documents; a layout file is one", documents.size()));
    return Converter(file).value(documents[0], 1, 1);
  } catch (const Bad& why) {
    return std::unexpected(why.error);
  } catch (const YAML::ParserException& why) {
    return fail(ErrorKind::usage, model::Origin{file, why.mark.line + 1}.text(), "is not YAML: " + why.msg);
  } catch (const YAML::Exception& why) {
    return fail(ErrorKind::usage, file, std::string("cannot be read: ") + why.what());
  }
}

}  // namespace gpuslice::spec
