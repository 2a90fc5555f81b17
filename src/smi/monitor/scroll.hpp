// The scrolling output of dmon and pmon: two header lines, then one line per subject and sample.
#pragma once

#include <ctime>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace gpuslice::smi {

struct ScrollColumn {
  std::string name, unit;
  int width{7};  // including leading blanks
  bool left{};   // left-aligned after `margin` blanks
  int margin{};
  int narrower{};  // by how many columns a value is narrower than its heading
};

struct ScrollFormat {
  bool date{}, time{};                    // -o D, -o T
  bool csv{}, header{true}, units{true};  // --format
};

class Scroll {
 public:
  // Adds the first column, the GPU's index, itself.
  Scroll(ScrollFormat format, std::vector<ScrollColumn> columns) : format_(format), columns_(std::move(columns)) {}

  void print_header(std::ostream& out) const;
  void print_line(std::ostream& out, const std::tm& now, const std::string& gpu,
                  const std::vector<std::string>& cells) const;

 private:
  enum class LineKind { names, units, values };
  void line(std::ostream& out, LineKind kind, const std::tm* now, const std::string& gpu,
            const std::vector<std::string>& cells) const;

  ScrollFormat format_;
  std::vector<ScrollColumn> columns_;
};

}  // namespace gpuslice::smi
