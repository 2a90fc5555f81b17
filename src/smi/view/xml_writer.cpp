#include "smi/view/xml_writer.hpp"

#include "base/printable.hpp"

namespace gpuslice::smi {

void XmlWriter::indent() {
  for (std::size_t i = outdent_; i < open_.size(); ++i) out_ << '\t';
}

void XmlWriter::open(std::string_view tag, std::string_view attribute) {
  indent();
  out_ << '<' << tag;
  if (!attribute.empty()) out_ << ' ' << attribute;
  out_ << ">\n";
  open_.emplace_back(tag);
}

void XmlWriter::close() {
  const auto tag = std::move(open_.back());
  open_.pop_back();
  indent();
  out_ << "</" << tag << ">\n";
}

void XmlWriter::close_to(std::size_t depth) {
  while (open_.size() > depth) close();
}

void XmlWriter::leaf(std::string_view tag, std::string_view text) {
  indent();
  out_ << '<' << tag << '>' << xml_escaped(text) << "</" << tag << ">\n";
}

void XmlWriter::text(std::string_view text) {
  indent();
  out_ << xml_escaped(text) << '\n';
}

void XmlWriter::blank() { out_ << '\n'; }

std::string xml_escaped(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (const char c : printable(text)) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

}  // namespace gpuslice::smi
