#!/usr/bin/env python3
"""Compares gpuslice with NVIDIA's mig-parted: the same random changes, on the same simulated node, from the same state.

    bench/mig_parted.py --bin build/bin/gpuslice [--changes 200] [--seed 1]

The node has eight A100-SXM4-40GB with the latencies of `gpuslice sim latency --like a100`. Each change is a file in mig-parted's format
that repeats the current layout of every GPU except one to three, which get another layout; some instances on the
changed GPUs are busy. Both tools start from the same placements. NVML and the node's call trace provide the counts:
calls that change something, instances destroyed, GPUs touched, and whether the node is as requested, as before, or in
between. The minimum number of instances to destroy is from the exhaustive search of tests/oracle. Needs root (for a
mount namespace in which mig-parted finds the node's PCI devices and kernel module) and Go; prints `skipped: ...` and
exits with 77 if one of these is missing.
"""

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests" / "change"), str(ROOT / "tests" / "oracle")]

from node import Node  # noqa: E402
from plan_oracle import answer  # noqa: E402
from plan_run import recorded  # noqa: E402

MODULE, VERSION = "github.com/NVIDIA/mig-parted", "v0.10.0"
PRODUCT, GPUS = "a100-40gb", 8


def skip(why):
    print(f"skipped: {why}")
    sys.exit(77)


def build_mig_parted(folder):
    """Builds the program from its Go module and returns its path."""
    program = folder / "nvidia-mig-parted"
    if program.exists():
        return program
    if shutil.which("go") is None:
        skip("there is no go")
    (folder / "go.mod").write_text(f"module bench\n\ngo 1.22\n\nrequire {MODULE} {VERSION}\n", encoding="ascii")
    environment = {**os.environ, "GOFLAGS": "-mod=mod", "CGO_LDFLAGS_ALLOW": "-Wl,.*"}
    ran = subprocess.run(["go", "build", "-o", str(program), f"{MODULE}/cmd/nvidia-mig-parted"], capture_output=True, text=True,
                         env=environment, cwd=folder, check=False)
    if ran.returncode != 0:
        skip(f"mig-parted {VERSION} cannot be built: {ran.stderr.strip()}")
    return program


# Run in its own mount namespace, with the nvidia module in /proc/modules and the node's GPUs in /sys/bus/pci/devices.
INSIDE = """set -e
mount --make-rprivate /
mkdir -p "$TREE/real" && mount --bind /proc "$TREE/real"
mount -t tmpfs none /proc && mkdir /proc/real && mount --bind "$TREE/real" /proc/real
for entry in /proc/real/*; do ln -s "real/${entry##*/}" "/proc/${entry##*/}" 2>/dev/null || true; done
rm -f /proc/modules && echo 'nvidia 56823808 0 - Live 0x0000000000000000' > /proc/modules
mount --bind "$TREE/sys/bus/pci/devices" /sys/bus/pci/devices
exec "$@"
"""


class Bench:
    def __init__(self, node, mig_parted, rng):
        self.node, self.rng, self.mig_parted = node, rng, str(mig_parted)
        self.tree = Path(node.home) / "tree"
        node.call("sim", "tree", node.name, "--write", str(self.tree))
        for gpu in (self.tree / "sys/bus/pci/devices").iterdir():
            (gpu / "resource").write_text("0x0 0x0 0x0\n", encoding="ascii")  # mig-parted reads the file, but needs no range in it
        self.known = recorded(PRODUCT)
        listed = json.loads(node.call("layouts", "--for", PRODUCT, "--output", "json").stdout)
        self.layouts = [layout for layout in listed["layouts"] if layout]
        self.clients = []

    def tool(self, name, text):
        path = os.path.join(self.node.home, "wanted.yaml")
        Path(path).write_text(text, encoding="utf-8")
        if name == "gpuslice":
            words = [self.node.program, "--node", "sim:" + self.node.name, "apply", "-f", path, "-c", "wanted"]
        else:
            words = [self.node.program, "sim", "exec", self.node.name, "--", "env", f"TREE={self.tree}", "unshare", "--mount", "bash", "-c",
                     INSIDE, "bash", self.mig_parted, "apply", "-f", path, "-c", "wanted"]
        begin = time.perf_counter()
        ran = subprocess.run(words, capture_output=True, text=True, env=self.node.environment, check=False)
        return ran, time.perf_counter() - begin

    def place(self, layouts):
        """Creates exactly these instances at their placements, without latencies and without clients."""
        self.leave()
        self.node.call("sim", "latency", self.node.name, "--off")
        entries = [{"select": {"index": i}, "mig": True, "foreign": "remove",
                    "instances": [{"profile": s["profile"], "placement": "{start}:{size}".format(**s["placement"])} for s in layout]}
                   for i, layout in enumerate(layouts)]
        placed = self.node.apply({"version": "gpuslice/v1", "gpus": entries})
        if placed.returncode != 0:
            raise SystemExit(placed.stderr)
        self.node.call("sim", "latency", self.node.name, "--like", "a100")

    def occupy(self, busy):
        rows = [r for r in json.loads(self.node.on("list", "--output", "json").stdout) if r["kind"] == "gi"]
        for gpu, start in busy:
            gi = next(r["gi"] for r in rows if r["gpu"] == gpu and r["placement"]["start"] == start)
            self.clients.append(subprocess.Popen([self.node.program, "sim", "attach", self.node.name, "--gpu", str(gpu), "--gi", str(gi),
                                                  "--ci", "0", "--", "sleep", "1000"], env=self.node.environment))
        while self.node.on("list").stdout.count("process ") < len(busy):
            time.sleep(0.01)

    def leave(self):
        for client in self.clients:
            client.kill()
            client.wait()
        self.clients = []

    def calls(self):
        rows = json.loads(self.node.call("sim", "trace", self.node.name, "--output", "json").stdout)
        return [r for r in rows if r["mutating"]]

    def counts(self):
        """For each GPU the number of instances by profile and number of compute instances."""
        return [Counter((profile, len(inside)) for (_, _, profile), inside in instances) for _, instances in self.node.shape()]

    def least(self, before, after, gpu, busy):
        """The minimum number of instances to destroy and how many of those are busy, by exhaustive search."""
        def stand(seat):
            slices = int(seat["profile"][0])
            place = seat["placement"]
            pids = [1] if (gpu, place["start"]) in busy else []
            return {"id": place["start"], "profile": str(seat["profile_id"]), **place, "made": True, "busy": [],
                    "cis": [{"profile": f"{slices}c", "start": 0, "size": slices, "made": True, "busy": pids}]}
        wanted = [{"profile": str(seat["id"]), "cis": [{"profile": f"{int(seat['profile'][0])}c"}]} for seat in after]
        case = {"product": PRODUCT, "before": {"mig": True, "gis": [stand(s) for s in before]}, "foreign": "remove",
                "target": {"mig": True, "gis": wanted}}
        return answer(self.known, case)["cost"]


def mig_parted_file(layouts):
    lines = ["version: v1", "mig-configs:", "  wanted:"]
    for i, layout in enumerate(layouts):
        lines += [f"    - devices: [{i}]", "      mig-enabled: true", "      mig-devices:" + ("" if layout else " {}")]
        lines += [f"        \"{profile}\": {count}" for profile, count in sorted(Counter(s["profile"] for s in layout).items())]
    return "\n".join(lines) + "\n"


def one_change(bench, start, results):
    rng = bench.rng
    after = list(start)
    changed = rng.sample(range(GPUS), rng.choice([1, 1, 1, 2, 3]))
    for gpu in changed:
        after[gpu] = rng.choice(bench.layouts)
    busy = [(gpu, seat["start"]) for gpu in changed for seat in start[gpu] if rng.random() < 0.1]
    costs = [bench.least(start[gpu], after[gpu], gpu, busy) for gpu in changed]
    blocked = any(cost[0] for cost in costs)
    wanted = [Counter((seat["id"], 1) for seat in layout) for layout in after]
    same = [Counter((seat["id"], 1) for seat in layout) for layout in start]
    results["least destroyed"] += sum(cost[1] for cost in costs)
    results["changes that must stop a client"] += blocked
    for name in ("gpuslice", "mig-parted"):
        bench.place(start)
        before = bench.node.shape()
        bench.occupy(busy)
        bench.node.call("sim", "trace", bench.node.name, "--clear")
        ran, seconds = bench.tool(name, mig_parted_file(after))
        calls, counts = bench.calls(), bench.counts()
        state = ("as wanted" if counts == wanted else "untouched" if bench.node.shape() == before else "as before" if counts == same
                 else "in between")
        tally = results[name]
        tally["status 0" if ran.returncode == 0 else "status not 0"] += 1
        tally[state] += 1
        if ran.returncode == 0 and state != "as wanted":
            tally["success without it"] += 1
        done = [c for c in calls if c["answer"] in ("SUCCESS", 0, "0")]
        if state == "as wanted":
            tally["destroyed, of those as wanted"] += sum("Destroy" in c["function"] and c["answer"] in ("SUCCESS", 0, "0") for c in calls)
            tally["least there, by search"] += sum(cost[1] for cost in costs)
        tally["mutating calls"] += len(calls)
        tally["calls refused"] += len(calls) - len(done)
        tally["destroyed"] += sum("Destroy" in c["function"] for c in done)
        tally["GPUs touched"] += len({c["gpu"] for c in calls if c["gpu"] is not None})
        tally["GPUs touched in vain"] += len({c["gpu"] for c in calls if c["gpu"] is not None} - set(changed))
        results[name + " seconds"].append(seconds)
        if os.environ.get("SHOW") and (ran.returncode != 0 or state != "as wanted"):
            print(name, state, ran.returncode, ran.stderr[-600:])
    results["GPUs to change"] += len({gpu for gpu in changed if wanted[gpu] != same[gpu]})
    bench.leave()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", default=str(ROOT / "build" / "bin" / "gpuslice"))
    parser.add_argument("--changes", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", default=str(ROOT / "build" / "bench"), help="where mig-parted is built")
    options = parser.parse_args()
    if os.geteuid() != 0:
        skip("needs root, to mount what mig-parted reads")
    folder = Path(options.folder).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    mig_parted = build_mig_parted(folder)
    rng = random.Random(options.seed)
    results = Counter()
    results.update({name: 0 for name in ("least destroyed", "GPUs to change", "changes that must stop a client")})
    tables = {name: Counter() for name in ("gpuslice", "mig-parted")}
    with Node(options.bin, f"{GPUS}x{PRODUCT}", "A") as node:
        node.on("enable", "--gpu", "all")
        node.call("sim", "trace", node.name, "--on")
        bench = Bench(node, mig_parted, rng)
        all_results = {**results, **tables, "gpuslice seconds": [], "mig-parted seconds": []}
        for _ in range(options.changes):
            one_change(bench, [rng.choice(bench.layouts) for _ in range(GPUS)], all_results)
    report(all_results, options)


def report(results, options):
    print(f"{options.changes} changes, seed {options.seed}; mig-parted {VERSION}; {GPUS}x {PRODUCT}, latencies --like a100")
    print(f"GPUs to change {results['GPUs to change']}, instances to destroy at least {results['least destroyed']}, "
          f"changes that must stop a client {results['changes that must stop a client']}\n")
    print(f"| {'':29} | {'gpuslice':>10} | {'mig-parted':>10} |\n|{'-' * 31}|{'-' * 12}|{'-' * 12}|")
    for row in ("as wanted", "untouched", "as before", "in between", "status 0", "success without it", "mutating calls", "calls refused",
                "destroyed", "destroyed, of those as wanted", "least there, by search", "GPUs touched", "GPUs touched in vain"):
        print(f"| {row:29} | {results['gpuslice'][row]:>10} | {results['mig-parted'][row]:>10} |")
    for row, figure in (("seconds, median", statistics.median), ("seconds, all", sum)):
        print(f"| {row:29} | {figure(results['gpuslice seconds']):>10.2f} | {figure(results['mig-parted seconds']):>10.2f} |")


if __name__ == "__main__":
    main()
