"""Runs the program under test through its command line. The nodes are in a separate folder."""

import json
import os
import re
import subprocess
import tempfile

from support.environment import environment
from support.smi_tables import gpu_instances

CREATED = re.compile(r"Successfully created GPU instance ID +(\d+) on GPU +(\d+) "
                     r"using profile MIG (\S+) \(ID +(\d+)\)$")
RECIPE = """\
version: gpuslice.sim/v1
driver: {driver}
seed: 1
gpus:
  - product: {product}
"""


class Product:
    def __init__(self, binary):
        self.binary = os.path.abspath(binary)
        self.folder = tempfile.TemporaryDirectory(prefix="gpuslice-oracle-")
        self.env = environment(self.folder.name, LC_ALL="C")
        self.nodes = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.folder.cleanup()

    def run(self, *args, fails=False):
        done = subprocess.run([self.binary, *args], env=self.env, capture_output=True, text=True,
                              stdin=subprocess.DEVNULL)
        if done.returncode != 0 and not fails:
            raise RuntimeError(f"gpuslice {' '.join(args)}: status {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def json(self, *args):
        return json.loads(self.run(*args, "--output", "json").stdout)

    def node(self, product, name=None, variant=None, driver="580.126.09", mig=True):
        """Creates a node with one GPU, with MIG enabled by default."""
        self.nodes += 1
        node = f"oracle{self.nodes}"
        recipe = RECIPE.format(driver=driver, product=product)
        recipe += f"    name: {name}\n" if name else ""
        recipe += f"    board_variant: {variant}\n" if variant else ""
        path = os.path.join(self.folder.name, node + ".recipe.yaml")
        with open(path, "w") as file:
            file.write(recipe)
        self.run("sim", "create", node, "-f", path)
        if mig:
            (_, text, code), = self.smi(node, ["-mig 1"])
            if code != 0 or not text.startswith("Enabled MIG Mode"):
                raise RuntimeError(f"-mig 1 on a fresh {product}: status {code}\n{text}")
        return node

    def delete(self, node):
        self.run("sim", "delete", node)

    def smi(self, node, commands):
        """Runs nvidia-smi command lines one after the other inside a node: [(command, stdout and stderr, status)]."""
        script = "exec 2>&1\n"
        script += "".join(f"echo '@@ {c}'\nnvidia-smi {c}\necho \"@@ $?\"\n" for c in commands)
        text = self.run("sim", "exec", node, "--", "sh", "-c", script).stdout
        found = re.findall(r"^@@ (.*)\n((?:(?!@@ ).*\n)*)@@ (\d+)$", text, re.M)
        if [f[0] for f in found] != list(commands):
            raise RuntimeError(f"{node}: an answer is missing in:\n{text}")
        return [(c, answer, int(code)) for c, answer, code in found]


def created(text):
    """[(profile id, instance id)] of the messages in `text`."""
    rows = (CREATED.match(line) for line in text.splitlines())
    return [(int(r[4]), int(r[1])) for r in rows if r]


def instances(lgi):
    """{instance id: (profile id, start, size)} of an -lgi table."""
    return {row.id: (row.profile, row.start, row.size) for row in gpu_instances(lgi)}
