"""Code that the suites share, one concept per module.

The folder of each suite that uses it has a link to this package, so `python3 tests/SUITE/run.py` works from any
directory.
"""
