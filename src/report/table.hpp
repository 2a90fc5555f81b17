// One declaration of columns; from it a text table, JSON and CSV. No domain words here.
//
// A cell is a text, a whole number, or unknown: unknown is "unknown" in text and CSV, null in JSON, never 0.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

namespace gpuslice::report {

struct Unknown {};
using Cell = std::variant<Unknown, std::string, std::int64_t>;

template <class Row>
struct Column {
  std::string key;     // JSON and CSV name
  std::string header;  // of the text table
  std::function<Cell(const Row&)> get;
  bool in_table{true};  // JSON and CSV have all columns
};

// The cells of a table, already taken from its rows.
struct Sheet {
  struct Head {
    std::string key, header;
    bool in_table{};
  };
  std::vector<Head> heads;
  std::vector<std::vector<Cell>> rows;
};

template <class Row>
[[nodiscard]] Sheet sheet(const std::vector<Column<Row>>& columns, const std::vector<Row>& rows) {
  Sheet made;
  for (const auto& column : columns) made.heads.push_back({column.key, column.header, column.in_table});
  for (const auto& row : rows) {
    auto& cells = made.rows.emplace_back();
    for (const auto& column : columns) cells.push_back(column.get(row));
  }
  return made;
}

// Aligned: numbers to the right, text to the left; two blanks between; no blank at a line's end.
[[nodiscard]] std::string text_table(const Sheet& sheet);
[[nodiscard]] std::string json(const Sheet& sheet);  // an array of objects
[[nodiscard]] std::string csv(const Sheet& sheet);   // RFC 4180, with a header line

}  // namespace gpuslice::report
