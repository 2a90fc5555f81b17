"""What a client that looks past NVML reads of its host, put where it reads it: the one place to change when `sim exec` does so itself."""

import json
import os
import shutil
import subprocess
import tempfile

# In a mount namespace of its own, from a tree that `gpuslice sim tree --write` made: /proc/driver, the driver's lines in
# /proc/devices, /sys/bus/pci/devices, and a /dev that has the node's character devices besides the host's.
INSIDE = r"""set -e
tree=$1 && modules=$2 && shift 2
mount --make-rprivate /
if [ -n "$modules" ] && [ -e /proc/modules ]; then
  mount --bind "$tree/modules" /proc/modules
elif [ -n "$modules" ]; then
  # A kernel without modules has nothing to mount over: links to the true /proc, in which a pid that begins later is missing.
  mkdir "$tree/real" && mount --rbind /proc "$tree/real"
  mount -t tmpfs none /proc && mkdir /proc/real && mount --rbind "$tree/real" /proc/real
  (cd /proc && ln -s real/* .)
  rm -f /proc/driver && mkdir /proc/driver && cp "$tree/modules" /proc/modules
fi
mount --bind "$tree/proc/driver" /proc/driver
[ -f "$tree/proc/devices" ] || { cp "$tree/numbers" "$tree/proc/devices" && sed '1d;/^$/,$d' /proc/devices >> "$tree/proc/devices"; }
mount --bind "$tree/proc/devices" "$(readlink -f /proc/devices)"
mount --bind "$tree/sys/bus/pci/devices" /sys/bus/pci/devices
mkdir "$tree/host" && mount -t tmpfs -o mode=755 none "$tree/host"
files=()
for entry in /dev/*; do
  if [ -L "$entry" ] || [ ! -d "$entry" ]; then files+=("$entry")
  else mkdir "$tree/host/${entry##*/}" && mount --rbind "$entry" "$tree/host/${entry##*/}"; fi
done
cp -a "${files[@]}" "$tree/host/"
mkdir -p "$tree/host/nvidia-caps"
while read -r path mode major minor; do mknod -m "$mode" "$tree/host/${path#/dev/}" c "$major" "$minor"; done < "$tree/devices"
mount --rbind "$tree/host" /dev
exec "$@"
"""


def missing():
    """Why that cannot be done here; None when it can."""
    if os.geteuid() != 0:
        return "needs root, to mount what the client reads"
    tried = subprocess.run(["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, text=True, check=False)
    return None if tried.returncode == 0 else "a mount namespace cannot be had: " + tried.stderr.strip()


def run_as_host(node, words, modules=False, environment=None):
    """`gpuslice sim exec NODE -- WORDS`, with what the node's driver shows in /proc, /sys and /dev at its absolute paths, as it
    stands at this moment; modules: in /proc/modules too, which mig-parted looks for."""
    folder = tempfile.mkdtemp(prefix="tree-", dir=node.home)
    tree = os.path.join(folder, "tree")
    try:
        node.must("sim", "tree", node.name, "--write", tree)
        rows = json.loads(node.must("sim", "tree", node.name, "--output", "json").stdout)
        with open(os.path.join(tree, "devices"), "w", encoding="ascii") as out:
            out.writelines(f"{r['path']} {r['mode']} {r['major']} {r['minor']}\n" for r in rows if r["kind"] == "device")
        with open(os.path.join(tree, "numbers"), "w", encoding="ascii") as out:  # the driver's lines of /proc/devices
            out.write("Character devices:\n")
            for name, path in (("nvidia", "/dev/nvidiactl"), ("nvidia-caps", "/dev/nvidia-caps/nvidia-cap1"), ("nvidia-uvm", "/dev/nvidia-uvm")):
                out.write(next(f"{r['major']:3} {name}\n" for r in rows if r["path"] == path))
        with open(os.path.join(tree, "modules"), "w", encoding="ascii") as out:
            out.write("nvidia 56823808 0 - Live 0x0000000000000000\n")
        devices = os.path.join(tree, "sys/bus/pci/devices")
        for gpu in os.listdir(devices):
            resource = os.path.join(devices, gpu, "resource")
            if not os.path.exists(resource):  # nvpci reads it of every NVIDIA device
                with open(resource, "w", encoding="ascii") as out:
                    out.write("0x0000000000000000 0x0000000000000000 0x0000000000000000\n")
        inside = ["unshare", "--mount", "bash", "-c", INSIDE, "bash", tree, "modules" if modules else "", *words]
        return subprocess.run([node.program, "sim", "exec", node.name, "--", *inside], capture_output=True, text=True,
                              env={**node.environment, **(environment or {})}, stdin=subprocess.DEVNULL, timeout=300, check=False)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
