"""The whole MIG lifecycle through nvidia-ml-py, including every refusal. Argument: the node's name."""

import pynvml as n
from check import done, equal, refused, true
from node import (IN_USE, INVALID, LOST, NO_PERMISSION, NO_ROOM, NODE, NOT_FOUND, NOT_SUPPORTED, UNINITIALIZED, Client, as_nobody, host, instances, place, placements,
                  profiles, remaining, switch)

# Differences between products: profile ids of the smallest instance, of half the GPU and of the whole GPU; `counts`:
# how many of each fit; the number of compute slices.
SEVEN = dict(small=19, half=9, whole=0, counts={19: 7, 20: 1, 15: 4, 14: 3, 9: 2, 5: 1, 0: 1}, slices=7, grid=8, half_places=[(0, 4), (4, 4)])
FOUR = dict(small=14, half=5, whole=0, slices=4)
FACTS = {
    "a100a": dict(SEVEN, name="NVIDIA A100-SXM4-40GB", keeps=True, half_id=2, small_name="1g.5gb", small_mib=4864, small_sm=14,
                  half_name="3g.20gb", half_mib=20096, idle=35.5, half_bar1=12211),
    "a100b": dict(SEVEN, name="NVIDIA A100-SXM4-40GB", keeps=True, half_id=1, small_name="1g.5gb", small_mib=4864, small_sm=14,
                  half_name="3g.20gb", half_mib=20096, idle=35.5, half_bar1=12211),
    "h100": dict(SEVEN, name="NVIDIA H100 80GB HBM3", keeps=False, half_id=2, small_name="1g.10gb", small_mib=9984, small_sm=16,
                 half_name="3g.40gb", half_mib=40448, idle=14.5, half_bar1=24740),
    "h200": dict(SEVEN, name="NVIDIA H200", keeps=False, half_id=2, small_name="1g.18gb", small_mib=16384, small_sm=16,
                 half_name="3g.71gb", half_mib=71424, idle=14.5, half_bar1=None),
    "a30": dict(FOUR, name="NVIDIA A30", keeps=True, half_id=1, counts={14: 4, 21: 1, 5: 2, 6: 1, 0: 1}, grid=4, half_places=[(0, 2), (2, 2)],
                small_name="1g.6gb", small_mib=5952, small_sm=14, half_name="2g.12gb", half_mib=11968, idle=None, half_bar1=None),
    "rtx": dict(FOUR, name="NVIDIA RTX PRO 6000 Blackwell Server Edition", keeps=False, half_id=1, grid=12, half_places=[(0, 6), (6, 6)],
                counts={14: 4, 21: 1, 47: 4, 65: 1, 67: 4, 5: 2, 35: 2, 64: 1, 66: 2, 0: 1, 32: 1}, small_name="1g.24gb", small_mib=None,
                small_sm=46, half_name="2g.48gb", half_mib=None, idle=64, half_bar1=None),
}


def identity(device):
    equal(n.nvmlDeviceGetCount(), 2, "GPUs")
    uuid, bus = n.nvmlDeviceGetUUID(device), n.nvmlDeviceGetPciInfo(device).busId
    for other in (n.nvmlDeviceGetHandleByUUID(uuid), n.nvmlDeviceGetHandleByPciBusId(bus), n.nvmlDeviceGetHandleBySerial(n.nvmlDeviceGetSerial(device))):
        equal(n.nvmlDeviceGetIndex(other), 0, "the handle by another way")
    equal(n.nvmlDeviceGetMinorNumber(device), 0, "minor")
    equal(n.nvmlSystemGetDriverVersion(), "580.159.04", "driver")
    equal(n.nvmlSystemGetCudaDriverVersion(), 13000, "CUDA")
    equal(n.nvmlSystemGetNVMLVersion(), "13.580.159.04", "NVML")
    refused(NOT_FOUND, n.nvmlDeviceGetHandleByUUID, "GPU-garbage")
    refused(INVALID, n.nvmlDeviceGetHandleByIndex, 7)


def without_mig(device):
    refused(NOT_SUPPORTED, n.nvmlDeviceGetMigMode, device)
    refused(NOT_SUPPORTED, switch, device, 1)
    equal(n.nvmlDeviceGetMaxMigDeviceCount(device), 0, "MIG devices of a GPU without MIG")
    refused(NOT_FOUND, n.nvmlDeviceGetMigDeviceHandleByIndex, device, 0)
    for number in range(17):
        refused(NOT_SUPPORTED, n.nvmlDeviceGetGpuInstanceProfileInfo, device, number)
    refused(INVALID, n.nvmlDeviceGetGpuInstanceProfileInfo, device, 17)
    refused(NOT_SUPPORTED, n.nvmlDeviceCreateGpuInstance, device, 0)
    refused(INVALID, n.nvmlDeviceCreateGpuInstance, device, 19)


def mode_off(device, fact):
    equal(n.nvmlDeviceGetMigMode(device), [0, 0], "mode")
    equal(n.nvmlDeviceGetMaxMigDeviceCount(device), 0, "MIG devices with the mode off")
    refused(NOT_FOUND, n.nvmlDeviceGetMigDeviceHandleByIndex, device, 0)
    refused(NOT_FOUND, n.nvmlDeviceGetGpuInstanceById, device, 1)
    refused(INVALID, n.nvmlDeviceGetGpuInstanceId, device)
    refused(INVALID, n.nvmlDeviceGetDeviceHandleFromMigDeviceHandle, device)
    refused(NOT_SUPPORTED, n.nvmlDeviceGetAttributes, device)
    refused(NOT_SUPPORTED, n.nvmlDeviceCreateGpuInstance, device, fact["small"])
    enums = profiles(device)
    known = {id_: info for id_, (_, info) in enums.items()}
    equal({i: p.instanceCount for i, p in known.items()}, fact["counts"], "profiles and how many of each")
    for profile, info in known.items():
        equal(remaining(device, profile), info.instanceCount, f"capacity of {profile}, mode off")
        equal(n.nvmlDeviceGetGpuInstanceProfileInfo(device, enums[profile][0], version=1).memorySizeMB, info.memorySizeMB, "version 1")
        for start, size in placements(device, profile):
            true(start + size <= fact["grid"], "placement on the grid")
    refused(INVALID, remaining, device, 77)
    refused(INVALID, placements, device, 77)
    small = known[fact["small"]]
    name = small.name.decode() if isinstance(small.name, bytes) else small.name
    equal(name, "MIG " + fact["small_name"], "name")
    equal(small.multiprocessorCount, fact["small_sm"], "multiprocessors")
    if fact["small_mib"]:
        equal(small.memorySizeMB, fact["small_mib"], "memory")
    equal(placements(device, fact["half"]), fact["half_places"], "placements of the half profile")


def switching(device, fact):
    client = Client("--gpu", "0", "--memory", "256MiB", "--type", "C")
    procs = n.nvmlDeviceGetComputeRunningProcesses(device)
    equal([(p.pid, p.usedGpuMemory) for p in procs], [(client.pid, 256 << 20)], "the client")
    equal(n.nvmlDeviceGetGraphicsRunningProcesses(device), [], "graphics clients")
    equal(n.nvmlDeviceGetMemoryInfo(device, version=n.nvmlMemory_v2).used, 256 << 20, "memory in use")
    if fact["keeps"]:  # Ampere: the mode is pending until the client ends
        equal(switch(device, 1), IN_USE, "activation beside a client")
        equal(n.nvmlDeviceGetMigMode(device), [0, 1], "pending")
        equal(switch(device, 0), 0, "taken back")
        equal(n.nvmlDeviceGetMigMode(device), [0, 0], "taken back")
    client.end()
    equal(n.nvmlDeviceGetComputeRunningProcesses(device), [], "the client is gone")
    refused(INVALID, switch, device, 2)
    equal(switch(device, 1), 0, "activation")
    equal(n.nvmlDeviceGetMigMode(device), [1, 1], "on")
    equal(switch(device, 1), 0, "again")
    refused(NOT_SUPPORTED, n.nvmlDeviceGetUtilizationRates, device)
    equal(n.nvmlDeviceGetMaxMigDeviceCount(device), fact["slices"], "most MIG devices")
    equal(n.nvmlDeviceGetMigMode(n.nvmlDeviceGetHandleByIndex(1)), [0, 0], "the other GPU is not changed")


def gpu_instances(device, fact):
    small, half, whole = fact["small"], fact["half"], fact["whole"]
    refused(INVALID, n.nvmlDeviceCreateGpuInstance, device, 99)
    refused(INVALID, n.nvmlDeviceCreateGpuInstanceWithPlacement, device, half, place(1, fact["half_places"][0][1]))
    graphics = Client("--gpu", "0", "--type", "G", "--memory", "10MiB")
    refused(IN_USE, n.nvmlDeviceCreateGpuInstance, device, half)
    graphics.end()
    first = n.nvmlDeviceCreateGpuInstance(device, half)
    info = n.nvmlGpuInstanceGetInfo(first)
    equal((info.id, info.profileId), (fact["half_id"], half), "first choice")
    equal(remaining(device, half), 1, "one half is left")
    equal(remaining(device, whole), 0, "the whole GPU no longer fits")
    refused(NO_ROOM, n.nvmlDeviceCreateGpuInstance, device, whole)
    taken = (info.placement.start, info.placement.size)
    refused(NO_ROOM, n.nvmlDeviceCreateGpuInstanceWithPlacement, device, half, place(*taken))
    refused(IN_USE, switch, device, 0)
    other = [p for p in fact["half_places"] if p != taken][0]
    second = n.nvmlDeviceCreateGpuInstanceWithPlacement(device, half, place(*other))
    equal((n.nvmlGpuInstanceGetInfo(second).placement.start, remaining(device, small)), (other[0], 0), "full")
    equal([i.id for i in instances(device, half)], sorted(i.id for i in instances(device, half)), "order")
    equal(len(instances(device, half)), 2, "both are listed")
    n.nvmlGpuInstanceDestroy(second)
    refused(INVALID, n.nvmlGpuInstanceGetInfo, second)
    refused(INVALID, n.nvmlGpuInstanceDestroy, second)
    equal(n.nvmlGpuInstanceGetInfo(n.nvmlDeviceGetGpuInstanceById(device, fact["half_id"])).profileId, half, "by id")
    refused(NOT_FOUND, n.nvmlDeviceGetGpuInstanceById, device, 14)
    return first


def compute_instances(device, gi, fact):
    refused(NOT_FOUND, n.nvmlDeviceGetMigDeviceHandleByIndex, device, 0)
    full = n.nvmlGpuInstanceGetComputeInstanceProfileInfo(gi, 2 if fact["slices"] == 7 else 1, 0)
    one = n.nvmlGpuInstanceGetComputeInstanceProfileInfo(gi, 0, 0)
    slices = 3 if fact["slices"] == 7 else 2
    equal((full.sliceCount, one.sliceCount, one.instanceCount), (slices, 1, slices), "compute profiles")
    refused(INVALID, n.nvmlGpuInstanceGetComputeInstanceProfileInfo, gi, 9, 0)
    refused(INVALID, n.nvmlGpuInstanceGetComputeInstanceProfileInfo, gi, 0, 1)
    refused(NOT_SUPPORTED, n.nvmlGpuInstanceGetComputeInstanceProfileInfo, gi, 4, 0)
    cis = [n.nvmlGpuInstanceCreateComputeInstance(gi, one.id) for _ in range(slices)]
    infos = [n.nvmlComputeInstanceGetInfo(ci) for ci in cis]
    equal([i.id for i in infos], list(range(slices)), "compute instance ids")
    equal(sorted((i.placement.start, i.placement.size) for i in infos), [(s, 1) for s in range(slices)], "their places")
    refused(NO_ROOM, n.nvmlGpuInstanceCreateComputeInstance, gi, one.id)
    refused(NO_ROOM, n.nvmlGpuInstanceCreateComputeInstance, gi, full.id)
    refused(IN_USE, n.nvmlGpuInstanceDestroy, gi)
    equal(n.nvmlGpuInstanceGetComputeInstanceRemainingCapacity(gi, one.id), 0, "no slice is left")
    n.nvmlComputeInstanceDestroy(cis[0])
    refused(INVALID, n.nvmlComputeInstanceGetInfo, cis[0])
    refused(NOT_FOUND, n.nvmlGpuInstanceGetComputeInstanceById, gi, 0)
    again = n.nvmlGpuInstanceCreateComputeInstance(gi, one.id)
    equal(n.nvmlComputeInstanceGetInfo(again).id, 0, "the lowest free id")
    return slices


def mig_devices(device, gi, fact, slices):
    base = fact["half_name"]
    for index in range(slices):
        mig = n.nvmlDeviceGetMigDeviceHandleByIndex(device, index)
        equal(n.nvmlDeviceIsMigDeviceHandle(mig).value, 1, "a MIG handle")
        equal((n.nvmlDeviceGetGpuInstanceId(mig), n.nvmlDeviceGetComputeInstanceId(mig), n.nvmlDeviceGetIndex(mig)), (fact["half_id"], index, index), "ids")
        equal(n.nvmlDeviceGetName(mig), f"{fact['name']} MIG 1c.{base}", "name")
        uuid = n.nvmlDeviceGetUUID(mig)
        true(uuid.startswith("MIG-") and uuid[18] == "5", "a version 5 UUID")
        parent = n.nvmlDeviceGetDeviceHandleFromMigDeviceHandle(mig)
        equal(n.nvmlDeviceGetIndex(parent), 0, "parent")
        for text in (uuid, f"MIG-{n.nvmlDeviceGetUUID(parent)}/{fact['half_id']}/{index}"):
            equal(n.nvmlDeviceGetComputeInstanceId(n.nvmlDeviceGetHandleByUUID(text)), index, text)
        attributes = n.nvmlDeviceGetAttributes(mig)
        equal((attributes.gpuInstanceSliceCount, attributes.computeInstanceSliceCount), (3 if fact["slices"] == 7 else 2, 1), "slices")
        equal(attributes.multiprocessorCount, fact["small_sm"], "multiprocessors of one slice")
        memory = n.nvmlDeviceGetMemoryInfo(mig)
        equal(memory.total >> 20, attributes.memorySizeMB, "memory of the instance")
        if fact["half_mib"]:
            equal(attributes.memorySizeMB, fact["half_mib"], "memory of the profile")
        if fact["idle"] is not None:
            equal(memory.used, int(fact["idle"] * attributes.gpuInstanceSliceCount * 2**20), "idle use")
        equal(memory.total, memory.used + memory.free, "memory adds up")
        refused(NOT_SUPPORTED, n.nvmlDeviceGetUtilizationRates, mig)
        refused(INVALID, n.nvmlDeviceGetMigMode, mig)
        equal(n.nvmlDeviceGetComputeRunningProcesses(mig), [], "clients")
        bar1 = n.nvmlDeviceGetBAR1MemoryInfo(mig)
        equal((bar1.bar1Free, bar1.bar1Used), (bar1.bar1Total, 0), "BAR1 of an idle MIG device")
        if fact["half_bar1"]:
            equal(bar1.bar1Total >> 20, fact["half_bar1"], "BAR1 of the half, MiB (transcripts)")
        info = n.nvmlDeviceGetGpuInstanceProfileInfoById(device, fact["half"])
        equal((attributes.sharedCopyEngineCount, attributes.sharedDecoderCount, attributes.sharedEncoderCount, attributes.sharedJpegCount,
               attributes.sharedOfaCount, attributes.memorySizeMB),
              (info.copyEngineCount, info.decoderCount, info.encoderCount, info.jpegCount, info.ofaCount, info.memorySizeMB), "engines are the instance's")
        refused(INVALID, n.nvmlDeviceGetMaxMigDeviceCount, mig)
        refused(INVALID, n.nvmlDeviceGetMigDeviceHandleByIndex, mig, 0)
    refused(NOT_FOUND, n.nvmlDeviceGetMigDeviceHandleByIndex, device, slices)
    mig = n.nvmlDeviceGetMigDeviceHandleByIndex(device, 0)
    client = Client("--gpu", "0", "--gi", str(fact["half_id"]), "--ci", "0", "--memory", "1GiB")
    procs = n.nvmlDeviceGetComputeRunningProcesses(mig)
    equal([(p.pid, p.usedGpuMemory, p.gpuInstanceId, p.computeInstanceId) for p in procs], [(client.pid, 1 << 30, fact["half_id"], 0)], "client")
    equal(len(n.nvmlDeviceGetComputeRunningProcesses(device)), 1, "on the whole GPU, too")
    equal(n.nvmlDeviceGetComputeRunningProcesses(n.nvmlDeviceGetMigDeviceHandleByIndex(device, 1)), [], "not on the other MIG device")
    refused(IN_USE, n.nvmlComputeInstanceDestroy, n.nvmlGpuInstanceGetComputeInstanceById(gi, 0))
    extra = n.nvmlDeviceCreateGpuInstance(device, fact["small"])  # a client inside an instance does not block others
    n.nvmlGpuInstanceDestroy(extra)
    client.end()
    return mig, n.nvmlDeviceGetUUID(mig)


def permission(fact):
    """An unprivileged process has read-only access to root's node."""
    n.nvmlInit()
    device = n.nvmlDeviceGetHandleByIndex(0)
    equal(n.nvmlDeviceGetMigMode(device), [1, 1], "the mode can be read")
    refused(NO_PERMISSION, n.nvmlDeviceCreateGpuInstance, device, fact["small"])
    refused(NO_PERMISSION, switch, device, 1)
    refused(NO_PERMISSION, n.nvmlDeviceSetComputeMode, device, 3)
    refused(NO_PERMISSION, n.nvmlDeviceSetPersistenceMode, device, 0)
    refused(NO_PERMISSION, n.nvmlGpuInstanceDestroy, n.nvmlDeviceGetGpuInstanceById(device, fact["half_id"]))
    n.nvmlDeviceGetMigDeviceHandleByIndex(device, 0)


def reboot(device, mig, uuid, fact):
    host("reboot")
    refused(LOST, n.nvmlDeviceGetUUID, device)
    refused(LOST, n.nvmlDeviceGetUUID, mig)
    n.nvmlShutdown()
    n.nvmlInit()
    refused(LOST, n.nvmlDeviceGetUUID, device)
    device = n.nvmlDeviceGetHandleByIndex(0)
    equal(n.nvmlDeviceGetMigMode(device), [1, 1] if fact["keeps"] else [0, 0], "mode after a reboot")
    equal(instances(device, fact["half"]), [], "instances after a reboot")
    equal(switch(device, 1), 0, "on again")
    where = fact["half_places"][1 if fact["half_id"] == 2 or NODE == "a100b" else 0]
    gi = n.nvmlDeviceCreateGpuInstanceWithPlacement(device, fact["half"], place(*where))
    equal(n.nvmlGpuInstanceGetInfo(gi).id, fact["half_id"], "the same placement has the same id")
    ci = n.nvmlGpuInstanceCreateComputeInstance(gi, 0)
    equal(n.nvmlDeviceGetUUID(n.nvmlDeviceGetMigDeviceHandleByIndex(device, 0)), uuid, "and its MIG device the same UUID")
    n.nvmlComputeInstanceDestroy(ci)
    n.nvmlGpuInstanceDestroy(gi)
    equal(switch(device, 0), 0, "off")
    equal(n.nvmlDeviceGetMigMode(device), [0, 0], "off")
    return device


def modes(device):
    equal(n.nvmlDeviceGetComputeMode(device), 0, "compute mode")
    n.nvmlDeviceSetComputeMode(device, 3)
    equal(n.nvmlDeviceGetComputeMode(device), 3, "compute mode")
    refused(INVALID, n.nvmlDeviceSetComputeMode, device, 9)
    n.nvmlDeviceSetComputeMode(device, 0)
    n.nvmlDeviceSetPersistenceMode(device, 0)
    equal(n.nvmlDeviceGetPersistenceMode(device), 0, "persistence")
    n.nvmlDeviceSetPersistenceMode(device, 1)


def main():
    refused(UNINITIALIZED, n.nvmlDeviceGetCount)
    n.nvmlInit()
    n.nvmlInit()
    n.nvmlShutdown()
    device = n.nvmlDeviceGetHandleByIndex(0)  # two init calls need two shutdown calls
    identity(device)
    modes(device)
    if NODE == "a10":
        without_mig(device)
    else:
        fact = FACTS[NODE]
        equal(n.nvmlDeviceGetName(device), fact["name"], "name")
        mode_off(device, fact)
        switching(device, fact)
        gi = gpu_instances(device, fact)
        slices = compute_instances(device, gi, fact)
        mig, uuid = mig_devices(device, gi, fact, slices)
        as_nobody("permission as another user", permission, fact)
        device = reboot(device, mig, uuid, fact)
    n.nvmlShutdown()
    refused(UNINITIALIZED, n.nvmlDeviceGetCount)
    refused(UNINITIALIZED, n.nvmlShutdown)
    done()


if __name__ == "__main__":
    main()
