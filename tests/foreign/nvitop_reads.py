"""Prints as JSON what nvitop's library shows of the node in which it runs. Run it with `python -I`, because nvitop.py
in this folder has the same name as that library."""

import json

from nvitop import Device, MigDevice


def processes(device):
    return [[pid, one.name(), one.gpu_memory(), one.type, one.gpu_instance_id(), one.compute_instance_id()]
            for pid, one in sorted(device.processes().items())]


def mig_device(mig):
    memory = mig.memory_info()
    return {"index": mig.index, "name": mig.name(), "uuid": mig.uuid(), "gi": mig.gpu_instance_id(), "ci": mig.compute_instance_id(),
            "total": memory.total, "used": memory.used, "free": memory.free, "parent": mig.parent.uuid(), "processes": processes(mig)}


def gpu(device):
    return {"index": device.index, "name": device.name(), "uuid": device.uuid(), "pci": device.bus_id(), "total": device.memory_total(),
            "mode": device.mig_mode(), "most": device.max_mig_device_count(), "mig": [mig_device(mig) for mig in device.mig_devices()],
            "processes": processes(device)}


print(json.dumps({"driver": Device.driver_version(), "CUDA": Device.cuda_driver_version(), "GPUs": [gpu(device) for device in Device.all()],
                  "MIG": [mig.uuid() for mig in MigDevice.all()]}))
