#!/usr/bin/env python3
"""Measures commits of a simulated node's state, on a node of eight A100-40GB.

    bench/commit.py [--rounds N] BUILD_DIRECTORY...

Each build creates its own node. If there are several builds, the rounds alternate between them, so that other load on
the machine affects all of them equally. Prints the median (and the minimum) of the rounds for each build, in
microseconds. Build the targets gpuslice and commit_cost first.
"""
import argparse
import os
import statistics
import subprocess
import tempfile


def make_node(build, nodes, name):
    program = os.path.join(build, "bin", "gpuslice")
    environment = dict(os.environ, GPUSLICE_SIM_DIR=nodes, GPUSLICE_LOCAL="readonly")
    for words in (["sim", "create", name, "--gpus", "8xa100-40gb"], ["--node", f"sim:{name}", "smi", "-i", "0", "-mig", "1"]):
        subprocess.run([program, *words], env=environment, capture_output=True, check=True)
    return os.path.join(nodes, name)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("builds", nargs="+", metavar="BUILD_DIRECTORY")
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--directory", help="for the nodes (default: a temporary one)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.directory) as nodes:
        node = [make_node(build, nodes, f"n{i}") for i, build in enumerate(options.builds)]
        figures = [{} for _ in options.builds]
        for _ in range(options.rounds):
            for i, build in enumerate(options.builds):
                ran = subprocess.run([os.path.join(build, "bin", "commit_cost"), node[i]], capture_output=True, text=True, check=True)
                for line in ran.stdout.splitlines():
                    name, microseconds = line.split("\t")
                    figures[i].setdefault(name, []).append(float(microseconds))
    for name in figures[0]:
        parts = [f"{statistics.median(one[name]):7.2f} us (least {min(one[name]):.2f})" for one in figures]
        print(f"{name:40}", "   ".join(parts))


if __name__ == "__main__":
    main()
