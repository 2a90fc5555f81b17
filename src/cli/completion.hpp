// Completion scripts for shells, generated from the command line definition.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}  // namespace CLI

namespace gpuslice::cli {

inline constexpr std::string_view shells[] = {"bash", "zsh", "fish"};

// Covers every command, option, and value from a closed set; names of nodes are looked up when the shell asks.
// `products`: the values of --for.
[[nodiscard]] std::string completion_script(const CLI::App& app, std::string_view shell,
                                            const std::vector<std::string>& products);

}  // namespace gpuslice::cli
