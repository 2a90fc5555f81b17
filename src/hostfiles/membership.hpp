// What a process belongs to, read from its control groups: a systemd unit, a container, a Kubernetes pod, a Slurm job.
// Pure: it parses the text of /proc/PID/cgroup.
//
// Nothing is asked from systemd or a container engine, and no file is read. A name that no rule below matches is not
// guessed: the process then belongs to nothing that is known here. Paths are those that the reader's cgroup namespace
// shows; of a process outside it they begin with "/..", and what is left of them is used.
//
// The rules and where they come from:
//   the file          cgroups(7), "/proc/pid/cgroup": "hierarchy:controllers:path", and one line "0::path" for v2
//   units             sd_pid_get_unit(3) and sd_pid_get_user_unit(3); systemd.io/CONTROL_GROUP_INTERFACE ("_" before a
//                     name that the kernel would take for a file of its own)
//   Docker            docs.docker.com, Runtime metrics, "Find the cgroup for a given container"; docker-ID.scope with
//                     the systemd driver
//   Podman            podman-run(1), --cgroups and --cgroup-parent; github.com/containers/podman/issues/13673 and
//                     16589 show libpod-ID.scope, libpod-payload-ID and the pods of Podman
//   containerd        github.com/containerd/containerd, getCgroupsPath of the CRI plugin: "SLICE:cri-containerd:ID",
//                     which runc turns into cri-containerd-ID.scope, or leaves as it is with the cgroupfs driver
//   CRI-O             github.com/cri-o/cri-o, internal/config/cgmgr: crio-ID.scope, crio-ID
//   Kubernetes        github.com/kubernetes/kubernetes, pkg/kubelet/cm/cgroup_manager_linux.go: the systemd driver
//                     writes "-" of a uid as "_"; a static pod's uid is a hash of 32 digits
//   LXC               lxc.container.conf(5), "CGROUPS": lxc.payload.NAME; before LXC 4.0 lxc/NAME
//   Slurm             slurm.schedmd.com/cgroups.html (v1: slurm/uid_N/job_N/step_N/task_N) and cgroup_v2.html (v2:
//                     system.slice/slurmstepd.scope/job_N/step_N/user/task_N)
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gpuslice::hostfiles {

enum class Engine : std::uint8_t { docker, podman, containerd, cri_o, lxc };
// "docker", "podman", "containerd", "cri-o", "lxc".
[[nodiscard]] std::string_view word(Engine engine);

struct Container {
  std::optional<Engine> engine;  // absent: the path does not say
  std::string id;                // 64 hexadecimal digits; the name of an LXC container
  friend bool operator==(const Container&, const Container&) = default;
};
// The first 12 digits of an id, as the engines print and accept it; a name unchanged.
[[nodiscard]] std::string_view short_id(const Container& container);

struct SlurmJob {
  std::uint64_t job{};
  std::string step;  // "0", "batch", "extern", "interactive"; empty: not in a step
  friend bool operator==(const SlurmJob&, const SlurmJob&) = default;
};

struct Membership {
  std::string unit;       // of the system: "train.service", "session-2.scope", or else the slice; empty: none
  std::string user_unit;  // of the user's own systemd, inside user@UID.service; empty: none
  std::optional<Container> container;  // the innermost one
  std::string pod_uid;                 // of Kubernetes, with "-"; empty: none
  std::optional<SlurmJob> job;
  friend bool operator==(const Membership&, const Membership&) = default;
};

// `text`: the content of /proc/PID/cgroup. Lines that are not of its form are skipped.
[[nodiscard]] Membership membership_of(std::string_view text);

}  // namespace gpuslice::hostfiles
