"""The environment in which a suite runs the program under test."""

import os


def environment(nodes, **more):
    """The caller's environment, with the simulated nodes in the folder `nodes` and without the variables of a node in
    which the caller runs."""
    own = {key: value for key, value in os.environ.items() if not key.startswith("GPUSLICE_")}
    return {**own, "GPUSLICE_SIM_DIR": str(nodes), "GPUSLICE_LOCAL": "readonly", **more}
