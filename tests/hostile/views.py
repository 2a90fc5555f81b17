#!/usr/bin/env python3
"""Hostile text: text from a process, a layout, a recipe, an inventory or a name is shown escaped in every view.

    python3 tests/hostile/views.py --bin build/bin/gpuslice

Every view of a node whose clients have hostile names is printed. Standard output and error must be UTF-8 without
control characters (except tabs and line ends) and without characters that move or hide others; JSON and XML must parse,
CSV must have complete rows. Python standard library only. Exit status: 0 all checks passed, 1 some failed.
"""
import csv
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree as ET

from support.arguments import parser
from support.environment import environment

NAMES = {
    "not UTF-8": b"a\xff",
    "escape": b"\x1b[31mred\x1b]0;title\x07",
    "lines": b"one\ngpuslice: two\rthree\t",
    "markup": b"<b>&'\"]]>",
    "bidi": "x\u202egnp.exe\u200b\u2066\ufeff".encode(),
    "C1": "\u009b31m\u0085".encode(),
    "cut character": ("/" + "\u00e9" * 61).encode(),
    "long": b"L" * 4096,
    "comma": b"a,b;c=1",
}
# The same characters as in src/base/printable.hpp.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
                    "\U000e0000-\U000e007f]")
LAYOUT = "version: gpuslice/v1\ngpus: [{select: all, mig: true, instances: [{name: train, profile: 3g.20gb}]}]\n"
PROGRAM = ""


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.home = tempfile.TemporaryDirectory()
        cls.environment = environment(cls.home.name + "/nodes", LC_ALL="C.UTF-8", TZ="UTC", HOME=cls.home.name)
        cls.clients = []
        cls.ran("sim", "create", "n", "--gpus", "2xa100-40gb")

    @classmethod
    def tearDownClass(cls):
        for client in cls.clients:
            client.kill()
            client.wait()
        cls.home.cleanup()

    @classmethod
    def run_(cls, *words, stdin=b""):
        return subprocess.run([PROGRAM, *words], input=stdin, env=cls.environment, capture_output=True, timeout=60, cwd=cls.home.name)

    @classmethod
    def ran(cls, *words):
        done = cls.run_(*words)
        if done.returncode != 0:
            raise AssertionError(f"{words}: {done.returncode}: {done.stderr[:400]}")
        return done.stdout

    @classmethod
    def hold(cls, name):
        """Starts a client of GPU 0 with that name. Returns once the node shows it."""
        before = len(json.loads(cls.ran("--node", "sim:n", "list", "--output", "json")))
        client = subprocess.Popen([os.fsencode(PROGRAM), b"sim", b"attach", b"n", b"--gpu", b"0", b"--memory", b"1MiB", b"--name", name, b"--",
                                   b"sleep", b"300"], env=cls.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        cls.clients.append(client)
        for _ in range(500):
            if len(json.loads(cls.ran("--node", "sim:n", "list", "--output", "json"))) > before:
                return
            time.sleep(0.01)
        raise AssertionError(f"the client {name[:20]!r} was never shown")

    def clean(self, data, what):
        text = data.decode("utf-8")  # raises if it is not UTF-8
        found = UNSEEN.search(text.replace("\r\n", "\n"))
        self.assertIsNone(found, f"{what}: {text[max(0, found.start() - 40):found.end() + 10]!r}" if found else "")
        return text

    def view(self, *words, status=None):
        done = self.run_(*words)
        if status is not None:
            self.assertEqual(done.returncode, status, (words, done.stderr[:400]))
        self.clean(done.stderr, words)
        return self.clean(done.stdout, words)


class Views(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name in NAMES.values():
            cls.hold(name)
        with open(cls.home.name + "/l.yaml", "w") as out:
            out.write(LAYOUT)

    def test_list(self):
        for output in ("tree", "table", "drawing"):
            shown = self.view("--node", "sim:n", "list", "--output", output, status=0)
            self.assertEqual("a\\xff" in shown, output != "drawing")
        rows = json.loads(self.view("--node", "sim:n", "list", "--output", "json", status=0))
        commands = [row["command"] for row in rows if row["kind"] == "process"]
        self.assertEqual(len(commands), len(NAMES))
        self.assertIn("\x1b[31mred\x1b]0;title\x07", commands)  # decoded JSON has the original bytes
        rows = list(csv.DictReader(io.StringIO(self.view("--node", "sim:n", "list", "--output", "csv", status=0), newline="")))
        self.assertEqual(len([row for row in rows if row["kind"] == "process"]), len(NAMES))
        self.assertNotIn(None, {key for row in rows for key in row})

    def test_who(self):
        self.view("--node", "sim:n", "who", status=0)
        rows = json.loads(self.view("--node", "sim:n", "who", "--output", "json", status=0))
        self.assertEqual(len(rows), len(NAMES))
        self.assertIn("\x1b[31mred\x1b]0;title\x07", [row["process_name"] for row in rows])
        self.assertEqual({row["command"] for row in rows}, {"sleep 300"}, "this host's word for it")
        rows = list(csv.DictReader(io.StringIO(self.view("--node", "sim:n", "who", "--output", "csv", status=0), newline="")))
        self.assertEqual(len(rows), len(NAMES))
        self.assertIn("a\\xff", [row["process_name"] for row in rows])
        self.view("--node", "sim:n", "who", "a\x1b[31m", status=1)
        self.view("--node", "sim:n", "who", "--user", "a\x1b[31m", status=0)

    def test_plan_and_apply(self):
        saved = self.home.name + "/saved.json"
        with open(saved, "wb") as out:
            out.write(self.ran("--node", "sim:n", "list", "--output", "inventory"))
        for where in (["--node", "sim:n"], ["--from", saved]):
            node = where if where[0] == "--node" else []
            more = where if where[0] == "--from" else []
            for output in ("table", "drawing"):
                self.view(*node, "plan", "-f", "l.yaml", *more, "--output", output, status=5)
            json.loads(self.view(*node, "plan", "-f", "l.yaml", *more, "--output", "json", status=5))
            ET.fromstring(self.view(*node, "plan", "-f", "l.yaml", *more, "--output", "svg", status=5))
        self.view("--node", "sim:n", "apply", "-f", "l.yaml", status=5)
        lines = self.view("--node", "sim:n", "apply", "-f", "l.yaml", "--output", "json", status=5).splitlines()
        self.assertEqual([json.loads(line)["event"] for line in lines], ["plan", "failed"])
        lines = self.view("--node", "sim:n", "apply", "-f", "l.yaml", "--dry-run", "--force", "--output", "json", status=0).splitlines()
        self.assertEqual([json.loads(line)["event"] for line in lines], ["plan", "done"])

    def test_nvidia_smi(self):
        for words in ([], ["-L"], ["-q"], ["pmon", "-c", "1"], ["--query-compute-apps=pid,process_name", "--format=csv"]):
            self.view("--node", "sim:n", "smi", *words, status=0)
        root = ET.fromstring(self.view("--node", "sim:n", "smi", "-q", "-x", status=0))
        names = [one.text for one in root.iter("process_name")]
        self.assertEqual(len(names), len(NAMES))
        self.assertIn("a\\xff", names)
        self.assertIn("<b>&'\"]]>", names)
        rows = self.view("--node", "sim:n", "smi", "--query-compute-apps=pid,process_name", "--format=csv,noheader", status=0)
        self.assertEqual(len(rows.splitlines()), len(NAMES))

    def test_others(self):
        for words in (["history"], ["query"], ["query", "--output", "json"], ["query", "--output", "csv"], ["profiles"], ["placements"]):
            self.view("--node", "sim:n", *words)
        for words in (["sim", "list"], ["sim", "reset", "n"], ["sim", "delete", "n"], ["sim", "trace", "n"]):
            self.view(*words)


class Force(Case):
    def test_apply_with_force_as_json(self):
        for name in (b"a\xff", b"\x1b[31m\n"):
            self.hold(name)
        with open(self.home.name + "/l.yaml", "w") as out:
            out.write(LAYOUT)
        lines = self.view("--node", "sim:n", "apply", "-f", "l.yaml", "--force", "--grace", "1", "--output", "json", status=0).splitlines()
        events = [json.loads(line)["event"] for line in lines]
        self.assertEqual(events[0], "plan")
        self.assertEqual(events[-1], "done")
        with open(self.home.name + "/nodes/n/store/audit.log", "rb") as audit:
            for line in audit:
                json.loads(line)


class Words(Case):
    """File names and command line arguments in error messages."""

    def test_files(self):
        for bad in NAMES.values():
            for template in (b"version: %s\n", b"version: gpuslice/v1\n%s: 1\n", b"version: gpuslice/v1\ngpus: [{select: {product: \"%s\"}}]\n"):
                with open(self.home.name + "/bad", "wb") as out:
                    out.write(template % bad)
                self.view("plan", "-f", "bad", "--for", "a100-40gb")
                self.view("schema", "--check", "bad")
                self.view("sim", "create", "x", "-f", "bad")
                self.view("plan", "-f", "bad", "--from", "bad")
            path = os.fsencode(self.home.name) + b"/" + bad.replace(b"/", b"")[:200]
            self.view("plan", "-f", path, "--for", "a100-40gb")
            self.view("sim", "create", "x", "-f", path)

    def test_words(self):
        for bad in NAMES.values():
            for words in ([bad], ["--" + "x", bad], ["--node", bad, "list"], ["--node", b"sim:" + bad, "list"], ["sim", "exec", bad, "--", "true"],
                          ["sim", "create", bad], ["--node", "sim:n", "destroy", bad], ["--node", "sim:n", "create", bad, "--gpu", "0"],
                          ["--node", "sim:n", "create", "3g.20gb", "--gpu", bad], ["--node", "sim:n", "list", "--columns", bad],
                          ["products", "--output", bad], ["profiles", "--for", bad], ["sim", "exec", "n", "--", bad]):
                self.view(*words)

    def test_a_hint_can_be_pasted(self):
        done = self.run_("sim", "create", "a b;touch pwned")
        self.assertIn(b"try: gpuslice sim create 'a b;touch pwned' --gpus", done.stderr)


class Inputs(Case):
    """A file of the wrong kind fails at once with an error that names it."""

    def told(self, *words, stdin=None):
        done = subprocess.run(["/bin/sh", "-c", "ulimit -v 2000000; exec \"$0\" \"$@\"", PROGRAM, *words], env=self.environment,
                              stdin=stdin or subprocess.DEVNULL, capture_output=True, timeout=60, cwd=self.home.name)
        self.assertNotEqual(done.returncode, 0)
        self.assertNotIn(done.returncode, (-signal.SIGSEGV, -signal.SIGKILL, -signal.SIGABRT))
        return self.clean(done.stderr, words).splitlines()[0]

    def every_reader(self, path):
        return (("sim", "create", "x", "-f", path), ("plan", "-f", path, "--for", "a100-40gb"), ("schema", "--check", path),
                ("plan", "-f", "l.yaml", "--from", path), ("export", "--from", path))

    def setUp(self):
        with open(self.home.name + "/l.yaml", "w") as out:
            out.write(LAYOUT)

    def test_without_end(self):
        for words in self.every_reader("/dev/zero"):
            self.assertRegex(self.told(*words), r"^gpuslice: /dev/zero: is larger than the limit of \d+ bytes$")

    def test_standard_input_without_end(self):
        for words in self.every_reader("-"):
            yes = subprocess.Popen(["yes", "["], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            self.assertRegex(self.told(*words, stdin=yes.stdout), r"^gpuslice: <stdin>: is larger than the limit of \d+ bytes")
            yes.stdout.close()
            yes.wait(timeout=10)

    def test_no_files(self):
        os.mkdir(self.home.name + "/folder")
        os.mkfifo(self.home.name + "/fifo")
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(self.home.name + "/socket")
        for path, why in (("folder", "cannot be read: Is a directory"), ("fifo", "is a FIFO that no process writes to"),
                          ("socket", "is a socket, not a file"), ("nowhere", "cannot be read: No such file or directory")):
            for words in self.every_reader(path):
                self.assertEqual(self.told(*words), f"gpuslice: {path}: {why}")

    def test_a_pipe_of_the_shell(self):
        done = subprocess.run(["bash", "-c", f"exec '{PROGRAM}' plan -f <(sleep 0.1; cat l.yaml) --for a100-40gb"], env=self.environment,
                              capture_output=True, timeout=60, cwd=self.home.name)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_depth_and_aliases(self):
        deep = "[" * 100_000
        bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
            f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 12))
        for text, why in ((deep, "is nested more than 32 levels deep"), (bomb, "holds more than 100000 values")):
            with open(self.home.name + "/bad", "w") as out:
                out.write(text)
            for words in self.every_reader("bad")[:3]:
                self.assertIn(why, self.told(*words))
        with open(self.home.name + "/bad", "w") as out:
            out.write(deep)
        for words in self.every_reader("bad")[3:]:
            self.assertEqual(self.told(*words), "gpuslice: bad: is nested more than 32 levels deep")


class Names(Case):
    BAD = ("0:2", "0", "0:2/0", "1g.5gb", "2c", "-x", "all", "MIG-1", "GPU-12345678", "a b", "a/b", "a=b", "x" * 64, "x" * 400, "a\n", "\x1b[31m",
           "ae4aeb94-01c0-5173-4811-4ca60f77b3a9")

    def test_create(self):
        self.ran("--node", "sim:n", "enable", "--gpu", "0")
        for name in self.BAD:
            for words in ([f"--name={name}"], [f"--compute=1c={name}"]):
                self.assertTrue(self.view("--node", "sim:n", "create", "3g.20gb", "--gpu", "0", *words, status=2) == "", name)
        self.ran("--node", "sim:n", "create", "3g.20gb", "--gpu", "0", "--name", "x" * 63, "--compute", "1c=inner,2c")
        # The exported layout can be read, and matches the state of the node.
        with open(self.home.name + "/out.yaml", "wb") as out:
            out.write(self.ran("--node", "sim:n", "export"))
        self.assertEqual(self.ran("--node", "sim:n", "assert", "-f", "out.yaml"), b"matches\n")

    def test_an_old_name(self):
        """A name stored by an older version that accepted it: shown escaped, usable as GPU:GI, omitted from an
        export."""
        self.ran("--node", "sim:n", "enable", "--gpu", "1")
        self.ran("--node", "sim:n", "create", "3g.20gb", "--gpu", "1", "--name", "oldname")
        saved = self.ran("--node", "sim:n", "list", "--output", "inventory").replace(b'"oldname"', b'"0:2\\u001b[31m"')
        with open(self.home.name + "/saved.json", "wb") as out:
            out.write(saved)
        done = self.run_("export", "--from", "saved.json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(b'note: left out: the name "0:2\\x1b[31m", which may contain only letters', done.stderr)
        self.assertNotIn(b"0:2", done.stdout.replace(b'"0:2"', b""))
        with open(self.home.name + "/out.yaml", "wb") as out:
            out.write(done.stdout)
        self.ran("schema", "--check", "out.yaml")


if __name__ == "__main__":
    known, rest = parser(__doc__).parse_known_args()
    PROGRAM = known.bin
    unittest.main(argv=[sys.argv[0], *rest])
