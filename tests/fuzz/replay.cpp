// Runs inputs without libFuzzer: stored ones (corpus.hex: one per line, in hexadecimal), files written by libFuzzer,
// and pseudorandom inputs from a seed.
//
//   abi_fuzz_replay [--corpus HEX_FILE] [--runs N] [--seed S] [FILE]...
//   abi_fuzz_replay --unpack DIRECTORY --corpus HEX_FILE      one file per input, as a start for libFuzzer
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

// Every third input is a copy of the previous one with a few changed bytes, for calls with nearly the same arguments.
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

// Reads one input per line. Prints a message and returns nothing if the file is not in that format.
std::vector<Bytes> read_corpus(const std::string& path) {
  std::ifstream in(path);
  std::vector<Bytes> inputs;
  for (std::string line; std::getline(in, line);) {
    auto& input = inputs.emplace_back();
    for (std::size_t at = 0; at + 1 < line.size(); at += 2)
      input.push_back(static_cast<std::uint8_t>(std::stoul(line.substr(at, 2), nullptr, 16)));
  }
  if (inputs.empty()) {
    std::fprintf(stderr, "abi_fuzz_replay: %s: contains no inputs\n", path.c_str());
    std::exit(2);
  }
  return inputs;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t runs = 0, seed = 1;
  std::vector<Bytes> inputs;
  fs::path unpack;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    const bool more = i + 1 < argc;
    if (word == "--runs" && more) {
      runs = std::strtoull(argv[++i], nullptr, 10);
    } else if (word == "--seed" && more) {
      seed = std::strtoull(argv[++i], nullptr, 10);
    } else if (word == "--corpus" && more) {
      for (auto& input : read_corpus(argv[++i])) inputs.push_back(std::move(input));
    } else if (word == "--unpack" && more) {
      unpack = argv[++i];
    } else if (fs::is_regular_file(word)) {
      std::ifstream in(argv[i], std::ios::binary);
      inputs.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    } else {
      std::fprintf(stderr,
                   "usage: abi_fuzz_replay [--corpus HEX_FILE] [--runs N] [--seed S] [--unpack DIR] [FILE]...\n");
      return 2;
    }
  }
  if (!unpack.empty()) {
    fs::create_directories(unpack);
    for (std::size_t n = 0; n < inputs.size(); ++n)
      std::ofstream(unpack / std::to_string(n), std::ios::binary)
          .write(reinterpret_cast<const char*>(inputs[n].data()), static_cast<std::streamsize>(inputs[n].size()));
    return 0;
  }
  for (const auto& input : inputs) (void)LLVMFuzzerTestOneInput(input.data(), input.size());
  play_from_seed(seed, runs);
  std::printf("%zu recorded inputs and %llu from seed %llu: nothing found\n", inputs.size(),
              static_cast<unsigned long long>(runs), static_cast<unsigned long long>(seed));
}
