#include "spec/tree.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>
#include <utility>

#include "base/printable.hpp"
#include "spec/file.hpp"

namespace gpuslice::spec {
namespace {

// yaml-cpp throws exceptions; the Builder throws this one. parse_tree catches both.
struct Bad {
  Error error;
};

int line_of(std::string_view text, std::size_t at) {
  const auto before = text.substr(0, at);
  return static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool all_digits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_digit); }

bool is_real(std::string_view text) {
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) text.remove_prefix(1);
  if (text == ".inf" || text == ".Inf" || text == ".INF") return true;
  // Digits with an optional point, then an optional exponent.
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

// Builds the tree of one document from the parser's events. yaml-cpp's nodes are not used: they do not report duplicate
// keys, and they allow an alias inside the value that it refers to.
class Builder : public YAML::EventHandler {
 public:
  Builder(const std::string& text, const std::string& file, Lines lines) : text_(text), file_(file), lines_(lines) {
    starts_.push_back(0);
    for (std::size_t at = 0; at < text.size(); ++at)
      if (text[at] == '\n') starts_.push_back(at + 1);
  }

  std::optional<Value> root;  // set after the document

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Value value;
    value.line = line(mark);
    put({std::move(value), 1, 1}, anchor, line(mark));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    check_tag(tag, line(mark));
    Value value;
    value.line = line(mark);
    value.kind = tag == "?" || tag.empty() ? plain_kind(text) : Value::Kind::text;
    value.text = text;
    value.literal = tag == "!" && is_literal(mark);
    put({std::move(value), 1, 1}, anchor, line(mark));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) bad(line(mark), "has an alias that refers to the value it is part of");
    put(found->second, 0, line(mark));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(Value::Kind::list, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(Value::Kind::map, mark, tag, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  [[nodiscard]] int line(const YAML::Mark& mark) const { return lines_.of(mark.line + 1); }
  // Whether a block scalar in literal style ("|") begins at this position.
  [[nodiscard]] bool is_literal(const YAML::Mark& mark) const {
    if (mark.line < 0 || mark.column < 0 || static_cast<std::size_t>(mark.line) >= starts_.size()) return false;
    const auto at = starts_[static_cast<std::size_t>(mark.line)] + static_cast<std::size_t>(mark.column);
    return at < text_.size() && text_[at] == '|';
  }

  // A value with the number of values in it, including itself, and the depth of its nesting.
  struct Sized {
    Value value;
    std::size_t count{};
    std::size_t height{};
  };
  struct Open {
    Sized made;
    YAML::anchor_t anchor{};
    std::map<std::string, int> keys;  // of a map, with their lines
    std::optional<Member> half;       // a key whose value has not been read yet
  };

  [[noreturn]] void bad(int line, const std::string& what, const std::string& hint = {}) const {
    throw Bad{{ErrorKind::usage, model::Origin{file_, line}.text(), what, hint}};
  }

  // yaml-cpp passes "?" for a plain and "!" for a quoted scalar.
  void check_tag(const std::string& tag, int line) const {
    if (tag.empty() || tag == "?" || tag == "!" || tag == "tag:yaml.org,2002:str") return;
    bad(line, fmt::format("has the tag {}; tags are not supported", tag), "remove the tag");
  }

  void open(Value::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    check_tag(tag, line(mark));
    check_depth(1, line(mark));
    Open made;
    made.made.value.kind = kind;
    made.made.value.line = line(mark);
    made.made.count = made.made.height = 1;
    made.anchor = anchor;
    open_.push_back(std::move(made));
  }
  void close() {
    auto done = std::move(open_.back());
    open_.pop_back();
    const auto line = done.made.value.line;
    put(std::move(done.made), done.anchor, line);
  }

  void check_depth(std::size_t height, int line) const {
    if (open_.size() + height > max_depth) bad(line, fmt::format("is nested more than {} levels deep", max_depth));
  }

  // Adds a finished value to the innermost open list or map.
  void put(Sized done, YAML::anchor_t anchor, int line) {
    if (anchor != 0) anchors_[anchor] = done;
    if (open_.empty()) {
      root = std::move(done.value);
      return;
    }
    check_depth(done.height, line);
    auto& in = open_.back();
    in.made.count += done.count;
    in.made.height = std::max(in.made.height, done.height + 1);
    if (in.made.count > max_values)
      bad(line, fmt::format("holds more than {} values, counting those of an alias each time it is used", max_values));
    if (in.made.value.kind == Value::Kind::list) {
      in.made.value.items.push_back(std::move(done.value));
    } else if (in.half) {
      in.half->value = std::move(done.value);
      in.made.value.members.push_back(*std::exchange(in.half, std::nullopt));
    } else {
      key(in, done.value);
    }
  }

  void key(Open& in, const Value& value) const {
    if (!value.scalar() || value.kind == Value::Kind::null) bad(value.line, "has a key that is a list, a map or empty");
    const auto [first, fresh] = in.keys.emplace(value.text, value.line);
    if (!fresh)
      bad(value.line, fmt::format("the key \"{}\" is given twice, here and in line {}", value.text, first->second));
    in.half = Member{value.text, value.line, {}};
  }

  const std::string& text_;
  const std::string& file_;
  Lines lines_;
  std::vector<std::size_t> starts_;  // of the lines of text_
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Sized> anchors_;
};

// Reads a document and ignores it.
class Deaf : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}
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

Result<Value> parse_tree(const std::string& text, const std::string& file, const std::string& what, Lines lines) {
  if (text.size() > max_file_bytes)
    return fail(ErrorKind::usage, file, fmt::format("is larger than the limit of {} bytes", max_file_bytes));
  if (const auto bad = first_bad_byte(text); bad != text.size())
    return fail(ErrorKind::usage, model::Origin{file, lines.of(line_of(text, bad))}.text(),
                fmt::format("is not UTF-8: invalid byte 0x{:02X}", static_cast<unsigned char>(text[bad])));
  try {
    std::istringstream in(text);
    YAML::Parser parser(in);
    Builder builder(text, file, lines);
    if (!parser.HandleNextDocument(builder) || !builder.root || builder.root->kind == Value::Kind::null)
      return fail(ErrorKind::usage, file, "is empty");
    // Called only once: after some document ends, yaml-cpp 0.7 finds an endless sequence of empty documents.
    Deaf deaf;
    if (parser.HandleNextDocument(deaf))
      return fail(ErrorKind::usage, file,
                  fmt::format("has text after the end of its document; {} is a single document", what));
    return *std::move(builder.root);
  } catch (const Bad& why) {
    return std::unexpected(why.error);
  } catch (const YAML::ParserException& why) {
    return fail(ErrorKind::usage, model::Origin{file, lines.of(why.mark.line + 1)}.text(), "is not YAML: " + why.msg);
  } catch (const YAML::Exception& why) {
    return fail(ErrorKind::usage, file, std::string("cannot be read: ") + why.what());
  }
}

}  // namespace gpuslice::spec
