#include "sim/samples.hpp"

#include <algorithm>
#include <iterator>

namespace gpuslice::sim {

std::vector<std::uint64_t> sample_times(const Series& series, std::uint64_t now_us, std::uint64_t after_us) {
  const auto last = last_sample(series, now_us);
  const auto span = series.period_us * (series.samples - 1);
  std::vector<std::uint64_t> times;
  for (auto time = last > span ? last - span : series.period_us; time <= last; time += series.period_us)
    if (time > after_us) times.push_back(time);
  return times;
}

Load load_at(const mig::Capability& capability, const mig::GpuState& state, std::span<const Client> clients,
             std::uint64_t moment_us) {
  std::vector<Client> there;
  std::copy_if(clients.begin(), clients.end(), std::back_inserter(there),
               [&](const Client& client) { return client.started_us <= moment_us; });
  return whole_load(capability, state, there);
}

}  // namespace gpuslice::sim
