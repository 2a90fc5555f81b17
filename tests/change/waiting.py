#!/usr/bin/env python3
"""Two commands on one node: the second waits for the first with --wait, and `list` shows the running change.

The first change is held in a hook, or slowed by a delay of its driver's calls, so it runs for as long as a test needs.
"""

import getpass
import json
import os
import re
import signal
import subprocess
import time

from support.case import OnNode, main
from support.layouts import document

WHOLE = [{"profile": "7g.40gb", "name": "whole"}]
SMALL = [{"profile": "1g.5gb", "name": "small"}]
SINCE = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"


class Waiting(OnNode):
    def under_way(self, node, *more, layout=None):
        """An apply that stays in its hook until let_go(); returns (process, FIFO)."""
        gate = os.path.join(node.home, "gate")
        os.mkfifo(gate)
        running = node.start("apply", "-f", "-", "--before", f"read line <{gate}", *more, stdin=subprocess.PIPE)
        with running.stdin as words:
            words.write(json.dumps(layout or document(SMALL)))
        self.until(lambda: os.path.exists(node.store("journal")), "the journal")
        self.addCleanup(self.ended, running)
        return running, gate

    def ended(self, running):
        running.kill()
        running.wait()
        running.stdout.close()
        running.stderr.close()

    def let_go(self, gate):
        with open(gate, "w", encoding="utf-8") as file:
            file.write("go\n")

    def waiting(self, node, *words):
        """Starts a command with --wait and returns (process, its message) once it waits."""
        running = node.start(*words)
        return running, running.stderr.readline()

    def test_waits_for_the_other_change_and_names_it_once(self):
        node = self.node()
        first, gate = self.under_way(node)
        second, line = self.waiting(node, "create", "2g.10gb", "--gpu", "0", "--name", "later", "--wait")
        user = getpass.getuser()
        self.assertRegex(line, rf"^waiting for gpuslice apply of {user} \(process {first.pid}, since {SINCE}\)\n$")
        time.sleep(0.3)
        self.assertIsNone(second.poll())
        self.let_go(gate)
        self.assertEqual(self.end_of(first)[0], 0)
        status, said = self.end_of(second)
        self.assertEqual(status, 0, said)
        self.assertNotIn("waiting", said)
        self.assertEqual([name for *_, name in node.names() if name in ("small", "later")], ["later", "small"])

    def test_without_the_option_the_refusal_suggests_it(self):
        node = self.node()
        first, _ = self.under_way(node)
        for words in (("destroy", "small"), ("undo",), ("recover",), ("enable", "--gpu", "0"), ("reset", "--gpu", "0", "--yes"),
                      ("destroy", "small", "--dry-run"), ("recover", "--set-aside", "names")):
            with self.subTest(words=words):
                ran = self.did(node.on(*words), 5)
                self.assertIn("is being changed by another gpuslice", ran.stderr)
                self.assertIn("try: add --wait to wait until it ends", ran.stderr)
        self.assertIsNone(first.poll())

    def test_waits_no_longer_than_asked(self):
        node = self.node()
        self.under_way(node)
        begun = time.monotonic()
        ran = self.did(node.on("undo", "--wait=0.5"), 5)
        self.assertGreaterEqual(time.monotonic() - begun, 0.5)
        self.assertIn("waiting for gpuslice apply", ran.stderr)
        self.assertIn("; waited 0.5 s", ran.stderr)
        for wrong in ("--wait=soon", "--wait=0", "--wait=-1", "--wait=1s", "--wait=nan"):
            self.assertIn("--wait: takes seconds", self.did(node.on("undo", wrong), 2).stderr)

    def test_a_separate_argument_is_not_the_number_of_seconds(self):
        node = self.node()
        self.did(node.on("create", "1g.5gb", "--gpu", "0", "--name", "a"))
        self.did(node.on("destroy", "--wait", "a"))
        self.assertEqual(self.places(node), {})

    def test_ctrl_c_ends_the_waiting_and_changes_nothing(self):
        for number, wanted in ((signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)):
            with self.subTest(number=number):
                node = self.node()
                first, gate = self.under_way(node)
                before = node.shape()
                for words in (("create", "2g.10gb", "--gpu", "0", "--wait"), ("undo", "--wait=60"), ("recover", "--wait")):
                    second, _ = self.waiting(node, *words)
                    second.send_signal(number)
                    status, said = self.end_of(second)
                    self.assertEqual(status, wanted, said)
                    self.assertIn("nothing was done", said)
                self.assertEqual(node.shape(), before)
                self.let_go(gate)
                self.assertEqual(self.end_of(first)[0], 0)
                self.assertEqual([entry["verb"] for entry in json.loads(node.on("history", "--output", "json").stdout)],
                                 ["enable", "apply"])

    def test_when_the_other_is_killed_its_change_is_recovered_first(self):
        node = self.node()
        first, _ = self.under_way(node)
        second, _ = self.waiting(node, "create", "2g.10gb", "--gpu", "0", "--wait")
        first.kill()
        first.wait()
        status, said = self.end_of(second)
        self.assertEqual(status, 0, said)
        self.assertIn("(apply by ", said)
        self.assertEqual(len(self.places(node)), 1, "the create's own; the apply was rolled back")

    def test_several_commands_wait_and_run_in_turn(self):
        node = self.node()
        _, gate = self.under_way(node)
        waiting = [self.waiting(node, "create", "1g.5gb", "--gpu", "0", "--name", f"n{i}", "--wait")[0] for i in range(4)]
        self.let_go(gate)
        for running in waiting:
            status, said = self.end_of(running)
            self.assertEqual(status, 0, said)
        self.assertEqual(len(self.places(node)), 5)

    def test_the_event_of_waiting_is_json(self):
        node = self.node()
        _, gate = self.under_way(node)
        second = node.start("undo", "--wait", "--output", "json")
        event = json.loads(second.stdout.readline())
        self.assertEqual(event["event"], "waiting")
        self.assertIn("gpuslice apply of", event["text"])
        self.let_go(gate)
        self.assertEqual(self.end_of(second), (0, "undo of change 2\n"))

    def test_list_shows_the_running_change(self):
        node = self.node("2xa100-40gb")
        self.assertEqual([row["changing"] for row in json.loads(node.on("list", "--output", "json").stdout)], [None, None])
        first, gate = self.under_way(node, layout=document(None, SMALL))
        user = getpass.getuser()
        who = rf"apply of {user} \(process {first.pid}, since {SINCE}\)"
        ran = self.did(node.on("list"))
        self.assertRegex(ran.stderr, rf"^gpuslice: note: gpuslice {who} is changing GPU 1 \(change 2\)\n$")
        gpus = [line for line in ran.stdout.splitlines() if line.startswith("GPU ")]
        self.assertNotIn("being changed", gpus[0])
        self.assertRegex(gpus[1], rf"  being changed by {who}$")
        rows = [row for row in json.loads(node.on("list", "--output", "json").stdout) if row["kind"] == "gpu"]
        self.assertIsNone(rows[0]["changing"])
        self.assertEqual((rows[1]["changing"], rows[1]["changing_user"], rows[1]["changing_pid"]), ("apply", user, first.pid))
        self.assertTrue(re.fullmatch(SINCE, rows[1]["changing_since"]))
        self.let_go(gate)
        self.assertEqual(self.end_of(first)[0], 0)
        ran = self.did(node.on("list"))
        self.assertNotIn("chang", ran.stdout + ran.stderr)

    def test_a_killed_change_is_shown_as_interrupted(self):
        node = self.node()
        first, _ = self.under_way(node)
        first.kill()
        first.wait()
        ran = self.did(node.on("list"))
        self.assertIn("was interrupted", ran.stderr)
        self.assertNotIn("is changing", ran.stderr)


if __name__ == "__main__":
    main()
