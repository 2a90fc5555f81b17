"""Shared by the suites of this folder: a simulated node, and its state as nvidia-smi shows it.

These suites do not rely on gpuslice's own output: they run `nvidia-smi` inside the node to check whether a change took
place.
"""

import json

from support.case import OnNode
from support.smi_tables import compute_instances, gpu_instances


class Complaint(OnNode):
    def smi(self, node, *words):
        """The output of nvidia-smi. Its exit status is ignored, because it is not 0 if there is nothing to list."""
        ran = node.smi(*words)
        self.assertNotIn("Failed to initialize", ran.stdout + ran.stderr)
        return ran.stdout

    def modes(self, node):
        """MIG mode of each GPU: "Enabled", or "Disabled, Enabled pending"."""
        lines = self.smi(node, "--query-gpu=mig.mode.current,mig.mode.pending", "--format=csv,noheader").splitlines()
        pairs = [line.split(", ") for line in lines]
        return [now if now == pending else f"{now}, {pending} pending" for now, pending in pairs]

    def instances(self, node, gpu=0):
        """The GPU instances of a GPU by placement: {"4:4": "3g.20gb"}."""
        return {f"{one.start}:{one.size}": one.name for one in gpu_instances(self.smi(node, "mig", "-lgi")) if one.gpu == gpu}

    def compute(self, node, gpu=0):
        """The compute instances by the placement of their GPU instance and their own: {("4:4", "0:3"): "3g.20gb"}."""
        parents = {one.id: f"{one.start}:{one.size}" for one in gpu_instances(self.smi(node, "mig", "-lgi")) if one.gpu == gpu}
        return {(parents[one.gi], f"{one.start}:{one.size}"): one.name
                for one in compute_instances(self.smi(node, "mig", "-lci")) if one.gpu == gpu}

    def seen(self, node):
        """Everything that nvidia-smi shows of the partitioning, including ids, as text that can be compared."""
        return [self.modes(node), self.smi(node, "mig", "-lgi"), self.smi(node, "mig", "-lci")]

    def mutating(self, node):
        """The driver calls that change something, from the trace."""
        rows = json.loads(self.did(node.call("sim", "trace", node.name, "--output", "json")).stdout)
        return [row for row in rows if row["mutating"]]
