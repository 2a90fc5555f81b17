#!/usr/bin/env python3
"""NVIDIA's own nvidia-smi and our work-alike, both over our library, byte for byte.

  run.py record --bin gpuslice --real /path/to/nvidia-smi --out DIR [--random N]
      On a machine that has NVIDIA's program (no GPU is needed: it is loaded with the simulated library). Every node is made
      twice under the same name, so that both have the same identities; each command runs in one with NVIDIA's program and in
      the other with ours. Prints every difference, and writes what NVIDIA's program printed as goldens.
  run.py local --bin gpuslice --real /path/to/nvidia-smi
      On a machine with a real driver: read-only views of the real card, ours against NVIDIA's.
  run.py replay --bin gpuslice
      Anywhere: the goldens again, through our work-alike alone.
Python standard library only.
"""
import argparse
import difflib
import os
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
GOLDENS = HERE / "goldens"
DATE = re.compile(r"^[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9]\d \d\d:\d\d:\d\d \d{4} *$", re.M)
PID = re.compile(r"^(\|[ \d]{5}   (?:N/A|[ \d]{3})  (?:N/A|[ \d]{3}))[ \d]{16}( +(?:M\+)?(?:C|G|C\+G) )", re.M)

# node name -> how it is made. The driver version is that of the program the goldens were recorded with.
DRIVER = "580.159.04"
NODES = {
    "a100a": ["--gpus", "2xa100-40gb", "--board-variant", "A"],
    "a100b": ["--gpus", "2xa100-40gb", "--board-variant", "B"],
    "a100-80": ["--gpus", "1xa100-80gb"],
    "a30": ["--gpus", "2xa30-24gb"],
    "h100": ["--gpus", "2xh100-80gb-sxm5"],
    "h100nvl": ["--gpus", "1xh100-94gb-nvl"],
    "h200": ["--gpus", "2xh200-141gb"],
    "rtx": ["--gpus", "2xrtx-pro-6000-blackwell-96gb"],
    "maxq": ["--gpus", "1xNVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition"],
    "b200": ["--gpus", "1xb200-180gb"],
    "a10": ["--gpus", "2xa10-24gb"],
    "mixed": ["--gpus", "1xa10-24gb,1xa100-40gb,1xh200-141gb"],
}
VIEWS = [
    "-L", "", "-i 0", "-i 1", "-i 3", "mig -lgip", "mig -lgipp", "mig -lgi", "mig -lci", "mig -lcip", "mig -lcipp",
    "mig -i 0 -lgip", "mig -i 3 -lgip",
    "--query-gpu=index,name,uuid,pci.bus_id,mig.mode.current,mig.mode.pending,memory.total,memory.used,memory.free,"
    "utilization.gpu,temperature.gpu,power.draw,fan.speed,ecc.mode.current,compute_mode,persistence_mode,"
    "display_active,display_attached,addressing_mode,pstate --format=csv",
    "--query-gpu=memory.total,memory.reserved,serial --format=csv,noheader,nounits",
    "--query-compute-apps=pid,process_name,used_memory --format=csv",
]
ERRORS = [
    "bogus", "--bogus", "-mig 2", "-mig", "mig bogus", "mig -cgi", "mig -cgi bogus", "mig -cgi 99", "mig -cgi 19:9",
    "mig -cgi 19:x", "mig -lcip -gi 7", "mig -lci -gi 7", "mig -dgi -gi 7", "mig -dci -gi 7 -ci 1", "mig -cci", "mig -dgi", "mig -dci",
    "mig -gi 3 -cci bogus", "-i bogus", "-i GPU-nothing", "--query-gpu=bogus --format=csv", "--query-gpu=name --format=bogus",
    "-c 1", "-c bogus", "-pm 7", "mig -lgi -lci", "mig -i 0,1 -lgi", "mig -i bogus -lgi",
]


CSV_PID = re.compile(r"^\d+(, /)", re.M)


def redact(text):
    """What differs between two runs of one program: the date and the clients' pids, nothing else."""
    text = PID.sub(lambda m: m[1] + " " * 13 + "PID" + m[2], DATE.sub("DATE", text))
    return CSV_PID.sub(r"PID\1", text)


class Pair:
    """A node made once per program."""

    def __init__(self, gpuslice, name, real, base):
        self.gpuslice, self.name, self.real = gpuslice, name, real
        self.dirs = [base / "real", base / "ours"] if real else [base / "ours"]
        self.clients = []
        for directory in self.dirs:
            self.run([gpuslice, "sim", "create", name, "--driver", DRIVER, *NODES[name]], directory)

    @staticmethod
    def run(command, directory):
        env = dict(os.environ, GPUSLICE_SIM_DIR=str(directory), GPUSLICE_LOCAL="readonly")
        done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
        if done.returncode != 0:
            sys.exit(f"{command}: {done.stderr.decode()}")
        return done.stdout.decode()

    def smi(self, which, words):
        directory = self.dirs[which]
        env = dict(os.environ, GPUSLICE_SIM_DIR=str(directory), GPUSLICE_LOCAL="readonly")
        inside = directory / self.name
        if self.real and which == 0:
            env["LD_LIBRARY_PATH"] = str(inside / "lib")
            command = [self.real, *words]
        else:
            command = [self.gpuslice, "sim", "exec", self.name, "--", "nvidia-smi", *words]
        done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
        return redact(done.stdout.decode()), done.returncode

    def host(self, words):
        """What happens to the host: reboot, reset, a client that comes (attach ...) or goes (detach)."""
        if words[0] == "detach":
            while self.clients:
                client = self.clients.pop()
                client.kill()
                client.wait()
                client.stdout.close()
            return
        if words[0] == "attach":
            # One process is the client in both nodes, so that its pid is the same; it says when it runs.
            command = ["sh", "-c", "echo ready; exec sleep 1000"]
            for directory in self.dirs:
                command = ["env", f"GPUSLICE_SIM_DIR={directory}", self.gpuslice, "sim", "attach", self.name, *words[1:], "--", *command]
            client = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            self.clients.append(client)
            client.stdout.readline()
            return
        for directory in self.dirs:
            subprocess.run([self.gpuslice, "sim", words[0], self.name, *words[1:]], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, env=dict(os.environ, GPUSLICE_SIM_DIR=str(directory)), timeout=60)


def walk(name):
    """The fixed part: modes, views and errors in states that matter."""
    gpu = "1" if name == "mixed" else "0"
    small = {"a30": "14", "rtx": "14", "maxq": "14"}.get(name, "19")
    big = {"a30": "5", "rtx": "5", "maxq": "5", "b200": "14"}.get(name, "9")
    gi = {"a30": "1", "rtx": "1", "maxq": "1"}.get(name, "2")
    yield from VIEWS
    yield from ERRORS
    yield f"@attach --gpu {gpu} --memory 512MiB --type C --name /usr/bin/python3"
    yield from ("", f"-i {gpu} -mig 1", "", "--query-compute-apps=pid,process_name,used_memory --format=csv", f"-i {gpu} -mig 0")
    yield "@detach"
    yield from (f"-i {gpu} -mig 1", f"-i {gpu} -mig 1", *VIEWS, *ERRORS)
    yield f"@attach --gpu {gpu} --memory 64MiB --type G --name /usr/lib/xorg/Xorg"
    yield from (f"mig -i {gpu} -cgi {big} -C", "")
    yield "@detach"
    yield from (f"mig -i {gpu} -cgi {big},{small} -C", "-L", "", f"mig -i {gpu} -cgi {big},{big},{big} -C", *VIEWS)
    yield f"@attach --gpu {gpu} --gi {gi} --ci 0 --memory 1GiB --type C --name /opt/conda/bin/python3-with-a-rather-long-name"
    yield from ("", "--query-compute-apps=pid,process_name,used_memory --format=csv", f"mig -i {gpu} -dci", f"mig -i {gpu} -dgi")
    yield "@detach"
    yield from (*ERRORS, f"mig -i {gpu} -dgi", f"mig -i {gpu} -gi {gi} -dci", f"mig -i {gpu} -gi {gi} -cci 0", f"mig -i {gpu} -gi {gi} -cci 0,0",
                f"mig -i {gpu} -gi {gi} -cci 0:1", f"mig -i {gpu} -lci", f"mig -i {gpu} -lcip", "-L", "", f"-i {gpu} -mig 0")
    yield "@reboot"
    yield from ("", "-L", "mig -lgi", f"-i {gpu} -mig 1", f"mig -i {gpu} -cgi {small}:0 -C", "-L")
    yield f"@reset --gpu {gpu}"
    yield from ("", "-c 3", "-c 0", "-pm 0", "-pm 1", "-c EXCLUSIVE_PROCESS", "-c DEFAULT", f"-i {gpu} -mig 1", f"-i {gpu} -mig 0")


def random_commands(name, count, seed):
    """Commands at random, of which more than half change something; the states they lead to are not designed."""
    dice = random.Random(f"{name} {seed}")
    profiles = {"a30": [14, 21, 5, 6, 0], "rtx": [14, 21, 47, 65, 67, 5, 35, 64, 66, 0, 32], "maxq": [14, 21, 47, 65, 67, 5, 35, 64, 66, 0, 32]}.get(
        name, [19, 20, 15, 14, 9, 5, 0])
    grid = {"a30": 4, "rtx": 12, "maxq": 12}.get(name, 8)
    for _ in range(count):
        gpu = dice.choice(["-i 0", "-i 1", "-i 0,1", ""]) if dice.random() < 0.5 else "-i 0"
        kind = dice.random()
        if kind < 0.30:
            items = [str(dice.choice(profiles)) + (f":{dice.randrange(grid)}" if dice.random() < 0.3 else "") for _ in range(dice.randint(1, 4))]
            yield f"mig {gpu} -cgi {','.join(items)}{' -C' if dice.random() < 0.5 else ''}"
        elif kind < 0.42:
            gi = f"-gi {dice.randrange(15)}" if dice.random() < 0.6 else ""
            what = dice.choice(["", "0", "1", "0,0", "2", "3", "0:1", "4", "7"])
            yield f"mig {gpu} {gi} -cci {what}"
        elif kind < 0.52:
            yield f"mig {gpu} {'-gi ' + str(dice.randrange(15)) if dice.random() < 0.6 else ''} -dci{' -ci ' + str(dice.randrange(3)) if dice.random() < 0.3 else ''}"
        elif kind < 0.62:
            yield f"mig {gpu} {'-gi ' + str(dice.randrange(15)) if dice.random() < 0.7 else ''} -dgi"
        elif kind < 0.67:
            yield f"{gpu} -mig {dice.choice('111110')}"
        elif kind < 0.69:
            yield dice.choice(["@reboot", "@reset --gpu 0"])
        else:
            yield dice.choice(VIEWS)


def compare(pair, commands, out, show):
    """Runs the commands in both nodes; the number of commands and of differences."""
    count = differences = 0
    for command in commands:
        if command.startswith("@"):
            pair.host(command[1:].split())
            out.append(f"$ {command}\n")
            continue
        words = command.split()
        text, status = pair.smi(0, words)
        count += 1
        out.append(f"$ nvidia-smi {command}\n{text}" + ("" if text.endswith("\n") or not text else "\n%no newline\n") + f"%status {status}\n")
        if pair.real:
            ours, our_status = pair.smi(1, words)
            if (ours, our_status) != (text, status):
                differences += 1
                if show:
                    print(f"DIFFERS {pair.name}: nvidia-smi {command} (status {status}, ours {our_status})")
                    sys.stdout.writelines(difflib.unified_diff(text.splitlines(True), ours.splitlines(True), "nvidia", "ours", n=1))
    return count, differences


def record(args):
    total = wrong = 0
    args.out.mkdir(parents=True, exist_ok=True)
    for name in args.nodes or NODES:
        for part, commands in [("walk", list(walk(name)))] + [(f"random-{seed}", list(random_commands(name, args.random, seed))) for seed in range(args.seeds)]:
            with tempfile.TemporaryDirectory() as base:
                pair = Pair(args.bin, name, args.real, Path(base))
                out = [f"# NVIDIA's nvidia-smi {DRIVER}, loaded with the simulated library, on a node made with: {' '.join(NODES[name])}\n"]
                if part != "walk":
                    start = ["-mig 1"]
                    commands = start + commands
                count, differences = compare(pair, commands, out, show=True)
                pair.host(["detach"])
            total += count
            wrong += differences
            print(f"{name} {part}: {count} commands, {differences} differ", flush=True)
            if part == "walk" or part == "random-0":
                (args.out / f"{name}-{part}.txt").write_text("".join(out))
    print(f"differential: {total - wrong} passed, {wrong} failed")
    return 1 if wrong else 0


def parse_golden(path):
    steps, current = [], None
    for line in path.read_text().splitlines(True):
        if line.startswith("$ "):
            current = {"command": line[2:-1], "text": "", "status": None}
            steps.append(current)
        elif line.startswith("%status "):
            current["status"] = int(line.split()[1])
        elif line == "%no newline\n":
            current["text"] = current["text"][:-1]
        elif current is not None:
            current["text"] += line
    return steps


def replay(args):
    passed = failed = 0
    for path in sorted(GOLDENS.glob("*.txt")):
        name = path.stem.rsplit("-walk", 1)[0].rsplit("-random-0", 1)[0]
        good = bad = 0
        with tempfile.TemporaryDirectory() as base:
            pair = Pair(args.bin, name, None, Path(base))
            for step in parse_golden(path):
                if step["command"].startswith("@"):
                    pair.host(step["command"][1:].split())
                    continue
                text, status = pair.smi(0, step["command"].split()[1:])
                if (text, status) == (step["text"], step["status"]):
                    good += 1
                    continue
                bad += 1
                print(f"DIFFERS {path.name}: {step['command']} (status {step['status']}, ours {status})")
                sys.stdout.writelines(difflib.unified_diff(step["text"].splitlines(True), text.splitlines(True), "golden", "ours", n=1))
            pair.host(["detach"])
        print(f"{path.name}: {good} same, {bad} differ", flush=True)
        passed += good
        failed += bad
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


LOCAL_VIEWS = ["-L", "", "-i 0", "-i 3", "mig -lgip", "mig -lgipp", "mig -lgi", "mig -lci", "mig -i 0 -lgip", "mig -cgi 99",
               "--query-gpu=index,name,uuid,pci.bus_id,serial,mig.mode.current,mig.mode.pending,memory.total,memory.used,memory.reserved,memory.free,"
               "fan.speed,ecc.mode.current,compute_mode,persistence_mode,display_active,display_attached,addressing_mode,driver_version,vbios_version --format=csv",
               "--query-compute-apps=pid,process_name,used_memory --format=csv", "bogus", "--query-gpu=bogus"]
MOVING = re.compile(r"\d+C |\d+W /|\d+%")  # temperature, power and load move between two looks


def local(args):
    same = differ = 0
    env = dict(os.environ, GPUSLICE_LOCAL="readonly")
    for view in LOCAL_VIEWS:
        for _ in range(4):
            texts = []
            for program in ([args.real], [args.bin, "smi"]):
                done = subprocess.run([*program, *view.split()], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
                texts.append((MOVING.sub(lambda m: "#" * len(m[0]), redact(done.stdout.decode())), done.returncode))
            if texts[0] == texts[1]:
                break
        if texts[0] == texts[1]:
            same += 1
            continue
        differ += 1
        hide = lambda t: re.sub(r"GPU-[0-9a-f-]{36}|\d{13}", "REDACTED", t)
        print(f"DIFFERS on the real driver: nvidia-smi {view}")
        sys.stdout.writelines(difflib.unified_diff(hide(texts[0][0]).splitlines(True), hide(texts[1][0]).splitlines(True), "nvidia", "ours", n=1))
    print(f"real driver: {same} passed, {differ} failed")
    return 1 if differ else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mode", choices=["record", "replay", "local"])
    parser.add_argument("--bin", required=True, type=lambda p: str(Path(p).resolve()))
    parser.add_argument("--real")
    parser.add_argument("--out", type=Path, default=GOLDENS)
    parser.add_argument("--random", type=int, default=60)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--nodes", nargs="*", choices=list(NODES))
    args = parser.parse_args()
    sys.exit({"record": record, "replay": replay, "local": local}[args.mode](args))


if __name__ == "__main__":
    main()
