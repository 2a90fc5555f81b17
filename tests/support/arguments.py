"""The command line that all suites have in common."""

import argparse
import os


def parser(about):
    """A parser with `--bin`, the program under test, as an absolute path. A suite adds its own options."""
    made = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--bin", required=True, type=os.path.abspath, help="the program under test, in its build folder")
    return made
