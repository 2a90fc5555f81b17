// The readings of one GPU for a view of a session, and the text shown for a refused one.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "figures/snapshot.hpp"
#include "smi/session.hpp"

namespace gpuslice::smi {

using FieldValue = figures::Text;

class GpuFigures : public figures::Snapshot {
 public:
  GpuFigures(Session& session, GpuIndex gpu, std::span<const fields::Row* const> rows, For what = For::report)
      : figures::Snapshot(session.node, {session.format.driver, session.environment.now.tm_gmtoff}, gpu, rows, what),
        session_(session) {}

  [[nodiscard]] Session& session() const { return session_; }

 private:
  Session& session_;
};

// The text for a refused figure: N/A if the GPU does not have it; the driver's text for any other refusal.
[[nodiscard]] std::string cell(const node::DriverError& error);
[[nodiscard]] std::string cell(const FieldValue& value, std::string_view unit);

}  // namespace gpuslice::smi
