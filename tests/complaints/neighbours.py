"""What a change must not affect: other GPUs, instances created by other programs, and names whose instances no longer
exist."""

from complaint import Complaint
from support.layouts import document, gi


class OthersDisturbed(Complaint):
    """Complaint: the tool changes or resets other GPUs (mig-parted#357, #157)."""

    def test_gpus_outside_the_layout_see_no_change(self):
        node = self.node("3xa100-40gb", mig=False)
        self.did(node.on("enable", "--gpu", "0"))
        self.did(node.smi("mig", "-i", "0", "-cgi", "1g.5gb:6,2g.10gb:0", "-C"))
        busy = self.client(node, 0, self.gi_at(node, 6))
        whole = self.client(node, 2, None)
        before = [self.instances(node, 0), self.compute(node, 0), self.smi(node, "-L", "-i", "0"), self.smi(node, "-L", "-i", "2")]
        self.did(node.call("sim", "trace", node.name, "--on"))
        self.did(node.apply(document(None, [gi("3g.20gb"), gi("1g.5gb")])))
        self.assertEqual({call["gpu"] for call in self.mutating(node)}, {1})
        self.assertEqual(self.modes(node), ["Enabled", "Enabled", "Disabled"])
        self.assertEqual(sorted(self.instances(node, 1).values()), ["1g.5gb", "3g.20gb"])
        self.assertEqual([self.instances(node, 0), self.compute(node, 0), self.smi(node, "-L", "-i", "0"),
                          self.smi(node, "-L", "-i", "2")], before)
        self.assertEqual([busy.poll(), whole.poll()], [None, None])

    def test_a_failure_on_one_gpu_rolls_back_the_others_and_stops_the_change(self):
        node = self.node("3xa100-40gb")
        self.did(node.apply(document([gi("1g.5gb", "0:1")], [gi("1g.5gb", "0:1")], [gi("1g.5gb", "0:1")])))
        before = self.seen(node)
        self.did(node.call("sim", "trace", node.name, "--on"))
        node.inject("--fail", "UNKNOWN", "--gpu", "1", "--nth", "3")
        self.did(node.apply(document([gi("7g.40gb")], [gi("7g.40gb")])), 1)
        self.assertEqual(self.seen(node), before)
        self.assertEqual({call["gpu"] for call in self.mutating(node)}, {0, 1})

    def test_gpus_without_mig_or_lost_do_not_block_the_others(self):
        node = self.node("1xa100-40gb,1xt4,1xa100-40gb", None, mig=False)
        node.inject("--lose", "--gpu", "2")
        node.on("list")
        self.did(node.apply(document([gi("3g.20gb", "4:4")])))
        self.assertEqual(self.instances(node), {"4:4": "3g.20gb"})


class Foreign(Complaint):
    """Complaint: the tool destroys instances that another program created, or cannot handle them (dra#149, #473)."""

    def strangers(self):
        node = self.node()
        self.did(node.smi("mig", "-i", "0", "-cgi", "1g.5gb:6", "-C"))
        return node

    def test_kept_by_default(self):
        node = self.strangers()
        self.did(node.apply(document([gi("4g.20gb")])))
        self.assertEqual(self.instances(node), {"0:4": "4g.20gb", "6:1": "1g.5gb"})
        self.did(node.apply(document([])))
        self.assertEqual(self.instances(node), {"6:1": "1g.5gb"})

    def test_removed_when_the_layout_says_so(self):
        node = self.strangers()
        self.did(node.apply(document([gi("4g.20gb")], foreign="remove")))
        self.assertEqual(self.instances(node), {"0:4": "4g.20gb"})

    def test_not_removed_while_a_process_uses_them(self):
        node = self.strangers()
        client = self.client(node, 0, self.gi_at(node, 6))
        ran = self.did(node.apply(document([gi("4g.20gb")], foreign="remove")), 5)
        self.assertIn(f"process {client.pid} (", ran.stderr)
        self.assertEqual(self.instances(node), {"6:1": "1g.5gb"})
        self.assertIsNone(client.poll())

    def test_refused_with_their_names_if_they_are_in_the_way(self):
        node = self.strangers()
        for verb in (lambda: node.apply(document([gi("7g.40gb")])), lambda: node.on("create", "7g.40gb", "--gpu", "0"),
                     lambda: node.on("disable", "--gpu", "0")):
            ran = self.did(verb(), 5)
            self.assertIn("1g.5gb at 6:1", ran.stderr)
            self.assertIn("created by another program", ran.stderr)
            self.assertEqual(self.instances(node), {"6:1": "1g.5gb"})
        self.assertEqual(self.modes(node), ["Enabled"])

    def test_adopted_when_the_layout_names_them(self):
        node = self.strangers()
        uuid = self.smi(node, "-L")
        self.did(node.apply(document([gi("1g.5gb", "6:1", name="theirs")])))
        self.assertEqual(node.names(), [(0, "gi", "6:1", "theirs")])
        self.assertEqual(self.smi(node, "-L"), uuid, "the same device as before")
        self.did(node.apply(document([])))
        self.assertEqual(self.instances(node), {}, "the adopted instance counts as created by gpuslice")

    def test_instances_destroyed_by_another_program_are_created_again(self):
        node = self.node()
        wanted = document([gi("3g.20gb", "4:4", name="train"), gi("1g.5gb", "0:1", name="small")])
        self.did(node.apply(wanted))
        before, busy = self.seen(node), self.client(node, 0, self.gi_at(node, 4))
        small = str(self.gi_at(node, 0))
        self.did(node.smi("mig", "-dci", "-gi", small))
        self.did(node.smi("mig", "-dgi", "-gi", small))
        self.did(node.apply(wanted))
        self.assertEqual(self.seen(node), before)
        self.assertIsNone(busy.poll())


class IdReuse(Complaint):
    """Complaint: the driver reuses ids for other instances (nvidia_gpu_exporter PR#466). Our names belong to
    placements."""

    def test_a_name_does_not_go_to_another_instance_with_the_same_id(self):
        node = self.node()
        self.did(node.apply(document([gi("3g.20gb", "4:4", name="train")])))
        first = self.gi_at(node, 4)
        self.did(node.smi("mig", "-i", "0", "-dci"))
        self.did(node.smi("mig", "-i", "0", "-dgi"))
        for start in (0, 4):
            self.did(node.smi("mig", "-i", "0", "-cgi", f"3g.20gb:{start}"))
        self.assertEqual(self.instances(node), {"0:4": "3g.20gb", "4:4": "3g.20gb"})
        self.assertEqual(node.names(), [(0, "gi", "4:4", "train")],
                         f"train keeps its placement, whatever its id (it was {first})")
        self.did(node.smi("mig", "-i", "0", "-dgi", "-gi", str(self.gi_at(node, 4))))
        self.did(node.smi("mig", "-i", "0", "-cgi", "2g.10gb:4"))
        self.assertEqual(node.names(), [], "an instance of another profile at that placement has no name")

    def test_commands_take_the_current_ids(self):
        node = self.node()
        self.did(node.apply(document([gi("1g.5gb", "0:1", name="a"), gi("1g.5gb", "1:1", name="b")])))
        gone = self.gi_at(node, 0)
        self.did(node.on("destroy", "a"))
        ran = self.did(node.on("destroy", f"0:{gone}"), 1)
        self.assertIn(f"GPU 0 has no GPU instance {gone}", ran.stderr)
        self.assertEqual(self.instances(node), {"1:1": "1g.5gb"})
