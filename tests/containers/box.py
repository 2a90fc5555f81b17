"""Podman and crun inside a simulated node, with storage of their own and an image made of this host's files.

Podman runs inside `gpuslice sim exec NODE`, in a mount namespace of its own in which /run is empty except for the CDI
specifications, and /sys/fs/cgroup is version 2 only, which crun needs. Nothing of the host's containers is read or changed.
"""

import os
import re
import shutil
import subprocess
import tarfile
import tempfile

IMAGE = "localhost/gpuslice-test"
# Programs of the image; nvidia-smi comes from the specification, as on a host with NVIDIA's driver.
PROGRAMS = ("/bin/sh", "/bin/ls", "/bin/cat", "/usr/bin/env")
# $1 is the folder of CDI specifications. A user namespace may mount /proc and /sys only where a mount of each is visible as
# a whole (mount_too_revealing of the kernel's fs/namespace.c), and the node covers parts of both.
SPACE = r"""set -e
umount -R /sys/fs/cgroup 2>/dev/null || true
mount -t cgroup2 none /sys/fs/cgroup
mount -t tmpfs -o mode=755 none /run
mkdir /run/cdi /run/whole-proc /run/whole-sys
mount -t proc none /run/whole-proc
mount -t sysfs none /run/whole-sys
cp "$1"/* /run/cdi
shift
exec "$@"
"""


def missing():
    """Why podman cannot be used here; None if it can."""
    if os.geteuid() != 0:
        return "needs root to mount cgroup2 for crun"
    for program in ("podman", "crun", "unshare"):
        if shutil.which(program) is None:
            return f"{program} is not installed"
    tried = subprocess.run(["unshare", "--mount", "sh", "-c", "umount -R /sys/fs/cgroup 2>/dev/null; mount -t cgroup2 none /sys/fs/cgroup"],
                           capture_output=True, text=True, check=False)
    return None if tried.returncode == 0 else "cgroup2 cannot be mounted: " + tried.stderr.strip()


def libraries(program):
    """The files that the loader opens for a program, and the loader itself."""
    text = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    return re.findall(r"(/\S+) \(0x", text)


def image_archive(path, program):
    """A tar archive with a shell, a few programs, and the libraries of those and of gpuslice, which a node's nvidia-smi
    is a copy of."""
    wanted = {program: program for program in PROGRAMS}
    for one in (*PROGRAMS, program):
        wanted.update({library: library for library in libraries(one)})
    with tarfile.open(path, "w") as archive:
        for name, source in sorted(wanted.items()):
            archive.add(os.path.realpath(source), name.lstrip("/"))
        for folder in ("tmp", "proc", "sys", "dev", "etc", "run"):
            entry = tarfile.TarInfo(folder)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o755
            archive.addfile(entry)


class Box:
    """Podman's storage in a folder, with the image IMAGE in it."""

    def __init__(self, program):
        self.folder = tempfile.mkdtemp(prefix="gpuslice-podman-")
        archive = os.path.join(self.folder, "image.tar")
        image_archive(archive, program)
        done = subprocess.run(["unshare", "--mount", "bash", "-c", SPACE, "bash", self.specs(), *self.podman("import", archive, IMAGE)],
                              capture_output=True, text=True, check=False, timeout=300)
        if done.returncode != 0:
            self.remove()
            raise RuntimeError("podman cannot import an image: " + done.stderr)

    def why_not(self):
        """Why this host cannot run a container at all, without any device of ours; None if it can."""
        words = self.podman("run", "--rm", "--network=none", "--cgroups=disabled", "--ulimit=nofile=1024:1024", "--ulimit=nproc=1024:1024",
                            "--uidmap=0:0:65536", "--gidmap=0:0:65536", IMAGE, "/usr/bin/env")
        tried = subprocess.run(["unshare", "--mount", "bash", "-c", SPACE, "bash", self.specs(), *words], capture_output=True, text=True,
                               check=False, timeout=300)
        return None if tried.returncode == 0 else tried.stderr.strip()

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def specs(self, specification=None):
        """A folder with that CDI specification only."""
        folder = tempfile.mkdtemp(dir=self.folder, prefix="cdi-")
        with open(os.path.join(folder, "gpuslice.json"), "w", encoding="utf-8") as out:
            out.write(specification or '{"cdiVersion": "0.5.0", "kind": "gpuslice/none", "devices": []}')
        return folder

    def podman(self, *words):
        return ["podman", "--root", os.path.join(self.folder, "storage"), "--runroot", os.path.join(self.folder, "run"), "--storage-driver=vfs",
                "--cgroup-manager=cgroupfs", "--events-backend=none", "--runtime=crun", *words]

    def run(self, node, specification, devices, *command, more=()):
        """Runs a command in a container inside the node that is given these CDI devices."""
        given = [word for device in devices for word in ("--device", device)]
        # The node has dropped CAP_MKNOD, so crun has to bind the device files, as it does in a user namespace. Limits that
        # are above those of this host cannot be raised.
        words = self.podman("run", "--rm", "--network=none", "--cgroups=disabled", "--ulimit=nofile=1024:1024", "--ulimit=nproc=1024:1024",
                            "--uidmap=0:0:65536", "--gidmap=0:0:65536", *given, *more, IMAGE, *command)
        return node.call("sim", "exec", node.name, "--", "unshare", "--mount", "bash", "-c", SPACE, "bash", self.specs(specification), *words)
