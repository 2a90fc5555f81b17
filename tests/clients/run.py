#!/usr/bin/env python3
"""A third-party NVML client on simulated nodes: nvidia-ml-py of the 580 line.

    python3 tests/clients/run.py --bin build/bin/gpuslice [--only SUITE[,SUITE...]] [--keep]

Each suite is a program that runs inside a simulated node (`gpuslice sim exec`) in a Python environment that has the
client. If the current Python lacks it, tools/client-venv creates an environment. If that fails, this program prints why
and exits with 77.
"""
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from support.arguments import parser
from support.environment import environment
from support.skip import skip

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
LINE = "13.580."  # the client's versions for driver 580
DRIVER = "580.159.04"
NODES = {
    "a100a": ["--gpus", "2xa100-40gb", "--board-variant", "A"],
    "a100b": ["--gpus", "2xa100-40gb", "--board-variant", "B"],
    "a30": ["--gpus", "2xa30-24gb"],
    "h100": ["--gpus", "2xh100-80gb-sxm5"],
    "h200": ["--gpus", "2xh200-141gb"],
    "rtx": ["--gpus", "2xrtx-pro-6000-blackwell-96gb"],
    "a10": ["--gpus", "2xa10-24gb"],
    "t4": ["--gpus", "1xt4-16gb"],
    "v100": ["--gpus", "2xv100-sxm2-32gb"],
    "rtx4090": ["--gpus", "1xrtx-4090-24gb"],
    "b200": ["--gpus", "1xb200-180gb"],
    "h100x8": ["--gpus", "8xh100-80gb-sxm5"],
    "passing": ["--gpus", "1xh100-80gb-sxm5"],  # deleted by the suite that uses it
}
WITH_MIG = ["a100a", "a100b", "a30", "h100", "h200", "rtx"]
# Suite -> the nodes on which it runs, in this order. The lifecycle runs twice on the same node, because a suite must
# leave its node unchanged.
SUITES = {
    "abi": ["a100a"],
    "symbols": ["a100a"],
    "answers": ["h200", "a10"],
    "versions": [*WITH_MIG, "a10"],
    "lifecycle": [*WITH_MIG, "a10", "a100a"],
    "capacity": WITH_MIG,
    "processes": ["a100a", "a30", "h100", "rtx", "a10"],
    "modes": [*WITH_MIG, "a10"],
    "views": ["a100a", "a30", "h100", "rtx"],
    "shared": ["a100b", "h100"],
    "events": ["a100a", "h200", "a10"],
    "faults": ["a100a"],
    "surface": ["a100a", "a30", "h200", "rtx", "a10", "t4", "v100", "rtx4090", "b200", "h100x8"],
    "sessions": ["passing"],
}
PRINTED_WHOLE = ("abi", "symbols")


def client_version(python):
    """The version of nvidia-ml-py in that Python; None if the package cannot be imported."""
    asked = subprocess.run([python, "-c", "import pynvml, importlib.metadata as m; print(m.version('nvidia-ml-py'))"], capture_output=True, text=True)
    return asked.stdout.strip() if asked.returncode == 0 else None


def find_python():
    """Finds a Python that has the client, and the client's version. Exits with 77 if there is none."""
    version = client_version(sys.executable)
    if version is not None and version.startswith(LINE):
        return sys.executable, version
    made = subprocess.run([str(ROOT / "tools/client-venv")], capture_output=True, text=True)
    if made.returncode == 77:
        skip("nvidia-ml-py suite", made.stderr.strip().rsplit("skipped: client tests: ", 1)[-1])
    if made.returncode != 0:
        sys.exit(f"tools/client-venv: status {made.returncode}: {made.stderr.strip()}")
    python = made.stdout.strip()
    version = client_version(python)
    if version is None or not version.startswith(LINE):
        sys.exit(f"{python}: has nvidia-ml-py {version}, not {LINE}*")
    return python, version


def run(command, env):
    """Returns the exit status and all output. A suite that does not end in time has failed. Processes that it left
    running are killed, because they would keep the pipe open and remain clients of the node's GPUs."""
    with tempfile.TemporaryFile("w+") as printed:
        process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=printed, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            status = process.wait(timeout=180)
        except subprocess.TimeoutExpired:
            status = "did not end within 180 s"
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass  # no process is left
        process.wait()
        printed.seek(0)
        return status, printed.read()


def main():
    words = parser(__doc__)
    words.add_argument("--only", type=lambda names: names.split(","), default=list(SUITES), help="suites to run: " + ", ".join(SUITES))
    words.add_argument("--keep", action="store_true", help="keep the nodes and print where they are")
    args = words.parse_args()
    unknown = [name for name in args.only if name not in SUITES]
    if unknown:
        words.error(f"no such suite: {', '.join(unknown)}; the suites are {', '.join(SUITES)}")
    python, version = find_python()
    print(f"nvidia-ml-py {version}, {python}")
    base = tempfile.mkdtemp(prefix="gpuslice-clients-")
    os.chmod(base, 0o755)  # suites also run as another user
    env = environment(base, GPUSLICE_BIN=args.bin, GPUSLICE_BUILD=str(Path(args.bin).parents[1]), PYTHONDONTWRITEBYTECODE="1")
    jobs = [(suite, node) for suite in SUITES if suite in args.only for node in SUITES[suite]]
    failed, skipped, clean = [], [], set()

    def create(node):
        subprocess.run([args.bin, "sim", "delete", node], env=env, capture_output=True)
        made = subprocess.run([args.bin, "sim", "create", node, "--driver", DRIVER, *NODES[node]], env=env, capture_output=True, text=True)
        if made.returncode != 0:
            sys.exit(f"node {node} could not be created: {made.stderr.strip()}")
        clean.add(node)

    try:
        for suite, node in jobs:
            if node not in clean:
                create(node)
            status, output = run([args.bin, "sim", "exec", node, "--", python, str(HERE / f"{suite}.py"), node], env)
            lines = output.rstrip().splitlines()
            skipped += [line for line in lines if line.startswith("skipped: ")]
            if status != 0:
                failed.append(f"{suite} on {node}")
                clean.discard(node)  # the next suite must not fail because of what this one left behind
                print(f"--- {suite} on {node}: FAILED ({status})\n{output.rstrip()}")
            elif suite in PRINTED_WHOLE:
                print(f"--- {suite} on {node}: ok\n{output.rstrip()}")
            else:
                print(f"--- {suite} on {node}: ok: {lines[-1] if lines else 'no output'}")
    finally:
        if args.keep:
            print(f"nodes: GPUSLICE_SIM_DIR={base}")
        else:
            for entry in sorted(os.listdir(base)):
                subprocess.run([args.bin, "sim", "delete", entry], env=env, capture_output=True)
            os.rmdir(base)
    for line in sorted(set(skipped)):
        print(line)
    print(f"{len(jobs) - len(failed)} of {len(jobs)} passed" + (f"; failed: {', '.join(failed)}" if failed else ""))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
