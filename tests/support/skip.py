"""How a suite says that it cannot run here; CMakeLists.txt has the same number as SKIP_RETURN_CODE."""

import sys


class Missing(Exception):
    """Something that the suite needs is not available; the text says what."""


def skip(suite, why):
    """Ends the program, naming the suite and the reason."""
    print(f"skipped: {suite}: {why}")
    sys.exit(77)
