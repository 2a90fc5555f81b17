#!/usr/bin/env python3
"""Random attacks on gpuslice by every means a process has: descriptors, environment, limits, signals, other users, odd
files, damaged files, hostile text, clocks, concurrent commands, full and read-only disks, other programs that use the
driver.

A run creates a node with two A100, applies a random layout, and disturbs one random command in one random way. The
expected state is computed with the table in eye.py, and the actual state is read through NVML by ctypes. A run fails if
the node has neither the old nor the new state, or not the state that the exit status implies; if names or history are
lost; on a crash, a hang or too much memory; if control bytes reach the terminal; on invalid JSON; if a hint cannot be
pasted; or if an extra file is left. The same seed gives the same runs, except for the moments at which signals arrive.
"""

import collections
import os
import random
import shutil
import sys
import tempfile

from attacks import KINDS, MOUNTS, ROOT, alone, users
from box import Box
from eye import SECONDS, Wrong, apart
from support.arguments import parser
from support.folders import IN_MEMORY
from support.nobody import NOBODY


def one_run(kind, program, parent, seed):
    rng = random.Random(seed)
    owner = NOBODY if kind is users and rng.random() < 0.5 else 0
    if kind in MOUNTS:
        alone(parent)
    box = Box(program, parent, rng, owner)
    try:
        kind(box.fill())
    finally:
        box.remove()
    return True


def main():
    words = parser(__doc__)
    words.add_argument("--runs", type=int, default=60)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--kind", help="run only this attack")
    words.add_argument("--only", type=int, help="run only the run with this number")
    words.add_argument("--dir", default=IN_MEMORY, help="the folder in which the nodes are created")
    options = words.parse_args()
    sys.stdout.reconfigure(line_buffering=True, errors="backslashreplace")
    parent = tempfile.mkdtemp(prefix="gpuslice-attacks-", dir=options.dir)
    os.chmod(parent, 0o755)
    kinds = [kind for kind in KINDS if options.kind in (None, kind.__name__) and (os.geteuid() == 0 or kind not in ROOT)]
    counts, wrong = collections.Counter(), collections.Counter()
    for number in range(options.runs) if options.only is None else [options.only]:
        kind = kinds[number % len(kinds)]
        counts[kind.__name__] += 1
        try:
            apart(one_run, kind, options.bin, parent, f"{options.seed}-{number}")(SECONDS * 6)
        except Wrong as seen:
            wrong[kind.__name__] += 1
            print(f"WRONG: {kind.__name__}, run {number} of seed {options.seed}: {seen}")
    shutil.rmtree(parent, ignore_errors=True)
    for name, count in counts.items():
        print(f"{name}: {count} runs, {wrong[name]} wrong")
    print(f"{sum(counts.values())} runs, wrong {sum(wrong.values())}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
