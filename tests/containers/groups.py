#!/usr/bin/env python3
"""`gpuslice who` about processes in control groups of the kernel, laid out as container engines, Kubernetes and Slurm do.

    python3 tests/containers/groups.py --bin build/bin/gpuslice

The groups are made below one of the suite's own and removed. Needs root and cgroup2. Exit status: 0 all held, 1 something did
not, 77 no group can be made here.
"""

import json
import os
import subprocess
import tempfile

from support.case import OnNode, main
from support.skip import skip

ROOT = f"/gpuslice-test-{os.getpid()}"
ID = "9ec39b91f3d70e1beff50a308f77067065ea6be0d91a3378375056cd4422cf3d"
UID = "dd1bf9d1-241d-47f5-8e25-12de83135812"
# $0 is a folder to mount cgroup2 on, $1 the group, the rest a command that runs in it.
ENTER = r"""set -e
mount -t cgroup2 none "$0"
mkdir -p "$0$1"
echo $$ > "$0$1/cgroup.procs"
shift
exec "$@"
"""
REMOVE = r"""mount -t cgroup2 none "$0" && find "$0$1" -depth -type d -exec rmdir {} +"""


def in_group(group, *command, **more):
    with tempfile.TemporaryDirectory() as folder:
        try:
            return subprocess.run(["unshare", "--mount", "sh", "-c", ENTER, folder, group, *command], capture_output=True, text=True, timeout=60,
                                  check=False, **more)
        finally:
            subprocess.run(["unshare", "--mount", "sh", "-c", REMOVE, folder, ROOT], capture_output=True, check=False)


class Groups(OnNode):
    def of(self, group):
        """The row of a client of the GPU that is in this group."""
        node = self.node(mig=False)
        ran = self.did(in_group(ROOT + group, self.program, "sim", "attach", node.name, "--memory", "1MiB", "--", self.program, "--node",
                                "sim:" + node.name, "who", "--output", "json", env=node.environment))
        (row,) = json.loads(ran.stdout)
        return row

    def test_a_container_of_docker(self):
        row = self.of("/docker/" + ID)
        self.assertEqual((row["engine"], row["container"], row["pod_uid"], row["slurm_job"]), ("docker", ID, None, None))

    def test_a_container_of_podman(self):
        row = self.of(f"/machine.slice/libpod-{ID}.scope/container")
        self.assertEqual((row["engine"], row["container"]), ("podman", ID))

    def test_a_pod_of_kubernetes(self):
        slices = f"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{UID.replace('-', '_')}.slice"
        row = self.of(f"{slices}/cri-containerd-{ID}.scope")
        self.assertEqual((row["engine"], row["container"], row["pod_uid"]), ("containerd", ID, UID))
        self.assertEqual((row["pod"], row["pod_namespace"]), (None, None))
        self.assertEqual(row["unknown"]["pod"], "/var/log/pods has no logs of it")

    def test_a_job_of_slurm(self):
        row = self.of("/system.slice/slurmstepd.scope/job_42/step_batch/user/task_0")
        self.assertEqual((row["slurm_job"], row["slurm_step"], row["container"]), (42, "batch", None))


if __name__ == "__main__":
    if os.geteuid() != 0:
        skip("groups", "needs root to make control groups")
    TRIED = in_group(ROOT + "/docker", "cat", "/proc/self/cgroup")
    if TRIED.returncode != 0 or ROOT not in TRIED.stdout:
        skip("groups", "no control group can be made here: " + (TRIED.stderr.strip() or TRIED.stdout.strip()))
    main()
