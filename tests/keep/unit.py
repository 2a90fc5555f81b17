#!/usr/bin/env python3
"""The unit that restores a layout at boot: systemd accepts it, and it is ordered and bounded as docs/boot.md says."""

import configparser
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from support.case import OnNode, main

UNIT = "gpuslice-restore.service"
SOURCE = Path(__file__).resolve().parents[2] / "data" / "systemd" / (UNIT + ".in")
AFTER = {"nvidia-persistenced.service", "nvidia-fabricmanager.service", "systemd-modules-load.service"}
BEFORE = {"docker.service", "containerd.service", "crio.service", "podman.service", "kubelet.service", "slurmd.service", "nvidia-cdi-refresh.service",
          "libvirtd.service"}


class Values(dict):
    """Collects the values of a key that is given more than once."""

    def __setitem__(self, key, value):
        if key in self and isinstance(value, list):
            self[key].extend(value)
        else:
            super().__setitem__(key, value)


class Unit(OnNode):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="gpuslice-unit-")
        self.addCleanup(self.folder.cleanup)
        self.text = SOURCE.read_text(encoding="utf-8").replace("@program@", self.program)
        self.assertNotIn("@", self.text)
        self.unit = Path(self.folder.name) / UNIT
        self.unit.write_text(self.text, encoding="utf-8")

    def keys(self):
        parser = configparser.ConfigParser(dict_type=Values, strict=False, interpolation=None)
        parser.optionxform = str
        parser.read_string(self.text)
        return parser

    def words(self, section, key):
        return set(self.keys()[section][key].split())

    def test_systemd_accepts_it(self):
        if shutil.which("systemd-analyze") is None:
            self.skipTest("systemd-analyze is not installed")
        ran = subprocess.run(["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(self.unit)], capture_output=True, text=True,
                             timeout=60, check=False)
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))

    def test_after_the_driver_and_before_all_that_uses_gpus(self):
        self.assertLessEqual(AFTER, self.words("Unit", "After"))
        self.assertLessEqual(BEFORE, self.words("Unit", "Before"))

    def test_the_boot_goes_on_without_it(self):
        unit = self.keys()
        self.assertEqual(unit["Install"]["WantedBy"].split(), ["multi-user.target"])
        self.assertNotIn("RequiredBy", unit["Install"])
        self.assertEqual(unit["Unit"]["ConditionPathExists"], "/etc/gpuslice/layout.yaml")
        self.assertEqual((unit["Service"]["Type"], unit["Service"]["RemainAfterExit"]), ("oneshot", "yes"))
        self.assertIn("TimeoutStartSec", unit["Service"])

    def test_its_command_is_one_that_the_program_has(self):
        command = self.keys()["Service"]["ExecStart"].split()
        self.assertEqual(command[:3], [self.program, "restore", "--wait-driver"])
        node = self.node("1xa100-40gb", mig=False)
        self.did(node.on(*command[1:]))


if __name__ == "__main__":
    main()
