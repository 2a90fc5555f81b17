#!/usr/bin/env python3
"""NVIDIA's go-nvml on simulated nodes: the MIG lifecycle, every reading function, and concurrent readers under the race
detector.

    python3 tests/foreign/go_nvml.py --bin build/bin/gpuslice [--cache build/foreign]

The program is tests/foreign/go_nvml, built with the newest go-nvml and with the version that mig-parted uses. The
output of `walk` must equal go_nvml/NODE.txt, and that of `reads` go_nvml/reads-NODE.txt; GPUSLICE_WRITE=1 rewrites
those files.
"""
import os
import subprocess
from pathlib import Path

import foreign
from foreign import OnForeignNode

MODULE = "github.com/NVIDIA/go-nvml"
NEW, OLD = "v0.13.0-1", "v0.12.4-0"
SOURCES = Path(__file__).resolve().parent / "go_nvml"
PROGRAMS = {}
NODES = {"a100": ("2xa100-40gb", "A"), "h100": ("2xh100-80gb-sxm5", "A")}


class GoNvml(OnForeignNode):
    def run_in(self, node, program, *words):
        return node.call("sim", "exec", node.name, "--", str(PROGRAMS[program]), *words)

    def walked(self, version, name):
        node = self.node(*NODES[name], mig=False)
        before = node.shape()
        ran = self.did(self.run_in(node, version, "walk"))
        self.assertEqual(ran.stderr, "")
        self.assertEqual(node.shape(), before, "the program must leave the node unchanged")
        self.assertEqual(self.did(self.run_in(node, version, "walk")).stdout, ran.stdout,
                         "a second run prints the same")
        return ran.stdout

    def the_walk(self, name):
        golden = SOURCES / f"{name}.txt"
        said = self.walked(NEW, name)
        if os.environ.get("GPUSLICE_WRITE") == "1":
            golden.write_text(said, encoding="ascii")
        self.assertEqual(said, golden.read_text(encoding="ascii"))

    def test_the_walk_on_a100(self):
        self.the_walk("a100")

    def test_the_walk_on_h100(self):
        self.the_walk("h100")

    def test_the_walk_with_the_older_go_nvml(self):
        """The older version knows fewer profiles; otherwise the output is the same."""
        def known(text):
            return [line for line in text.splitlines() if not line.startswith("profile enum ") or int(line.split()[2].rstrip(":")) < 10]
        self.assertEqual(known(self.walked(OLD, "a100")), known((SOURCES / "a100.txt").read_text(encoding="ascii")))

    def every_reading_function(self, name, gpus, profile=None):
        """No function is missing or panics, and each returns what the golden file contains. That file also lists the
        functions that could not be called."""
        node = self.node(gpus, "A" if profile else None, mig=profile is not None)
        if profile:
            self.did(node.on("create", profile, "--gpu", "0"))
        ran = self.did(self.run_in(node, NEW, "reads"))
        self.assertEqual(ran.stderr, "")
        golden = SOURCES / f"reads-{name}.txt"
        if os.environ.get("GPUSLICE_WRITE") == "1":
            golden.write_text(ran.stdout, encoding="ascii")
        self.assertEqual(ran.stdout, golden.read_text(encoding="ascii"))

    def test_every_reading_function_on_a100(self):
        self.every_reading_function("a100", "2xa100-40gb", "1g.5gb")

    def test_every_reading_function_on_h100(self):
        self.every_reading_function("h100", "1xh100-80gb-sxm5", "1g.10gb")

    def test_every_reading_function_on_t4(self):
        self.every_reading_function("t4", "2xt4")

    def test_without_permission(self):
        """A process with access to one MIG device may not change anything."""
        node = self.node("1xa100-40gb")
        self.did(node.on("create", "1g.5gb", "--gpu", "0"))
        uuid = next(row["uuid"] for row in self.listed(node) if row["kind"] == "ci")
        ran = node.call("sim", "exec", "--only", uuid, node.name, "--", str(PROGRAMS[NEW]), "race", "1", "1")
        self.assertEqual((ran.returncode, ran.stderr), (1, "MIG on: NO_PERMISSION\n"))

    def test_readers_while_one_changes(self):
        self.assertIn("-race=true", subprocess.run(["go", "version", "-m", PROGRAMS["race"]], capture_output=True, text=True, check=True).stdout)
        node = self.node("1xa100-40gb", mig=False)
        ran = self.did(self.run_in(node, "race", "race", "60", "8"))  # exits with 66 if it finds a race
        self.assertNotIn("DATA RACE", ran.stderr)
        # Each round creates seven 1g, then two 3g, then three 2g.
        self.assertEqual(ran.stdout, f"made {20 * (7 + 2 + 3)}, instances seen true, MIG devices seen true, wrong 0\n")
        self.assertEqual(node.shape(), (((0, 0), ()),))


def prepare(cache):
    sources = sorted(SOURCES.glob("*.go"))
    for version in (NEW, OLD):
        PROGRAMS[version] = foreign.build_go(cache, f"go_nvml-{version}", [(MODULE, version)], ".", sources=sources)
    # Built with the race detector.
    PROGRAMS["race"] = foreign.build_go(cache, f"go_nvml-race-{NEW}", [(MODULE, NEW)], ".", "-race", sources=sources)
    return f"go-nvml {NEW} and {OLD}"


if __name__ == "__main__":
    foreign.main("go_nvml", prepare)
