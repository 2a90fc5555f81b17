"""Copies the files of src that places.py names and inserts its texts, into a folder that precedes src on the include
path.

    overlay.py --list        prints the files, relative to src
    overlay.py --out FOLDER  writes the copies, and the files of added/
"""

import argparse
import shutil
from pathlib import Path

from places import PLACES

HERE = Path(__file__).resolve().parent
SRC = HERE.parent.parent / "src"
ADDED = HERE / "added"


def put_in(source, place):
    """The source with the text of the place inserted. Raises SystemExit if the position does not occur exactly once."""
    anchor = place.after + place.before
    found = source.count(anchor)
    if found != 1:
        raise SystemExit(f"tests/extension/places.py: src/{place.file} has this text {found} times, not once:\n{anchor}")
    return source.replace(anchor, place.after + place.text + place.before)


def files():
    return sorted({place.file for place in PLACES})


def make(out, names, places=PLACES):
    """Writes copies of these files with their places to `out`. A copy that is already up to date keeps its modification
    time."""
    for name in names:
        text = (SRC / name).read_text(encoding="utf-8")
        for place in places:
            if place.file == name:
                text = put_in(text, place)
        path = out / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    if arguments.list:
        print("\n".join(files()))
    if arguments.out:
        wanted = {*files(), *(str(path.relative_to(ADDED)) for path in ADDED.rglob("*"))}
        for path in arguments.out.rglob("*"):  # a copy from an earlier list would hide the file of src
            if path.is_file() and str(path.relative_to(arguments.out)) not in wanted:
                path.unlink()
        make(arguments.out, files())
        shutil.copytree(ADDED, arguments.out, dirs_exist_ok=True)


if __name__ == "__main__":
    main()
