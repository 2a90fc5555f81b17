#!/usr/bin/env python3
"""Runs transcripts with the built program: what a user types, and the exact output.

    tests/cli/run.py --bin build/bin/gpuslice [--update] FILE...

A file contains cases. They run in order in one home directory that is empty at first, with its own folder of simulated
nodes, so a later case sees the effects of earlier ones. A case:

    NAME what it shows
    RUN gpuslice sim list
    EXPECT
      every line of stdout, indented by two blanks (an empty line between others needs none)
    EXPECT_STDERR
      every line of stderr, likewise
    RETURN_CODE 0

RUN is passed to /bin/sh, where `gpuslice` is the program under test; its further lines are indented by two blanks.
Without EXPECT or EXPECT_STDERR nothing may be printed there. RETURN_CODE may be omitted if it is 0. Lines that start
with # are comments. Everything is compared exactly, after three paths that differ between runs are replaced by $NODES
(the folder of nodes), $HOME and $BIN (the folder of the program). --update writes the actual output into the files:
review the difference before you keep it. Exit status: 0 all as expected (or updated), 1 something differs, 2 a file
cannot be read.
"""

import argparse
import difflib
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

TIMEOUT = 120  # seconds per case: far more than any needs, so that a hang fails the case and does not block the run
KEYWORDS = ("NAME", "RUN", "EXPECT", "EXPECT_STDERR", "RETURN_CODE")


@dataclass
class Case:
    line: int
    before: list = field(default_factory=list)  # comments and blank lines above it
    name: str = ""
    run: list = field(default_factory=list)
    out: list = field(default_factory=list)
    err: list = field(default_factory=list)
    code: int = 0

    def text(self):
        yield from self.before
        yield f"NAME {self.name}"
        yield f"RUN {self.run[0]}"
        yield from (f"  {line}" for line in self.run[1:])
        for keyword, lines in (("EXPECT", self.out), ("EXPECT_STDERR", self.err)):
            if lines:
                yield keyword
                written = [f"  {line}" if line else "" for line in lines]
                last = max((i for i, line in enumerate(lines) if line), default=-1)
                yield from written[: last + 1]
                yield from ["  "] * (len(lines) - last - 1)
        if self.code:
            yield f"RETURN_CODE {self.code}"


def parse(path):
    """The cases of a file, and the lines after the last one. Raises ValueError with the line number."""
    cases, pending, block = [], [], None
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        word, _, rest = line.partition(" ")
        if line.startswith("  ") and block is not None and not any(pending):
            block += [*pending, line[2:]]  # the pending empty lines belong to the output
            pending = []
            continue
        if not line or line.startswith("#"):
            pending.append(line)
            continue
        if word not in KEYWORDS:
            raise ValueError(f"{path}:{number}: neither {', '.join(KEYWORDS)} nor an indented line: {line}")
        if word == "NAME":
            cases.append(Case(number, pending, rest))
            pending, block = [], None
            continue
        if not cases or pending:
            raise ValueError(f"{path}:{number}: {word} is outside a case "
                             "(a case starts with NAME and has no blank line)")
        case = cases[-1]
        if word == "RETURN_CODE":
            case.code, block = int(rest), None
        else:
            block = {"RUN": case.run, "EXPECT": case.out, "EXPECT_STDERR": case.err}[word]
            if block:
                raise ValueError(f"{path}:{number}: a second {word}")
            if rest:
                block.append(rest)
    for case in cases:
        if not case.name or not case.run:
            raise ValueError(f"{path}:{case.line}: a case needs a NAME and a RUN")
    if not cases:
        raise ValueError(f"{path}: contains no case")
    return cases, pending


def lines_of(text):
    """The lines of an output. A last line without a newline is marked, so that the difference is visible."""
    if not text:
        return []
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else [*lines[:-1], lines[-1] + "\\ (no newline)"]


class Place:
    """An empty home directory with a folder of nodes, and the environment in which the cases of a file run."""

    def __init__(self, program, folder):
        self.home, self.nodes, self.program = Path(folder) / "home", Path(folder) / "nodes", program
        self.home.mkdir()
        self.environment = {
            "PATH": f"{program.parent}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": str(self.home),
            "GPUSLICE_SIM_DIR": str(self.nodes),
            "GPUSLICE_LOCAL": "readonly",
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "BIN": str(program.parent),
            "NODES": str(self.nodes),
        }
        # Sanitizers are configured by their own variables.
        self.environment |= {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}

    def run(self, case):
        """Runs a case: (stdout lines, stderr lines, exit status) with the changing paths replaced."""
        process = subprocess.Popen(["/bin/sh", "-c", "\n".join(case.run)], cwd=self.home, env=self.environment,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   start_new_session=True)
        try:
            out, err = process.communicate(timeout=TIMEOUT)
            code = process.returncode
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            out, err = process.communicate()
            err += f"run.py: stopped after {TIMEOUT} s\n".encode()
            code = -9
        return lines_of(self.redact(out)), lines_of(self.redact(err)), code

    def redact(self, data):
        text = data.decode("utf-8", errors="backslashreplace")
        for value, name in ((self.nodes, "$NODES"), (self.home, "$HOME"), (self.program.parent, "$BIN")):
            text = text.replace(str(value), name)
        return text


def differences(case, seen):
    for what, expected, actual in (("stdout", case.out, seen[0]), ("stderr", case.err, seen[1]),
                                   ("exit status", [str(case.code)], [str(seen[2])])):
        if expected != actual:
            yield f"    {what}:"
            changes = difflib.unified_diff(expected, actual, lineterm="", n=2)
            yield from (f"      {line}" for line in list(changes)[2:])


def run_file(path, program, update):
    """Runs the cases of a file. Returns how many differ."""
    cases, rest = parse(path)
    failed = 0
    with tempfile.TemporaryDirectory(prefix="gpuslice-cli-") as folder:
        place = Place(program, folder)
        for case in cases:
            seen = place.run(case)
            found = list(differences(case, seen))
            case.out, case.err, case.code = seen
            if not found:
                print(f"ok       {path.name}: {case.name}")
                continue
            failed += 1
            print(f"{'updated' if update else 'DIFFERS':<8} {path.name}:{case.line}: {case.name}")
            if not update:
                print("\n".join(found))
    if update and failed:
        path.write_text("\n".join([line for case in cases for line in case.text()] + rest), encoding="utf-8")
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=Path, required=True, help="the program under test")
    parser.add_argument("--update", action="store_true", help="write the actual output into the files")
    parser.add_argument("files", type=Path, nargs="+")
    options = parser.parse_args()
    program = options.bin.resolve()
    if not os.access(program, os.X_OK):
        print(f"run.py: {program}: no such program (build it first)", file=sys.stderr)
        return 2
    try:
        failed = sum(run_file(path, program, options.update) for path in options.files)
    except (OSError, ValueError) as error:
        print(f"run.py: {error}", file=sys.stderr)
        return 2
    return 1 if failed and not options.update else 0


if __name__ == "__main__":
    sys.exit(main())
