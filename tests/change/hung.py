#!/usr/bin/env python3
"""One of eight GPUs does not answer. Commands on the node still show the other seven and can change them.

Calls on that GPU are delayed by an hour, so no test passes merely because a call returned.
"""

import json

from support.case import OnNode, main
from support.layouts import document

BROKEN, TIMEOUT = 3, "1"
OTHERS = [gpu for gpu in range(8) if gpu != BROKEN]
SAID = f"GPU {BROKEN}: the driver has not answered within {TIMEOUT} s"
WANTED = [{"profile": "3g.20gb", "placement": "4:4"}]


class Hung(OnNode):
    def broken(self, function):
        node = self.node("8xa100-40gb", mig=True)
        node.inject("--on", function, "--gpu", str(BROKEN), "--delay", "3600s", "--repeat", "always")
        return node

    def test_list_shows_the_others(self):
        node = self.broken("nvmlDeviceGetMigMode")
        listed = self.did(node.on("list", "--timeout", TIMEOUT, "--output", "json"), 4)
        rows = json.loads(listed.stdout)
        self.assertEqual([row["gpu"] for row in rows if row["problem"] is None], OTHERS)
        self.assertEqual([row["gpu"] for row in rows if row["problem"] is not None], [BROKEN])
        self.assertIn(SAID, listed.stderr)

    def test_query_shows_the_others(self):
        node = self.broken("nvmlDeviceGetMigMode")
        asked = self.did(node.on("query", "--timeout", TIMEOUT, "--fields", "mig.mode.current", "--output", "json"), 4)
        rows = json.loads(asked.stdout)
        self.assertEqual([row["mig.mode.current"] for row in rows], [None if gpu == BROKEN else True for gpu in range(8)])
        self.assertIn(SAID, asked.stderr)

    def test_the_others_are_changed(self):
        node = self.broken("nvmlDeviceGetMigMode")
        gpus = ",".join(map(str, OTHERS))
        self.did(node.on("create", "3g.20gb", "--gpu", gpus, "--timeout", TIMEOUT))
        self.did(node.on("undo", "--timeout", TIMEOUT))
        self.did(node.on("create", "1g.5gb", "--gpu", gpus, "--timeout", TIMEOUT))
        node.inject("--clear")
        self.assertEqual([len(instances) for _, instances in node.shape()], [int(gpu != BROKEN) for gpu in range(8)])

    def test_a_change_of_that_gpu_is_refused(self):
        node = self.broken("nvmlDeviceGetMigMode")
        for words in (("create", "3g.20gb", "--gpu", str(BROKEN)), ("enable", "--gpu", "all"), ("reset", "--gpu", "0,3")):
            with self.subTest(words=words):
                self.assertIn(SAID, self.did(node.on(*words, "--timeout", TIMEOUT), 4).stderr)

    def test_a_gpu_that_hangs_during_a_change_leaves_the_others_unchanged(self):
        node = self.broken("nvmlDeviceCreateGpuInstanceWithPlacement")
        before = node.shape()
        ran = self.did(node.apply(document(*[WANTED] * 8), "--timeout", TIMEOUT), 4)
        self.assertIn(SAID, ran.stderr)
        self.assertIn("every GPU that is not named below is as it was before", ran.stderr)
        self.assertEqual(node.shape(), before)
        self.assertIn("was interrupted", self.did(node.on("list")).stderr)
        # The call ended with its process. On hardware it may still be executed; the recovery reads the GPU in any case.
        node.inject("--clear")
        self.did(node.on("recover"))
        self.assertEqual(node.shape(), before)
        self.assertEqual(self.did(node.on("list")).stderr, "")


if __name__ == "__main__":
    main()
