#!/usr/bin/env python3
"""Runs the commands of a page and compares their output with the page.

    python3 tests/docs/run.py --bin build/bin/gpuslice docs/first-layout.md [--update]

In a block ```console a line that begins with `$ ` is a command, and the lines up to the next command are its output
(standard output and error, as they appear). A block ```yaml whose first line is `# NAME` is written to the file NAME.
Everything runs in one shell, in a temporary folder with its own simulated nodes. Process ids and seconds, which differ
between runs, are redacted before the comparison. --update writes the actual output into the page.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from support.arguments import parser
from support.environment import environment

REDACTED = [(re.compile(r"process \d+"), "process PID"), (re.compile(r"^\[\d+\] \d+$", re.M), "[JOB]"),
            (re.compile(r"\b\d+\.\d s\b"), "N s"), (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"), "TIME"),
            (re.compile(r"\S+/nodes/"), "NODES/"), (re.compile(r"line \d+: +\d+ Killed"), "line N: PID Killed"),
            (re.compile(r" of \w+,"), " of USER,"), (re.compile(r"(TIME +)\w+"), r"\1USER")]
FENCE = re.compile(r"^```(\w*)$")


def redact(text):
    for pattern, word in REDACTED:
        text = pattern.sub(word, text)
    return "\n".join(line.rstrip() for line in text.splitlines())


class Shell:
    """One bash process for a whole page."""

    def __init__(self, program, folder):
        path = os.path.dirname(program) + ":" + os.environ["PATH"]
        work = os.path.join(folder, "work")
        os.makedirs(work)
        self.folder = Path(work)
        self.bash = subprocess.Popen(["bash", "--norc"], cwd=work, text=True, stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                     env=environment(os.path.join(folder, "nodes"), NO_COLOR="1", PATH=path, LC_ALL="C.UTF-8"))

    def run(self, command):
        mark = "=== end of command ==="
        self.bash.stdin.write(f"{command}\necho; echo '{mark}'\n")
        self.bash.stdin.flush()
        lines = []
        for line in self.bash.stdout:
            if line.rstrip("\n") == mark:
                break
            lines.append(line)
        # The empty line before the mark is ours, because the output of a command may not end with a line end.
        return "".join(lines)[:-1].rstrip("\n")

    def close(self):
        self.bash.stdin.write("kill $(jobs -p) 2>/dev/null; wait 2>/dev/null\n")
        self.bash.stdin.close()
        self.bash.stdout.read()
        self.bash.wait()


def commands(block):
    """The (command, expected output) pairs of a console block."""
    found = []
    for line in block:
        if line.startswith("$ "):
            found.append([line[2:], []])
        elif found and found[-1][0].endswith("\\") and not found[-1][1]:
            found[-1][0] += "\n" + line
        elif found:
            found[-1][1].append(line)
    return found


def walk(page, shell, update):
    lines, out, wrong, count = page.read_text(encoding="utf-8").split("\n"), [], 0, 0
    at = 0
    while at < len(lines):
        fence = FENCE.match(lines[at])
        out.append(lines[at])
        at += 1
        if not fence or not fence.group(1):
            continue
        end = at
        while lines[end] != "```":
            end += 1
        block = lines[at:end]
        if fence.group(1) == "yaml" and block and block[0].startswith("# "):
            (shell.folder / block[0][2:].split()[0]).write_text("\n".join(block) + "\n", encoding="utf-8")
        if fence.group(1) == "console":
            block_out = []
            for command, expected in commands(block):
                count += 1
                printed = shell.run(command)
                block_out += [*("$ " + command).split("\n"), *(printed.split("\n") if printed else [])]
                if redact(printed) != redact("\n".join(expected)):
                    wrong += 1
                    if not update:
                        print(f"{page}: $ {command}\n--- the page says\n" + "\n".join(expected) +
                              f"\n--- the command prints\n{printed}\n")
            block = block_out
        out += block + ["```"]
        at = end + 1
    if update:
        # Replace the folder of nodes of this run by root's default.
        page.write_text(re.sub(r"\S+/nodes/", "/var/lib/gpuslice/nodes/", "\n".join(out)), encoding="utf-8")
    print(f"{page}: {count} commands, {wrong} {'changed' if update else 'wrong'}")
    return 0 if update else wrong


def main():
    words = parser(__doc__)
    words.add_argument("--update", action="store_true")
    words.add_argument("pages", nargs="+", type=Path)
    options = words.parse_args()
    wrong = 0
    for page in options.pages:
        with tempfile.TemporaryDirectory(prefix="gpuslice-docs-") as folder:
            shell = Shell(options.bin, folder)
            try:
                wrong += walk(page, shell, options.update)
            finally:
                shell.close()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
