"""What stands on a node, read through NVML by ctypes; and work in a process of its own."""

import ctypes
import json
import os
import random
import signal
import threading
import time

SECONDS = 20
PROFILES = {"1g.5gb": (19, 1, 1, range(7)), "2g.10gb": (14, 2, 2, (0, 2, 4)), "3g.20gb": (9, 4, 3, (0, 4)),
            "4g.20gb": (5, 4, 4, (0,)), "7g.40gb": (0, 8, 7, (0,))}
COMPUTE = {1: 0, 2: 1, 3: 2, 4: 3, 7: 4}  # compute slices -> id of the compute instance profile


def structure(*fields):
    return type("Info", (ctypes.Structure,), {"_fields_": [(name, kind) for name, kind in fields]})


UINT, POINTER = ctypes.c_uint, ctypes.c_void_p
GI = structure(("device", POINTER), ("id", UINT), ("profile", UINT), ("start", UINT), ("size", UINT))
CI = structure(("device", POINTER), ("gi", POINTER), ("id", UINT), ("profile", UINT), ("start", UINT), ("size", UINT))
PROFILE = structure(("id", UINT), ("rest", UINT * 64))


def must(code):
    if code:
        raise OSError(code, "NVML")


def instances(nvml, parent, profile_info, listing, *more):
    """All handles below a device or a GPU instance."""
    for number in range(16):
        info, handles, count = PROFILE(), (POINTER * 64)(), UINT(64)
        if profile_info(parent, number, *more, ctypes.byref(info)) == 0:
            must(listing(parent, info.id, handles, ctypes.byref(count)))
            yield from (POINTER(handle) for handle in handles[:count.value])


def gpus_of(nvml):
    must(nvml.nvmlInit_v2())
    count = UINT()
    must(nvml.nvmlDeviceGetCount_v2(ctypes.byref(count)))
    for index in range(count.value):
        gpu = POINTER()
        must(nvml.nvmlDeviceGetHandleByIndex_v2(index, ctypes.byref(gpu)))
        yield gpu


def stands(nvml):
    """[[MIG mode, [[profile, start, size, [[profile, start, size], ...]], ...]], ...]"""
    result = []
    for gpu in gpus_of(nvml):
        current, pending, found = UINT(), UINT(), []
        must(nvml.nvmlDeviceGetMigMode(gpu, ctypes.byref(current), ctypes.byref(pending)))
        if current.value:
            for gi in instances(nvml, gpu, nvml.nvmlDeviceGetGpuInstanceProfileInfo, nvml.nvmlDeviceGetGpuInstances):
                about, inside = GI(), []
                must(nvml.nvmlGpuInstanceGetInfo(gi, ctypes.byref(about)))
                for ci in instances(nvml, gi, nvml.nvmlGpuInstanceGetComputeInstanceProfileInfo,
                                    nvml.nvmlGpuInstanceGetComputeInstances, 0):
                    part = CI()
                    must(nvml.nvmlComputeInstanceGetInfo_v2(ci, ctypes.byref(part)))
                    inside.append([part.profile, part.start, part.size])
                found.append([about.profile, about.start, about.size, sorted(inside)])
        result.append([current.value, sorted(found)])
    return result


def stranger(nvml, seed):
    """Makes and destroys GPU instances as it likes, for a while."""
    rng, end = random.Random(seed), time.monotonic() + 0.15
    while time.monotonic() < end:
        for gpu in gpus_of(nvml):
            handle = POINTER()
            if rng.random() < 0.5:
                nvml.nvmlDeviceCreateGpuInstance(gpu, rng.choice([19, 14, 9]), ctypes.byref(handle))
            else:
                try:
                    for gi in instances(nvml, gpu, nvml.nvmlDeviceGetGpuInstanceProfileInfo, nvml.nvmlDeviceGetGpuInstances):
                        if rng.random() < 0.5:
                            nvml.nvmlGpuInstanceDestroy(gi)
                except OSError:
                    pass  # it went while we looked
        time.sleep(rng.random() * 0.01)
    return True


class Wrong(Exception):
    """What was seen and must not be."""


def apart(function, *arguments):
    """Starts function(arguments) in a process of its own; what is returned waits for it and gives its answer."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reader)
            answer = {"is": function(*arguments)}
        except OSError as error:
            answer = {"error": error.errno}
        except Wrong as wrong:
            answer = {"wrong": str(wrong)}
        except BaseException as error:  # pylint: disable=broad-except
            answer = {"wrong": f"{type(error).__name__}: {error}"}
        try:
            with os.fdopen(writer, "w") as pipe:
                json.dump(answer, pipe)
        finally:
            os._exit(0)
    os.close(writer)

    def end(seconds=SECONDS):
        timer = threading.Timer(seconds, os.kill, (child, signal.SIGKILL))
        timer.start()
        with os.fdopen(reader) as pipe:
            text = pipe.read()
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        timer.cancel()
        if status or not text:
            raise Wrong(f"an NVML client ended by signal {-status}")
        answer = json.loads(text)
        if "wrong" in answer:
            raise Wrong(answer["wrong"])
        return answer.get("is")

    return end


def with_library(directory, function, *more):
    return function(ctypes.CDLL(os.path.join(directory, "lib", "libnvidia-ml.so.1")), *more)
