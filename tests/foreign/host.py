"""Runs a client that reads /proc and /sys as well as NVML inside a node."""

import os
import subprocess

# A kernel without /proc/modules has no file over which the node's file could be mounted. For a client that needs this
# file, the script mounts a /proc of links to the real one, in which processes that start later are missing.
WITH_MODULES = r"""set -e
mkdir -p "$1" && mount -t tmpfs none "$1" && mkdir "$1/real" && mount --rbind /proc "$1/real"
mount -t tmpfs none /proc && mkdir /proc/real && mount --rbind "$1/real" /proc/real
(cd /proc && ln -s real/* .)
echo 'nvidia 14299136 0 - Live 0x0000000000000000 (O)' > /proc/modules
shift
exec "$@"
"""


def missing():
    """Why this is not possible here; None if it is possible."""
    if os.geteuid() != 0:
        return "needs root to mount the files that the client reads"
    tried = subprocess.run(["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, text=True, check=False)
    return None if tried.returncode == 0 else "a mount namespace cannot be created: " + tried.stderr.strip()


def run_as_host(node, words, modules=False, environment=None):
    """Runs `gpuslice sim exec NODE -- COMMAND`. With `modules`, the client gets a /proc/modules even if the kernel has
    none."""
    if modules and not os.path.exists("/proc/modules"):
        words = ["unshare", "--mount", "bash", "-c", WITH_MODULES, "bash", os.path.join(node.home, "modules"), *words]
    return subprocess.run([node.program, "sim", "exec", node.name, "--", *words], capture_output=True, text=True,
                          env={**node.environment, **(environment or {})}, stdin=subprocess.DEVNULL, timeout=300, check=False)
