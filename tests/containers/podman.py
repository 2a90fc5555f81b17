#!/usr/bin/env python3
"""Podman and crun give a MIG device to a container, by the Container Device Interface, inside a simulated node.

    python3 tests/containers/podman.py --bin build/bin/gpuslice

Needs root, podman and crun (Debian: podman, crun). Exit status: 0 all held, 1 something did not, 77 podman cannot run here.
"""

import json
import re
import unittest

from box import Box, missing
from specification import specification
from support.case import OnNode, main
from support.layouts import document
from support.skip import skip

TRAIN = {"name": "train", "profile": "3g.20gb", "placement": "4:4"}
SERVE = {"name": "serve", "profile": "2g.10gb", "placement": "0:2"}


class Podman(OnNode):
    @classmethod
    def setUpClass(cls):
        try:
            cls.box = Box(cls.program)
        except RuntimeError as why:
            raise unittest.SkipTest(str(why)) from why
        cls.addClassCleanup(cls.box.remove)
        why = cls.box.why_not()
        if why:
            raise unittest.SkipTest(f"podman cannot run a container here: {why}")

    def divided(self):
        """A node of two GPUs, with train and serve on GPU 0, its specification, and the UUIDs of its MIG devices by
        name."""
        node = self.node("2xa100-40gb")
        self.did(node.apply(document([TRAIN, SERVE])))
        uuids = {}
        for row in json.loads(node.on("list", "--output", "json").stdout):
            if row["kind"] == "gi":
                uuids[row["name"]] = None
            elif row["kind"] == "ci":
                uuids[list(uuids)[-1]] = row["uuid"]
        return node, specification(node), uuids

    def devices_in(self, node, text, devices, *command):
        ran = self.did(self.box.run(node, text, devices, *(command or ("nvidia-smi", "-L"))))
        return re.findall(r"UUID: ((?:MIG|GPU)-[-0-9a-f]+)", ran.stdout), ran.stdout

    def test_a_container_sees_the_device_that_it_was_given_and_no_other(self):
        node, text, uuids = self.divided()
        for name in ("train", "serve"):
            for device in (name, uuids[name]):
                seen, said = self.devices_in(node, text, [f"gpuslice/gpu={device}"])
                self.assertEqual([one for one in seen if one.startswith("MIG-")], [uuids[name]], said)
                self.assertEqual(len(seen), 2, f"the other GPU is not there: {said}")

    def test_two_devices(self):
        node, text, uuids = self.divided()
        seen, said = self.devices_in(node, text, ["gpuslice/gpu=train", "gpuslice/gpu=serve"])
        self.assertEqual(sorted(one for one in seen if one.startswith("MIG-")), sorted(uuids.values()), said)

    def test_the_device_files_are_those_of_the_device(self):
        node, text, _ = self.divided()
        ran = self.did(self.box.run(node, text, ["gpuslice/gpu=train"], "ls", "/dev", "/dev/nvidia-caps"))
        caps = [word for word in ran.stdout.split() if word.startswith("nvidia-cap") and word != "nvidia-caps"]
        gi = json.loads(node.on("list", "--output", "json").stdout)
        first = 3 + 9 * next(row["gi"] for row in gi if row["name"] == "train")
        self.assertEqual(sorted(caps), sorted([f"nvidia-cap{first}", f"nvidia-cap{first + 1}"]), ran.stdout)
        self.assertEqual([word for word in ran.stdout.split() if re.fullmatch(r"nvidia\d+", word)], ["nvidia0"])

    def test_a_container_that_loses_its_view_sees_no_instance(self):
        node, text, _ = self.divided()
        seen, said = self.devices_in(node, text, ["gpuslice/gpu=train"], "env", "-u", "GPUSLICE_SIM_VIEW", "nvidia-smi", "-L")
        self.assertEqual([one for one in seen if one.startswith("MIG-")], [], said)

    def test_a_container_changes_nothing(self):
        node, text, _ = self.divided()
        before = node.shape()
        for words in (("nvidia-smi", "-mig", "0"), ("nvidia-smi", "mig", "-dci"), ("nvidia-smi", "-i", "0", "-r")):
            ran = self.box.run(node, text, ["gpuslice/gpu=train"], *words)
            self.assertNotEqual(ran.returncode, 0, f"{words}: {ran.stdout}")
        self.assertEqual(node.shape(), before)

    def test_a_container_without_a_device_has_no_driver(self):
        node, text, _ = self.divided()
        ran = self.box.run(node, text, [], "nvidia-smi", "-L")
        self.assertEqual(ran.returncode, 127, f"{ran.stdout}{ran.stderr}")

    def test_an_unknown_device_is_named(self):
        node, text, _ = self.divided()
        ran = self.box.run(node, text, ["gpuslice/gpu=nosuch"], "nvidia-smi", "-L")
        self.assertNotEqual(ran.returncode, 0)
        self.assertIn("gpuslice/gpu=nosuch", ran.stderr)


if __name__ == "__main__":
    WHY = missing()
    if WHY:
        skip("podman", WHY)
    main()
