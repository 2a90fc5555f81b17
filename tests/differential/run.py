#!/usr/bin/env python3
"""Compares NVIDIA's own nvidia-smi and our work-alike byte for byte, both on top of our library.

  run.py record --bin gpuslice --real /path/to/nvidia-smi --out DIR [--states N] [--more N]
      On a machine that has NVIDIA's program (no GPU is needed: it is loaded with the simulated library). Every node is
      created twice under the same name, so that both have the same identities; each command runs on one with NVIDIA's
      program and on the other with ours. Prints every difference, and writes what NVIDIA's program printed as goldens.
      --states: random states of each node that become goldens; --more: further ones that are only compared.
  run.py local --bin gpuslice --real /path/to/nvidia-smi
      On a machine with a real driver: read-only views of the real card, ours against NVIDIA's.
  run.py replay --bin gpuslice
      Anywhere: runs the commands of the goldens with our work-alike alone.
  run.py mend --bin gpuslice [--nodes NODE...]
      After a figure of the library was corrected: updates the goldens to what the work-alike prints, and lists every
      changed line.
Python standard library only.
"""
import collections
import concurrent.futures
import difflib
import lzma
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import goldens
import states
from clients import Clients, with_rising_pids
from goldens import Step
from support.arguments import parser
from support.environment import environment

READABLE = ("a100b", "a10")
GOLDENS = Path(__file__).resolve().parent / "goldens"
DATES = [
    (re.compile(r"^[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9]\d \d\d:\d\d:\d\d \d{4} *$", re.M), "DATE"),
    (re.compile(r"^(Timestamp +: ).*$", re.M), r"\1DATE"),
    (re.compile(r"(<timestamp>).*(</timestamp>)"), r"\1DATE\2"),
    # Recent samples, and for how long a process has run.
    (re.compile(r"^( +(?:Max|Min|Avg) +: )[\d.]+ (W|%|MHz)$", re.M), r"\1# \2"),
    (re.compile(r"\b\d+ ms\b"), "# ms"),
    # The time for which clocks have been reduced.
    (re.compile(r"\b\d+ us\b"), "# us"),
    # The version of the nvidia-smi program itself; the work-alike prints that of the driver.
    (re.compile(r"(NVIDIA-SMI (?:version  : )?)580\.\d+\.\d+ ?"), r"\g<1>580 "),
    # The utilisation of each process: NVIDIA's program reads it with a private function, of which only the arguments
    # are known.
    (re.compile(r"^( +\d+ +\d+ +(?:M\+)?(?:C\+G|C|G))(?: +(?:\d+|-)){6} ", re.M), r"\1 ... "),
]


# Pids, with the blanks before them that pad them to a fixed width.
PIDS = [
    (re.compile(r"^(\|[ \d]{5}   (?:N/A|[ \d]{3})  (?:N/A|[ \d]{3})) *\d+( +(?:M\+)?(?:C\+G|C|G) )", re.M), r"\1 PID\2"),
    (re.compile(r"^( *Process ID +: )\d+$", re.M), r"\1PID"),
    (re.compile(r"(<pid>)\d+(</pid>)"), r"\1PID\2"),
    (re.compile(r"^( *\d+) +\d+( +(?:M\+)?(?:C\+G|C|G) )", re.M), r"\1 PID\2"),
]


def undated(text):
    for pattern, put in DATES:
        text = pattern.sub(put, text)
    return text


class Pair:
    """A node that is created twice, once for each program."""

    def __init__(self, gpuslice, name, real, base):
        self.gpuslice, self.name, self.real = gpuslice, name, real
        self.dirs = [base / "real", base / "ours"] if real else [base / "ours"]
        self.clients = Clients(self.begin_client, self.end_client)
        made = states.NODES[name]
        driver = [] if "--driver" in made else ["--driver", states.DRIVER]
        for directory in self.dirs:
            self.run([gpuslice, "sim", "create", name, *driver, *made], directory)
        listed = self.smi(-1, ["-L"]).out
        buses = self.smi(-1, ["--query-gpu=pci.bus_id", "--format=csv,noheader"]).out.split()
        self.words = {f"UUID{i}": uuid for i, uuid in enumerate(re.findall(r"^GPU .*UUID: (GPU-[0-9a-f-]+)", listed, re.M))}
        self.words |= {f"BUS{i}": bus for i, bus in enumerate(buses)}
        self.gpus = len(buses)

    def __enter__(self):
        return self

    def __exit__(self, *raised):
        self.clients.detach()

    def run(self, command, directory):
        env = environment(directory)
        done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
        if done.returncode != 0:
            sys.exit(f"{command}: {done.stderr.decode()}")
        return done.stdout.decode()

    def smi(self, which, words):
        """Runs a command. The result still contains its dates and the pids of clients."""
        inside = self.dirs[which] / self.name
        ours = which == len(self.dirs) - 1 or which == -1
        env = dict(os.environ, GPUSLICE_LOCAL="readonly", LD_LIBRARY_PATH=str(inside / "lib"))
        command = [str(inside / "bin" / "nvidia-smi") if ours else self.real, *words]
        try:
            done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, cwd="/")
        except subprocess.TimeoutExpired as late:
            return Step(" ".join(words), undated((late.stdout or b"").decode()), "(still running after 60 s)", -1)
        return Step(" ".join(words), undated(done.stdout.decode()), done.stderr.decode(), done.returncode)

    def ask(self, which, command):
        words = command.split()
        for short, long in self.words.items():
            words = [re.sub(rf"\b{short}\b", long, word) for word in words]
        step = self.smi(which, words)
        step.command = command
        return step

    def begin_client(self, words):
        """Starts one process that is a client of both nodes, so that its pid is the same on both. It prints when it is
        ready."""
        command = ["sh", "-c", "echo ready; exec sleep 1000"]
        for directory in self.dirs:
            command = ["env", f"GPUSLICE_SIM_DIR={directory}", self.gpuslice, "sim", "attach", self.name, *words, "--", *command]
        client = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        client.stdout.readline()
        return client

    @staticmethod
    def end_client(client):
        client.kill()
        client.wait()
        client.stdout.close()

    def host(self, words):
        """An action on the host: reboot, reset, a client that starts (attach ...) or ends (detach)."""
        if words[0] == "detach":
            self.clients.detach()
            return
        if words[0] == "attach":
            self.clients.attach(words[1:])
            return
        for directory in self.dirs:
            subprocess.run([self.gpuslice, "sim", words[0], self.name, *words[1:]], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, env=environment(directory), timeout=60)


# The CPU affinity of a GPU depends on the machine.
CPUS = re.compile(r"^(GPU\d+\t.*?\t)[-,\d]+(\t[-,\d]*\t\tN/A)$", re.M)


def of_no_machine(step):
    if step.command.startswith("topo"):
        step.out = CPUS.sub(r"\1CPUS\2", step.out)
    for pattern, put in PIDS:
        step.out = pattern.sub(put, step.out)
    if step.command.startswith("--query-compute-apps="):
        place = step.command.split("=")[1].split()[0].split(",").index("pid") if "pid" in step.command else None
        if place is not None:
            lines = [line.split(", ") for line in step.out.split("\n")]
            step.out = "\n".join(", ".join("PID" if i == place and part.isdigit() else part for i, part in enumerate(line)) for line in lines)
    return step


# Counts of a GPU since the driver was loaded: in the default view, -q, its XML, and the columns of --query-gpu and
# dmon.
VOLATILE_CELL = re.compile(r"^(\|.*)  \d \|$")
VOLATILE_BEGIN = re.compile(r"^(?: {8}Volatile$|\t{3}<volatile>$)")
VOLATILE_LINE = re.compile(r"^( {12}\S.* : |\t{4}<\w+>)(.*?)((?:</\w+>)?)$")
VOLATILE_COLUMN = re.compile(r"^ecc\.errors\.(un)?corrected\.volatile\.")


def overruled(golden, ours):
    """The golden with N/A for volatile ECC counts where our output has N/A. A real A100 with MIG on shows N/A there,
    but when the goldens were recorded, our library returned numbers to NVIDIA's program (README.md, Overruled). Nothing
    else may differ."""
    lines, other = golden.out.split("\n"), ours.out.split("\n")
    if len(lines) != len(other):
        return golden
    columns = []
    if golden.command.startswith("--query-gpu="):
        columns = [i for i, name in enumerate(golden.command.split("=")[1].split()[0].split(",")) if VOLATILE_COLUMN.match(name)]
    inside, heads = False, []
    for i, line in enumerate(lines):
        if VOLATILE_CELL.match(line) and VOLATILE_CELL.sub(r"\1N/A |", line) == other[i]:
            lines[i] = other[i]
        if golden.command.startswith("dmon"):
            heads = line.lstrip("#").split() if line.startswith("# gpu") else heads
            words, others = line.split(), other[i].split()
            if len(words) == len(others) == len(heads) and all(
                    a == b or (head in ("sbecc", "dbecc") and a.isdigit() and b == "-") for a, b, head in zip(words, others, heads)):
                lines[i] = other[i]
        if VOLATILE_BEGIN.match(line):
            inside = True
        elif inside and (parts := VOLATILE_LINE.match(line)):
            bare = f"{parts[1]}N/A{parts[3]}"
            lines[i] = bare if parts[2].isdigit() and other[i] == bare else line
        else:
            inside = False
        if columns:
            cells, others = line.split(", "), other[i].split(", ")
            if len(cells) == len(others):
                lines[i] = ", ".join("[N/A]" if at in columns and cell.isdigit() and others[at] == "[N/A]" else cell for at, cell in enumerate(cells))
    return Step(golden.command, "\n".join(lines), golden.err, golden.status, golden.known)


def unified(before, after, name):
    parts = []
    for stream in ("out", "err"):
        parts += difflib.unified_diff(getattr(before, stream).splitlines(True), getattr(after, stream).splitlines(True), name, f"ours std{stream}", n=1)
    return "".join(line if line.endswith("\n") else line + "\n" for line in parts)


def save(path, text, part):
    """Writes a golden: for a few nodes as plain text; for all others, whose goldens are large, compressed (xzcat shows
    them)."""
    if part == "walk" and path.name.split("-walk")[0] in READABLE:
        path.write_text(text)
    else:
        path.with_suffix(".txt.xz").write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))


def load(path):
    return lzma.decompress(path.read_bytes()).decode() if path.suffix == ".xz" else path.read_text()


def node_of(path):
    return path.name.split(".txt")[0].rsplit("-", 1)[0]


def parts_of(name, args):
    """The golden files of a node: first its walk, then random states; states that are only compared are last."""
    yield "walk", lambda gpus: states.walk(name), True
    if args.states:
        yield "random", lambda gpus: states.random_states(name, gpus, args.states, 0), True
    for seed in range(1, args.more + 1):
        yield f"random-{seed}", lambda gpus, seed=seed: states.random_states(name, gpus, args.states, seed), False


def record_one(args, name, part, commands, keep):
    report, count, differences = [], 0, 0
    with tempfile.TemporaryDirectory() as base, Pair(args.bin, name, args.real, Path(base)) as pair:
        writer = goldens.Writer(f"NVIDIA's nvidia-smi {states.DRIVER}, loaded with the simulated library, on a node made with: {' '.join(states.NODES[name])}")
        story = commands(pair.gpus)
        for command in story:
            if command.startswith("@"):
                pair.host(command[1:].split())
                writer.add(Step(command))
                continue
            real, ours = pair.ask(0, command), pair.ask(1, command)
            count += 1
            if not ours.same(real):
                differences += 1
                real.known = True
                report.append(f"DIFFERS {name} {part}: nvidia-smi {command} (status {real.status}, ours {ours.status})\n{unified(real, ours, 'nvidia')}")
            writer.add(of_no_machine(real))
    if keep:
        save(args.out / f"{name}-{part}.txt", writer.text(), part)
    return f"{name} {part}", count, differences, report


def record(args):
    total = wrong = 0
    args.out.mkdir(parents=True, exist_ok=True)
    jobs = [(name, *part) for name in args.nodes or states.NODES for part in parts_of(name, args)]
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for title, count, differences, report in pool.map(lambda job: with_rising_pids(lambda: record_one(args, *job)), jobs):
            sys.stdout.write("".join(report))
            print(f"{title}: {count} commands, {differences} differ", flush=True)
            total += count
            wrong += differences
    print(f"differential: {total - wrong} passed, {wrong} failed")
    return 1 if wrong else 0


def replay_one(args, path):
    name = node_of(path)
    good, known, report = 0, 0, []
    with tempfile.TemporaryDirectory() as base, Pair(args.bin, name, None, Path(base)) as pair:
        for step in goldens.read(load(path)):
            if step.command.startswith("@"):
                pair.host(step.command[1:].split())
                continue
            ours = of_no_machine(pair.ask(0, step.command))
            if not ours.same(step):
                # An injected fault may prevent that the mode is reported. A GPU with MIG off, or without MIG, is never
                # overruled.
                modes = pair.smi(-1, ["--query-gpu=mig.mode.current", "--format=csv,noheader"]).out.splitlines()
                if any(mode not in ("Disabled", "[N/A]") for mode in modes):
                    step = overruled(step, ours)
            if ours.same(step):
                good += 1
                if step.known:
                    report.append(f"AGREES NOW {path.name}: nvidia-smi {step.command}: remove its %known\n")
            elif step.known:
                known += 1
            else:
                report.append(f"DIFFERS {path.name}: nvidia-smi {step.command} (status {step.status}, ours {ours.status})\n{unified(step, ours, 'golden')}")
    return path.name, good, known, report


def replay(args):
    passed = failed = 0
    paths = [path for path in sorted(args.out.glob("*.txt*")) if not args.nodes or node_of(path) in args.nodes]
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for title, good, known, report in pool.map(lambda path: with_rising_pids(lambda: replay_one(args, path)), paths):
            sys.stdout.write("".join(report[:40]))
            print(f"{title}: {good} same, {known} known to differ, {len(report)} wrong", flush=True)
            passed += good
            failed += len(report)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


def mend_one(args, path):
    """The golden with what the work-alike prints now, and the lines that changed."""
    text = load(path)
    writer = goldens.Writer(text.split("\n", 1)[0].removeprefix("# "))
    changed = collections.Counter()
    with tempfile.TemporaryDirectory() as base, Pair(args.bin, node_of(path), None, Path(base)) as pair:
        for step in goldens.read(text):
            if step.command.startswith("@"):
                pair.host(step.command[1:].split())
            elif not step.known:
                ours = of_no_machine(pair.ask(0, step.command))
                if not ours.same(step):
                    lines = unified(step, ours, "golden").splitlines()
                    changed.update(line for line in lines if line[0] in "+-" and line[:3] not in ("+++", "---"))
                    step = ours
            else:
                pair.ask(0, step.command)
            writer.add(step)
    if changed:
        save(path.with_name(path.name.split(".txt")[0] + ".txt"), writer.text(), path.name.split(".txt")[0].rsplit("-", 1)[1])
    return path.name, changed


def mend(args):
    """Updates the goldens after a transcript of real hardware corrected a figure of the library: NVIDIA's program
    prints what the library returns, so its output would change in the same way. Review every changed line."""
    paths = [path for path in sorted(args.out.glob("*.txt*")) if not args.nodes or node_of(path) in args.nodes]
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for title, changed in pool.map(lambda path: with_rising_pids(lambda: mend_one(args, path)), paths):
            print(f"{title}: {sum(changed.values())} lines changed")
            for line, count in sorted(changed.items(), key=lambda item: item[0][1:]):
                print(f"  {count:4} {line}", flush=True)
    return 0


# The views that are compared on a real driver. They must only read, so settings are excluded.
LOCAL_VIEWS = [view for view in states.STATE_VIEWS + states.ERRORS + states.ONCE if not view.startswith("@") and not re.search(
    r"(^| )(-e|-am|-caa|-p|-pl|-lgc|-rgc|-lmc|-rmc|-ac|-rac|-pm|-c|-cc|-gtt|-den|--gom|--auto-boost|-vm|-r|-mig|-cgi|-cci|-dgi|-dci|boost-slider|clocks|drain|UUID0|BUS0)\b", view)
               or view.startswith(("dmon", "pmon"))] + ["mig -cgi 99"]
MOVING = re.compile(r"-?\d+(\.\d+)?")  # matches every figure; running NVIDIA's program again shows which ones change


def local(args):
    """Runs the work-alike between two runs of NVIDIA's program. In lines that differ between those two runs, figures
    may differ in our output."""
    same = differ = 0
    env = dict(os.environ, GPUSLICE_LOCAL="readonly")

    def look(program, view):
        done = subprocess.run([*program, *view.split()], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
        return Step(view, undated(done.stdout.decode()), done.stderr.decode(), done.returncode)

    for view in LOCAL_VIEWS:
        moved, agree = set(), False
        for _ in range(5):
            before, ours, after = look([args.real], view), look([args.bin, "smi"], view), look([args.real], view)
            lines = list(zip(before.out.splitlines(), after.out.splitlines()))
            moved |= {i for i, (a, b) in enumerate(lines) if a != b}
            quiet = lambda step: [MOVING.sub("#", line) if i in moved else line for i, line in enumerate(step.out.splitlines())]
            # Figures that change are aligned to the right, so the blanks before them change, too.
            squeeze = lambda step: ([re.sub(r" +#", " #", line) for line in quiet(step)], step.err, step.status)
            agree = squeeze(ours) in (squeeze(before), squeeze(after))
            if agree:
                break
        if agree:
            same += 1
            continue
        differ += 1
        hide = lambda t: re.sub(r"GPU-[0-9a-f-]{36}|\b\d{13}\b|0x[0-9a-f]{16}", "REDACTED", t)
        print(f"DIFFERS on the real driver: nvidia-smi {view} (status {after.status}, ours {ours.status})\n{hide(unified(after, ours, 'nvidia'))}")
    print(f"real driver: {same} passed, {differ} failed")
    return 1 if differ else 0


def main():
    words = parser(__doc__)
    words.add_argument("mode", choices=["record", "replay", "mend", "local"])
    words.add_argument("--real")
    words.add_argument("--out", type=Path, default=GOLDENS, help="where goldens are written, or read from")
    words.add_argument("--states", type=int, default=10)
    words.add_argument("--more", type=int, default=0)
    words.add_argument("--jobs", type=int, default=os.cpu_count() or 2)
    words.add_argument("--nodes", nargs="*", choices=list(states.NODES))
    args = words.parse_args()
    sys.exit({"record": record, "replay": replay, "mend": mend, "local": local}[args.mode](args))


if __name__ == "__main__":
    main()
