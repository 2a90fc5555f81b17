"""Layouts that are lost on reboot."""

from complaint import Complaint
from support.layouts import document, gi


class LostOnReboot(Complaint):
    """Complaint: the layout is gone after a reboot, and since Hopper the MIG mode, too (device-plugin#225, #343;
    gpu-admin-tools#2; gpu-operator#2600). A layout that was exported before the reboot restores exactly the same
    placements."""

    def reboots(self, gpus, wanted, mode_after, variant=None):
        node = self.node(gpus, variant, mig=False)
        self.did(node.apply(document(wanted)))
        before, names = self.seen(node), node.names()
        self.assertEqual(len(self.instances(node)), len(wanted))
        exported = self.did(node.on("export")).stdout
        self.did(node.call("sim", "reboot", node.name))
        self.assertEqual((self.modes(node), self.instances(node)), ([mode_after], {}))
        self.assertEqual(node.names(), [], "no name of a missing instance is listed")
        self.did(node.on("assert", "-f", "-", text=exported), 3)
        self.did(node.on("apply", "-f", "-", text=exported))
        self.assertEqual(self.seen(node), before, "the same placements and ids")
        self.assertEqual(node.names(), names)
        self.did(node.on("assert", "-f", "-", text=exported))

    def test_a100_keeps_the_mode(self):
        wanted = [gi("3g.20gb", "4:4", name="train"), gi("1g.5gb", "0:1", name="a"), gi("2g.10gb", "2:2", compute=[{"profile": "1c"}] * 2)]
        for variant in ("A", "B"):
            with self.subTest(variant=variant):
                self.reboots("1xa100-40gb", wanted, "Enabled", variant)

    def test_a30_keeps_the_mode(self):
        self.reboots("1xa30", [gi("2g.12gb", "2:2", name="train"), gi("1g.6gb", "1:1")], "Enabled")

    def test_h100_does_not(self):
        self.reboots("1xh100-80gb-sxm5", [gi("4g.40gb", name="train"), gi("1g.10gb+me"), gi("1g.20gb", "6:2")], "Disabled")

    def test_h200_does_not(self):
        self.reboots("1xh200-141gb", [gi("3g.71gb", "0:4"), gi("2g.35gb", "4:2", name="b"), gi("1g.18gb", "6:1")], "Disabled")

    def test_rtx_pro_6000_does_not(self):
        self.reboots("1xrtx-pro-6000", [gi("2g.48gb", "6:6", name="train"), gi("1g.24gb", "0:3")], "Disabled")

    def test_undo_restores_the_earlier_layout_even_after_a_reboot(self):
        node = self.node("1xh100-80gb-sxm5")
        self.did(node.apply(document([gi("3g.40gb", "4:4", name="old")])))
        before = self.seen(node)
        self.did(node.apply(document([gi("7g.80gb", name="new")])))
        self.did(node.call("sim", "reboot", node.name))
        self.did(node.on("undo"))
        self.assertEqual(self.seen(node), before)
        self.assertEqual(node.names(), [(0, "gi", "4:4", "old")])

    def test_a_change_interrupted_by_the_reboot_does_not_block_the_next_one(self):
        node = self.node("1xh100-80gb-sxm5")
        self.did(node.apply(document([gi("3g.40gb", "4:4", name="old")])))
        before = self.seen(node)
        node.inject("--kill-before", "--nth", "3")
        self.assertEqual(node.apply(document([gi("7g.80gb", name="new")])).returncode, -9)
        self.did(node.call("sim", "reboot", node.name))
        self.did(node.on("recover"))
        self.assertEqual(self.seen(node), before, "the state before the interrupted change")
        self.did(node.apply(document([gi("7g.80gb", name="new")])))
        self.assertEqual(self.instances(node), {"0:8": "7g.80gb"})
