#!/usr/bin/env python3
"""`gpuslice query` agrees with nvidia-smi: every field of --query-gpu, and every figure of -q by its path in the XML.

    python3 tests/query/agree.py --bin build/bin/gpuslice

Checked on nodes of many products and drivers, busy and idle. Both use the table of src/fields, but show it in different
ways: nvidia-smi prints text with units, query typed values. Python standard library only. Exit status: 0 if they agree,
1 if they do not.
"""
import csv
import io
import json
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

from support.arguments import parser
from support.environment import environment

NODES = {
    "a100": ["--gpus", "2xa100-40gb", "--driver", "580.126.09"],
    "h200": ["--gpus", "h200-141gb", "--driver", "580.159.04"],
    "b200": ["--gpus", "b200", "--driver", "580.126.09"],
    "mixed": ["--gpus", "a10,t4,v100-sxm2-32gb,rtx-4090", "--driver", "580.126.09"],
    "r560": ["--gpus", "h100-80gb-sxm5", "--driver", "560.35.03"],
    "r510": ["--gpus", "a100-40gb", "--driver", "510.47.03"],
}
TRUE = {"Enabled", "Yes", "On", "Active", "Supported", "enabled"}
FALSE = {"Disabled", "No", "Off", "Not Active", "Not Supported", "disabled"}
# Fields that change with the clock.
PASSING = {"timestamp"}


def words(value):
    """The texts that nvidia-smi may print for a typed value."""
    if value is True:
        return TRUE
    if value is False:
        return FALSE
    if isinstance(value, float):
        return {f"{value:.2f}"}
    return {str(value)}


def same(value, text):
    text = text.strip()
    if value is None:
        return text in ("", "N/A") or text.startswith("[") or text in ("Requested functionality has been deprecated",)
    return text in words(value)


class Node:
    def __init__(self, program, name, home):
        self.program, self.name = program, name
        self.environment = environment(home, TZ="UTC")

    def run(self, *words):
        done = subprocess.run([self.program, *words], env=self.environment, capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            sys.exit(f"{' '.join(words)}: status {done.returncode}: {done.stderr}{done.stdout[:200]}")
        return done.stdout

    def json(self, *words):
        return json.loads(self.run("--node", f"sim:{self.name}", "query", "--output", "json", *words))

    def smi(self, *words):
        return self.run("--node", f"sim:{self.name}", "smi", *words)


def of_query(node, fields, problems):
    compared = 0
    names = [field["field"] for field in fields if not field["about"].startswith("nvidia-smi -q")]
    text = node.smi("--query-gpu=" + ",".join(names), "--format=csv,noheader,nounits")
    for line, gpu in zip(csv.reader(io.StringIO(text), skipinitialspace=True), node.json()):
        for name, shown in zip(names, line):
            if name in PASSING:
                continue
            compared += 1
            if name not in gpu or not same(gpu[name], shown):
                problems.append(f"{node.name} GPU {gpu['gpu']} {name}: {gpu.get(name, 'no key')!r}, csv has {shown!r}")
            if name in gpu and gpu[name] is None and name not in gpu["unknown"]:
                problems.append(f"{node.name} {name}: unknown without a reason")
    return compared


def of_report(node, fields, problems):
    compared = 0
    names = [field for field in fields if field["about"].startswith("nvidia-smi -q")]
    for tree, gpu in zip(ET.fromstring(node.smi("-q", "-x")).findall("gpu"), node.json()):
        for field in names:
            name, unit = field["field"], field.get("unit", "")
            found = tree.find(name.replace(".", "/"))
            if name.endswith(".product_brand") or found is None:
                # If the XML has no such element, query must also report the figure as unknown. The exceptions are two
                # sections for which nvidia-smi prints one word or nothing.
                if gpu.get(name) is not None and not name.startswith(("supported_gpu_target_temp.", "power_smoothing.")):
                    problems.append(f"{node.name} {name}: {gpu[name]!r}, -q -x has no such element")
                continue
            compared += 1
            text = (found.text or "").removesuffix(" " + unit) if unit else found.text or ""
            if name not in gpu or not same(gpu[name], text):
                problems.append(f"{node.name} GPU {gpu['gpu']} {name}: {gpu.get(name, 'no key')!r}, -q -x has {text!r}")
    return compared


def main():
    program = parser(__doc__).parse_args().bin
    problems, compared = [], 0
    with tempfile.TemporaryDirectory() as home:
        for name, words_of in NODES.items():
            node = Node(program, name, home)
            node.run("sim", "create", name, *words_of)
            fields = json.loads(node.run("query", "--list", "--output", "json"))
            queried, reported = of_query(node, fields, problems), of_report(node, fields, problems)
            print(f"{name}: {queried} fields of --query-gpu, {reported} of -q -x")
            if queried < 200 or reported < 25:
                problems.append(f"{name}: too few fields compared")
            compared += queried + reported
    for problem in problems:
        print("DIFFERS", problem)
    print(f"query: {compared} figures compared, {len(problems)} differ")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
