"""Tests on simulated nodes, written with unittest. A suite's module ends with a call of main()."""

import json
import subprocess
import sys
import time
import unittest

from .arguments import parser
from .node import Node


class OnNode(unittest.TestCase):
    """A test that creates its own nodes with `program`, which main() sets."""

    program = None
    maxDiff = None

    def node(self, gpus="1xa100-40gb", variant="A", mig=True):
        node = Node(self.program, gpus, variant)
        self.addCleanup(node.__exit__)
        if mig:
            self.did(node.on("enable", "--gpu", "all"))
        return node

    def did(self, ran, status=0):
        self.assertEqual(ran.returncode, status, f"{ran.args}\n{ran.stdout}\n{ran.stderr}")
        return ran

    def client(self, node, gpu, gi, ci=0, *command):
        """Starts a process that holds a MIG device (gi None: the whole GPU) until the test ends. Returns when the
        process holds it."""
        place = [] if gi is None else ["--gi", str(gi), "--ci", str(ci)]
        process = subprocess.Popen([self.program, "sim", "attach", node.name, "--gpu", str(gpu), *place, "--memory", "2GiB", "--",
                                    *(command or ("sleep", "600"))], env=node.environment)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.until(lambda: f" {process.pid} " in node.on("list").stdout.replace("(", " ( "), "the client holds the GPU")
        return process

    def begin(self, node, layout):
        """Starts an apply that runs concurrently with the test."""
        running = node.start("apply", "-f", "-", stdin=subprocess.PIPE)
        with running.stdin as words:
            words.write(json.dumps(layout))
        return running

    def end_of(self, running):
        """Waits for the process; returns its exit status and its standard error."""
        with running.stdout, running.stderr as err:
            said = err.read()
        return running.wait(), said

    def until(self, condition, what, seconds=60):
        end = time.monotonic() + seconds
        while not condition():
            self.assertLess(time.monotonic(), end, f"did not happen within {seconds} s: {what}")
            time.sleep(0.005)

    def places(self, node, gpu=0):
        """{(start, size): profile id} of the GPU instances, through NVML."""
        return {(start, size): profile for (start, size, profile), _ in node.shape()[gpu][1]}

    def gi_at(self, node, start, gpu=0):
        """The id of the GPU instance whose placement starts at `start`."""
        for row in json.loads(node.on("list", "--output", "json").stdout):
            if row["kind"] == "gi" and row["gpu"] == gpu and row["placement"]["start"] == start:
                return row["gi"]
        return self.fail(f"no GPU instance starts at {start}")


def main(arguments=None):
    """Runs the tests of the calling program. `arguments` is its parser if it has its own options; unknown arguments go
    to unittest."""
    known, rest = (arguments or parser(sys.modules["__main__"].__doc__)).parse_known_args()
    OnNode.program = known.bin
    unittest.main(module="__main__", argv=[sys.argv[0], *rest], verbosity=2)
