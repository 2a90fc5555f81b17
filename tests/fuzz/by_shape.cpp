// Calls by the shape of their arguments, which shapes.hpp lists.
#include "player.hpp"
#include "shapes.hpp"

namespace fuzz {

// All arguments of these calls are numbers and addresses, so they can be passed in registers.
void Player::by_shape() {
  const auto& shapes = fuzz::shapes();
  const auto& shape = shapes[in_.bytes(2) % shapes.size()];
  std::vector<std::uint64_t> registers;
  std::vector<std::unique_ptr<Bytes>> rooms;
  const unsigned entries = in_.below(130);
  const auto room = [&](std::size_t bytes) -> void* {
    rooms.push_back(std::make_unique<Bytes>(shape.name, bytes));
    void* at = absent() ? nullptr : rooms.back()->data();
    registers.push_back(reinterpret_cast<std::uintptr_t>(at));
    return rooms.back()->data();
  };
  nvmlGpmSample_st** sample = nullptr;
  for (const char* kind = shape.arguments; *kind != '\0'; ++kind) {
    switch (*kind) {
      case 'd':
        registers.push_back(reinterpret_cast<std::uintptr_t>(device()));
        break;
      case 'n':
        registers.push_back(in_.number());
        break;
      case 'N':
        registers.push_back(in_.below(2) == 0 ? 0 : in_.bytes(8));
        break;
      case '4':
      case '8':
        room(*kind == '4' ? 4 : 8);
        break;
      case 's': {
        const auto length = in_.below(128);
        room(length);
        registers.push_back(length);
        break;
      }
      case 'v': {
        auto* at = static_cast<unsigned*>(room(shape.bytes));
        if (shape.version != 0) *at = version(shape.version);
        break;
      }
      case 'c':
        *static_cast<unsigned*>(room(4)) = entries;
        break;
      case 'b':
        registers.push_back(entries);
        break;
      case 'a':
      case 'A':
        std::memset(room(std::size_t{entries} * shape.bytes), static_cast<int>(in_.byte()),
                    std::size_t{entries} * shape.bytes);
        if (*kind == 'A') registers.push_back(std::size_t{entries} * shape.bytes);
        break;
      case 'g':
        registers.push_back(reinterpret_cast<std::uintptr_t>(pick(samples_)));
        break;
      default:
        sample = static_cast<nvmlGpmSample_st**>(room(8));
    }
  }
  registers.resize(6);
  using Registers =
      nvmlReturn_t (*)(std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t);
  const auto call = reinterpret_cast<Registers>(reinterpret_cast<void (*)()>(shape.call));
  const auto code = answered(
      shape.name, call(registers[0], registers[1], registers[2], registers[3], registers[4], registers[5]),
      {NVML_ERROR_INSUFFICIENT_SIZE, NVML_ERROR_ARGUMENT_VERSION_MISMATCH, NVML_ERROR_NOT_READY, NVML_ERROR_UNKNOWN});
  if (code == NVML_SUCCESS && sample != nullptr) keep(samples_, *sample);
}

}  // namespace fuzz
