// Content of /proc/PID/cgroup as it is found on hosts, and what it says. Lines are from public documentation, issues
// and tests of other programs, as each case names; some ids are shortened there and completed here.
#include "hostfiles/membership.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace gpuslice::hostfiles {
namespace {

// "unit=… user-unit=… container=docker:12 digits pod=… job=42.batch", only what there is.
std::string text_of(const Membership& one) {
  std::string text;
  const auto add = [&](const std::string& key, const std::string& value) {
    if (!value.empty()) text += (text.empty() ? "" : " ") + key + "=" + value;
  };
  add("unit", one.unit);
  add("user-unit", one.user_unit);
  if (one.container)
    add("container", std::string(one.container->engine ? word(*one.container->engine) : "?") + ":" +
                         std::string(short_id(*one.container)));
  add("pod", one.pod_uid);
  if (one.job) add("job", std::to_string(one.job->job) + (one.job->step.empty() ? "" : "." + one.job->step));
  return text;
}

struct Case {
  const char* what;
  const char* text;
  const char* expected;
};

void expect_all(const std::vector<Case>& cases) {
  for (const auto& one : cases) EXPECT_EQ(text_of(membership_of(one.text)), one.expected) << one.what;
}

TEST(Membership, OfASystemdUnit) {
  expect_all({
      {"cgroups(7): a service, v2", "0::/system.slice/train.service\n", "unit=train.service"},
      {"an instance of a template in a slice of its own, sd_pid_get_unit(3)",
       "0::/system.slice/system-jupyter.slice/jupyter@alice.service\n", "unit=jupyter@alice.service"},
      {"a subgroup that a service made (Delegate=yes)", "0::/system.slice/train.service/worker-0\n",
       "unit=train.service"},
      {"a login", "0::/user.slice/user-1000.slice/session-2.scope\n", "unit=session-2.scope"},
      {"a unit of the user's systemd, sd_pid_get_user_unit(3)",
       "0::/user.slice/user-1000.slice/user@1000.service/app.slice/app-org.gnome.Terminal.slice/vte-spawn-5.scope\n",
       "unit=user@1000.service user-unit=vte-spawn-5.scope"},
      {"the user's systemd itself", "0::/user.slice/user-1000.slice/user@1000.service/init.scope\n",
       "unit=user@1000.service user-unit=init.scope"},
      {"a process of the slice itself", "0::/user.slice/user-1000.slice\n", "unit=user-1000.slice"},
      {"systemd itself", "0::/init.scope\n", "unit=init.scope"},
      {"escaped, as the kernel has files whose names begin with cpu. (systemd.io/CONTROL_GROUP_INTERFACE)",
       "0::/system.slice/_cpu.service\n", "unit=cpu.service"},
      {"v1 and hybrid: the hierarchy of systemd has the unit, others may end at the slice",
       "12:cpuset:/\n11:devices:/system.slice\n4:memory:/system.slice/train.service\n"
       "1:name=systemd:/system.slice/train.service\n0::/system.slice/train.service\n",
       "unit=train.service"},
      {"v1 of podman's pull request 9302",
       "11:pids:/user.slice/user-0.slice/session-4.scope\n10:blkio:/\n9:cpuset:/\n8:devices:/user.slice\n"
       "7:freezer:/\n6:memory:/user.slice/user-0.slice/session-4.scope\n1:name=systemd:/user.slice/user-0.slice/"
       "session-4.scope\n",
       "unit=session-4.scope"},
      {"the unit was stopped while its process lives, cgroups(7)", "0::/system.slice/train.service (deleted)\n",
       "unit=train.service"},
  });
}

TEST(Membership, OfAContainer) {
  expect_all({
      {"Docker with the systemd driver",
       "0::/system.slice/docker-9ec39b91f3d70e1beff50a308f77067065ea6be0d91a3378375056cd4422cf3d.scope\n",
       "unit=docker-9ec39b91f3d70e1beff50a308f77067065ea6be0d91a3378375056cd4422cf3d.scope "
       "container=docker:9ec39b91f3d7"},
      {"Docker with the cgroupfs driver, v1",
       "12:name=systemd:/docker/31cb02944da7a12196a193cf0e0f6c226d7c453a1db62e65ba98287593a2ee30\n"
       "4:memory:/docker/31cb02944da7a12196a193cf0e0f6c226d7c453a1db62e65ba98287593a2ee30\n",
       "container=docker:31cb02944da7"},
      {"a Docker in a Docker: the inner one",
       "9:name=systemd:/docker/a9a5ad238e59234193ee7ec3fcff5e735b3708ea1068826952255b69e3cfa413/docker/"
       "ec08435e04266c5ba381fccbb829f626d11d8ddf5f8f547263c7a2d79ab4787a\n",
       "container=docker:ec08435e0426"},
      {"rootless Docker",
       "0::/user.slice/user-1000.slice/user@1000.service/user.slice/"
       "docker-47335b04ebb4aefdc353dda62ddd38e5e1e00fc1372f0c8d0138417f0ccb9e6c.scope\n",
       "unit=user@1000.service user-unit=docker-47335b04ebb4aefdc353dda62ddd38e5e1e00fc1372f0c8d0138417f0ccb9e6c.scope "
       "container=docker:47335b04ebb4"},
      {"a systemd in a Docker: the units in it are not units of this host",
       "0::/docker/89ac90181a86fdea23d87ab993ceb698aa61528123c23135ef43fe5246a1b11e/system.slice/nginx.service\n",
       "container=docker:89ac90181a86"},
      {"the same with the systemd driver",
       "0::/system.slice/docker-89ac90181a86fdea23d87ab993ceb698aa61528123c23135ef43fe5246a1b11e.scope/system.slice/"
       "nginx.service\n",
       "unit=docker-89ac90181a86fdea23d87ab993ceb698aa61528123c23135ef43fe5246a1b11e.scope "
       "container=docker:89ac90181a86"},
      {"an engine that cannot be told by its path: Amazon ECS",
       "9:perf_event:/ecs/test-ecs-classic/5a0d5ceddf6c44c1928d367a815d890f/"
       "38fac3e99302b3622be089dd41e7ccf38aff368a86cc339972075136ee2710ce\n",
       "container=?:38fac3e99302"},
      {"Podman, crun's own subgroup",
       "0::/machine.slice/libpod-1dadda571b14eefb3158a15d0fff7e0089f9dd92f922679ed0116cccdfe8bb0f.scope/container\n",
       "unit=libpod-1dadda571b14eefb3158a15d0fff7e0089f9dd92f922679ed0116cccdfe8bb0f.scope "
       "container=podman:1dadda571b14"},
      {"Podman, in a pod of its own (issue 13673)",
       "0::/machine.slice/machine-libpod_pod_ddf44d54b520f0b4469fcd01c3155ca49e6911dc2175471eb3a7b789187a7a89.slice/"
       "libpod-1dadda571b14eefb3158a15d0fff7e0089f9dd92f922679ed0116cccdfe8bb0f.scope/container\n",
       "unit=libpod-1dadda571b14eefb3158a15d0fff7e0089f9dd92f922679ed0116cccdfe8bb0f.scope "
       "container=podman:1dadda571b14"},
      {"rootless Podman",
       "0::/user.slice/user-1000.slice/user@1000.service/user.slice/"
       "libpod-974a75c8cf45648fcc6e718ba92ee1f2034463674f0d5b0c50f5cab041a4cbd6.scope/container\n",
       "unit=user@1000.service user-unit=libpod-974a75c8cf45648fcc6e718ba92ee1f2034463674f0d5b0c50f5cab041a4cbd6.scope "
       "container=podman:974a75c8cf45"},
      {"Podman with --cgroups=split, as Quadlet starts it (issue 16589)",
       "0::/system.slice/quadlet-minimal.service/"
       "libpod-payload-91c57c2ae87a8d57123bbb3083b3e158b911c4fd485da131f636f83f979b092c\n",
       "unit=quadlet-minimal.service container=podman:91c57c2ae87a"},
      {"Podman with the cgroupfs driver, v1",
       "4:memory:/libpod_parent/libpod-cf594798841275880f780c2aa55954b2d218b92a7c82df039aef02e2f4fe83f1\n",
       "container=podman:cf5947988412"},
      {"the monitor of a container is not in it",
       "0::/machine.slice/libpod-conmon-cf594798841275880f780c2aa55954b2d218b92a7c82df039aef02e2f4fe83f1.scope\n",
       "unit=libpod-conmon-cf594798841275880f780c2aa55954b2d218b92a7c82df039aef02e2f4fe83f1.scope"},
      {"nerdctl", "0::/system.slice/nerdctl-f45298cd514d1930c4fe3afc4412e59547f7e3148fddd22ca33cefce046eb830.scope\n",
       "unit=nerdctl-f45298cd514d1930c4fe3afc4412e59547f7e3148fddd22ca33cefce046eb830.scope "
       "container=containerd:f45298cd514d"},
      {"LXC 4 and Incus", "0::/lxc.payload.openwrt/system.slice/train.service\n", "container=lxc:openwrt"},
      {"LXC 3", "11:hugetlb:/lxc/maas\n7:devices:/lxc/maas/init.scope\n3:name=systemd:/lxc/maas/init.scope\n",
       "container=lxc:maas"},
      {"a Docker in an LXC: the inner one",
       "0::/lxc.payload.c1/docker/31cb02944da7a12196a193cf0e0f6c226d7c453a1db62e65ba98287593a2ee30\n",
       "container=docker:31cb02944da7"},
      {"the monitor of LXC", "0::/lxc.monitor.openwrt\n", ""},
  });
}

TEST(Membership, OfAPod) {
  expect_all({
      {"systemd driver, containerd",
       "0::/kubepods.slice/kubepods-besteffort.slice/"
       "kubepods-besteffort-poddd1bf9d1_241d_47f5_8e25_12de83135812.slice/"
       "cri-containerd-f45298cd514d1930c4fe3afc4412e59547f7e3148fddd22ca33cefce046eb830.scope\n",
       "unit=cri-containerd-f45298cd514d1930c4fe3afc4412e59547f7e3148fddd22ca33cefce046eb830.scope "
       "container=containerd:f45298cd514d pod=dd1bf9d1-241d-47f5-8e25-12de83135812"},
      {"of the class Guaranteed: no slice of a class; Docker; v1 and v2",
       "5:memory:/kubepods.slice/kubepods-pod7f282c81_59bd_4373_a196_3a1f7e0a526a.slice/"
       "docker-ee82e2aba6a09214a9f0e766b6c0bcb3647cc922ee2e95d552314b117bfe7a5e.scope\n"
       "1:name=systemd:/kubepods.slice/kubepods-pod7f282c81_59bd_4373_a196_3a1f7e0a526a.slice/"
       "docker-ee82e2aba6a09214a9f0e766b6c0bcb3647cc922ee2e95d552314b117bfe7a5e.scope\n",
       "unit=docker-ee82e2aba6a09214a9f0e766b6c0bcb3647cc922ee2e95d552314b117bfe7a5e.scope "
       "container=docker:ee82e2aba6a0 pod=7f282c81-59bd-4373-a196-3a1f7e0a526a"},
      {"CRI-O with crun's subgroup",
       "0::/kubepods.slice/kubepods-burstable.slice/"
       "kubepods-burstable-pod11111111_2222_3333_4444_555555555555.slice/"
       "crio-45490e76e0878aaa4d9808f7d2eefba37f093c2a1d6c5e7e8b4d9a1f6e1c2d3b.scope/container\n",
       "unit=crio-45490e76e0878aaa4d9808f7d2eefba37f093c2a1d6c5e7e8b4d9a1f6e1c2d3b.scope "
       "container=cri-o:45490e76e087 pod=11111111-2222-3333-4444-555555555555"},
      {"CRI-O's monitor is in the pod and in no container",
       "0::/kubepods.slice/kubepods-burstable.slice/"
       "kubepods-burstable-pod11111111_2222_3333_4444_555555555555.slice/"
       "crio-conmon-78283d52a8505805e4138f05dcecc6e90fd1c3f6fbc0261b4654f3d763c5ed97.scope\n",
       "unit=crio-conmon-78283d52a8505805e4138f05dcecc6e90fd1c3f6fbc0261b4654f3d763c5ed97.scope "
       "pod=11111111-2222-3333-4444-555555555555"},
      {"cgroupfs driver, v1: the path does not name the engine",
       "11:devices:/kubepods/besteffort/pod74ba62da-1a3d-11e7-bb11-080027cb0e22/"
       "cb1eadb7abe3a6545e9856411207073277838e1bdc003337c2f8685faeedc32c\n"
       "1:name=systemd:/kubepods/besteffort/pod74ba62da-1a3d-11e7-bb11-080027cb0e22/"
       "cb1eadb7abe3a6545e9856411207073277838e1bdc003337c2f8685faeedc32c\n",
       "container=?:cb1eadb7abe3 pod=74ba62da-1a3d-11e7-bb11-080027cb0e22"},
      {"a group inside the container",
       "4:memory:/kubepods/besteffort/podf8a694f2-7c08-11e9-98da-000c29077430/"
       "c04e0a88a1de067f25bece337d4dbb897396e0b623c2a65330850fc9823f1903/kube-proxy\n",
       "container=?:c04e0a88a1de pod=f8a694f2-7c08-11e9-98da-000c29077430"},
      {"kubelet with the systemd driver, containerd without: the CRI plugin's form is not translated",
       "12:cpu,cpuacct:/system.slice/containerd.service/"
       "kubepods-besteffort-podb41662f7_b03a_4c65_8ef9_6e4e55c3cf27.slice:cri-containerd:"
       "1753b7cbbf62734d812936961224d5bc0cf8f45214e0d5cdd1a781a053e7c48f\n"
       "1:name=systemd:/system.slice/containerd.service/"
       "kubepods-besteffort-podb41662f7_b03a_4c65_8ef9_6e4e55c3cf27.slice:cri-containerd:"
       "1753b7cbbf62734d812936961224d5bc0cf8f45214e0d5cdd1a781a053e7c48f\n",
       "unit=containerd.service container=containerd:1753b7cbbf62 pod=b41662f7-b03a-4c65-8ef9-6e4e55c3cf27"},
      {"a static pod, whose uid is a hash; kind, whose node is a container",
       "0::/docker/89ac90181a86fdea23d87ab993ceb698aa61528123c23135ef43fe5246a1b11e/kubelet.slice/"
       "kubelet-kubepods.slice/kubelet-kubepods-burstable.slice/"
       "kubelet-kubepods-burstable-podb1e89a2fcc688644de3eb95aee8025ce.slice/"
       "cri-containerd-ee3fc60554cd9eefdd745a10dda84e041a7883c0381d067e76185d342de64759.scope\n",
       "container=containerd:ee3fc60554cd pod=b1e89a2fcc688644de3eb95aee8025ce"},
      {"seen from another cgroup namespace",
       "0::/../../pod2c48913c-b29f-11e7-9350-020968147796/"
       "cf594798841275880f780c2aa55954b2d218b92a7c82df039aef02e2f4fe83f1\n",
       "container=?:cf5947988412 pod=2c48913c-b29f-11e7-9350-020968147796"},
      {"no pod: the uid is none",
       "0::/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod123.slice/x.scope\n", "unit=x.scope"},
  });
}

TEST(Membership, OfASlurmJob) {
  expect_all({
      {"v2, slurm.schedmd.com/cgroup_v2.html", "0::/system.slice/slurmstepd.scope/job_1392969/step_0/user/task_0\n",
       "unit=slurmstepd.scope job=1392969.0"},
      {"v2, several slurmd on a host", "0::/system.slice/node1_slurmstepd.scope/job_42/step_batch/user/task_special\n",
       "unit=node1_slurmstepd.scope job=42.batch"},
      {"v2, a login by pam_slurm_adopt", "0::/system.slice/slurmstepd.scope/job_42/step_extern/user\n",
       "unit=slurmstepd.scope job=42.extern"},
      {"v2, Slurm's own processes", "0::/system.slice/slurmstepd.scope/system\n", "unit=slurmstepd.scope"},
      {"v1, slurm.schedmd.com/cgroups.html: only some controllers, and systemd's hierarchy has the daemon",
       "10:devices:/slurm/uid_2101171/job_280678/step_interactive/task_0\n9:blkio:/system.slice/slurmd.service\n"
       "4:memory:/slurm/uid_2101171/job_280678/step_interactive/task_0\n"
       "1:name=systemd:/system.slice/slurmd.service\n",
       "unit=slurmd.service job=280678.interactive"},
      {"v1, several slurmd on a host", "4:memory:/slurm_node1/uid_1000/job_7/step_0\n", "job=7.0"},
      {"v1, not in a step", "4:memory:/slurm/uid_1000/job_7\n", "job=7"},
      {"a directory of that name elsewhere", "0::/system.slice/train.service/job_7/step_0\n", "unit=train.service"},
  });
}

TEST(Membership, OfNothing) {
  expect_all({
      {"the root", "0::/\n", ""},
      {"the root of every hierarchy", "13:name=systemd:/\n12:pids:/\n5:memory:/\n", ""},
      {"no file", "", ""},
      {"no lines of that form", "\n:\nabc\n1:memory\n0::\n", ""},
      {"64 letters that are no id", "0::/docker/zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz\n",
       ""},
      {"endings without a name", "0::/.slice/.service\n", ""},
  });
}

TEST(Membership, TheWholeIdIsKept) {
  const auto found =
      membership_of("0::/system.slice/docker-9ec39b91f3d70e1beff50a308f77067065ea6be0d91a3378375056cd4422cf3d.scope\n");
  ASSERT_TRUE(found.container);
  EXPECT_EQ(found.container->id, "9ec39b91f3d70e1beff50a308f77067065ea6be0d91a3378375056cd4422cf3d");
}

}  // namespace
}  // namespace gpuslice::hostfiles
