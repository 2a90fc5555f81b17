#!/usr/bin/env python3
"""A way of sharing GPUs can be added without changing existing code. places.py lists the places in the source, as a
guide for doing this.

Checked here:
  * with the texts of places.py inserted, the new kind of step, its part of a GPU's state and its section of a simulated
    node's state work (the program extension_test);
  * without one of the required texts the product does not compile, and the error names what is missing;
  * no other file of src visits the kinds of steps, and no object that extension_test links from the product includes
    one of the places.
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
# A visit of the kinds of a step, by a visitor or by a generic lambda.
VISIT = re.compile(r"std::visit\([^;]*\.action\)")


class Extension(unittest.TestCase):
    program = build = apart = None

    def test_the_addition_works(self):
        ran = subprocess.run([str(self.build / "tests" / "extension_test"), "--gtest_brief=1"],
                             env=environment(nodes="", GPUSLICE_PROGRAM=self.program), check=False)
        self.assertEqual(ran.returncode, 0)

    def test_without_a_required_text_it_does_not_compile(self):
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

    def test_objects_of_the_product_include_no_place(self):
        for source in self.apart:
            self.assertEqual(included(source) & set(overlay.files()), set(), source)

    def test_the_list_has_every_visit_of_the_kinds(self):
        visiting = {str(path.relative_to(overlay.SRC)) for path in overlay.SRC.rglob("*.?pp") if not path.name.endswith("_test.cpp")
                    and VISIT.search(path.read_text(encoding="utf-8"))}
        self.assertEqual(visiting, {place.file for place in PLACES if "Reserve" in place.says})


def included(source, seen=frozenset()):
    """This file and all files of src that it includes, directly or indirectly."""
    found = set(seen) | {source}
    for name in INCLUDE.findall((overlay.SRC / source).read_text(encoding="utf-8")):
        if name not in found and (overlay.SRC / name).exists():
            found |= included(name, found)
    return found


def check_of(entry, first, source):
    """The compile command of `entry` for `source`, with the folder `first` before all others on the include path and
    without an output file."""
    words = shlex.split(entry["command"])
    at = words.index("-o")
    options = [word for word in words[1:at] + words[at + 2:] if word not in ("-c", "-Werror", entry["file"])]
    return [words[0], "-I", str(first), *options, "-fsyntax-only", str(source)]


if __name__ == "__main__":
    options = parser(__doc__)
    options.add_argument("--build", required=True, type=Path, help="the build folder")
    options.add_argument("--apart", nargs="+", default=[], help="files of src whose objects are the product's")
    given = options.parse_args()
    Extension.program, Extension.build, Extension.apart = given.bin, given.build.resolve(), given.apart
    unittest.main(argv=["extension"])
