"""Errors for missing permissions."""

import os
import stat

from complaint import Complaint
from support.layouts import document, gi
from support.nobody import TO_NOBODY, give_to_nobody


class Permission(Complaint):
    """Complaint: without permission to configure MIG, the error message does not help (tensor-fusion PR#664;
    HAMi#1044)."""

    def setUp(self):
        if os.geteuid() != 0:
            self.skipTest("needs root to become another user")

    def open_node(self, mig=True):
        node = self.node(mig=mig)
        os.chmod(node.home, 0o755)
        return node

    def given_away(self, node):
        """Gives all files of the node to nobody, except its capability file for configuring MIG."""
        give_to_nobody(node.directory, keep=lambda path: path.endswith("nvidia-cap1"))

    def test_the_error_names_who_has_the_permission(self):
        node = self.open_node()
        self.did(node.apply(document([gi("3g.20gb", "4:4", name="train")])))
        before = self.seen(node)
        for words in (["create", "1g.5gb", "--gpu", "0"], ["destroy", "train"], ["disable", "--gpu", "0"], ["undo"], ["recover"],
                      ["apply", "-f", "-"]):
            ran = self.did(node.on(*words, text='{"version": "gpuslice/v1", "gpus": []}', **TO_NOBODY), 1)
            self.assertIn("Permission denied", ran.stderr, words)
            self.assertIn("run as root, or as the node's owner", ran.stderr, words)
        self.assertEqual(self.seen(node), before)

    def test_reading_and_planning_need_no_permission(self):
        node = self.open_node()
        self.did(node.apply(document([gi("3g.20gb", "4:4", name="train")])))
        self.assertIn('"train"', self.did(node.on("list", **TO_NOBODY)).stdout)
        self.assertEqual(self.did(node.on("export", **TO_NOBODY)).stdout, node.on("export").stdout)
        self.did(node.on("history", **TO_NOBODY))
        ran = self.did(node.on("create", "1g.5gb", "--gpu", "0", "--dry-run", **TO_NOBODY))
        self.assertIn("create GPU instance 1g.5gb", ran.stdout)

    def smi(self, node, *words):
        """Runs nvidia-smi as the node's owner, because root does not enter a node that belongs to another user."""
        if os.stat(node.directory).st_uid == os.geteuid():
            return super().smi(node, *words)
        return node.on("smi", *words, **TO_NOBODY).stdout

    def test_the_error_names_the_missing_config_capability(self):
        node = self.open_node()
        self.given_away(node)
        cap = os.path.join(node.directory, "dev", "nvidia-caps", "nvidia-cap1")
        self.assertEqual(stat.S_IMODE(os.stat(cap).st_mode), 0o400)
        ran = self.did(node.on("create", "1g.5gb", "--gpu", "0", **TO_NOBODY), 1)
        self.assertIn("Insufficient Permissions", ran.stderr)
        self.assertIn("MIG capability config", ran.stderr)
        self.assertEqual(self.instances(node), {})
        # Gives the remaining files of the driver to nobody, too, including the capability file.
        for part in ("dev", "pool", "proc"):
            for folder, _, _ in os.walk(os.path.join(node.directory, part)):
                os.chmod(folder, 0o755)
            give_to_nobody(os.path.join(node.directory, part))
        self.did(node.on("create", "1g.5gb", "--gpu", "0", **TO_NOBODY))
        self.assertEqual(list(self.instances(node).values()), ["1g.5gb"])

    def test_a_refusal_during_a_change_is_quoted_and_everything_is_rolled_back(self):
        node = self.open_node()
        for nth in (1, 2, 3, 4):
            node.inject("--fail", "NO_PERMISSION", "--nth", str(nth))
            ran = self.did(node.apply(document([gi("3g.20gb"), gi("1g.5gb")])), 1)
            self.assertIn("Insufficient Permissions", ran.stderr)
            self.assertNotIn("as root", ran.stderr, "the test already runs as root")
            self.assertEqual(self.instances(node), {})
