#!/usr/bin/env python3
"""Random attacks on gpuslice by every means a process has: descriptors, environment, limits, signals, other users, odd files,
damage, hostile text, clocks, company, full and read-only disks, strangers on the driver.

A run makes a node with two A100, brings it to a random layout, and does one random harm to one random command. What must stand
then is known from tables of this file and read through NVML by ctypes. Wrong is: a node that is neither old nor new, or that is not
what the exit status says; lost names or history; a crash, a hang, too much memory; control bytes on the terminal; JSON that is none;
a hint that cannot be pasted; a file that is left behind. The same seed makes the same runs, but for the moments of signals.
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
    words.add_argument("--kind", help="only this one")
    words.add_argument("--only", type=int, help="only the run of this number")
    words.add_argument("--dir", default=IN_MEMORY, help="where the nodes are made")
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
