"""Changing a part of a GPU, and layouts that fit whatever the order of their entries."""

import itertools

from complaint import Complaint
from support.layouts import document, gi


class PartialReconfiguration(Complaint):
    """Complaint: the tool destroys all instances of a GPU to change one (mig-parted PR#3, #119; device-plugin#992)."""

    def test_a_busy_1g_keeps_running_while_3g_becomes_2g_and_1g(self):
        node = self.node()
        self.did(node.apply(document([gi("1g.5gb", "0:1", name="busy"), gi("3g.20gb", "4:4", name="big")])))
        busy = self.client(node, 0, self.gi_at(node, 0))
        uuids = self.smi(node, "-L").splitlines()
        self.did(node.apply(document([gi("1g.5gb", name="busy"), gi("2g.10gb"), gi("1g.5gb")])))
        self.assertIsNone(busy.poll())
        stands = self.instances(node)
        self.assertEqual(stands["0:1"], "1g.5gb")
        self.assertEqual(sorted(stands.values()), ["1g.5gb", "1g.5gb", "2g.10gb"])
        uuid = next(line.split("UUID: ")[1] for line in uuids if "MIG 1g.5gb" in line)
        self.assertIn(uuid, self.smi(node, "-L"), "the instance that is kept has the same device")
        self.assertIn(str(busy.pid), self.smi(node), "nvidia-smi still shows the process")

    def test_only_compute_instances_change_if_the_gpu_instances_fit(self):
        node = self.node()
        self.did(node.apply(document([gi("3g.20gb", "4:4")])))
        gpu_instances = self.smi(node, "mig", "-lgi")
        self.did(node.call("sim", "trace", node.name, "--on"))
        self.did(node.apply(document([gi("3g.20gb", "4:4", compute=[{"profile": "1c"}, {"profile": "2c"}])])))
        self.assertEqual([call["function"] for call in self.mutating(node)],
                         ["nvmlComputeInstanceDestroy"] + ["nvmlGpuInstanceCreateComputeInstanceWithPlacement"] * 2)
        self.assertEqual(self.smi(node, "mig", "-lgi"), gpu_instances)
        self.assertEqual(sorted(self.compute(node).values()), ["1c.3g.20gb", "2c.3g.20gb"])

    def test_a_compute_instance_is_removed_while_another_in_its_gpu_instance_is_busy(self):
        node = self.node()
        three = [{"name": "a", "profile": "1c"}, {"name": "b", "profile": "1c"}, {"name": "c", "profile": "1c"}]
        self.did(node.apply(document([gi("3g.20gb", "4:4", name="shared", compute=three)])))
        busy = self.client(node, 0, self.gi_at(node, 4), 1)
        self.did(node.apply(document([gi("3g.20gb", "4:4", name="shared", compute=[three[1]])])))
        self.assertIsNone(busy.poll())
        self.assertEqual(self.compute(node), {("4:4", "1:1"): "1c.3g.20gb"})


class WrongOrder(Complaint):
    """Complaint: a layout that fits is refused because of the order of its entries (harvester#11636; mig-parted#29;
    dra#933)."""

    def every_order(self, gpus, profiles):
        node = self.node(gpus, None)
        by_nvidia_smi = 0
        orders = sorted(set(itertools.permutations(profiles)))
        for order in orders:
            with self.subTest(order=order):
                self.did(node.apply(document([gi(profile) for profile in order])))
                self.assertEqual(sorted(self.instances(node).values()), sorted(profiles))
                self.assertEqual(len(self.compute(node)), len(profiles))
                self.did(node.apply(document([])))
                self.assertEqual(self.instances(node), {})
            by_nvidia_smi += node.smi("mig", "-cgi", ",".join(order)).returncode == 0
            node.smi("mig", "-dgi")
        self.assertLess(by_nvidia_smi, len(orders),
                        "at least one order must fail without planning; otherwise this test shows nothing")

    def test_every_order_of_3g_2g_1g_1g_on_a100(self):
        self.every_order("1xa100-40gb", ["3g.20gb", "2g.10gb", "1g.5gb", "1g.5gb"])

    def test_every_order_of_3g_2g_1g_1g_on_h100(self):
        self.every_order("1xh100-80gb-sxm5", ["3g.40gb", "2g.20gb", "1g.10gb", "1g.10gb"])

    def test_fragmented_free_slices_are_joined(self):
        node = self.node()
        self.did(node.apply(document([gi("1g.5gb", "0:1"), gi("1g.5gb", "4:1")])))
        self.assertEqual(node.smi("mig", "-cgi", "3g.20gb").returncode != 0, True, "the driver alone finds no placement")
        self.did(node.apply(document([gi("3g.20gb"), gi("1g.5gb"), gi("1g.5gb")])))
        self.assertEqual(sorted(self.instances(node).values()), ["1g.5gb", "1g.5gb", "3g.20gb"])

    def test_the_plan_avoids_a_busy_instance_at_any_placement(self):
        node = self.node()
        for place in range(7):
            with self.subTest(place=place):
                # A second instance is placed in the other half, so that a 3g fits into neither half.
                other = 4 if place < 4 else 0
                self.did(node.apply(document([gi("1g.5gb", f"{place}:1", name="busy"), gi("1g.5gb", f"{other}:1", name="idle")])))
                busy = self.client(node, 0, self.gi_at(node, place))
                self.did(node.apply(document([gi("3g.20gb"), gi("1g.5gb", name="busy"), gi("1g.5gb", name="idle")])))
                self.assertIsNone(busy.poll())
                stands = self.instances(node)
                self.assertEqual(stands[f"{place}:1"], "1g.5gb")
                self.assertEqual(stands["4:4" if place < 4 else "0:4"], "3g.20gb")
                busy.kill()
                busy.wait()
                self.did(node.apply(document([])))

    def test_a_layout_that_cannot_fit_is_refused_with_what_is_in_the_way(self):
        node = self.node()
        self.did(node.apply(document([gi("1g.5gb", "0:1", name="x"), gi("1g.5gb", "4:1", name="y")])))
        clients = [self.client(node, 0, self.gi_at(node, place)) for place in (0, 4)]
        before = self.seen(node)
        ran = self.did(node.apply(document([gi("3g.20gb"), gi("1g.5gb", name="x"), gi("1g.5gb", name="y")])), 5)
        self.assertTrue(any(f"process {client.pid} (" in ran.stderr for client in clients), ran.stderr)
        self.assertEqual(self.seen(node), before)
        self.assertEqual([client.poll() for client in clients], [None, None])
