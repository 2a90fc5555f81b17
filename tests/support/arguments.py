"""The command line that every suite has."""

import argparse
import os


def parser(about):
    """Takes `--bin`, the program under test, whose absolute path it gives; a suite adds options of its own."""
    made = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--bin", required=True, type=os.path.abspath, help="the program under test, in its build folder")
    return made
