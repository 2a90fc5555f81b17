// Plays inputs without libFuzzer: the files it is given (or those of directories), and inputs of its own from a seed.
//
//   abi_fuzz_replay [--runs N] [--seed S] [FILE | DIRECTORY]...
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::uint8_t>;

// Every third one is a copy of the one before with a few bytes changed: calls with nearly the same arguments.
void play_from_seed(std::uint64_t seed, std::uint64_t runs) {
  std::mt19937_64 dice(seed);
  Bytes input;
  for (std::uint64_t n = 0; n < runs; ++n) {
    if (n % 3 == 2 && !input.empty()) {
      for (unsigned i = 0; i < 8; ++i) input[dice() % input.size()] = static_cast<std::uint8_t>(dice());
    } else {
      input.resize(dice() % 1500);
      for (auto& byte : input) byte = static_cast<std::uint8_t>(dice());
    }
    (void)LLVMFuzzerTestOneInput(input.data(), input.size());
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t runs = 0, seed = 1;
  std::vector<fs::path> files;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if ((word == "--runs" || word == "--seed") && i + 1 < argc) {
      (word == "--runs" ? runs : seed) = std::strtoull(argv[++i], nullptr, 10);
    } else if (fs::is_directory(word)) {
      for (const auto& entry : fs::directory_iterator(word))
        if (entry.is_regular_file()) files.push_back(entry.path());
    } else if (fs::exists(word)) {
      files.emplace_back(word);
    } else {
      std::fprintf(stderr, "usage: abi_fuzz_replay [--runs N] [--seed S] [FILE | DIRECTORY]...\n");
      return 2;
    }
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    const Bytes input{std::istreambuf_iterator<char>(in), {}};
    (void)LLVMFuzzerTestOneInput(input.data(), input.size());
  }
  play_from_seed(seed, runs);
  std::printf("%zu recorded inputs and %llu from seed %llu: nothing found\n", files.size(),
              static_cast<unsigned long long>(runs), static_cast<unsigned long long>(seed));
}
