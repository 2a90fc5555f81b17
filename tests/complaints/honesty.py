"""gpuslice reports success only if nvidia-smi shows the change, and a failed change leaves nothing half done."""

from complaint import Complaint
from support.layouts import document, gi

WANTED = [gi("3g.20gb", "4:4", name="train"), gi("2g.10gb", "0:2", compute=[{"profile": "1c"}, {"profile": "1c"}])]
SHOWN = ({"4:4": "3g.20gb", "0:2": "2g.10gb"},
         {("4:4", "0:3"): "3g.20gb", ("0:2", "0:1"): "1c.2g.10gb", ("0:2", "1:1"): "1c.2g.10gb"})


class SuccessWithoutDevices(Complaint):
    """Complaint: the tool reports success although there are no devices (mig-parted#18; gpu-operator#603, #1607)."""

    def shown(self, node):
        return self.instances(node), self.compute(node)

    def at_every_call(self, fault, verb, node, words=None):
        """Runs `verb` with the fault at its first call that changes something, then at its second, and so on, and
        returns how many there are. After every failure, the output of nvidia-smi and the names must be unchanged."""
        before, names, nth = self.seen(node), node.names(), 0
        while True:
            nth += 1
            node.inject(*fault, "--nth", str(nth))
            ran = verb()
            if ran.returncode == 0:
                node.inject("--clear")
                return nth - 1
            self.assertEqual(ran.returncode, 1, ran.stderr)
            self.assertIn("everything is as it was before", ran.stderr)
            if words:
                self.assertIn(words, ran.stderr)
            self.assertEqual(self.seen(node), before, f"{fault} at call {nth}")
            self.assertEqual(node.names(), names)

    def test_success_that_the_driver_reports_falsely_is_detected(self):
        node = self.node(mig=False)
        met = self.at_every_call(["--lie"], lambda: node.apply(document(WANTED)), node)
        self.assertEqual((met, self.shown(node)), (6, SHOWN), "calls for the mode, two GPU instances and three compute instances")

    def test_false_success_is_detected_while_instances_are_replaced(self):
        node = self.node()
        self.did(node.apply(document([gi("7g.40gb", name="big")])))
        self.assertEqual(self.at_every_call(["--lie"], lambda: node.apply(document(WANTED)), node), 7)
        self.assertEqual(self.shown(node), SHOWN)

    def test_false_success_is_detected_by_the_other_commands(self):
        node = self.node(mig=False)
        enable = lambda: node.on("enable", "--gpu", "0")  # noqa: E731
        self.assertEqual(self.at_every_call(["--lie"], enable, node, "the driver reported success"), 1)
        self.assertEqual(self.modes(node), ["Enabled"])
        create = lambda: node.on("create", "1g.5gb", "--gpu", "0", "--name", "one")  # noqa: E731
        self.assertEqual(self.at_every_call(["--lie"], create, node), 2)
        self.assertEqual(len(self.compute(node)), 1)
        destroy = lambda: node.on("destroy", "one")  # noqa: E731
        self.assertEqual(self.at_every_call(["--lie"], destroy, node, "the driver reported success"), 2)
        self.assertEqual(self.instances(node), {})
        undo = lambda: node.on("undo")  # noqa: E731
        self.assertEqual(self.at_every_call(["--lie"], undo, node), 2)
        self.assertEqual(list(self.instances(node).values()), ["1g.5gb"])
        disable = lambda: node.on("disable", "--gpu", "0")  # noqa: E731
        self.assertEqual(self.at_every_call(["--lie"], disable, node, "the driver reported success"), 3)
        self.assertEqual(self.modes(node), ["Disabled"])

    def test_the_change_fails_if_any_call_fails(self):
        for code, words in (("UNKNOWN", "Unknown Error"), ("INSUFFICIENT_RESOURCES", "Insufficient Resources"), ("IN_USE", "In use")):
            with self.subTest(code=code):
                node = self.node()
                self.assertEqual(self.at_every_call(["--fail", code], lambda: node.apply(document(WANTED)), node, words), 5)
                self.assertEqual(self.shown(node), SHOWN)

    def test_what_cannot_be_rolled_back_is_named(self):
        node = self.node()
        self.did(node.apply(document([gi("7g.40gb", name="big")])))
        before = self.seen(node)
        node.inject("--lie", "--nth", "4", "--repeat", "always")
        ran = self.did(node.apply(document(WANTED)), 1)
        self.assertIn("remaining:", ran.stderr)
        self.assertNotEqual(self.seen(node), before)
        self.assertIn("was interrupted", node.on("list").stderr)
        self.did(node.on("recover"), 1)
        node.inject("--clear")
        self.did(node.on("recover"))
        self.assertEqual(self.seen(node), before)

    def test_assert_agrees_with_nvidia_smi(self):
        node = self.node()
        self.did(node.apply(document(WANTED)))
        self.did(node.on("assert", "-f", "-", text=self.did(node.on("export")).stdout))
        self.assertEqual(self.smi(node, "-L").count("(UUID: MIG-"), 3)
        # Another program destroys an instance: gpuslice must see what nvidia-smi sees.
        self.did(node.smi("mig", "-dci", "-gi", str(self.gi_at(node, 4))))
        ran = self.did(node.on("assert", "-f", "-", text=self.did(node.on("export")).stdout))
        self.did(node.apply(document(WANTED)))
        self.assertEqual(self.shown(node), SHOWN, ran.stdout)


class HalfCreated(Complaint):
    """Complaint: the tool leaves a GPU instance without its compute instance (dra#1452)."""

    def test_if_a_compute_instance_cannot_be_created_its_gpu_instance_is_removed(self):
        node = self.node()
        for nth in (1, 2, 3):
            node.inject("--fail", "INSUFFICIENT_RESOURCES", "--on", "nvmlGpuInstanceCreateComputeInstanceWithPlacement", "--nth", str(nth))
            ran = self.did(node.apply(document(WANTED)), 1)
            self.assertIn("cannot create compute instance", ran.stderr)
            self.assertEqual((self.instances(node), self.compute(node)), ({}, {}))
            node.inject("--clear")

    def test_busy_instances_are_kept_when_a_half_created_one_is_removed(self):
        node = self.node()
        self.did(node.apply(document([gi("1g.5gb", "6:1", name="busy")])))
        busy = self.client(node, 0, self.gi_at(node, 6))
        before = self.seen(node)
        node.inject("--fail", "UNKNOWN", "--on", "nvmlGpuInstanceCreateComputeInstanceWithPlacement")
        self.did(node.on("create", "4g.20gb", "--gpu", "0"), 1)
        self.assertEqual(self.seen(node), before)
        self.assertIsNone(busy.poll())

    def test_a_half_created_instance_of_another_tool_is_shown_and_completed(self):
        node = self.node()
        self.did(node.smi("mig", "-cgi", "3g.20gb:4"))
        self.assertIn("without compute instance", self.did(node.on("list")).stdout)
        self.did(node.apply(document([gi("3g.20gb", "4:4", name="train")])))
        self.assertEqual(self.compute(node), {("4:4", "0:3"): "3g.20gb"})
