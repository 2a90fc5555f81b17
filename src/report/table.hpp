// Declares columns once; the text table, JSON, CSV and the list of columns are generated from the declaration. No
// domain terms.
//
// A cell is a text, a number, a flag, a span, a list of these, Unknown, or None. JSON has every key in every row. A
// value that does not apply to a row is None: empty in text and CSV, null in JSON. A value that is not known is
// Unknown: "unknown" in text and CSV, never 0; null in JSON, where the row's "unknown" lists its key with the reason or
// null.
#pragma once

#include <cassert>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace gpuslice::report {

struct Unknown {
  std::string why{};  // empty if there is no reason to give
};
struct None {};
using List = std::vector<std::string>;
using Numbers = std::vector<std::int64_t>;
// A range of equal units: "4:2" in text and CSV, {"start": 4, "size": 2} in JSON.
struct Span {
  std::int64_t start{}, size{};
};
using Spans = std::vector<Span>;
using Cell = std::variant<Unknown, None, std::string, std::int64_t, double, bool, List, Numbers, Span, Spans>;

// What a known cell of a column is: in JSON a string, a whole number, any number, true or false, an array of strings,
// an array of numbers, an object, or an array of objects. Text and CSV write yes and no, and join a list with ", ".
enum class Type { text, number, decimal, flag, list, numbers, span, spans };

// Where a column is shown. A key may have one column for tables and another for data (JSON and CSV).
enum class Shown { always, data_only, table_only };

// Whether a cell of a column can be Unknown or None.
enum class Known { perhaps, always };

template <class Row>
struct Column {
  std::string key;     // JSON and CSV name
  std::string header;  // heading in the text table
  Type type{};
  std::string help;  // its meaning in a few words
  std::function<Cell(const Row&)> get;
  Shown shown{Shown::always};
  Known known{Known::perhaps};
};

// The cells of a table, computed from its rows.
struct Sheet {
  struct Head {
    std::string key, header;
    Type type{};
    std::string help;
    Shown shown{};
    Known known{Known::perhaps};
  };
  std::vector<Head> heads;
  std::vector<std::vector<Cell>> rows;  // each as long as heads; a cell is unknown or of its column's type
};

[[nodiscard]] bool is_of(const Cell& cell, Type type);
// "text", "number", "flag", "list", "numbers", "span", "spans".
[[nodiscard]] std::string_view word(Type type);

template <class Row>
[[nodiscard]] std::vector<Sheet::Head> heads(const std::vector<Column<Row>>& columns) {
  std::vector<Sheet::Head> made;
  for (const auto& column : columns)
    made.push_back({column.key, column.header, column.type, column.help, column.shown, column.known});
  return made;
}

template <class Row>
[[nodiscard]] Sheet sheet(const std::vector<Column<Row>>& columns, const std::vector<Row>& rows) {
  Sheet made;
  made.heads = heads(columns);
  for (const auto& row : rows) {
    auto& cells = made.rows.emplace_back();
    for (const auto& column : columns) {
      cells.push_back(column.get(row));
      assert(is_of(cells.back(), column.type));
      assert(column.known == Known::perhaps || cells.back().index() > 1);
    }
  }
  return made;
}

// A cell as shown in text and CSV.
[[nodiscard]] std::string as_text(const Cell& cell);

// Aligned: numbers to the right, others to the left; two blanks between columns; no blanks at line ends.
[[nodiscard]] std::string text_table(const Sheet& sheet);
// An array of objects, written by json_text: bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string json(const Sheet& sheet);
// As RFC 4180, but with the line ends of Unix, for a header line of keys. Cells are escaped as in the table, so that
// each line is one row.
[[nodiscard]] std::string csv(const Sheet& sheet);
// One line for each key: JSON type and meaning.
[[nodiscard]] std::string column_list(const std::vector<Sheet::Head>& heads);

}  // namespace gpuslice::report
