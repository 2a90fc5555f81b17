"""Events of a GPU: one process waits for them and another causes them. Argument: the node's name.

With further arguments this program is the waiting process: it registers on GPU 0, prints `ready`, waits for the given
number of events, and prints each.
"""
import os
import subprocess
import sys

import pynvml as n
from check import done, equal, refused
from node import INVALID, LOST, NODE, NOT_SUPPORTED, host, profiles, switch

NO_TIME, NOBODY = 10, 0xFFFFFFFF  # TIMEOUT; no instance
LONG = 120_000  # ms; every event here arrives in less time
MIG = NODE != "a10"
ECC = 0x3
HAS_ECC = {"a100a": True, "h200": True, "a10": True}[NODE]


def fields(event):
    try:
        gpu = n.nvmlDeviceGetIndex(event.device)
    except n.NVMLError as error:
        gpu = f"answers {error.value}"
    return (event.eventType, event.eventData, event.gpuInstanceId, event.computeInstanceId, gpu)


def wait_here(types, count):
    n.nvmlInit()
    sets = n.nvmlEventSetCreate()
    n.nvmlDeviceRegisterEvents(n.nvmlDeviceGetHandleByIndex(0), types, sets)
    print("ready", flush=True)
    for _ in range(count):
        try:
            print(*fields(n.nvmlEventSetWait_v2(sets, LONG)), flush=True)
        except n.NVMLError as error:
            print("error", error.value, flush=True)
    n.nvmlEventSetFree(sets)
    n.nvmlShutdown()


class Waiter:
    """The waiting process. It is registered when the constructor returns."""

    def __init__(self, types, count):
        self.process = subprocess.Popen([sys.executable, os.path.abspath(__file__), NODE, str(types), str(count)], stdout=subprocess.PIPE, text=True)
        equal(self.process.stdout.readline(), "ready\n", "the waiter")

    def line(self):
        return self.process.stdout.readline().strip()

    def end(self):
        equal((self.process.stdout.read(), self.process.wait()), ("", 0), "the waiter's end")


def offered(device):
    types = n.nvmlDeviceGetSupportedEventTypes(device)
    equal(types, 0xFF9F & ~(0 if HAS_ECC else ECC) & ~(0 if MIG else n.nvmlEventMigConfigChange), "offered")
    sets = n.nvmlEventSetCreate()
    n.nvmlDeviceRegisterEvents(device, types, sets)
    refused(INVALID, n.nvmlDeviceRegisterEvents, device, 0x20, sets)
    if not MIG:
        refused(NOT_SUPPORTED, n.nvmlDeviceRegisterEvents, device, n.nvmlEventMigConfigChange, sets)
    refused(NO_TIME, n.nvmlEventSetWait_v2, sets, 0)
    refused(NO_TIME, n.nvmlEventSetWait_v2, sets, 20)
    n.nvmlEventSetFree(sets)
    refused(INVALID, n.nvmlEventSetWait_v2, sets, 0)


def instances_come_and_go(device):
    change = n.nvmlEventMigConfigChange
    first, second = Waiter(change, 6), Waiter(change, 6)
    every = f"{change} 0 {NOBODY} {NOBODY} 0"

    def both(what):
        equal((first.line(), second.line()), (every, every), what)

    switch(device, 1)
    both("MIG on")
    gi = n.nvmlDeviceCreateGpuInstance(device, min(profiles(device)))
    both("a GPU instance is created")
    ci = n.nvmlGpuInstanceCreateComputeInstance(gi, 0)
    both("a compute instance is created")
    sets = n.nvmlEventSetCreate()
    refused(NOT_SUPPORTED, n.nvmlDeviceRegisterEvents, n.nvmlDeviceGetMigDeviceHandleByIndex(device, 0), change, sets)
    n.nvmlEventSetFree(sets)
    n.nvmlComputeInstanceDestroy(ci)
    both("the instance is destroyed")
    n.nvmlGpuInstanceDestroy(gi)
    both("both are")
    switch(device, 0)
    both("MIG off")
    first.end()
    second.end()


def errors():
    waiter = Waiter(n.nvmlEventTypeXidCriticalError | n.nvmlEventTypeDoubleBitEccError | n.nvmlEventTypeClock, 4)
    host("raise", "--xid", "43")
    equal(waiter.line(), f"8 43 {NOBODY} {NOBODY} 0", "an XID")
    host("raise", "--xid", "31", "--gpu", "1")
    host("raise", "--ecc", "single")
    host("raise", "--ecc", "double")
    equal(waiter.line(), f"2 0 {NOBODY} {NOBODY} 0", "only events for which it is registered")
    host("raise", "--event", "clock")
    host("inject", "--xid", "13", "--on", "nvmlDeviceGetName", "--gpu", "0")
    n.nvmlDeviceGetName(n.nvmlDeviceGetHandleByIndex(1))
    equal(waiter.line(), f"16 0 {NOBODY} {NOBODY} 0", "events arrive in order")
    n.nvmlDeviceGetName(n.nvmlDeviceGetHandleByIndex(0))
    equal(waiter.line(), f"8 13 {NOBODY} {NOBODY} 0", "an XID during a call")
    waiter.end()


def of_an_instance(device):
    switch(device, 1)
    gi = n.nvmlDeviceCreateGpuInstance(device, min(profiles(device)))
    number = n.nvmlGpuInstanceGetInfo(gi).id
    waiter = Waiter(n.nvmlEventTypeXidCriticalError, 1)
    host("raise", "--xid", "94", "--gi", str(number))
    equal(waiter.line(), f"8 94 {number} {NOBODY} 0", "an XID of a GPU instance")
    waiter.end()
    n.nvmlGpuInstanceDestroy(gi)
    switch(device, 0)


def lost(device):
    waiter = Waiter(n.nvmlEventTypeXidCriticalError, 2)
    host("raise", "--xid", "79")
    equal(waiter.line(), f"8 79 {NOBODY} {NOBODY} answers {LOST}", "the last event of the GPU")
    equal(waiter.line(), f"error {LOST}", "then the GPU is lost")
    waiter.end()
    refused(LOST, n.nvmlDeviceGetName, device)
    host("reset", "--gpu", "0")
    n.nvmlDeviceGetName(device)


def main():
    n.nvmlInit()
    device = n.nvmlDeviceGetHandleByIndex(0)
    offered(device)
    errors()
    if MIG:
        instances_come_and_go(device)
        of_an_instance(device)
    lost(device)
    n.nvmlShutdown()
    done()


if __name__ == "__main__":
    if len(sys.argv) > 2:
        wait_here(int(sys.argv[2]), int(sys.argv[3]))
    else:
        main()
