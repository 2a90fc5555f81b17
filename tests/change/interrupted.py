#!/usr/bin/env python3
"""A change is killed before and after each of its driver calls.

`undo` then rolls back that change and no other, at whatever call it was killed; an `undo` that was itself interrupted
undoes exactly one change. The dry run of every command that changes something shows the recovery that would run first
and then the same plan as the command itself, and changes nothing. The state is read through NVML.
"""

import json
import os
import signal
import time

from support.case import OnNode, main
from support.layouts import document

KEEP = {"name": "keep", "profile": "1g.5gb", "placement": "0:1"}
OTHER = [{"name": "train", "profile": "3g.20gb", "placement": "4:4"}, {"profile": "1g.5gb", "placement": "1:1"}]
STEPS = 4
MOMENTS = [(how, n) for n in range(1, STEPS + 1) for how in ("--kill-before", "--kill-after")]


def steps_of(text):
    """The steps of a printed plan, without their numbers."""
    return [line.split("  ", 2)[-1].strip() for line in text.splitlines() if line[:4].strip().isdigit()]


class Interrupted(OnNode):
    def kept(self):
        """A node after one change."""
        node = self.node()
        self.did(node.on("create", "1g.5gb", "--gpu", "0", "--placement", "0:1", "--name", "keep"))
        return node

    def killed(self, node, how, n, *command, text=None):
        node.inject(how, "--nth", str(n))
        ran = node.on(*command, text=text)
        self.assertEqual(ran.returncode, -signal.SIGKILL, f"{how} {n}: {ran.stderr}")

    def interrupt(self, node, how, n):
        self.killed(node, how, n, "apply", "-f", "-", text=json.dumps(document([KEEP, *OTHER])))

    def files(self, node):
        """The content of the node's store and state, in which a dry run must not change a byte."""
        found = {}
        for folder in (node.directory, node.store(""), node.store("history")):
            for name in sorted(os.listdir(folder)):
                path = os.path.join(folder, name)
                if os.path.isfile(path) and name not in ("clients", "trace"):
                    with open(path, "rb") as file:
                        found[path] = file.read()
        return found

    def test_undo_rolls_back_the_interrupted_change_and_no_other(self):
        node = self.kept()
        before, names = node.shape(), node.names()
        for how, n in MOMENTS:
            with self.subTest(how=how, n=n):
                self.interrupt(node, how, n)
                self.did(node.on("undo"))
                self.assertEqual((node.shape(), node.names()), (before, names))
                self.assertEqual(node.on("recover").stderr, "no change was interrupted\n")
        self.did(node.on("undo"))
        self.assertEqual(self.places(node), {}, "the next undo undoes the change before")

    def test_an_interrupted_undo_undoes_one_change(self):
        node = self.kept()
        before, names = node.shape(), node.names()
        for how, n in MOMENTS:
            with self.subTest(how=how, n=n):
                self.did(node.apply(document([KEEP, *OTHER])))
                self.killed(node, how, n, "undo")
                self.did(node.on("undo"))
                self.assertEqual((node.shape(), node.names()), (before, names))

    def dry_then_real(self, how, n, *command, text=None):
        """Runs a command after an interrupted change, as a dry run and then for real. Both print the same plan."""
        node = self.kept()
        self.interrupt(node, how, n)
        shape, files = node.shape(), self.files(node)
        dry = node.on(*command, "--dry-run", text=text)
        self.assertEqual(node.shape(), shape, "a dry run changed a GPU")
        self.assertEqual(self.files(node), files, "a dry run wrote something")
        real = node.on(*command, text=text)
        self.assertEqual(dry.returncode, real.returncode, dry.stderr + real.stderr)
        self.assertIn("change 3 (apply by ", dry.stdout.splitlines()[0], dry.stdout)
        recovery, _, plan = dry.stdout.partition("\nGPU 0: ")[2].partition("\nGPU 0: ")
        if dry.stdout.startswith("first, record"):
            self.assertIn("recording interrupted change 3", real.stderr)
            recovery, plan = "", dry.stdout.partition("\nGPU 0: ")[2]
        else:
            self.assertIn("rolling back interrupted change 3", real.stderr)
        lines = [line for line in real.stderr.splitlines() if line.startswith("[")]
        rolled_back = [line.rpartition(", ")[0].partition("GPU 0: ")[2] for line in lines if "] GPU 0: " in line]
        planned = steps_of(real.stdout)
        # The recovery's steps are shown in full; of the steps in the printed plan only the number is shown.
        self.assertEqual((steps_of(recovery), len(lines)), (rolled_back, len(rolled_back)), dry.stdout + real.stderr)
        if planned:
            self.assertIn(f"done: {len(planned)} step", real.stderr)
        self.assertEqual(steps_of(plan), planned, dry.stdout + real.stdout)
        return dry, real

    def test_a_dry_run_prints_what_the_command_does(self):
        whole = json.dumps(document([{"name": "whole", "profile": "7g.40gb"}]))
        for how, n in (("--kill-after", 1), ("--kill-after", 3), ("--kill-after", 4)):
            for command, text in ((("apply", "-f", "-"), whole), (("create", "2g.10gb", "--gpu", "0"), None),
                                  (("destroy", "keep"), None), (("enable", "--gpu", "0"), None), (("disable", "--gpu", "0"), None),
                                  (("undo",), None), (("reset", "--gpu", "0"), None)):
                with self.subTest(how=how, n=n, command=command):
                    self.dry_then_real(how, n, *command, text=text)

    def test_recover_has_a_dry_run(self):
        node = self.kept()
        before = node.shape()
        self.assertEqual(self.did(node.on("recover", "--dry-run")).stderr, "no change was interrupted\n")
        self.interrupt(node, "--kill-after", 3)
        shape, files = node.shape(), self.files(node)
        dry = self.did(node.on("recover", "--dry-run"))
        self.assertEqual((node.shape(), self.files(node)), (shape, files))
        self.assertEqual(len(steps_of(dry.stdout)), 3, dry.stdout)
        self.did(node.on("recover"))
        self.assertEqual(node.shape(), before)

    def test_an_impossible_rollback_refuses_dry_run_and_command(self):
        node = self.kept()
        self.interrupt(node, "--kill-after", 2)
        self.client(node, 0, self.gi_at(node, 4))
        shape = node.shape()
        dry = self.did(node.on("create", "2g.10gb", "--gpu", "0", "--dry-run"), 5)
        self.assertIn("change 3 was interrupted and cannot be rolled back; remaining:", dry.stderr)
        self.assertEqual(node.shape(), shape)
        self.did(node.on("create", "2g.10gb", "--gpu", "0"), 5)
        self.did(node.on("recover"), 1)

    def test_json_has_the_recovery_and_the_plan(self):
        node = self.kept()
        self.interrupt(node, "--kill-after", 2)
        lines = [json.loads(line) for line in
                 self.did(node.on("destroy", "keep", "--dry-run", "--output", "json")).stdout.splitlines()]
        self.assertEqual([line["event"] for line in lines], ["recovery", "plan", "done"])
        self.assertFalse(lines[0]["complete"])
        self.assertEqual([step["kind"] for step in lines[0]["plan"]["gpus"][0]["steps"]],
                         ["destroy-compute-instance", "destroy-gpu-instance"])
        self.assertEqual(len(lines[1]["gpus"][0]["before"]["instances"]), 1,
                         "the plan starts from the state after the recovery")

    def test_after_a_kill_in_a_hook_the_recovery_starts_the_unit(self):
        node = self.kept()
        log = os.path.join(node.home, "log")
        ran = node.on("create", "2g.10gb", "--gpu", "0", "--before", f"echo stopped >>{log}; kill -9 $PPID",
                      "--after", f"echo started >>{log}")
        self.assertEqual(ran.returncode, -signal.SIGKILL)
        self.did(node.on("recover"))
        with open(log, encoding="utf-8") as file:
            self.assertEqual(file.read(), "stopped\nstarted\n")

    def stopped(self, node, moment, *signals):
        """Runs an apply and sends it these signals, each after the message about the one before. Returns (exit
        status, output). The first signal comes while the driver call `moment` takes a second; each call of the rollback
        takes half a second."""
        node.inject("--delay", "1s", "--nth", str(moment))
        node.inject("--delay", "500ms", "--nth", str(moment + 1), "--repeat", "always")
        def instances():  # each step creates one
            return sum(1 + len(inside) for _, inside in node.shape()[0][1])

        before = instances()
        running = self.begin(node, document([KEEP, *OTHER]))
        self.until(lambda: instances() == before + moment - 1, "the steps before are done")
        said = ""
        for number in signals:
            running.send_signal(number)
            while "interrupted" not in (line := running.stderr.readline()) and "SIG" not in line:
                said += line
                self.assertNotEqual(line, "", said)
            said += line
            time.sleep(0.25)  # a second Ctrl-C within 200 ms counts as the same key press
        with running.stdout, running.stderr as err:
            said += err.read()
        node.inject("--clear")
        return running.wait(), said

    def test_a_signal_rolls_back_and_is_reported_at_once(self):
        for number, name, wanted in ((signal.SIGINT, "interrupted", 130), (signal.SIGTERM, "SIGTERM", 143), (signal.SIGHUP, "SIGHUP", 129)):
            for moment in (2, STEPS):
                with self.subTest(name=name, moment=moment):
                    node = self.kept()
                    before, names = node.shape(), node.names()
                    status, said = self.stopped(node, moment, number)
                    self.assertEqual(status, wanted, said)
                    self.assertIn(f"gpuslice: {name}: rolling back as soon as the current step has ended", said)
                    self.assertEqual("press Ctrl-C again" in said, number == signal.SIGINT, said)
                    self.assertIn("everything is as it was before", said)
                    self.assertEqual((node.shape(), node.names()), (before, names))
                    self.assertEqual(node.on("recover").stderr, "no change was interrupted\n")

    def test_a_second_ctrl_c_leaves_the_rollback_to_the_recovery(self):
        for then in (("recover",), ("create", "1g.5gb", "--gpu", "0")):
            with self.subTest(then=then):
                node = self.kept()
                before, names = node.shape(), node.names()
                status, said = self.stopped(node, 3, signal.SIGINT, signal.SIGINT)
                self.assertEqual(status, 130, said)
                self.assertIn("gpuslice: interrupted again: rollback stopped; finish it with: gpuslice --node sim:n recover", said)
                self.assertIn("remaining:\n  GPU 0: the rollback was interrupted", said)
                self.assertTrue(said.endswith("  try: gpuslice --node sim:n recover\n"), said)
                self.assertNotEqual(node.shape(), before)
                self.did(node.on(*then))
                if then == ("recover",):
                    self.assertEqual((node.shape(), node.names()), (before, names))
                else:
                    self.assertEqual(sorted(self.places(node).values()), [19, 19], "the kept one and the new one")

    def test_other_signals_never_stop_the_rollback(self):
        node = self.kept()
        before = node.shape()
        status, said = self.stopped(node, 3, signal.SIGTERM)
        self.assertEqual((status, node.shape()), (143, before), said)
        node.inject("--delay", "1s", "--nth", "3")
        running = self.begin(node, document([KEEP, *OTHER]))
        self.until(lambda: node.shape() != before, "a step is done")
        for _ in range(5):
            running.send_signal(signal.SIGTERM)
            time.sleep(0.25)
        status, said = self.end_of(running)
        # A signal after the end of the change ends the process itself; a shell shows that as 143 too.
        self.assertIn(status, (143, -signal.SIGTERM))
        self.assertEqual(node.shape(), before, said)

    def test_an_incomplete_rollback_after_ctrl_c_has_a_hint(self):
        node = self.kept()
        node.inject("--fail", "UNKNOWN", "--on", "nvmlGpuInstanceDestroy", "--repeat", "always")
        running = None
        before = node.shape()
        node.inject("--delay", "1s", "--nth", "3")
        running = self.begin(node, document([KEEP, *OTHER]))
        self.until(lambda: node.shape() != before, "a step is done")
        running.send_signal(signal.SIGINT)
        status, said = self.end_of(running)
        self.assertEqual(status, 130, said)
        self.assertIn("rollback incomplete; remaining:", said)
        self.assertTrue(said.endswith("  try: gpuslice --node sim:n recover\n"), said)
        node.inject("--clear")
        self.did(node.on("recover"))
        self.assertEqual(node.shape(), before)

    def test_a_failed_change_is_status_1_whatever_the_driver_returned(self):
        node = self.kept()
        for code in ("IN_USE", "INSUFFICIENT_RESOURCES", "NOT_SUPPORTED", "UNKNOWN", "TIMEOUT", "NO_PERMISSION", "NOT_FOUND"):
            with self.subTest(code=code):
                node.inject("--fail", code, "--nth", "2")
                ran = self.did(node.apply(document([KEEP, *OTHER]), "--output", "json"), 1)
                self.assertIn("everything is as it was before", ran.stderr)
                self.assertEqual(json.loads(ran.stdout.splitlines()[-1])["status"], 1)
        node.inject("--lie", "--nth", "2")
        self.did(node.apply(document([KEEP, *OTHER])), 1)


if __name__ == "__main__":
    main()
