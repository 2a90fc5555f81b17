// Elements in the form of nvidia-smi's XML: one a line, tabs for nesting.
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

  // `attribute` as it stands in the tag: `id="0"`.
  void open(std::string_view tag, std::string_view attribute = {});
  // As if the tag around stood one step further out: so NVIDIA's program writes MIG devices.
  void outdent(std::size_t steps) { outdent_ = steps; }
  void close();
  void leaf(std::string_view tag, std::string_view text);
  void text(std::string_view text);  // a line of its own
  void blank();
  // Elements open; closing back to so many.
  [[nodiscard]] std::size_t depth() const { return open_.size(); }
  void close_to(std::size_t depth);

 private:
  void indent();

  std::ostream& out_;
  std::vector<std::string> open_;
  std::size_t outdent_{};
};

// With what XML takes for its own written out: & < > ". What XML may not have at all is made printable first.
[[nodiscard]] std::string xml_escaped(std::string_view text);

}  // namespace gpuslice::smi
