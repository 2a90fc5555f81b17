// Makes a call from the table of shapes with every combination of arguments, each buffer guarded.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <charconv>
#include <deque>
#include <functional>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "abi/nvml_older.hpp"
#include "base/split.hpp"
#include "simnvml/testing/call_shapes.hpp"
#include "simnvml/testing/guarded_room.hpp"

namespace gpuslice::simnvml::testing {

using Arguments = std::array<std::uint64_t, 6>;

class CallSweep {
 public:
  struct World {
    std::vector<abi::nvmlDevice_t> devices;
    abi::nvmlGpuInstance_t instance{};
    abi::nvmlComputeInstance_t compute{};
    std::function<std::string(const std::string&)> text;
    // Returns nullopt if the call accessed memory outside its buffers.
    std::function<std::optional<abi::nvmlReturn_t>(const char*, const Arguments&)> call;
  };

  CallSweep(const CallShape& shape, const World& world)
      : shape_(shape), world_(world), tokens_(split(shape.arguments, ' ')) {}

  // Runs all combinations and returns how many calls succeeded.
  unsigned run() {
    expand(0);
    return succeeded_;
  }
  // Runs them with a buffer that has only the version field, with an invalid version: the call must refuse without
  // reading the rest.
  void refuse_version() {
    const auto right = succeeded_;
    for (auto& token : tokens_)
      if (token[0] == 'w' && token.find(':') != std::string::npos) {
        token = "w4:7000007";
        expand(0);
      }
    EXPECT_EQ(succeeded_, right) << said() << " accepts a version that does not exist";
  }

 private:
  struct Piece {
    enum Kind { value, room, count, array } kind{};
    std::uint64_t number{};              // the value; the bytes of a buffer; the entries of a count or an array
    std::size_t entry{};                 // bytes per entry
    std::vector<std::uint32_t> words{};  // the initial words of the buffer
    bool absent{}, text{};
    std::string bytes{};  // the initial content, as the caller wrote it
  };

  static std::uint64_t parse(std::string_view text, int base = 10) {
    std::uint64_t value{};
    std::from_chars(text.data(), text.data() + text.size(), value, base);
    return value;
  }
  [[nodiscard]] std::string said() const { return std::string(shape_.function) + " (" + shape_.arguments + ")"; }

  void with(std::size_t token, std::vector<Piece> pieces) {
    const auto before = pieces_.size();
    for (auto& piece : pieces) pieces_.push_back(std::move(piece));
    expand(token + 1);
    pieces_.resize(before);
  }
  void with_value(std::size_t token, std::uint64_t number) { with(token, {{Piece::value, number}}); }
  template <class T>
  void with_handle(std::size_t token, T* handle) {
    with_value(token, reinterpret_cast<std::uintptr_t>(handle));
  }

  void expand(std::size_t token) {
    if (token == tokens_.size()) return make();
    const auto text = tokens_[token];
    const auto rest = text.substr(1);
    switch (text[0]) {
      case 'd':
        for (auto* const device : world_.devices) with_handle(token, device);
        return;
      case 'g':
        return with_handle(token, world_.instance);
      case 'k':
        return with_handle(token, world_.compute);
      case '=':
        for (const auto& number : split(rest, ',')) with_value(token, parse(number));
        return;
      case 'w': {
        const auto parts = split(rest, ':');
        Piece room{Piece::room, parse(parts[0])};
        for (const auto& number : split(parts.size() > 1 ? parts[1] : "", ','))
          room.words.push_back(static_cast<std::uint32_t>(parse(number, 16)));
        return with(token, {room});
      }
      case 's':
        for (std::uint64_t length = 0; length <= 130; ++length) {
          Piece room{Piece::room, length};
          room.text = true;
          with(token, {room, {Piece::value, length}});
        }
        return;
      case 't': {
        const auto its = world_.text(text.substr(2));
        Piece room{Piece::room, its.size() + 1};
        room.bytes.assign(its.c_str(), its.size() + 1);
        return with(token, {room});
      }
      case 'i': {
        abi::nvmlPciInfo_v2_t pci{};
        pci.bus = 0x10;
        Piece room{Piece::room, sizeof pci};
        room.bytes.assign(reinterpret_cast<const char*>(&pci), sizeof pci);
        return with(token, {room});
      }
      case 'c':
      case 'n':
      case 'b':
        return expand_array(token, text[0], parse(text.substr(text[1] == '+' ? 2 : 1)), text[1] == '+' ? 2 : 1);
      default:
        if (text.back() == 'c') return expand_array(token, 'C', parse(text.substr(0, text.size() - 1)), 1);
        for (std::uint64_t number = 0; number < parse(text); ++number) with_value(token, number);
        return with_value(token, 0xffffffffU);
    }
  }
  void expand_array(std::size_t token, char kind, std::size_t entry, int rooms) {
    for (const std::uint64_t entries : {0U, 1U, 2U, 3U, 4U, 5U, 6U, 200U})
      for (const bool absent : {false, true}) {
        Piece count{kind == 'n' || kind == 'b' ? Piece::value : Piece::count, kind == 'b' ? entries * entry : entries};
        Piece array{Piece::array, entries, entry};
        array.absent = absent;
        const std::vector<Piece> arrays(static_cast<std::size_t>(rooms), array);
        std::vector<Piece> all;
        if (kind == 'c' || kind == 'n') all.push_back(count);
        all.insert(all.end(), arrays.begin(), arrays.end());
        if (kind == 'C' || kind == 'b') all.push_back(count);
        with(token, all);
      }
  }

  void make() {
    Arguments arguments{};
    std::deque<GuardedRoom> rooms;
    std::vector<GuardedRoom*> of(pieces_.size());
    ASSERT_LE(pieces_.size(), arguments.size()) << said();
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
      const auto& piece = pieces_[i];
      if (piece.kind == Piece::value) {
        arguments[i] = piece.number;
        continue;
      }
      const auto bytes = piece.kind == Piece::count   ? 4
                         : piece.kind == Piece::array ? piece.number * piece.entry
                                                      : piece.number;
      of[i] = &rooms.emplace_back(bytes);
      if (piece.kind == Piece::count) of[i]->put(static_cast<std::uint32_t>(piece.number));
      for (std::size_t at = 0; at < piece.words.size(); ++at) of[i]->put(piece.words[at], 4 * at);
      for (std::size_t at = 0; at < piece.bytes.size(); ++at) of[i]->put(piece.bytes[at], at);
      arguments[i] = piece.absent ? 0 : of[i]->word();
    }
    const auto answer = world_.call(shape_.function, arguments);
    if (answer) judge(*answer, of);
  }

  void judge(abi::nvmlReturn_t answer, const std::vector<GuardedRoom*>& rooms) {
    const bool good = answer == abi::NVML_SUCCESS;
    if (good) ++succeeded_;
    std::optional<std::uint32_t> told;
    for (std::size_t i = 0; i < rooms.size(); ++i) {
      if (rooms[i] == nullptr) continue;
      EXPECT_TRUE(rooms[i]->sound()) << said() << " writes before its buffer";
      if (pieces_[i].kind == Piece::count) told = count(answer, pieces_[i], *rooms[i]);
      if (!good && pieces_[i].kind != Piece::count) {
        EXPECT_TRUE(rooms[i]->untouched()) << said() << " answers " << answer << " and writes";
      }
    }
    if (!good) return;
    for (std::size_t i = 0; i < rooms.size(); ++i) {
      if (pieces_[i].kind == Piece::array && told) {
        EXPECT_TRUE(rooms[i]->untouched(*told * pieces_[i].entry)) << said() << " writes more entries than it says";
      }
      if (pieces_[i].text) text(*rooms[i]);
    }
  }
  // The number of entries that the call reports.
  std::uint32_t count(abi::nvmlReturn_t answer, const Piece& piece, const GuardedRoom& room) const {
    const auto told = room.get<std::uint32_t>();
    if (answer == abi::NVML_ERROR_INSUFFICIENT_SIZE && (shape_.flags & keeps_count) == 0) {
      EXPECT_TRUE(told > piece.number || pieces_absent())
          << said() << ": " << told << " entries, but room for " << piece.number;
    } else if (answer != abi::NVML_SUCCESS) {
      EXPECT_TRUE(room.untouched()) << said() << " returns " << answer << " and changes the count";
    } else if (!pieces_absent()) {
      EXPECT_LE(told, piece.number) << said() << " reports more entries than the buffer has";
    }
    return told;
  }
  [[nodiscard]] bool pieces_absent() const {
    return std::any_of(pieces_.begin(), pieces_.end(), [](const auto& piece) { return piece.absent; });
  }
  void text(const GuardedRoom& room) const {
    const void* const end = std::memchr(room.data(), 0, room.size());
    ASSERT_NE(end, nullptr) << said() << " returns text without a terminating zero";
    const auto length = static_cast<std::size_t>(static_cast<const unsigned char*>(end) - room.data());
    EXPECT_TRUE(room.untouched(length + 1)) << said() << " writes behind the end of its text";
  }

  const CallShape& shape_;
  const World& world_;
  std::vector<std::string> tokens_;
  std::vector<Piece> pieces_;
  unsigned succeeded_{};
};

}  // namespace gpuslice::simnvml::testing
