#!/usr/bin/env python3
"""Runs the hints of commands that change something: each hint changes only the objects of the command, or nothing.

Each row of a table is a situation in which a command is refused or fails on its own node and prints a hint. When the
command was run from outside (`--node sim:n`), a hint that is a command names the same node, and is run. When the
command was run inside the node, the hint, whatever it is, is passed to the node's shell. If it involves a reboot, the
test first checks that the shell has no right to reboot the host (CapBnd, bit 22). Afterwards both GPUs, and a second
node, are as before except for what the row of the table allows. The state is read through NVML.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import tempfile

from support.case import OnNode, main
from support.layouts import document
from support.node import Node

CAP_SYS_BOOT = 22
WORDS_ONLY = re.compile(r"^[A-Za-z0-9 ,.:_/()=+-]*$")  # no character that is special to a shell, apart from ()=
BYSTANDER = {"name": "b", "profile": "3g.20gb", "placement": "4:4"}
MINE = {"name": "a", "profile": "1g.5gb", "placement": "0:1"}


def nothing(before, after):
    return before == after


def only_gpu(index):
    """No GPU but `index` changed."""
    return lambda before, after: all(b == a for i, (b, a) in enumerate(zip(before, after)) if i != index)


def gone(*places):
    """Exactly the instances at these placements, (GPU, start), were removed."""
    def check(before, after):
        left = [(mode, tuple(gi for gi in instances if (gpu, gi[0][0]) not in places))
                for gpu, (mode, instances) in enumerate(before)]
        return tuple(left) == after
    return check


class Row:
    """One situation. `ready` prepares the node. `hint` is the expected hint, in which NODE is replaced by
    `--node sim:…` of the node and NAME by the node's name."""

    def __init__(self, name, command, hint, status, ready=None, allowed=nothing, gpus="2xa100-40gb", text=None, reboots=False):
        self.name, self.command, self.hint, self.status = name, command, hint, status
        self.ready, self.allowed, self.gpus, self.text, self.reboots = ready, allowed, gpus, text, reboots


def inject(*words):
    return lambda test, node: node.inject(*words)


def foreign(test, node):
    test.did(node.smi("mig", "-i", "0", "-cgi", "14", "-C"))


def client(test, node):
    test.client(node, 0, test.gi_at(node, 0))


def off(test, node):
    test.did(node.on("disable", "--gpu", "0"))


def whole_gpu_client(test, node):
    off(test, node)
    test.client(node, 0, None)


def interrupted(test, node):
    """Kills a change of which a part cannot be rolled back."""
    node.inject("--kill-after", "--nth", "3")
    node.on("create", "2g.10gb", "1g.5gb", "--gpu", "0")
    test.client(node, 0, [row["gi"] for row in json.loads(node.on("list", "--output", "json").stdout)
                          if row["kind"] == "gi" and row["gpu"] == 0 and row["profile"] == "2g.10gb"][0])


def layout(*instances):
    return json.dumps({"version": "gpuslice/v1", "gpus": [{"select": {"index": [0]}, "instances": list(instances)}]})


WORKSTATION = """version: gpuslice.sim/v1
gpus:
  - {product: NVIDIA RTX PRO 6000 Blackwell Workstation Edition, count: 2, display_mode: graphics}
"""
APPLY = ("apply", "-f", "-")
TABLE = [
    Row("no such name", ("destroy", "nosuch"), "gpuslice NODElist", 1),
    Row("a name and a GPU", ("destroy", "b", "--gpu", "1"), "gpuslice NODElist", 2),
    Row("--all without a GPU", ("destroy", "--all"), "gpuslice NODElist", 2),
    Row("nothing to destroy", ("destroy",), "gpuslice NODElist", 2),
    Row("no such instance", ("destroy", "0:99"), "gpuslice NODElist", 1),
    Row("no such compute instance", ("destroy", "1:1/7"), "gpuslice NODElist", 1),
    Row("no such GPU", ("enable", "--gpu", "9"), "gpuslice NODElist", 1),
    Row("no such MIG device", ("destroy", "MIG-0"), "gpuslice NODElist", 1),
    Row("an ambiguous name", ("destroy", "x"), "name it as GPU:GI or GPU:GI/CI", 2,
        lambda test, node: [test.did(node.on("create", "1g.5gb", "--gpu", str(i), "--name", "x")) for i in (0, 1)]),
    Row("MIG is off", ("create", "1g.5gb", "--gpu", "0"), "gpuslice NODEenable --gpu 0", 5, off, only_gpu(0)),
    Row("the name is taken", ("create", "1g.5gb", "--gpu", "0", "--name", "a"), "gpuslice NODElist", 1),
    Row("no room", ("create", "7g.40gb", "--gpu", "1"), "gpuslice NODEplacements --gpu 1", 5),
    Row("no such placement", ("create", "3g.20gb", "--gpu", "0", "--placement", "2"), "possible placements: 0:4 4:4", 2),
    Row("no such profile", ("create", "3g.20g", "--gpu", "0"), "nearest: 3g.20gb, 4g.20gb", 2),
    Row("one name for several", ("create", "1g.5gb", "--gpu", "0", "--count", "2", "--name", "x"),
        "create them one by one, or apply a layout", 2),
    Row("a foreign instance keeps MIG on", ("disable", "--gpu", "0"), "gpuslice NODEdestroy 0:4", 5, foreign, gone((0, 2))),
    Row("a foreign instance occupies the placement", APPLY, "gpuslice NODEexport", 5, foreign,
        text=layout({"profile": "7g.40gb"})),
    Row("a layout that does not fit", APPLY, "gpuslice layouts --for a100-40gb --maximal", 5,
        text=layout(*[{"profile": "3g.20gb"}] * 3)),
    Row("a process in the way", ("destroy", "a"), "stop them first, name their unit with --stop-unit, or stop them with --force", 5,
        client),
    Row("a process in the way of a reset", ("reset", "--gpu", "0"),
        "stop them first, name their unit with --stop-unit, or stop them with --force", 5, client),
    Row("a MIG mode that would be left pending", ("enable", "--gpu", "0", "--before", "true"),
        "stop them first, name their unit with --stop-unit, or stop them with --force", 1, whole_gpu_client),
    Row("the driver returns IN_USE", ("destroy", "a"), "gpuslice NODElist", 1, inject("--fail", "IN_USE")),
    Row("the driver returns INSUFFICIENT_RESOURCES", ("create", "1g.5gb", "--gpu", "0"), "gpuslice NODEplacements", 1,
        inject("--fail", "INSUFFICIENT_RESOURCES")),
    Row("the driver returns NOT_FOUND", ("destroy", "a"), "gpuslice NODElist", 1, inject("--fail", "NOT_FOUND")),
    Row("the driver returns NO_PERMISSION to root", ("destroy", "a"), None, 1, inject("--fail", "NO_PERMISSION")),
    Row("a lost GPU", ("reset", "--gpu", "0"), "gpuslice NODElist", 4, inject("--lose", "--gpu", "0")),
    Row("a reset that is refused", ("reset", "--gpu", "0"), "gpuslice NODElist", 1, inject("--refuse-reset", "--gpu", "0"),
        only_gpu(0)),
    Row("an incomplete rollback", ("create", "2g.10gb", "--gpu", "0"), "gpuslice NODErecover", 1,
        inject("--fail", "UNKNOWN", "--nth", "2", "--repeat", "always"), only_gpu(0)),
    Row("an interrupted change in the way", ("destroy", "b"), "gpuslice NODErecover", 5, interrupted, only_gpu(0)),
    Row("an incomplete recovery", ("recover",), "gpuslice NODElist", 1, interrupted),
    Row("a driver that hangs", ("destroy", "a", "--timeout", "0.2"), "gpuslice NODErecover", 4, inject("--delay", "3s"), only_gpu(0)),
    Row("nothing to undo", ("undo",), "gpuslice NODEhistory", 1,
        lambda test, node: shutil.rmtree(node.store("history"))),
    Row("a mistyped option", ("enable", "--gup", "0"), "gpuslice NODEenable --gpu", 2),
    Row("a mistyped command", ("destory", "a"), "gpuslice NODEdestroy", 2),
    Row("a GPU without MIG", ("enable", "--gpu", "0"), "gpuslice NODElist", 5, gpus="1xa10-24gb,1xa100-40gb"),
    Row("the display mode hides MIG", ("enable", "--gpu", "0"),
        ("gpuslice sim exec NAME -- displaymodeselector --gpumode compute -i 0 && gpuslice sim reboot NAME",
         "displaymodeselector --gpumode compute -i 0"), 5, gpus=None, allowed=only_gpu(0), reboots=True),
]


def hints_of(stderr):
    return re.findall(r"^  try: (.*)$", stderr, re.M)


class Hints(OnNode):
    def setUp(self):
        self.home = tempfile.mkdtemp(prefix="gpuslice-hints-")  # not in /dev/shm: inside a node /dev is replaced
        self.addCleanup(shutil.rmtree, self.home, True)
        self.beside, self.made = None, 0

    def fresh(self, row):
        """A node in the situation of the row, and the driver of the second node."""
        self.made += 1
        if not self.beside:
            self.beside = Node(self.program, "1xa100-40gb", name="beside", home=self.home).driver
            self.addCleanup(self.beside.close)
        node = Node(self.program, row.gpus, "A" if row.gpus == "2xa100-40gb" else None, f"n{self.made}", self.home,
                    recipe=None if row.gpus else WORKSTATION)
        self.addCleanup(node.driver.close)
        if row.gpus == "2xa100-40gb":
            self.did(node.on("enable", "--gpu", "all"))
            self.did(node.apply(document([MINE], [BYSTANDER])))
        if row.ready:
            row.ready(self, node)
        return node, self.beside

    def run_inside(self, node, *command, text=None):
        # The command and its hint run in the same way, so both see the node from inside.
        path = os.path.dirname(self.program) + ":" + os.environ["PATH"]
        environment = dict(node.environment, PATH=path)
        return subprocess.run([self.program, "sim", "exec", node.name, "--", *command], input=text, capture_output=True, text=True,
                              env=environment, timeout=120, check=False)

    def may_reboot_the_host(self, node):
        seen = self.did(self.run_inside(node, "grep", "CapBnd", "/proc/self/status")).stdout
        return bool(int(seen.split()[1], 16) >> CAP_SYS_BOOT & 1)

    def check(self, row, hint, before, node, beside, still):
        after = node.shape()
        self.assertTrue(row.allowed(before, after), f"{hint}\nbefore {before}\nafter  {after}")
        self.assertEqual(beside.shape(), still, f"{hint} reached another node")

    def test_asked_from_outside(self):
        for row in TABLE:
            with self.subTest(row.name):
                node, beside = self.fresh(row)
                still = beside.shape()
                ran = self.did(node.on(*row.command, text=row.text), row.status)
                wanted = row.hint[0] if isinstance(row.hint, tuple) else row.hint
                wanted = [] if wanted is None else [wanted.replace("NODE", f"--node sim:{node.name} ").replace("NAME", node.name)]
                self.assertEqual(hints_of(ran.stderr), wanted, ran.stderr)
                if not wanted or not wanted[0].startswith("gpuslice "):
                    self.assertRegex("".join(wanted), WORDS_ONLY)
                    continue
                before = node.shape()
                for command in wanted[0].split(" && "):
                    words = shlex.split(command)
                    self.assertEqual(words[0], "gpuslice", command)
                    node.call(*words[1:], text="y\n")
                self.check(row, wanted[0], before, node, beside, still)

    def test_asked_inside(self):
        left_out = []
        for row in TABLE:
            with self.subTest(row.name):
                node, beside = self.fresh(row)
                still = beside.shape()
                ran = self.did(self.run_inside(node, "gpuslice", *row.command, text=row.text), row.status)
                wanted = row.hint[1] if isinstance(row.hint, tuple) else row.hint
                wanted = [] if wanted is None else [wanted.replace("NODE", "")]
                self.assertEqual(hints_of(ran.stderr), wanted, ran.stderr)
                if not wanted:
                    continue
                self.assertNotRegex(wanted[0], r"\b(reboot|shutdown|poweroff|halt|systemctl|kexec)\b")
                if row.reboots and self.may_reboot_the_host(node):
                    left_out.append(row.name)
                    continue
                before = node.shape()
                self.run_inside(node, "sh", "-c", wanted[0], text="y\n")
                self.check(row, wanted[0], before, node, beside, still)
        if left_out:
            self.skipTest("a shell inside a node still has CAP_SYS_BOOT (CapBnd, bit 22), so these were not run: "
                          + ", ".join(left_out))


if __name__ == "__main__":
    main()
