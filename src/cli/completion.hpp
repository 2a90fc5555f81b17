// Completion scripts for shells, generated from the very command line that they complete.
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

// Every verb, option, and value that comes from a closed set (or from the nodes there are when the shell asks).
// `products`: what --for takes.
[[nodiscard]] std::string completion_script(const CLI::App& app, std::string_view shell,
                                            const std::vector<std::string>& products);

}  // namespace gpuslice::cli
