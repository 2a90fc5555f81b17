"""One node used concurrently by threads, forked children and other processes. Argument: the node's name."""
import ctypes
import os
import subprocess
import sys
import threading

import pynvml as n
from check import done, equal, true

PROFILE, HALF = (19, 9)


def listed(device):
    array = (n.c_nvmlGpuInstance_t * 8)()
    count = ctypes.c_uint()
    n.nvmlDeviceGetGpuInstances(device, PROFILE, array, ctypes.byref(count))
    return count.value


def threads(device):
    """One thread creates and destroys instances; sixteen others read, and must never get an error or an impossible
    value."""
    stop, wrong = threading.Event(), []

    def look():
        while not stop.is_set():
            try:
                found = listed(device)
                if not 0 <= found <= 7:
                    wrong.append(found)
                left = n.nvmlDeviceGetGpuInstanceRemainingCapacity(device, PROFILE)
                if not 0 <= left <= 7:
                    wrong.append(left)
                memory = n.nvmlDeviceGetMemoryInfo(device)
                if memory.used + memory.free != memory.total:
                    wrong.append(memory.used)
            except n.NVMLError as error:
                wrong.append(error)

    lookers = [threading.Thread(target=look, daemon=True) for _ in range(16)]
    for thread in lookers:
        thread.start()
    for _ in range(50):
        made = [n.nvmlDeviceCreateGpuInstance(device, PROFILE) for _ in range(7)]
        equal(listed(device), 7, "all seven")
        for gi in made:
            n.nvmlGpuInstanceDestroy(gi)
    stop.set()
    for thread in lookers:
        thread.join()
    equal(wrong, [], "what the other threads saw")


def forks(device):
    """A forked child of an initialised process uses the library without initialising it, at the same time as its
    parent."""
    children = []
    for child in range(4):
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                for _ in range(25):
                    gi = n.nvmlDeviceCreateGpuInstance(device, PROFILE)
                    n.nvmlGpuInstanceDestroy(gi)
                status = 0
            finally:
                os._exit(status)
        children.append(pid)
    for _ in range(25):
        n.nvmlGpuInstanceDestroy(n.nvmlDeviceCreateGpuInstance(device, PROFILE))
    equal([os.waitpid(pid, 0)[1] for pid in children], [0] * 4, "children")
    equal(listed(device), 0, "nothing is left")


def processes(device):
    """An instance created by one process is immediately visible to another, which can destroy it; after that, its
    handle is invalid in the first process."""
    gi = n.nvmlDeviceCreateGpuInstance(device, HALF)
    n.nvmlGpuInstanceCreateComputeInstance(gi, 0)
    mig = n.nvmlDeviceGetMigDeviceHandleByIndex(device, 0)
    other = subprocess.run([sys.executable, "-c",
                            "import pynvml as n; n.nvmlInit(); d = n.nvmlDeviceGetHandleByIndex(0); m = n.nvmlDeviceGetMigDeviceHandleByIndex(d, 0)\n"
                            "print(n.nvmlDeviceGetUUID(m)); g = n.nvmlDeviceGetGpuInstanceById(d, n.nvmlDeviceGetGpuInstanceId(m))\n"
                            "n.nvmlComputeInstanceDestroy(n.nvmlGpuInstanceGetComputeInstanceById(g, 0)); n.nvmlGpuInstanceDestroy(g)"],
                           capture_output=True, text=True)
    equal(other.stderr, "", "the other process")
    true(other.stdout.startswith("MIG-"), "it saw the MIG device")
    for call in (n.nvmlDeviceGetUUID, n.nvmlDeviceGetName):
        try:
            call(mig)
            true(False, "a MIG handle whose instance is gone still works")
        except n.NVMLError as error:
            equal(error.value, 2, "a MIG handle whose instance is gone")


def main():
    n.nvmlInit()
    device = n.nvmlDeviceGetHandleByIndex(0)
    equal(n.nvmlDeviceSetMigMode(device, 1), 0, "MIG on")
    threads(device)
    forks(device)
    processes(device)
    n.nvmlDeviceSetMigMode(device, 0)
    n.nvmlShutdown()
    done()


if __name__ == "__main__":
    main()
