#include "figures/figure.hpp"

#include <charconv>

namespace gpuslice::figures {
namespace {

Figure number(const std::string& text) {
  const auto* const end = text.data() + text.size();
  std::int64_t whole = 0;
  if (std::from_chars(text.data(), end, whole).ptr == end) return whole;
  double decimal = 0;
  if (std::from_chars(text.data(), end, decimal).ptr == end) return decimal;
  return text;
}

}  // namespace

Text of_the_run(const Run& run, GpuIndex gpu, const fields::Row& row) {
  const auto name = row.query.name;
  if (name == "timestamp") return run.timestamp;
  if (name == "driver_version") return run.driver_version;
  if (name == "index") return std::to_string(gpu.value);
  const auto count = run.node.identity().gpu_count();
  if (!count) return std::unexpected(count.error());
  return std::to_string(*count);
}

node::Answer<Figure> figure(const Run& run, const Snapshot& gpu, const fields::Row& row) {
  const auto show = asked_show_of(row);
  const auto type = fields::type_of(show);
  Text words;
  if (row.rule == fields::Rule::of_the_run) {
    words = of_the_run(run, gpu.gpu(), row);
  } else {
    const auto value = gpu.asked_value(row);
    if (!value) return std::unexpected(value.error());
    if (type == fields::Type::flag && !value->is_words()) return fields::flag_of(show, *value);
    words = gpu.words(show, *value);
  }
  if (!words) return std::unexpected(std::move(words.error()));
  return type == fields::Type::number ? number(*words) : Figure(std::move(*words));
}

}  // namespace gpuslice::figures
