#!/usr/bin/env python3
"""A change is killed, or fails, at each of its driver calls: the node then has either the old layout or the new one.

For each random pair of layouts A and B, and each mutating call n of the change from A to B: the caller is killed before
the call and after it, the call fails once, and the call and all later ones fail. The state is read through NVML.
"""

import json
import random
import re
import signal
import sys
from collections import Counter

from random_layouts import Layouts
from support.arguments import parser
from support.layouts import document
from support.node import Node

KINDS = [("a100-40gb", "A"), ("a100-40gb", "B"), ("h100-80gb-sxm5", None), ("a30", None), ("rtx-pro-6000", None)]
CODES = ["IN_USE", "INSUFFICIENT_RESOURCES", "UNKNOWN", "NO_PERMISSION", "INVALID_ARGUMENT", "NOT_FOUND", "GPU_IS_LOST"]


class Wrong(Exception):
    pass


def expect(condition, what, *seen):
    if not condition:
        raise Wrong("\n".join([what, *(str(s) for s in seen)]))


class Pair:
    """One change from A to B on a node, tested with every kind of failure."""

    def __init__(self, node, layout_a, layout_b, rng, counts):
        self.node, self.a, self.b, self.rng, self.counts = node, layout_a, layout_b, rng, counts

    def go(self):
        node = self.node
        done = node.apply(self.a)
        expect(done.returncode == 0, "A cannot be applied", done.stderr)
        self.before, self.names = node.shape(), node.names()
        done = node.apply(self.b)
        expect(done.returncode == 0, "B cannot be applied", done.stderr)
        self.after = node.shape()
        steps = re.search(r"^done: (\d+) step", done.stderr, re.M)
        if not steps:
            return
        undone = node.on("undo")
        expect(undone.returncode == 0 and node.shape() == self.before, "undo does not restore A", undone.stderr)
        expect(node.names() == self.names, "undo does not restore the names", node.names(), self.names)
        self.counts["pairs"] += 1
        for n in range(1, int(steps[1]) + 1):
            self.killed("--kill-before", n)
            self.killed("--kill-after", n)
            self.failed_once(n)
            self.failing_from(n)

    def back_to_a(self):
        """Returns the node to A, with its names, after a change that has ended."""
        shape = self.node.shape()
        expect(shape in (self.before, self.after), "the node has neither the old layout nor the new one", shape)
        if shape == self.before:
            self.counts["old"] += 1
        else:
            self.counts["new"] += 1
            undone = self.node.on("undo")
            expect(undone.returncode == 0, "undo failed", undone.stderr)
        expect(self.node.shape() == self.before, "the node lacks the old layout", self.node.shape(), self.before)
        expect(self.node.names() == self.names, "the names differ", self.node.names(), self.names)

    def killed(self, how, n):
        node = self.node
        node.inject(how, "--nth", str(n))
        done = node.apply(self.b)
        expect(done.returncode == -signal.SIGKILL, f"{how} {n} did not kill", done.returncode, done.stderr)
        cut_off = node.shape()
        read = node.on("list")
        expect(read.returncode == 0 and "was interrupted" in read.stderr, "list does not report the interruption",
               read.stderr)
        expect(node.shape() == cut_off, "list changed something")
        self.counts["killed"] += 1
        if self.rng.random() < 0.5:
            recovered = node.on("recover")
            expect(recovered.returncode == 0, f"{how} {n}: recover failed", recovered.stderr)
        else:  # every change starts with the recovery, even one that is then refused
            refused = node.on("create", "no-such-profile", "--gpu", "0")
            expect(refused.returncode in (2, 5), f"{how} {n}: the next change", refused.returncode, refused.stderr)
        self.back_to_a()
        expect("was interrupted" not in node.on("list").stderr, "still interrupted after the recovery")

    def failed_once(self, n):
        node = self.node
        code = self.rng.choice(CODES)
        node.inject("--fail", code, "--nth", str(n))
        done = node.apply(self.b)
        expect(done.returncode == 1, f"{code} at call {n} did not fail the change", done.returncode, done.stderr)
        expect("everything is as it was before" in done.stderr, f"{code} at call {n}: not rolled back", done.stderr)
        expect(node.shape() == self.before, f"{code} at call {n}: the node does not have the old layout", node.shape())
        self.counts["failed once"] += 1
        self.back_to_a()

    def failing_from(self, n):
        node = self.node
        node.inject("--fail", self.rng.choice(CODES), "--nth", str(n), "--repeat", "always")
        done = node.apply(self.b)
        expect(done.returncode == 1, f"failing from call {n} did not fail the change", done.returncode, done.stderr)
        remains = "remaining:" in done.stderr
        expect(remains != (node.shape() == self.before), "what remains is reported wrongly", done.stderr)
        self.counts["remainder reported" if remains else "rolled back"] += 1
        self.counts["kept failing"] += 1
        node.inject("--clear")
        recovered = node.on("recover")
        expect(recovered.returncode == 0, f"failing from call {n}: recover failed", recovered.stderr)
        self.back_to_a()


def random_pair(node, layouts, rng, foreign):
    """Two layouts for the node's GPUs. With `foreign`, another program has created an instance, and both fit next to
    it."""
    for _ in range(200):
        a = document(layouts.random(rng), *([layouts.random(rng)] if len(node.driver.gpus) > 1 else []))
        b = document(layouts.random(rng), *([layouts.random(rng)] if len(node.driver.gpus) > 1 else []))
        if not foreign:
            return a, b
        # The first instance of A is made foreign: nvidia-smi creates it, and neither layout names it.
        theirs = a["gpus"][0]["instances"].pop(0)
        start = theirs["placement"].split(":")[0]
        made = node.smi("mig", "-i", "0", "-cgi", f"{theirs['profile']}:{start}", "-C")
        expect(made.returncode == 0, "the foreign instance cannot be created", made.stdout)
        fits = all(node.on("apply", "--dry-run", "-f", "-", text=text).returncode == 0
                   for text in map(json.dumps, (a, b)))
        if fits:
            return a, b
        node.on("destroy", "--all", "--gpu", "0")
    return None


def one_pair(program, layouts, product, variant, seed, counts):
    rng = random.Random(seed)
    gpus = 2 if rng.random() < 0.2 else 1
    with Node(program, f"{gpus}x{product}", variant) as node:
        switched = node.on("enable", "--gpu", "all")
        expect(switched.returncode == 0, "MIG cannot be enabled", switched.stderr)
        pair = random_pair(node, layouts, rng, foreign=rng.random() < 0.4)
        if pair is None:
            return
        # Sometimes the change starts with MIG off.
        if rng.random() < 0.15 and node.shape() and not any(instances for _, instances in node.shape()):
            node.on("disable", "--gpu", "all")
            pair = (document(*[None] * gpus) | {"gpus": [{"select": "all", "mig": False}]}, pair[1])
        Pair(node, *pair, rng, counts).go()


def main():
    words = parser(__doc__)
    words.add_argument("--pairs", type=int, default=50)
    words.add_argument("--seed", type=int, default=1)
    options = words.parse_args()
    layouts = {product: Layouts(options.bin, product) for product, _ in KINDS}
    counts, wrong = Counter(), 0
    number = 0
    while counts["pairs"] < options.pairs and wrong < 5:
        product, variant = KINDS[number % len(KINDS)]
        seed = options.seed * 1000003 + number
        number += 1
        try:
            one_pair(options.bin, layouts[product], product, variant, seed, counts)
        except Wrong as error:
            wrong += 1
            print(f"WRONG: {product} {variant or ''} seed {seed}\n{error}\n")
        if number > 20 * options.pairs + 100:
            print("too few pairs of layouts could be found")
            return 1
    for what in ("pairs", "killed", "failed once", "kept failing", "rolled back", "remainder reported", "old", "new"):
        print(f"{what:18} {counts[what]}")
    print(f"wrong              {wrong}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
