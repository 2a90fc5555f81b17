#include "smi/monitor/scroll.hpp"

#include <fmt/format.h>

namespace gpuslice::smi {
namespace {

constexpr int gpu_width = 5;
constexpr int stamp_width = 8;  // "20261121", "11:13:14"

std::string clock_text(const std::tm& now, const char* format) {
  char text[16];
  const auto size = std::strftime(text, sizeof text, format, &now);
  return {text, size};
}

}  // namespace

void Scroll::print_header(std::ostream& out) const {
  std::vector<std::string> names, units;
  for (const auto& column : columns_) {
    names.push_back(column.name);
    units.push_back(column.unit);
  }
  if (!format_.csv || format_.header) line(out, LineKind::names, nullptr, "gpu", names);
  if (!format_.csv || format_.units) line(out, LineKind::units, nullptr, "Idx", units);
}

void Scroll::print_line(std::ostream& out, const std::tm& now, const std::string& gpu,
                        const std::vector<std::string>& cells) const {
  line(out, LineKind::values, &now, gpu, cells);
}

void Scroll::line(std::ostream& out, LineKind kind, const std::tm* now, const std::string& gpu,
                  const std::vector<std::string>& cells) const {
  const auto stamp = [&](const char* name, const char* unit, const char* format) {
    return kind == LineKind::names ? name : kind == LineKind::units ? std::string(unit) : clock_text(*now, format);
  };
  std::vector<std::string> stamps;
  if (format_.date) stamps.push_back(stamp("Date", "YYYYMMDD", "%Y%m%d"));
  if (format_.time) stamps.push_back(stamp("Time", "HH:MM:SS", "%H:%M:%S"));
  const char first = kind == LineKind::values ? ' ' : '#';
  std::string text;
  if (format_.csv) {
    text = first;
    for (const auto& word : stamps) text += word + ", ";
    text += gpu;
    for (const auto& cell : cells) text += ", " + cell;
  } else {
    for (const auto& word : stamps) text += fmt::format(" {:<{}}   ", word, stamp_width);
    text += fmt::format("{:>{}}", gpu, gpu_width);
    text.front() = first;
    bool padded = false;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const auto& column = columns_[i];
      padded = column.left && kind == LineKind::values;
      text += !column.left
                  ? fmt::format("{:>{}}", cells[i], column.width - (kind == LineKind::values ? column.narrower : 0))
                  : fmt::format("{:{}}{:<{}}", "", column.margin, cells[i], padded ? column.width : 0);
    }
    if (!padded) text += ' ';
  }
  out << text << '\n';
}

}  // namespace gpuslice::smi
