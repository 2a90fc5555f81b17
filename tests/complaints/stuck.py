"""Complaints that the tool, or the GPU, remains stuck."""

import json
import signal

from complaint import Complaint
from support.layouts import document, gi


class ManagerWedged(Complaint):
    """Complaint: after a crash the tool remains stuck (gpu-operator#2833). If gpuslice is killed at any call, the same
    command succeeds when it is repeated."""

    OLD = [gi("7g.40gb", name="big")]
    NEW = [gi("3g.20gb", "4:4", name="train"), gi("2g.10gb", "0:2"), gi("1g.5gb", "2:1")]
    SHOWN = {"4:4": "3g.20gb", "0:2": "2g.10gb", "2:1": "1g.5gb"}

    def test_killed_at_any_call_the_repeated_command_succeeds(self):
        node = self.node()
        for how in ("--kill-before", "--kill-after"):
            killed = 0
            while True:
                self.did(node.apply(document(self.OLD)))
                node.inject(how, "--nth", str(killed + 1))
                ran = node.apply(document(self.NEW))
                if ran.returncode == 0:
                    break
                self.assertEqual(ran.returncode, -signal.SIGKILL, ran.stderr)
                killed += 1
                self.did(node.apply(document(self.NEW)))
                self.assertEqual(self.instances(node), self.SHOWN, f"{how} {killed}")
                self.assertEqual(len(self.compute(node)), 3)
                self.assertNotIn("was interrupted", node.on("list").stderr)
            node.inject("--clear")
            self.assertEqual(killed, 8, "two calls that destroy, six that create")

    def test_killed_repeatedly_during_recovery_it_finally_succeeds(self):
        node = self.node()
        for nth in (3, 1, 2, 1, 2, 3):
            node.inject("--kill-after", "--nth", str(nth))
            self.assertEqual(node.apply(document(self.NEW)).returncode, -signal.SIGKILL)
        self.did(node.apply(document(self.NEW)))
        self.assertEqual(self.instances(node), self.SHOWN)

    def test_after_manual_changes_recovery_names_the_remainder_and_continues_on_request(self):
        node = self.node()
        self.did(node.apply(document(self.OLD)))
        node.inject("--kill-after", "--nth", "2")  # `big` is already destroyed
        self.assertEqual(node.apply(document(self.NEW)).returncode, -signal.SIGKILL)
        self.did(node.smi("mig", "-cgi", "1g.5gb:5", "-C"))
        ran = self.did(node.apply(document(self.NEW)), 5)
        self.assertIn("remaining:", ran.stderr)
        self.assertIn("recover --accept", ran.stderr)
        self.assertEqual(self.instances(node), {"5:1": "1g.5gb"}, "the instance of the other program is kept")
        self.did(node.on("recover", "--accept"))
        self.did(node.apply(document([gi("4g.20gb")])))
        self.assertEqual(self.instances(node), {"0:4": "4g.20gb", "5:1": "1g.5gb"})


class ResetImpossible(Complaint):
    """Complaint: the mode cannot be switched while something holds the GPU (mig-parted#181; DCGM#276, #95;
    gpu-operator#1606; dra#883)."""

    def test_the_holder_is_named_and_no_switch_stays_pending(self):
        node = self.node("2xa100-40gb", mig=False)
        client = self.client(node, 0, None)
        for verb in (["enable", "--gpu", "0"], ["enable", "--gpu", "0,1"], ["reset", "--gpu", "0"]):
            ran = self.did(node.on(*verb), 5)
            self.assertIn(f"process {client.pid} (", ran.stderr)
            self.assertIn("--force", ran.stderr)
            self.assertEqual(self.modes(node), ["Disabled", "Disabled"])
        self.did(node.on("enable", "--gpu", "1"))
        self.assertEqual((self.modes(node), client.poll()), (["Disabled", "Enabled"], None), "the mode of the other GPU was switched")

    def test_with_force_the_holder_is_ended_and_the_mode_is_switched(self):
        node = self.node(mig=False)
        client = self.client(node, 0, None)
        self.did(node.on("enable", "--gpu", "0", "--force"))
        self.assertEqual((self.modes(node), client.wait()), (["Enabled"], -signal.SIGTERM))

    def test_a_unit_is_stopped_for_the_change_and_started_again(self):
        node = self.node(mig=False)
        client = self.client(node, 0, None)
        self.did(node.on("enable", "--gpu", "0", "--before", f"kill {client.pid}", "--after", f"touch {node.home}/started"))
        self.assertEqual(self.modes(node), ["Enabled"])
        self.did(node.call("sim", "exec", node.name, "--", "test", "-e", f"{node.home}/started"))

    def test_an_invisible_holder_leaves_no_unreported_pending_switch(self):
        node = self.node(mig=False)
        node.inject("--fail", "IN_USE", "--on", "nvmlDeviceSetMigMode")
        ran = self.did(node.apply(document([gi("3g.20gb")])), 1)
        self.assertIn("In use by another client", ran.stderr)
        self.assertEqual(self.modes(node), ["Disabled"])

    def test_a_switch_left_pending_by_another_tool_is_shown_and_completed(self):
        node = self.node(mig=False)
        client = self.client(node, 0, None)
        node.smi("-mig", "1")
        self.assertEqual(self.modes(node), ["Disabled, Enabled pending"])
        self.assertIn("off, on pending", self.did(node.on("list")).stdout)
        client.kill()
        client.wait()
        self.did(node.apply(document([gi("3g.20gb", "4:4")])))
        self.assertEqual((self.modes(node), self.instances(node)), (["Enabled"], {"4:4": "3g.20gb"}))

    def test_mode_off_is_refused_while_a_mig_device_is_used(self):
        for gpus, profile in (("1xa100-40gb", "3g.20gb"), ("1xh100-80gb-sxm5", "3g.40gb")):
            with self.subTest(gpus=gpus):
                node = self.node(gpus, None)
                self.did(node.apply(document([gi(profile, "4:4")])))
                client = self.client(node, 0, self.gi_at(node, 4))
                before = self.seen(node)
                ran = self.did(node.on("disable", "--gpu", "0"), 5)
                self.assertIn(f"process {client.pid} (", ran.stderr)
                self.assertEqual((self.seen(node), client.poll()), (before, None))

    def test_the_refusal_is_also_in_the_json(self):
        node = self.node(mig=False)
        client = self.client(node, 0, None)
        ran = self.did(node.on("enable", "--gpu", "0", "--output", "json"), 5)
        events = [json.loads(line) for line in ran.stdout.splitlines()]
        self.assertEqual([event["event"] for event in events], ["plan", "failed"])
        self.assertEqual([one["pid"] for one in events[0]["gpus"][0]["steps"][0]["clients"]], [client.pid])
        self.assertEqual(events[1]["status"], 5)
        self.assertEqual({key: events[1][key] for key in ("cause", "restored", "remains", "try")},
                         {"cause": "clients", "restored": "untouched", "remains": [], "try": []})
        ran = self.did(node.on("destroy", "nosuch", "--output", "json"), 1)
        failed = json.loads(ran.stdout.splitlines()[-1])
        self.assertEqual((failed["cause"], failed["restored"]), ("no-plan", "untouched"))
        self.assertEqual(failed["try"], ["gpuslice", "--node", "sim:" + node.name, "list"])
