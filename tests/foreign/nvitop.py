#!/usr/bin/env python3
"""nvitop on simulated nodes: its library and its screen show MIG devices and the processes in them.

    python3 tests/foreign/nvitop.py --bin build/bin/gpuslice [--cache build/foreign]

nvitop and its NVML bindings are installed from PyPI into their own environment.
"""
import json
import re
from pathlib import Path

import foreign
from foreign import OnForeignNode

REQUIREMENTS = ["nvitop==1.7.2", "nvidia-ml-py==13.615.71", "psutil==7.2.2"]
PYTHON = None
MIB = 1 << 20
NONE = "N/A"  # how nvitop shows a value that it does not have
ROW = re.compile(r"^\| (\d:\d) +(\S+) @ GI/CI: (\d+)/(\d+) \| +(\S+) / +(\S+) \|", re.MULTILINE)
PROCESS = re.compile(r"^\| +(\d(?::\d)?) +(\d+) (\S+) +(\S+) +(\d+)MiB ", re.MULTILINE)


def shown(size):
    """An amount of memory of this magnitude in the form of nvitop's screen."""
    return f"{round(size / MIB)}MiB" if size < 20480 * MIB else f"{round(size / MIB / 1024, 2):.2f}GiB"


class Nvitop(OnForeignNode):
    def inside(self, node, *words, only=None):
        return self.did(node.call("sim", "exec", *(["--only", only] if only else []), node.name, "--", str(PYTHON), "-I", *words)).stdout

    def reads(self, node, only=None):
        return json.loads(self.inside(node, str(Path(foreign.__file__).parent / "nvitop_reads.py"), only=only))

    def screen(self, node):
        return self.inside(node, "-m", "nvitop", "-1", "--ascii")

    def compute(self, node):
        """{placement of a GPU instance: its compute instances by id} of GPU 0, as `gpuslice list` shows them."""
        rows = self.listed(node)
        places = {(row["gpu"], row["gi"]): row["placement"]["start"] for row in rows if row["kind"] == "gi"}
        found = {}
        for row in rows:
            if row["kind"] == "ci":
                found.setdefault(places[row["gpu"], row["gi"]], []).append(row)
        return found

    def cut(self, gpus, half, small, variant=None):
        """A node on whose GPU 0 there is a half with two compute instances, and a small instance. Each MIG device has a
        client; the third client uses twice as much memory."""
        node = self.node(gpus, variant, mig=False)
        self.did(node.on("enable", "--gpu", "0"))
        self.did(node.on("create", half, "--gpu", "0", "--placement", "4:4", "--compute", "1c,2c"))
        self.did(node.on("create", small, "--gpu", "0", "--placement", "0:1"))
        devices = [row for rows in self.compute(node).values() for row in rows]
        self.assertEqual(len(devices), 3)
        clients = [self.client(node, 0, row["gi"], row["ci"]) for row in devices]
        return node, devices, clients

    def both(self, gpus, half, small, name, totals, idle, variant=None):
        """`idle`: MiB that the driver uses in each instance without a client."""
        node, devices, clients = self.cut(gpus, half, small, variant)
        whole = self.client(node, 1, None)
        said = self.reads(node)
        self.assertEqual((said["driver"], said["CUDA"]), ("580.126.09", "13.0"))
        first, second = said["GPUs"]
        self.assertEqual([first["mode"], second["mode"], first["most"], second["most"]], ["Enabled", "Disabled", 7, 0])
        self.assertEqual([first["name"], second["name"]], [name] * 2)
        listed = {row["gpu"]: row for row in self.listed(node) if row["kind"] == "gpu"}
        self.assertEqual([(gpu["uuid"], gpu["pci"].lower()) for gpu in (first, second)],
                         [(listed[gpu]["uuid"], listed[gpu]["pci"].lower()) for gpu in (0, 1)])
        names = [f"1c.{half}", f"2c.{half}", small]
        # Both compute instances of the half show the memory of the GPU instance, which both clients use.
        used = [int((4096 + idle[0]) * MIB)] * 2 + [int((2048 + idle[1]) * MIB)]
        for index, (mig, row, client) in enumerate(zip(first["mig"], devices, clients, strict=True)):
            process = [client.pid, "sleep", 2048 * MIB, "C", row["gi"], row["ci"]]
            self.assertEqual(mig, {"index": [0, index], "name": f"{name} MIG {names[index]}", "uuid": row["uuid"], "gi": row["gi"], "ci": row["ci"],
                                   "total": totals[index] * MIB, "used": used[index], "free": totals[index] * MIB - used[index],
                                   "parent": first["uuid"], "processes": [process]})
        self.assertEqual(second["mig"], [])
        self.assertEqual(said["MIG"], [row["uuid"] for row in devices])
        self.assertEqual(first["processes"], sorted(process for mig in first["mig"] for process in mig["processes"]))
        self.assertEqual(second["processes"], [[whole.pid, "sleep", 2048 * MIB, "C", NONE, NONE]])
        text = self.screen(node)
        self.assertEqual(ROW.findall(text), [(f"0:{index}", names[index], str(row["gi"]), str(row["ci"]), shown(used[index]), shown(totals[index] * MIB))
                                             for index, row in enumerate(devices)], text)
        self.assertEqual(PROCESS.findall(text), [(f"0:{index}", str(client.pid), "C", "root", "2048") for index, client in enumerate(clients)]
                         + [("1", str(whole.pid), "C", "root", "2048")], text)

    def test_a100(self):
        self.both("2xa100-40gb", "3g.20gb", "1g.5gb", "NVIDIA A100-SXM4-40GB", [20096, 20096, 4864], [3 * 35.5, 35.5], "A")

    def test_h100(self):
        self.both("2xh100-80gb-sxm5", "3g.40gb", "1g.10gb", "NVIDIA H100 80GB HBM3", [40448, 40448, 9984], [3 * 14.5, 14.5])

    def test_a_container_with_one_mig_device(self):
        """The container sees its MIG device and no other."""
        node, devices, clients = self.cut("2xa100-40gb", "3g.20gb", "1g.5gb", "A")
        said = self.reads(node, only=devices[2]["uuid"])
        self.assertEqual(said["MIG"], [devices[2]["uuid"]])
        self.assertEqual(said["GPUs"][0]["mig"][0]["processes"], [[clients[2].pid, "sleep", 2048 * MIB, "C", devices[2]["gi"], devices[2]["ci"]]])

    def test_it_follows_changes(self):
        node, devices, clients = self.cut("2xa100-40gb", "3g.20gb", "1g.5gb", "A")
        clients[2].kill()
        clients[2].wait()
        for words in (("-dci", "-i", "0", "-gi", str(devices[2]["gi"])), ("-dgi", "-i", "0", "-gi", str(devices[2]["gi"]))):
            self.did(node.smi("mig", *words), 0)
        said = self.reads(node)
        self.assertEqual(said["MIG"], [row["uuid"] for row in devices[:2]])
        self.assertEqual([row[0] for row in ROW.findall(self.screen(node))], ["0:0", "0:1"])


def prepare(cache):
    global PYTHON
    PYTHON = foreign.python_with(cache, "nvitop", REQUIREMENTS)
    return ", ".join(REQUIREMENTS)


if __name__ == "__main__":
    foreign.main("nvitop", prepare)
