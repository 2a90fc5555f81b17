#include "cli/confirm.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <variant>
#include <vector>

#include "ops/drain.hpp"

namespace gpuslice::cli {
namespace {

std::string counted(std::size_t count, const char* one, const char* more) {
  return fmt::format("{} {}", count, count == 1 ? one : more);
}

// "0", "0 and 2", "0, 2 and 5"
std::string listed(const std::vector<std::string>& parts) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i)
    text += (i == 0 ? "" : i + 1 == parts.size() ? " and " : ", ") + parts[i];
  return text;
}

bool asks_always() {
  const char* word = std::getenv("GPUSLICE_CONFIRM");
  return word != nullptr && std::string_view(word) == "always";
}

}  // namespace

std::string confirm_question(const model::Plan& plan) {
  std::vector<std::string> parts;
  std::vector<std::string> reset;
  for (const auto& gpu : plan.gpus) {
    const auto destroys = [&](const model::GiSeat& seat) {
      return std::ranges::any_of(gpu.steps, [&](const auto& step) {
        const auto* one = std::get_if<model::DestroyGi>(&step.action);
        return one != nullptr && one->seat == seat;
      });
    };
    std::size_t whole = 0, inner = 0;
    bool resets = false;
    for (const auto& step : gpu.steps) {
      whole += step.is<model::DestroyGi>() ? 1U : 0U;
      const auto* ci = std::get_if<model::DestroyCi>(&step.action);
      inner += ci != nullptr && !destroys(ci->seat.parent) ? 1U : 0U;
      resets = resets || step.is<model::Reset>();
    }
    if (resets) {
      reset.push_back(std::to_string(gpu.gpu.value));
      whole += gpu.before.mig.partition.instances.size();
    }
    std::vector<std::string> what;
    if (whole != 0) what.push_back(counted(whole, "GPU instance", "GPU instances"));
    if (inner != 0) what.push_back(counted(inner, "compute instance", "compute instances"));
    if (!what.empty()) parts.push_back(fmt::format("destroy {} on GPU {}", listed(what), gpu.gpu.value));
  }
  if (!reset.empty()) parts.push_back((reset.size() == 1 ? "reset GPU " : "reset GPUs ") + listed(reset));
  if (const auto ended = ops::in_the_way(plan).size(); ended != 0)
    parts.push_back("stop " + counted(ended, "process", "processes"));
  if (parts.empty()) return {};
  auto question = fmt::format("{}? [y/N] ", fmt::join(parts, "; "));
  question[0] = static_cast<char>(question[0] - 'a' + 'A');
  return question;
}

std::function<bool(const model::Plan&)> confirmation(const Terminal& terminal, bool yes, bool real,
                                                     std::stop_token stop) {
  if (yes || !terminal.ask || (!real && !asks_always())) return nullptr;
  return [&terminal, stop = std::move(stop)](const model::Plan& plan) {
    const auto question = confirm_question(plan);
    return question.empty() || terminal.ask(question, stop);
  };
}

}  // namespace gpuslice::cli
