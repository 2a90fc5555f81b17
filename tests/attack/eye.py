"""Reads the state of a node through NVML by ctypes, and runs functions in a separate process."""

import ctypes
import json
import os
import random
import signal
import threading
import time

from support.nvml import Driver, Refused

SECONDS = 20
PROFILES = {"1g.5gb": (19, 1, 1, range(7)), "2g.10gb": (14, 2, 2, (0, 2, 4)), "3g.20gb": (9, 4, 3, (0, 4)),
            "4g.20gb": (5, 4, 4, (0,)), "7g.40gb": (0, 8, 7, (0,))}
COMPUTE = {1: 0, 2: 1, 3: 2, 4: 3, 7: 4}  # compute slices -> id of the compute instance profile


def stands(directory):
    """[[MIG mode, [[profile, start, size, [[profile, start, size], ...]], ...]], ...] of a node."""
    result = []
    for mode, found in Driver(directory).shape():
        if mode is None:
            raise Refused("the MIG mode cannot be read")
        result.append([mode[0], sorted([profile, start, size, inside] for (start, size, profile), inside in found)])
    return result


def stranger(directory, seed):
    """Creates and destroys random GPU instances of a node for 0.15 s."""
    rng, end = random.Random(seed), time.monotonic() + 0.15
    while time.monotonic() < end:
        driver = Driver(directory)
        for gpu in driver.gpus:
            handle = ctypes.c_void_p()
            if rng.random() < 0.5:
                driver.nvml.nvmlDeviceCreateGpuInstance(gpu, rng.choice([19, 14, 9]), ctypes.byref(handle))
            else:
                try:
                    for gi in driver.gpu_instances(gpu):
                        if rng.random() < 0.5:
                            driver.nvml.nvmlGpuInstanceDestroy(gi)
                except Refused:
                    pass  # another program has destroyed it meanwhile
        time.sleep(rng.random() * 0.01)
    return True


class Wrong(Exception):
    """The program misbehaved. The text describes how."""


def apart(function, *arguments):
    """Starts function(arguments) in a separate process. Returns a function that waits for it and returns its result."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reader)
            answer = {"is": function(*arguments)}
        except (OSError, Refused) as error:
            answer = {"error": str(error)}
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
