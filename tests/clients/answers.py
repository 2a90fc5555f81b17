"""Calls as made by a C program, with the return codes recorded from driver 580.159.04 on an H200 with MIG off. Also
tests garbage handles: the real library crashes on them, ours returns INVALID_ARGUMENT. Argument: the node's name (h200,
or a10, which has no MIG)."""
import ctypes
import sys

from check import done, equal

lib = ctypes.CDLL("libnvidia-ml.so.1")
lib.nvmlErrorString.restype = ctypes.c_char_p
NODE = sys.argv[1]
n, e = ctypes.c_uint(99), ctypes.c_uint()
d, x = ctypes.c_void_p(), ctypes.c_void_p()
buffer = ctypes.create_string_buffer(256)
big = (ctypes.c_uint64 * 64)()
ref = ctypes.byref

WORDS = {0: "Success", 1: "Uninitialized", 2: "Invalid Argument", 3: "Not Supported", 4: "Insufficient Permissions", 5: "Already Initialized",
         6: "Not Found", 7: "Insufficient Size", 8: "Insufficient External Power", 9: "Driver Not Loaded", 10: "Timeout",
         11: "Interrupt Request Issue", 12: "NVML Shared Library Not Found", 13: "Function Not Found", 14: "Corrupted infoROM", 15: "GPU is lost",
         16: "GPU requires reset", 17: "GPU access blocked by the operating system", 18: "Driver/library version mismatch",
         19: "In use by another client", 20: "Insufficient Memory", 21: "No data", 22: "vGPU ECC not supported", 23: "Insufficient Resources",
         24: "Invalid Frequency", 25: "Argument version mismatch", 26: "Requested functionality has been deprecated",
         27: "System is not in ready state", 28: "No supported GPUs were found",
         29: "Resource not in correct state to perform requested operation", 30: "Reset type is not supported for given device",
         31: "Unknown Error", 999: "Unknown Error", -5: "Unknown Error", 12345: "Unknown Error"}


def call(name, wanted, *args):
    equal(getattr(lib, name)(*args), wanted, f"{name}{args}")


def versioned(word, size=152):
    block = (ctypes.c_uint32 * (size // 4 + 16))()
    block[0] = word
    return block


def mig_off():
    call("nvmlDeviceGetMigMode", 0, d, ref(n), ref(e))
    call("nvmlDeviceGetMigMode", 2, None, ref(n), ref(e))
    call("nvmlDeviceGetMigMode", 2, d, None, ref(e))
    call("nvmlDeviceGetMaxMigDeviceCount", 0, d, ref(n))
    equal(n.value, 0, "MIG devices")
    call("nvmlDeviceGetMigDeviceHandleByIndex", 6, d, 0, ref(x))
    call("nvmlDeviceGetGpuInstances", 0, d, 19, big, ref(n))
    equal(n.value, 0, "GPU instances")
    call("nvmlDeviceGetGpuInstanceById", 6, d, 1, ref(x))
    call("nvmlDeviceGetGpuInstanceById", 6, d, 99, ref(x))
    call("nvmlDeviceGetGpuInstanceRemainingCapacity", 0, d, 19, ref(n))
    equal(n.value, 7, "capacity")
    call("nvmlDeviceGetGpuInstanceRemainingCapacity", 2, d, 77, ref(n))
    call("nvmlDeviceGetGpuInstanceProfileInfo", 0, d, 0, big)
    call("nvmlDeviceGetGpuInstanceProfileInfo", 3, d, 5, big)
    call("nvmlDeviceGetGpuInstanceProfileInfo", 2, d, 40, big)
    call("nvmlDeviceGetGpuInstanceProfileInfo", 2, d, 0, None)
    v2 = versioned(0x02000098)
    call("nvmlDeviceGetGpuInstanceProfileInfoV", 0, d, 0, v2)
    equal(bytes(v2)[56:67], b"MIG 1g.18gb", "name in version 2")
    call("nvmlDeviceGetGpuInstanceProfileInfoV", 2, d, 0, versioned(0x05000098))
    v3 = versioned(0x03000098)
    call("nvmlDeviceGetGpuInstanceProfileInfoV", 0, d, 7, v3)
    equal((v3[1], v3[36]), (20, 0), "id and capabilities in version 3")
    for number, id_ in enumerate([19, 14, 9, 5, 0, None, None, 20, None, 15, None, None, None, None, None, None, None]):
        v2 = versioned(0x02000098)
        call("nvmlDeviceGetGpuInstanceProfileInfoV", 0 if id_ is not None else 3, d, number, v2)
        if id_ is not None:
            equal(v2[1], id_, f"profile enum {number}")
    for number in (17, 18, 19):
        call("nvmlDeviceGetGpuInstanceProfileInfoV", 2, d, number, versioned(0x02000098))
    n.value = 0  # the library must ignore the caller's count
    call("nvmlDeviceGetGpuInstancePossiblePlacements_v2", 0, d, 19, big, ref(n))
    equal(n.value, 7, "placements")
    call("nvmlDeviceGetGpuInstancePossiblePlacements_v2", 0, d, 19, None, ref(n))
    call("nvmlDeviceGetGpuInstancePossiblePlacements_v2", 2, d, 77, big, ref(n))
    call("nvmlDeviceGetMemoryInfo", 0, d, big)
    equal(tuple(big[:3]), (150754820096, 150109880320, 644939776), "memory, version 1, as recorded")
    v2 = (ctypes.c_uint64 * 5)(0x02000028)
    call("nvmlDeviceGetMemoryInfo_v2", 0, d, v2)
    equal(tuple(v2[1:]), (150754820096, 644939776, 150109880320, 0), "memory, version 2, as recorded")


def no_mig():
    call("nvmlDeviceGetMigMode", 3, d, ref(n), ref(e))
    call("nvmlDeviceGetMigMode", 2, d, None, ref(e))
    call("nvmlDeviceSetMigMode", 3, d, 1, ref(n))
    call("nvmlDeviceSetMigMode", 2, d, 2, ref(n))  # the arguments are checked first (measured on that H200)
    for id_, wanted in ((0, 3), (19, 2)):
        n.value = 55
        call("nvmlDeviceGetGpuInstanceRemainingCapacity", wanted, d, id_, ref(n))
        equal(n.value, 55, "count untouched")
    for id_, wanted in ((0, 3), (19, 2)):
        call("nvmlDeviceGetGpuInstancePossiblePlacements_v2", wanted, d, id_, big, ref(n))
        call("nvmlDeviceCreateGpuInstance", wanted, d, id_, ref(x))
        call("nvmlDeviceGetGpuInstances", wanted, d, id_, big, ref(n))
        equal(n.value, 55, "count untouched")
    call("nvmlDeviceGetGpuInstanceById", 6, d, 0, ref(x))
    n.value = 55
    call("nvmlDeviceGetMaxMigDeviceCount", 0, d, ref(n))
    equal(n.value, 0, "MIG devices")
    # The order of checks measured on that H200: first pointers and handle, then ranges and version words, and finally
    # whether the board has MIG.
    for number in range(17):
        call("nvmlDeviceGetGpuInstanceProfileInfo", 3, d, number, big)
        call("nvmlDeviceGetGpuInstanceProfileInfo", 2, d, number, None)
        call("nvmlDeviceGetGpuInstanceProfileInfoV", 3, d, number, versioned(0x02000098))
        call("nvmlDeviceGetGpuInstanceProfileInfoV", 2, d, number, versioned(0x05000098))
    call("nvmlDeviceGetGpuInstanceRemainingCapacity", 2, d, 0, None)
    call("nvmlDeviceGetGpuInstancePossiblePlacements_v2", 2, d, 0, big, None)
    call("nvmlDeviceCreateGpuInstance", 2, d, 0, None)
    call("nvmlDeviceGetGpuInstances", 2, d, 0, None, ref(n))
    call("nvmlDeviceGetGpuInstances", 2, d, 0, big, None)


def garbage():
    here = ctypes.create_string_buffer(64)
    handle = d.value
    for bad in (None, 1, 0x1234, ctypes.addressof(here), handle + 1, handle + 8, 2**64 - 1, 2**63):
        bad = ctypes.c_void_p(bad)
        for name, args in {"nvmlDeviceGetName": (buffer, 96), "nvmlDeviceGetUUID": (buffer, 96), "nvmlDeviceGetMemoryInfo": (big,),
                           "nvmlDeviceGetMigMode": (ref(n), ref(e)), "nvmlDeviceGetIndex": (ref(n),), "nvmlGpuInstanceGetInfo": (big,),
                           "nvmlComputeInstanceGetInfo_v2": (big,), "nvmlGpuInstanceDestroy": (), "nvmlComputeInstanceDestroy": (),
                           "nvmlDeviceCreateGpuInstance": (19, ref(x)), "nvmlEventSetFree": ()}.items():
            call(name, 2, bad, *args)
    # The handle of a GPU is not one of an instance.
    for name in ("nvmlGpuInstanceGetInfo", "nvmlComputeInstanceGetInfo"):
        call(name, 2, d, big)


def main():
    call("nvmlDeviceGetCount_v2", 1, ref(n))
    call("nvmlInit_v2", 0)
    for code, words in WORDS.items():
        equal(lib.nvmlErrorString(code), words.encode(), f"text of {code}")
    call("nvmlDeviceGetCount_v2", 0, ref(n))
    call("nvmlDeviceGetHandleByIndex_v2", 0, 0, ref(d))
    call("nvmlDeviceGetHandleByIndex_v2", 2, 7, ref(x))
    call("nvmlDeviceGetHandleByIndex_v2", 2, 0, None)
    for uuid in (b"GPU-garbage", b"MIG-a03442ea-7e39-5c87-a571-2c92a740e2b4", b"MIG-GPU-43cc581f-8084-8750-9c33-32a7cbcc8a7c/3/0"):
        call("nvmlDeviceGetHandleByUUID", 6, uuid, ref(x))
    call("nvmlDeviceGetHandleByPciBusId_v2", 0, b"0000:07:00.0", ref(x))
    equal(x.value, d.value, "by bus id")
    call("nvmlDeviceGetHandleByPciBusId_v2", 6, b"0000:99:06.0", ref(x))
    call("nvmlDeviceGetHandleByPciBusId_v2", 2, b"junk", ref(x))
    call("nvmlDeviceIsMigDeviceHandle", 0, d, ref(n))
    call("nvmlDeviceGetGpuInstanceId", 2, d, ref(n))
    call("nvmlDeviceGetComputeInstanceId", 2, d, ref(n))
    call("nvmlDeviceGetDeviceHandleFromMigDeviceHandle", 2, d, ref(x))
    call("nvmlDeviceGetAttributes_v2", 3, d, big)
    call("nvmlDeviceGetMemoryInfo_v2", 13, d, (ctypes.c_uint64 * 5)(7))
    call("nvmlDeviceGetUUID", 7, d, buffer, 4)
    call("nvmlDeviceGetName", 7, d, buffer, 3)
    call("nvmlDeviceGetUUID", 2, d, None, 80)
    call("nvmlDeviceGetUUID", 0, d, buffer, 41)  # the exact length, including the terminating zero
    call("nvmlDeviceGetUUID", 7, d, buffer, 40)
    n.value = 0
    call("nvmlDeviceGetComputeRunningProcesses_v3", 0, d, ref(n), None)
    equal(n.value, 0, "processes")
    call("nvmlDeviceGetSupportedVgpus", 3, d, ref(n), big)
    call("nvmlEventSetCreate", 0, ref(x))
    call("nvmlEventSetWait_v2", 10, x, big, 10)
    call("nvmlEventSetFree", 0, x)
    call("nvmlEventSetFree", 2, x)
    (no_mig if NODE == "a10" else mig_off)()
    garbage()
    call("nvmlShutdown", 0)
    call("nvmlShutdown", 1)
    done()


if __name__ == "__main__":
    main()
