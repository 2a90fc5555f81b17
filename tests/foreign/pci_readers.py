#!/usr/bin/env python3
"""Readers of PCI devices inside simulated nodes: lspci, libpciaccess, udev and hwloc see every GPU, its regions and its
link.

    python3 tests/foreign/pci_readers.py --bin build/bin/gpuslice

The programs are those of the distribution (pciutils, libpciaccess0, udev, hwloc-nox). A test whose program is missing
is skipped; without lspci the whole suite exits with 77.
"""
import json
import re
import shutil
import subprocess
from pathlib import Path

import foreign
from foreign import OnForeignNode
from support.skip import Missing

READER = Path(__file__).resolve().parent / "pciaccess_reads.py"


def classic(window):
    return ["Region 0: 32-bit, non-prefetchable, 16M", f"Region 1: 64-bit, prefetchable, {window}", "Region 3: 64-bit, prefetchable, 32M"]


def wide(window, registers="16M"):
    return [f"Region 0: 64-bit, prefetchable, {registers}", f"Region 2: 64-bit, prefetchable, {window}", "Region 4: 64-bit, prefetchable, 32M"]


# GPUs of a node: number, ids, regions, and the highest and the idle speed of the link.
NODES = {
    "8xa100-40gb": (8, "10de:20b0", "10de:134f", classic("64G"), "16GT/s", "16GT/s"),
    "2xh100-80gb-sxm5": (2, "10de:2330", "10de:16c1", wide("128G"), "32GT/s", "32GT/s"),
    "2xt4": (2, "10de:1eb8", "10de:12a2", classic("256M"), "8GT/s", "2.5GT/s"),
    "2xv100": (2, "10de:1db1", "10de:1212", classic("16G"), "8GT/s", "8GT/s"),
    "1xrtx-pro-6000": (1, "10de:2bb5", None, None, "32GT/s", "2.5GT/s"),
    "1xa30": (1, "10de:20b7", "10de:1532", classic("32G"), "16GT/s", None),
}
HAVE = {}


def blocks(text):
    """The output of lspci -vvv for each function, by address."""
    found = {}
    for block in text.strip().split("\n\n"):
        found[block.split(" ", 1)[0]] = block
    return found


def regions(block):
    return [f"Region {number}: {what}, {size}"
            for number, what, size in re.findall(r"Region (\d): Memory at [0-9a-f]+ \(([^)]*)\) \[size=(\w+)\]", block)]


class PciReaders(OnForeignNode):
    def in_node(self, node, *words):
        return self.did(node.call("sim", "exec", node.name, "--", *words))

    def of_nvidia(self, node, *words):
        return self.in_node(node, HAVE["lspci"], "-D", "-nn", "-d", "10de:", *words).stdout

    def test_every_gpu_has_its_class_regions_and_link(self):
        for gpus, (count, ids, subsystem, wanted, most, idle) in NODES.items():
            with self.subTest(gpus):
                seen = blocks(self.of_nvidia(self.node(gpus, None, mig=False), "-vvv"))
                cards = [block for block in seen.values() if "3D controller [0302]" in block]
                self.assertEqual(len(cards), count)
                for block in cards:
                    self.assertIn(f"[{ids}] (rev a1)\n", block)
                    if subsystem:
                        self.assertRegex(block, rf"\n\tSubsystem: .*\[{subsystem}\]\n")
                    if wanted:
                        self.assertEqual(regions(block), wanted)
                    self.assertRegex(block, rf"LnkCap:\tPort #0, Speed {most}, Width x16")
                    if idle:
                        self.assertRegex(block, rf"LnkSta:\tSpeed {idle}( \((ok|downgraded)\))?, Width x16")
                    for word in ("Power Management version 3", "Express (v2) Endpoint", "Advanced Error Reporting",
                                 "Kernel driver in use: nvidia\n"):
                        self.assertIn(word, block + "\n")
                    for word in ("access denied", "Unknown header", "Chain broken", "Chain looped", "!!!", "unassigned"):
                        self.assertNotIn(word, block)

    def test_all_of_lspci_on_a_dgx(self):
        """The whole host, including NVSwitches and root ports: lspci must report no error that it does not also report
        on the host itself."""
        node = self.node("8xa100-40gb", None, mig=False)
        for words in (("-vvv",), ("-t",), ("-mm", "-D"), ("-vmmk",), ("-xxxx",)):
            with self.subTest(words):
                host = subprocess.run([HAVE["lspci"], *words], capture_output=True, text=True, check=False)
                ran = self.in_node(node, HAVE["lspci"], *words)
                self.assertEqual(ran.stderr, host.stderr)
        switches = [block for block in blocks(self.of_nvidia(node, "-vvv")).values() if "Bridge [0680]" in block]
        self.assertEqual(len(switches), 6)
        for block in switches:
            self.assertEqual(regions(block), ["Region 0: 64-bit, non-prefetchable, 32M"])
            self.assertIn("Kernel driver in use: nvidia-nvswitch", block)
        tree = self.in_node(node, HAVE["lspci"], "-t").stdout
        for line in (r"-[0000:06]---01.0-[07]----00.0", r"-[0000:bc]---01.0-[bd]----00.0"):
            self.assertIn(line, tree)
        self.assertRegex(tree, r"-\[0000:c3\]-\+-01\.0-\[c4\]----00\.0\n( \|)? +\+-02\.0-\[c5\]----00\.0")
        machine = [line for line in self.in_node(node, HAVE["lspci"], "-mm", "-D", "-n", "-d", "10de:").stdout.splitlines() if '"0302"' in line]
        self.assertEqual([line.split()[0] for line in machine], [f"0000:{bus}:00.0" for bus in ("07", "0f", "47", "4e", "87", "90", "b7", "bd")])
        self.assertRegex(machine[0], r'^0000:07:00\.0 "0302" "10de" "20b0" -ra1 (-p00 )?"10de" "134f"$')

    def test_libpciaccess(self):
        if not HAVE["libpciaccess"]:
            self.skipTest("libpciaccess.so.0 is not installed")
        for gpus, (count, ids, subsystem, wanted, *_) in NODES.items():
            with self.subTest(gpus):
                node = self.node(gpus, None, mig=False)
                seen = json.loads(self.in_node(node, HAVE["python"], str(READER)).stdout)
                cards = [card for card in seen if card["class"] == 0x030200 and card["id"] == ids]
                self.assertEqual(len(cards), count)
                for card in cards:
                    if subsystem:
                        self.assertEqual(card["subsystem"], subsystem)
                    if wanted:
                        self.assertEqual(card["regions"], wanted)

    def test_udev(self):
        """udevadm finds each GPU by its path, and reads the properties on which its rules match.

        The node's files are mounted over those of sysfs, so systemd's library is told not to verify that it reads from
        sysfs."""
        if not HAVE["udevadm"]:
            self.skipTest("udevadm is not installed")
        node = self.node("2xt4", None, mig=False)
        udevadm = ["env", "SYSTEMD_DEVICE_VERIFY_SYSFS=0", HAVE["udevadm"]]
        for address in ("0000:07:00.0", "0000:0f:00.0"):
            told = self.in_node(node, *udevadm, "info", "--query=property", f"--path=/sys/bus/pci/devices/{address}").stdout.splitlines()
            for line in ("DRIVER=nvidia", "PCI_CLASS=30200", "PCI_ID=10DE:1EB8", "PCI_SUBSYS_ID=10DE:12A2", f"PCI_SLOT_NAME={address}",
                         "MODALIAS=pci:v000010DEd00001EB8sv000010DEsd000012A2bc03sc02i00", "SUBSYSTEM=pci"):
                self.assertIn(line, told)
            walked = self.in_node(node, *udevadm, "info", "--attribute-walk", f"--path=/sys/bus/pci/devices/{address}").stdout
            self.assertIn('ATTR{current_link_speed}=="2.5 GT/s PCIe"', walked)
            self.assertIn('ATTRS{class}=="0x060400"', walked)  # the port above the GPU

    def test_hwloc(self):
        if not HAVE["lstopo"]:
            self.skipTest("lstopo is not installed")
        node = self.node("2xh100-80gb-sxm5", None, mig=False)
        ran = self.in_node(node, HAVE["lstopo"], "--whole-io", "--output-format", "xml", "-")
        self.assertEqual(len(re.findall(r'type="PCIDev" .*pci_type="0302 \[10de:2330\] \[10de:16c1\] a1"', ran.stdout)), 2, ran.stderr)
        self.assertRegex(ran.stdout, r'pci_busid="0000:07:00.0"[^>]*pci_link_speed="6[0-9.]+"')


def find_library(name):
    for folder in ("/usr/lib/x86_64-linux-gnu", "/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib", "/usr/lib/aarch64-linux-gnu"):
        if (Path(folder) / name).exists():
            return True
    return False


def prepare(_cache):
    HAVE["lspci"] = shutil.which("lspci") or shutil.which("/usr/bin/lspci") or shutil.which("/sbin/lspci")
    if HAVE["lspci"] is None:
        raise Missing("lspci is not installed (package pciutils)")
    HAVE["libpciaccess"] = find_library("libpciaccess.so.0")
    HAVE["udevadm"] = shutil.which("udevadm")
    HAVE["lstopo"] = shutil.which("lstopo-no-graphics") or shutil.which("lstopo")
    HAVE["python"] = shutil.which("python3")
    said = subprocess.run([HAVE["lspci"], "--version"], capture_output=True, text=True, check=False).stdout.strip()
    others = ", ".join(name for name in ("libpciaccess", "udevadm", "lstopo") if HAVE[name])
    return f"{said or HAVE['lspci']}; {others or 'nothing else'}"


if __name__ == "__main__":
    foreign.main("pci_readers", prepare)
