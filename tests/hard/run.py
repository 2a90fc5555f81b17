#!/usr/bin/env python3
"""Hard use: many processes, then many threads, change one node at random while processes are killed; an independent program then
checks that all they wrote down can have happened, that the final state is what it leads to, and that the state file kept its size.

  run.py --bin build/bin/gpuslice [--operations N] [--kills K] [--workers 16] [--seed S]
"""
import argparse
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path


class Node:
    def __init__(self, args, base):
        self.bin, self.base = args.bin, Path(base)
        self.env = dict(os.environ, GPUSLICE_SIM_DIR=base, GPUSLICE_LOCAL="readonly")
        self.call("sim", "create", "hard", "--gpus", "8xa100-40gb", "--board-variant", "A")
        self.smi("-mig", "1")
        self.library = self.base / "hard/lib/libnvidia-ml.so.1"
        self.size = (self.base / "hard/state").stat().st_size

    def call(self, *words):
        return subprocess.run([self.bin, *words], env=self.env, check=True, capture_output=True, text=True).stdout

    def smi(self, *words):
        return subprocess.run([self.bin, "sim", "exec", "hard", "--", "nvidia-smi", *words], env=self.env, capture_output=True, text=True).stdout

    def finish(self, args, logs):
        """The checks after the storm; the number of things that are wrong."""
        listed = re.findall(r"^\|\s+(\d+)\s+MIG \S+\s+\d+\s+(\d+)\s+\d+:\d+", self.smi("mig", "-lgi"), re.M)
        final = self.base / "final"
        final.write_text("".join(f"{gpu} {gi}\n" for gpu, gi in listed))
        wrong = subprocess.run([args.check, str(final), *map(str, logs)]).returncode != 0
        # A log in which one destruction names another instance must be noticed: the check can fail.
        doctored = [self.base / "doctored", *logs[1:]]
        records = bytearray(Path(logs[0]).read_bytes())
        for at in range(0, len(records) - 63, 64):
            if records[at] == 2 and records[at + 1] == 2 and int.from_bytes(records[at + 32:at + 36], "little") == 0:
                records[at + 3] = 0  # kind destroy_gi, answered with success: GPU instance 0 was never there
                break
        doctored[0].write_bytes(records)
        if subprocess.run([args.check, str(final), *map(str, doctored)], stdout=subprocess.DEVNULL).returncode == 0:
            print("WRONG: the check does not notice a doctored log")
            wrong = True
        if (self.base / "hard/state").stat().st_size != self.size:
            print("WRONG: the state file has another size")
            wrong = True
        self.smi("mig", "-dci")
        self.smi("mig", "-dgi")
        made = self.smi("mig", "-cgi", "0", "-C")
        if len(re.findall("^Successfully created compute", made, re.M)) != 8:
            print("WRONG: the node cannot be used afterwards:\n" + made)
            wrong = True
        return wrong


def processes(args):
    dice = random.Random(args.seed)
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as base:
        node = Node(args, base)
        logs, running, kills, born = [], [], 0, 0
        each = max(1, args.operations // args.workers)
        # One log per life: a killed worker's successor goes on with what is left of its share.
        share = [each] * args.workers
        doom = [0] * args.workers

        def bear(i):
            nonlocal born
            born += 1
            log = Path(base) / f"log.{born}"
            logs.append(log)
            # Half of the workers stay on one GPU. The life of one that is to be killed ends after a number of records, not after a time.
            command = [args.worker, str(node.library), str(log), str(args.seed * 100000 + born), str(share[i]), "0" if i % 2 == 0 else "8"]
            doom[i] = dice.randrange(1, max(2, args.operations // max(1, args.kills))) if kills < args.kills else 0
            return [subprocess.Popen(command, env=node.env), log]

        running = [bear(i) for i in range(args.workers)]
        while any(running):
            for i, life in enumerate(running):
                if life is None:
                    continue
                process, log = life
                records = log.stat().st_size // 128 if log.exists() else 0  # two records an operation
                ended = process.poll()
                if ended is not None:
                    if ended != 0:
                        sys.exit(f"worker {i} ended with {ended}")
                    running[i] = None
                elif doom[i] and records >= doom[i] and kills < args.kills:
                    process.kill()
                    process.wait()
                    with log.open("ab") as file:  # whatever it had begun was over by now
                        file.write(bytes([6, 1, 0, 0, 0, 0, 0, 0]) + bytes(16) + time.monotonic_ns().to_bytes(8, "little") + bytes(32))
                    kills += 1
                    share[i] = max(1, share[i] - records)
                    running[i] = bear(i)
            time.sleep(0.002)  # only how often the supervisor looks; nothing depends on it
        print(f"{args.workers} processes, {kills} killed, {born} lives, {time.monotonic() - start:.0f} s")
        return node.finish(args, logs)


def threads(args):
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as base:
        node = Node(args, base)
        log = Path(base) / "log"
        subprocess.run([args.worker, str(node.library), str(log), str(args.seed), str(max(1, args.operations // args.workers)), "8", str(args.workers)],
                       env=node.env, check=True)
        print(f"{args.workers} threads of one process, {time.monotonic() - start:.0f} s")
        return node.finish(args, sorted(Path(base).glob("log.*")))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True, type=lambda p: str(Path(p).resolve()))
    parser.add_argument("--operations", type=int, default=1_000_000)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=16)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    tests = Path(args.bin).parent.parent / "tests"
    args.worker, args.check = str(tests / "hard_worker"), str(tests / "hard_check")
    wrong = processes(args)
    wrong = threads(args) or wrong
    print(f"hard use: {'2 passed, 0 failed' if not wrong else 'FAILED'}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
