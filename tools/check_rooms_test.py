"""Tests of tools/check-rooms: small trees in a temporary folder, most of them with one violation."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM = Path(__file__).resolve().with_name("check-rooms")

TABLE = """# Map

| room | what it is | may use | tests may also use | outside libraries |
|---|---|---|---|---|
| `low` | the ground | - | - | `fmt` |
| `mid` | in between | `low` | `side` | - |
| `side` | a neighbour | - | - | - |
| `top` | what is run | `low`, `mid`, `side` | - | - |
"""

TREE = {
    "ARCHITECTURE.md": TABLE,
    "src/low/a.hpp": "#include <vector>\n#include <sys/mman.h>\n#include <fmt/format.h>\n",
    "src/low/testing/fake.hpp": '#include "low/a.hpp"\n',
    "src/low/CMakeLists.txt": "gpuslice_room(low SOURCES a.cpp LINKS fmt::fmt)\n",
    "src/mid/b.cpp": '#include "mid/b.hpp"\n#include "low/a.hpp"\n',
    "src/mid/b.hpp": "",
    "src/mid/b_test.cpp": '#include <gtest/gtest.h>\n#include "side/c.hpp"\n#include "low/testing/fake.hpp"\n',
    "src/mid/CMakeLists.txt": "gpuslice_room(mid SOURCES b.cpp USES low TESTS b_test.cpp TEST_USES side)\n",
    "src/side/c.hpp": "",
    "src/top/main.cpp": '#include "low/a.hpp"\n#include "mid/b.hpp"\n#include "side/c.hpp"\n',
    "src/top/CMakeLists.txt": "add_executable(it main.cpp)\ntarget_link_libraries(it PRIVATE gpuslice_mid)\n",
}


class CheckRooms(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def check(self, changes, *arguments):
        for name, text in (TREE | changes).items():
            if text is not None:
                path = self.root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
        return subprocess.run([sys.executable, PROGRAM, "--root", self.root, *arguments], capture_output=True, text=True)

    def assert_breach(self, changes, *expected):
        done = self.check(changes)
        lines = done.stderr.splitlines()
        self.assertEqual(list(expected), lines[:-1])
        self.assertEqual(f"check-rooms: {len(expected)} violations of the table of rooms in ARCHITECTURE.md", lines[-1])
        self.assertEqual(1, done.returncode)

    def test_a_tree_without_violations_passes_silently(self):
        done = self.check({})
        self.assertEqual((0, "", ""), (done.returncode, done.stdout, done.stderr))

    def test_an_include_of_a_higher_room_is_reported_with_its_line(self):
        self.assert_breach({"src/low/a.cpp": '#include "low/a.hpp"\n  #  include "mid/b.hpp"\n'},
                           'src/low/a.cpp:2: room low may not use room mid ("mid/b.hpp")')

    def test_a_room_that_only_tests_may_use_is_refused_elsewhere(self):
        self.assert_breach({"src/mid/b.cpp": '#include "side/c.hpp"\n'},
                           'src/mid/b.cpp:1: room mid may not use room side ("side/c.hpp")')

    def test_testing_folders_are_for_tests_only(self):
        self.assert_breach({"src/mid/b.cpp": '#include "low/testing/fake.hpp"\n'},
                           'src/mid/b.cpp:1: "low/testing/fake.hpp" is for tests only')

    def test_the_test_framework_outside_a_test(self):
        self.assert_breach({"src/mid/b.cpp": "#include <gtest/gtest.h>\n"},
                           "src/mid/b.cpp:1: <gtest/gtest.h> in a file that is not a test")

    def test_an_outside_library_that_the_row_does_not_list(self):
        self.assert_breach({"src/mid/b.cpp": "#include <CLI/CLI.hpp>\n"},
                           "src/mid/b.cpp:1: room mid may not use CLI11 (<CLI/CLI.hpp>)")

    def test_an_include_must_name_its_room(self):
        self.assert_breach({"src/mid/b.cpp": '#include "b.hpp"\n#include "../low/a.hpp"\n'},
                           'src/mid/b.cpp:1: "b.hpp" names no room (write "mid/b.hpp")',
                           'src/mid/b.cpp:2: "../low/a.hpp": .. is not a room')

    def test_a_room_without_a_row(self):
        self.assert_breach({"src/attic/x.hpp": ""}, "src/attic/x.hpp:1: room attic has no row in ARCHITECTURE.md")

    def test_a_row_without_a_room(self):
        self.assert_breach({"src/side/c.hpp": None, "src/mid/b_test.cpp": "", "src/top/main.cpp": ""},
                           "ARCHITECTURE.md:7: room side has no file in src/side")

    def test_a_link_that_the_table_forbids(self):
        self.assert_breach({"src/low/CMakeLists.txt": "gpuslice_room(low\n  SOURCES a.cpp\n  USES mid)\n"},
                           "src/low/CMakeLists.txt:3: room low may not link room mid")
        self.assert_breach({"src/low/CMakeLists.txt": "target_link_libraries(x PRIVATE gpuslice_top)\n"},
                           "src/low/CMakeLists.txt:1: room low may not link room top")

    def test_a_room_may_use_only_rooms_above_it_in_the_table(self):
        self.assert_breach({"ARCHITECTURE.md": TABLE.replace("| `low` | the ground | - |", "| `low` | the ground | `mid` |")},
                           "ARCHITECTURE.md:5: low may use mid, whose row (line 6) is not above it")
        self.assert_breach({"ARCHITECTURE.md": TABLE.replace("| `low` | the ground | - |", "| `low` | the ground | `low` |")},
                           "ARCHITECTURE.md:5: low may use low, whose row (line 5) is not above it")

    def test_a_missing_table_is_an_error(self):
        done = self.check({"ARCHITECTURE.md": "# Map\n"})
        self.assertEqual(2, done.returncode)
        self.assertIn("no table of rooms", done.stderr)

    def test_the_stamp_is_written_only_without_violations(self):
        stamp, depfile = self.root / "stamp", self.root / "deps.d"
        self.check({"src/low/a.cpp": '#include "mid/b.hpp"\n'}, "--stamp", stamp, "--depfile", depfile)
        self.assertFalse(stamp.exists())
        done = self.check({"src/low/a.cpp": ""}, "--stamp", stamp, "--depfile", depfile)
        self.assertEqual(0, done.returncode)
        self.assertTrue(stamp.exists())
        target, _, needs = depfile.read_text(encoding="utf-8").partition(": ")
        self.assertEqual(str(stamp), target)
        for name in ("ARCHITECTURE.md", "src", "src/low", "src/mid/b_test.cpp", "src/mid/CMakeLists.txt"):
            self.assertIn(str(self.root / name), needs.split())


if __name__ == "__main__":
    unittest.main()
