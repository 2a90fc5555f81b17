#!/usr/bin/env python3
"""nvsmi and nvidia-htop on simulated nodes: programs that parse nvidia-smi's CSV and its default view.

    python3 tests/foreign/smi_readers.py --bin build/bin/gpuslice [--cache build/foreign]

nvsmi runs --query-gpu with the fields of GPUtil, and --query-compute-apps. nvidia-htop prints the upper part of the
default view, and parses the processes in its last table, whose columns differ between drivers. Both are installed from
PyPI into their own environment.
"""
import json
import re

import foreign
from foreign import OnForeignNode

REQUIREMENTS = ["nvsmi==0.4.2", "nvidia-htop==1.2.0", "termcolor==3.3.0"]
PYTHON = None
READS = "import json, nvsmi; print(json.dumps([[vars(each) for each in nvsmi.get_gpus()], [vars(each) for each in nvsmi.get_gpu_processes()]]))"
PROCESS = re.compile(r"^\| +(\d+) +(\d+) +(\S+) +(\d+)MiB +\S+ +\S+ +\S+ +(\S.*?) *\|$", re.MULTILINE)


class SmiReaders(OnForeignNode):
    def of(self, gpus, driver):
        """A node with the given driver."""
        node = self.node(gpus, None, mig=False)
        if driver != "580.126.09":
            node.must("sim", "delete", node.name)
            node.must("sim", "create", node.name, "--gpus", gpus, "--driver", driver)
        return node

    def inside(self, node, *words):
        return node.must("sim", "exec", node.name, "--", *words).stdout

    def cut(self, node):
        """Creates an instance on half of GPU 0 with a client, and a client of GPU 1."""
        node.must("--node", f"sim:{node.name}", "enable", "--gpu", "0")
        node.must("--node", f"sim:{node.name}", "create", "3g.20gb", "--gpu", "0")
        gi = next(row["gi"] for row in self.listed(node) if row["kind"] == "gi")
        return [self.client(node, 0, gi), self.client(node, 1, None)]

    def csv(self, node, clients):
        """`clients`: for each GPU in order, its only client or None."""
        gpus, processes = json.loads(self.inside(node, str(PYTHON), "-I", "-c", READS))
        rows = json.loads(node.must("--node", f"sim:{node.name}", "query", "--output", "json").stdout)
        self.assertEqual(len(gpus), len(rows))
        for gpu, row in zip(gpus, rows, strict=True):
            self.assertEqual((gpu["id"], gpu["uuid"], gpu["name"], gpu["serial"], gpu["driver"]),
                             (str(row["gpu"]), row["uuid"], row["name"], row["serial"], row["driver_version"]))
            self.assertEqual([gpu[name] for name in ("mem_total", "mem_used", "mem_free", "temperature")],
                             [row[name] for name in ("memory.total", "memory.used", "memory.free", "temperature.gpu")])
            if row["utilization.gpu"] is None:
                self.assertNotEqual(gpu["gpu_util"], gpu["gpu_util"])  # NaN
            else:
                self.assertEqual(gpu["gpu_util"], row["utilization.gpu"])
            self.assertEqual(gpu["display_active"], "Disabled")
        self.assertEqual([(each["pid"], each["process_name"], each["gpu_id"], each["gpu_name"], each["used_memory"]) for each in processes],
                         [(client.pid, "sleep", str(index), rows[index]["name"], 2048) for index, client in enumerate(clients) if client])

    def view(self, node, clients):
        said = self.inside(node, str(PYTHON), "-I", str(PYTHON.parent / "nvidia-htop.py"), "-l")
        shown = self.inside(node, "nvidia-smi")
        # Without the line with the time, and the last border.
        upper = shown[:shown.index("| Processes:")].splitlines()[1:-1]
        self.assertEqual(said.splitlines()[1:len(upper) + 1], [line.rstrip() for line in upper])
        self.assertEqual(PROCESS.findall(said), [(str(index), str(client.pid), "root", "2048", "sleep 600")
                                                 for index, client in enumerate(clients) if client], said)
        if not any(clients):
            self.assertIn("No running processes found", said)

    def both(self, gpus, driver, mig):
        node = self.of(gpus, driver)
        self.csv(node, [])
        self.view(node, [])
        clients = self.cut(node) if mig else [None, self.client(node, 1, None)]
        self.csv(node, clients)
        self.view(node, clients)

    def test_display_mode(self):
        """As in `nvidia-smi -q` of that driver: deprecated, or a mode."""
        for driver in ("580.126.09", "535.183.01", "470.161.03"):
            with self.subTest(driver=driver):
                node = self.of("1xt4-16gb", driver)
                [gpu], _ = json.loads(self.inside(node, str(PYTHON), "-I", "-c", READS))
                [mode] = re.findall(r"^ +Display Mode +: (.+)$", self.inside(node, "nvidia-smi", "-q"), re.MULTILINE)
                self.assertEqual(gpu["display_mode"].strip("[]"), mode)

    def test_a100(self):
        self.both("2xa100-40gb", "580.126.09", mig=True)

    def test_a100_under_535(self):
        self.both("2xa100-40gb", "535.183.01", mig=True)

    def test_a100_under_470(self):
        self.both("2xa100-40gb", "470.161.03", mig=True)

    def test_t4(self):
        self.both("2xt4-16gb", "580.126.09", mig=False)


def prepare(cache):
    global PYTHON
    PYTHON = foreign.python_with(cache, "smi_readers", REQUIREMENTS)
    return ", ".join(REQUIREMENTS)


if __name__ == "__main__":
    foreign.main("smi_readers", prepare)
