#!/usr/bin/env python3
"""NVIDIA's go-nvlib inside simulated nodes: nvpci, with which the device plugin and GPU Feature Discovery read PCI.

    python3 tests/foreign/nvpci.py --bin build/bin/gpuslice [--cache build/foreign]

The program is tests/foreign/nvpci. GPU Feature Discovery's own reader (k8s-device-plugin v0.17.4, internal/vgpu)
requires at least 256 bytes of configuration space for every NVIDIA function, and detects a vGPU by the letters "VF" in
the vendor specific capability.
"""
from pathlib import Path

import foreign
from foreign import OnForeignNode

MODULE, VERSION = "github.com/NVIDIA/go-nvlib", "v0.9.0"
SOURCES = Path(__file__).resolve().parent / "nvpci"
PROGRAMS = {}


class Nvpci(OnForeignNode):
    def reads(self, gpus):
        node = self.node(gpus, None, mig=False)
        return node, self.did(node.call("sim", "exec", node.name, "--", str(PROGRAMS["nvpci"]))).stdout.splitlines()

    def test_a_dgx_a100(self):
        _, lines = self.reads("8xa100-40gb")
        self.assertEqual(lines[:4], [
            "gpu 0000:07:00.0 device 20b0 class 030200 driver nvidia numa 3 config 4096, 4 capabilities, 10 extended, vendor specific false",
            "  region 0: 16 MiB", "  region 1: 65536 MiB", "  region 3: 32 MiB"])
        self.assertEqual([line.split()[1] for line in lines if line.startswith("gpu ")],
                         [f"0000:{bus}:00.0" for bus in ("07", "0f", "47", "4e", "87", "90", "b7", "bd")])
        self.assertEqual([line.split()[1] for line in lines if line.startswith("nvswitch ")], [f"0000:{bus:02x}:00.0" for bus in range(0xc4, 0xca)])

    def test_an_h100(self):
        _, lines = self.reads("1xh100-80gb-sxm5")
        self.assertEqual(lines, [
            "gpu 0000:07:00.0 device 2330 class 030200 driver nvidia numa -1 config 4096, 4 capabilities, 7 extended, vendor specific false",
            "  region 0: 16 MiB", "  region 2: 131072 MiB", "  region 4: 32 MiB"])

    def test_gpu_feature_discovery_finds_no_vgpu(self):
        """Applies the rule of GPU Feature Discovery to every product whose capabilities have different offsets."""
        for gpus in ("1xa100-40gb", "1xh100-80gb-sxm5", "1xt4", "1xv100", "1xrtx-pro-6000", "1xa30"):
            node = self.node(gpus, None, mig=False)
            config = self.did(node.call("sim", "exec", node.name, "--", "od", "-An", "-v", "-tx1", "/sys/bus/pci/devices/0000:07:00.0/config"))
            space = bytes.fromhex(config.stdout.replace("\n", ""))
            self.assertGreaterEqual(len(space), 256)
            place = space[0x34]
            while place and space[place] != 0x09:
                place = space[place + 1]
            self.assertNotEqual(space[place + 3:place + 5] if place else b"", b"VF", gpus)


def prepare(cache):
    PROGRAMS["nvpci"] = foreign.build_go(cache, f"nvpci-{VERSION}", [(MODULE, VERSION)], ".", sources=sorted(SOURCES.glob("*.go")))
    return f"go-nvlib {VERSION}"


if __name__ == "__main__":
    foreign.main("nvpci", prepare)
