// Layouts of NVML's encoder and frame capture calls.
//
// Like nvml.hpp: our own declarations of public facts, with sizes and offsets asserted as literals.
#pragma once

#include "abi/nvml.hpp"

namespace gpuslice::abi {

struct nvmlEncoderSession_t {
  std::uint32_t sessionId;
  std::uint32_t pid;
  std::uint32_t vgpuInstance;
  std::uint32_t codecType;
  std::uint32_t hResolution;
  std::uint32_t vResolution;
  std::uint32_t averageFps;
  std::uint32_t encodeLatency;
};
static_assert(sizeof(nvmlEncoderSession_t) == 32);
static_assert(offsetof(nvmlEncoderSession_t, sessionId) == 0 && offsetof(nvmlEncoderSession_t, pid) == 4 &&
              offsetof(nvmlEncoderSession_t, vgpuInstance) == 8 && offsetof(nvmlEncoderSession_t, codecType) == 12 &&
              offsetof(nvmlEncoderSession_t, hResolution) == 16 && offsetof(nvmlEncoderSession_t, vResolution) == 20 &&
              offsetof(nvmlEncoderSession_t, averageFps) == 24 && offsetof(nvmlEncoderSession_t, encodeLatency) == 28);

struct nvmlFBCStats_t {
  std::uint32_t sessionsCount;
  std::uint32_t averageFPS;
  std::uint32_t averageLatency;
};
static_assert(sizeof(nvmlFBCStats_t) == 12);
static_assert(offsetof(nvmlFBCStats_t, sessionsCount) == 0 && offsetof(nvmlFBCStats_t, averageFPS) == 4 &&
              offsetof(nvmlFBCStats_t, averageLatency) == 8);

struct nvmlFBCSession_t {
  std::uint32_t sessionId;
  std::uint32_t pid;
  std::uint32_t vgpuInstance;
  std::uint32_t displayOrdinal;
  std::uint32_t sessionType;
  std::uint32_t sessionFlags;
  std::uint32_t hMaxResolution;
  std::uint32_t vMaxResolution;
  std::uint32_t hResolution;
  std::uint32_t vResolution;
  std::uint32_t averageFPS;
  std::uint32_t averageLatency;
};
static_assert(sizeof(nvmlFBCSession_t) == 48);
static_assert(offsetof(nvmlFBCSession_t, sessionId) == 0 && offsetof(nvmlFBCSession_t, pid) == 4 &&
              offsetof(nvmlFBCSession_t, vgpuInstance) == 8 && offsetof(nvmlFBCSession_t, displayOrdinal) == 12 &&
              offsetof(nvmlFBCSession_t, sessionType) == 16 && offsetof(nvmlFBCSession_t, sessionFlags) == 20 &&
              offsetof(nvmlFBCSession_t, hMaxResolution) == 24 && offsetof(nvmlFBCSession_t, vMaxResolution) == 28 &&
              offsetof(nvmlFBCSession_t, hResolution) == 32 && offsetof(nvmlFBCSession_t, vResolution) == 36 &&
              offsetof(nvmlFBCSession_t, averageFPS) == 40 && offsetof(nvmlFBCSession_t, averageLatency) == 44);

}  // namespace gpuslice::abi
