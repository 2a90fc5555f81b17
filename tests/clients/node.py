"""Helpers for the node in which a suite runs: `gpuslice sim` commands, processes that hold its GPUs, and NVML's lists
as Python lists."""
import atexit
import ctypes
import os
import subprocess
import sys

import pynvml as n
from check import equal
from support.nobody import NOBODY

NODE = sys.argv[1]
UNINITIALIZED, INVALID, NOT_SUPPORTED, NO_PERMISSION, NOT_FOUND, TOO_SMALL = 1, 2, 3, 4, 6, 7
NOT_LOADED, LOST, IN_USE, NO_ROOM, VERSION = 9, 15, 19, 23, 25
PROFILE_ENUMS = 17  # of driver R580


def host(*words, check=True):
    """Runs `gpuslice sim COMMAND NODE ...` as the owner of the host would. Returns the exit status."""
    done = subprocess.run([os.environ["GPUSLICE_BIN"], "sim", words[0], NODE, *words[1:]], capture_output=True, text=True)
    if check:
        equal((done.returncode, done.stderr if done.returncode else ""), (0, ""), f"sim {' '.join(words)}")
    return done.returncode


class Client:
    """A process that holds a GPU, or one of its MIG devices, until end() is called or this process ends."""

    def __init__(self, *words):
        self.process = subprocess.Popen([os.environ["GPUSLICE_BIN"], "sim", "attach", NODE, *words, "--", "sh", "-c", "echo ready; exec cat"],
                                        stdout=subprocess.PIPE, stdin=subprocess.PIPE, stderr=subprocess.STDOUT)
        atexit.register(self.process.kill)
        equal(self.process.stdout.readline(), b"ready\n", f"client {words}")
        self.pid = self.process.pid

    def end(self):
        self.process.kill()
        self.process.communicate()


def as_nobody(what, look, *args):
    """Runs look(*args) in a process of another user, with its own NVML session."""
    if os.geteuid() != 0:
        print(f"skipped: nvidia-ml-py suite, {what}: not root, so it cannot become another user")
        return
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            look(*args)
            status = 0
        except BaseException as error:  # the parent must be told of any failure
            print("as another user:", repr(error), flush=True)
        os._exit(status)
    equal(os.waitpid(pid, 0)[1], 0, "the process of another user")


def place(start, size):
    return ctypes.byref(n.c_nvmlGpuInstancePlacement_t(start=start, size=size))


def compute_place(start, size):
    return ctypes.byref(n.c_nvmlComputeInstancePlacement_t(start=start, size=size))


def placements(device, profile):
    count = ctypes.c_uint(0)
    n.nvmlDeviceGetGpuInstancePossiblePlacements(device, profile, None, ctypes.byref(count))
    array = (n.c_nvmlGpuInstancePlacement_t * count.value)()
    n.nvmlDeviceGetGpuInstancePossiblePlacements(device, profile, array, ctypes.byref(count))
    return [(p.start, p.size) for p in array]


def compute_placements(gi, profile):
    count = ctypes.c_uint(0)
    n.nvmlGpuInstanceGetComputeInstancePossiblePlacements(gi, profile, None, ctypes.byref(count))
    array = (n.c_nvmlComputeInstancePlacement_t * count.value)()
    n.nvmlGpuInstanceGetComputeInstancePossiblePlacements(gi, profile, array, ctypes.byref(count))
    return [(p.start, p.size) for p in array]


def instances(device, profile):
    array = (n.c_nvmlGpuInstance_t * 8)()
    count = ctypes.c_uint(0)
    n.nvmlDeviceGetGpuInstances(device, profile, array, ctypes.byref(count))
    return [n.nvmlGpuInstanceGetInfo(array[i]) for i in range(count.value)]


def compute_instances(gi, profile):
    array = (n.c_nvmlComputeInstance_t * 8)()
    count = ctypes.c_uint(0)
    n.nvmlGpuInstanceGetComputeInstances(gi, profile, array, ctypes.byref(count))
    return [n.nvmlComputeInstanceGetInfo(array[i]) for i in range(count.value)]


def remaining(device, profile):
    return n.nvmlDeviceGetGpuInstanceRemainingCapacity(device, profile)


def compute_remaining(gi, profile):
    return n.nvmlGpuInstanceGetComputeInstanceRemainingCapacity(gi, profile)


def switch(device, mode):
    """Sets the MIG mode and returns the activation status. Raises if the call itself fails."""
    return n.nvmlDeviceSetMigMode(device, mode)


def profiles(device):
    """Profile id -> (enum, info), enumerated as nvidia-smi does: from 0 until INVALID_ARGUMENT."""
    found = {}
    for number in range(64):
        try:
            info = n.nvmlDeviceGetGpuInstanceProfileInfo(device, number)
        except n.NVMLError as error:
            if error.value == INVALID:
                equal(number, PROFILE_ENUMS, "the first invalid enum")
                return found
            equal(error.value, NOT_SUPPORTED, f"profile enum {number}")
            continue
        found[info.id] = (number, info)
    raise AssertionError("the enumeration of profiles does not end")


def compute_profiles(gi):
    """Compute profile id -> (enum, info) of a GPU instance."""
    found = {}
    for number in range(9):
        try:
            info = n.nvmlGpuInstanceGetComputeInstanceProfileInfo(gi, number, 0)
        except n.NVMLError as error:
            equal(error.value, NOT_SUPPORTED, f"compute profile enum {number}")
            continue
        found[info.id] = (number, info)
    return found


def text(value):
    return value.decode() if isinstance(value, bytes) else value
