#!/usr/bin/env python3
"""A change is interrupted at every system call that writes: killed before the call, or the call fails with ENOSPC.

strace kills the program at, or fails, its n-th write, fsync, rename, truncation or unlink, for every n, during an apply
and during an undo. Afterwards the node has either the old layout or the new one, and names and history can be read.
"""

import json
import os
import shutil
import signal
import subprocess
import sys

from support.arguments import parser
from support.layouts import document
from support.node import Node
from support.skip import skip

CALLS = ["write", "pwrite64", "fsync", "ftruncate", "rename", "unlink"]

A = document([{"name": "train", "profile": "4g.20gb", "placement": "0:4"}, {"profile": "1g.5gb", "placement": "4:1"}])
B = document([{"name": "infer", "profile": "3g.20gb", "placement": "4:4", "compute": [{"name": "a", "profile": "1c"}, {"profile": "2c"}]},
              {"profile": "2g.10gb", "placement": "0:2"}])


def traced(node, options, words, text):
    command = ["strace", "-qq", "-o", os.path.join(node.home, "strace"), *options, node.program, "--node", "sim:n", *words]
    return subprocess.run(command, input=text, capture_output=True, text=True, env=node.environment, timeout=120, check=False)


def can_trace(node):
    ran = traced(node, ["-e", "trace=" + ",".join(CALLS)], ["version"], "")
    return ran.returncode == 0


def count_calls(node, words, text):
    ran = traced(node, ["-e", "trace=" + ",".join(CALLS)], words, text)
    if ran.returncode != 0:
        raise SystemExit(f"{words} failed: {ran.stderr}")
    with open(os.path.join(node.home, "strace"), encoding="utf-8", errors="replace") as trace:
        lines = trace.readlines()
    return [(call, n + 1) for call in CALLS for n in range(sum(1 for line in lines if line.startswith(call + "(")))]


class Walk:
    """A command that changes layout A, interrupted at each call; after each, the node is returned to A."""

    def __init__(self, node, verb, text, to_a):
        self.node, self.verb, self.text, self.to_a = node, verb, text, to_a
        self.killed = self.full = self.wrong = 0

    def set_up(self):
        self.to_a(self.node)
        self.before, self.names = self.node.shape(), self.node.names()

    def check(self, what, condition, *seen):
        if not condition:
            self.wrong += 1
            print(f"WRONG: {self.verb[0]}: {what}", *seen, sep="\n  ")

    def settle(self, what):
        """After a recovery the node has the old or the new layout, with the names that belong to it."""
        node = self.node
        recovered = node.on("recover")
        self.check(f"{what}: recover failed", recovered.returncode == 0, recovered.stderr)
        shape, names = node.shape(), node.names()
        self.check(f"{what}: neither the old nor the new layout", shape in (self.before, self.after), shape)
        wanted = self.names if shape == self.before else self.names_after
        self.check(f"{what}: the names do not match the layout", names == wanted, names, wanted)
        history = node.on("history", "--output", "json")
        self.check(f"{what}: no history", history.returncode == 0 and json.loads(history.stdout), history.stderr)
        self.check(f"{what}: still interrupted after recover", node.on("recover").stderr == "no change was interrupted\n")

    def go(self):
        self.set_up()
        calls = count_calls(self.node, self.verb, self.text)
        self.after, self.names_after = self.node.shape(), self.node.names()
        for call, n in calls:
            self.set_up()
            ran = traced(self.node, ["-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={n}"], self.verb, self.text)
            self.check(f"{call} {n} did not kill", ran.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL), ran.returncode)
            self.settle(f"killed at {call} {n}")
            self.killed += 1
            self.set_up()
            ran = traced(self.node, ["-e", f"trace={call}", "-e", f"inject={call}:error=ENOSPC:when={n}"], self.verb, self.text)
            # Losing text on standard error, or a line of the audit log, does not fail the change.
            self.check(f"ENOSPC at {call} {n}: status {ran.returncode}", ran.returncode in (0, 1), ran.stderr)
            if ran.returncode == 1:
                self.check(f"ENOSPC at {call} {n} is not reported", "No space left on device" in ran.stderr, ran.stderr)
            self.settle(f"ENOSPC at {call} {n}")
            self.full += 1
        print(f"{self.verb[0]}: {len(calls)} calls; {self.killed} times killed, {self.full} times ENOSPC, "
              f"{self.wrong} wrong")
        return self.wrong


def to_a(node):
    done = node.apply(A)
    if done.returncode != 0:
        raise SystemExit(done.stderr)


def to_b_over_a(node):
    """Applies A, then B, so that an undo returns to A."""
    to_a(node)
    done = node.apply(B)
    if done.returncode != 0:
        raise SystemExit(done.stderr)


def main():
    options = parser(__doc__).parse_args()
    if shutil.which("strace") is None:
        skip("interrupted at every write", "strace is not installed")
    with Node(options.bin, "1xa100-40gb") as node:
        if not can_trace(node):
            skip("interrupted at every write", "strace is not permitted to trace here")
        node.on("enable", "--gpu", "0")
        wrong = Walk(node, ["apply", "-f", "-"], json.dumps(B), to_a).go()
        wrong += Walk(node, ["undo"], "", to_b_over_a).go()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
