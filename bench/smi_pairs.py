#!/usr/bin/env python3
"""Runs NVIDIA's nvidia-smi and our compatible one, or our list and query, alternately: wall time and maximum memory.

    bench/smi_pairs.py --bin build/bin/gpuslice --real /usr/bin/nvidia-smi [--node NODE-DIRECTORY] [--runs 41]

Without --node both use the machine's driver (read-only views); with it both load the node's library. They alternate, so
that other load on the machine affects both equally. Needs only Python's standard library.
"""
import argparse
import os
import statistics
import subprocess
import sys
from pathlib import Path

VIEWS = ["-L", "", "-q", "-q -x", "--query-gpu=index,name,utilization.gpu,memory.used,power.draw,temperature.gpu --format=csv"]

OWN = [("-L", ["list"]), ("-q -x", ["query", "--output", "json"])]


def once(launcher, command, env):
    """Returns milliseconds, maximum resident memory in KiB, and the exit status."""
    took, most, status = subprocess.run([launcher, *command], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True).stdout.split()
    return int(took) / 1e3, int(most), int(status)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True, type=lambda p: str(Path(p).resolve()))
    parser.add_argument("--once", default="build/bin/once", help="built from bench/once.cpp")
    parser.add_argument("--real", required=True)
    parser.add_argument("--node", type=Path)
    parser.add_argument("--runs", type=int, default=41)
    args = parser.parse_args()
    env = dict(os.environ, GPUSLICE_LOCAL="readonly")
    ours = [args.bin, "smi"]
    if args.node:
        env["LD_LIBRARY_PATH"] = str(args.node / "lib")
        ours = [str(args.node / "bin" / "nvidia-smi")]
    pairs = [(view, view, [*ours, *view.split()]) for view in VIEWS]
    if not args.node:
        pairs += [(f"{view} against {' '.join(words)}", view, [args.bin, *words]) for view, words in OWN]
    print("| view | NVIDIA's, median (least) | work-alike, median (least) | NVIDIA's memory | work-alike's memory |\n|---|---|---|---|---|")
    for name, view, own in pairs:
        times, memory = ([], []), ([], [])
        for i in range(args.runs + 1):
            for which, program in enumerate(([args.real, *view.split()], own)):
                took, most, status = once(args.once, program, env)
                if status != 0:
                    sys.exit(f"{program} {view}: status {status}")
                if i > 0:  # the first run of each only warms the caches
                    times[which].append(took)
                    memory[which].append(most)
        cells = [f"{statistics.median(t):.1f} ms ({min(t):.1f})" for t in times] + [f"{statistics.median(m) / 1024:.1f} MiB" for m in memory]
        print(f"| `{name or '(default view)' if len(name) < 40 else name.split('=')[0] + '=…'}` | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
