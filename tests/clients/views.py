"""What can be seen and done by root, by another user on root's node, and by a container with one MIG device. Arguments:
the node's name; inside the container also `inside`, the device's UUID and the UUID of another device."""
import os
import subprocess
import sys

import pynvml as n
from check import done, equal, refused, true
from node import INVALID, NO_PERMISSION, NODE, NOT_FOUND, as_nobody, instances, placements, profiles, switch


def partition():
    """Creates two halves, each with a compute instance. Returns their UUIDs, GPU instance ids and profile."""
    n.nvmlInit()
    device = n.nvmlDeviceGetHandleByIndex(0)
    equal(switch(device, 1), 0, "MIG on")
    half = 9 if n.nvmlDeviceGetMaxMigDeviceCount(device) == 7 else 5
    for _ in range(2):
        n.nvmlGpuInstanceCreateComputeInstance(n.nvmlDeviceCreateGpuInstance(device, half), 2 if half == 9 else 1)
    uuids = [n.nvmlDeviceGetUUID(n.nvmlDeviceGetMigDeviceHandleByIndex(device, i)) for i in range(2)]
    return uuids, [i.id for i in instances(device, half)], half


def changes(device, half, ids):
    """Checks that every call that changes something returns NO_PERMISSION."""
    refused(NO_PERMISSION, n.nvmlDeviceCreateGpuInstance, device, half)
    refused(NO_PERMISSION, switch, device, 1)
    refused(NO_PERMISSION, switch, device, 0)
    refused(NO_PERMISSION, n.nvmlDeviceSetComputeMode, device, 3)
    refused(NO_PERMISSION, n.nvmlDeviceSetPersistenceMode, device, 1)
    for id_ in ids:
        gi = n.nvmlDeviceGetGpuInstanceById(device, id_)
        refused(NO_PERMISSION, n.nvmlGpuInstanceDestroy, gi)
        refused(NO_PERMISSION, n.nvmlGpuInstanceCreateComputeInstance, gi, 0)
        refused(NO_PERMISSION, n.nvmlComputeInstanceDestroy, n.nvmlGpuInstanceGetComputeInstanceById(gi, 0))


def another_user(uuids, ids, half):
    """A process that loads the library as nobody: it can read everything (mig/monitor is open to all) and change
    nothing."""
    n.nvmlInit()
    device = n.nvmlDeviceGetHandleByIndex(0)
    equal(n.nvmlDeviceGetMigMode(device), [1, 1], "mode")
    true(profiles(device), "profiles")
    equal([i.id for i in instances(device, half)], ids, "instances")
    equal([n.nvmlDeviceGetUUID(n.nvmlDeviceGetMigDeviceHandleByIndex(device, i)) for i in range(2)], uuids, "MIG devices")
    true(n.nvmlDeviceGetMemoryInfo(device).total > 0, "memory of the whole GPU")
    equal(n.nvmlDeviceGetComputeRunningProcesses(device), [], "processes")
    changes(device, half, ids)
    n.nvmlShutdown()


def inside_container(mine, others):
    n.nvmlInit()
    device = n.nvmlDeviceGetHandleByIndex(0)
    mig = n.nvmlDeviceGetMigDeviceHandleByIndex(device, 0)
    equal((n.nvmlDeviceGetUUID(mig), n.nvmlDeviceGetIndex(mig)), (mine, 0), "its only device has index 0")
    refused(NOT_FOUND, n.nvmlDeviceGetMigDeviceHandleByIndex, device, 1)
    refused(NOT_FOUND, n.nvmlDeviceGetHandleByUUID, others)
    equal(n.nvmlDeviceGetIndex(n.nvmlDeviceGetHandleByUUID(mine)), 0, "found by UUID")
    memory = n.nvmlDeviceGetMemoryInfo(mig)
    true(0 < memory.total == memory.free + memory.used, "memory of its device")
    equal(n.nvmlDeviceGetComputeRunningProcesses(mig), [], "processes of its device")
    for call in (n.nvmlDeviceGetMemoryInfo, n.nvmlDeviceGetBAR1MemoryInfo, n.nvmlDeviceGetComputeRunningProcesses, n.nvmlDeviceGetGraphicsRunningProcesses):
        refused(NO_PERMISSION, call, device)
    refused(NO_PERMISSION, lambda d: n.nvmlDeviceGetMemoryInfo(d, version=n.nvmlMemory_v2), device)
    half = 9 if n.nvmlDeviceGetMaxMigDeviceCount(device) == 7 else 5
    for call in (instances, placements, n.nvmlDeviceGetGpuInstanceRemainingCapacity):
        refused(NO_PERMISSION, call, device, half)  # it may not see other instances
    changes(device, half, [n.nvmlDeviceGetGpuInstanceId(mig)])
    n.nvmlShutdown()


def main():
    if sys.argv[2:3] == ["inside"]:
        inside_container(*sys.argv[3:])
        return done()
    # The library is loaded in a child process, so that the next child does not inherit root's session.
    read, write = os.pipe()
    if os.fork() == 0:
        os.write(write, repr(partition()).encode())
        os._exit(0)
    os.wait()
    uuids, ids, half = eval(os.read(read, 4096).decode())  # noqa: S307 our own text
    as_nobody("another user's view", another_user, uuids, ids, half)
    for mine, others in (uuids, reversed(uuids)):
        command = [os.environ["GPUSLICE_BIN"], "sim", "exec", NODE, "--only", mine, "--", sys.executable, __file__, NODE, "inside", mine, others]
        container = subprocess.run(command, capture_output=True, text=True)
        equal((container.returncode, container.stderr), (0, ""), "inside the container")
    n.nvmlInit()
    device = n.nvmlDeviceGetHandleByIndex(0)
    equal([i.id for i in instances(device, half)], ids, "nothing was changed")
    equal((n.nvmlDeviceGetComputeMode(device), n.nvmlDeviceGetMigMode(device)), (0, [1, 1]), "nothing was changed")
    for id_ in ids:
        gi = n.nvmlDeviceGetGpuInstanceById(device, id_)
        n.nvmlComputeInstanceDestroy(n.nvmlGpuInstanceGetComputeInstanceById(gi, 0))
        n.nvmlGpuInstanceDestroy(gi)
        refused(INVALID, n.nvmlGpuInstanceGetInfo, gi)
    equal(switch(device, 0), 0, "MIG off")
    n.nvmlShutdown()
    return done()


if __name__ == "__main__":
    main()
