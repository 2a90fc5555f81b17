#!/usr/bin/env python3
"""Prints as JSON what a program can see at absolute paths, inside a node or elsewhere.

    look.py PATH...      each path: kind, mode, device numbers, content
    look.py --nvidia     every path of NVIDIA in /proc, /dev, /sys and the folders of libraries and programs
"""

import glob
import json
import os
import stat
import sys


def entry(path):
    try:
        info = os.lstat(path)
    except OSError as error:
        return {"error": error.strerror}
    seen = {"mode": f"{stat.S_IMODE(info.st_mode):04o}"}
    if stat.S_ISDIR(info.st_mode):
        seen["kind"] = "directory"
    elif stat.S_ISLNK(info.st_mode):
        seen.update(kind="link", content=os.readlink(path), leads=os.path.exists(path))
    elif stat.S_ISCHR(info.st_mode):
        seen.update(kind="device", major=os.major(info.st_rdev), minor=os.minor(info.st_rdev))
        try:
            os.close(os.open(path, os.O_RDONLY))
            seen["opens"] = True
        except OSError as error:
            seen["opens"] = error.strerror
    else:
        seen["kind"] = "file"
        try:
            with open(path, "rb") as file:
                seen["content"] = file.read().decode("latin-1")
        except OSError as error:
            seen["content"] = {"error": error.strerror}
    return seen


def nvidia():
    found = []
    for pattern in ("/dev/nvidia*", "/dev/nvidia-caps/*", "/proc/driver/nvidia*", "/proc/driver/nvidia/gpus/*",
                    "/proc/driver/nvidia/capabilities/gpu*/mig/*", "/sys/module/nvidia*", "/sys/bus/pci/drivers/nvidia*/*"):
        found += sorted(glob.glob(pattern))
    for device in sorted(glob.glob("/sys/bus/pci/devices/*")):
        if entry(device + "/vendor").get("content") == "0x10de\n":
            found.append(device)
    with open("/proc/devices", encoding="ascii") as file:
        found += [" ".join(line.split()) for line in file if "nvidia" in line]
    if os.path.exists("/proc/modules"):
        with open("/proc/modules", encoding="ascii") as file:
            found += [line.split()[0] for line in file if line.startswith("nvidia")]
    return found


if __name__ == "__main__":
    print(json.dumps(nvidia() if sys.argv[1:] == ["--nvidia"] else {path: entry(path) for path in sys.argv[1:]}))
