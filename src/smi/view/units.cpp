#include "smi/view/units.hpp"

#include "smi/view/report_lines.hpp"
#include "smi/view/xml_writer.hpp"

namespace gpuslice::smi {

void print_units_dtd(std::ostream& out) {
  out << "<!-- nvsmi_unit_v13.dtd -->\n"
         "<!ELEMENT nvidia_smi_log (timestamp, driver_version, cuda_version, hic_info, attached_units)>\n";
  for (const char* name : {"timestamp", "driver_version", "cuda_version", "hic_info", "attached_units"})
    out << "<!ELEMENT " << name << " (#PCDATA)>\n";
}

int print_units(Session& session, bool as_xml, bool with_dtd) {
  if (!as_xml) {
    const Lines lines{session.out, session.format.label_width};
    session.out << "\n==============NVSMI LOG==============\n\n";
    lines.value(0, "Timestamp", session.environment.date());
    lines.value(0, "Driver Version", session.system.driver_version);
    lines.value(0, "CUDA Version", session.cuda_version());
    session.out << '\n';
    lines.value(0, "HIC Info", "N/A");
    lines.value(0, "Attached Units", "0");
    session.out << '\n';
    return 0;
  }
  session.out << "<?xml version=\"1.0\" ?>\n";
  if (with_dtd) {
    session.out << "<!DOCTYPE nvidia_smi_log [\n";
    print_units_dtd(session.out);
    session.out << "]>\n";
  } else {
    session.out << "<!DOCTYPE nvidia_smi_log SYSTEM \"nvsmi_unit_v13.dtd\">\n";
  }
  XmlWriter xml(session.out);
  xml.open("nvidia_smi_log");
  xml.leaf("timestamp", session.environment.date());
  xml.leaf("driver_version", session.system.driver_version);
  xml.leaf("cuda_version", session.cuda_version());
  xml.open("hic_info");
  xml.close();
  xml.leaf("attached_units", "0");
  xml.close();
  return 0;
}

}  // namespace gpuslice::smi
