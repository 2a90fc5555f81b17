#!/usr/bin/env python3
"""Holds the planner against the best plan there is (plan_oracle.py), and takes its steps one by one (plan_replay.py)."""

import argparse
import json
import random
import subprocess
import sys
import time
from collections import Counter

sys.dont_write_bytecode = True

import plan_oracle
import plan_replay
from gi_ids import LIKE
from plan_cases import BASE, Cases
from recording import recorded

RANDOM = (("a100-40gb", "A"), ("a100-40gb", "B"), ("h100-80gb-sxm5", "A"))


class Planner:
    """The program that asks the planner, one line in and one line out."""

    def __init__(self, binary):
        self.process = subprocess.Popen([binary], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()

    def ask(self, case):
        print(json.dumps(case), file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the planner's program ended at {json.dumps(case)}")
        return json.loads(line)


def difference(gpu, case, got, wanted):
    """What is wrong with an answer, or nothing."""
    if got["ok"] != wanted["ok"]:
        return "a plan against a refusal"
    if got["ok"]:
        return plan_replay.faults(gpu, case, got) or (None if got["cost"] == wanted["cost"] else "cost")
    if got["reason"] != wanted["reason"]:
        return "reason"
    if len(got["in_the_way"]) != wanted["in_the_way"]:
        return "how many are in the way"
    if case["target"]["mig"] and wanted["in_the_way"] and not plan_oracle.fits(gpu, case, None, got["in_the_way"]):
        return "it does not fit without those in the way either"
    if len(got["nearest"]) != wanted["nearest"]:
        return "how many fit"
    return None


class Report:
    def __init__(self, planner):
        self.planner, self.good, self.bad = planner, 0, 0

    def check(self, name, gpu, cases):
        start, seen, bad = time.monotonic(), Counter(), 0
        for case in cases:
            wanted, got = plan_oracle.answer(gpu, case), self.planner.ask(case)
            seen["refused: " + wanted["reason"] if not wanted["ok"] else
                 "planned, busy ones stopped" if wanted["cost"][0] else
                 "planned" if wanted["cost"][2] else "nothing to do"] += 1
            wrong = difference(gpu, case, got, wanted)
            if wrong:
                bad += 1
                print(f"FAIL  {name}: {wrong}\n      {json.dumps(case)}\n      oracle  {json.dumps(wanted)}\n"
                      f"      planner {json.dumps(got)}", flush=True)
        self.good, self.bad = self.good + sum(seen.values()) - bad, self.bad + bad
        counts = ", ".join(f"{n} {what}" for what, n in sorted(seen.items()))
        print(f"{'FAIL ' if bad else 'ok   '} {name}: {counts} ({time.monotonic() - start:.1f} s)", flush=True)


def main():
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--bin", default="build/tests/plan_cases", help="the program that asks the planner")
    words.add_argument("--seed", type=int, default=20260301, help="of the random cases")
    words.add_argument("--pairs", type=int, default=400, help="random cases, over all boards")
    args = words.parse_args()
    with Planner(args.bin) as planner:
        report = Report(planner)
        for key in BASE:
            gpu = recorded(key)
            for busy in (0, 0.4):
                cases = Cases(key, gpu, None, random.Random(f"{args.seed} {key}"))
                report.check(f"{key}: every layout to every other, placed and not, {'some busy' if busy else 'idle'}",
                             gpu, cases.all_pairs([14, 5, 0], busy))
        for n, (key, variant) in enumerate(RANDOM):
            gpu = recorded(LIKE.get(key, key))
            cases = Cases(key, gpu, variant, random.Random(f"{args.seed} {key} {variant}"))
            every = cases.layouts()
            count = args.pairs // len(RANDOM) + (1 if n < args.pairs % len(RANDOM) else 0)
            report.check(f"{key} {variant}: random cases", gpu, (cases.random(every) for _ in range(count)))
    print(f"plan oracle: {report.good} cases hold, {report.bad} do not (random seed {args.seed})")
    return 1 if report.bad else 0


if __name__ == "__main__":
    sys.exit(main())
