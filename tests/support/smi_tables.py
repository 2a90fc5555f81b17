"""Parses the tables of `nvidia-smi mig -lgi` and `-lci`."""

import re
from typing import NamedTuple

GI_LINE = re.compile(r"^\|\s+(\d+)\s+MIG (\S+)\s+(\d+)\s+(\d+)\s+(\d+):(\d+)\s+\|$", re.M)
CI_LINE = re.compile(r"^\|\s+(\d+)\s+(\d+)\s+MIG (\S+)\s+(\d+)\s+(\d+)\s+(\d+):(\d+)\s+\|$", re.M)


class GpuInstance(NamedTuple):
    gpu: int
    name: str
    profile: int
    id: int
    start: int
    size: int


class ComputeInstance(NamedTuple):
    gpu: int
    gi: int
    name: str
    profile: int
    id: int
    start: int
    size: int


def rows(kind, line, text):
    return [kind(*(word if name == "name" else int(word) for name, word in zip(kind._fields, found))) for found in line.findall(text)]


def gpu_instances(lgi):
    return rows(GpuInstance, GI_LINE, lgi)


def compute_instances(lci):
    return rows(ComputeInstance, CI_LINE, lci)
