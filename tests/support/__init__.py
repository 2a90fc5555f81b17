"""What the suites share, one concept a module.

The folder of each suite that uses it has a link to this package, so `python3 tests/SUITE/run.py` finds it from any directory.
"""
