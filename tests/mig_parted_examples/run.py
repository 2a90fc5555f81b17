#!/usr/bin/env python3
"""gpuslice loads every configuration that NVIDIA ships in the source of mig-parted.

    python3 tests/mig_parted_examples/run.py --bin build/bin/gpuslice [--module DIR]

The source is downloaded as a Go module (`go mod download`); --module names an existing source tree instead.
Configurations are taken from all of its YAML and Markdown files, including those embedded in other text (a ConfigMap, a
block of a README). Each is loaded with `gpuslice schema --check -`, and the number of configurations it reports must
equal the number of names counted here. Prints the version and what was loaded. Exit status: 0 all loaded, 1 some were
not, 77 the source is not available (the reason is printed).
"""
import os
import re
import subprocess
import sys
from pathlib import Path

from support.arguments import parser
from support.go_module import module_folder
from support.skip import Missing, skip

MODULE = "github.com/NVIDIA/mig-parted"
VERSION = "v0.10.0"  # pinned, so that the result does not change
START = re.compile(r"^( *)version: *[\"']?v1[\"']?$")


def blocks(text):
    """(line, text) of each mig-parted file in a text: from `version: v1` to the first line that is indented less."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        start = START.match(line)
        if not start or number + 1 == len(lines):
            continue
        indent = start.group(1)
        end = number + 1
        while end < len(lines) and (not lines[end].strip() or lines[end].startswith(indent)) and lines[end].strip() not in ("```", "EOF", "---"):
            end += 1
        # In a README's console examples the file is followed by a prompt or an error message.
        block = [one[len(indent):] for one in lines[number:end]]
        for at, one in enumerate(block):
            if one.startswith("$ "):
                block = block[:at]
                break
        if any(one.startswith("mig-configs:") for one in block):
            yield number + 1, "\n".join(block) + "\n"


def count_names(block):
    """The number of names under mig-configs: the lines with the least indentation below it that are not list items."""
    below = block[block.index("\nmig-configs:") + 1:].splitlines()[1:]
    names = [re.match(r"( *)([^\s#-].*|\"[^\"]*\"):( .*)?$", line) for line in below]
    names = [len(name.group(1)) for name in names if name]
    return names.count(min(names))


def main():
    words = parser(__doc__)
    words.add_argument("--module")
    words = words.parse_args()
    try:
        folder = Path(words.module) if words.module else module_folder(MODULE, VERSION, {**os.environ, "GOFLAGS": "-mod=mod"})
    except Missing as why:
        skip("examples of mig-parted", why)
    version = "of " + words.module if words.module else VERSION
    loaded = configurations = failed = 0
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.suffix not in (".yaml", ".yml", ".md") or "vendor" in relative.parts or not path.is_file():
            continue
        for line, block in blocks(path.read_text(encoding="utf-8")):
            ran = subprocess.run([words.bin, "schema", "--check", "-"], input=block, capture_output=True, text=True, timeout=60)
            names = count_names(block)
            wanted = f"<stdin>: ok, {names} configuration{'' if names == 1 else 's'}\n"
            loaded += 1
            configurations += names
            print(f"{relative}:{line}: {names} configurations")
            if (ran.returncode, ran.stdout, ran.stderr) != (0, wanted, ""):
                failed += 1
                print(f"  FAILED: status {ran.returncode}: {ran.stdout}{ran.stderr}  wanted: {wanted}", end="")
    if loaded == 0:
        print(f"mig-parted {version}: no examples found")
        return 1
    print(f"mig-parted {version}: {loaded} files with {configurations} configurations, {failed} files not loaded")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
