#!/usr/bin/env python3
"""What gpuslice doctor finds on broken nodes, and that it finds nothing on healthy ones.

    python3 tests/doctor/broken.py --bin build/bin/gpuslice

Each row of the table creates a node, breaks it with the simulator's faults or by its files, and names exactly the findings:
the check and the object of each, in order. A lost GPU, for example, is one finding and not a dozen.
"""

import json
import os
import shutil
import subprocess
import tempfile
import unittest

from support.case import OnNode, main
from support.folders import IN_MEMORY, install
from support.nobody import AS_NOBODY, NOBODY
from support.node import Node

HEALTHY, FINDINGS, UNKNOWN = 0, 3, 4
WORKSTATION = """version: gpuslice.sim/v1
gpus:
  - product: rtx-pro-6000
    name: NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition
    display_mode: {}
"""
RECIPE = """version: gpuslice.sim/v1
gpus:
  - product: {}
    {}
"""
UNIT = "[Service]\nExecStart=/usr/bin/nvidia-smi mig -cgi 9 -C\n"


class Broken:
    """A node on which something is broken. Every method breaks one thing and returns nothing."""

    def __init__(self, test, node):
        self.test, self.node = test, node

    def path(self, path):
        return os.path.join(self.node.directory, path.lstrip("/"))

    def write(self, path, text, mode=0o644):
        os.makedirs(os.path.dirname(self.path(path)), exist_ok=True)
        if os.path.lexists(self.path(path)):
            os.remove(self.path(path))  # a file of the driver is read-only
        with open(self.path(path), "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(self.path(path), mode)

    def remove(self, path):
        os.remove(self.path(path))

    def chmod(self, path, mode):
        os.chmod(self.path(path), mode)

    def on(self, *words, **more):
        self.test.did(self.node.on(*words, **more))

    def sim(self, *words):
        self.test.did(self.node.call("sim", words[0], self.node.name, *words[1:]))

    def smi(self, *words):
        self.test.did(self.node.smi(*words))

    def instance(self, profile="7", gpu="0", *words):
        """An instance with its compute instance, which a unit restores at boot."""
        self.on("enable", "--gpu", gpu)
        self.on("create", profile + "g" if profile.isdigit() else profile, "--gpu", gpu, *words)
        self.restored()

    def restored(self):
        self.write("boot.d/10-instances", "#!/bin/sh\n", 0o755)

    def uuid(self, kind="ci"):
        rows = json.loads(self.node.on("list", "--output", "json").stdout)
        return next(row["uuid"] for row in rows if row["kind"] == kind)

    def gi(self):
        return json.loads(self.node.on("list", "--output", "json").stdout)[1]["gi"]

    def minor(self):
        """The minor of the first MIG device's compute instance."""
        nodes = json.loads(self.node.on("resolve", self.uuid(), "--output", "json").stdout)["device_nodes"]
        return nodes[-1]["minor"]

    def cdi(self, devices, nodes=(), library="580.126.09"):
        text = "cdiVersion: 0.5.0\nkind: nvidia.com/gpu\ndevices:\n" + "".join(f"- name: \"{name}\"\n" for name in devices)
        text += "containerEdits:\n  deviceNodes:\n" + "".join(f"  - path: {path}\n" for path in nodes)
        text += f"  mounts:\n  - hostPath: /usr/lib/x86_64-linux-gnu/libcuda.so.{library}\n"
        self.write("etc/cdi/nvidia.yaml", text)

    def kubelet(self, devices):
        document = {"Data": {"PodDeviceEntries": None, "RegisteredDevices": {"nvidia.com/gpu": devices}}, "Checksum": 1}
        self.write("var/lib/kubelet/device-plugins/kubelet_internal_checkpoint", json.dumps(document))

    def unit(self, name):
        self.write(f"usr/lib/systemd/system/{name}", UNIT)
        self.write(f"etc/systemd/system/multi-user.target.wants/{name}", "")

    def client(self, gpu=0, gi=None, kind="C", name=""):
        words = [self.node.program, "sim", "attach", self.node.name, "--gpu", str(gpu), "--type", kind]
        words += ["--gi", str(gi), "--ci", "0"] if gi is not None else []
        words += ["--name", name] if name else []
        process = subprocess.Popen([*words, "--", "sleep", "600"], env=self.node.environment)
        self.test.addCleanup(process.wait)
        self.test.addCleanup(process.kill)
        self.test.until(lambda: f'"pid": {process.pid}' in self.node.on("list", "--output", "json").stdout, "the client holds the GPU")
        return process


def lost(broken):
    broken.sim("raise", "--xid", "79")


def lost_second(broken):
    broken.sim("raise", "--xid", "79", "--gpu", "1")


def lost_both(broken):
    lost(broken)
    lost_second(broken)


def lost_at_a_call(broken):
    broken.sim("inject", "--lose", "--on", "nvmlDeviceGetMigMode", "--gpu", "0")


def pending(broken):
    broken.client(name="/usr/bin/python3 train.py")
    broken.smi("-i", "0", "-mig", "1")


def pending_idle(broken):
    client = broken.client()
    broken.smi("-i", "0", "-mig", "1")
    client.kill()
    client.wait()


def desktop(broken):
    broken.on("enable", "--gpu", "0")
    broken.client(kind="G", name="/usr/lib/xorg/Xorg")


def desktop_beside_instances(broken):
    broken.instance()
    broken.client(kind="G", name="/usr/lib/xorg/Xorg")


def empty(broken):
    broken.on("enable", "--gpu", "0")
    broken.smi("mig", "-i", "0", "-cgi", "9")
    broken.restored()


def empty_twice(broken):
    broken.on("enable", "--gpu", "0")
    broken.smi("mig", "-i", "0", "-cgi", "9,9")
    broken.restored()


def empty_ours(broken):
    broken.instance("3g.20gb", "0", "--name", "train", "--compute", "none")


def interrupted(broken):
    broken.on("enable", "--gpu", "0")
    broken.restored()
    broken.node.inject("--kill-after", "--on", "nvmlGpuInstanceCreateComputeInstanceWithPlacement", "--nth", "1")
    broken.node.inject("--kill-after", "--on", "nvmlDeviceCreateGpuInstanceWithPlacement", "--nth", "1")
    broken.node.on("create", "3g.20gb", "--gpu", "0")


def without_persistence(broken):
    broken.instance()


def capability_missing(broken):
    broken.instance()
    broken.remove(f"dev/nvidia-caps/nvidia-cap{broken.minor()}")


def capability_left_over(broken):
    broken.write("dev/nvidia-caps/nvidia-cap400", "")


def cdi_of_another_layout(broken):
    broken.instance()
    broken.cdi(["0:0", broken.uuid(), "MIG-00000000-0000-0000-0000-000000000000"])


def cdi_of_another_driver(broken):
    broken.cdi(["0"], ["/dev/nvidia0"], "570.86.15")


def cdi_of_another_node(broken):
    broken.cdi(["0"], ["/dev/nvidia0", "/dev/nvidia7"])


def cdi_json(broken):
    broken.write("var/run/cdi/nvidia.json", json.dumps({"kind": "nvidia.com/gpu", "devices": [{"name": "MIG-gone"}]}))


def kubelet_old(broken):
    broken.kubelet([broken.uuid("gpu"), "MIG-00000000-0000-0000-0000-000000000000::0"])


def kubelet_incomplete(broken):
    broken.instance()
    broken.kubelet([broken.uuid("gpu")])


def not_restored(broken):
    broken.instance()
    broken.remove("boot.d/10-instances")


def two_units(broken):
    broken.unit("gpuslice-restore.service")
    broken.unit("nvidia-mig-manager.service")


def unit_and_program(broken):
    broken.restored()
    broken.unit("nvidia-mig-manager.service")


def mps_gone(broken):
    broken.write("tmp/nvidia-mps/control", "")
    broken.write("tmp/nvidia-mps/nvidia-cuda-mps-control.pid", str(2**22 + 1))


def mps_of_another_process(broken):
    broken.write("tmp/nvidia-mps/control", "")
    broken.write("tmp/nvidia-mps/nvidia-cuda-mps-control.pid", str(os.getpid()))


def vgpu_host(broken):
    broken.write("sys/module/nvidia_vgpu_vfio/initstate", "live\n")


def two_devices_of_one_job(broken):
    broken.instance("1g.5gb")
    broken.instance("1g.5gb")
    rows = json.loads(broken.node.on("list", "--output", "json").stdout)
    first, second = (row["gi"] for row in rows if row["kind"] == "gi")
    inner = [broken.node.program, "sim", "attach", broken.node.name, "--gi", str(second), "--ci", "0", "--", "sleep", "600"]
    process = subprocess.Popen([broken.node.program, "sim", "attach", broken.node.name, "--gi", str(first), "--ci", "0", "--", *inner],
                               env=broken.node.environment)
    broken.test.addCleanup(process.wait)
    broken.test.addCleanup(process.kill)
    broken.test.until(lambda: broken.node.on("list", "--output", "json").stdout.count('"kind": "process"') == 2, "both devices are in use")


def all_of_it(broken):
    """Several causes at once: each is found once."""
    broken.sim("raise", "--xid", "79", "--gpu", "1")
    broken.smi("-i", "0", "-c", "2")
    broken.remove("dev/nvidia-uvm")


def do(*steps):
    """Steps as (method, arguments...)."""
    def run(broken):
        for method, *arguments in steps:
            getattr(broken, method)(*arguments)
    return run


VERSION = "NVRM version: NVIDIA UNIX x86_64 Kernel Module  570.86.15  Thu Jan 23\n"
INIT_FAILED = "3,9,400,-;NVRM: GPU 0000:65:00.0: RmInitAdapter failed! (0x26:0xffff:1290)\n"
A100, H200 = "1xa100-40gb", "1xh200"
GPU0, GPU1 = "GPU 0", "GPU 1"

# name, GPUs or recipe, what breaks the node, the findings.
TABLE = [
    ("driver not loaded", A100, do(("sim", "inject", "--fail", "DRIVER_NOT_LOADED", "--on", "nvmlInit_v2", "--repeat", "always")),
     [("driver-loaded", "driver")]),
    ("library and module differ", A100,
     do(("sim", "inject", "--fail", "LIB_RM_VERSION_MISMATCH", "--on", "nvmlInit_v2", "--repeat", "always")), [("driver-version", "driver")]),
    ("no library", A100, do(("write", "lib/libnvidia-ml.so.1", "no library")), [("driver-library", "driver")]),
    ("loaded driver of another version", A100, do(("write", "proc/driver/nvidia/version", VERSION, 0o444)), [("driver-version", "driver")]),
    ("module of another version", A100, do(("write", "sys/module/nvidia/version", "570.86.15\n", 0o444)), [("driver-version", "driver")]),
    ("nvidia_uvm of another version", A100, do(("write", "sys/module/nvidia_uvm/version", "570.86.15\n", 0o444)), [("driver-version", "driver")]),
    ("GPU off the bus", A100, lost, [("gpu-lost", GPU0)]),
    ("GPU lost at a call", A100, lost_at_a_call, [("gpu-lost", GPU0)]),
    ("one of two GPUs lost", "2xa100-40gb", lost_second, [("gpu-lost", GPU1)]),
    ("both GPUs lost", "2xa100-40gb", lost_both, [("gpu-lost", GPU0), ("gpu-lost", GPU1)]),
    ("GPU not initialised", A100, do(("write", "kmsg", INIT_FAILED)), [("gpu-init", "PCI device 0000:65:00.0")]),
    ("uncorrected memory error", A100, do(("sim", "raise", "--ecc", "double")), [("reset-required", GPU0)]),
    ("row to be replaced", A100, do(("sim", "raise", "--event", "dram-retirement")), [("reset-required", GPU0)]),
    ("row to be replaced, with its XIDs", A100,
     do(("sim", "raise", "--ecc", "double"), ("sim", "raise", "--xid", "48"), ("sim", "raise", "--xid", "63")), [("reset-required", GPU0)]),
    ("row that cannot be replaced", A100, do(("sim", "raise", "--event", "dram-retirement-failure")), [("memory-repair", GPU0)]),
    ("XID of a program", A100, do(("sim", "raise", "--xid", "31"), ("sim", "raise", "--xid", "31")), [("xid", GPU0)]),
    ("XID of the GPU", A100, do(("sim", "raise", "--xid", "119")), [("xid", GPU0)]),
    ("XID that nobody knows", A100, do(("sim", "raise", "--xid", "999")), [("xid", GPU0)]),
    ("two XIDs", A100, do(("sim", "raise", "--xid", "43"), ("sim", "raise", "--xid", "74")), [("xid", GPU0), ("xid", GPU0)]),
    ("XIDs of two GPUs", "2xa100-40gb", do(("sim", "raise", "--xid", "13"), ("sim", "raise", "--xid", "13", "--gpu", "1")),
     [("xid", GPU0), ("xid", GPU1)]),
    ("display mode, 256 MB", WORKSTATION.format("physical_display_enabled_256MB_bar1"), do(), [("mig-available", GPU0)]),
    ("display mode, 8 GB", WORKSTATION.format("physical_display_enabled_8GB_bar1"), do(), [("mig-available", GPU0)]),
    ("MIG not offered", H200, do(("sim", "inject", "--fail", "NOT_SUPPORTED", "--on", "nvmlDeviceGetMigMode", "--repeat", "always")),
     [("mig-available", GPU0)]),
    ("MIG pending behind a job", A100, pending, [("mig-pending", GPU0)]),
    ("MIG pending", A100, pending_idle, [("mig-pending", GPU0)]),
    ("prohibited", A100, do(("smi", "-i", "0", "-c", "2")), [("compute-mode", GPU0)]),
    ("exclusive", A100, do(("smi", "-i", "0", "-c", "3")), [("compute-mode", GPU0)]),
    ("MIG without persistence", RECIPE.format("a100-40gb", "persistence: false"), without_persistence, [("persistence", GPU0)]),
    ("ECC pending", A100, do(("smi", "-i", "0", "-e", "0")), [("ecc", GPU0)]),
    ("ECC off", RECIPE.format("a100-40gb", "ecc: false"), do(), [("ecc", GPU0)]),
    ("GPU instance without compute instance", A100, empty, [("empty-instance", GPU0)]),
    ("two of them", A100, empty_twice, [("empty-instance", GPU0), ("empty-instance", GPU0)]),
    ("one of gpuslice", A100, empty_ours, [("empty-instance", GPU0)]),
    ("MIG without instances", A100, do(("on", "enable", "--gpu", "0")), [("mig-unused", GPU0)]),
    ("desktop on a GPU with MIG", "1xrtx-pro-6000", desktop, [("processes", GPU0)]),
    ("desktop beside instances", H200, desktop_beside_instances, [("processes", GPU0)]),
    ("interrupted change", A100, interrupted, [("interrupted", "node")]),
    ("no nvidia-uvm", A100, do(("remove", "dev/nvidia-uvm")), [("device-files", "device files")]),
    ("no device file of the GPU", A100, do(("remove", "dev/nvidia0")), [("device-files", "device files")]),
    ("no capability node", A100, capability_missing, [("capability-nodes", "capability nodes")]),
    ("capability node left over", A100, capability_left_over, [("capability-nodes", "capability nodes")]),
    ("everybody may change MIG", A100, do(("chmod", "dev/nvidia-caps/nvidia-cap1", 0o444)), [("mig-config", "/dev/nvidia-caps/nvidia-cap1")]),
    ("no mig/config", A100, do(("instance",), ("remove", "dev/nvidia-caps/nvidia-cap1")), [("mig-config", "mig/config")]),
    ("CDI of another layout", A100, cdi_of_another_layout, [("cdi", "/etc/cdi/nvidia.yaml")]),
    ("CDI of another driver", A100, cdi_of_another_driver, [("cdi", "/etc/cdi/nvidia.yaml")]),
    ("CDI of another node", A100, cdi_of_another_node, [("cdi", "/etc/cdi/nvidia.yaml")]),
    ("CDI as JSON", A100, cdi_json, [("cdi", "/var/run/cdi/nvidia.json")]),
    ("kubelet offers what is gone", A100, kubelet_old, [("kubelet", "kubelet")]),
    ("kubelet lacks a device", A100, kubelet_incomplete, [("kubelet", "kubelet")]),
    ("instances lost at boot, Ampere", A100, not_restored, [("boot-restore", GPU0)]),
    ("mode and instances lost at boot, Hopper", H200, not_restored, [("boot-restore", GPU0)]),
    ("two units", A100, two_units, [("boot-units", "boot")]),
    ("a unit and a program", A100, unit_and_program, [("boot-units", "boot")]),
    ("MPS daemon gone", A100, mps_gone, [("mps-directory", "/tmp/nvidia-mps")]),
    ("MPS daemon's number reused", A100, mps_of_another_process, [("mps-directory", "/tmp/nvidia-mps")]),
    ("vGPU host without virtual functions", RECIPE.format("a10-24gb", "sriov_vfs: 32\n    iommu_group: 44"), vgpu_host,
     [("vgpu-vfs", None)]),
    ("vGPU host without IOMMU", A100, vgpu_host, [("vgpu-iommu", "host")]),
    ("one job on two MIG devices", A100, two_devices_of_one_job, [("peers", None)]),
    ("several causes", "2xa100-40gb", all_of_it, [("gpu-lost", GPU1), ("compute-mode", GPU0), ("device-files", "device files")]),
]


class OnBroken(OnNode):
    def made(self, gpus):
        node = Node(self.program, recipe=gpus) if gpus.startswith("version") else Node(self.program, gpus)
        self.addCleanup(node.__exit__)
        return node

    def doctor(self, node, status, *words):
        ran = self.did(node.on("doctor", "--output", "json", *words), status)
        return json.loads(ran.stdout)

    def findings(self, document):
        return [(one["check"], one["object"]) for one in document["findings"]]

    def skipped(self, document, state="skipped"):
        return {one["id"]: one["reasons"] for one in document["checks"] if one["state"] == state}


class Table(OnBroken):
    """A test for each row."""


def add_row(name, gpus, breaks, expected):
    def test(self):
        node = self.made(gpus)
        breaks(Broken(self, node))
        document = self.doctor(node, FINDINGS)
        found = [(check, thing if wanted[1] is not None else None)
                 for (check, thing), wanted in zip(self.findings(document), expected, strict=False)]
        self.assertEqual(found, expected, json.dumps(document["findings"], indent=1))
        self.assertEqual(len(document["findings"]), len(expected), json.dumps(document["findings"], indent=1))
        self.assertEqual(self.skipped(document, "unknown"), {})
        for one in document["findings"]:
            self.assertTrue(one["what"] and one["why"] and one["try"], one)
    setattr(Table, "test_" + "".join(c if c.isalnum() else "_" for c in name.lower()), test)


for row in TABLE:
    add_row(*row)


class Healthy(OnBroken):
    def test_no_finding_on_any_product(self):
        known = json.loads(self.did(subprocess.run([self.program, "products", "--output", "json"], capture_output=True, text=True,
                                                   timeout=60, check=False)).stdout)
        self.assertGreater(len(known), 20)
        home = tempfile.mkdtemp(prefix="gpuslice-test-", dir=IN_MEMORY)
        self.addCleanup(shutil.rmtree, home, True)
        made = 0
        for product in known:
            with self.subTest(product=product["key"]):
                try:
                    node = Node(self.program, f"1x{product['key']}", name=product["key"], home=home)
                except RuntimeError as refused:  # figures that a simulated board needs are not known; doctor_test has these
                    self.assertRegex(str(refused), "unknown")
                    continue
                made += 1
                document = self.doctor(node, HEALTHY)
                self.assertEqual((document["status"], document["findings"]), ("healthy", []))
                self.assertEqual(self.skipped(document), {})
        self.assertGreaterEqual(made, 16)

    def test_no_finding_with_instances_that_are_restored(self):
        for gpus in ("2xa100-40gb", "1xh200", "1xb200-180gb", "1xrtx-pro-6000"):
            with self.subTest(gpus=gpus):
                node = self.made(gpus)
                broken = Broken(self, node)
                self.did(node.on("enable", "--gpu", "all"))
                for gpu in range(int(gpus[0])):
                    profile = json.loads(node.on("profiles", "--output", "json").stdout)[0]["profile"]
                    self.did(node.on("create", profile, "--gpu", str(gpu)))
                broken.restored()
                broken.client(gi=broken.gi())
                broken.cdi(["0", broken.uuid()] if gpus[0] == "1" else ["0"], ["/dev/nvidia0", "/dev/nvidia-uvm"])
                self.assertEqual(self.doctor(node, HEALTHY)["findings"], [])

    def test_a_repaired_node_is_healthy_again(self):
        node = self.made(A100)
        lost(Broken(self, node))
        self.doctor(node, FINDINGS)
        self.did(node.call("sim", "reboot", node.name))
        self.doctor(node, HEALTHY)


class CannotBeChecked(OnBroken):
    def test_a_gpu_that_does_not_answer(self):
        node = self.made("2xa100-40gb")
        node.inject("--delay", "100s", "--on", "any", "--gpu", "1", "--repeat", "always")
        document = self.doctor(node, UNKNOWN, "--timeout", "1")
        self.assertEqual((document["status"], document["findings"]), ("unknown", []))
        self.assertEqual(list(self.skipped(document, "unknown")), ["gpu-answers"])
        self.assertEqual(len(self.skipped(document, "unknown")["gpu-answers"]), 1)
        # What the other GPU has is found all the same.
        self.did(node.smi("-i", "0", "-c", "2"))
        self.assertEqual(self.findings(self.doctor(node, FINDINGS, "--timeout", "1")), [("compute-mode", GPU0)])

    def test_a_check_alone_says_that_its_gpu_is_lost(self):
        node = self.made(A100)
        lost(Broken(self, node))
        document = self.doctor(node, UNKNOWN, "--only", "ecc,compute-mode")
        self.assertEqual(self.skipped(document, "unknown"), {check: ["GPU 0: the driver has lost it"] for check in ("compute-mode", "ecc")})

    def test_a_damaged_file_of_gpuslice(self):
        node = self.made(A100)
        broken = Broken(self, node)
        broken.instance()
        with open(node.store("names"), "w", encoding="utf-8") as file:
            file.write("damaged")
        self.assertEqual(list(self.skipped(self.doctor(node, UNKNOWN), "unknown")), ["interrupted"])

    def test_a_damaged_checkpoint_of_kubelet(self):
        node = self.made(A100)
        Broken(self, node).write("var/lib/kubelet/device-plugins/kubelet_internal_checkpoint", "damaged")
        self.assertEqual(list(self.skipped(self.doctor(node, UNKNOWN), "unknown")), ["kubelet"])


class ElsewhereOnTheNode(OnBroken):
    def inside(self, node, *words):
        ran = node.call("sim", "exec", node.name, *words, "--", self.program, "doctor", "--output", "json")
        return ran.returncode, json.loads(ran.stdout), ran

    def test_inside_the_node_the_same(self):
        node = self.made(A100)
        status, document, ran = self.inside(node)
        self.assertEqual((status, document["findings"]), (HEALTHY, []), ran.stderr)
        Broken(self, node).sim("raise", "--xid", "43")
        status, document, ran = self.inside(node)
        self.assertEqual((status, self.findings(document)), (FINDINGS, [("xid", GPU0)]), ran.stderr)

    def test_in_a_container_that_was_given_a_mig_device(self):
        node = self.made(A100)
        broken = Broken(self, node)
        broken.instance()
        status, document, ran = self.inside(node, "--only", broken.uuid())
        self.assertEqual((status, document["findings"]), (HEALTHY, []), ran.stderr + ran.stdout)
        self.assertIn("boot-restore", self.skipped(document))

    @unittest.skipUnless(os.geteuid() == 0, "needs root")
    def test_as_another_user(self):
        node = self.made(A100)
        folder = tempfile.mkdtemp(prefix="gpuslice-test-", dir=IN_MEMORY)
        self.addCleanup(shutil.rmtree, folder, True)
        program = install(self.program, folder)
        os.chmod(folder, 0o755)
        os.chmod(node.home, 0o755)

        def as_nobody():
            ran = subprocess.run([*AS_NOBODY, program, "--node", "sim:n", "doctor", "--output", "json"], capture_output=True, text=True,
                                 env=node.environment, timeout=60, check=False)
            return ran.returncode, json.loads(ran.stdout)

        status, document = as_nobody()
        self.assertEqual((status, document["findings"]), (HEALTHY, []))
        self.assertIn("mig-config", self.skipped(document), "it may not change MIG")
        # A user who was granted the capability mig/config is told nothing of the kind.
        config = os.path.join(node.directory, "dev/nvidia-caps/nvidia-cap1")
        os.chown(config, NOBODY, NOBODY)
        status, document = as_nobody()
        self.assertEqual((status, document["findings"], self.skipped(document)), (HEALTHY, [], {}))
        os.chmod(os.path.join(node.directory, "dev/nvidia0"), 0o600)
        status, document = as_nobody()
        self.assertEqual((status, self.findings(document)), (FINDINGS, [("device-files", "device files")]))


class Fix(OnBroken):
    def test_creates_what_is_missing_and_shows_the_plan_first(self):
        node = self.made(A100)
        empty_ours(Broken(self, node))
        self.did(node.smi("mig", "-i", "0", "-cgi", "9"))  # of another program: it stays as it is
        before = node.shape()
        ran = self.did(node.on("doctor", "--fix", "--dry-run"))
        self.assertIn("create compute instance 3g.20gb at 0:3", ran.stdout)
        self.assertEqual(node.shape(), before)
        self.did(node.on("doctor", "--fix", "--yes"), FINDINGS)
        self.assertEqual(self.findings(self.doctor(node, FINDINGS)), [("empty-instance", GPU0)])
        self.assertEqual(sorted(len(inner) for _, inner in node.shape()[0][1]), [0, 1])
        self.did(node.on("undo", "--yes"))
        self.assertEqual(node.shape(), before)

    def test_does_nothing_where_nothing_is_safe(self):
        node = self.made(A100)
        before = node.shape()
        self.assertIn("nothing that --fix can do", self.did(node.on("doctor", "--fix")).stderr)
        self.did(node.smi("-i", "0", "-c", "2"))
        self.did(node.on("doctor", "--fix", "--yes"), FINDINGS)
        self.assertEqual(node.shape(), before)

    def test_reading_changes_nothing(self):
        node = self.made(A100)
        empty_ours(Broken(self, node))
        self.did(node.call("sim", "trace", node.name, "--on"))
        self.did(node.on("doctor"), FINDINGS)
        trace = json.loads(self.did(node.call("sim", "trace", node.name, "--mutating", "--output", "json")).stdout)
        self.assertEqual(trace, [])


class Words(OnBroken):
    def test_one_line_for_each_finding(self):
        node = self.made("2xa100-40gb")
        lost_both(Broken(self, node))
        ran = self.did(node.on("doctor"), FINDINGS)
        self.assertEqual(len(ran.stdout.splitlines()), 2)
        for number, line in enumerate(ran.stdout.splitlines()):
            self.assertTrue(line.startswith(f"problem  gpu-lost  GPU {number}: "), line)
            self.assertTrue(line.endswith(f"; next: gpuslice --node sim:n reset --gpu {number}"), line)

    def test_only(self):
        node = self.made(A100)
        document = self.doctor(node, HEALTHY, "--only", "xid,ecc")
        self.assertEqual([one["id"] for one in document["checks"]], ["xid", "ecc"])
        ran = self.did(node.on("doctor", "--only", "nonsense"), 2)
        self.assertIn("is not a check", ran.stderr)

    def test_the_list_explains_every_check(self):
        listed = json.loads(self.did(self.made(A100).call("doctor", "--list", "--output", "json")).stdout)
        self.assertGreaterEqual({one["id"] for one in listed}, {check for _, _, _, expected in TABLE for check, _ in expected})


if __name__ == "__main__":
    main()
