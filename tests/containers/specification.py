"""A CDI specification of a simulated node's MIG devices, written by hand: what a container must be given to see them.

The node's library finds the node by GPUSLICE_SIM_NODE, and there its state and the file of its clients. What it shows is
decided by the device files below GPUSLICE_SIM_VIEW: with "/" by those that the container was given, as on real hardware.
Of the node's folder only the files that are needed are mounted: its dev has the files of all devices, so a container that
had the whole folder and lost the variable would see everything.

The Container Device Interface is specified in github.com/cncf-tags/container-device-interface, SPEC.md.
"""

import json
import os


def specification(node):
    """For every MIG device of the node, one CDI device by the name of its instance and one by its UUID."""
    rows = json.loads(node.on("list", "--output", "json").stdout)
    names = {(row["gpu"], row["gi"]): row["name"] for row in rows if row["kind"] == "gi"}
    devices = []
    for row in rows:
        if row["kind"] != "ci":
            continue
        found = json.loads(node.on("resolve", row["uuid"], "--output", "json").stdout)
        edits = {"deviceNodes": [{"path": one["path"]} for one in found["device_nodes"]]}
        for name in (names[row["gpu"], row["gi"]], row["uuid"]):
            if name:
                devices.append({"name": name, "containerEdits": edits})
    return json.dumps({"cdiVersion": "0.5.0", "kind": "gpuslice/gpu", "devices": devices, "containerEdits": common(node)})


def common(node):
    """What every container needs, whichever device it is given: the driver's own devices, its library, nvidia-smi."""
    options = ["ro", "nosuid", "nodev", "rbind", "rprivate"]
    mounts = [(name, os.path.join(node.directory, name)) for name in ("state", "clients", "lib/libnvidia-ml.so.1", "lib/libcuda.so.1")]
    mounts = [(os.path.join(node.directory, name), path) for name, path in mounts]
    mounts.append(("/usr/bin/nvidia-smi", os.path.join(node.directory, "bin/nvidia-smi")))
    return {
        "env": [f"GPUSLICE_SIM_NODE={node.directory}", "GPUSLICE_SIM_VIEW=/", "GPUSLICE_LOCAL=readonly"],
        "deviceNodes": [{"path": "/dev/nvidiactl"}, {"path": "/dev/nvidia-uvm"}, {"path": "/dev/nvidia-uvm-tools"}],
        "mounts": [{"hostPath": path, "containerPath": inside, "options": options} for inside, path in mounts],
    }
