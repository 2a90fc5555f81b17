"""Folders of tests: where to create them, how to copy the built program into one, and how to find changes in one."""

import hashlib
import os
import shutil
import stat
from pathlib import Path

# In memory if possible, because a change calls fsync at each step.
IN_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def install(program, folder):
    """Copies the built program and its library to a folder that other users can reach. Returns the path of the copy."""
    built = Path(program).parent
    shutil.copytree(built, os.path.join(folder, "bin"))
    shutil.copytree(built.parent / "lib", os.path.join(folder, "lib"), symlinks=True)
    return os.path.join(folder, "bin", "gpuslice")


def tree(folder):
    """Everything below a folder, as a list that changes with any name, mode, owner, size or content. The content
    of files above 1 MiB is not compared."""
    lines = []
    for where, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(folders + files):
            path = os.path.join(where, name)
            about = os.lstat(path)
            text = b""
            if stat.S_ISLNK(about.st_mode):
                text = os.readlink(path).encode()
            elif stat.S_ISREG(about.st_mode) and about.st_size < 1 << 20:
                with open(path, "rb") as file:
                    text = file.read()
            lines.append((path, about.st_mode, about.st_uid, about.st_size, hashlib.sha256(text).hexdigest()))
    return lines
