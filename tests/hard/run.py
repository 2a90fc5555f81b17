#!/usr/bin/env python3
"""Stress test: first many processes, then many threads, change one node at random while processes are killed. A
separate program then checks that their logs are possible, that the final state follows from them, and that the state
file kept its size.

  run.py --bin build/bin/gpuslice [--operations N] [--kills K] [--workers 16] [--seed S] [--threads | --processes]
         [--worker PATH] [--check PATH] [--library PATH]      the programs of another build, such as an instrumented one
"""
import os
import random
import re
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from support.arguments import parser
from support.environment import environment
from support.smi_tables import compute_instances, gpu_instances

RECORD = struct.Struct("<8B Q q q i I Q 16x")  # record.hpp
INTENT, ANSWER, DEATH = 1, 2, 11
CREATE_GI, DESTROY_GI, CREATE_CI, DESTROY_CI, REMAINING = 1, 2, 3, 4, 8
KIND, PHASE, GPU, GI = range(4)
AFTER, CODE, VALUE = 10, 11, 12


class Node:
    def __init__(self, args, base):
        self.bin, self.worker, self.check, self.base = args.bin, args.worker, args.check, Path(base)
        self.env = environment(base)
        self.call("sim", "create", "hard", "--gpus", "8xa100-40gb", "--board-variant", "A")
        self.smi("-mig", "1")
        self.library = args.library or self.base / "hard/lib/libnvidia-ml.so.1"
        self.env["GPUSLICE_SIM_NODE"] = str(self.base / "hard")
        self.size = (self.base / "hard/state").stat().st_size
        self.start = self.list("start")

    def call(self, *words):
        return subprocess.run([self.bin, *words], env=self.env, check=True, capture_output=True, text=True).stdout

    def smi(self, *words):
        return subprocess.run([self.bin, "sim", "exec", "hard", "--", "nvidia-smi", *words], env=self.env, capture_output=True, text=True).stdout

    def list(self, name):
        """Writes what a new process reads through NVML into a file."""
        path = self.base / name
        path.write_text(subprocess.run([self.worker, self.library, "list"], env=self.env, check=True, capture_output=True, text=True).stdout)
        return path

    def replay(self, final, logs, quiet=False):
        return subprocess.run([self.check, self.start, final, *logs], stdout=subprocess.DEVNULL if quiet else None).returncode == 0

    def finish(self, logs):
        """The checks at the end. Returns the number of problems."""
        wrong = []
        final = self.list("final")
        if not self.replay(final, logs):
            wrong.append("the logs are not possible")
        wrong += self.doctored(final, logs)
        for kind, listed in (("gi", [[one.gpu, one.id, one.profile, one.start, one.size] for one in gpu_instances(self.smi("mig", "-lgi"))]),
                             ("ci", [[one.gpu, one.gi, one.id, one.start, one.size] for one in compute_instances(self.smi("mig", "-lci"))])):
            seen = sorted([*map(int, line.split()[1:])] for line in final.read_text().splitlines() if line.startswith(kind + " "))
            if sorted(listed) != seen:
                wrong.append(f"nvidia-smi mig -l{kind} lists {sorted(listed)}, NVML {seen}")
        if (self.base / "hard/state").stat().st_size != self.size:
            wrong.append("the size of the state file changed")
        # A new process must be able to use every GPU.
        self.smi("mig", "-dci")
        self.smi("mig", "-dgi")
        self.smi("-mig", "1")
        made = self.smi("mig", "-cgi", "0", "-C")
        if len(re.findall("^Successfully created compute", made, re.M)) != 8:
            wrong.append("the node cannot be used afterwards:\n" + made)
        for what in wrong:
            print("WRONG:", what)
        return len(wrong)

    def doctored(self, final, logs):
        """The checker must detect a log or a final state in which one thing was altered. Where operations overlap, an
        altered result may be as possible as the real one, so each alteration is tried at up to ten positions."""

        def places(wanted):
            for log in logs:
                data = log.read_bytes()
                for at in range(len(data) // 2 // 64 * 64, len(data), 64):
                    record = list(RECORD.unpack_from(data, at))
                    if record[PHASE] == ANSWER and wanted(record):
                        yield log, at

        def change(name, wanted, doctor):
            found = list(places(wanted))
            tried = found[:: -(-len(found) // 10) or 1]
            for log, at in tried:
                data = bytearray(log.read_bytes())
                record = list(RECORD.unpack_from(data, at))
                doctor(record)
                RECORD.pack_into(data, at, *record)
                path = self.base / "doctored"
                path.write_bytes(data)
                if not self.replay(final, [path if one is log else one for one in logs], quiet=True):
                    return []
            return [f"the check misses {name}, at {len(tried)} positions" if tried else f"no record for {name}"]

        def set_field(field, value):
            return lambda record: record.__setitem__(field, value)

        wrong = change("a refused creation", lambda r: r[KIND] == CREATE_GI and r[CODE] == 0, set_field(CODE, 23))
        wrong += change("a refused destruction", lambda r: r[KIND] == DESTROY_CI and r[CODE] == 0, set_field(CODE, 2))
        wrong += change("an undue success", lambda r: r[KIND] == DESTROY_GI and r[CODE] == 19, set_field(CODE, 0))
        wrong += change("a wrong number", lambda r: r[KIND] == REMAINING and r[VALUE] > 0, lambda r: r.__setitem__(VALUE, r[VALUE] + 4))
        other = self.base / "other"
        other.write_text(final.read_text().replace("gpu 5 1 0", "gpu 5 1 x").replace("gpu 5 1 1", "gpu 5 1 0").replace("gpu 5 1 x", "gpu 5 1 1"))
        if other.read_text() != final.read_text() and self.replay(other, logs, quiet=True):
            wrong.append("the check misses another final state")
        return wrong


def processes(args):
    dice = random.Random(args.seed)
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as base:
        node = Node(args, base)
        logs, running, kills, born = [], [], 0, 0
        each = max(1, args.operations // args.workers)
        # One log per process. If a worker is killed, its successor continues with the rest of its operations.
        share = [each] * args.workers
        doom = [0] * args.workers

        def bear(i):
            nonlocal born
            born += 1
            log = Path(base) / f"log.{born}"
            logs.append(log)
            # Half of the workers use only one GPU. A worker is killed after a number of records, not after a time.
            command = [args.worker, str(node.library), str(log), str(args.seed * 100000 + born), str(share[i]), "0" if i % 2 == 0 else "8"]
            doom[i] = dice.randrange(1, max(2, args.operations // max(1, args.kills))) if kills < args.kills else 0
            return [subprocess.Popen(command, env=node.env), log]

        running = [bear(i) for i in range(args.workers)]
        while any(running):
            for i, life in enumerate(running):
                if life is None:
                    continue
                process, log = life
                records = log.stat().st_size // 128 if log.exists() else 0  # two records per operation
                ended = process.poll()
                if ended is not None:
                    if ended != 0:
                        sys.exit(f"worker {i} exited with {ended}")
                    running[i] = None
                elif doom[i] and records >= doom[i] and kills < args.kills:
                    process.kill()
                    process.wait()
                    # All operations that the killed worker had begun have ended by now.
                    gone = RECORD.pack(DEATH, INTENT, 0, 0, 0, 0, 0, 0, 0, 0, time.monotonic_ns(), 0, 0, 0)
                    os.truncate(log, log.stat().st_size // RECORD.size * RECORD.size if log.exists() else 0)
                    with log.open("ab") as file:
                        file.write(gone)
                    kills += 1
                    share[i] = max(1, share[i] - records)
                    running[i] = bear(i)
            time.sleep(0.002)  # the supervisor's polling interval; no result depends on it
        print(f"{args.workers} processes, {kills} killed, {born} lives, {time.monotonic() - start:.0f} s")
        return node.finish(logs)


def threads(args):
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as base:
        node = Node(args, base)
        log = Path(base) / "log"
        subprocess.run([args.worker, str(node.library), str(log), str(args.seed), str(max(1, args.operations // args.workers)), "8", str(args.workers)],
                       env=node.env, check=True)
        print(f"{args.workers} threads of one process, {time.monotonic() - start:.0f} s")
        return node.finish(sorted(Path(base).glob("log.*")))


def main():
    words = parser(__doc__)
    words.add_argument("--operations", type=int, default=1_000_000)
    words.add_argument("--kills", type=int, default=1000)
    words.add_argument("--workers", type=int, default=16)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--worker", help="default: ../tests/hard_worker beside the program; --check likewise")
    words.add_argument("--check")
    words.add_argument("--library", help="default: the node's own", type=lambda p: Path(p).resolve())
    words.add_argument("--threads", dest="only", action="store_const", const=[threads], help="only threads of one process")
    words.add_argument("--processes", dest="only", action="store_const", const=[processes], help="only processes")
    args = words.parse_args()
    tests = Path(args.bin).parent.parent / "tests"
    args.worker = args.worker or str(tests / "hard_worker")
    args.check = args.check or str(tests / "hard_check")
    rounds = args.only or [processes, threads]
    failed = sum(1 for play in rounds if play(args))
    print(f"hard use: {len(rounds) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
