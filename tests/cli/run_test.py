"""Tests of the transcript runner: it must detect every difference, and --update must write a file that passes."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

RUNNER = Path(__file__).resolve().with_name("run.py")

PASSING = """# A script takes the place of gpuslice.
NAME prints its arguments
RUN tool one two
EXPECT
  one
  two

NAME prints to stderr and fails
RUN tool --fail 2>&1 >/dev/null
  exit 4
EXPECT
  failed in $NODES

  from $BIN
RETURN_CODE 4

NAME sees the file of an earlier case
RUN cat "$HOME/left" >&2
EXPECT_STDERR
  here
"""

TOOL = """#!/bin/sh
if [ "$1" = --fail ]; then
  printf 'failed in %s\\n\\nfrom %s\\n' "$GPUSLICE_SIM_DIR" "$(dirname "$0")" >&2
  echo here >"$HOME/left"
  exit 1
fi
[ "$GPUSLICE_LOCAL" = readonly ] || exit 9
printf '%s\\n' "$@"
"""


class Runner(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.tool = Path(folder.name) / "tool"
        self.tool.write_text(TOOL, encoding="utf-8")
        self.tool.chmod(0o755)
        self.file = Path(folder.name) / "case.txt"

    def run_text(self, text, *arguments):
        self.file.write_text(text, encoding="utf-8")
        return subprocess.run([sys.executable, RUNNER, "--bin", self.tool, *arguments, self.file], capture_output=True, text=True)

    def test_exact_output_passes(self):
        done = self.run_text(PASSING)
        self.assertEqual((0, ""), (done.returncode, done.stderr), done.stdout)
        self.assertEqual(3, done.stdout.count("ok "))

    def test_every_kind_of_difference_fails(self):
        for old, new in (("  two\n", ""), ("  two\n", "  two \n"), ("  two\n", "  two\n  three\n"), ("RETURN_CODE 4\n", ""),
                         ("EXPECT_STDERR\n  here\n", ""), ("EXPECT_STDERR\n", "EXPECT\n")):
            with self.subTest(old=old, new=new):
                self.assertIn(old, PASSING)
                done = self.run_text(PASSING.replace(old, new))
                self.assertEqual(1, done.returncode)
                self.assertIn("DIFFERS", done.stdout)

    def test_a_missing_newline_at_the_end_is_a_difference(self):
        self.assertEqual(1, self.run_text("NAME n\nRUN printf x\nEXPECT\n  x\n").returncode)

    def test_update_restores_the_file(self):
        broken = PASSING.replace("  two\n", "  three\n").replace("RETURN_CODE 4\n", "").replace("EXPECT_STDERR\n  here\n", "")
        self.assertEqual(0, self.run_text(broken, "--update").returncode)
        self.assertEqual(PASSING, self.file.read_text(encoding="utf-8"))

    def test_a_file_it_cannot_read_is_named(self):
        for text, words in (("RUN x\n", ":1: RUN is outside"),
                            ("NAME n\n", ":1: a case needs"), ("NAME n\nRUM x\n", ":2: neither"),
                            ("", "contains no case"), ("NAME n\nRUN x\n\nEXPECT\n  y\n", ":4: EXPECT is outside")):
            with self.subTest(text=text):
                done = self.run_text(text)
                self.assertEqual(2, done.returncode)
                self.assertIn(words, done.stderr)


if __name__ == "__main__":
    unittest.main()
