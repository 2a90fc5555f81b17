"""What the suites of this folder share: a simulated node, and what stands on it as nvidia-smi shows it.

gpuslice's own words are not believed here: whether a change took place is what `nvidia-smi` prints inside the node.
"""

import json
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "change"))

import suite  # noqa: E402  (of tests/change)
from random_layouts import document  # noqa: E402,F401

GI_LINE = re.compile(r"^\|\s+(\d+)\s+MIG (\S+)\s+(\d+)\s+(\d+)\s+(\d+):(\d+)\s+\|$", re.M)
CI_LINE = re.compile(r"^\|\s+(\d+)\s+(\d+)\s+MIG (\S+)\s+(\d+)\s+(\d+)\s+(\d+):(\d+)\s+\|$", re.M)


def gi(profile, placement=None, **more):
    """A GPU instance, as a layout file wants it."""
    return {"profile": profile, **({"placement": placement} if placement else {}), **more}


class Complaint(suite.OnNode):
    def smi(self, node, *words):
        """What nvidia-smi prints; that there is nothing to list is an answer too (it ends with another status then)."""
        ran = node.smi(*words)
        self.assertNotIn("Failed to initialize", ran.stdout + ran.stderr)
        return ran.stdout

    def modes(self, node):
        """MIG mode of each GPU: "Enabled", or "Disabled, Enabled pending"."""
        lines = self.smi(node, "--query-gpu=mig.mode.current,mig.mode.pending", "--format=csv,noheader").splitlines()
        pairs = [line.split(", ") for line in lines]
        return [now if now == pending else f"{now}, {pending} pending" for now, pending in pairs]

    def instances(self, node, gpu=0):
        """{"4:4": "3g.20gb"}: the GPU instances of a GPU by place."""
        return {f"{start}:{size}": name for index, name, _, _, start, size in GI_LINE.findall(self.smi(node, "mig", "-lgi"))
                if int(index) == gpu}

    def compute(self, node, gpu=0):
        """{("4:4", "0:3"): "3g.20gb"}: the compute instances by the places of their GPU instance and their own."""
        parents = {(index, number): f"{start}:{size}"
                   for index, _, _, number, start, size in GI_LINE.findall(self.smi(node, "mig", "-lgi"))}
        return {(parents[index, parent], f"{start}:{size}"): name
                for index, parent, name, _, _, start, size in CI_LINE.findall(self.smi(node, "mig", "-lci"))
                if int(index) == gpu}

    def seen(self, node):
        """All that nvidia-smi shows of the partitioning, ids included, as text to compare."""
        return [self.modes(node), self.smi(node, "mig", "-lgi"), self.smi(node, "mig", "-lci")]

    def mutating(self, node):
        """The calls to the driver that change something, from its trace."""
        rows = json.loads(self.did(node.call("sim", "trace", node.name, "--output", "json")).stdout)
        return [row for row in rows if row["mutating"] == "yes"]
