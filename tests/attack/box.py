"""The node under attack: runs commands and checks everything that must be true after any command."""

import collections
import json
import os
import re
import shutil
import subprocess
import tempfile
import threading

from eye import SECONDS, Wrong, apart, stands
from layouts import expected, names_in, random_layout, without_places
from support.environment import environment

MEMORY_KIB = 300 * 1024
RAW = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8e\x8f\xaa-\xae]")


Ran = collections.namedtuple("Ran", "status out err words")


class Box:
    """A directory of nodes with the node n, to which first the layout `was` and then the layout `now` was applied."""

    def __init__(self, program, parent, rng, owner=0):
        self.program, self.rng, self.owner = program, rng, owner
        self.home = tempfile.mkdtemp(prefix=rng.choice(["gpuslice-attack-", "at tack '$(id)\"-"]), dir=parent)
        os.chmod(self.home, 0o755)
        self.nodes = os.path.join(self.home, "nodes")
        os.mkdir(self.nodes)
        os.chown(self.nodes, owner or -1, -1)
        self.node = os.path.join(self.nodes, "n")
        self.environment = environment(self.nodes)

    def fill(self):
        preexec = (lambda: become(self.owner)) if self.owner else None
        self.did("sim", "create", "n", "--gpus", "2xa100-40gb", "--board-variant", "A", preexec=preexec)
        self.did(*ON, "enable", "--gpu", "all", preexec=preexec)
        self.was, self.now = random_layout(self.rng, "w"), random_layout(self.rng, "o")
        for layout in (self.was, self.now):
            self.did(*ON, "apply", "-f", "-", stdin=json.dumps(layout), preexec=preexec)
        self.check(without_places(self.stands()) == expected(self.now), "the node does not have the layout after apply")
        self.files = set(self.own_files())
        self.past = self.history()
        return self

    def remove(self):
        subprocess.run(["chmod", "-R", "u+rwX", self.home], check=False, stderr=subprocess.DEVNULL)
        shutil.rmtree(self.home, ignore_errors=True)

    def check(self, right, what, *seen):
        if not right:
            raise Wrong("\n    ".join([what, *map(str, seen)]))

    def start(self, words, stdin="", environment=None, preexec=None, out=None, err=None, prefix=(), program=None):
        with tempfile.TemporaryFile() as text:
            text.write(stdin if isinstance(stdin, bytes) else stdin.encode())
            text.seek(0)
            files = [out or tempfile.TemporaryFile(), err or tempfile.TemporaryFile()]
            process = subprocess.Popen([*prefix, program or self.program, *words], stdin=text, stdout=files[0], stderr=files[1],
                                       env=self.environment if environment is None else environment, preexec_fn=preexec)
        process.files, process.words = files, tuple(words)
        return process

    def end(self, process, allowed=(), statuses=(*range(6), 129, 130, 143)):
        """Waits for the process and checks everything that is required of any command."""
        timer = threading.Timer(SECONDS, process.kill)
        timer.start()
        _, status, used = os.wait4(process.pid, 0)
        hung = not timer.is_alive()
        timer.cancel()
        process.returncode = status = os.waitstatus_to_exitcode(status)
        out, err = map(content, process.files)
        ran = Ran(status, out, err, process.words)
        self.check(not hung, "hangs", ran)
        self.check(status >= 0 or -status in allowed, f"ended by signal {-status}", ran)
        self.check(status < 0 or status in statuses, f"status {status} is not documented", ran)
        self.check(used.ru_maxrss < MEMORY_KIB, f"uses {used.ru_maxrss} KiB", ran)
        self.look_at_words(ran, whole=status >= 0)
        return ran

    def run(self, *words, allowed=(), statuses=range(6), **more):
        return self.end(self.start(words, **more), allowed, statuses)

    def did(self, *words, **more):
        ran = self.run(*words, **more)
        self.check(ran.status == 0, f"status {ran.status} instead of 0", ran)
        return ran

    def look_at_words(self, ran, whole):
        csv = "csv" in ran.words or "--format=csv" in ran.words
        for text in (ran.out.replace(b"\r\n", b"\n") if csv else ran.out, ran.err):
            self.check(not RAW.search(text), "control bytes on the terminal", ran)
            utf8(text, lambda: self.check(False, "the output is not UTF-8", ran))
        if "json" in ran.words and ran.out and whole:
            self.check(is_json(ran.out.decode()), "the output is not JSON", ran)
        self.check(b"json.exception" not in ran.err and b"terminate called" not in ran.err, "a library's message", ran)
        for line in ran.err.decode(errors="replace").splitlines():
            if line.startswith("  try: gpuslice "):
                self.look_at_hint(ran, line.removeprefix("  try: "))
            elif line.startswith("  try: ") and self.home in line:
                self.check(self.home in " ".join(pasted(line[7:])), "the hint cannot be pasted: " + line, ran)

    def look_at_hint(self, ran, hint):
        words = pasted(hint)
        self.check(words, "the hint cannot be pasted: " + hint, ran)
        if ran.words[:2] == ON and not {"--help", "sim"} & set(words):
            self.check(tuple(words[1:3]) == ON, "the hint is for another node: " + hint, ran)
        if "sim" in words and "delete" in words and "--help" not in words:
            self.check(b"damaged" in ran.err or b"version" in ran.err, "the hint deletes a node: " + hint, ran)

    # -- the state of the GPUs and the node's files

    def stands(self, node=None):
        return apart(stands, node or self.node)()

    def names(self, node=None):
        # The next gpuslice command completes an interrupted restore, so run a command before the file is read.
        order = [re.sub("^GPU [0-9]+.*(GPU-[-0-9a-f]+).*$", r"\1", line) for line in self.gpu_lines()]
        with open(os.path.join(node or self.node, "store", "names"), encoding="utf-8") as file:
            gpus = json.load(file)["gpus"]
        return sorted([order.index(gpu["uuid"]), one["placement"], one["name"]] for gpu in gpus for one in gpu["made"]
                      if one["name"])

    def gpu_lines(self):
        lines = self.did(*ON, "list").out.decode().splitlines()
        return [line for line in lines if line.startswith("GPU ")]

    def history(self, node=None):
        folder = os.path.join(node or self.node, "store", "history")
        result = {}
        for name in os.listdir(folder):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                entry = json.load(file)
            # These two keys change when the entry is undone.
            result[name] = {key: value for key, value in entry.items() if key not in ("outcome", "checksum")}
        return result

    def own_files(self):
        for folder, folders, files in os.walk(self.node):
            relative = os.path.relpath(folder, self.node)
            if relative.split("/")[0] in ("proc", "sys", "dev", "pool", "snapshots", "space") or relative == "store/history":
                folders.clear()
                continue
            yield from (os.path.join(relative, name) for name in files)

    def settle(self, is_new, new_names=None, new_history=False):
        """Recovers. After that, the node has the old or the new state with its names and history, and no extra file is
        left."""
        recovered = self.did(*ON, "recover")
        shape = self.stands()
        old = without_places(shape) == expected(self.now)
        self.check(old or is_new(shape), "neither the old nor the new state", shape, expected(self.now), recovered)
        names = self.names()
        wanted = ([names_in(self.now)] if old else []) + ([new_names] if new_names is not None and is_new(shape) else [])
        self.check(not wanted or names in wanted, "names are lost", names, wanted)
        history = self.history()
        if not new_history:
            self.check(all(history.get(name) == text for name, text in self.past.items()), "history is lost", history.keys())
        self.whole()

    def whole(self, nodes=("n",)):
        """No extra file is left, and gpuslice lists what NVML shows."""
        listed = self.did(*ON, "list", "--output", "json")
        self.check(listed.err == b"", "list reports a problem", listed)
        rows = [row for row in json.loads(listed.out) if row["kind"] == "gi"]
        seen = sorted([row["gpu"], row["profile_id"], row["placement"]["start"], row["placement"]["size"]] for row in rows)
        shape = self.stands()
        there = sorted([gpu, *gi[:3]] for gpu, (_, found) in enumerate(shape) for gi in found)
        self.check(seen == there, "list differs from NVML", listed)
        self.did("sim", "list")
        left = set(os.listdir(self.nodes)) - set(nodes)
        self.check(not {name for name in left if name != ".lock"}, "left in the directory of nodes", left)
        left = {name for name in set(self.own_files()) - self.files if not KEPT.match(name)}
        self.check(not left, "left in the node", left)

    def verdict(self, ran, is_new):
        """Before any recovery, the state of the node must be the one that the exit status implies."""
        shape = self.stands()
        old, new = without_places(shape) == expected(self.now), is_new(shape)
        if ran.status == 0:
            self.check(new, "status 0, but the change is not done", ran, shape)
        elif ran.status in (2, 5) or b"as it was before" in ran.err:
            self.check(old, f"status {ran.status}, but the node is not as before", ran, shape)
        elif ran.status == 1 and not re.search(rb"remaining:|is done|standard output: cannot be written", ran.err):
            self.check(old, "status 1, nothing remains, but the node is not as before", ran, shape)

    def change(self):
        """A random change: its arguments, its standard input, a check of the new state, and the new names."""
        kind = self.rng.choice(["apply", "apply", "undo"])
        layout = self.was if kind == "undo" else random_layout(self.rng, "n")
        words = [*ON, kind] + ([] if kind == "undo" else ["-f", "-"])
        return words, json.dumps(layout), lambda shape: without_places(shape) == expected(layout), names_in(layout)


ON = ("--node", "sim:n")
KEPT = re.compile(r"\./(trace|\.lock|state|clients)$|store/audit\.log")


def content(file):
    if isinstance(file, int):
        return b""
    try:
        with file:
            file.seek(0)
            return file.read()
    except (OSError, ValueError):
        return b""


def utf8(text, otherwise):
    try:
        text.decode()
    except UnicodeDecodeError:
        otherwise()


def is_json(text):
    for parts in ([text], text.splitlines()):
        try:
            for part in parts:
                json.loads(part)
            return True
        except ValueError:
            pass
    return False


def pasted(hint):
    """The words into which a shell splits the hint; an empty list if the shell reports an error."""
    parsed = subprocess.run(["bash", "-c", "printf '%s\\0' " + hint], capture_output=True, check=False)
    return parsed.stdout.decode(errors="surrogateescape").split("\0")[:-1] if parsed.returncode == 0 else []


def become(user):
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)
