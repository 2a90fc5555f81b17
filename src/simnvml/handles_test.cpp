#include "simnvml/handles.hpp"

#include <gtest/gtest.h>

#include <set>

#include "sim/state.hpp"

namespace gpuslice::simnvml {
namespace {

TEST(Handles, AreDistinctAndComeBack) {
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

TEST(Handles, GarbageIsNoHandle) {
  int local = 0;
  EXPECT_FALSE(from_pointer(nullptr));
  EXPECT_FALSE(from_pointer(&local));
  EXPECT_FALSE(from_pointer(reinterpret_cast<void*>(0x1234)));
  auto* gpu = static_cast<char*>(to_pointer({HandleKind::gpu, 3, {}, {}, 0}));
  EXPECT_FALSE(from_pointer(gpu + 1));
  EXPECT_FALSE(from_pointer(gpu + 8));
}

}  // namespace
}  // namespace gpuslice::simnvml
