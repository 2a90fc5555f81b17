// One declaration of columns, from which the text table, JSON, CSV and the list of columns are generated. No domain
// terms.
//
// A cell is a text, a number, a flag, a list of texts, or unknown. Unknown is "unknown" in text and CSV and null in
// JSON, never 0; if the reason is known, JSON has it under "unknown". A cell that does not apply to a row is None:
// empty in text and CSV, and no key in JSON.
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
using Cell = std::variant<Unknown, None, std::string, std::int64_t, double, bool, List>;

// The type of a column's known cells: in JSON a string, a number, true or false, or an array of strings. Text and CSV
// have yes and no for flags, and join lists with ", ".
enum class Type { text, number, flag, list };

// Where a column is shown: JSON and CSV have every column.
enum class Shown { always, data_only };

template <class Row>
struct Column {
  std::string key;     // JSON and CSV name
  std::string header;  // of the text table
  Type type{};
  std::string help;  // what it means, in a few words
  std::function<Cell(const Row&)> get;
  Shown shown{Shown::always};
};

// The cells of a table, taken from its rows.
struct Sheet {
  struct Head {
    std::string key, header;
    Type type{};
    std::string help;
    Shown shown{};
  };
  std::vector<Head> heads;
  std::vector<std::vector<Cell>> rows;  // each as long as heads; a cell is unknown or of its column's type
};

[[nodiscard]] bool is_of(const Cell& cell, Type type);
// "text", "number", "flag", "list".
[[nodiscard]] std::string_view word(Type type);

template <class Row>
[[nodiscard]] std::vector<Sheet::Head> heads(const std::vector<Column<Row>>& columns) {
  std::vector<Sheet::Head> made;
  for (const auto& column : columns)
    made.push_back({column.key, column.header, column.type, column.help, column.shown});
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
    }
  }
  return made;
}

// A cell as text and CSV show it.
[[nodiscard]] std::string as_text(const Cell& cell);

// Aligned: numbers to the right, others to the left; two blanks between columns; no blanks at the end of a line.
[[nodiscard]] std::string text_table(const Sheet& sheet);
// An array of objects, written by json_text: bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string json(const Sheet& sheet);
// RFC 4180, with a header line of keys. Cells are escaped as in the table, so that each line is one row.
[[nodiscard]] std::string csv(const Sheet& sheet);
// One line per column: key, JSON type, meaning.
[[nodiscard]] std::string column_list(const std::vector<Sheet::Head>& heads);

}  // namespace gpuslice::report
