"""How a suite reports that it cannot run here. The exit status is the SKIP_RETURN_CODE of CMakeLists.txt."""

import sys


class Missing(Exception):
    """Something that the suite needs is not available. The text names it."""


def skip(suite, why):
    """Prints the suite and the reason, and ends the program."""
    print(f"skipped: {suite}: {why}")
    sys.exit(77)
