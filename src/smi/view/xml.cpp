#include "smi/view/xml.hpp"

#include "smi/view/dtd.hpp"
#include "smi/view/gpu_figures.hpp"
#include "smi/view/vgpu.hpp"
#include "smi/view/xml_lists.hpp"
#include "smi/view/xml_writer.hpp"

namespace gpuslice::smi {
namespace {

using fields::Kind;
using fields::Row;

void print_gpu(Session& session, XmlWriter& xml, GpuIndex gpu, const std::vector<const Row*>& rows) {
  const GpuFigures figures(session, gpu, rows);
  const auto address = session.node.identity().pci(gpu);
  xml.open("gpu", "id=\"" + (address ? xml_escaped(address->bus_id) : std::string{}) + '"');
  const auto base = xml.depth();
  std::size_t closed_depth = 0;  // depth of a section that is replaced by its refusal; 0: none
  for (const Row* row : rows) {
    if (closed_depth != 0 && row->depth > closed_depth) continue;
    closed_depth = 0;
    if (!figures.has(*row)) continue;
    xml.close_to(base + row->depth - 1);
    switch (row->kind) {
      case Kind::section:
        if (const auto refusal = figures.closed(*row)) {
          xml.leaf(row->tag, cell(*refusal));
          closed_depth = row->depth;
        } else {
          xml.open(row->tag);
        }
        break;
      case Kind::leaf:
        xml.leaf(row->tag, cell(figures.text(*row, fields::Form::xml), row->unit));
        break;
      case Kind::list:
        print_list(figures, xml, *row);
        break;
    }
  }
  xml.close_to(base);
  xml.close();
  xml.blank();
}

}  // namespace

int print_xml(Session& session, bool with_dtd) {
  session.out << "<?xml version=\"1.0\" ?>\n";
  if (with_dtd) {
    session.out << "<!DOCTYPE nvidia_smi_log [\n";
    print_dtd(session.out, session.format);
    session.out << "]>\n";
  } else {
    session.out << "<!DOCTYPE nvidia_smi_log SYSTEM \"" << dtd_name(session.format) << "\">\n";
  }
  XmlWriter xml(session.out);
  xml.open("nvidia_smi_log");
  xml.leaf("timestamp", session.environment.date());
  xml.leaf("driver_version", session.system.driver_version);
  xml.leaf("cuda_version", session.cuda_version());
  if (const auto capability = vgpu_driver_capability(session)) {
    xml.open("vgpu_driver_capability");
    xml.leaf("heterogenous_multivGPU", *capability);
    xml.close();
  }
  const auto count = session.node.identity().gpu_count();
  xml.leaf("attached_gpus", count ? std::to_string(*count) : cell(count.error()));
  std::vector<const Row*> rows;
  for (const Row& row : fields::rows())
    if (!row.tag.empty() && figures::known_to(session.format.driver, row)) rows.push_back(&row);
  for (const GpuIndex gpu : session.gpus) print_gpu(session, xml, gpu, rows);
  xml.close();
  return 0;
}

}  // namespace gpuslice::smi
