#!/usr/bin/env python3
"""What gpuslice asks and shows on a terminal: the question before something is destroyed, progress, and Ctrl-C.

gpuslice asks only on real GPUs; with GPUSLICE_CONFIRM=always it asks on a simulated node too.
"""

import json
import os
import re

from support.case import OnNode, main
from support.layouts import document
from support.terminal import OnTerminal

QUESTION = "Destroy 1 GPU instance on GPU 0? [y/N] "
KEEP = [{"name": "keep", "profile": "3g.20gb"}]


class OnATerminal(OnNode):
    def on_terminal(self, node, *words, columns=200, **environment):
        known = {**node.environment, "TERM": "xterm", **environment}
        terminal = OnTerminal([self.program, "--node", "sim:" + node.name, *words], known, columns)
        self.addCleanup(terminal.process.wait)
        self.addCleanup(terminal.process.kill)
        return terminal


class Asked(OnATerminal):
    def asked(self, node, *words):
        return self.on_terminal(node, *words, GPUSLICE_CONFIRM="always")

    def kept(self):
        node = self.node()
        self.did(node.apply(document(KEEP)))
        return node

    def test_only_yes_changes_something(self):
        for answer in ("y\n", "yes\n", "Y\n", "n\n", "\n", "no\n", "yesterday\n", "\x04"):
            with self.subTest(answer=answer):
                node = self.kept()
                before = node.shape()
                terminal = self.asked(node, "destroy", "keep")
                shown = terminal.until(QUESTION)
                self.assertIn("destroy GPU instance 3g.20gb", shown, "the plan comes before the question")
                self.assertEqual(node.shape(), before)
                terminal.type(answer)
                status, said = terminal.end()
                if answer.strip().lower() in ("y", "yes"):
                    self.assertEqual(status, 0, said)
                    self.assertEqual(self.places(node), {})
                else:
                    self.assertEqual(status, 5, said)
                    self.assertIn("plan: was declined; nothing was changed", said)
                    self.assertEqual(node.shape(), before)
                    self.assertFalse(os.path.exists(node.store("journal")))

    def test_ctrl_c_at_the_question_changes_nothing(self):
        node = self.kept()
        before = node.shape()
        terminal = self.asked(node, "destroy", "keep")
        terminal.until(QUESTION)
        terminal.type("\x03")
        status, said = terminal.end()
        self.assertEqual(status, 130, said)
        self.assertIn("interrupted: stopping before anything is changed", said)
        self.assertIn("interrupted before anything was changed", said)
        self.assertEqual(node.shape(), before)

    def test_each_kind_of_loss_is_asked_about(self):
        node = self.kept()
        for words, question in ((("destroy", "keep"), QUESTION), (("disable", "--gpu", "0"), QUESTION),
                                (("reset", "--gpu", "0"), "Destroy 1 GPU instance on GPU 0; reset GPU 0? [y/N] "), (("undo",), QUESTION)):
            with self.subTest(words=words):
                terminal = self.asked(node, *words)
                terminal.until(question)
                terminal.type("n\n")
                self.assertEqual(terminal.end()[0], 5)
        client = self.client(node, 0, self.gi_at(node, 4))
        terminal = self.asked(node, "destroy", "keep", "--force")
        terminal.until("Destroy 1 GPU instance on GPU 0; stop 1 process? [y/N] ")
        terminal.type("n\n")
        self.assertEqual(terminal.end()[0], 5)
        self.assertIsNone(client.poll())

    def test_nothing_is_asked_without_a_loss_or_a_terminal(self):
        node = self.kept()
        self.assertEqual(self.asked(node, "create", "2g.10gb", "--gpu", "0").end()[0], 0)
        self.assertEqual(self.asked(node, "destroy", "keep", "--yes").end()[0], 0)
        self.did(node.on("undo"))
        self.assertEqual(self.on_terminal(node, "destroy", "keep").end()[0], 0, "a simulated node")
        self.did(node.on("undo"))
        node.environment["GPUSLICE_CONFIRM"] = "always"
        self.did(node.on("destroy", "keep"))  # no terminal
        status, said = self.asked(node, "reset", "--gpu", "0", "--dry-run").end()
        self.assertEqual(status, 0)
        self.assertNotIn("?", said)


class Told(OnATerminal):
    def test_progress_rewrites_one_line_and_the_plan_is_not_repeated(self):
        node = self.node()
        layout = os.path.join(node.home, "layout.json")
        with open(layout, "w", encoding="utf-8") as file:
            json.dump(document(KEEP), file)
        status, said = self.on_terminal(node, "apply", "-f", layout, columns=60).end()
        self.assertEqual(status, 0, said)
        progress = said.partition("steps;")[2].split("\r\n")
        self.assertEqual(len(progress), 3, said)  # the end of the plan, the rewritten line, and the text after the last line end
        shown = re.split(r"\r\x1b\[K", progress[1])
        self.assertEqual([line[:6] for line in shown[:-1]], ["[1/2] ", "[2/2] "], said)
        self.assertEqual(shown[-1], "done: 2 steps")
        self.assertLess(max(map(len, shown)), 60)

    def test_without_a_terminal_each_step_is_shown_once(self):
        node = self.node()
        ran = self.did(node.apply(document(KEEP)))
        self.assertEqual(len(re.findall("create GPU instance", ran.stdout + ran.stderr)), 1)
        self.assertEqual(ran.stderr, "done: 2 steps\n")
        ran = self.did(node.on("undo"))
        self.assertEqual(len(re.findall("destroy GPU instance", ran.stdout + ran.stderr)), 1)

    def test_ctrl_c_reports_at_once_what_will_happen(self):
        node = self.node()
        before = node.shape()
        node.inject("--delay", "1s", "--nth", "2")
        layout = os.path.join(node.home, "layout.json")
        with open(layout, "w", encoding="utf-8") as file:
            json.dump(document(KEEP), file)
        terminal = self.on_terminal(node, "apply", "-f", layout)
        terminal.until("[2/2]")
        terminal.type("\x03")
        terminal.until("gpuslice: interrupted: rolling back as soon as the current step has ended; press Ctrl-C again to stop "
                       "and finish it later with: gpuslice --node sim:n recover")
        self.assertNotEqual(node.shape(), before, "while the step is under way")
        status, said = terminal.end()
        self.assertEqual(status, 130, said)
        self.assertIn("everything is as it was before", said)
        self.assertEqual(node.shape(), before)


if __name__ == "__main__":
    main()
