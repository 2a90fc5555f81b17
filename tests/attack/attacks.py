"""The attacks. Each gets a Box, disturbs one random command in one random way, and then lets the box check the
result."""

import ctypes
import json
import os
import re
import resource
import shlex
import signal
import time
import xml.etree.ElementTree

from box import ON, become
from eye import Wrong, apart, stranger
from layouts import expected, names_in, random_layout, without_places
from support.folders import tree
from support.nobody import NOBODY

CLONE_NEWNS = 0x20000
MS_RDONLY, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 1, 32, 4096, 16384, 1 << 18


def descriptors(box):
    """Closed, full or read-only descriptors, or a pipe that no process reads."""
    rng = box.rng
    words, stdin, is_new, names = box.change()
    choice = rng.choice(["closed", "full", "read-only", "pipe", "many"])
    numbers = rng.sample([0, 1, 2], rng.randint(1, 3))
    if "-f" in words:
        path = os.path.join(box.home, "layout")
        with open(path, "w", encoding="utf-8") as file:
            file.write(stdin)
        words[-1] = path

    def hurt():
        for number in numbers:
            if choice == "closed":
                os.close(number)
            elif choice == "pipe":
                reader, writer = os.pipe()
                os.dup2(writer, number)
                os.close(reader)
                os.close(writer)
            else:
                path, how = ("/dev/full", os.O_RDWR) if choice == "full" else (box.program, os.O_RDONLY)
                os.dup2(os.open(path, how), number)
        if choice == "many":
            for number in range(3, rng.randint(4, 900)):
                os.dup2(2, number)

    ran = box.run(*words, preexec=hurt, allowed=(signal.SIGPIPE,))
    if ran.status >= 0 and not (ran.status == 1 and 2 in numbers):
        box.verdict(ran, is_new)  # otherwise its message cannot be checked
    box.run(*ON, *rng.choice([("list",), ("export",), ("history",), ("list", "--output", "json")]), preexec=hurt,
            allowed=(signal.SIGPIPE,))
    box.settle(is_new, names)


def environment(box):
    """Unusual environment variables must have no effect."""
    rng = box.rng
    strange = dict(box.environment)
    for _ in range(rng.randint(1, 6)):
        key = rng.choice(["HOME", "PATH", "LC_ALL", "LANG", "TZ", "TERM", "COLUMNS", "LINES", "TMPDIR", "LD_LIBRARY_PATH", "NO_COLOR",
                          "USER",
                          "LD_PRELOAD", "XDG_STATE_HOME", "CUDA_VISIBLE_DEVICES", "LD_BIND_NOW", "MALLOC_PERTURB_", "SUDO_USER",
                          "GPUSLICE_STATE_DIR", "LD_TRACE", "LANGUAGE", "CDPATH", "IFS", "LOGNAME", "GPUSLICE_UNKNOWN"])
        value = rng.choice([None, "", "/nonexistent", "x" * 100000, "\x1b[31m", "C", "tr_TR.UTF-8", "-1", "99999999999999999999", "0",
                            "/dev/full", "../..", "%s%n", "$(id)", "\udcff\udcfe"])
        if value is None:
            strange.pop(key, None)
        elif key != "LD_PRELOAD" or value.isascii() and value.isprintable():  # the loader prints this value unescaped
            strange[key] = value
    words, stdin, is_new, names = box.change()
    ran = box.run(*words, stdin=stdin, environment=strange)
    other = {key: value[:60] for key, value in strange.items() if box.environment.get(key) != value}
    box.check(ran.status == 0, f"status {ran.status} instead of 0", ran, other)
    box.verdict(ran, is_new)
    box.run(*ON, "list", environment=strange)
    box.settle(is_new, names)


def limits(box):
    """A resource limit that is too low."""
    rng = box.rng
    kind, amount = rng.choice([(resource.RLIMIT_NOFILE, rng.randint(3, 24)), (resource.RLIMIT_AS, rng.randint(8, 160) << 20),
                               (resource.RLIMIT_FSIZE, rng.choice([0, 1, 100, 600, 1000, 2000, 5000, 100000])),
                               (resource.RLIMIT_NPROC, 0), (resource.RLIMIT_STACK, rng.choice([64, 128, 512]) << 10),
                               (resource.RLIMIT_DATA, rng.randint(1, 40) << 20), (resource.RLIMIT_MEMLOCK, 0)])

    def hurt():
        resource.setrlimit(kind, (amount, amount))

    words, stdin, is_new, names = box.change()
    small = kind in (resource.RLIMIT_AS, resource.RLIMIT_STACK, resource.RLIMIT_DATA)
    # A program that has too little memory to be loaded, or to report an error, is ended by the kernel or the loader.
    allowed = (signal.SIGSEGV, signal.SIGKILL) if small else ()
    ran = box.run(*words, stdin=stdin, preexec=hurt, allowed=allowed, statuses=[*range(6), 127])
    if 0 <= ran.status < 6:
        box.verdict(ran, is_new)
    verb = rng.choice([("sim", "snapshot", "n", "s"), ("sim", "clone", "n", "m"), ("sim", "create", "m", "--gpus", "1xa30"),
                       (*ON, "list"), ("sim", "reboot", "n", "--no-hooks")])
    box.run(*verb, preexec=hurt, allowed=allowed, statuses=[*range(6), 127])
    if "reboot" in verb:
        return
    if os.path.isdir(os.path.join(box.nodes, "m")):
        box.did("--node", "sim:m", "list")
        box.did("sim", "delete", "m")
    box.settle(is_new, names)


def signals(box):
    """A change gets a signal at a random moment, and is interrupted or completed."""
    rng = box.rng
    which = rng.choice([signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE, signal.SIGKILL, signal.SIGKILL, signal.SIGSTOP,
                        signal.SIGQUIT, signal.SIGALRM, signal.SIGUSR1])
    words, stdin, is_new, names = box.change()
    if rng.random() < 0.5:
        box.did("sim", "latency", "n", "--create-gi", "4ms", "--destroy-gi", "4ms", "--create-ci", "2ms", "--destroy-ci", "2ms")
    process = box.start(words, stdin=stdin)
    time.sleep(rng.random() * 0.05)
    process.send_signal(which)
    if which == signal.SIGSTOP:
        second = box.run(*words, stdin=stdin) if rng.random() < 0.5 else None
        process.send_signal(signal.SIGCONT)
        box.end(process)
        if second and second.status != 5:
            return  # the signal arrived outside the change: both changes are done
    else:
        ran = box.end(process, allowed=(which,))
        if ran.status >= 0:
            box.verdict(ran, is_new)
    box.settle(is_new, names)


def killed_nodes(box):
    """create, clone, delete, snapshot and restore are interrupted at a random moment."""
    rng = box.rng
    which = rng.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
    verb = rng.choice(["create", "clone", "delete", "snapshot", "restore", "restore"])
    other, layout = os.path.join(box.nodes, "m"), random_layout(rng, "n")
    words = {"create": ["create", "m", "--gpus", "2xa100-40gb"], "clone": ["clone", "n", "m"], "delete": ["delete", "m"],
             "snapshot": ["snapshot", "n", "s"], "restore": ["restore", "n", "s"]}[verb]
    if verb == "delete":
        box.did("sim", "clone", "n", "m")
    if verb == "restore":
        box.did("sim", "snapshot", "n", "s")
        box.did(*ON, "apply", "-f", "-", stdin=json.dumps(layout))
    longer = box.history()
    process = box.start(["sim", *words])
    time.sleep(rng.random() * 0.03)
    process.send_signal(which)
    box.end(process, allowed=(which,))
    box.did("sim", "list")
    if os.path.isdir(other):
        shape = box.stands(other)
        box.check(verb == "create" or without_places(shape) == expected(box.now),
                  f"incomplete node after {verb}", shape)
        box.check(verb == "create" or box.history(other) == box.past, f"incomplete history after {verb}")
        box.did("--node", "sim:m", "list")
        box.whole(("n", "m"))
        box.did("sim", "delete", "m")
    if verb == "restore":
        shape, names, history = box.stands(), box.names(), box.history()
        # If the node already has the layout, applying it adds no history entry; both conditions are then true.
        back = without_places(shape) == expected(box.now) and names == names_in(box.now) and history == box.past
        still = without_places(shape) == expected(layout) and names == names_in(layout) and history == longer
        box.check(back or still, "a mixture of two states", shape, names, sorted(history))
        box.whole()
        return
    if verb == "snapshot" and b"s" in box.did("sim", "snapshot", "n", "--output", "csv").out.split(b"\n", 1)[1]:
        box.did("sim", "restore", "n", "s")
    box.settle(lambda shape: False)


VERBS = [(*ON, "list"), (*ON, "apply", "-f", "-"), (*ON, "undo"), (*ON, "recover"), (*ON, "export"), (*ON, "history"),
         (*ON, "smi", "-L"), (*ON, "smi", "-q", "-x"), (*ON, "query"), ("sim", "list"),
         ("sim", "reboot", "n"), ("sim", "reset", "n", "--gpu", "0"),
         ("sim", "snapshot", "n", "s"), ("sim", "clone", "n", "m"), ("sim", "trace", "n", "--on"), ("sim", "trace", "n"),
         ("sim", "inject", "n", "--fail", "19"), ("sim", "faults", "n"), ("sim", "tree", "n"), ("sim", "delete", "n"),
         ("sim", "exec", "n", "--", "true"), ("sim", "raise", "n", "--xid", "13"), (*ON, "list", "--output", "json"),
         (*ON, "plan", "-f", "-"), (*ON, "apply", "-f", "-", "--dry-run"), (*ON, "list", "--output", "inventory")]
ANY = [*range(16), 125, 126, 127]  # includes the statuses of nvidia-smi and of a command that gpuslice ran


def users(box):
    """Root must not run a program of a node that belongs to nobody; nobody must not change a node that belongs to
    root."""
    marker, script = os.path.join(box.home, "marker"), os.path.join(box.node, "boot.d", "x")
    with open(script, "w", encoding="utf-8") as file:
        file.write(f"#!/bin/sh\nid -u > {marker}\n")
    os.chmod(script, 0o755)
    os.chown(script, box.owner, -1)
    before = tree(box.node)
    words = box.rng.choice([verb for verb in VERBS if "true" not in verb])
    preexec = None if box.owner else lambda: become(NOBODY)
    unshare = not box.owner and box.rng.random() < 0.3
    ran = box.run(*words, stdin=json.dumps(random_layout(box.rng, "n")), preexec=preexec, statuses=ANY,
                  prefix=["unshare", "-r"] if unshare else ())
    box.check(not os.path.exists(marker), "a program of another user was run", ran)
    after = tree(box.node)
    box.check(before == after, "the node of another user was changed", ran, set(after) ^ set(before))


ODD = ["state", "state.lock", "clients", "store", "store/names", "store/lock", "store/changing", "store/journal", "store/history",
       "store/history/1", "store/history/99", "store/audit.log", "snapshots", "pool", "space", "boot.d", "lib", "bin", "dev", "proc", "sys",
       "lib/libnvidia-ml.so.1", "bin/nvidia-smi", "trace", ".lock", "store/names.new", "store/journal.new", "boot.d/x", "snapshots/s",
       "../.lock", "../m", "../.m.deleted.1"]


def odd_files(box):
    """A link, a FIFO or a folder replaces a file of the node: the target of a link must not be changed."""
    rng = box.rng
    victim = os.path.join(box.home, "victim")
    os.mkdir(victim)
    with open(os.path.join(victim, "file"), "w", encoding="utf-8") as file:
        file.write("not gpuslice's\n")
    before, where = tree(victim), rng.choice(ODD)
    path = os.path.join(box.node, where)
    if os.path.lexists(path):
        os.rename(path, os.path.join(box.home, "aside"))
    elif not os.path.isdir(os.path.dirname(path)):
        os.mkdir(os.path.dirname(path))
    kind = rng.choice(["file", "folder", "new", "loop", "fifo", "directory", "full"])
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "directory":
        os.mkdir(path)
    else:
        os.symlink({"file": victim + "/file", "folder": victim, "new": victim + "/new", "loop": path, "full": "/dev/full"}[kind], path)
    for words in rng.sample(VERBS, 3):
        ran = box.run(*words, stdin=json.dumps(random_layout(rng, "n")), statuses=ANY)
        box.check(tree(victim) == before, f"{where} ({kind}): a link was followed", ran)
    if os.path.exists(os.path.join(box.node, "lib", "libnvidia-ml.so.1")) and kind != "fifo" and not where.startswith("lib"):
        box.stands()


def damage(text, rng):
    """Returns the text, damaged in one of the usual ways."""
    if not text:
        return b"\0"
    at, kind = rng.randrange(len(text)), rng.choice(["bit", "bit", "bit", "cut", "zero", "huge", "twice", "byte", "empty", "swap"])
    if kind == "bit":
        return text[:at] + bytes([text[at] ^ 1 << rng.randrange(8)]) + text[at + 1:]
    if kind == "zero":
        return text[:at] + bytes(len(text) - at)
    middle = len(text) // 2
    return {"cut": text[:at], "huge": text + b"[" * 20000000, "twice": text + text, "byte": text[:at] + b"\xff" + text[at:],
            "empty": b"", "swap": text[middle:] + text[:middle]}[kind]


def damaged(box):
    """One file of the node is damaged: the error names it, everything else is still shown, and the hint repairs the
    node."""
    rng = box.rng
    where = rng.choice(["state", "state", "state", "store/names", "store/names", "store/journal", "store/history/3",
                        "store/history/2", "store/audit.log", "clients", "snapshots"])
    if where == "store/journal":
        box.did("sim", "inject", "n", "--kill-after", "--nth", str(rng.randint(1, 4)))
        box.run(*ON, "apply", "-f", "-", stdin=json.dumps(random_layout(rng, "x")), allowed=(signal.SIGKILL,))
    if where == "snapshots":
        box.did("sim", "snapshot", "n", "s")
        walk = os.walk(os.path.join(box.node, "snapshots"))
        path = rng.choice(sorted(os.path.join(folder, name) for folder, _, names in walk for name in names))
    else:
        path = os.path.join(box.node, where)
    if not os.path.exists(path):
        return  # the command failed before it changed anything
    shape = box.stands()
    with open(path, "r+b") as file:
        text = damage(file.read(), rng)
        file.seek(0)
        file.truncate()
        file.write(text)
    what = f"{os.path.relpath(path, box.node)} damaged"
    if where == "snapshots":
        ran = box.run("sim", "restore", "n", "s")
        box.check(box.stands() == shape, f"{what}: another state after restore", ran)
        return
    seen = box.stands()
    box.check(seen in (None, shape), f"{what}: NVML shows something else", seen, shape)
    for words in rng.sample([verb for verb in VERBS if "delete" not in verb and verb[:2] == ON and "smi" not in verb], 2):
        if {"undo", "recover"} & set(words) or words[2:3] == ("apply",) and "--dry-run" not in words:
            continue
        ran = box.run(*words, stdin=json.dumps(random_layout(rng, "n")))
        shown = {"list", "export", "plan"} & set(words)
        # Without the names, it is unknown who created the instances. So a plan may be refused, or it may stop
        # processes.
        refused = "plan" in words and ran.status == 5 and (where == "store/names" or b"refused without --force" in ran.out)
        box.check(seen is None or not shown or refused or ran.status == 0, f"{what}: the undamaged rest is not shown", ran)
    layout = random_layout(rng, "n")
    ran = box.run(*ON, "apply", "-f", "-", stdin=json.dumps(layout))
    after = box.stands()
    if ran.status == 0:
        box.check(without_places(after) == expected(layout), f"{what}: status 0, but the change is not done", ran)
        return
    box.check(after in (None, shape), f"{what}: refused, but the node was changed", ran)
    hints = [line[7:] for line in ran.err.decode().splitlines() if line.startswith("  try: gpuslice ")]
    box.check(hints, f"{what}: no hint", ran)
    if "--set-aside" in hints[-1]:
        box.did(*shlex.split(hints[-1])[1:])
        ran = box.run(*ON, "apply", "-f", "-", stdin=json.dumps(layout))
        # The instances that the interrupted change created now count as foreign and are kept.
        if where == "store/journal":
            box.check(ran.status in (0, 5) and b"damaged" not in ran.err, f"{what}: the hint does not help", hints, ran)
            return
        box.check(ran.status == 0, f"{what}: the hint does not help", hints, ran)
        box.check(without_places(box.stands()) == expected(layout), f"{what}: status 0, but the change is not done", ran)


EVIL = ["\x1b[2J\x1b]0;x\x07", "a\nb", "\u202egpj", "\u0085", "\x7f", "%n%s", "'; touch x; '", "$(id)", "-rf", "--force", "../../x", "",
        " ",
        "x" * 5000, "\udcff\udcc0", "é", "#", "null", "1e999", "\ufeff", "&a [*a,*a]", "\u2028"]


def hostile_text(box):
    """Hostile input in layouts, recipes, inventories, names and process names."""
    rng = box.rng
    layout = json.dumps(random_layout(rng, "n"))
    base = {"layout": layout,
            "recipe": "version: gpuslice.sim/v1\ngpus: [{product: a100-40gb, count: 2, mig: true, serial: \"12\"}]\n",
            "inventory": box.did(*ON, "list", "--output", "inventory").out.decode()}
    kind = rng.choice(["layout", "recipe", "inventory", "word", "process"])
    evil = rng.choice(EVIL)
    if kind in base:
        text = base[kind].encode()
        for _ in range(rng.randint(1, 4)):
            at = rng.randrange(len(text) + 1)
            text = rng.choice([damage(text, rng), text[:at] + evil.encode(errors="surrogateescape") + text[at:],
                               re.sub(rb'"[^"]*"', lambda _: json.dumps(evil).encode(), text, count=1), text[:at] * 3])
        output = rng.choice([[], ["--output", "json"]])
        words = {"layout": [[*ON, "plan", "-f", "-", *output], [*ON, "apply", "-f", "-", *output], ["schema", "--check", "-"],
                            ["plan", "--for", "8xa100-40gb", "-f", "-"]],
                 "recipe": [["sim", "create", "m", "-f", "-"]], "inventory": [["plan", "--from", "-", "-f", "/dev/null"]]}[kind]
        words = rng.choice(words)
        if kind == "inventory":
            words[-1] = os.path.join(box.home, "layout")
            with open(words[-1], "w", encoding="utf-8") as file:
                file.write(layout)
        ran = box.run(*words, stdin=text)
        if "apply" in words and ran.status:
            box.verdict(ran, lambda shape: False)
        box.run("sim", "list", "--output", "json")
        return
    if kind == "word":
        words = rng.choice([
            ["--node", "sim:" + evil, "list"], ["sim", "create", evil, "--gpus", "1xa30"], ["sim", "snapshot", "n", evil],
            [*ON, "create", "1g.5gb", "--gpu", evil], [*ON, "create", evil, "--gpu", "0"], [*ON, "resolve", evil],
            [*ON, "create", "1g.5gb", "--gpu", "0", "--name", evil], [*ON, "query", "--fields", evil], ["products", evil],
            ["sim", "create", "m", "--gpus", evil], [*ON, "smi", "-i", evil], [evil], [*ON, "recover", "--set-aside", evil],
            [*ON, "apply", "-f", evil], ["sim", "clone", "n", evil], ["sim", "exec", "n", "--", evil], ["sim", "delete", evil],
            [*ON, "apply", "-f", "-", "-c", evil], ["sim", "inject", "n", "--fail", evil], ["plan", "--for", evil, "-f", "-"],
            ["sim", "latency", "n", "--reset", evil]])
        box.run(*words, stdin=layout, statuses=ANY)
        box.run("sim", "list", "--output", "json")
        box.run(*ON, "history", "--output", "json")
        return
    shown_by_process(box, evil)


def shown_by_process(box, evil):
    """A client with a hostile name, in every view."""
    rng = box.rng
    box.did(*ON, "apply", "-f", "-", stdin=json.dumps({"version": "gpuslice/v1", "gpus": [
        {"select": {"index": 0}, "mig": True, "instances": [{"profile": "7g.40gb"}]}]}))
    client = box.start(["sim", "attach", "n", "--gpu", "0", "--gi", "0", "--ci", "0", "--name", evil + "z", "--", "sleep", "15"])
    time.sleep(0.25)
    views = [("list",), ("list", "--output", "json"), ("list", "--output", "csv"), ("smi",), ("smi", "-q", "-x"), ("undo", "--dry-run"),
             ("undo", "--output", "json"), ("undo", "--force", "--grace", "1")]
    for view in rng.sample(views, 4):
        words = (*ON, *view)
        ran = box.run(*words, statuses=ANY)
        if "-x" in words:
            try:
                xml.etree.ElementTree.fromstring(ran.out)
            except xml.etree.ElementTree.ParseError as error:
                raise Wrong(f"not well-formed XML: {error}") from error
    client.kill()
    os.waitpid(client.pid, 0)
    client.returncode = 0


def clocks(box):
    """File times in the past and the future, and a host with an uptime of years."""
    rng = box.rng
    for name in [*box.files, "store", "store/history", "."]:
        when = rng.choice([0, 1, time.time() + 10 ** rng.randint(2, 9), 2 ** 33])
        os.utime(os.path.join(box.node, name), (when, when), follow_symlinks=False)
    words, stdin, is_new, names = box.change()
    later = ["unshare", "-T", "--monotonic", str(rng.choice([1, 10 ** 6, 10 ** 9])), "--boottime", "10000000", "-f"]
    ran = box.run(*words, stdin=stdin, prefix=later if os.geteuid() == 0 and rng.random() < 0.5 else [])
    box.check(ran.status == 0, f"status {ran.status} instead of 0", ran)
    box.verdict(ran, is_new)
    box.settle(is_new, names)


def company(box):
    """Two concurrent commands: each must be done or refused."""
    rng = box.rng
    layouts = [random_layout(rng, "n"), random_layout(rng, "m")]
    if rng.random() < 0.5:
        box.did("sim", "latency", "n", "--create-gi", "3ms", "--destroy-gi", "3ms")
    words = rng.choice([*[[*ON, "apply", "-f", "-"]] * 4, [*ON, "undo"], [*ON, "list"], [*ON, "recover"], [*ON, "export"],
                        ["sim", "snapshot", "n", "s"], ["sim", "clone", "n", "m"], ["sim", "delete", "n"],
                        ["sim", "reset", "n", "--gpu", "0"], ["sim", "reboot", "n"]])
    first = box.start([*ON, "apply", "-f", "-"], stdin=json.dumps(layouts[0]))
    time.sleep(rng.random() * 0.03)
    second = box.start(words, stdin=json.dumps(layouts[1]))
    both = [box.end(first), box.end(second)]
    gone = not os.path.isdir(box.node)
    if gone or "reset" in words or "reboot" in words:
        box.check("delete" in words or not gone, "the node is gone", *both)
        box.run("sim", "list")
        return
    shape = without_places(box.stands())
    states = [expected(layout) for layout in [box.now, *layouts]] + ([expected(box.was)] if "undo" in words else [])
    box.check(shape in states, "a state that no command requested", shape, *both)
    changing = [ran for ran in both if {"apply", "undo", "recover"} & set(ran.words)]
    box.check(all(ran.status in (0, 5) for ran in changing), "a command was neither done nor refused", *both)
    if both[0].status == 0 and not (both[1].status == 0 and {"apply", "undo"} & set(words)):
        box.check(shape == expected(layouts[0]), "status 0, but the change is not done", *both)
    if os.path.isdir(os.path.join(box.nodes, "m")):
        other = without_places(box.stands(os.path.join(box.nodes, "m")))
        box.check(other in states, "a clone of a state that never existed", other)
        box.did("sim", "delete", "m")
    box.did(*ON, "recover")
    box.whole()


def faults(box):
    """At a random call, the driver fails, falsely reports success, or kills the caller."""
    rng = box.rng
    codes = ("IN_USE", "UNKNOWN", "TIMEOUT", "NOT_SUPPORTED", "INSUFFICIENT_RESOURCES", "NO_PERMISSION")
    fault = rng.choice([["--kill-before"], ["--kill-after"], ["--lie"], ["--lose"], ["--delay", "30ms"],
                        *[["--fail", code] for code in codes]])
    words, stdin, is_new, names = box.change()
    reading = "--lose" in fault or rng.random() < 0.3
    box.did("sim", "inject", "n", *fault, "--nth", str(rng.randint(1, 60 if reading else 8)), *(["--on", "any"] if reading else []))
    ran = box.run(*words, stdin=stdin, allowed=(signal.SIGKILL,))
    if "--lose" in fault:
        box.did("sim", "inject", "n", "--clear")
        return
    box.did("sim", "inject", "n", "--clear")
    if ran.status >= 0:
        box.verdict(ran, is_new)
    if rng.random() < 0.5:
        dry = box.run(*ON, "undo", "--dry-run")
        again = box.run(*ON, "undo")
        box.check(dry.status == again.status, "a dry run with another exit status", dry, again)
        # If both undo commands took effect, the node is again as before the first layout.
        box.settle(lambda shape: is_new(shape) or without_places(shape) in (expected(box.was), [[1, []], [1, []]]))
    else:
        box.settle(is_new, names)


def strangers(box):
    """Other NVML clients create and destroy instances during a change."""
    rng = box.rng
    others = [apart(stranger, box.node, rng.random()) for _ in range(rng.randint(1, 2))]
    words, stdin, _, _ = box.change()
    time.sleep(rng.random() * 0.05)
    box.run(*words, stdin=stdin)
    for end in others:
        end()
    recovered = box.run(*ON, "recover")
    if recovered.status:
        box.did(*ON, "recover", "--accept")
    for _, found in box.stands():
        taken = [place for _, start, size, _ in found for place in range(start, start + size)]
        box.check(len(taken) == len(set(taken)), "instances that overlap", found)
    box.check(all(box.history().get(name) == text for name, text in box.past.items()), "history is lost")
    box.whole()


LIBC = ctypes.CDLL(None, use_errno=True)


def mount(source, target, kind, flags, data=None):
    if LIBC.mount(source.encode(), target.encode(), kind.encode() if kind else None, flags, data.encode() if data else None):
        raise OSError(ctypes.get_errno(), "mount")


def alone(parent):
    """Gives this process its own mount namespace, and mounts a file system in memory at parent."""
    if LIBC.unshare(CLONE_NEWNS):
        raise OSError(ctypes.get_errno(), "unshare")
    mount("none", "/", None, MS_REC | MS_PRIVATE)
    mount("none", parent, "tmpfs", 0, "size=96m,mode=755")


def full_disk(box):
    """The file system of the node is full, or has space for only a few pages."""
    rng = box.rng
    words, stdin, is_new, names = box.change()
    filler = os.path.join(box.home, "filler")
    room = os.statvfs(box.home)
    with open(filler, "wb") as file:
        os.posix_fallocate(file.fileno(), 0, room.f_bavail * room.f_frsize - 4096 * rng.randint(0, 8))
    ran = box.run(*words, stdin=stdin)
    box.verdict(ran, is_new)
    more = [["snapshot", "n", "s"], ["clone", "n", "m"], ["create", "m", "--gpus", "1xa30"], ["reboot", "n", "--help"]]
    for other in rng.sample(more, 2):
        box.run("sim", *other, statuses=(0, 1))
    os.unlink(filler)
    if os.path.isdir(os.path.join(box.nodes, "m")):
        box.did("--node", "sim:m", "list")
        box.did("sim", "delete", "m")
    box.settle(is_new, names)


def read_only(box):
    """The file system of the node is read-only: the node can be read, and must not change."""
    mount(box.nodes, box.nodes, None, MS_BIND)
    mount("none", box.nodes, None, MS_BIND | MS_REMOUNT | MS_RDONLY)
    before = tree(box.node)
    for words in box.rng.sample(VERBS, 4):
        ran = box.run(*words, stdin=json.dumps(random_layout(box.rng, "n")), statuses=ANY)
        shown = {"list", "export", "plan", "-L"} & set(words)
        box.check(not shown or ran.status == 0, "what can be read is not shown", ran)
        box.check(b"as root" not in ran.err, "root is told to run it as root", ran)
    box.check(tree(box.node) == before, "changed")
    mount("none", box.nodes, None, MS_BIND | MS_REMOUNT)
    box.settle(lambda shape: False)


KINDS = [descriptors, environment, limits, signals, killed_nodes, users, odd_files, damaged, hostile_text, clocks, company, faults,
         strangers, full_disk, read_only]
MOUNTS, ROOT = (full_disk, read_only), (users, full_disk, read_only)
