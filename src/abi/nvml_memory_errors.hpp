// Layouts of NVML's calls on memory errors: ECC, repairs, encryption of the memory.
//
// Like nvml.hpp: our own declarations of public facts, with sizes and offsets asserted as literals.
#pragma once

#include "abi/nvml.hpp"

namespace gpuslice::abi {

struct nvmlEccSramErrorStatus_v1_t {
  std::uint32_t version;
  unsigned long long aggregateUncParity;
  unsigned long long aggregateUncSecDed;
  unsigned long long aggregateCor;
  unsigned long long volatileUncParity;
  unsigned long long volatileUncSecDed;
  unsigned long long volatileCor;
  unsigned long long aggregateUncBucketL2;
  unsigned long long aggregateUncBucketSm;
  unsigned long long aggregateUncBucketPcie;
  unsigned long long aggregateUncBucketMcu;
  unsigned long long aggregateUncBucketOther;
  std::uint32_t bThresholdExceeded;
};
static_assert(sizeof(nvmlEccSramErrorStatus_v1_t) == 104);
static_assert(offsetof(nvmlEccSramErrorStatus_v1_t, version) == 0 &&
              offsetof(nvmlEccSramErrorStatus_v1_t, aggregateUncParity) == 8 &&
              offsetof(nvmlEccSramErrorStatus_v1_t, aggregateUncSecDed) == 16 &&
              offsetof(nvmlEccSramErrorStatus_v1_t, aggregateCor) == 24 &&
              offsetof(nvmlEccSramErrorStatus_v1_t, volatileUncParity) == 32 &&
              offsetof(nvmlEccSramErrorStatus_v1_t, volatileUncSecDed) == 40 &&
              offsetof(nvmlEccSramErrorStatus_v1_t, volatileCor) == 48 &&
              offsetof(nvmlEccSramErrorStatus_v1_t, aggregateUncBucketL2) == 56 &&
              offsetof(nvmlEccSramErrorStatus_v1_t, aggregateUncBucketSm) == 64 &&
              offsetof(nvmlEccSramErrorStatus_v1_t, aggregateUncBucketPcie) == 72 &&
              offsetof(nvmlEccSramErrorStatus_v1_t, aggregateUncBucketMcu) == 80 &&
              offsetof(nvmlEccSramErrorStatus_v1_t, aggregateUncBucketOther) == 88 &&
              offsetof(nvmlEccSramErrorStatus_v1_t, bThresholdExceeded) == 96);

struct nvmlEccSramUniqueUncorrectedErrorEntry_v1_t {
  std::uint32_t unit;
  std::uint32_t location;
  std::uint32_t sublocation;
  std::uint32_t extlocation;
  std::uint32_t address;
  std::uint32_t isParity;
  std::uint32_t count;
};
static_assert(sizeof(nvmlEccSramUniqueUncorrectedErrorEntry_v1_t) == 28);
static_assert(offsetof(nvmlEccSramUniqueUncorrectedErrorEntry_v1_t, unit) == 0 &&
              offsetof(nvmlEccSramUniqueUncorrectedErrorEntry_v1_t, location) == 4 &&
              offsetof(nvmlEccSramUniqueUncorrectedErrorEntry_v1_t, sublocation) == 8 &&
              offsetof(nvmlEccSramUniqueUncorrectedErrorEntry_v1_t, extlocation) == 12 &&
              offsetof(nvmlEccSramUniqueUncorrectedErrorEntry_v1_t, address) == 16 &&
              offsetof(nvmlEccSramUniqueUncorrectedErrorEntry_v1_t, isParity) == 20 &&
              offsetof(nvmlEccSramUniqueUncorrectedErrorEntry_v1_t, count) == 24);

struct nvmlEccSramUniqueUncorrectedErrorCounts_v1_t {
  std::uint32_t version;
  std::uint32_t entryCount;
  nvmlEccSramUniqueUncorrectedErrorEntry_v1_t* entries;
};
static_assert(sizeof(nvmlEccSramUniqueUncorrectedErrorCounts_v1_t) == 16);
static_assert(offsetof(nvmlEccSramUniqueUncorrectedErrorCounts_v1_t, version) == 0 &&
              offsetof(nvmlEccSramUniqueUncorrectedErrorCounts_v1_t, entryCount) == 4 &&
              offsetof(nvmlEccSramUniqueUncorrectedErrorCounts_v1_t, entries) == 8);

struct nvmlRepairStatus_t {
  std::uint32_t version;
  std::uint32_t bChannelRepairPending;
  std::uint32_t bTpcRepairPending;
};
static_assert(sizeof(nvmlRepairStatus_t) == 12);
static_assert(offsetof(nvmlRepairStatus_t, version) == 0 && offsetof(nvmlRepairStatus_t, bChannelRepairPending) == 4 &&
              offsetof(nvmlRepairStatus_t, bTpcRepairPending) == 8);

struct nvmlDramEncryptionInfo_t {
  std::uint32_t version;
  std::uint32_t encryptionState;
};
static_assert(sizeof(nvmlDramEncryptionInfo_t) == 8);
static_assert(offsetof(nvmlDramEncryptionInfo_t, version) == 0 &&
              offsetof(nvmlDramEncryptionInfo_t, encryptionState) == 4);

// This struct has no version field, because the version is in the call's name. nvidia-smi prints the first 32 bits.
struct nvmlUnrepairableMemoryStatus_v1_t {
  std::uint32_t bUnrepairableMemory;
};
static_assert(sizeof(nvmlUnrepairableMemoryStatus_v1_t) == 4);

// Values of the structs' version fields.
inline constexpr unsigned nvmlEccSramErrorStatus_v1 = 0x01000068;
inline constexpr unsigned nvmlEccSramUniqueUncorrectedErrorCounts_v1 = 0x01000010;
inline constexpr unsigned nvmlRepairStatus_v1 = 0x0100000C;
inline constexpr unsigned nvmlDramEncryptionInfo_v1 = 0x01000008;
static_assert(says<nvmlEccSramErrorStatus_v1_t>(nvmlEccSramErrorStatus_v1, 1));
static_assert(says<nvmlEccSramUniqueUncorrectedErrorCounts_v1_t>(nvmlEccSramUniqueUncorrectedErrorCounts_v1, 1));
static_assert(says<nvmlRepairStatus_t>(nvmlRepairStatus_v1, 1));
static_assert(says<nvmlDramEncryptionInfo_t>(nvmlDramEncryptionInfo_v1, 1));

}  // namespace gpuslice::abi
