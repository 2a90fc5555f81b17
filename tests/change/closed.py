#!/usr/bin/env python3
"""Running with closed standard descriptors does not damage a node.

If a program starts with some of the descriptors 0, 1 and 2 closed, the files that it opens get these numbers unless it
prevents that, and its output is written into those files. The same applies to a client of the driver library that
closes its own descriptors.
"""

import json
import os
import shlex
import subprocess
import sys

from support.case import OnNode, main
from support.layouts import document

COMBINATIONS = [closed for number in range(8) for closed in [[fd for fd in range(3) if number >> fd & 1]]]


class Closed(OnNode):
    def closed(self, node, closed, *words):
        """Runs gpuslice with these descriptors closed and the other standard descriptors on /dev/null."""
        shut = " ".join(f"{fd}{'<' if fd == 0 else '>'}&-" for fd in closed)
        command = f"exec {shlex.join([self.program, *words])} {shut}"
        ran = subprocess.run(["sh", "-c", command], env=node.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL, timeout=120, check=False)
        self.assertEqual(ran.returncode, 0, command)

    def test_commands(self):
        node = self.node()
        layout = os.path.join(node.home, "layout.json")
        with open(layout, "w", encoding="utf-8") as file:
            json.dump(document([{"name": "train", "profile": "3g.20gb", "placement": "4:4"}]), file)
        for closed in COMBINATIONS:
            with self.subTest(closed=closed):
                on = ["--node", "sim:n"]
                self.closed(node, closed, *on, "list")
                self.closed(node, closed, *on, "apply", "-f", layout)
                self.assertIn((0, "gi", "4:4", "train"), node.names())
                self.closed(node, closed, *on, "undo")
                self.assertEqual(self.places(node), {})
                self.closed(node, closed, *on, "create", "1g.5gb", "--gpu", "0", "--name", "small")
                self.assertIn("small", [name for *_, name in node.names()])
                self.closed(node, closed, "sim", "inject", "n", "--kill-before", "--nth", "100000")
                self.closed(node, closed, "sim", "inject", "n", "--clear")
                self.closed(node, closed, "sim", "reset", "n", "--gpu", "0")
                self.closed(node, closed, "sim", "reboot", "n")
                self.closed(node, closed, *on, "enable", "--gpu", "all")
                self.assertEqual(self.did(node.on("list")).stderr, "")
                with open(node.store("lock"), encoding="utf-8") as file:
                    self.assertRegex(file.read(), r"\A[0-9]+: [a-z]+\n\Z")

    CLIENT = """
import ctypes, os, sys
closed = [int(fd) for fd in sys.argv[2:]]
nvml = ctypes.CDLL(sys.argv[1])
for fd in closed:
    os.close(fd)
def must(answer):
    if answer != 0:
        os._exit(100 + answer)
must(nvml.nvmlInit_v2())
gpu, instance = ctypes.c_void_p(), ctypes.c_void_p()
must(nvml.nvmlDeviceGetHandleByIndex_v2(0, ctypes.byref(gpu)))
must(nvml.nvmlDeviceCreateGpuInstance(gpu, 9, ctypes.byref(instance)))
for fd in closed:
    try:
        os.write(fd, b"what the client prints, which is longer than the first bytes of a file" * 100)
    except OSError:
        continue
    os._exit(2)  # the output went into some file
must(nvml.nvmlGpuInstanceDestroy(instance))
must(nvml.nvmlShutdown())
os._exit(0)
"""

    def test_client_of_the_library(self):
        node = self.node()
        self.did(node.call("sim", "trace", "n", "--on"))
        library = os.path.join(node.directory, "lib", "libnvidia-ml.so.1")
        for closed in COMBINATIONS:
            with self.subTest(closed=closed):
                ran = subprocess.run([sys.executable, "-c", self.CLIENT, library, *map(str, closed)], env=node.environment,
                                     stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60,
                                     check=False)
                self.assertEqual(ran.returncode, 0)
                self.assertEqual(self.did(node.on("list")).stderr, "")


if __name__ == "__main__":
    main()
