"""Folders of tests: where they are created, a copy of the built program in one, and what changed in one."""

import hashlib
import os
import shutil
import stat
from pathlib import Path

# Memory, where there is some: a change is brought to the disk at each step.
IN_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def install(program, folder):
    """A copy of the built program, with its library, where other users can reach it; the path of the copy."""
    built = Path(program).parent
    shutil.copytree(built, os.path.join(folder, "bin"))
    shutil.copytree(built.parent / "lib", os.path.join(folder, "lib"), symlinks=True)
    return os.path.join(folder, "bin", "gpuslice")


def tree(folder):
    """Everything below a folder, as a list that changes when a name, mode, owner, size or content does. Of files above 1 MiB the size."""
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
