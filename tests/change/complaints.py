#!/usr/bin/env python3
"""What people complain about in tools that partition GPUs, each complaint a test that names where it was made.

What stands is read through NVML; that a change was a success is believed only when NVML shows it.
"""

import itertools
import json
import os

import suite
from random_layouts import document


def gi(profile, placement=None, **more):
    return {"profile": profile, **({"placement": placement} if placement else {}), **more}


class LostOnReboot(suite.OnNode):
    """The layout is gone after a reboot, on Hopper the mode too (device-plugin#225, #343; gpu-operator#2600)."""

    def reboots(self, gpus, variant, mode_survives, wanted):
        node = self.node(gpus, variant, mig=False)
        self.did(node.apply(document(wanted)))
        before, names = node.shape(), node.names()
        exported = self.did(node.on("export")).stdout
        node.driver.close()
        self.did(node.call("sim", "reboot", node.name))
        node.driver = type(node.driver)(node.directory)
        mode, instances = node.shape()[0]
        self.assertEqual((mode[0] == 1, instances), (mode_survives, ()))
        self.did(node.on("assert", "-f", "-", text=exported), 3)
        self.did(node.on("apply", "-f", "-", text=exported))
        self.assertEqual(node.shape(), before, "the same places")
        self.assertEqual(node.names(), names, "the same names")

    def test_ampere_keeps_the_mode(self):
        self.reboots("1xa100-40gb", "B", True, [gi("3g.20gb", "4:4", name="train"), gi("1g.5gb", "0:1", name="a")])

    def test_hopper_does_not(self):
        self.reboots("1xh100-80gb-sxm5", None, False, [gi("4g.40gb", name="train"), gi("1g.10gb+me"), gi("1g.20gb", "6:2")])


class ResetImpossible(suite.OnNode):
    """The mode cannot be switched while something holds the GPU (mig-parted#181; DCGM#276, #95; gpu-operator#1606)."""

    def test_who_holds_it_is_named_and_no_switch_stays_pending(self):
        node = self.node(mig=False)
        client = self.client(node, 0, None)
        ran = self.did(node.on("enable", "--gpu", "0"), 5)
        self.assertIn(f"process {client.pid} (", ran.stderr)
        self.assertEqual(node.shape()[0][0], (0, 0))
        self.did(node.on("reset", "--gpu", "0"), 5)
        self.did(node.on("enable", "--gpu", "0", "--force"))
        self.assertEqual(node.shape()[0][0], (1, 1))

    def test_a_holder_that_the_plan_does_not_see_is_no_silent_pending_switch(self):
        node = self.node(mig=False)
        node.inject("--fail", "IN_USE", "--on", "nvmlDeviceSetMigMode")
        ran = self.did(node.apply(document([gi("3g.20gb")])), 5)
        self.assertIn("In use by another client", ran.stderr)
        self.assertEqual(node.shape()[0][0], (0, 0))


class PartialReconfiguration(suite.OnNode):
    """All instances are destroyed to change one (mig-parted PR#3, #119; device-plugin#992)."""

    def test_a_busy_1g_keeps_running_while_3g_becomes_2g_and_1g(self):
        node = self.node()
        self.did(node.apply(document([gi("1g.5gb", "0:1", name="busy"), gi("3g.20gb", "4:4", name="big")])))
        busy = self.client(node, 0, self.gi_at(node, 0))
        self.did(node.apply(document([gi("1g.5gb", name="busy"), gi("2g.10gb"), gi("1g.5gb")])))
        self.assertIsNone(busy.poll())
        places = self.places(node)
        self.assertEqual(places[(0, 1)], 19)
        self.assertEqual(sorted(places.values()), [14, 19, 19])

    def test_only_the_compute_instances_change_where_that_is_all(self):
        node = self.node()
        self.did(node.apply(document([gi("3g.20gb", "4:4")])))
        self.did(node.call("sim", "trace", node.name, "--on"))
        self.did(node.apply(document([gi("3g.20gb", "4:4", compute=[{"profile": "1c"}, {"profile": "2c"}])])))
        calls = [call["function"] for call in mutating(self, node)]
        self.assertEqual(calls, ["nvmlComputeInstanceDestroy"] + ["nvmlGpuInstanceCreateComputeInstanceWithPlacement"] * 2)


def mutating(test, node):
    """The calls to the driver that change something, from its trace."""
    rows = json.loads(test.did(node.call("sim", "trace", node.name, "--output", "json")).stdout)
    return [row for row in rows if row["mutating"] in (True, "yes", 1)]


class WrongOrder(suite.OnNode):
    """What fits does not, because the driver chose the places (harvester#11636; mig-parted#29; dra#933)."""

    def test_every_order_of_3g_2g_1g_1g_stands(self):
        node = self.node()
        for order in sorted(set(itertools.permutations(["3g.20gb", "2g.10gb", "1g.5gb", "1g.5gb"]))):
            self.did(node.apply(document([gi(profile) for profile in order])))
            self.assertEqual(sorted(self.places(node).values()), [9, 14, 19, 19], order)
            self.did(node.apply(document([])))

    def test_slots_left_apart_are_brought_together_when_that_is_what_it_takes(self):
        node = self.node()
        self.did(node.apply(document([gi("1g.5gb", "0:1"), gi("1g.5gb", "4:1")])))
        self.did(node.apply(document([gi("3g.20gb"), gi("1g.5gb"), gi("1g.5gb")])))
        self.assertEqual(sorted(self.places(node).values()), [9, 19, 19])

    def test_a_busy_one_is_worked_around(self):
        node = self.node()
        self.did(node.apply(document([gi("1g.5gb", "0:1", name="x"), gi("1g.5gb", "4:1", name="y")])))
        busy = self.client(node, 0, self.gi_at(node, 4))
        self.did(node.apply(document([gi("3g.20gb"), gi("1g.5gb", name="x"), gi("1g.5gb", name="y")])))
        self.assertIsNone(busy.poll())
        self.assertIn((0, 4), self.places(node))


class SuccessWithoutDevices(suite.OnNode):
    """The tool reports success and there are no devices (mig-parted#18; gpu-operator#603, #1607)."""

    def test_every_call_that_fails_is_a_failure_of_the_change(self):
        node = self.node()
        for nth in range(1, 5):
            node.inject("--fail", "UNKNOWN", "--nth", str(nth))
            ran = node.apply(document([gi("3g.20gb"), gi("2g.10gb")]))
            self.assertNotEqual(ran.returncode, 0)
            self.assertEqual(self.places(node), {})

    def test_success_is_what_nvidia_smi_shows(self):
        node = self.node()
        self.did(node.apply(document([gi("3g.20gb", "4:4"), gi("2g.10gb", "0:2", compute=[{"profile": "1c"}, {"profile": "1c"}])])))
        self.assertEqual(self.did(node.smi("-L")).stdout.count("MIG-"), 3)


class OthersDisturbed(suite.OnNode):
    """Other GPUs are touched or reset (mig-parted#357, #157)."""

    def test_gpus_outside_the_layout_see_no_change(self):
        node = self.node("3xa100-40gb", mig=False)
        self.did(node.on("enable", "--gpu", "0"))
        self.did(node.smi("mig", "-i", "0", "-cgi", "1g.5gb:6,2g.10gb:0", "-C"))
        busy = self.client(node, 0, self.gi_at(node, 6))
        whole = self.client(node, 2, None)
        before = node.shape()
        self.did(node.call("sim", "trace", node.name, "--on"))
        self.did(node.apply(document(None, [gi("3g.20gb"), gi("1g.5gb")])))
        self.assertEqual({call["gpu"] for call in mutating(self, node)}, {1})
        self.assertEqual((node.shape()[0], node.shape()[2]), (before[0], before[2]))
        self.assertIsNone(busy.poll())
        self.assertIsNone(whole.poll())


class HalfCreated(suite.OnNode):
    """A GPU instance without its compute instance is left behind (dra#1452)."""

    def test_a_compute_instance_that_cannot_be_made_takes_its_gpu_instance_back(self):
        node = self.node()
        node.inject("--fail", "INSUFFICIENT_RESOURCES", "--on", "nvmlGpuInstanceCreateComputeInstanceWithPlacement", "--nth", "2")
        ran = self.did(node.apply(document([gi("3g.20gb"), gi("2g.10gb")])), 5)
        self.assertIn("compute instance", ran.stderr)
        self.assertEqual(self.places(node), {})


class ManagerWedged(suite.OnNode):
    """After a crash the tool never gets going again (gpu-operator#2833)."""

    def test_killed_again_and_again_it_converges(self):
        node = self.node()
        wanted = document([gi("3g.20gb", "4:4"), gi("2g.10gb", "0:2"), gi("1g.5gb", "2:1")])
        for nth in (1, 2, 3, 4, 5):
            node.inject("--kill-after", "--nth", str(nth))
            self.assertEqual(node.apply(wanted).returncode, -9)
        self.did(node.apply(wanted))
        self.assertEqual(sorted(self.places(node)), [(0, 2), (2, 1), (4, 4)])


class Foreign(suite.OnNode):
    """Instances that somebody else made are destroyed, or wedge the tool (dra#149, #473)."""

    def strangers(self):
        node = self.node()
        self.did(node.smi("mig", "-i", "0", "-cgi", "1g.5gb:6", "-C"))
        return node

    def test_kept_by_default(self):
        node = self.strangers()
        self.did(node.apply(document([gi("4g.20gb")])))
        self.assertEqual(self.places(node), {(0, 4): 5, (6, 1): 19})
        self.did(node.apply(document([])))
        self.assertEqual(self.places(node), {(6, 1): 19})

    def test_removed_when_the_layout_says_so(self):
        node = self.strangers()
        self.did(node.apply(document([gi("4g.20gb")], foreign="remove")))
        self.assertEqual(self.places(node), {(0, 4): 5})

    def test_in_the_way_they_are_named(self):
        node = self.strangers()
        ran = self.did(node.apply(document([gi("7g.40gb")])), 5)
        self.assertIn("1g.5gb at 6:1", ran.stderr)
        self.assertEqual(self.places(node), {(6, 1): 19})

    def test_adopted_when_the_layout_names_them(self):
        node = self.strangers()
        self.did(node.apply(document([gi("1g.5gb", "6:1", name="theirs")])))
        self.assertEqual(node.names(), [(0, "gi", "6:1", "theirs")])


class IdReuse(suite.OnNode):
    """Ids are given again to other instances (nvidia_gpu_exporter PR#466): names follow places."""

    def test_a_name_does_not_go_to_another_instance_with_the_same_id(self):
        node = self.node()
        self.did(node.apply(document([gi("3g.20gb", "4:4", name="train")])))
        first = self.gi_at(node, 4)
        self.did(node.smi("mig", "-i", "0", "-dci"))
        self.did(node.smi("mig", "-i", "0", "-dgi"))
        self.did(node.smi("mig", "-i", "0", "-cgi", "3g.20gb:0"))
        self.assertEqual(self.places(node), {(0, 4): 9})
        self.assertEqual(node.names(), [], f"GPU instance {first} is not train any more")


class Permission(suite.OnNode):
    """Without the right to configure MIG the words are no help (tensor-fusion PR#664; HAMi#1044)."""

    def test_what_is_missing_is_said(self):
        if os.geteuid() != 0:
            self.skipTest("needs root to become somebody else")
        node = self.node()
        os.chmod(node.home, 0o755)
        ran = node.on("create", "1g.5gb", "--gpu", "0", user=65534, group=65534, extra_groups=[])
        self.assertEqual(ran.returncode, 1, ran.stderr)
        self.assertIn("Permission denied", ran.stderr)
        self.assertIn("run as root, or as the node's owner", ran.stderr)
        self.assertEqual(self.places(node), {})

    def test_a_driver_that_refuses_is_quoted_with_what_to_do(self):
        node = self.node()
        node.inject("--fail", "NO_PERMISSION")
        ran = self.did(node.on("create", "1g.5gb", "--gpu", "0"), 1)
        self.assertIn("Insufficient Permissions", ran.stderr)
        self.assertIn("MIG capability config", ran.stderr)


class MigPartedFiles(suite.OnNode):
    """What people have is mig-parted's format: it is read as it is."""

    TEXT = """version: v1
mig-configs:
  all-disabled:
    - devices: all
      mig-enabled: false
  all-1g.5gb:
    - devices: all
      mig-enabled: true
      mig-devices:
        "1g.5gb": 7
  mixed:
    - device-filter: ["0x20B010DE"]
      devices: [0]
      mig-enabled: true
      mig-devices: {"3g.20gb": 1, "1c.2g.10gb": 2}
    - device-filter: "0x233010DE"
      devices: all
      mig-enabled: true
      mig-devices: {"1g.10gb": 7}
"""

    def test_each_configuration_is_applied_and_asserted(self):
        node = self.node(mig=False)
        for name, count in (("all-1g.5gb", 7), ("mixed", 2), ("all-disabled", 0)):
            self.did(node.on("assert", "-f", "-", "-c", name, text=self.TEXT), 0 if name == "all-disabled" and count else 3)
            self.did(node.on("apply", "-f", "-", "-c", name, text=self.TEXT))
            self.assertEqual(len(self.places(node)), count)
            self.did(node.on("assert", "-f", "-", "-c", name, text=self.TEXT))
        ran = self.did(node.on("apply", "-f", "-", "-c", "mxied", text=self.TEXT), 1)
        self.assertIn("mixed", ran.stderr)

    def test_gpus_without_mig_do_not_matter_to_all(self):
        node = self.node("1xa100-40gb,1xt4", mig=False)
        self.did(node.on("apply", "-f", "-", "-c", "all-1g.5gb", text=self.TEXT))
        self.assertEqual(len(self.places(node)), 7)

    def test_what_is_exported_for_it_leads_back(self):
        node = self.node()
        self.did(node.apply(document([gi("3g.20gb", "4:4"), gi("2g.10gb", "0:2"), gi("1g.5gb", "2:1")])))
        exported = self.did(node.on("export", "--format", "mig-parted")).stdout
        self.did(node.on("assert", "-f", "-", text=exported))


if __name__ == "__main__":
    suite.main()
