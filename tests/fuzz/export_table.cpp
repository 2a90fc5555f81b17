// Calls through the private function table that nvidia-smi uses.
#include "abi/private_table.hpp"
#include "player.hpp"

namespace fuzz {

void Player::export_table() {
  std::array<unsigned char, 16> guid{};
  switch (in_.below(4)) {
    case 0:
      guid = nvidia_smi_guid;
      break;
    case 1:
      guid = simulated_guid;
      break;
    case 2:
      guid = nvidia_smi_guid, guid[in_.below(16)] ^= 1;
      break;
    default:
      for (auto& byte : guid) byte = in_.byte();
  }
  Room<const void*> into("nvmlInternalGetExportTable", absent());
  const auto code = nvmlInternalGetExportTable(into.get(), absent() ? nullptr : guid.data());
  if (code != NVML_SUCCESS) return into.untouched(0);
  if (guid != nvidia_smi_guid) {
    if (guid != simulated_guid) die("nvmlInternalGetExportTable", "returns a table for an unknown id");
    return;
  }
  const auto* words = static_cast<const std::size_t*>(*into);
  if (words[0] != private_table_bytes) die("nvmlInternalGetExportTable", "size", static_cast<long long>(words[0]));
  const auto slot = [&](std::size_t number) { return reinterpret_cast<PrivateCall>(words[number]); };
  const auto call = [](std::size_t number) {
    return number == slot::mps_processes       ? "private 214"
           : number == slot::compute_processes ? "private 213"
                                               : "private 215";
  };
  switch (const auto number = in_.below(7); number) {
    case 0: {
      const unsigned size = in_.below(40);
      Room<char> text("private 81", absent(), size);
      answered(
          "private 81",
          slot(slot::address_by_index)(reinterpret_cast<void*>(static_cast<std::uintptr_t>(in_.number())), text.get(),
                                       reinterpret_cast<void*>(static_cast<std::uintptr_t>(size)), nullptr),
          {NVML_ERROR_INSUFFICIENT_SIZE});
      return;
    }
    case 1:
    case 2:
    case 3: {
      const auto at = slot::compute_processes + number - 1;
      const unsigned room = in_.below(4);
      Room<PrivateProcessEntry> entries(call(at), absent(), room);
      Room<unsigned> count(call(at), absent());
      *count = room;
      const auto done =
          answered(call(at), slot(at)(device(), count.get(), entries.get(), nullptr), {NVML_ERROR_INSUFFICIENT_SIZE});
      if (done == NVML_SUCCESS && *count > room) die(call(at), "more processes than the buffer can hold", *count);
      return;
    }
    case 5: {
      Room<PrivateComputePolicies> list("private 193", absent());
      const auto done = answered("private 193", slot(slot::compute_policies)(device(), list.get(), nullptr, nullptr));
      if (done == NVML_SUCCESS && (list.get()->count != 1 || list.get()->policies[0].value > 3))
        die("private 193", "no policy", list.get()->count);
      return;
    }
    case 6: {
      Room<PrivateComputePolicy> policy("private 192", absent());
      *policy = {in_.below(2), in_.number()};
      answered("private 192",
               slot(slot::set_compute_policy)(device(), policy.get(),
                                              reinterpret_cast<void*>(std::uintptr_t{in_.below(3)}), nullptr));
      return;
    }
    default:
      answered("private 251",
               slot(slot::set_persistence_mode)(
                   device(), reinterpret_cast<void*>(static_cast<std::uintptr_t>(in_.below(3))), nullptr, nullptr));
      return;
  }
}

}  // namespace fuzz
