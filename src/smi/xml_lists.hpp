// The rows of -q -x that are lists.
#pragma once

#include "smi/snapshot.hpp"
#include "smi/xml_writer.hpp"

namespace gpuslice::smi {

void print_list(const Snapshot& snapshot, XmlWriter& xml, const fields::Row& row);

}  // namespace gpuslice::smi
