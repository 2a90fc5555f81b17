#!/usr/bin/env python3
"""The inside of a node as programs see it: `python3 tests/inside/run.py --bin build/bin/gpuslice [--kills 1000]`.

Every file of the driver is at its absolute path; no NVIDIA file of the host or of another node is visible; the files
match the state of the node even if writers are killed. Run as root, as another user, and as a user who may not create
namespaces.
"""

import json
import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from support.arguments import parser
from support.case import OnNode, main
from support.environment import environment
from support.folders import install
from support.nobody import AS_NOBODY

HERE = Path(__file__).resolve().parent
# The system's Python, if there is one: the current Python may be in a folder that other users cannot read.
PYTHON = "/usr/bin/python3" if os.access("/usr/bin/python3", os.X_OK) else sys.executable
LOOK = str(HERE / "look.py")
KILLS = 1000


def bare_maps():
    """A command that prints the NVIDIA files that a client has mapped. The node's own files are recognised by their
    directory."""
    code = ("import ctypes, os; ctypes.CDLL('libnvidia-ml.so.1').nvmlInit_v2(); ctypes.CDLL('libcuda.so.1'); "
            "print(*sorted({l.split()[-1] for l in open('/proc/self/maps') if 'nvidia' in l or 'libcuda' in l}))")
    return [PYTHON, "-c", code]


class Inside(OnNode):
    """Tests whose commands are run with the prefix `self.run_as`, which switches to another user."""

    run_as = []

    @classmethod
    def setUpClass(cls):
        # In a folder that every user can access.
        cls.installed = tempfile.mkdtemp(prefix="gpuslice-inside-")
        cls.addClassCleanup(shutil.rmtree, cls.installed, True)
        cls.program = install(OnNode.program, cls.installed)
        shutil.copy(LOOK, cls.installed)
        os.chmod(cls.installed, 0o755)
        cls.look_program = cls.installed + "/look.py"

    def setUp(self):
        self.home = tempfile.mkdtemp(prefix="gpuslice-inside-")
        self.addCleanup(shutil.rmtree, self.home, True)
        os.chmod(self.home, 0o777)
        self.environment = environment(self.home + "/nodes")
        if self.call("unshare", *([] if os.geteuid() == 0 and not self.run_as else ["--user"]), "--mount", "true").returncode != 0:
            self.skipTest("this user may not create namespaces on this host")

    def call(self, *words, **more):
        return subprocess.run([*self.run_as, *words], env=self.environment, capture_output=True, text=True, check=False, timeout=120,
                              **more)

    def sim(self, verb, node, *words):
        return self.did(self.call(self.program, "sim", verb, node, *words)).stdout

    def inside(self, node, *command, only=None):
        words = ["--only", only] if only else []
        return self.did(self.call(self.program, "sim", "exec", node, *words, "--", *command)).stdout

    def make(self, node="n", gpus="2xa100-40gb", instances=True):
        self.sim("create", node, "--gpus", gpus)
        if instances:
            self.inside(node, "nvidia-smi", "-mig", "1")
            self.inside(node, "nvidia-smi", "mig", "-i", "0", "-cgi", "3g.20gb,2g.10gb", "-C")
            self.inside(node, "nvidia-smi", "mig", "-i", "1", "-cgi", "1g.5gb")

    def manifest(self, node):
        return {row["path"]: row for row in json.loads(self.sim("tree", node, "--output", "json"))}

    def look(self, node, paths, **more):
        return json.loads(self.inside(node, PYTHON, self.look_program, *paths, **more))

    def kept(self, node):
        """The capability files in the node's directory."""
        root = Path(self.environment["GPUSLICE_SIM_DIR"]) / node
        caps = root / "proc/driver/nvidia/capabilities"
        return ({"/" + str(path.relative_to(root)) for path in caps.rglob("access")} |
                {"/" + str(path.relative_to(root)) for path in (root / "dev/nvidia-caps").iterdir()})

    def projected(self, node):
        return {path for path in self.manifest(node)
                if path.startswith("/dev/nvidia-caps/") or (path.startswith("/proc/driver/nvidia/capabilities/") and path.endswith("/access"))}


class AsRoot(Inside):
    """Tests for every user; AsAnotherUser runs them again."""

    def test_every_file_is_at_its_absolute_path(self):
        self.make()
        wanted = self.manifest("n")
        self.assertGreater(len(wanted), 100)
        seen = self.look("n", wanted)
        for path, row in wanted.items():
            with self.subTest(path):
                there = seen[path]
                if row["kind"] == "device" and there["kind"] == "file":
                    self.assertFalse(self.may_make_devices())
                    self.assertEqual(there["mode"], row["mode"])
                    continue
                self.assertEqual(there.get("kind"), row["kind"], there)
                if row["kind"] == "link":
                    self.assertEqual((there["content"], there["leads"]), (row["content"], True))
                elif row["kind"] == "device":
                    self.assertEqual((there["mode"], there["major"], there["minor"]), (row["mode"], row["major"], row["minor"]))
                    self.assertEqual(there["opens"], "Permission denied")  # visible, but cannot be opened
                elif row["kind"] == "file":
                    self.assertEqual(there["mode"], row["mode"])
                    if path.startswith("/sys/") and path.endswith("/config"):
                        self.assertEqual(there["content"].encode("latin-1").hex(), row["content"])
                    else:
                        self.assertEqual(there["content"], row["content"])

    def may_make_devices(self):
        """Whether device files can be created. This is not tried on a host with NVIDIA's driver, which could own the
        device number."""
        with open("/proc/devices", encoding="ascii") as file:
            if "nvidia" in file.read():
                return False
        return self.call("sh", "-c", f"mknod {self.home}/device c 4000 1").returncode == 0

    def test_groups_and_virtual_functions_of_a_recipe(self):
        recipe = self.home + "/recipe.yaml"
        Path(recipe).write_text("version: gpuslice.sim/v1\ndriver: 580.126.09\ngpus:\n- {product: a10, count: 2, iommu_group: 44, sriov_vfs: 32, numa_node: 1}\n",
                                encoding="ascii")
        self.did(self.call(self.program, "sim", "create", "n", "-f", recipe))
        script = ("cd /sys/bus/pci/devices/0000:0f:00.0 && cat sriov_totalvfs sriov_numvfs numa_node && basename $(readlink -f iommu_group) "
                  "&& ls $(readlink -f iommu_group)/devices && cat iommu_group/devices/*/vendor")
        self.assertEqual(self.inside("n", "sh", "-c", script).split(), ["32", "0", "1", "45", "0000:0f:00.0", "0x10de"])

    def test_majors_and_modules_are_the_nodes(self):
        self.make(instances=False)
        majors = {row["major"] for row in self.manifest("n").values() if row["kind"] == "device"}
        listed = self.inside("n", "cat", "/proc/devices")
        nvidias = {int(line.split()[0]) for line in listed.splitlines() if "nvidia" in line}
        self.assertEqual(nvidias, majors)
        self.assertIn("Block devices:", listed)
        if os.path.exists("/proc/modules"):
            modules = self.inside("n", "cat", "/proc/modules").splitlines()
            self.assertEqual([line.split()[0] for line in modules if line.startswith("nvidia")], ["nvidia_uvm", "nvidia"])

    def test_the_rest_of_the_host_is_visible(self):
        self.make(instances=False)
        self.inside("n", "sh", "-c", "echo to null > /dev/null && head -c 4 /dev/urandom | wc -c && test -t 0 || true; ls /dev/fd/ /dev/shm >/dev/null")
        for folder in ("/sys/bus/pci/devices", "/sys/devices", "/sys/bus/pci/drivers"):
            mine = {name for name in os.listdir(folder) if not name.startswith("nvidia") and not self.is_a_card(f"{folder}/{name}")}
            self.assertLessEqual(mine, set(self.inside("n", "ls", "-A", folder).split("\n")), folder)

    def test_dev_contains_only_standard_and_node_devices(self):
        """/dev contains the devices that every program expects and those of the node, but no other device of the host
        under any name."""
        self.make()
        always = {"null", "zero", "full", "random", "urandom", "tty", "fd", "stdin", "stdout", "stderr", ".gpuslice-node", ".gpuslice-identity"}
        where_the_host_has_them = {name for name in ("console", "shm", "mqueue") if os.path.exists("/dev/" + name)}
        terminals = {"pts", "ptmx"} if os.path.exists("/dev/pts") else set()
        nodes = {path.split("/")[2] for path in self.manifest("n") if path.startswith("/dev/")}
        there = set(self.inside("n", "ls", "-A", "/dev").split())
        self.assertEqual(there, always | where_the_host_has_them | terminals | nodes)
        majors = {row["major"] for row in self.manifest("n").values() if row["kind"] == "device"}
        script = "find /dev -path /dev/shm -prune -o -type c -exec stat -c '%n %Hr' {} +"
        for line in self.inside("n", "sh", "-c", script).splitlines():
            path, major = line.split()
            self.assertTrue(path.startswith("/dev/nvidia") or int(major) not in majors, line)

    def test_no_device_is_on_a_file_system_of_the_host(self):
        self.make()
        self.inside("n", "true")
        devices = [os.path.join(folder, name) for folder, _, names in os.walk(self.home) for name in names
                   if stat.S_ISCHR(os.lstat(os.path.join(folder, name)).st_mode)]
        self.assertEqual(devices, [])

    def test_lists_of_disks_do_not_show_the_devices(self):
        self.make(gpus="8xa100-40gb")
        points = [line.split()[4] for line in self.inside("n", "cat", "/proc/self/mountinfo").splitlines()]
        self.assertLessEqual(len([point for point in points if point.startswith("/dev/nvidia")]), 1)
        # If parts of the host's /dev cannot be read, df -a exits with an error but still prints the list.
        listed = self.call(self.program, "sim", "exec", "n", "--", "df", "-a").stdout
        self.assertLessEqual(len([line for line in listed.splitlines() if "/dev/nvidia" in line]), 1)

    def test_devices_follow_changes_from_outside(self):
        """Instances are created and destroyed from outside: a process inside the node sees the devices change
        immediately."""
        self.make(instances=False)
        self.inside("n", "nvidia-smi", "-mig", "1")
        inmate = subprocess.Popen([*self.run_as, self.program, "sim", "exec", "n", "--", "sh", "-c", "while read line; do ls /dev/nvidia-caps | tr '\\n' ' '; echo; done"],
                                  env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(inmate.wait)
        with inmate.stdin as ask, inmate.stdout as answer:
            def caps():
                ask.write("look\n")
                ask.flush()
                return answer.readline().split()

            outside = self.environment["GPUSLICE_SIM_DIR"] + "/n/bin/nvidia-smi"
            none = ["nvidia-cap1", "nvidia-cap2"]
            self.assertEqual(caps(), none)
            self.did(self.call(outside, "mig", "-i", "1", "-cgi", "9", "-C"))
            gi = 3 + 135 + 9 * 2
            self.assertEqual(caps(), ["nvidia-cap1", f"nvidia-cap{gi}", f"nvidia-cap{gi + 1}", "nvidia-cap2"])
            self.sim("reboot", "n")
            self.assertEqual(caps(), none)

    def test_the_host_cannot_be_stopped_from_inside(self):
        """The host's programs cannot be reached and the capability is dropped. Only if that is so does the test run
        such a command."""
        self.make()
        root = self.environment["GPUSLICE_SIM_DIR"] + "/n"
        bounding = int(self.inside("n", "sh", "-c", "grep CapBnd /proc/self/status").split()[1], 16)
        cap_sys_boot, cap_mknod = 22, 27
        self.assertEqual((bounding >> cap_sys_boot & 1, bounding >> cap_mknod & 1), (0, 0))
        names = ("reboot", "shutdown", "systemctl", "halt", "poweroff", "telinit")
        for name in names:
            self.assertEqual(self.inside("n", "sh", "-c", f"command -v {name}"), f"{root}/bin/{name}\n")
            self.assertTrue(os.path.samefile(f"{root}/bin/{name}", f"{root}/bin/nvidia-smi"))
            for folder in ("/usr/bin", "/usr/sbin", "/bin", "/sbin", "/usr/local/bin"):  # paths of the host's programs
                if os.path.exists(f"{folder}/{name}"):
                    self.inside("n", "cmp", f"{folder}/{name}", f"{root}/bin/nvidia-smi")
        refused = self.call(self.program, "sim", "exec", "n", "--", root + "/bin/systemctl", "stop", "gdm")
        self.assertEqual((refused.returncode, refused.stderr),
                         (1, "gpuslice: systemctl: stop: a simulated node has no services, and those of the host are out of reach\n"))
        refused = self.call(self.program, "sim", "exec", "n", "--", root + "/bin/shutdown", "now")
        self.assertEqual((refused.returncode, refused.stderr),
                         (1, "gpuslice: shutdown: a simulated node cannot be halted or powered off; it can be restarted: shutdown -r now\n"))
        hook = Path(root, "boot.d/10-note")
        hook.write_text("#!/bin/sh\necho booted\n", encoding="ascii")
        hook.chmod(0o755)
        for words in (["reboot"], ["shutdown", "-r", "now"], ["systemctl", "reboot"]):
            self.inside("n", "nvidia-smi", "mig", "-i", "0", "-cgi", "1g.5gb")
            self.assertIn("gi", self.inside("n", "sh", "-c", "ls /proc/driver/nvidia/capabilities/gpu0/mig"))
            ran = self.call(self.program, "sim", "exec", "n", "--", f"{root}/bin/{words[0]}", *words[1:])
            self.assertEqual((ran.returncode, ran.stdout, ran.stderr), (0, "booted\n", "rebooted node n\nran boot.d/10-note\n"))
            self.assertNotIn("gi", self.inside("n", "sh", "-c", "ls /proc/driver/nvidia/capabilities/gpu0/mig"))
        self.sim("delete", "n")

    @staticmethod
    def is_a_card(path):
        """True for an NVIDIA card of the host, which must not be visible inside a node."""
        vendor = Path(path) / "vendor"
        return vendor.is_file() and vendor.read_text(encoding="ascii") == "0x10de\n"

    def test_terminals_can_be_opened(self):
        self.make(instances=False)
        code = "import os, pty; master, slave = pty.openpty(); os.write(slave, b'there'); print(os.read(master, 5).decode(), os.ttyname(slave)[:9])"
        self.assertEqual(self.inside("n", PYTHON, "-c", code), "there /dev/pts/\n")

    def test_files_follow_the_instances_while_a_process_is_inside(self):
        self.make(instances=False)
        self.inside("n", "nvidia-smi", "-mig", "1")
        script = ("nvidia-smi mig -i 1 -cgi 9 -C >&2; cd /proc/driver/nvidia/capabilities; find . -name access -path '*gi*' | sort; "
                  "ls /dev/nvidia-caps | sort; nvidia-smi mig -i 1 -dci >&2; nvidia-smi mig -i 1 -dgi >&2; find . -path '*gi*'; ls /dev/nvidia-caps | wc -l")
        gi = 3 + 135 + 9 * 2
        self.assertEqual(self.inside("n", "sh", "-c", script).split(),
                         ["./gpu1/mig/gi2/access", "./gpu1/mig/gi2/ci0/access", "nvidia-cap1", f"nvidia-cap{gi}", f"nvidia-cap{gi + 1}", "nvidia-cap2", "2"])

    def test_a_process_without_the_environment_finds_the_node(self):
        self.make()
        bare = ["env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
        listed = self.inside("n", "nvidia-smi", "-L")
        self.assertEqual(self.inside("n", *bare, "nvidia-smi", "-L"), listed)
        code = "import ctypes; print(ctypes.CDLL('libnvidia-ml.so.1').nvmlInit_v2(), ctypes.CDLL('libcuda.so.1').cuInit(0))"
        self.assertEqual(self.inside("n", *bare, PYTHON, "-c", code), "0 34\n")

    def test_no_process_can_create_a_device(self):
        self.make(instances=False)
        ran = self.call(self.program, "sim", "exec", "n", "--", "sh", "-c", f"mknod {self.home}/card c 195 0")
        self.assertEqual((ran.returncode, os.path.exists(self.home + "/card")), (1, False), ran.stderr)

    def test_no_process_can_change_the_drivers_files(self):
        self.make(instances=False)
        for word in ("rm /dev/nvidia-caps/nvidia-cap1", "echo x > /proc/driver/nvidia/version", "mkdir /proc/driver/nvidia/z", "chmod 000 /dev/nvidia1",
                     "echo 1 > /sys/bus/pci/devices/0000:07:00.0/remove", "rm /proc/driver/nvidia/version", "echo x > /proc/devices", "rm -r /sys/bus/pci/devices/0000:07:00.0"):
            ran = self.call(self.program, "sim", "exec", "n", "--", "sh", "-c", word)
            self.assertNotEqual(ran.returncode, 0, word)
        self.inside("n", "nvidia-smi", "-mig", "1")
        self.assertEqual(self.kept("n"), self.projected("n"))

    def test_two_nodes_do_not_see_each_other(self):
        self.make("one", "1xa100-40gb", instances=False)
        self.make("two", "2xh100", instances=False)
        both = {node: json.loads(self.inside(node, PYTHON, self.look_program, "--nvidia")) for node in ("one", "two")}
        self.assertIn("/dev/nvidia1", both["two"])
        self.assertNotIn("/dev/nvidia1", both["one"])
        # One node is entered from inside another. The inner node's files are visible; the outer node takes the role of
        # a host with NVIDIA's files.
        nested = self.inside("two", self.program, "sim", "exec", "one", "--", PYTHON, self.look_program, "--nvidia")
        self.assertEqual(json.loads(nested), both["one"])
        listed = self.inside("one", "nvidia-smi", "-L")
        self.assertEqual(self.inside("two", self.program, "sim", "exec", "one", "--", "env", "-i", "/usr/local/sbin/nvidia-smi", "-L"), listed)

    def test_every_nvidia_file_that_is_opened_belongs_to_the_node(self):
        strace = os.environ.get("STRACE", "strace").split()
        if self.call(*strace, "-o", "/dev/null", "true").returncode != 0:
            self.skipTest("strace is not installed, or not permitted to trace here")
        self.make()
        # Runs nvidia-smi, and a client with an empty environment. The client also reads the files that clients usually
        # read.
        code = ("import ctypes, glob; [open(p, 'rb').read() for p in glob.glob('/proc/driver/nvidia/*') + glob.glob('/sys/bus/pci/devices/*/vendor') "
                "if not __import__('os').path.isdir(p)]; n = ctypes.CDLL('libnvidia-ml.so.1'); n.nvmlInit_v2(); c = ctypes.c_uint(); "
                "n.nvmlDeviceGetCount_v2(ctypes.byref(c)); ctypes.CDLL('libcuda.so.1').cuInit(0); print(c.value)")
        client = ["env", "-i", PYTHON, "-c", code]
        trace = self.home + "/trace"
        words = ["sh", "-c", 'nvidia-smi > /dev/null; nvidia-smi -L > /dev/null; exec "$@"', "sh", *client]
        said = self.inside("n", *strace, "-f", "-qq", "-e", "trace=open,openat,openat2,execve,connect", "-o", trace, *words)
        self.assertEqual(said, "2\n")
        with open(trace, encoding="utf-8", errors="replace") as file:
            lines = [line for line in file if " = -1 " not in line]
        opened = {line.split('"')[1] for line in lines if '"' in line}
        nvidias = sorted(path for path in opened if any(word in path.lower() for word in ("nvidia", "libcuda", "/sys/bus/pci/devices/")))
        self.assertIn("/proc/driver/nvidia/version", nvidias)
        self.assertTrue([path for path in nvidias if path.endswith("/vendor")])
        nodes = set()
        root = os.path.join(self.environment["GPUSLICE_SIM_DIR"], "n")
        for folder, folders, files in os.walk(root):
            nodes |= {(info.st_dev, info.st_ino) for info in (os.lstat(os.path.join(folder, name)) for name in folders + files)}
        script = "import json, os, sys; print(json.dumps([(s.st_dev, s.st_ino) for s in map(os.stat, sys.argv[1:])]))"
        vendor_files = [path for path in nvidias if path.endswith("/vendor")]
        others = [path for path in nvidias if path not in vendor_files]
        places = json.loads(self.inside("n", PYTHON, "-c", script, *others))
        strangers = [path for path, place in zip(others, places) if tuple(place) not in nodes]
        self.assertEqual(strangers, [])
        # The host's other PCI devices are visible; those with NVIDIA's vendor id are the node's.
        cards = self.inside("n", "sh", "-c", "grep -l 0x10de /sys/bus/pci/devices/*/vendor").split()
        self.assertEqual(sorted(card.split("/")[5] for card in cards),
                         sorted(row["path"].split("/")[-2] for row in self.manifest("n").values()
                                if row["path"].endswith("/vendor") and row["content"] == "0x10de\n"))
        mapped = self.inside("n", *bare_maps())
        self.assertEqual([path for path in mapped.split() if not path.startswith(root + "/")], [])

    def test_the_host_is_unchanged(self):
        before = subprocess.run([PYTHON, self.look_program, "--nvidia"], capture_output=True, text=True, check=True).stdout
        mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8")
        self.make()
        self.inside("n", "true")
        after = subprocess.run([PYTHON, self.look_program, "--nvidia"], capture_output=True, text=True, check=True).stdout
        self.assertEqual((after, Path("/proc/self/mountinfo").read_text(encoding="utf-8")), (before, mounts))

    def test_a_container_sees_only_its_device(self):
        self.make()
        uuids = [word.rstrip(")") for word in self.inside("n", "nvidia-smi", "-L").split() if word.startswith("MIG-")]
        self.assertEqual(len(uuids), 2)
        gi, caps = self.inside("n", "sh", "-c", "cd /proc/driver/nvidia/capabilities/gpu0/mig; ls -d gi*").split(), {}
        for index, name in enumerate(gi):  # ascending by id, which is the order of MIG devices
            first = 3 + 9 * int(name[2:])
            caps[uuids[index]] = {f"nvidia-cap{first}", f"nvidia-cap{first + 1}"}
            script = "ls /dev/nvidia-caps /dev/nvidia[0-9]*; find /proc/driver/nvidia/capabilities -name access -path '*gi*'; nvidia-smi -L | grep -c MIG"
            said = self.inside("n", "sh", "-c", script, only=uuids[index]).split()
            self.assertEqual(set(said), {"/dev/nvidia0", "/dev/nvidia-caps:", *caps[uuids[index]], "1",
                                         f"/proc/driver/nvidia/capabilities/gpu0/mig/{name}/access",
                                         f"/proc/driver/nvidia/capabilities/gpu0/mig/{name}/ci0/access"})
            # The other GPU is not visible at all.
            self.assertEqual(self.inside("n", "nvidia-smi", "--query-gpu=index,pci.bus_id", "--format=csv,noheader", only=uuids[index]),
                             "0, 00000000:07:00.0\n")
            # The same, with an empty environment.
            bare = self.inside("n", "env", "-i", "/usr/local/sbin/nvidia-smi", "-L", only=uuids[index])
            self.assertIn(uuids[index], bare)
            self.assertEqual(bare.count("MIG-"), 1)

    def test_a_container_counts_the_gpus_it_was_given(self):
        self.make(instances=False)
        self.inside("n", "nvidia-smi", "-mig", "1")
        self.inside("n", "nvidia-smi", "mig", "-i", "1", "-cgi", "1g.5gb", "-C")
        uuid = next(word.rstrip(")") for word in self.inside("n", "nvidia-smi", "-L").split() if word.startswith("MIG-"))
        self.assertEqual(self.inside("n", "nvidia-smi", "--query-gpu=index,pci.bus_id", "--format=csv,noheader", only=uuid), "0, 00000000:0F:00.0\n")
        self.assertEqual(self.inside("n", "sh", "-c", "ls -d /dev/nvidia[0-9]*", only=uuid), "/dev/nvidia1\n")

    def test_a_container_has_no_devices_of_the_fabric(self):
        self.make(gpus="8xa100-40gb")
        self.assertIn("/dev/nvidia-nvswitchctl", self.inside("n", "sh", "-c", "ls -d /dev/nvidia*").split())
        uuid = next(word.rstrip(")") for word in self.inside("n", "nvidia-smi", "-L").split() if word.startswith("MIG-"))
        self.assertEqual(set(self.inside("n", "sh", "-c", "ls -d /dev/nvidia*", only=uuid).split()),
                         {"/dev/nvidia-caps", "/dev/nvidia-uvm", "/dev/nvidia-uvm-tools", "/dev/nvidia0", "/dev/nvidiactl"})

    def test_a_container_without_its_environment_changes_nothing(self):
        self.sim("create", "n", "--gpus", "rtx-pro-6000")
        self.inside("n", "nvidia-smi", "-mig", "1")
        self.inside("n", "nvidia-smi", "mig", "-cgi", "1g.24gb", "-C")
        uuid = next(word.rstrip(")") for word in self.inside("n", "nvidia-smi", "-L").split() if word.startswith("MIG-"))
        for words in (["nvidia-smi", "-mig", "0"], ["nvidia-smi", "compute-policy", "--set-timeslice", "1"]):
            ran = self.call(self.program, "sim", "exec", "n", "--only", uuid, "--", "env", "-i", "/usr/local/sbin/" + words[0], *words[1:])
            self.assertEqual(ran.returncode, 4, ran.stdout)
            self.assertIn("Insufficient Permissions", ran.stdout)

    def test_a_container_may_enter_another_node(self):
        self.make()
        self.make("other", "1xh100", instances=False)
        uuid = next(word.rstrip(")") for word in self.inside("n", "nvidia-smi", "-L").split() if word.startswith("MIG-"))
        self.inside("n", self.program, "sim", "exec", "other", "--", "nvidia-smi", "-mig", "1", only=uuid)

    def test_a_client_is_found_by_its_open_files(self):
        self.make()
        gi = self.inside("n", "sh", "-c", "cd /proc/driver/nvidia/capabilities/gpu0/mig; ls -d gi* | head -n 1").strip()[2:]
        client = subprocess.Popen([*self.run_as, self.program, "sim", "attach", "n", "--gpu", "0", "--gi", gi, "--ci", "0", "--", "sh", "-c",
                                   "echo ready; exec sleep 600"], env=self.environment, stdout=subprocess.PIPE, text=True)
        self.addCleanup(client.wait)
        self.addCleanup(client.kill)
        with client.stdout as out:
            self.assertEqual(out.readline(), "ready\n")
        # From another process inside, as lsof and fuser do.
        script = f"for fd in /proc/{client.pid}/fd/*; do readlink $fd; done | grep nvidia"
        cap = 3 + 9 * int(gi)
        self.assertEqual(sorted(self.inside("n", "sh", "-c", script).split()),
                         sorted(["/dev/nvidia-caps/nvidia-cap" + str(cap), "/dev/nvidia-caps/nvidia-cap" + str(cap + 1), "/dev/nvidia-uvm", "/dev/nvidia0",
                                 "/dev/nvidiactl"]))
        same = f"stat -Lc %d:%i /dev/nvidia0; for fd in /proc/{client.pid}/fd/*; do [ \"$(readlink $fd)\" = /dev/nvidia0 ] && stat -Lc %d:%i $fd; done; true"
        own, held = self.inside("n", "sh", "-c", same).split()
        self.assertEqual(own, held)

    def test_no_process_enters_a_namespace_before_it_is_complete(self):
        """A process that enters the node joins the existing namespace. If its /sys were not mounted yet, the node would
        seem to have no GPUs."""
        self.make()
        looks = ("sh", "-c", "ls -d /sys/bus/pci/devices/*/vendor | xargs grep -l 0x10de | wc -l; wc -l < /etc/ld.so.cache > /dev/null; "
                 "test -e /proc/driver/nvidia/version && echo whole")
        whole = self.inside("n", *looks)
        self.assertIn("whole", whole)
        caught = 0
        for _ in range(20):
            first = subprocess.Popen([*self.run_as, self.program, "sim", "exec", "n", "--", "sleep", "600"], env=self.environment,
                                     stderr=subprocess.DEVNULL)
            try:
                mark, last = (f"/proc/{first.pid}/root/dev/.gpuslice-{name}" for name in ("node", "identity"))
                while not os.path.islink(mark) and first.poll() is None:
                    pass
                first.send_signal(signal.SIGSTOP)
                caught += not os.path.islink(last)
                self.assertEqual(self.inside("n", *looks), whole)
            finally:
                first.kill()
                first.wait()
        self.assertGreater(caught, 0, "no process was stopped while its namespace was being created")

    def test_if_namespaces_are_not_allowed_there_is_a_note(self):
        self.make(instances=False)
        # A user namespace in which no mount namespace may be created.
        script = 'echo 0 > /proc/sys/user/max_mnt_namespaces && exec "$@"'
        ran = self.call("unshare", "--user", "--map-root-user", "sh", "-c", script, "sh", self.program, "sim", "exec", "n", "--", "nvidia-smi", "-L")
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertEqual(ran.stdout, self.inside("n", "nvidia-smi", "-L"))
        self.assertIn("namespaces are not allowed here", ran.stderr)
        self.assertIn("only PATH and LD_LIBRARY_PATH lead into the node", ran.stderr)


class AsAnotherUser(AsRoot):
    """The same tests as a user who is not root."""

    run_as = AS_NOBODY

    def setUp(self):
        if os.geteuid() != 0:
            self.skipTest("needs root to become another user; AsRoot already ran as the current user")
        super().setUp()


class Killed(Inside):
    def test_files_match_the_state_after_writers_are_killed(self):
        self.make(gpus="1xa100-40gb", instances=False)
        self.inside("n", "nvidia-smi", "-mig", "1")
        rng = random.Random(4)
        program = "/".join([self.environment["GPUSLICE_SIM_DIR"], "n/bin/nvidia-smi"])
        wrong, with_instances, took = [], 0, 0.02
        for number in range(KILLS):
            words = rng.choice((["mig", "-cgi", "19,14,9", "-C"], ["mig", "-dci"], ["mig", "-dgi"], ["mig", "-cgi", "9", "-C"]))
            if number % 10 == 0:  # every tenth round starts empty and is not killed, so it always creates instances
                for clear in ("-dci", "-dgi"):
                    subprocess.run([program, "mig", clear], env=self.environment, stdout=subprocess.DEVNULL, check=False)
                words = ["mig", "-cgi", "19,14,9", "-C"]
            writer = subprocess.Popen([program, *words], env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            if number % 10 == 0:  # measure the time of an undisturbed command
                began = time.monotonic()
                writer.wait()
                took = time.monotonic() - began
            else:
                try:
                    writer.wait(timeout=rng.uniform(0, took * 1.2))
                except subprocess.TimeoutExpired:
                    writer.kill()
                    writer.wait()
            # After the next command that reads through NVML, the files must match what it reads.
            subprocess.run([program, "-L"], env=self.environment, stdout=subprocess.DEVNULL, check=True)
            kept, projected = self.kept("n"), self.projected("n")
            with_instances += len(projected) > 2
            if kept != projected:
                wrong.append((number, sorted(kept ^ projected)))
        self.assertEqual(wrong, [])
        self.assertGreaterEqual(with_instances, KILLS // 10)

    def test_killed_at_every_call(self):
        """Injected kills: before a call changes anything, or after its change but before it returns."""
        self.make(gpus="1xa100-40gb", instances=False)
        self.inside("n", "nvidia-smi", "-mig", "1")
        for kill in ("--kill-before", "--kill-after"):
            for nth in range(1, 7):
                self.sim("inject", "n", kill, "--nth", str(nth))
                for words in (["-cgi", "9,14", "-C"], ["-dci"], ["-dgi"]):
                    self.call(self.program, "sim", "exec", "n", "--", "nvidia-smi", "mig", *words)
                    self.assertEqual(self.kept("n"), self.projected("n"), (kill, nth, words))
                self.sim("inject", "n", "--clear")
                for words in (["-dci"], ["-dgi"]):
                    self.call(self.program, "sim", "exec", "n", "--", "nvidia-smi", "mig", *words)


if __name__ == "__main__":
    arguments = parser(__doc__)
    arguments.add_argument("--kills", type=int, default=KILLS)
    KILLS = arguments.parse_known_args()[0].kills
    main(arguments)
