"""Processes on a GPU: every kind, on the whole GPU and in MIG devices, in every list that NVML has. Argument: the
node's name."""
import ctypes
import os

import pynvml as n
from check import done, equal, refused
from node import INVALID, IN_USE, NODE, NOT_FOUND, TOO_SMALL, VERSION, Client, switch

MIB = 1 << 20
NONE = 0xFFFFFFFF
KINDS = {"Compute": "C", "Graphics": "G", "MPSCompute": "M"}


class Entry1(ctypes.Structure):  # the entry of lists without a version: 16 bytes
    _fields_ = [("pid", ctypes.c_uint32), ("usedGpuMemory", ctypes.c_uint64)]


def lists(device, clients, where):
    """Checks that every list shows exactly the clients of its kind, ordered by pid."""
    for kind, letter in KINDS.items():
        wanted = sorted((c.pid, memory * MIB, gi, ci) for c, memory, letters, gi, ci in clients if letter in letters)
        got = getattr(n, f"nvmlDeviceGet{kind}RunningProcesses_v3")(device)
        equal([(p.pid, p.usedGpuMemory, p.gpuInstanceId, p.computeInstanceId) for p in got], wanted, f"{kind} on {where}")
        for name, entry in ((f"nvmlDeviceGet{kind}RunningProcesses", Entry1), (f"nvmlDeviceGet{kind}RunningProcesses_v2", n.c_nvmlProcessInfo_v2_t)):
            call, count = getattr(lib, name), ctypes.c_uint32(0)
            equal(call(device, ctypes.byref(count), None), TOO_SMALL if wanted else 0, f"{name} without an array")
            equal(count.value, len(wanted), f"{name} says how many")
            if len(wanted) > 1:
                room, count.value = (entry * len(wanted))(), len(wanted) - 1
                equal((call(device, ctypes.byref(count), room), count.value), (TOO_SMALL, len(wanted)), f"{name} with too little room")
            room, count.value = (entry * 70)(), 70
            equal((call(device, ctypes.byref(count), room), count.value), (0, len(wanted)), f"{name} with more room than needed")
            equal([(p.pid, p.usedGpuMemory) for p in room[:count.value]], [w[:2] for w in wanted], name)
            equal((room[count.value].pid, room[count.value].usedGpuMemory), (0, 0), f"{name} wrote past its end")
            equal(call(device, None, room), INVALID, f"{name} without a count")
    for mode, letters in enumerate(("C", "G", "M", "CGM")):
        wanted = sorted((c.pid, memory * MIB, gi, ci) for c, memory, own, gi, ci in clients if set(own) & set(letters))
        details = n.c_nvmlProcessDetailList_v1_t()
        details.version, details.mode = 0x01000018, mode
        equal(lib.nvmlDeviceGetRunningProcessDetailList(device, ctypes.byref(details)), TOO_SMALL if wanted else 0, f"details of mode {mode}")
        equal(details.numProcArrayEntries, len(wanted), "how many")
        room = (n.c_nvmlProcessDetail_v1_t * 70)()
        details.numProcArrayEntries, details.procArray = 70, ctypes.cast(room, type(details.procArray))
        equal(lib.nvmlDeviceGetRunningProcessDetailList(device, ctypes.byref(details)), 0, f"details of mode {mode}")
        got = [(p.pid, p.usedGpuMemory, p.gpuInstanceId, p.computeInstanceId) for p in room[:details.numProcArrayEntries]]
        equal(got, wanted, f"details of mode {mode} on {where}")
    details.mode = 4
    equal(lib.nvmlDeviceGetRunningProcessDetailList(device, ctypes.byref(details)), INVALID, "details of no mode")
    details.mode, details.version = 0, 0x01000019
    equal(lib.nvmlDeviceGetRunningProcessDetailList(device, ctypes.byref(details)), VERSION, "details of no version")


def on_the_whole_gpu(device):
    idle = n.nvmlDeviceGetMemoryInfo(device, version=n.nvmlMemory_v2)
    clients = []
    for letters, memory in (("C", 100), ("G", 42), ("C+G", 7), ("M+C", 300), ("M+C+G", 1)):
        clients.append((Client("--gpu", "0", "--type", letters, "--memory", f"{memory}MiB", "--name", f"/opt/{letters}"), memory, letters, NONE, NONE))
        now = n.nvmlDeviceGetMemoryInfo(device, version=n.nvmlMemory_v2)
        equal((now.used - idle.used, idle.free - now.free), (sum(c[1] for c in clients) * MIB,) * 2, "memory in use")
        equal((now.total, now.reserved), (idle.total, idle.reserved), "the rest is unchanged")
    lists(device, clients, "the whole GPU")
    for client, _, letters, _, _ in clients:
        equal(n.nvmlSystemGetProcessName(client.pid), f"/opt/{letters}", "name")
    lists(n.nvmlDeviceGetHandleByIndex(1), [], "the other GPU")
    hidden = Client("--gpu", "0", "--hidden-memory", "55MiB", "--memory", "1MiB")
    equal(n.nvmlDeviceGetMemoryInfo(device, version=n.nvmlMemory_v2).used - now.used, 56 * MIB, "memory that the driver holds for it counts, too")
    lists(device, [*clients, (hidden, 1, "C", NONE, NONE)], "the whole GPU with hidden memory")
    hidden.end()
    while clients:  # killed clients disappear at once
        clients.pop(len(clients) // 2)[0].end()
        lists(device, clients, "the whole GPU after a kill")
    equal(n.nvmlDeviceGetMemoryInfo(device, version=n.nvmlMemory_v2).used, idle.used, "idle again")
    refused(NOT_FOUND, n.nvmlSystemGetProcessName, 2**31 - 1)
    equal(n.nvmlSystemGetProcessName(os.getpid()).endswith("python") or "python" in n.nvmlSystemGetProcessName(os.getpid()), True, "a process without a GPU")


def in_mig_devices(device):
    """Two halves, one of them divided into single slices: a client is listed on its own device and on the whole GPU,
    and holds only its own instance."""
    equal(switch(device, 1), 0, "MIG on")
    half = 9 if n.nvmlDeviceGetMaxMigDeviceCount(device) == 7 else 5
    gis = {n.nvmlGpuInstanceGetInfo(gi).id: gi for gi in (n.nvmlDeviceCreateGpuInstance(device, half) for _ in range(2))}
    cut, full = sorted(gis)
    for _ in range(2):
        n.nvmlGpuInstanceCreateComputeInstance(gis[cut], 0)
    n.nvmlGpuInstanceCreateComputeInstance(gis[full], 2 if half == 9 else 1)
    migs = {key: n.nvmlDeviceGetMigDeviceHandleByIndex(device, i) for i, key in enumerate([(cut, 0), (cut, 1), (full, 0)])}
    idle = {key: n.nvmlDeviceGetMemoryInfo(mig).used for key, mig in migs.items()}
    whole = n.nvmlDeviceGetMemoryInfo(device, version=n.nvmlMemory_v2).used
    clients = []
    for (gi, ci), letters, memory in (((cut, 0), "C", 64), ((cut, 1), "M+C", 128), ((full, 0), "C", 256), ((full, 0), "C", 512)):
        client = Client("--gpu", "0", "--gi", str(gi), "--ci", str(ci), "--type", letters, "--memory", f"{memory}MiB")
        clients.append((client, memory, letters, gi, ci))
    lists(device, clients, "the whole GPU with MIG on")
    for (gi, ci), mig in migs.items():
        lists(mig, [c for c in clients if c[3:] == (gi, ci)], f"MIG device {gi}/{ci}")
        grown = n.nvmlDeviceGetMemoryInfo(mig).used - idle[gi, ci]
        equal(grown, sum(c[1] for c in clients if c[3] == gi) * MIB, f"memory of GPU instance {gi}, shared by its compute instances")
    equal(n.nvmlDeviceGetMemoryInfo(device, version=n.nvmlMemory_v2).used - whole, 960 * MIB, "memory of the whole GPU")
    in_cut = n.nvmlGpuInstanceGetComputeInstanceById(gis[cut], 0)
    refused(IN_USE, n.nvmlComputeInstanceDestroy, in_cut)
    refused(IN_USE, n.nvmlGpuInstanceDestroy, gis[cut])
    refused(IN_USE, switch, device, 0)
    clients.pop(0)[0].end()
    n.nvmlComputeInstanceDestroy(in_cut)  # a client of the neighbouring instance does not prevent this
    refused(INVALID, n.nvmlDeviceGetUUID, migs[cut, 0])
    equal(n.nvmlDeviceGetIndex(migs[cut, 1]), 0, "later MIG devices get lower indices")
    refused(IN_USE, n.nvmlGpuInstanceDestroy, gis[cut])
    for client, *_ in clients:
        client.end()
    for gi, ci in ((cut, 1), (full, 0)):
        n.nvmlComputeInstanceDestroy(n.nvmlGpuInstanceGetComputeInstanceById(gis[gi], ci))
    for gi in gis.values():
        n.nvmlGpuInstanceDestroy(gi)
    equal(switch(device, 0), 0, "MIG off")


n.nvmlInit()
lib = ctypes.CDLL("libnvidia-ml.so.1")
gpu = n.nvmlDeviceGetHandleByIndex(0)
on_the_whole_gpu(gpu)
if NODE != "a10":
    in_mig_devices(gpu)
n.nvmlShutdown()
done()
