#!/usr/bin/env python3
"""A change is killed before and after each of its driver calls.

`undo` then rolls back that change and no other, at whatever call it was killed; an `undo` that was itself interrupted
undoes exactly one change. The dry run of every command that changes something shows the recovery that would run first
and then the same plan as the command itself, and changes nothing. The state is read through NVML.
"""

import json
import os
import signal

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
        """A node on which one change was made."""
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
        """The content of the node's store and state, of which a dry run changes no byte."""
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
                self.assertEqual(node.on("recover").stderr, "nothing was cut off\n")
        self.did(node.on("undo"))
        self.assertEqual(self.places(node), {}, "the next undo undoes the change before")

    def test_an_interrupted_undo_is_one_undo(self):
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
        self.assertIn("change 3 (apply of ", dry.stdout.splitlines()[0], dry.stdout)
        recovery, _, plan = dry.stdout.partition("\nGPU 0: ")[2].partition("\nGPU 0: ")
        if dry.stdout.startswith("first, record"):
            self.assertIn("recording what was done when it was cut off: change 3", real.stderr)
            recovery, plan = "", dry.stdout.partition("\nGPU 0: ")[2]
        else:
            self.assertIn("putting back what was cut off: change 3", real.stderr)
        done = [line.rpartition(", ")[0].partition("GPU 0: ")[2] for line in real.stderr.splitlines() if line.startswith("[")]
        planned = steps_of(real.stdout)
        # The steps that were done are those of the recovery followed by those of the plan.
        self.assertEqual(steps_of(recovery) + planned, done, dry.stdout + real.stderr)
        self.assertEqual(steps_of(plan), planned, dry.stdout + real.stdout)
        return dry, real

    def test_the_dry_run_is_the_command_without_its_last_step(self):
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
        self.assertEqual(self.did(node.on("recover", "--dry-run")).stderr, "nothing was cut off\n")
        self.interrupt(node, "--kill-after", 3)
        shape, files = node.shape(), self.files(node)
        dry = self.did(node.on("recover", "--dry-run"))
        self.assertEqual((node.shape(), self.files(node)), (shape, files))
        self.assertEqual(len(steps_of(dry.stdout)), 3, dry.stdout)
        self.did(node.on("recover"))
        self.assertEqual(node.shape(), before)

    def test_the_dry_run_of_what_cannot_be_rolled_back_is_refused_as_the_command_is(self):
        node = self.kept()
        self.interrupt(node, "--kill-after", 2)
        self.client(node, 0, self.gi_at(node, 4))
        shape = node.shape()
        dry = self.did(node.on("create", "2g.10gb", "--gpu", "0", "--dry-run"), 5)
        self.assertIn("change 3 was cut off and cannot be taken back; remains:", dry.stderr)
        self.assertEqual(node.shape(), shape)
        self.did(node.on("create", "2g.10gb", "--gpu", "0"), 5)
        self.did(node.on("recover"), 1)

    def test_json_says_the_recovery_and_the_plan(self):
        node = self.kept()
        self.interrupt(node, "--kill-after", 2)
        lines = [json.loads(line) for line in
                 self.did(node.on("destroy", "keep", "--dry-run", "--output", "json")).stdout.splitlines()]
        self.assertEqual([line["event"] for line in lines], ["recovery", "plan"])
        self.assertFalse(lines[0]["complete"])
        self.assertEqual([step["kind"] for step in lines[0]["plan"]["gpus"][0]["steps"]],
                         ["destroy-compute-instance", "destroy-gpu-instance"])
        self.assertEqual(len(lines[1]["gpus"][0]["before"]["instances"]), 1,
                         "the plan starts from the state after the recovery")

    def test_killed_in_a_hook_the_unit_is_started_by_the_recovery(self):
        node = self.kept()
        log = os.path.join(node.home, "log")
        ran = node.on("create", "2g.10gb", "--gpu", "0", "--before", f"echo stopped >>{log}; kill -9 $PPID",
                      "--after", f"echo started >>{log}")
        self.assertEqual(ran.returncode, -signal.SIGKILL)
        self.did(node.on("recover"))
        with open(log, encoding="utf-8") as file:
            self.assertEqual(file.read(), "stopped\nstarted\n")

    def test_a_failed_change_is_status_1_whatever_the_driver_says(self):
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
