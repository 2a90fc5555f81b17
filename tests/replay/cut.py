#!/usr/bin/env python3
"""Extracts the expected text of the blocks from the seed documents, at the lines named in blocks.py, into expected/.

  cut.py --seeds FOLDER          writes the files and their index
  cut.py --seeds FOLDER --check  changes nothing; exits with 1 if a file differs from the seeds

Only this is removed: trailing blanks; in 000 the author's marks `<- (...)` after a line; in 002 the doubled first bar
of table lines.
"""

import argparse
import hashlib
import pathlib
import re
import sys

sys.dont_write_bytecode = True
from blocks import BLOCKS

HERE = pathlib.Path(__file__).parent / "expected"


def undo(seed, line):
    if seed == "000":
        line = re.sub(r"<- \([^)]*\)$", "", line.rstrip())
    if seed == "002" and line.startswith("||"):
        line = line[1:]
    return line.rstrip()


def cut(folder):
    """{file name: text} of all pieces, including the index."""
    files, index, seeds = {}, [], {}
    for block in BLOCKS:
        if block.seed not in seeds:
            (path,) = folder.glob(block.seed + "_*.txt")
            data = path.read_bytes()
            seeds[block.seed] = data.decode().split("\n")
            index.append(f"# {path.name} sha256 {hashlib.sha256(data).hexdigest()}")
        for name, (first, last) in block.pieces.items():
            lines = [undo(block.seed, line) for line in seeds[block.seed][first - 1:last]]
            if name + ".txt" in files:
                raise SystemExit(f"cut.py: {name} is cut twice")
            files[name + ".txt"] = "".join(line + "\n" for line in lines)
            index.append(f"{name}.txt {block.seed} {first}-{last}")
    files["INDEX"] = ("# Cut by cut.py: file, seed, lines. A seed is named with the sum of the file it was cut from.\n"
                      + "\n".join(index) + "\n")
    return files


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--seeds", required=True, type=pathlib.Path)
    words.add_argument("--check", action="store_true")
    args = words.parse_args()
    files = cut(args.seeds)
    there = {p.name: p.read_text() for p in HERE.iterdir()} if HERE.exists() else {}
    wrong = sorted(n for n in files.keys() | there.keys() if files.get(n) != there.get(n))
    if args.check:
        for name in wrong:
            print(f"cut.py: expected/{name} differs from the seeds")
        return 1 if wrong else 0
    HERE.mkdir(exist_ok=True)
    for name in wrong:
        if name in files:
            (HERE / name).write_text(files[name])
        else:
            (HERE / name).unlink()
    print(f"cut.py: {len(files) - 1} files, {len(wrong)} changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
