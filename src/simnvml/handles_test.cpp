#include "simnvml/handles.hpp"

#include <gtest/gtest.h>

#include <set>

#include "sim/state.hpp"

namespace gpuslice::simnvml {
namespace {

TEST(Handles, AreDistinctAndRoundTrip) {
  std::set<void*> seen;
  for (const auto kind :
       {HandleKind::gpu, HandleKind::mig_device, HandleKind::gpu_instance, HandleKind::compute_instance})
    for (std::uint32_t parity = 0; parity < 2; ++parity)
      for (std::uint32_t gpu : {0U, 7U, 31U})
        for (std::uint32_t gi : {0U, 3U, 14U})
          for (std::uint32_t ci : {0U, 7U}) {
            if (kind == HandleKind::gpu && (gi != 0 || ci != 0)) continue;
            if (kind == HandleKind::gpu_instance && ci != 0) continue;
            const Handle handle{kind, gpu, mig::GiId{gi}, mig::CiId{ci}, parity};
            void* pointer = to_pointer(handle);
            EXPECT_TRUE(seen.insert(pointer).second);
            const auto back = from_pointer(pointer);
            ASSERT_TRUE(back.has_value());
            EXPECT_EQ(back->kind, kind);
            EXPECT_EQ(back->gpu, gpu);
            EXPECT_EQ(back->gi.value, gi);
            EXPECT_EQ(back->ci.value, ci);
            EXPECT_EQ(back->parity, parity);
          }
}

TEST(Handles, GarbageIsRejected) {
  int local = 0;
  EXPECT_FALSE(from_pointer(nullptr));
  EXPECT_FALSE(from_pointer(&local));
  EXPECT_FALSE(from_pointer(reinterpret_cast<void*>(0x1234)));
}

// An address inside a handle's memory is not a handle of any kind, so a program that miscalculates an address does not
// get another instance.
TEST(Handles, AnAddressNextToAHandleIsRejected) {
  for (const auto kind :
       {HandleKind::gpu, HandleKind::mig_device, HandleKind::gpu_instance, HandleKind::compute_instance})
    for (const std::uint32_t parity : {0U, 1U})
      for (const std::uint32_t number : {0U, 3U}) {
        const bool whole = kind == HandleKind::gpu;
        const bool of_ci = kind == HandleKind::mig_device || kind == HandleKind::compute_instance;
        const Handle handle{kind, 3, mig::GiId{whole ? 0 : number}, mig::CiId{of_ci ? number : 0}, parity};
        auto* const pointer = static_cast<char*>(to_pointer(handle));
        ASSERT_TRUE(from_pointer(pointer).has_value());
        for (const int off : {-8, -1, 1, 2, 4, 8, 64, 511}) EXPECT_FALSE(from_pointer(pointer + off)) << off;
      }
}

}  // namespace
}  // namespace gpuslice::simnvml
