"""A simulated node that belongs to one test, and gpuslice commands on it."""

import json
import os
import shutil
import subprocess
import tempfile

from .environment import environment
from .folders import IN_MEMORY
from .nvml import Driver


class Node:
    def __init__(self, program, gpus=None, variant=None, name="n", home=None, recipe=None):
        """Creates the node from `gpus` or from the text of a recipe, in the folder `home`, or else in a folder that is
        removed together with the node."""
        self.program = os.path.abspath(program)
        self.own_home = home is None
        self.home = home or tempfile.mkdtemp(prefix="gpuslice-test-", dir=IN_MEMORY)
        self.name = name
        self.environment = environment(self.home)
        words = ["-f", "-"] if recipe else ["--gpus", gpus]
        made = self.call("sim", "create", name, *words, *(["--board-variant", variant] if variant else []), text=recipe)
        if made.returncode != 0:
            raise RuntimeError(made.stderr)
        self.directory = os.path.join(self.home, name)
        self.driver = Driver(self.directory)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.own_home:
            shutil.rmtree(self.home, ignore_errors=True)

    def call(self, *words, text=None, **more):
        return subprocess.run([self.program, *words], input=text, capture_output=True, text=True, env=self.environment,
                              timeout=120, check=False, **more)

    def on(self, *words, text=None, **more):
        """gpuslice --node sim:NAME WORDS"""
        return self.call("--node", "sim:" + self.name, *words, text=text, **more)

    def start(self, *words, **more):
        return subprocess.Popen([self.program, "--node", "sim:" + self.name, *words], env=self.environment, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)

    def apply(self, layout, *words):
        return self.on("apply", "-f", "-", *words, text=json.dumps(layout))

    def smi(self, *words):
        return self.call("sim", "exec", self.name, "--", "nvidia-smi", *words)

    def inject(self, *words):
        done = self.call("sim", "inject", self.name, *words)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)

    def shape(self):
        return self.driver.shape()

    def store(self, name):
        return os.path.join(self.directory, "store", name)

    def names(self):
        """The names of instances: (GPU, kind, placement, name) of each."""
        rows = json.loads(self.on("list", "--output", "json").stdout)
        return sorted((r["gpu"], r["kind"], "{start}:{size}".format(**r["placement"]), r["name"]) for r in rows if r["name"])
