#include "simnvml/call.hpp"

namespace gpuslice::simnvml {

nvmlReturn_t code(const sim::Denial& denial) {
  switch (denial.kind) {
    case sim::Denial::Kind::permission:
      return abi::NVML_ERROR_NO_PERMISSION;
    case sim::Denial::Kind::not_supported:
      return abi::NVML_ERROR_NOT_SUPPORTED;
    case sim::Denial::Kind::invalid:
      return abi::NVML_ERROR_INVALID_ARGUMENT;
    case sim::Denial::Kind::system:
      return abi::NVML_ERROR_UNKNOWN;
    case sim::Denial::Kind::refused:
      break;
  }
  switch (denial.refusal.reason) {
    case mig::RefusalReason::no_mig:
    case mig::RefusalReason::mode_off:
      return abi::NVML_ERROR_NOT_SUPPORTED;
    case mig::RefusalReason::unknown_profile:
    case mig::RefusalReason::unknown_site:
      return abi::NVML_ERROR_INVALID_ARGUMENT;
    case mig::RefusalReason::no_room:
    case mig::RefusalReason::id_taken:
      return abi::NVML_ERROR_INSUFFICIENT_RESOURCES;
    case mig::RefusalReason::not_found:
      return abi::NVML_ERROR_NOT_FOUND;
    case mig::RefusalReason::in_use:
      return abi::NVML_ERROR_IN_USE;
  }
  return abi::NVML_ERROR_UNKNOWN;
}

nvmlReturn_t look_up(const Session& session, const void* handle, Device& into) {
  const auto known = from_pointer(handle);
  if (!known || known->gpu >= session.driver->gpu_count()) return abi::NVML_ERROR_INVALID_ARGUMENT;
  if (known->kind != HandleKind::gpu && known->kind != HandleKind::mig_device) return abi::NVML_ERROR_INVALID_ARGUMENT;
  if (known->parity != (session.boot & 1) || session.driver->boot() != session.boot) return abi::NVML_ERROR_GPU_IS_LOST;
  into.gpu = known->gpu;
  into.session = session;
  into.state = session.driver->gpu(known->gpu);
  if (known->kind == HandleKind::gpu) return abi::NVML_SUCCESS;
  const auto* gi = into.state.mig.partition.find(known->gi);
  if (gi == nullptr || gi->find(known->ci) == nullptr || !session.driver->sees(known->gpu, known->gi, known->ci))
    return abi::NVML_ERROR_INVALID_ARGUMENT;
  into.mig = sim::MigDeviceId{known->gpu, known->gi, known->ci};
  return abi::NVML_SUCCESS;
}

nvmlReturn_t give_gpu(const Session& session, std::uint32_t gpu, abi::nvmlDevice_t* into) {
  if ((session.driver->watch() & sim::watch_lost) != 0 && session.driver->gpu(gpu).lost != 0)
    return abi::NVML_ERROR_GPU_IS_LOST;
  *into = static_cast<abi::nvmlDevice_t>(gpu_handle(session, gpu));
  return abi::NVML_SUCCESS;
}

void* gpu_handle(const Session& session, std::uint32_t gpu) {
  return to_pointer({HandleKind::gpu, gpu, {}, {}, static_cast<std::uint32_t>(session.boot & 1)});
}

nvmlReturn_t give(std::string_view text, char* buffer, unsigned length) {
  if (buffer == nullptr) return abi::NVML_ERROR_INVALID_ARGUMENT;
  if (text.size() + 1 > length) return abi::NVML_ERROR_INSUFFICIENT_SIZE;
  std::memcpy(buffer, text.data(), text.size());
  buffer[text.size()] = '\0';
  return abi::NVML_SUCCESS;
}

}  // namespace gpuslice::simnvml
