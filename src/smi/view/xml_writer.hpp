// Writes elements in the form of nvidia-smi's XML: one per line, indented with tabs.
#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace gpuslice::smi {

class XmlWriter {
 public:
  explicit XmlWriter(std::ostream& out) : out_(out) {}
  XmlWriter(const XmlWriter&) = delete;
  XmlWriter& operator=(const XmlWriter&) = delete;

  // `attribute` is the text inside the tag: `id="0"`.
  void open(std::string_view tag, std::string_view attribute = {});
  // Indents as if the enclosing element were `steps` levels further out, as NVIDIA's program does for MIG devices.
  void outdent(std::size_t steps) { outdent_ = steps; }
  void close();
  void leaf(std::string_view tag, std::string_view text);
  void text(std::string_view text);  // on a line of its own
  void blank();
  // The number of open elements. close_to() closes elements until this number is reached.
  [[nodiscard]] std::size_t depth() const { return open_.size(); }
  void close_to(std::size_t depth);

 private:
  void indent();

  std::ostream& out_;
  std::vector<std::string> open_;
  std::size_t outdent_{};
};

// Escapes & < > ". Characters that XML does not allow at all are made printable first.
[[nodiscard]] std::string xml_escaped(std::string_view text);

}  // namespace gpuslice::smi
