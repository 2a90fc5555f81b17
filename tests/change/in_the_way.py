#!/usr/bin/env python3
"""Obstacles to a change: clients, hooks, other programs, and a driver that does not answer."""

import json
import os
import signal

from support.case import OnNode, main
from support.layouts import document

THREE = [{"name": "train", "profile": "3g.20gb", "placement": "4:4"}]
WHOLE = [{"profile": "7g.40gb"}]
MANY = [{"profile": "1g.5gb", "placement": f"{i}:1"} for i in range(7)]


class Clients(OnNode):
    def test_are_listed_and_nothing_is_changed(self):
        node = self.node()
        self.did(node.apply(document(THREE)))
        before = node.shape()
        client = self.client(node, 0, self.gi_at(node, 4))
        ran = self.did(node.apply(document(WHOLE)), 5)
        self.assertIn(f"GPU 0: process {client.pid} (", ran.stderr)
        self.assertIn(", in GPU instance ", ran.stderr)
        self.assertIn("holds 2048 MiB", ran.stderr)
        self.assertIn("--force", ran.stderr)
        self.assertEqual(node.shape(), before)
        self.assertIsNone(client.poll())

    def test_are_stopped_with_force(self):
        node = self.node()
        self.did(node.apply(document(THREE)))
        client = self.client(node, 0, self.gi_at(node, 4))
        ran = self.did(node.apply(document(WHOLE), "--force"))
        self.assertEqual(client.wait(), -signal.SIGTERM)
        self.assertIn(f"process {client.pid}", ran.stderr)
        with open(node.store("audit.log"), encoding="utf-8") as audit:
            self.assertEqual(json.loads(audit.readlines()[-1])["stopped"][0]["pid"], client.pid)

    def test_that_ignore_sigterm_are_killed_after_the_grace_period(self):
        node = self.node()
        self.did(node.apply(document(THREE)))
        ready = os.path.join(node.home, "ready")
        client = self.client(node, 0, self.gi_at(node, 4), 0, "sh", "-c", f"trap '' TERM; touch {ready}; exec sleep 600")
        self.until(lambda: os.path.exists(ready), "the client ignores SIGTERM")
        self.did(node.apply(document(WHOLE), "--force", "--grace", "0.2"))
        self.assertEqual(client.wait(), -signal.SIGKILL)

    def test_of_other_instances_are_not_stopped(self):
        node = self.node()
        self.did(node.apply(document([*THREE, {"name": "small", "profile": "1g.5gb", "placement": "0:1"}])))
        client = self.client(node, 0, self.gi_at(node, 4))
        self.did(node.apply(document([*THREE, {"profile": "2g.10gb", "placement": "0:2"}]), "--force"))
        self.assertIsNone(client.poll())

    def test_that_a_hook_stops_do_not_block_the_change(self):
        node = self.node()
        self.did(node.apply(document(THREE)))
        client = self.client(node, 0, self.gi_at(node, 4))
        log = os.path.join(node.home, "log")
        self.did(node.apply(document(WHOLE), "--before", f"echo before >> {log}; kill {client.pid}", "--after", f"echo after >> {log}"))
        with open(log, encoding="utf-8") as text:
            self.assertEqual(text.read(), "before\nafter\n")


class Reader(OnNode):
    def test_that_exits_does_not_stop_the_change(self):
        """As in apply ... | head -n 1."""
        node = self.node()
        self.did(node.call("sim", "latency", node.name, "--create-gi", "20ms", "--create-first-gi", "20ms"))
        running = self.begin(node, document(THREE))
        running.stdout.close()
        running.stderr.close()
        running.wait()
        self.did(node.on("assert", "-f", "-", text=json.dumps(document(THREE))))
        self.assertNotIn("was interrupted", self.did(node.on("list")).stderr)


class Hooks(OnNode):
    def units(self, node):
        """Installs a systemctl that keeps a log; every unit but `idle` is active."""
        folder = os.path.join(node.home, "bin")
        os.makedirs(folder)
        with open(os.path.join(folder, "systemctl"), "w", encoding="utf-8") as program:
            program.write(f"#!/bin/sh\necho \"$*\" >> {node.home}/systemctl\n[ \"$*\" != \"is-active --quiet idle\" ]\n")
        os.chmod(os.path.join(folder, "systemctl"), 0o755)
        node.environment["PATH"] = folder + ":" + node.environment["PATH"]

    def log(self, node):
        with open(os.path.join(node.home, "systemctl"), encoding="utf-8") as text:
            return [line.strip() for line in text if "is-active" not in line and "cat --" not in line]

    def test_units_that_run_are_stopped_and_started_again(self):
        node = self.node()
        self.units(node)
        self.did(node.apply(document(THREE), "--stop-unit", "dcgm", "--stop-unit", "idle"))
        self.assertEqual(self.log(node), ["stop dcgm", "start dcgm"])

    def test_units_are_started_after_a_failure(self):
        node = self.node()
        self.units(node)
        node.inject("--fail", "UNKNOWN", "--nth", "2")
        self.did(node.apply(document(THREE), "--stop-unit", "dcgm"), 1)
        self.assertEqual(self.log(node), ["stop dcgm", "start dcgm"])

    def test_units_are_started_by_the_recovery_after_a_kill(self):
        node = self.node()
        self.units(node)
        node.inject("--kill-after", "--nth", "2")
        self.did(node.apply(document(THREE), "--stop-unit", "dcgm"), -signal.SIGKILL)
        self.assertEqual(self.log(node), ["stop dcgm"])
        self.did(node.on("recover"))
        self.assertEqual(self.log(node), ["stop dcgm", "start dcgm"])

    def test_a_hook_that_fails_stops_the_change_before_its_first_step(self):
        node = self.node()
        before = node.shape()
        ran = self.did(node.apply(document(THREE), "--before", "exit 3"), 1)
        self.assertIn("ended with status 3", ran.stderr)
        self.assertEqual(node.shape(), before)


class OtherPrograms(OnNode):
    def waits(self, node):
        """True once the delayed call has begun: the change has read the GPU, and the call has no effect yet."""
        faults = json.loads(self.did(node.call("sim", "faults", node.name, "--output", "json")).stdout)
        return faults[-1]["fired"] == 1

    def stranger_between(self, change, act):
        """Runs `act` during the second step of `change`."""
        node = self.node()
        self.did(node.apply(document([{"name": "mine", "profile": "2g.10gb", "placement": "0:2"}])))
        self.did(node.call("sim", "trace", node.name, "--on"))
        node.inject("--delay", "4s", "--nth", "2")
        running = self.begin(node, change)
        self.until(lambda: self.waits(node), "the second step begins")
        self.did(act(node))
        return node, *self.end_of(running)

    def test_that_create_an_instance_between_two_steps_are_detected_and_it_is_kept(self):
        change = document([{"name": "mine", "profile": "2g.10gb", "placement": "0:2"}, {"profile": "3g.20gb", "placement": "4:4"}])
        node, status, said = self.stranger_between(change, lambda n: n.smi("mig", "-i", "0", "-cgi", "1g.5gb:2"))
        self.assertEqual(status, 1, said)
        self.assertIn("GPU instance 1g.5gb at 2:1 exists", said)
        self.assertEqual(self.places(node), {(0, 2): 14, (2, 1): 19}, "ours is rolled back, theirs is kept")

    def test_that_occupy_the_old_placement_make_the_rollback_incomplete(self):
        # The change destroys `mine` first; another program then creates an instance at its placement.
        change = document([{"profile": "3g.20gb", "placement": "4:4", "compute": []}], foreign="keep")
        node = self.node()
        self.did(node.apply(document([{"name": "mine", "profile": "2g.10gb", "placement": "0:2", "compute": []}])))
        node.inject("--delay", "4s", "--nth", "2")
        running = self.begin(node, change)
        self.until(lambda: self.waits(node), "mine is destroyed and the second step begins")
        self.did(node.smi("mig", "-i", "0", "-cgi", "1g.5gb:0"))
        status, said = self.end_of(running)
        self.assertEqual(status, 1, said)
        self.assertIn("remaining:", said)
        self.assertIn("GPU instance", said)
        self.assertIn((0, 1), self.places(node), "theirs is kept")
        refused = self.did(node.on("recover"), 1)
        self.assertIn("recover --accept", refused.stderr)
        self.did(node.on("recover", "--accept"))
        self.assertEqual(node.on("recover").stderr, "no change was interrupted\n")


class Stops(OnNode):
    def test_a_hung_driver_ends_the_command_and_the_change_is_recovered_later(self):
        node = self.node()
        self.did(node.apply(document(THREE)))
        before = node.shape()
        node.inject("--delay", "3s", "--nth", "2")
        ran = self.did(node.apply(document(WHOLE), "--timeout", "0.3"), 4)
        self.assertIn("has not answered within 0.3 s", ran.stderr)
        self.assertIn("was interrupted", node.on("list").stderr)
        self.did(node.on("recover"))
        self.assertEqual(node.shape(), before)

    def test_ctrl_c_rolls_everything_back(self):
        node = self.node()
        self.did(node.apply(document(THREE)))
        before = node.shape()
        node.inject("--delay", "1s", "--nth", "3")
        for number, wanted in ((signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)):
            running = self.begin(node, document(MANY))
            self.until(lambda: node.shape() != before, "a step is done")
            running.send_signal(number)
            status, said = self.end_of(running)
            self.assertEqual(status, wanted, said)
            self.assertIn("interrupted", said)
            self.assertIn("everything is as it was before", said)
            self.assertEqual(node.shape(), before)
            node.inject("--delay", "1s", "--nth", "3")

    def test_a_second_change_names_the_process_of_the_first(self):
        node = self.node()
        node.inject("--delay", "1s", "--nth", "1")
        running = self.begin(node, document(THREE))
        self.until(lambda: os.path.exists(node.store("journal")), "the journal exists")
        ran = self.did(node.apply(document(WHOLE)), 5)
        self.assertIn(f"is being changed by another gpuslice (process {running.pid}: apply)", ran.stderr)
        self.assertNotIn("was interrupted", node.on("list").stderr)
        self.assertEqual(self.end_of(running)[0], 0)

    def test_a_lost_gpu_is_listed_as_remaining(self):
        node = self.node("2xa100-40gb")
        self.did(node.apply(document(THREE, THREE)))
        node.inject("--lose", "--on", "mutating", "--gpu", "1", "--nth", "2")
        ran = node.apply(document(MANY, MANY))
        self.assertEqual(ran.returncode, 1, ran.stderr)
        self.assertIn("remaining:", ran.stderr)
        self.assertIn("GPU 1", ran.stderr)
        self.assertEqual(self.places(node, 0), {(4, 4): 9}, "the other GPU is rolled back")
        listed = self.did(node.on("list"), 4)
        self.assertIn("GPU 1:", listed.stderr)


if __name__ == "__main__":
    main()
