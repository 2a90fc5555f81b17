#include "ops/workers.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace gpuslice::ops {

Result<void> Workers::open(std::function<Result<std::unique_ptr<node::Node>>()> opener) {
  auto result = std::make_shared<std::optional<Result<std::unique_ptr<node::Node>>>>();
  auto ticket = whole_.begin([result, opener = std::move(opener)] {
    try {
      result->emplace(opener());
    } catch (const std::exception& thrown) {
      result->emplace(fail(ErrorKind::io, "node", thrown.what()));
    }
  });
  GPUSLICE_CHECK(ended(ticket.wait(Clock::now() + patience_), "node", patience_));
  node_ = GPUSLICE_TRY(std::move(**result));
  return {};
}

void Workers::close() {
  if (node_ == nullptr || any_hung()) return;  // a hung call still uses the node
  gpus_.clear();
  auto ticket = whole_.begin([node = std::move(node_)]() mutable { node.reset(); });
  static_cast<void>(ticket.wait(Clock::now() + patience_));
}

bool Workers::hung(GpuIndex gpu) const {
  const auto found = gpus_.find(gpu);
  return found != gpus_.end() && found->second.hung();
}

bool Workers::any_hung() const {
  return whole_.hung() || std::ranges::any_of(gpus_, [](const auto& one) { return one.second.hung(); });
}

Worker& Workers::of(GpuIndex gpu) { return gpus_[gpu]; }

Result<void> Workers::ended(Worker::End end, const std::string& about, Patience patience) {
  if (end == Worker::End::done) return {};
  if (end == Worker::End::no_thread)
    return fail(ErrorKind::io, about, "no thread could be created for the driver call");
  return fail(ErrorKind::unknown, about,
              fmt::format("the driver has not answered within {:g} s; the kernel log may say why",
                          static_cast<double>(patience.count()) / 1000.0));
}

}  // namespace gpuslice::ops
