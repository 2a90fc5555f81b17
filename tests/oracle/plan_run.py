#!/usr/bin/env python3
"""Compares the planner with the best plan (plan_oracle.py), and executes the steps of the planner's plans."""

import argparse
import json
import random
import subprocess
import sys
import time
from collections import Counter

sys.dont_write_bytecode = True

import plan_known
import plan_oracle
import plan_replay
import plan_search
from gi_ids import LIKE
from plan_pairs import Cases
from recording import recorded

RTX = "rtx-pro-6000-blackwell-96gb"
SMALL = ("a30-24gb", RTX)  # all pairs of layouts, and the search over states
RANDOM = (("a100-40gb", "A", None), ("a100-40gb", "B", None), ("h100-80gb-sxm5", "A", None), ("a30-24gb", None, None),
          (RTX, None, None), (RTX, None, "NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition"))


class Planner:
    """The program that runs the planner: one line in, one line out."""

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
    """What is wrong with the planner's answer, or None."""
    if got["ok"] != wanted["ok"]:
        return "one is a plan, the other a refusal"
    if got["ok"]:
        if got["cost"] != wanted["cost"]:
            return "cost"
        return plan_replay.faults(gpu, case, got) or (None if got["places"] == wanted["places"] else "places")
    if got["reason"] != wanted["reason"]:
        return "reason"
    if len(got["in_the_way"]) != wanted["in_the_way"]:
        return "number of instances in the way"
    if case["target"]["mig"] and wanted["in_the_way"] and not plan_oracle.fits(gpu, case, None, got["in_the_way"]):
        return "it does not fit without the instances in the way either"
    if got["nearest"] != wanted["nearest"]:
        return "nearest layout that fits"
    return None


class Report:
    def __init__(self):
        self.planner, self.good, self.bad = None, 0, 0

    def hold(self, name, got, wanted):
        if got == wanted:
            self.good += 1
        else:
            self.bad += 1
            print(f"FAIL  {name}\n      expected {wanted}\n      got      {got}", flush=True)

    def check(self, name, gpu, cases):
        """Compares the planner with the oracle."""
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


def two_oracles(report, seed, count):
    """Compares the oracle with the separate search over states."""
    for key in SMALL:
        start, gpu, good = time.monotonic(), recorded(key), report.good
        cases = Cases(key, gpu, None, random.Random(f"{seed} {key} search"))
        every = cases.layouts()
        for _ in range(count):
            case = cases.random(every)
            case["before"].pop("pending", None)
            case["before"]["mig"] = case["target"]["mig"] = True
            wanted = plan_search.cost(gpu, case)
            report.hold(f"{key}: two oracles differ: {json.dumps(case)}",
                        plan_oracle.answer(gpu, case).get("cost"), wanted)
        print(f"{'ok   ' if report.good - good == count else 'FAIL '} {key}: two oracles agree on {report.good - good} "
              f"of {count} random cases ({time.monotonic() - start:.1f} s)", flush=True)


def main():
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--bin", default="build/tests/plan_cases", help="the program that runs the planner")
    words.add_argument("--seed", type=int, default=20260301, help="seed of the random cases")
    words.add_argument("--pairs", type=int, default=3000, help="random cases, over all boards")
    words.add_argument("--searches", type=int, default=150, help="random cases for the two oracles, on each small GPU")
    words.add_argument("--self-check", action="store_true", help="run only the checks that need no program")
    args = words.parse_args()
    report = Report()
    plan_known.check(report)
    good = "FAIL " if report.bad else "ok   "
    print(f"{good} known answers: {report.good} of {report.good + report.bad}", flush=True)
    two_oracles(report, args.seed, args.searches)
    if not args.self_check:
        against_planner(report, args)
    print(f"plan oracle: {report.good} checks pass, {report.bad} fail (random seed {args.seed})")
    return 1 if report.bad else 0


def against_planner(report, args):
    with Planner(args.bin) as report.planner:
        for key in sorted({case["product"] for _, case, _ in plan_known.KNOWN}):
            cases = [case for _, case, _ in plan_known.KNOWN if case["product"] == key]
            report.check(f"{key}: the known cases", recorded(key), cases)
        for key in SMALL:
            gpu = recorded(key)
            for busy in (0, 0.4):
                cases = Cases(key, gpu, None, random.Random(f"{args.seed} {key}"))
                report.check(f"{key}: every layout to every other, with and without placements, "
                             f"{'some busy' if busy else 'idle'}", gpu, cases.all_pairs([14, 5, 0], busy))
        for n, (key, variant, board) in enumerate(RANDOM):
            gpu = recorded(LIKE.get(key, key))
            cases = Cases(key, gpu, variant, random.Random(f"{args.seed} {key} {variant} {board}"), board)
            every = cases.layouts()
            count = args.pairs * (n + 1) // len(RANDOM) - args.pairs * n // len(RANDOM)
            name = f"{board or key}{' ' + variant if variant else ''}: random cases"
            report.check(name, gpu, (cases.random(every) for _ in range(count)))


if __name__ == "__main__":
    sys.exit(main())
