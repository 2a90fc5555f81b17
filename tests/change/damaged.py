#!/usr/bin/env python3
"""Damaged files of a node: the error names the file and the damage, with a command that can be pasted as it is.
Everything that does not depend on the file is still shown.
"""

import json
import os
import shlex
import subprocess
import sys

from support.case import OnNode, main
from support.layouts import document

LAYOUT = document([{"name": "train", "profile": "3g.20gb", "placement": "4:4"}])
NEXT = document([{"name": "infer", "profile": "2g.10gb", "placement": "0:2"}])
UNKNOWN = 999  # nvmlReturn_t


class State(OnNode):
    def check(self, node, what):
        path = os.path.join(node.directory, "state")
        for words in (["--node", "sim:n", "list"], ["--node", "sim:n", "apply", "-f", "-"], ["sim", "inject", "n", "--fail", "19"],
                      ["sim", "trace", "n", "--on"], ["sim", "reset", "n", "--gpu", "0"]):
            ran = node.call(*words, text=json.dumps(LAYOUT))
            self.assertEqual((ran.returncode, ran.stdout), (1, ""), words)
            self.assertEqual(ran.stderr, f"gpuslice: {path}: is damaged: {what}\n  try: gpuslice sim delete n\n", words)
        smi = node.on("smi")
        self.assertEqual(smi.returncode, 9)
        self.assertIn(f"gpuslice smi: {path}: is damaged: {what}\n", smi.stderr)
        self.assertIn(f"is damaged: {what}", self.did(node.call("sim", "list"), 4).stdout)
        client = ("import ctypes, sys; sys.exit(ctypes.CDLL(sys.argv[1]).nvmlInit_v2() != %d)" % UNKNOWN)
        self.did(subprocess.run([sys.executable, "-c", client, os.path.join(node.directory, "lib", "libnvidia-ml.so.1")],
                                capture_output=True, text=True, timeout=60, check=False))

    def test_a_damaged_state_is_named(self):
        node = self.node()
        self.did(node.apply(LAYOUT))
        path = os.path.join(node.directory, "state")
        with open(path, "rb") as file:
            whole = file.read()

        def damage(at, count, byte):
            with open(path, "r+b") as file:
                file.seek(at)
                file.write(bytes([byte]) * count)

        damage(4096, len(whole) - 4096, 0)
        self.check(node, "the checksum of its section config is wrong")
        with open(path, "r+b") as file:
            file.write(whole)
        damage(100, 1, whole[100] ^ 1)
        self.did(node.on("list"))  # nothing reads these bytes
        damage(20, 1, whole[20] ^ 1)
        self.check(node, "the checksum of its header is wrong")
        with open(path, "wb") as file:
            file.write(whole[:1000])
        self.check(node, f"its size is 1000 bytes instead of {len(whole)}")
        self.did(node.call("sim", "delete", "n"))


class Store(OnNode):
    def node_with_history(self):
        node = self.node()
        self.did(node.apply(LAYOUT))
        self.did(node.apply(NEXT))
        self.did(node.apply(LAYOUT))
        return node

    def change(self, node, name, before, after):
        """Replaces text so that the file is still valid JSON."""
        with open(node.store(name), encoding="utf-8") as file:
            text = file.read()
        self.assertIn(before, text)
        with open(node.store(name), "w", encoding="utf-8") as file:
            file.write(text.replace(before, after))

    def follow(self, node, stderr):
        """Runs the only command of the hint."""
        hints = [line.removeprefix("  try: ") for line in stderr.splitlines() if line.startswith("  try: ")]
        self.assertEqual(len(hints), 1, stderr)
        command = shlex.split(hints[0])
        self.assertEqual(command[0], "gpuslice")
        return self.did(node.call(*command[1:]))

    def test_names(self):
        node = self.node_with_history()
        before = node.names()
        self.change(node, "names", '"train"', '"niart"')
        warning = (f"gpuslice: warning: {node.store('names')}: has a wrong checksum: it was damaged, or changed by hand\n"
                   "  try: gpuslice --node sim:n recover --set-aside names\n")
        for words in (["list"], ["list", "--output", "json"], ["export"], ["plan", "-f", "-"]):
            ran = node.on(*words, text=json.dumps(NEXT))
            self.assertEqual((ran.returncode, ran.stderr), (0, warning), words)
        self.assertEqual(self.did(node.on("query", "--fields", "mig.mode.current")).stderr, "")
        tree = self.did(node.on("list")).stdout
        self.assertIn("3g.20gb", tree)
        self.assertNotIn("not created by gpuslice", tree)  # unknown while the names cannot be read
        rows = json.loads(node.on("list", "--output", "json").stdout)
        self.assertEqual({row.get("made_by") for row in rows if row["kind"] == "gi"}, {None})
        refused = node.apply(NEXT)
        self.assertEqual((refused.returncode, refused.stdout), (1, ""))
        self.assertEqual(refused.stderr, warning.replace("warning: ", ""))
        said = self.follow(node, refused.stderr).stderr
        self.assertEqual(said, f"names is kept as {node.store('names')}.damaged-1\n"
                               "the names of instances were restored from the history\n")
        self.assertEqual(node.names(), before)
        self.did(node.apply(NEXT))

    def test_journal(self):
        node = self.node_with_history()
        node.inject("--kill-before", "--on", "nvmlGpuInstanceCreateComputeInstance")
        node.apply(NEXT)
        for text, what in (("", "is not valid JSON at byte 1"), ("[]", "is not a gpuslice.transaction document that this version of gpuslice can read"),
                           ('{"version":1}', "is JSON, but not a document of gpuslice")):
            with open(node.store("journal"), "w", encoding="utf-8") as file:
                file.write(text)
            message = f"gpuslice: warning: {node.store('journal')}: {what}\n  try: gpuslice --node sim:n recover --set-aside journal\n"
            for words in (["list"], ["export"], ["plan", "-f", "-"]):
                ran = node.on(*words, text=json.dumps(NEXT))
                self.assertEqual((ran.returncode, ran.stderr), (0, message), words)
            for words in (["recover"], ["recover", "--accept"], ["undo"], ["undo", "--dry-run"], ["apply", "-f", "-"]):
                refused = node.on(*words, text=json.dumps(NEXT))
                self.assertEqual((refused.returncode, refused.stderr), (1, message.replace("warning: ", "")), words)
        self.follow(node, message)
        self.assertEqual(self.did(node.on("list")).stderr, "")
        self.did(node.on("recover"))
        self.did(node.apply(LAYOUT))

    def test_history_and_audit(self):
        node = self.node_with_history()
        self.change(node, "history/2", '"train"', '"other"')
        shown = node.on("history", "--output", "json")
        self.assertEqual([row["number"] for row in json.loads(shown.stdout)], [1, 3, 4])
        self.assertEqual(shown.returncode, 4)
        self.assertEqual(shown.stderr,
                         f"gpuslice: warning: {node.store('history/2')}: has a wrong checksum: it was damaged, or changed by hand\n"
                         "  try: gpuslice --node sim:n recover --set-aside history/2\n")
        self.did(node.on("undo"))  # the damaged entry is not the newest
        self.change(node, "history/5", '"undo"', '"odnu"')
        # It is unknown whether the unreadable entry is the newest change that can be undone.
        refused = node.on("undo")
        self.assertEqual(refused.returncode, 1)
        self.follow(node, refused.stderr)
        self.follow(node, shown.stderr)
        self.assertEqual(self.did(node.on("history")).stderr, "")
        self.change(node, "audit.log", '"apply"', '"later"')
        shown = node.on("history")
        self.assertIn(f"{node.store('audit.log')}: line 2 is incomplete, damaged, or was changed by hand\n", shown.stderr)
        self.follow(node, shown.stderr)
        self.assertEqual(self.did(node.on("history")).stderr, "")
        whole = node.on("recover", "--set-aside", "names")
        self.assertEqual((whole.returncode, whole.stderr), (5, f"gpuslice: {node.store('names')}: is not damaged, so it is not set aside\n"))

    def test_files_of_earlier_versions(self):
        node = self.node_with_history()
        before = node.names()
        for name in ("names", "history/2", "history/3"):
            with open(node.store(name), encoding="utf-8") as file:
                read = json.load(file)
            del read["checksum"]
            read["version"] = read["version"].replace("/v2", "/v1")
            with open(node.store(name), "w", encoding="utf-8") as file:
                json.dump(read, file)
        self.assertEqual(self.did(node.on("history")).stderr, "")
        self.assertEqual(node.names(), before)
        self.did(node.on("undo"))

    def test_removed_before_the_first_step(self):
        node = self.node_with_history()
        before = node.shape()
        store = os.path.join(node.directory, "store")
        failed = node.apply(NEXT, "--before", f"rm -rf {store}")
        self.assertEqual(failed.returncode, 1)
        self.assertIn(f"{store}/journal: cannot be opened: No such file or directory; everything is as it was before\n", failed.stderr)
        self.assertEqual(node.shape(), before)


if __name__ == "__main__":
    main()
