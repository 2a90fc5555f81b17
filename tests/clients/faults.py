"""Every kind of fault that can be injected into a node, as a client sees it. Argument: the node's name.

With a second argument this program is a client that a fault kills: it creates a GPU instance and prints its id.
"""
import os
import signal
import subprocess
import sys
import time

import pynvml as n
from check import done, equal, refused, true
from node import IN_USE, LOST, NODE, NO_ROOM, NOT_FOUND, Client, host, instances, switch

PROFILE = 14  # 2g.10gb: there is always space for one more here
CREATE = "nvmlDeviceCreateGpuInstance"


def order(*words):
    host("inject", *words)


def maker():
    n.nvmlInit()
    n.nvmlDeviceCreateGpuInstance(n.nvmlDeviceGetHandleByIndex(0), PROFILE)
    print("made", flush=True)


def killed_maker():
    return subprocess.run([sys.executable, os.path.abspath(__file__), NODE, "make"], capture_output=True, text=True)


def count(device):
    return len(instances(device, PROFILE))


def fail(device):
    order("--fail", "INSUFFICIENT_RESOURCES", "--on", CREATE, "--nth", "2")
    n.nvmlGpuInstanceDestroy(n.nvmlDeviceCreateGpuInstance(device, PROFILE))
    refused(NO_ROOM, n.nvmlDeviceCreateGpuInstance, device, PROFILE)
    equal(count(device), 0, "a call that fails creates nothing")
    n.nvmlGpuInstanceDestroy(n.nvmlDeviceCreateGpuInstance(device, PROFILE))


def kill(device):
    for word, left in (("--kill-before", 0), ("--kill-after", 1)):
        order(word, "--on", CREATE)
        ran = killed_maker()
        equal((ran.returncode, ran.stdout), (-signal.SIGKILL, ""), word)
        equal(count(device), left, f"after {word}")
    n.nvmlGpuInstanceDestroy(n.nvmlDeviceGetGpuInstanceById(device, instances(device, PROFILE)[0].id))


def delay(device):
    order("--delay", "150ms", "--on", "nvmlDeviceGetMigMode")
    began = time.monotonic()
    n.nvmlDeviceGetMigMode(device)
    true(time.monotonic() - began >= 0.15, "comes late")


def lie(device):
    order("--lie", "--on", CREATE)
    phantom = n.nvmlDeviceCreateGpuInstance(device, PROFILE)
    equal(count(device), 0, "the call succeeds and creates nothing")
    try:
        n.nvmlGpuInstanceGetInfo(phantom)
        raise AssertionError("an instance that was not created has information")
    except n.NVMLError as error:
        true(error.value in (2, NOT_FOUND), "the handle belongs to no instance")


def xid(device):
    sets = n.nvmlEventSetCreate()
    n.nvmlDeviceRegisterEvents(device, n.nvmlEventTypeXidCriticalError, sets)
    order("--xid", "43", "--on", "nvmlDeviceGetMigMode", "--gpu", "0")
    equal(n.nvmlDeviceGetMigMode(device), [1, 1], "the call goes on")
    event = n.nvmlEventSetWait_v2(sets, 60_000)
    equal((event.eventType, event.eventData), (n.nvmlEventTypeXidCriticalError, 43), "the event")
    host("raise", "--xid", "94")
    equal(n.nvmlEventSetWait_v2(sets, 60_000).eventData, 94, "raised by another process")
    n.nvmlEventSetFree(sets)


def lose(device):
    order("--lose", "--gpu", "0", "--on", "nvmlDeviceGetMigMode")
    refused(LOST, n.nvmlDeviceGetMigMode, device)
    refused(LOST, n.nvmlDeviceGetName, device)
    refused(LOST, n.nvmlDeviceGetHandleByIndex, 0)
    equal(n.nvmlDeviceGetMigMode(n.nvmlDeviceGetHandleByIndex(1))[0] in (0, 1), True, "the other GPU answers")
    host("reset")
    equal(n.nvmlDeviceGetMigMode(n.nvmlDeviceGetHandleByIndex(0)), [1, 1], "back after the reset")


def refuse_reset(device):
    order("--refuse-reset", "--gpu", "0")
    equal(host("reset", check=False), 5, "refused")
    n.nvmlDeviceCreateGpuInstance(device, PROFILE)
    host("reset")
    equal(count(n.nvmlDeviceGetHandleByIndex(0)), 0, "the second reset succeeds and removes all instances")


def held(device):
    gi = n.nvmlDeviceCreateGpuInstance(device, PROFILE)
    ci = n.nvmlGpuInstanceCreateComputeInstance(gi, 1)
    client = Client("--gi", str(n.nvmlGpuInstanceGetInfo(gi).id), "--ci", "0")
    refused(IN_USE, n.nvmlComputeInstanceDestroy, ci)
    client.end()
    n.nvmlComputeInstanceDestroy(ci)
    n.nvmlGpuInstanceDestroy(gi)


def latency(device):
    host("latency", "--create-gi", "100ms", "--create-first-gi", "100ms")
    began = time.monotonic()
    made = n.nvmlDeviceCreateGpuInstance(device, PROFILE)
    true(time.monotonic() - began >= 0.1, "a change takes its time")
    host("latency", "--off")
    n.nvmlGpuInstanceDestroy(made)


def restored(device):
    n.nvmlDeviceCreateGpuInstance(device, PROFILE)
    host("snapshot", "kept")
    host("reset")
    host("restore", "kept")
    refused(LOST, n.nvmlDeviceGetName, device)  # the same as after a reboot
    n.nvmlShutdown()
    n.nvmlInit()
    device = n.nvmlDeviceGetHandleByIndex(0)
    equal(count(device), 1, "the instance of the snapshot")
    host("snapshot", "kept", "--delete")
    host("reset")


def reboot(device):
    host("reboot")
    refused(LOST, n.nvmlDeviceGetName, device)
    n.nvmlShutdown()
    n.nvmlInit()
    equal(n.nvmlDeviceGetMigMode(n.nvmlDeviceGetHandleByIndex(0)), [1, 1], "Ampere keeps the mode")


def main():
    if sys.argv[2:]:
        return maker()
    n.nvmlInit()
    equal(switch(n.nvmlDeviceGetHandleByIndex(0), 1), 0, "MIG on")
    for kind in (fail, kill, delay, lie, xid, held, latency, lose, refuse_reset, restored, reboot):
        kind(n.nvmlDeviceGetHandleByIndex(0))
    host("inject", "--clear")
    equal(switch(n.nvmlDeviceGetHandleByIndex(0), 0), 0, "MIG off")
    n.nvmlShutdown()
    return done()


if __name__ == "__main__":
    main()
