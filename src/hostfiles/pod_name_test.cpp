#include "hostfiles/pod_name.hpp"

#include <gtest/gtest.h>

#include "base/testing/temp_dir.hpp"

namespace gpuslice::hostfiles {
namespace {

TEST(PodName, IsThatOfItsLogs) {
  const testing::TempDir root;
  root.write("var/log/pods/ml_train-0_dd1bf9d1-241d-47f5-8e25-12de83135812/cuda/0.log", "");
  root.write("var/log/pods/kube-system_etcd-cp1_b1e89a2fcc688644de3eb95aee8025ce/etcd/0.log", "");
  root.write("var/log/pods/odd", "");
  root.write("var/log/pods/__11111111-2222-3333-4444-555555555555/x/0.log", "");
  EXPECT_EQ(pod_name(root.path(), "dd1bf9d1-241d-47f5-8e25-12de83135812"), (PodName{"ml", "train-0"}));
  EXPECT_EQ(pod_name(root.path(), "b1e89a2fcc688644de3eb95aee8025ce"), (PodName{"kube-system", "etcd-cp1"}));
  EXPECT_EQ(pod_name(root.path(), "11111111-2222-3333-4444-555555555555"), std::nullopt);
  EXPECT_EQ(pod_name(root.path(), ""), std::nullopt);
}

TEST(PodName, IsUnknownWhereNoKubeletWritesLogs) {
  const testing::TempDir root;
  EXPECT_EQ(pod_name(root.path(), "dd1bf9d1-241d-47f5-8e25-12de83135812"), std::nullopt);
}

}  // namespace
}  // namespace gpuslice::hostfiles
