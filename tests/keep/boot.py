#!/usr/bin/env python3
"""A real systemd, in namespaces of its own, boots the shipped unit on a simulated node.

Stubs of nvidia-persistenced, docker and kubelet note when they start. The unit's only addition is its environment: which
simulated node it restores. Needs root, unshare and systemd; without one of them the suite is skipped and says which.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from support.case import OnNode, main
from support.layouts import document, gi
from support.nvml import Driver
from support.skip import skip

SYSTEMD = "/lib/systemd/systemd"
SOURCE = Path(__file__).resolve().parents[2] / "data" / "systemd" / "gpuslice-restore.service.in"
# A cgroup of its own, so that this systemd does not take the host's for its root; then the namespaces.
OUTER = """set -e
mount -t cgroup2 none {mount}
mkdir {mount}/{cgroup}
echo $$ >{mount}/{cgroup}/cgroup.procs
exec unshare --fork --kill-child --pid --mount --mount-proc --uts --ipc --net --cgroup sh {inner}
"""
# Everything that systemd writes to is private.
INNER = """set -e
mount -t tmpfs none /run
mount -t tmpfs none /var/log
umount -R /sys/fs/cgroup 2>/dev/null || true
mount -t cgroup2 none /sys/fs/cgroup
mount --bind /proc/sys /proc/sys
mount -o remount,bind,ro /proc/sys
export container=other SYSTEMD_UNIT_PATH={units}
exec {systemd} --system --unit=multi-user.target --log-level=info --log-target=console --show-status=no
"""
CLEAN = """mount -t cgroup2 none {mount}
test ! -d {mount}/{cgroup} || find {mount}/{cgroup} -depth -type d -delete
"""


def in_mounts(script, **more):
    """Starts a shell script in a mount namespace of its own."""
    return subprocess.Popen(["unshare", "--mount", "--kill-child", "--fork", "sh", "-c", script], stdin=subprocess.DEVNULL, **more)


STUBS = {"sysinit.target": "", "basic.target": "After=sysinit.target\nRequires=sysinit.target", "shutdown.target": "DefaultDependencies=no",
         "multi-user.target": "After=basic.target\nRequires=basic.target", "local-fs.target": ""}


class Boot(OnNode):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="gpuslice-boot-")
        self.addCleanup(self.folder.cleanup)
        self.units = Path(self.folder.name) / "units"
        self.units.mkdir()
        self.log = Path(self.folder.name) / "log"
        self.log.touch()
        self.console = Path(self.folder.name) / "console"

    def unit(self, name, text):
        path = self.units / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def wanted(self, name):
        folder = self.units / "multi-user.target.wants"
        folder.mkdir(exist_ok=True)
        (folder / name).symlink_to(self.units / name)

    def service(self, name, command, more=""):
        """A oneshot service that notes its name, then runs a command."""
        word = name.partition(".")[0]
        self.unit(name, f"[Unit]\n{more}\n[Service]\nType=oneshot\nRemainAfterExit=yes\n"
                        f"ExecStart=/bin/sh -c 'echo {word} >>{self.log}; {command}'\n")
        self.wanted(name)

    def instances(self, node):
        return f"{self.program} --node sim:{node.name} list --output csv | grep -c ^ci >>{self.log}"

    def boot(self, node, last="true"):
        """Boots until every unit has been started, and runs `last` then; the lines that the units noted."""
        for name, text in STUBS.items():
            self.unit(name, f"[Unit]\n{text}\n")
        self.unit("gpuslice-restore.service", SOURCE.read_text(encoding="utf-8").replace("@program@", self.program))
        environment = " ".join(f'"{key}={value}"' for key, value in node.environment.items() if key.startswith("GPUSLICE_"))
        self.unit("gpuslice-restore.service.d/node.conf",
                  f"[Unit]\nConditionPathExists=\nConditionPathExists={node.directory}/etc/gpuslice/layout.yaml\n"
                  f'[Service]\nEnvironment={environment} "GPUSLICE_NODE=sim:{node.name}"\nStandardOutput=append:{self.log}.restore\n'
                  f"StandardError=append:{self.log}.restore\n")
        self.wanted("gpuslice-restore.service")
        sim = " ".join(f"{key}={value}" for key, value in node.environment.items() if key.startswith("GPUSLICE_"))
        self.service("nvidia-persistenced.service", "true")
        for name in ("docker.service", "kubelet.service"):
            self.service(name, f"{sim} {self.instances(node)}; true")
        self.unit("end.service", "[Unit]\nDefaultDependencies=no\nAfter=multi-user.target\n[Service]\nType=oneshot\n"
                                 f"ExecStart=/bin/sh -c '{last}; echo end >>{self.log}'\n")
        self.wanted("end.service")
        inner = Path(self.folder.name) / "inner"
        inner.write_text(INNER.format(units=self.units, systemd=SYSTEMD), encoding="utf-8")
        mount = Path(self.folder.name) / "cgroup"
        mount.mkdir()
        where = {"mount": mount, "cgroup": os.path.basename(self.folder.name), "inner": inner}
        with open(self.console, "wb") as console:
            running = in_mounts(OUTER.format(**where), stdout=console, stderr=console)
        try:
            until = time.monotonic() + 60
            while "end" not in self.log.read_text().split() and running.poll() is None and time.monotonic() < until:
                time.sleep(0.02)
        finally:
            running.send_signal(signal.SIGKILL)
            running.wait()
            self.removed(where)
        lines = self.log.read_text().split("\n")[:-1]
        self.assertIn("end", lines, self.console.read_text(errors="replace") + self.restored())
        return lines

    def removed(self, where):
        """Waits until the cgroup is gone: its processes end after the first one of their namespace."""
        self.until(lambda: in_mounts(CLEAN.format(**where), stderr=subprocess.DEVNULL).wait() == 0, "the cgroup is removed")

    def restored(self):
        path = Path(f"{self.log}.restore")
        return path.read_text() if path.exists() else ""

    def kept_node(self):
        node = self.node("2xh100-80gb-sxm5", mig=False)
        self.did(node.apply(document([gi("3g.40gb", "4:4", name="train")], [gi("1g.10gb", name="small")])))
        self.did(node.on("keep", "--current"))
        self.shape, self.names = node.shape(), node.names()
        node.driver.close()
        self.did(node.call("sim", "reboot", node.name))
        node.driver = Driver(node.directory)
        return node

    def test_in_its_order(self):
        node = self.kept_node()
        lines = self.boot(node)
        self.assertEqual((node.shape(), node.names()), (self.shape, self.names), self.restored())
        self.assertEqual(lines[0], "nvidia-persistenced")
        self.assertEqual(sorted(lines[1:-1]), ["2", "2", "docker", "kubelet"], "both see the instances")

    def test_with_a_driver_that_is_late(self):
        node = self.kept_node()
        node.inject("--fail", "DRIVER_NOT_LOADED", "--on", "nvmlInit_v2", "--repeat", "3")
        lines = self.boot(node)
        self.assertIn("waiting for the driver", self.restored())
        self.assertEqual(node.shape(), self.shape)
        self.assertEqual(lines.count("2"), 2)

    def test_the_boot_goes_on_when_it_fails(self):
        node = self.kept_node()
        node.inject("--fail", "UNKNOWN", "--on", "nvmlDeviceCreateGpuInstanceWithPlacement", "--gpu", "0", "--repeat", "always")
        lines = self.boot(node, f"systemctl is-failed gpuslice-restore.service >>{self.log}")
        self.assertIn("failed", lines)
        self.assertEqual(lines.count("1"), 2, "the other GPU has its instance")
        self.assertEqual(node.shape()[1], self.shape[1])
        self.assertRegex(self.restored(), r"(?m)^gpuslice: GPU 0: ")

    def test_without_a_kept_layout_it_is_skipped(self):
        node = self.kept_node()
        self.did(node.on("keep", "--clear"))
        lines = self.boot(node, f"systemctl show -P ConditionResult gpuslice-restore.service >>{self.log}")
        self.assertIn("no", lines)
        self.assertEqual(self.restored(), "")
        self.assertEqual(lines.count("0"), 2)

    def test_reload_and_restart_restore_again(self):
        node = self.kept_node()
        sim = " ".join(f"{key}={value}" for key, value in node.environment.items() if key.startswith("GPUSLICE_"))
        self.boot(node, f"{sim} {self.program} --node sim:{node.name} destroy train; systemctl daemon-reload; "
                        f"systemctl restart gpuslice-restore.service; systemctl is-active gpuslice-restore.service >>{self.log}")
        self.assertIn("active", self.log.read_text().split("\n"))
        self.assertEqual((node.shape(), node.names()), (self.shape, self.names), self.restored())


def missing():
    if os.geteuid() != 0:
        return "not root"
    if not os.access(SYSTEMD, os.X_OK):
        return f"{SYSTEMD} is not installed"
    if shutil.which("unshare") is None:
        return "unshare is not installed"
    with tempfile.TemporaryDirectory(prefix="gpuslice-boot-") as folder:
        tried = in_mounts(f"mount -t cgroup2 none {folder} && mkdir {folder}/gpuslice-test && rmdir {folder}/gpuslice-test", stderr=subprocess.PIPE,
                          text=True)
        said = tried.communicate(timeout=30)[1]
    return None if tried.returncode == 0 else f"mounts or cgroup2 are not allowed here: {said.strip()}"


if __name__ == "__main__":
    if why := missing():
        skip("a systemd that boots the unit", why)
    main()
