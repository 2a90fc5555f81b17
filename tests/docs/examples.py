#!/usr/bin/env python3
"""Runs every example of the manual pages, which are those of `gpuslice help`, and checks its exit status.

    python3 tests/docs/examples.py --bin build/bin/gpuslice

Each example runs in its own folder, with a simulated node `demo` on which commands act, and with the files that
examples name. Python standard library only. Exit status: 0 if all of them work, 1 otherwise.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from support.arguments import parser
from support.environment import environment

FILES = {
    "setup.yaml": "version: gpuslice/v1\ngpus: [{select: {index: 0}, instances: [{name: train, profile: 2g.10gb}]}]\n",
    "layout.yaml": "version: gpuslice/v1\ngpus: [{select: {index: 0}, instances: [{name: train, profile: 2g.10gb}, "
                   "{name: web, profile: 3g.20gb}]}]\n",
    "day.yaml": "version: gpuslice/v1\ngpus: [{select: all, instances: [{profile: 1g.5gb, count: 7}]}]\n",
    "night.yaml": "version: gpuslice/v1\ngpus: [{select: all, instances: [{profile: 7g.40gb}]}]\n",
    "mig-parted.yaml": "version: v1\nmig-configs: {all-1g.5gb: [{devices: all, mig-enabled: true, mig-devices: {1g.5gb: 7}}]}\n",
    "recipe.yaml": "version: gpuslice.sim/v1\ngpus: [{product: a30, count: 2}]\n",
}
# What an example needs in addition. The node itself already exists unless the example creates it.
BEFORE = {"gpuslice sim restore": "gpuslice sim snapshot demo clean"}
STATUSES = {"gpuslice diff": {3}, "gpuslice assert": {3}}  # in these examples, the node differs from the layout
STATUSES["gpuslice doctor"] = {0, 3}  # nothing restores the node's instances at boot


def unescaped(text):
    return text.replace("\\-", "-").replace("\\&", "").replace("\\e", "\\")


def examples(program, folder):
    """(description, command) of each example, as in the manual pages."""
    subprocess.run([program, "man", folder], check=True, stderr=subprocess.DEVNULL)
    found = []
    for page in sorted(Path(folder).iterdir()):
        section = page.read_text(encoding="utf-8").partition(".SH EXAMPLES\n")[2].partition("\n.SH ")[0]
        found += [(unescaped(what), unescaped(line)) for what, line in
                  re.findall(r"\.PP\n(.*):\n\.PP\n\.nf\n\.RS\n(.*)\n\.RE\n\.fi", section)]
    return found


def wanted(line):
    for start, statuses in STATUSES.items():
        if line.startswith(start):
            return statuses
    return {0}


def run(program, line):
    """Returns "" if the example works, and what went wrong otherwise."""
    with tempfile.TemporaryDirectory(prefix="gpuslice-example-") as name:
        folder = Path(name)
        for file, text in FILES.items():
            (folder / file).write_text(text, encoding="utf-8")
        # Replaces `man -l -` on a machine without man.
        (folder / "bin").mkdir()
        (folder / "bin/man").write_text("#!/bin/sh\ncat >/dev/null\n")
        (folder / "bin/man").chmod(0o755)
        nodes = folder / "nodes"
        env = environment(nodes, HOME=name, SHELL="/bin/sh", NO_COLOR="1", LC_ALL="C.UTF-8",
                          PATH=f"{folder}/bin:{os.path.dirname(program)}:{os.environ['PATH']}")
        env.pop("XDG_STATE_HOME", None)

        def shell(command):
            return subprocess.run(["bash", "--norc", "-c", command], cwd=folder, env=env, text=True, timeout=60,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

        if not line.startswith("gpuslice sim create"):
            before = ["gpuslice sim create demo --gpus 2xa100-40gb", "gpuslice --node sim:demo apply -f setup.yaml"]
            before += [command for start, command in BEFORE.items() if line.startswith(start)]
            for command in before:
                ran = shell(command)
                if ran.returncode != 0:
                    return f"{command}: status {ran.returncode}\n{ran.stdout}"
            env["GPUSLICE_SIM_NODE"] = str(nodes / "demo")
            device = re.search(r"MIG-[0-9a-f-]{36}", shell("gpuslice list").stdout)
            env["CUDA_VISIBLE_DEVICES"] = device.group(0) if device else "no MIG device"
        ran = shell(line)
        if ran.returncode in wanted(line):
            return ""
        return f"status {ran.returncode}\n{ran.stdout}"


def main():
    options = parser(__doc__).parse_args()
    with tempfile.TemporaryDirectory(prefix="gpuslice-man-") as folder:
        all_examples = examples(options.bin, folder)
    wrong = 0
    for what, line in all_examples:
        if said := run(options.bin, line):
            wrong += 1
            print(f"{what}: {line}\n{said}")
    print(f"{len(all_examples)} examples, {wrong} wrong")
    return 1 if wrong or len(all_examples) < 50 else 0


if __name__ == "__main__":
    sys.exit(main())
