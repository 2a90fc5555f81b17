"""What the suites of this folder share: a simulated node, and what stands on it as nvidia-smi shows it.

gpuslice's own words are not believed here: whether a change took place is what `nvidia-smi` prints inside the node.
"""

import json

from support.case import OnNode
from support.smi_tables import compute_instances, gpu_instances


class Complaint(OnNode):
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
        return {f"{one.start}:{one.size}": one.name for one in gpu_instances(self.smi(node, "mig", "-lgi")) if one.gpu == gpu}

    def compute(self, node, gpu=0):
        """{("4:4", "0:3"): "3g.20gb"}: the compute instances by the places of their GPU instance and their own."""
        parents = {one.id: f"{one.start}:{one.size}" for one in gpu_instances(self.smi(node, "mig", "-lgi")) if one.gpu == gpu}
        return {(parents[one.gi], f"{one.start}:{one.size}"): one.name
                for one in compute_instances(self.smi(node, "mig", "-lci")) if one.gpu == gpu}

    def seen(self, node):
        """All that nvidia-smi shows of the partitioning, ids included, as text to compare."""
        return [self.modes(node), self.smi(node, "mig", "-lgi"), self.smi(node, "mig", "-lci")]

    def mutating(self, node):
        """The calls to the driver that change something, from its trace."""
        rows = json.loads(self.did(node.call("sim", "trace", node.name, "--output", "json")).stdout)
        return [row for row in rows if row["mutating"] == "yes"]
