#!/usr/bin/env python3
"""Complaints of users about tools that partition GPUs. Each is a class of tests that names the issue in which it was
reported.

    python3 tests/complaints/run.py --bin build/bin/gpuslice [SUITE[.CLASS[.TEST]]...]

The state is checked with nvidia-smi inside a simulated node.
"""

import sys
import unittest
from pathlib import Path

from support.arguments import parser
from support.case import OnNode

FOLDER = Path(__file__).resolve().parent


def main():
    words = parser(__doc__)
    words.add_argument("tests", nargs="*")
    options = words.parse_args()
    OnNode.program = options.bin
    names = options.tests or sorted(f.stem for f in FOLDER.glob("*.py") if f.stem not in ("run", "complaint"))
    tests = unittest.defaultTestLoader.loadTestsFromNames(names)
    return 0 if unittest.TextTestRunner(verbosity=2).run(tests).wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
