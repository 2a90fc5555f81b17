// Layouts of NVML's NVLink and bridge calls.
//
// Like nvml.hpp: our own declarations of public facts, with sizes and offsets asserted as literals.
#pragma once

#include "abi/nvml.hpp"

namespace gpuslice::abi {

struct nvmlNvLinkInfo_v1_t {
  std::uint32_t version;
  std::uint32_t isNvleEnabled;
};
static_assert(sizeof(nvmlNvLinkInfo_v1_t) == 8);
static_assert(offsetof(nvmlNvLinkInfo_v1_t, version) == 0 && offsetof(nvmlNvLinkInfo_v1_t, isNvleEnabled) == 4);

struct nvmlNvlinkFirmwareVersion_t {
  std::uint8_t ucodeType;
  std::uint32_t major;
  std::uint32_t minor;
  std::uint32_t subMinor;
};
static_assert(sizeof(nvmlNvlinkFirmwareVersion_t) == 16);
static_assert(offsetof(nvmlNvlinkFirmwareVersion_t, ucodeType) == 0 &&
              offsetof(nvmlNvlinkFirmwareVersion_t, major) == 4 && offsetof(nvmlNvlinkFirmwareVersion_t, minor) == 8 &&
              offsetof(nvmlNvlinkFirmwareVersion_t, subMinor) == 12);

struct nvmlNvlinkFirmwareInfo_t {
  nvmlNvlinkFirmwareVersion_t firmwareVersion[100];
  std::uint32_t numValidEntries;
};
static_assert(sizeof(nvmlNvlinkFirmwareInfo_t) == 1604);
static_assert(offsetof(nvmlNvlinkFirmwareInfo_t, firmwareVersion) == 0 &&
              offsetof(nvmlNvlinkFirmwareInfo_t, numValidEntries) == 1600);

struct nvmlNvLinkInfo_v2_t {
  std::uint32_t version;
  std::uint32_t isNvleEnabled;
  nvmlNvlinkFirmwareInfo_t firmwareInfo;
};
static_assert(sizeof(nvmlNvLinkInfo_v2_t) == 1612);
static_assert(offsetof(nvmlNvLinkInfo_v2_t, version) == 0 && offsetof(nvmlNvLinkInfo_v2_t, isNvleEnabled) == 4 &&
              offsetof(nvmlNvLinkInfo_v2_t, firmwareInfo) == 8);

struct nvmlNvlinkSupportedBwModes_v1_t {
  std::uint32_t version;
  std::uint8_t bwModes[23];
  std::uint8_t totalBwModes;
};
static_assert(sizeof(nvmlNvlinkSupportedBwModes_v1_t) == 28);
static_assert(offsetof(nvmlNvlinkSupportedBwModes_v1_t, version) == 0 &&
              offsetof(nvmlNvlinkSupportedBwModes_v1_t, bwModes) == 4 &&
              offsetof(nvmlNvlinkSupportedBwModes_v1_t, totalBwModes) == 27);

struct nvmlNvlinkGetBwMode_v1_t {
  std::uint32_t version;
  std::uint32_t bIsBest;
  std::uint8_t bwMode;
};
static_assert(sizeof(nvmlNvlinkGetBwMode_v1_t) == 12);
static_assert(offsetof(nvmlNvlinkGetBwMode_v1_t, version) == 0 && offsetof(nvmlNvlinkGetBwMode_v1_t, bIsBest) == 4 &&
              offsetof(nvmlNvlinkGetBwMode_v1_t, bwMode) == 8);

struct nvmlNvlinkSetBwMode_v1_t {
  std::uint32_t version;
  std::uint32_t bSetBest;
  std::uint8_t bwMode;
};
static_assert(sizeof(nvmlNvlinkSetBwMode_v1_t) == 12);
static_assert(offsetof(nvmlNvlinkSetBwMode_v1_t, version) == 0 && offsetof(nvmlNvlinkSetBwMode_v1_t, bSetBest) == 4 &&
              offsetof(nvmlNvlinkSetBwMode_v1_t, bwMode) == 8);

struct nvmlNvLinkUtilizationControl_t {
  std::uint32_t units;
  std::uint32_t pktfilter;
};
static_assert(sizeof(nvmlNvLinkUtilizationControl_t) == 8);
static_assert(offsetof(nvmlNvLinkUtilizationControl_t, units) == 0 &&
              offsetof(nvmlNvLinkUtilizationControl_t, pktfilter) == 4);

// Values of the structs' version fields.
inline constexpr unsigned nvmlNvLinkInfo_v1 = 0x01000008;
inline constexpr unsigned nvmlNvLinkInfo_v2 = 0x0200064C;
inline constexpr unsigned nvmlNvlinkSupportedBwModes_v1 = 0x0100001C;
inline constexpr unsigned nvmlNvlinkGetBwMode_v1 = 0x0100000C;
inline constexpr unsigned nvmlNvlinkSetBwMode_v1 = 0x0100000C;
static_assert(says<nvmlNvLinkInfo_v1_t>(nvmlNvLinkInfo_v1, 1));
static_assert(says<nvmlNvLinkInfo_v2_t>(nvmlNvLinkInfo_v2, 2));
static_assert(says<nvmlNvlinkSupportedBwModes_v1_t>(nvmlNvlinkSupportedBwModes_v1, 1));
static_assert(says<nvmlNvlinkGetBwMode_v1_t>(nvmlNvlinkGetBwMode_v1, 1));
static_assert(says<nvmlNvlinkSetBwMode_v1_t>(nvmlNvlinkSetBwMode_v1, 1));

}  // namespace gpuslice::abi
