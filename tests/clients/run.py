#!/usr/bin/env python3
"""NVML clients that nobody here wrote, on simulated nodes: nvidia-ml-py of the 580 line.

Run with a Python that has it (tools/client-venv makes one):   python run.py --bin build/bin/gpuslice
"""
import argparse
import importlib.metadata
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
NODES = [
    ("a100a", ["--gpus", "2xa100-40gb", "--board-variant", "A"]),
    ("a100b", ["--gpus", "2xa100-40gb", "--board-variant", "B"]),
    ("a30", ["--gpus", "2xa30-24gb"]),
    ("h100", ["--gpus", "2xh100-80gb-sxm5"]),
    ("h200", ["--gpus", "2xh200-141gb"]),
    ("rtx", ["--gpus", "2xrtx-pro-6000-blackwell-96gb"]),
    ("a10", ["--gpus", "2xa10-24gb"]),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", required=True, type=lambda p: str(Path(p).resolve()))
    args = parser.parse_args()
    print(f"nvidia-ml-py {importlib.metadata.version('nvidia-ml-py')}, Python {sys.version.split()[0]}")
    failed = 0
    with tempfile.TemporaryDirectory() as base:
        os.chmod(base, 0o755)
        env = dict(os.environ, GPUSLICE_SIM_DIR=base, GPUSLICE_LOCAL="readonly", GPUSLICE_BIN=args.bin, PYTHONDONTWRITEBYTECODE="1")
        for name, words in NODES:
            made = subprocess.run([args.bin, "sim", "create", name, "--driver", "580.159.04", *words], env=env, capture_output=True, text=True)
            if made.returncode != 0:
                sys.exit(made.stderr)
        jobs = [("abi.py", "a100a"), ("symbols.py", "a100a"), ("answers.py", "h200"), ("answers.py", "a10")]
        jobs += [("lifecycle.py", name) for name, _ in NODES] + [("lifecycle.py", "a100a"), ("shared.py", "a100b"), ("shared.py", "h100")]
        for script, node in jobs:
            command = [args.bin, "sim", "exec", node, "--", sys.executable, str(HERE / script), node]
            done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)
            print(f"--- {script} on {node}: {'ok' if done.returncode == 0 else f'FAILED ({done.returncode})'}")
            if done.returncode != 0 or script in ("symbols.py", "abi.py"):
                print(done.stdout, end="")
            elif done.stdout:
                print(done.stdout.splitlines()[-1])
            failed += done.returncode != 0
    print(f"{len(jobs) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
