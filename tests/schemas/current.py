#!/usr/bin/env python3
"""docs/schemas must contain the schema of every output as the program prints it now.

    python3 tests/schemas/current.py --bin build/bin/gpuslice [--update]

--update writes the files. Python standard library only. Exit status: 0 if all are current (or written), 1 otherwise.
"""

import subprocess
import sys
from pathlib import Path

from support.arguments import parser

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "schemas"


def said(program, *words):
    return subprocess.run([program, "schema", *words], capture_output=True, text=True, check=True, timeout=60).stdout


def main():
    words = parser(__doc__)
    words.add_argument("--update", action="store_true", help="write the files")
    known = words.parse_args()
    names = [line.split()[0] for line in said(known.bin, "--list").splitlines()]
    wrong = [f"{path.name}: no output has this name" for path in FOLDER.glob("*.json") if path.stem not in names]
    for name in names:
        path, text = FOLDER / f"{name}.json", said(known.bin, name)
        if known.update:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            wrong.append(f"{path.name}: is not what gpuslice schema {name} prints")
    for one in wrong:
        print(one)
    if wrong and not known.update:
        print("try: python3 tests/schemas/current.py --bin build/bin/gpuslice --update")
    print(f"{len(names)} schemas, {len(wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
