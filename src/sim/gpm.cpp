#include "sim/gpm.hpp"

#include <algorithm>
#include <array>

namespace gpuslice::sim {
namespace {

enum Unit : std::size_t { sm, memory, encoder, decoder, jpeg, ofa, units };

std::array<std::uint32_t, units> list(const Load& load) {
  return {load.sm, load.memory, load.encoder, load.decoder, load.jpeg, load.ofa};
}

// Mean percentage between the samples.
double mean(const GpmSample& first, const GpmSample& second, Unit unit) {
  const auto now = static_cast<double>(list(second.load)[unit]);
  if (second.taken_us <= first.taken_us || second.worked[unit] < first.worked[unit]) return now;
  const auto passed = static_cast<double>(second.taken_us - first.taken_us);
  return std::clamp(static_cast<double>(second.worked[unit] - first.worked[unit]) / passed, 0.0, 100.0);
}

}  // namespace

GpmSample take_sample(const mig::Capability& capability, const mig::GpuState& state, std::span<const Client> clients,
                      std::optional<mig::GiId> gi, std::optional<mig::CiId> ci, std::uint64_t now_us) {
  const auto load = [&](std::span<const Client> of) {
    return gi ? instance_load(capability, state, of, *gi, ci) : whole_load(capability, state, of);
  };
  GpmSample sample;
  sample.taken_us = now_us;
  sample.load = load(clients);
  for (const auto& client : clients) {
    const auto part = list(load({&client, 1}));
    const auto ran = now_us > client.started_us ? now_us - client.started_us : 0;
    for (std::size_t unit = 0; unit < units; ++unit) sample.worked[unit] += part[unit] * ran;
  }
  return sample;
}

std::optional<double> metric(const GpmSample& first, const GpmSample& second, std::uint32_t number,
                             std::uint32_t links) {
  const auto of = [&](Unit unit) { return mean(first, second, unit); };
  // A load applies to all engines of a kind, so each of them is equally busy.
  if (number == 1 || number == 2) return of(sm);         // graphics or compute active; multiprocessors busy
  if (number == 10) return of(memory);                   // memory bandwidth
  if (number == 20 || number == 21) return 0.0;          // the load includes no traffic on the link to the host
  if (number >= 30 && number <= 37) return of(decoder);  // NVDEC 0 to 7
  if (number >= 40 && number <= 47) return of(jpeg);     // NVJPG 0 to 7
  if (number == 50 || number == 51) return of(ofa);      // OFA 0 and 1
  if (number >= 60 && number <= 97 && links != 0) {      // NVLink: total, then each link
    const auto link = number < 62 ? 0 : (number - 62) / 2;
    if (link < links) return 0.0;
  }
  if (number >= 166 && number <= 169) return of(encoder);  // NVENC 0 to 3
  // Occupancy, and the instruction mix of the multiprocessors: a client's load does not include them, but they are 0 if
  // no client runs.
  if (((number >= 3 && number <= 7) || number == 9 || (number >= 11 && number <= 13)) && of(sm) == 0) return 0.0;
  return std::nullopt;
}

}  // namespace gpuslice::sim
