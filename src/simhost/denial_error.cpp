#include "simhost/denial_error.hpp"

#include <fmt/format.h>

#include "base/printable.hpp"

namespace gpuslice::simhost {

Error denial_error(const sim::Denial& denial, const sim::Driver& driver, const std::string& object) {
  if (denial.kind == sim::Denial::Kind::permission)
    return {ErrorKind::permission, object, "only the user who created the node may do that",
            "run it as the user who created the node"};
  if (denial.kind != sim::Denial::Kind::refused)
    return {ErrorKind::io, object, "the state of the node could not be changed", ""};
  std::string who;
  for (const auto& client : driver.holder_records(denial.refusal))
    who += fmt::format("{}{} ({})", who.empty() ? "" : ", ", client.pid, printable(client.name.view()));
  return {ErrorKind::refused, object, "is in use by " + (who.empty() ? "a client" : "process " + who), "end it first"};
}

}  // namespace gpuslice::simhost
