#!/usr/bin/env python3
"""Replays the blocks of output of the seed documents on simulated nodes, byte for byte. See README.md."""

import argparse
import difflib
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter

sys.dont_write_bytecode = True
from blocks import BLOCKS, CORRECTED, RECIPES, REDACTED, RULE, SAME, WAITS, Do, Run, Sim, Start, Stop
from redact import CLOSED_LIST, redact
from support.environment import environment

HERE = pathlib.Path(__file__).parent
PATIENCE = 60  # seconds within which a client must appear, or disappear


class Broken(Exception):
    """A step that leads to a block has failed."""


class Nodes:
    """The simulated nodes of one run and the clients on them. All are removed at the end."""

    def __init__(self, binary):
        self.binary = os.path.abspath(binary)
        self.folder = tempfile.TemporaryDirectory(prefix="gpuslice-replay-")
        self.env = environment(self.folder.name, LC_ALL="C")
        self.made, self.clients = set(), []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for node in self.made:
            self.stop(node, wait=False)
        self.folder.cleanup()

    def sim(self, *args):
        return subprocess.run([self.binary, "sim", *args], env=self.env, capture_output=True, text=True,
                              stdin=subprocess.DEVNULL)

    def must(self, *args):
        done = self.sim(*args)
        if done.returncode != 0:
            raise Broken(f"gpuslice sim {' '.join(args)}: status {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def need(self, node):
        if node not in self.made:
            self.must("create", node, "-f", str(HERE / "recipes" / (RECIPES.get(node, node) + ".yaml")))
            self.made.add(node)

    def may_make_devices(self):
        path = pathlib.Path(self.folder.name) / "device"
        return subprocess.run(["mknod", path, "c", "4000", "1"], capture_output=True, check=False).returncode == 0 or path.exists()

    def inside(self, node, command, only=""):
        """(stdout and stderr, status) of a shell command inside the node."""
        script = f"exec 2>&1\ngpuslice() {{ '{self.binary}' \"$@\"; }}\n{command}\necho \"@@ $?\""
        flags = ["--only", only] if only else []
        done = self.must("exec", node, *flags, "--", "sh", "-c", script)
        answer = re.fullmatch(r"((?:.*\n)*)@@ (\d+)\n", done.stdout)
        if answer is None:
            raise Broken(f"{node}: {command}: no answer in:\n{done.stdout}{done.stderr}")
        return answer[1], int(answer[2])

    def start(self, node, client):
        if any((n, name) == (node, client.name) for n, name, _ in self.clients):
            return
        hidden = ["--hidden-memory", client.hidden] if client.hidden else []
        # It gets its own process group, so that its children are ended with it.
        process = subprocess.Popen(
            [self.binary, "sim", "attach", node, "--gpu", "0", "--memory", client.memory, "--type", client.type,
             "--name", client.name, *hidden, "--", "sleep", "1000"],
            env=self.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            start_new_session=True)
        self.clients.append((node, client.name, process))
        self.until(lambda: self.shown(node, client.name) or process.poll() is not None, f"{client.name} on {node}")
        if process.poll() is not None:
            raise Broken(f"{client.name} on {node} ended with {process.returncode}:\n{process.stdout.read()}")

    def stop(self, node, wait=True):
        gone = [c for c in self.clients if c[0] == node]
        self.clients = [c for c in self.clients if c[0] != node]
        for _, _, process in gone:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
            process.wait()
            process.stdout.close()
        if wait:
            for _, name, _ in gone:
                self.until(lambda: not self.shown(node, name), f"{name} to leave {node}")

    def shown(self, node, name):
        return f" {name} " in self.inside(node, "nvidia-smi")[0]

    def until(self, true, what):
        deadline = time.monotonic() + PATIENCE
        while not true():
            if time.monotonic() > deadline:
                raise Broken(f"waited {PATIENCE} s for {what}")
            time.sleep(0.02)  # the interval of polling


def expected(step):
    text = (HERE / ("expected" if step.lines else "rules") / (step.text + ".txt")).read_text()
    for wrong, right in step.fix.items():
        if text.splitlines().count(wrong) != 1:
            raise Broken(f"{step.text}: the line to correct is not there once: {wrong}")
        text = text.replace(wrong + "\n", right + "\n")
    return text


def compare(step, node, printed, status):
    """What is wrong, as text; empty if the step passes."""
    wanted = expected(step)
    a, b = redact(wanted, step.redact, printed=False), redact(printed, step.redact, printed=True)
    if a != b:
        diff = difflib.unified_diff(a.splitlines(True), b.splitlines(True), step.text, f"{node}$ {step.command}")
        return "".join(line if line.endswith("\n") else line + "\n" for line in diff)
    if status != step.status:
        return f"{node}$ {step.command}: status {status}, not {step.status}\n"
    for name in step.redact:  # an unnecessary redaction could hide a later error
        fewer = [n for n in step.redact if n != name]
        if redact(wanted, fewer, printed=False) == redact(printed, fewer, printed=True):
            return f"{step.text}: the redaction of {name} is not needed\n"
    return ""


def play(nodes, block):
    wrong = ""
    for step in block.steps:
        node, step = step if isinstance(step, tuple) else (block.node, step)
        nodes.need(node)
        if isinstance(step, Run):
            wrong += compare(step, node, *nodes.inside(node, step.command, step.only))
        elif isinstance(step, Do):
            printed, status = nodes.inside(node, step.command)
            if status != step.status:
                raise Broken(f"{node}$ {step.command}: status {status}, not {step.status}\n{printed}")
        elif isinstance(step, Start):
            nodes.start(node, step)
        elif isinstance(step, Stop):
            nodes.stop(node)
        elif isinstance(step, Sim):
            nodes.must(step.verb, node)
    return wrong


# A line of a view, the same line in a seed, and both after redaction: {redaction: [(printed, seed, redacted)]}.
SAMPLES = {
    "date": [("Fri Nov 20 19:29:18 2026       ", "Mon Feb  2 08:15:54 2026", "(date)")],
    "pid": [("|    0   N/A  N/A            2019      G   /usr/lib/xorg/Xorg                       10MiB |",
             "|    0   N/A  N/A          123456      G   /usr/lib/xorg/Xorg                       10MiB |",
             "|    0   N/A  N/A           (pid)      G   /usr/lib/xorg/Xorg                       10MiB |")],
    "temperature": [("| 30%    9C    P8             14W /  300W |       0MiB /  97887MiB |     N/A      Default |",
                     "| 30%  101C    P8             14W /  300W |       0MiB /  97887MiB |     N/A      Default |",
                     "| 30%  (t)C    P8             14W /  300W |       0MiB /  97887MiB |     N/A      Default |")],
    "power": [("| N/A   31C    P8              4W /  300W |                  N/A   |     N/A      Default |",
               "| N/A   31C    P8            147W /  300W |                  N/A   |     N/A      Default |",
               "| N/A   31C    P8            (p)W /  300W |                  N/A   |     N/A      Default |")],
    "file": [("cr--r--r-- 1 root root 242, 85 Nov 21 09:20 nvidia-cap85", "cr--r--r--.  1 root root 242, 85 Feb 17 16:54 nvidia-cap85",
              "cr--r--r--  1 root root 242, 85 (time) nvidia-cap85")],
}
# Lines that no redaction may change: a line with a date but without its blanks, unknown figures, a MIG row.
UNTOUCHED = ["Fri Nov 20 19:29:18 2026",
             "| N/A   N/A    P0             N/A /  N/A  |       0MiB /  97887MiB |     N/A      Default |",
             "|  0    3   0   0  |              64MiB / 24192MiB    | 46    N/A |  1   1    1    0    1 |"]


def redactions_are_sound():
    wrong = []
    for name, samples in SAMPLES.items():
        for printed, seed, left in samples:
            for line, ours in ((printed, True), (seed, False)):
                if redact(line, (name,), printed=ours) != left + "\n":
                    wrong.append(f"the redaction of {name} makes {redact(line, (name,), printed=ours)!r}")
    wrong += [f"redacted: {line}" for line in UNTOUCHED if redact(line, CLOSED_LIST, printed=True) != line + "\n"]
    return wrong + [f"no sample for the redaction of {name}" for name in CLOSED_LIST.keys() ^ SAMPLES.keys()]


def table_is_sound():
    """Checks the table of blocks: each verdict must be consistent with the steps of its block."""
    wrong = redactions_are_sound()
    if [b.number for b in BLOCKS] != list(range(1, 73)):
        wrong.append("the blocks are not 1 to 72, each once, in order")
    used = set()
    for block in BLOCKS:
        runs = [s for s in (s[1] if isinstance(s, tuple) else s for s in block.steps) if isinstance(s, Run)]
        used |= {s.text for s in runs if not s.lines}
        fixed = any(s.fix or not s.lines for s in runs)
        hidden = {n for s in runs for n in s.redact}
        say = lambda what: wrong.append(f"block {block.number}: {what}")
        if not (HERE / "recipes" / (RECIPES.get(block.node, block.node) + ".yaml")).is_file():
            say(f"has no recipe for its node {block.node}")
        if block.verdict == WAITS and (block.steps or not (block.command and block.waits)):
            say("waits, so it must have no steps and must name its command and the missing feature")
        if block.verdict != WAITS and not runs:
            say("compares nothing")
        if block.verdict == SAME and (fixed or hidden):
            say("has the verdict same, but is corrected or redacted")
        if block.verdict == REDACTED and (fixed or not hidden):
            say("has the verdict redacted, but is corrected, or nothing is redacted")
        if block.verdict in (CORRECTED, RULE) and not (fixed and block.reason):
            say("needs a correction and its reason")
        if block.verdict == RULE and any(s.lines for s in runs):
            say("has the verdict rule, but its seed prints text")
        if hidden - set(CLOSED_LIST):
            say(f"redacts what is not on the closed list: {hidden - set(CLOSED_LIST)}")
        for step in runs:
            try:
                expected(step)
            except (OSError, Broken) as why:
                say(str(why))
    there = {p.stem for p in (HERE / "rules").glob("*.txt")}
    wrong += [f"rules/{n}.txt is used by no block" for n in sorted(there - used)]
    cut = {n for b in BLOCKS for n in b.pieces}
    there = {p.stem for p in (HERE / "expected").glob("*.txt")}
    wrong += [f"expected/{n}.txt belongs to no block" for n in sorted(there - cut)]
    wrong += [f"expected/{n}.txt is missing: run cut.py" for n in sorted(cut - there)]
    return wrong


def main():
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--bin", default="build/bin/gpuslice", help="the program under test")
    words.add_argument("--self-check", action="store_true", help="only check the table of blocks")
    args = words.parse_args()
    faults = table_is_sound()
    for fault in faults:
        print(f"FAIL  {fault}")
    if args.self_check or faults:
        print(f"{len(BLOCKS)} blocks, {len(faults)} errors in their table")
        return 1 if faults else 0
    seen, bad = Counter(), 0
    with Nodes(args.bin) as nodes:
        for block in BLOCKS:
            name = f"{block.number:2} ({block.seed}) {block.about}"
            if block.verdict == WAITS:
                seen[WAITS] += 1
                print(f"waits      {name}: for {block.waits}", flush=True)
                continue
            if block.needs == "devices" and not nodes.may_make_devices():
                print(f"skipped    {name}: no device file can be created here", flush=True)
                continue
            try:
                wrong = play(nodes, block)
            except Broken as why:
                wrong = f"{why}\n"
            if wrong:
                bad += 1
                print(f"DIFFERS    {name}\n{wrong}", end="", flush=True)
                continue
            seen[block.verdict] += 1
            hidden = {n for s in block.steps if isinstance(s, Run) for n in s.redact}
            note = f": {block.reason}" if block.reason else f": without {', '.join(sorted(hidden))}" if hidden else ""
            print(f"{block.verdict:10} {name}{note}", flush=True)
    kinds = ", ".join(f"{k} {seen[k]}" for k in (SAME, REDACTED, CORRECTED, RULE))
    replayed = sum(seen[k] for k in (SAME, REDACTED, CORRECTED, RULE))
    print(f"replayed {replayed} ({kinds}), waiting {seen[WAITS]}" + (f", differing {bad}" if bad else ""))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
