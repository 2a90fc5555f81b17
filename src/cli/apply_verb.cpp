// `gpuslice apply`: changes a node to match a layout, as a transaction.
#include <memory>
#include <sstream>
#include <utility>

#include "cli/change_words.hpp"
#include "cli/layout_words.hpp"
#include "cli/verbs.hpp"
#include "plan/planner.hpp"

namespace gpuslice::cli {

void add_apply_verb(CommandLine& line) {
  struct ApplyWords {
    LayoutWords layout;
    ChangeWords change;
  };
  auto verb =
      line.app.add_subcommand("apply", "Change a node to match a layout; if a step fails, roll back all of them");
  auto words = std::make_shared<ApplyWords>();
  add_layout_options(verb, words->layout);
  add_change_options(verb, words->change);
  verb.callback([&line, words] {
    line.chosen = with_last_line(line, {words, &words->change}, [&line, words]() -> Result<int> {
      const auto layout = GPUSLICE_TRY(read_layout(words->layout));
      bool noted = false;  // the plan may be computed more than once, but its notes are printed once
      return change_node(
          line, words->change, "apply",
          [&](const model::Inventory& inventory) {
            std::ostringstream again;
            const Terminal terminal{again, std::exchange(noted, true) ? again : line.terminal.err};
            return plan::plan_layout(inventory, layout_for(inventory, layout, terminal));
          },
          ops::settings_declared_by(layout));
    });
  });
}

}  // namespace gpuslice::cli
