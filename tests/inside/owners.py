#!/usr/bin/env python3
"""Another user's node: `python3 tests/inside/owners.py --bin build/bin/gpuslice`.

A node holds code: its library, its programs, boot.d, the commands of an interrupted change. A user (also root) who
acted on another user's node would run that code with their own rights, so it is refused. Reading its state with our own
library is allowed. Needs root, to run as two users.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from support.case import OnNode, main
from support.environment import environment
from support.folders import install, tree
from support.nobody import AS_NOBODY, NOBODY, give_to_nobody

READING = (["--node", "sim:n", "list"], ["--node", "sim:n", "list", "--output", "json"], ["--node", "sim:n", "smi", "-L"],
           ["--node", "sim:n", "history"], ["--node", "sim:n", "enable", "--gpu", "0", "--dry-run"], ["sim", "tree", "n"], ["sim", "list"],
           ["sim", "snapshot", "n"], ["sim", "trace", "n"], ["sim", "faults", "n"], ["sim", "latency", "n"])
ACTING = (["--node", "sim:n", "enable", "--gpu", "0"], ["--node", "sim:n", "create", "3g.20gb", "--gpu", "0"], ["--node", "sim:n", "destroy", "--all", "--gpu", "0"],
          ["--node", "sim:n", "undo"], ["--node", "sim:n", "recover"], ["sim", "exec", "n", "--", "true"], ["sim", "shell", "n"],
          ["sim", "attach", "n", "--", "true"], ["sim", "reboot", "n"], ["sim", "reset", "n"], ["sim", "delete", "n"],
          ["sim", "snapshot", "n", "s"], ["sim", "restore", "n", "own"], ["sim", "clone", "n", "m"], ["sim", "trace", "n", "--on"],
          ["sim", "inject", "n", "--fail", "IN_USE"], ["sim", "latency", "n", "--like", "a100"], ["sim", "raise", "n", "--xid", "43"])


class OfAnotherUser(OnNode):
    def setUp(self):
        if os.geteuid() != 0:
            self.skipTest("needs root, to run as two users")
        self.home = tempfile.mkdtemp(prefix="gpuslice-owners-")
        self.addCleanup(shutil.rmtree, self.home, True)
        os.chmod(self.home, 0o1777)
        self.program = install(OnNode.program, self.home)
        self.environment = environment(self.home + "/nodes", SHELL="/bin/true")
        self.root = Path(self.home, "nodes/n")

    def call(self, *words, user=()):
        return subprocess.run([*user, self.program, *words], env=self.environment, capture_output=True, text=True, check=False, timeout=60,
                              stdin=subprocess.DEVNULL)

    def trap(self):
        """Creates the node of an attacker, nobody, on which every program that runs and every file that is written is
        detected."""
        for words in (["sim", "create", "n", "--gpus", "1xa100-40gb"], ["--node", "sim:n", "enable", "--gpu", "0"], ["sim", "snapshot", "n", "own"]):
            self.did(self.call(*words, user=AS_NOBODY))
        self.told = Path(self.home, "told")
        script = f"#!/bin/sh\nid -u >> {self.told}\n"
        for path in ("boot.d/10-trap", "bin/nvidia-smi"):
            trap = self.root / path
            trap.unlink(missing_ok=True)
            trap.write_text(script, encoding="ascii")
            trap.chmod(0o755)
        for library in (self.root / "lib").glob("lib*.580.*"):
            library.write_text("not a library", encoding="ascii")
        self.target = Path(self.home, "of-root")
        self.target.write_text("untouched", encoding="ascii")
        for name in ("store/names.new", "store/journal.new", "trace"):
            (self.root / name).unlink(missing_ok=True)
            (self.root / name).symlink_to(self.target)
        give_to_nobody(self.root)

    def test_it_can_be_read_but_not_acted_on(self):
        self.trap()
        os.chown(self.root.parent, 0, 0)
        before = tree(self.root.parent)
        for words in READING:
            with self.subTest(words):
                ran = self.call(*words)
                # The trace is a link to another file, which gpuslice must not follow.
                self.assertEqual(ran.returncode, 1 if words[1] == "trace" else 0, ran.stderr)
        self.assertIn("A100-SXM4-40GB", self.call("--node", "sim:n", "list").stdout)
        for words in ACTING:
            with self.subTest(words):
                ran = self.call(*words)
                not_run = 125 if words[1] in ("exec", "shell", "attach") else 1
                self.assertEqual((ran.returncode, ran.stdout, ran.stderr),
                                 (not_run, "", "gpuslice: node n: belongs to nobody: acting on it would run programs of nobody as root; act on it as nobody\n"
                                         f"  try: sudo -u nobody env GPUSLICE_SIM_DIR={self.home}/nodes GPUSLICE_LOCAL=readonly sh\n"))
        changed = self.call("--node", "sim:n", "smi", "-mig", "0")
        self.assertNotEqual(changed.returncode, 0)
        self.assertIn("Insufficient Permissions", changed.stdout + changed.stderr)
        self.assertEqual(tree(self.root.parent), before)
        self.assertFalse(self.told.exists())
        self.assertEqual(self.target.read_text(encoding="ascii"), "untouched")

    def test_a_node_in_a_directory_of_another_user_is_not_acted_on(self):
        """In another user's directory, that user could replace a node."""
        self.trap()
        shutil.rmtree(self.root)
        self.did(self.call("sim", "create", "n", "--gpus", "1xa100-40gb"))
        self.assertEqual(self.root.parent.stat().st_uid, NOBODY)
        ran = self.call("sim", "exec", "n", "--", "true")
        self.assertEqual(ran.returncode, 125)
        self.assertIn(f"node n: its directory {self.home}/nodes belongs to nobody", ran.stderr)

    def test_own_nodes_and_those_of_root_can_be_acted_on(self):
        self.did(self.call("sim", "create", "n", "--gpus", "1xa100-40gb"))
        self.did(self.call("sim", "exec", "n", "--", "nvidia-smi", "-L"))
        # Other users may read root's node.
        self.did(self.call("sim", "exec", "n", "--", "nvidia-smi", "-L", user=AS_NOBODY))
        self.assertNotEqual(self.call("sim", "exec", "n", "--", "nvidia-smi", "-mig", "1", user=AS_NOBODY).returncode, 0)


if __name__ == "__main__":
    main()
