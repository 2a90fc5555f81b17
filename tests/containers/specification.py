"""The CDI specification of a simulated node: what a container must be given to see the node's devices.

The node's library finds the node by GPUSLICE_SIM_NODE, and there its state and the file of its clients. What it shows is
decided by the device files below GPUSLICE_SIM_VIEW: with "/" by those that the container was given, as on real hardware.
Of the node's folder only the files that are needed are mounted: its dev has the files of all devices, so a container that
had the whole folder and lost the variable would see everything.
"""


def specification(node):
    """For every MIG device of the node, one CDI device by the name of its instance and one by its UUID."""
    ran = node.on("cdi", "generate", "--file", "-")
    if ran.returncode != 0:
        raise AssertionError(ran.stderr)
    return ran.stdout
