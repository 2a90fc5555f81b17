"""Init and shutdown: they are counted, called from many threads, and called while the node is deleted or recreated.
Argument: the node's name; this suite deletes the node."""
import ctypes
import os
import subprocess
import threading

import pynvml as n
from check import done, equal, refused
from node import NODE, NOT_LOADED, UNINITIALIZED, host

lib = ctypes.CDLL("libnvidia-ml.so.1")
count = ctypes.c_uint()


def counted():
    refused(UNINITIALIZED, n.nvmlDeviceGetCount)
    equal(lib.nvmlShutdown(), UNINITIALIZED, "shutdown before init")
    for call, args in ((lib.nvmlInit, ()), (lib.nvmlInit_v2, ()), (lib.nvmlInitWithFlags, (0,)), (lib.nvmlInitWithFlags, (7,))):
        equal(call(*args), 0, "init")
    for _ in range(4):
        equal(lib.nvmlDeviceGetCount_v2(ctypes.byref(count)), 0, "one shutdown for each init")
        equal(lib.nvmlShutdown(), 0, "shutdown")
    equal(lib.nvmlDeviceGetCount_v2(ctypes.byref(count)), UNINITIALIZED, "after the last shutdown")
    equal(lib.nvmlShutdown(), UNINITIALIZED, "one shutdown too many")


def threads():
    """Threads open and close sessions. Each call either succeeds or reports that no session is open; at the end none is
    open."""
    wrong = []

    def work():
        device, number = ctypes.c_void_p(), ctypes.c_uint()
        for _ in range(300):
            if lib.nvmlInit_v2() != 0:
                wrong.append("init")
            # This thread's own session is open, so every call must succeed.
            if lib.nvmlDeviceGetHandleByIndex_v2(0, ctypes.byref(device)) != 0 or lib.nvmlDeviceGetIndex(device, ctypes.byref(number)) != 0:
                wrong.append("a call inside a session failed")
            if lib.nvmlShutdown() != 0:
                wrong.append("shutdown")

    workers = [threading.Thread(target=work) for _ in range(16)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    equal(wrong, [], "16 threads, each with its own sessions")
    equal(lib.nvmlShutdown(), UNINITIALIZED, "all are closed")


def underneath():
    """A deleted node stays readable in open sessions. A new session finds no node, or the node that was recreated."""
    n.nvmlInit()
    device = n.nvmlDeviceGetHandleByIndex(0)
    name, uuid = n.nvmlDeviceGetName(device), n.nvmlDeviceGetUUID(device)
    host("delete")
    equal((n.nvmlDeviceGetName(device), n.nvmlDeviceGetUUID(device)), (name, uuid), "of a deleted node")
    n.nvmlShutdown()
    refused(NOT_LOADED, n.nvmlInit)
    refused(UNINITIALIZED, n.nvmlDeviceGetCount)
    subprocess.run([os.environ["GPUSLICE_BIN"], "sim", "create", NODE, "--gpus", "3xa30-24gb", "--seed", "99"], check=True, capture_output=True)
    n.nvmlInit()
    equal(n.nvmlDeviceGetCount(), 3, "the recreated node")
    equal(n.nvmlDeviceGetName(n.nvmlDeviceGetHandleByIndex(0)), "NVIDIA A30", "the recreated node")
    n.nvmlShutdown()


def main():
    counted()
    threads()
    underneath()
    done()


if __name__ == "__main__":
    main()
