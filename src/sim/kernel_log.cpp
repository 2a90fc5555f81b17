#include "sim/kernel_log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>

#include "base/descriptor.hpp"

namespace gpuslice::sim {
namespace {

template <class... Values>
std::string printed(const char* format, Values... values) {
  char room[64];
  const int length = std::snprintf(room, sizeof room, format, values...);  // NOLINT(cert-err33-c): it fits
  return {room, length > 0 ? static_cast<std::size_t>(length) : 0};
}

}  // namespace

std::string kernel_line(const GpuConfig& gpu, const Event& event) {
  if (event.type != EventType::xid) return {};
  auto line = printed("NVRM: Xid (PCI:%04x:%02x:%02x", gpu.pci_domain, gpu.pci_bus, gpu.pci_device);
  if (event.gi >= 0) line += printed(" GPU-I:%02d", event.gi);
  if (event.ci >= 0) line += printed(" GPU-CI:%02d", event.ci);
  line += "): " + std::to_string(event.data) + ", pid='<unknown>', name=<unknown>";
  return line + (loses_gpu(event) ? ", GPU has fallen off the bus." : ", simulated");
}

void log_event(const std::string& node_directory, const GpuConfig& gpu, const Event& event, std::uint64_t now_us) {
  const auto text = kernel_line(gpu, event);
  if (text.empty()) return;
  const int fd = open_file((node_directory + "/kmsg").c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) return;
  // The priority of a driver's error; the sequence number is left out of account.
  const auto record = "3,0," + std::to_string(now_us) + ",-;" + text + "\n";
  static_cast<void>(::write(fd, record.data(), record.size()));
  ::close(fd);
}

void forget_log(const std::string& node_directory) { static_cast<void>(::unlink((node_directory + "/kmsg").c_str())); }

}  // namespace gpuslice::sim
