#!/usr/bin/env python3
"""A way of sharing GPUs can be added by adding code: the list of places is in places.py, which is the guide for who adds one.

Shown here:
  * with the texts of places.py put in, the new kind of step, its part of a GPU's state and its section of a simulated node's state do
    what they should (the program extension_test);
  * without one of the required texts the product does not compile, and the error names what is missing;
  * no other file of src visits the kinds of steps, and what the program takes from the product as it is includes none of the places.
"""

import json
import re
import shlex
import subprocess
import tempfile
import unittest
from pathlib import Path

import overlay
from places import PLACES
from support.arguments import parser
from support.environment import environment

INCLUDE = re.compile(r'^#include "(.+)"$', re.MULTILINE)
# Over the kinds of a step, by a visitor or by a lambda that takes them all.
VISIT = re.compile(r"std::visit\([^;]*\.action\)")


class Extension(unittest.TestCase):
    program = build = apart = None

    def test_what_is_added_works(self):
        ran = subprocess.run([str(self.build / "tests" / "extension_test"), "--gtest_brief=1"],
                             env=environment(nodes="", GPUSLICE_PROGRAM=self.program), check=False)
        self.assertEqual(ran.returncode, 0)

    def test_what_is_lacking_does_not_compile(self):
        commands = {}
        for entry in json.loads((self.build / "compile_commands.json").read_text(encoding="utf-8")):
            if "extension_parts.dir" in entry["command"] or "extension_compiles.dir" in entry["command"]:
                commands[entry["file"]] = entry
        lacking = [place for place in PLACES if place.breaks]
        for name in ["its text", "its precondition", "its inverse", "its executor"]:
            self.assertIn(name, [place.lacking for place in lacking])
        for place in lacking:
            with self.subTest(place.lacking), tempfile.TemporaryDirectory() as without:
                overlay.make(Path(without), [place.file], [other for other in PLACES if other.lacking != place.lacking])
                copied = self.build / "tests" / "extension" / "src" / place.breaks
                entry = commands[str(copied if copied.exists() else overlay.SRC / place.breaks)]
                source = Path(without) / place.file if place.file == place.breaks else entry["file"]
                ran = subprocess.run(check_of(entry, without, source), cwd=entry["directory"], capture_output=True, text=True, check=False)
                self.assertNotEqual(ran.returncode, 0, f"compiles without {place.lacking}")
                errors = [line for line in ran.stderr.splitlines() if "error: " in line or "note: " in line]
                self.assertTrue(any(all(word in line for word in place.says) for line in errors), f"{place.says} in:\n{ran.stderr}")

    def test_what_is_taken_from_the_product_includes_no_place(self):
        for source in self.apart:
            self.assertEqual(included(source) & set(overlay.files()), set(), source)

    def test_every_visit_of_the_kinds_is_in_the_list(self):
        visiting = {str(path.relative_to(overlay.SRC)) for path in overlay.SRC.rglob("*.?pp") if not path.name.endswith("_test.cpp")
                    and VISIT.search(path.read_text(encoding="utf-8"))}
        self.assertEqual(visiting, {place.file for place in PLACES if "Reserve" in place.says})


def included(source, seen=frozenset()):
    """The files of src that this one includes, and those that they do."""
    found = set(seen) | {source}
    for name in INCLUDE.findall((overlay.SRC / source).read_text(encoding="utf-8")):
        if name not in found and (overlay.SRC / name).exists():
            found |= included(name, found)
    return found


def check_of(entry, first, source):
    """The command that compiled the file of `entry`, for `source` with the folder `first` before all others, without an output."""
    words = shlex.split(entry["command"])
    at = words.index("-o")
    options = [word for word in words[1:at] + words[at + 2:] if word not in ("-c", "-Werror", entry["file"])]
    return [words[0], "-I", str(first), *options, "-fsyntax-only", str(source)]


if __name__ == "__main__":
    options = parser(__doc__)
    options.add_argument("--build", required=True, type=Path, help="the build folder")
    options.add_argument("--apart", nargs="+", default=[], help="the files, under src, whose objects are the product's")
    given = options.parse_args()
    Extension.program, Extension.build, Extension.apart = given.bin, given.build.resolve(), given.apart
    unittest.main(argv=["extension"])
