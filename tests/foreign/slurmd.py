#!/usr/bin/env python3
"""Slurm's `slurmd -G` with AutoDetect=nvml inside simulated nodes: MIG devices with their types and files, and whole
GPUs without MIG.

    [SLURMD=PROGRAM SLURM_PLUGINS=DIR] python3 tests/foreign/slurmd.py --bin build/bin/gpuslice

Optional: needs slurmd with its NVML plugin (Debian: slurmd and, from contrib, slurm-wlm-nvml-plugin), which
tools/install-deps does not install. The program must be named slurmd, because Slurm's library searches for GPUs only
under that name. The plugin opens libnvidia-ml.so; if the node lacks that name, the test creates it next to the node's
library.
"""
import os
import re
import shutil
from pathlib import Path

import foreign
from foreign import OnForeignNode
from support.skip import Missing

PLACES = ("/usr/lib/x86_64-linux-gnu/slurm-wlm", "/usr/lib/aarch64-linux-gnu/slurm-wlm", "/usr/lib64/slurm", "/usr/lib/slurm")
HAVE = {}


class Slurmd(OnForeignNode):
    def gres(self, gpus, wanted, layout=(), mig=True):
        """Runs slurmd with these types in slurm.conf. Returns (type, files) of each GPU that it finds, and its
        errors."""
        node = self.node(gpus, "A" if "a100" in gpus else None, mig)
        for profile in layout:
            self.did(node.on("create", profile, "--gpu", "0"))
        library = Path(node.directory) / "lib" / "libnvidia-ml.so"
        if not library.exists():
            library.symlink_to("libnvidia-ml.so.1")
        folder = Path(node.home) / "slurm"
        folder.mkdir()
        (folder / "gres.conf").write_text("AutoDetect=nvml\n", encoding="ascii")
        (folder / "slurm.conf").write_text(
            f"ClusterName=c\nSlurmctldHost=h\nAuthType=auth/none\nCredType=cred/none\nGresTypes=gpu\nPluginDir={HAVE['plugins']}\nSlurmUser=root\n"
            f"SlurmdSpoolDir={folder}\nSlurmdPidFile={folder}/pid\nProctrackType=proctrack/pgid\nTaskPlugin=task/none\nSlurmdParameters=config_overrides\nNodeName=n NodeHostname=n CPUs={os.cpu_count()} CoresPerSocket={os.cpu_count()} Gres={wanted}\n"
            "PartitionName=p Nodes=n Default=YES\n", encoding="ascii")
        ran = self.did(node.call("sim", "exec", node.name, "--", "env", f"LD_LIBRARY_PATH={library.parent}:{os.environ.get('LD_LIBRARY_PATH', '')}",
                                 HAVE["slurmd"], "-G", "-N", "n", "-f", str(folder / "slurm.conf")))
        text = ran.stdout + ran.stderr
        found = [(kind, files) for kind, files in re.findall(r"Gres Name=gpu Type=(\S+) .*?(?:File|Files)=(\S+)", text)]
        return found, [line for line in text.splitlines() if "error:" in line], text

    def test_mig_devices_of_an_a100(self):
        found, errors, text = self.gres("1xa100-40gb", "gpu:nvidia_a100_3g.20gb:1,gpu:nvidia_a100_1g.5gb:1", ["3g.20gb", "1g.5gb"])
        self.assertEqual(sorted(found), [  # placements 4:4 and 0:1 of variant A: GPU instances 2 and 7
            ("nvidia_a100_1g.5gb", "/dev/nvidia0,/dev/nvidia-caps/nvidia-cap66,/dev/nvidia-caps/nvidia-cap67"),
            ("nvidia_a100_3g.20gb", "/dev/nvidia0,/dev/nvidia-caps/nvidia-cap21,/dev/nvidia-caps/nvidia-cap22")], text)
        self.assertEqual(errors, [])

    def test_whole_gpus(self):
        found, errors, text = self.gres("2xt4", "gpu:tesla_t4:2", mig=False)
        self.assertEqual(found, [("tesla_t4", "/dev/nvidia[0-1]")] if len(found) == 1 else [("tesla_t4", "/dev/nvidia0"), ("tesla_t4", "/dev/nvidia1")], text)
        self.assertEqual(errors, [])


def prepare(_cache):
    HAVE["slurmd"] = os.environ.get("SLURMD") or shutil.which("slurmd") or shutil.which("slurmd", path="/usr/sbin:/sbin")
    if HAVE["slurmd"] is None:
        raise Missing("slurmd is not installed (Debian: slurmd)")
    HAVE["plugins"] = os.environ.get("SLURM_PLUGINS") or next((place for place in PLACES if (Path(place) / "gpu_nvml.so").exists()), None)
    if HAVE["plugins"] is None:
        raise Missing("slurmd has no gpu_nvml.so (Debian: slurm-wlm-nvml-plugin, in contrib)")
    return HAVE["slurmd"]


if __name__ == "__main__":
    foreign.main("slurmd", prepare)
