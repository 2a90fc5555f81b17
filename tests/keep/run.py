#!/usr/bin/env python3
"""A node keeps a layout: after a reboot, `restore` brings every instance back to its exact placement, with its name.

Nodes of several generations are rebooted; `restore` is killed at each of its driver calls, run twice, and run on nodes
on which a GPU is missing, refuses, or is occupied. States are read through NVML.
"""

import json
import os
import signal
import stat

from support.case import OnNode, main
from support.layouts import document, gi
from support.nvml import Driver

# For each generation two GPU instances, the second one with two named compute instances.
GENERATIONS = {
    "a100-40gb": ("1g.5gb", "3g.20gb"),  # MIG mode survives a reboot
    "a30": ("1g.6gb", "2g.12gb"),
    "h100-80gb-sxm5": ("1g.10gb", "3g.40gb"),  # it does not
    "b200": ("1g.23gb", "2g.45gb"),
    "rtx-pro-6000": ("1g.24gb", "2g.48gb"),
}


def declared(small, large):
    """A layout without placements, the same for all GPUs, with names."""
    halves = [{"name": "left", "profile": "1c"}, {"name": "right", "profile": "1c"}]
    return {"version": "gpuslice/v1", "gpus": [{"select": "all", "instances": [
        gi(small, name="small"), gi(large, name="large", compute=halves)]}]}


class Keep(OnNode):
    def kept_node(self, product="a100-40gb", gpus=2, variant=None):
        """A node with a layout applied and kept."""
        node = self.node(f"{gpus}x{product}", variant, mig=False)
        self.did(node.apply(declared(*GENERATIONS[product])))
        self.did(node.on("keep", "--current"))
        return node

    def reboot(self, node):
        """Reboots it. The NVML session of the time before does not see the GPUs any more, so a new one is opened."""
        node.driver.close()
        said = self.did(node.call("sim", "reboot", node.name))
        node.driver = Driver(node.directory)
        return said

    def restore(self, node, *words, status=0):
        return self.did(node.on("restore", *words), status)

    def kept_file(self, node):
        return os.path.join(node.directory, "etc", "gpuslice", "layout.yaml")

    def status(self, node, status=0):
        ran = self.did(node.on("status", "--output", "json"), status)
        return json.loads(ran.stdout)

    def history(self, node):
        return [one["verb"] for one in json.loads(node.on("history", "--output", "json").stdout)]

    def test_every_generation_comes_back_exactly(self):
        for product in GENERATIONS:
            with self.subTest(product):
                node = self.kept_node(product)
                shape, names = node.shape(), node.names()
                self.assertEqual(len(names), 8)
                self.reboot(node)
                self.assertNotEqual(node.shape(), shape)
                self.assertEqual(self.did(node.on("assert", "-f", self.kept_file(node)), 3).stdout.split("\n")[0], "differs")
                said = self.restore(node)
                self.assertIn("restored", said.stdout)
                self.assertEqual(node.shape(), shape)
                self.assertEqual(node.names(), names)
                self.did(node.on("assert", "-f", self.kept_file(node)))
                self.assertEqual({row["state"] for row in self.status(node)}, {"ok"})

    def test_compute_mode_and_time_slice_come_back(self):
        for product in ("a100-40gb", "h100-80gb-sxm5", "t4"):
            with self.subTest(product):
                node = self.node(f"2x{product}", None, mig=False)
                entry = {"select": "all", "compute-mode": "exclusive-process", "share": {"time-slice": "short"}}
                if product in GENERATIONS:
                    entry["instances"] = [gi(GENERATIONS[product][1], name="large")]
                layout = {"version": "gpuslice/v1", "gpus": [entry]}
                self.did(node.on("keep", "-f", "-", text=json.dumps(layout)))
                self.restore(node)
                shape = node.shape() if product in GENERATIONS else None
                self.assertEqual({row["state"] for row in self.status(node)}, {"ok"})
                self.reboot(node)
                rows = [row for row in self.status(node, 3) if row["kind"] in ("compute-mode", "time-slice")]
                self.assertEqual({(row["kind"], row["declared"], row["actual"], row["state"]) for row in rows},
                                 {("compute-mode", "Exclusive_Process", "Default", "different"), ("time-slice", "short", "default", "different")})
                self.restore(node)
                self.did(node.on("assert", "-f", self.kept_file(node)))
                self.assertEqual({row["state"] for row in self.status(node)}, {"ok"})
                if shape:
                    self.assertEqual(node.shape(), shape)
                query = self.did(node.smi("--query-gpu=compute_mode", "--format=csv,noheader")).stdout
                self.assertEqual(query, "Exclusive_Process\nExclusive_Process\n")
                past = self.history(node)
                self.restore(node)
                self.assertEqual(self.history(node), past)

    def test_a_declared_layout_is_kept_with_the_placements_of_its_plan(self):
        node = self.node("2xa100-40gb", mig=False)
        text = json.dumps(declared(*GENERATIONS["a100-40gb"]))
        kept = self.did(node.on("keep", "-f", "-", text=text))
        self.assertIn("the node is not like that now", kept.stderr)
        self.assertFalse(any(instances for _, instances in node.shape()), "keep changes no GPU")
        self.restore(node)
        shape = node.shape()
        other = self.node("2xa100-40gb", mig=False)
        self.did(other.apply(json.loads(text)))
        self.assertEqual(other.shape(), shape)
        for entry in json.loads(self.did(node.on("export", "--output", "json")).stdout)["gpus"]:
            self.assertTrue(all("placement" in one for one in entry["instances"]))

    def test_the_second_restore_changes_nothing(self):
        node = self.kept_node()
        self.reboot(node)
        self.restore(node)
        past = self.history(node)
        self.assertEqual(past, ["apply", "restore"], "one change for both GPUs")
        self.did(node.call("sim", "trace", node.name, "--on"))
        again = self.restore(node, "--output", "json")
        self.assertEqual({row["outcome"] for row in json.loads(again.stdout)}, {"unchanged"})
        self.assertEqual(json.loads(node.call("sim", "trace", node.name, "--mutating", "--output", "json").stdout), [])
        self.assertEqual(self.history(node), past)

    def killed_everywhere(self, node, how):
        shape, names = node.shape(), node.names()
        steps = 0
        while True:
            self.reboot(node)
            node.inject(how, "--nth", str(steps + 1))
            ran = node.on("restore")
            if ran.returncode == 0:
                node.inject("--clear")
                break
            self.assertEqual(ran.returncode, -signal.SIGKILL, ran.stderr)
            steps += 1
            self.restore(node)
            self.assertEqual(node.shape(), shape, f"{how} {steps}")
            self.assertEqual(node.names(), names, f"{how} {steps}")
            self.assertEqual(self.status(node)[0]["state"], "ok")
        self.assertEqual(node.shape(), shape)
        return steps

    def test_killed_at_each_step_it_converges(self):
        # On Hopper the modes are steps too.
        node = self.kept_node("h100-80gb-sxm5")
        for how in ("--kill-before", "--kill-after"):
            self.assertEqual(self.killed_everywhere(node, how), 12)

    def test_an_interrupted_apply_before_the_boot(self):
        node = self.kept_node()
        shape, names = node.shape(), node.names()
        node.inject("--kill-after", "--nth", "2")
        self.assertEqual(node.apply(document([gi("7g.40gb")], [gi("7g.40gb")])).returncode, -signal.SIGKILL)
        self.assertIn("was interrupted", self.did(node.on("keep", "--current"), 5).stderr)
        self.reboot(node)
        self.assertIn("was rolled back", self.restore(node).stderr)
        self.assertEqual(node.shape(), shape)
        self.assertEqual(node.names(), names)

    def test_one_gpu_is_occupied_and_the_other_is_restored(self):
        node = self.kept_node()
        shape = node.shape()
        self.reboot(node)
        self.did(node.smi("mig", "-i", "0", "-cgi", "7g.40gb", "-C"))
        theirs = node.shape()[0]
        said = self.restore(node, status=1)
        self.assertIn("created by another program", said.stderr)
        self.assertEqual(node.shape(), (theirs, shape[1]))
        rows = self.status(node, 3)
        self.assertEqual({row["state"] for row in rows if row["gpu"] == 1}, {"ok"})
        first = [row for row in rows if row["gpu"] == 0]
        self.assertEqual([row["state"] for row in first if row["kind"] == "gpu"], ["impossible"])
        self.assertEqual({(row["state"], row["profile"]) for row in first if row["kind"] == "gpu-instance"},
                         {("missing", "1g.5gb"), ("missing", "3g.20gb"), ("foreign", "7g.40gb")})

    def test_a_gpu_that_refuses_does_not_prevent_the_other(self):
        for product, refuses in (("a100-40gb", "nvmlGpuInstanceCreateComputeInstanceWithPlacement"), ("h100-80gb-sxm5", "nvmlDeviceSetMigMode")):
            with self.subTest(product):
                node = self.kept_node(product)
                shape = node.shape()
                self.reboot(node)
                bare = node.shape()[0]
                node.inject("--fail", "UNKNOWN", "--on", refuses, "--gpu", "0", "--repeat", "always")
                said = self.restore(node, "--output", "json", status=1)
                self.assertEqual(node.shape(), (bare, shape[1]))
                outcomes = {(row["gpu"], row["outcome"]) for row in json.loads(said.stdout)}
                self.assertIn((0, "failed"), outcomes)
                self.assertNotIn((1, "failed"), outcomes)
                node.inject("--clear")
                self.restore(node)
                self.assertEqual(node.shape(), shape)

    def test_a_gpu_that_is_gone_is_named(self):
        node = self.kept_node()
        with open(self.kept_file(node), encoding="utf-8") as file:
            text = file.read()
        first, second = json.loads(self.did(node.on("list", "--output", "json")).stdout)[0]["uuid"], "GPU-00000000-1111-2222-3333-444444444444"
        with open(self.kept_file(node), "w", encoding="utf-8") as file:
            file.write(text.replace(first, second))
        shape = node.shape()
        self.reboot(node)
        bare = node.shape()[0]
        said = self.restore(node, status=1)
        self.assertIn(f"gpuslice: {second}: is not there", said.stderr)
        self.assertEqual(node.shape(), (bare, shape[1]))

    def test_a_driver_that_is_loaded_late_is_waited_for_within_bounds(self):
        node = self.kept_node()
        shape = node.shape()
        self.reboot(node)
        node.inject("--fail", "DRIVER_NOT_LOADED", "--on", "nvmlInit_v2", "--repeat", "3")
        said = self.restore(node, "--wait-driver", "60")
        self.assertEqual(said.stderr.count("waiting for the driver:"), 1)
        self.assertEqual(node.shape(), shape)
        node.inject("--fail", "DRIVER_NOT_LOADED", "--on", "nvmlInit_v2", "--repeat", "always")
        refused = node.on("restore", "--wait-driver", "1")
        self.assertIn(refused.returncode, (1, 4))
        self.assertIn("waiting for the driver:", refused.stderr)

    def test_restored_by_a_boot_hook_inside_the_node(self):
        node = self.kept_node("h100-80gb-sxm5")
        shape, names = node.shape(), node.names()
        hook = os.path.join(node.directory, "boot.d", "50-restore")
        with open(hook, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\nexec {node.program} restore --wait-driver 10\n")
        os.chmod(hook, os.stat(hook).st_mode | stat.S_IXUSR)
        said = self.reboot(node)
        if "namespaces are not allowed here" in said.stderr:
            self.skipTest("restored by a boot hook: namespaces are not allowed here")
        self.assertEqual(node.shape(), shape)
        self.assertEqual(node.names(), names)

    def test_a_name_survives_recreation_undo_and_reboot(self):
        node = self.node("1xa100-40gb")
        self.did(node.apply(document([gi("3g.20gb", "4:4", name="train")])))
        names = node.names()
        self.did(node.on("keep", "--current"))
        self.did(node.on("destroy", "train"))
        self.restore(node)
        self.assertEqual(node.names(), names)
        self.did(node.apply(document([gi("1g.5gb", name="other")])))
        self.reboot(node)
        self.restore(node)
        self.assertEqual(node.names(), names)
        self.assertIn("undo of change", self.did(node.on("undo")).stderr)
        self.assertEqual(node.names(), names, "undo passes over restores, and reverts the apply")

    def test_drift_is_reported_per_object_with_its_time(self):
        node = self.kept_node(gpus=1)
        self.did(node.on("destroy", "small"))
        self.did(node.smi("mig", "-i", "0", "-dci", "-gi", str(self.gi_at(node, 4)), "-ci", "0"))
        self.did(node.on("create", "2g.10gb", "--gpu", "0", "--name", "more"))
        rows = {(row["kind"], row["declared"] or row["actual"]): row for row in self.status(node, 3)}
        self.assertEqual({key[1]: row["state"] for key, row in rows.items() if key[1]},
                         {"on": "ok", "small": "missing", "large": "ok", "left": "missing", "right": "ok", "more": "extra"})
        changed = {name: rows[kind, name]["change"] for kind, name in rows if name}
        self.assertEqual({name: changed[name] for name in ("small", "large", "left", "more")}, {"small": 2, "large": 1, "left": None, "more": 3})
        self.assertRegex(rows["gpu-instance", "small"]["since"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.restore(node)
        self.assertEqual({row["state"] for row in self.status(node)}, {"ok"})

    def test_another_user_may_look_and_nothing_is_kept_at_first(self):
        node = self.node("1xa100-40gb", mig=False)
        self.assertIn("no layout is kept", self.did(node.on("keep", "--show"), 1).stderr)
        self.assertIn("no layout is kept", self.did(node.on("status")).stderr)
        self.assertIn("nothing to restore", self.restore(node).stderr)
        self.did(node.on("keep", "--current"))
        self.assertIn("mig: false", self.did(node.on("keep", "--show")).stdout)
        self.did(node.on("keep", "--clear"))
        self.assertFalse(os.path.exists(self.kept_file(node)))


if __name__ == "__main__":
    main()
