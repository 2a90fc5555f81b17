// `gpuslice completion SHELL`
#include <memory>

#include "catalog/product.hpp"
#include "cli/completion.hpp"
#include "cli/option_words.hpp"
#include "cli/verbs.hpp"

namespace gpuslice::cli {
namespace {

Result<int> completion(const CommandLine& line, const std::string& shell) {
  std::vector<std::string> products;
  for (const auto& product : catalog::products()) {
    products.emplace_back(product.key);
    products.insert(products.end(), product.aliases.begin(), product.aliases.end());
  }
  line.terminal.out << completion_script(line.app.parsed(), shell, products);
  return 0;
}

}  // namespace

void add_completion_verb(CommandLine& line) {
  auto verb = line.app.add_subcommand("completion", "Print a completion script for a shell");
  auto shell = std::make_shared<std::string>();
  add_choice(verb, "SHELL", *shell, {std::begin(shells), std::end(shells)}, "The shell").required();
  verb.footer("The script goes to standard output. cmake --install puts it where the shells look.\n");
  verb.callback([&line, shell] { line.chosen = [&line, shell] { return completion(line, *shell); }; });
}

}  // namespace gpuslice::cli
