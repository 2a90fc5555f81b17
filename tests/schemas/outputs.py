#!/usr/bin/env python3
"""What every command prints with --output json must be valid under its schema, on simulated nodes in many states.

    python3 tests/schemas/outputs.py --bin build/bin/gpuslice

Each document is validated with `gpuslice schema OUTPUT`, and each line of events separately; the last line of events is
always done or failed. Then documents are damaged in one value at a time, and the validator must refuse each. Needs the
Python module jsonschema (Debian: python3-jsonschema). Exit status: 0 if all checks passed, 1 if one failed, 77 if
jsonschema is missing.
"""

import copy
import json
import random
import re
import signal
import subprocess

from support.case import OnNode, main
from support.layouts import document
from support.node import Node
from support.skip import skip

try:
    import jsonschema
except ImportError:
    jsonschema = None

TRAIN = {"name": "train", "profile": "3g.20gb", "placement": "4:4", "compute": [{"name": "a", "profile": "1c"}, {"profile": "2c"}]}
SMALL = {"name": "small", "profile": "1g.5gb", "placement": "0:1"}
EVENTS = ("apply", "create", "destroy", "enable", "disable", "reset", "undo", "recover")
# On this node the display mode hides MIG.
WORKSTATION = """version: gpuslice.sim/v1
gpus:
  - product: rtx-pro-6000
    name: NVIDIA RTX PRO 6000 Blackwell Workstation Edition
    display_mode: physical_display_enabled_256MB_bar1
"""


class Schemas:
    """The validators, and a record of which of them have validated a document."""

    def __init__(self, program):
        self.program, self.validators, self.seen = program, {}, {}
        said = self.run("schema", "--list")
        self.names = [line.split()[0] for line in said.splitlines()]
        for name in self.names:
            schema = json.loads(self.run("schema", name))
            jsonschema.Draft202012Validator.check_schema(schema)
            self.validators[name] = jsonschema.Draft202012Validator(schema)

    def run(self, *words):
        return subprocess.run([self.program, *words], capture_output=True, text=True, check=True, timeout=60).stdout

    def faults(self, name, value):
        return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:400]}" for error in self.validators[name].iter_errors(value)]


class Outputs(OnNode):
    @classmethod
    def setUpClass(cls):
        cls.schemas = Schemas(cls.program)

    def valid(self, name, value, ran):
        self.assertEqual(self.schemas.faults(name, value), [], f"{ran.args}\n{json.dumps(value)[:2000]}")
        self.schemas.seen.setdefault(name, []).append(value)
        return value

    def read(self, name, ran, *statuses):
        """Returns the document of a command, which must end with one of these statuses."""
        self.assertIn(ran.returncode, statuses or (0,), f"{ran.args}\n{ran.stdout}\n{ran.stderr}")
        return self.valid(name, json.loads(ran.stdout), ran)

    def events(self, ran, last, *statuses):
        """Returns the lines of a change, of which the last must be done or failed."""
        self.assertIn(ran.returncode, statuses or (0,), f"{ran.args}\n{ran.stdout}\n{ran.stderr}")
        lines = [self.valid("events", json.loads(line), ran) for line in ran.stdout.splitlines()]
        self.assertEqual([line["event"] for line in lines if line["event"] in ("done", "failed")], [last], ran.stdout)
        self.assertEqual(lines[-1]["event"], last)
        if last == "failed":
            self.assertEqual(lines[-1]["status"], ran.returncode)
        return lines

    def all_views(self, node, *statuses):
        """Runs every command that only reads, on a node in any state."""
        rows = self.read("list", node.on("list", "--output", "json"), *(statuses or (0,)))
        self.read("who", node.on("who", "--output", "json"), *(statuses or (0,)))
        self.read("query", node.on("query", "--output", "json"), 0, 4)
        self.read("history", node.on("history", "--output", "json"))
        for name in ("profiles", "placements"):
            self.read(name, node.on(name, "--output", "json"), *(statuses or (0,)), 0, 5)
        for name, words, text in (("assert", ("assert", "-f", "-"), TRAIN), ("plan", ("plan", "-f", "-"), SMALL), ("diff", ("diff", "-"), SMALL)):
            ran = node.on(*words, "--output", "json", text=json.dumps(document([text])))
            if ran.stdout:
                self.read(name, ran, 0, 2, 3, 4, 5)
        self.read("status", node.on("status", "--output", "json"), 0, 3, 4)
        self.read("doctor", node.on("doctor", "--output", "json"), 0, 3, 4)
        exported = node.on("export", "--output", "json")
        if exported.returncode == 0:
            self.read("export", exported)
        for name, words in (("sim-faults", ("faults",)), ("sim-latency", ("latency",)), ("sim-trace", ("trace",)), ("sim-tree", ("tree",)),
                            ("sim-snapshots", ("snapshot",))):
            self.read(name, node.call("sim", *words, node.name, "--output", "json"))
        self.read("sim-list", node.call("sim", "list", "--output", "json"))
        if node.on("cdi", "generate").returncode == 0:
            self.read("cdi-list", node.on("cdi", "list", "--output", "json"))
            self.read("cdi-check", node.on("cdi", "check", "--output", "json"))
        for row in rows:
            if row["kind"] in ("gpu", "ci") and row["uuid"]:
                self.read("resolve", node.on("resolve", row["uuid"], "--output", "json"))
        return rows

    def interrupt(self, node, *words, text=None):
        node.inject("--kill-after", "--nth", "2")
        self.assertEqual(node.on(*words, text=text).returncode, -signal.SIGKILL)

    def test_mig_off(self):
        rows = self.all_views(self.node("2xa100-40gb", mig=False))
        self.assertEqual({(row["mig_mode"], row["mig_pending"]) for row in rows}, {("off", "off")})

    def test_instances_names_clients_and_foreign_instances(self):
        node = self.node("2xa100-40gb")
        lines = self.events(node.apply(document([TRAIN, SMALL]), "--output", "json"), "done")
        created = lines[-1]["created"]
        self.assertEqual([(one["ci"] is None, one["name"]) for one in created],
                         [(True, "train"), (False, "a"), (False, None), (True, "small"), (False, None)])
        self.assertEqual([one for line in lines if line["event"] == "step-done" for one in line["created"]], created)
        self.did(node.smi("mig", "-i", "1", "-cgi", "9", "-C"))
        client = self.client(node, 0, created[0]["gi"])
        node.call("sim", "trace", node.name, "--on")
        node.call("sim", "snapshot", node.name, "before")
        rows = self.all_views(node)
        self.assertIn(client.pid, [row["pid"] for row in rows])
        self.assertIn("others", [row["made_by"] for row in rows])
        used = self.read("who", node.on("who", "--output", "json"))
        self.assertEqual([(row["pid"], row["name"], row["gi"], row["uuid"]) for row in used],
                         [(client.pid, "train/a", created[0]["gi"], created[1]["uuid"])])
        refused = self.events(node.on("destroy", "train", "--output", "json"), "failed", 5)
        self.assertEqual(refused[-1]["cause"], "clients")
        lines = self.events(node.on("destroy", "train", "--force", "--grace", "1", "--output", "json"), "done")
        self.assertEqual([one["pid"] for one in lines[-1]["stopped"]], [client.pid])
        self.assertEqual({one["uuid"] for one in lines[-1]["destroyed"]}, {one["uuid"] for one in created[:3]})
        self.assertEqual([one["device_nodes"] for one in lines[-1]["destroyed"] if one["ci"] is None],
                         [created[0]["device_nodes"]])
        past = self.read("history", node.on("history", "--output", "json"))
        self.assertEqual([one["pid"] for one in past[-1]["stopped"]], [client.pid])
        self.assertEqual([step["kind"] for step in past[-1]["gpus"][0]["steps"]],
                         ["destroy-compute-instance", "destroy-compute-instance", "destroy-gpu-instance"])

    def test_a_kept_layout(self):
        node = self.node("2xa100-40gb")
        layout = document([TRAIN, SMALL], [SMALL])
        layout["gpus"][0] |= {"compute-mode": "exclusive-process", "share": {"time-slice": "short"}}
        self.did(node.on("keep", "-f", "-", text=json.dumps(layout)))
        self.assertIn("missing", [row["state"] for row in self.read("status", node.on("status", "--output", "json"), 3)])
        self.did(node.smi("mig", "-i", "1", "-cgi", "7g.40gb", "-C"))
        self.assertEqual({row["outcome"] for row in self.read("restore", node.on("restore", "--output", "json"), 1)}, {"restored", "unchanged", "failed", "left"})
        self.all_views(node)

    def test_device_nodes_are_those_of_the_node(self):
        node = self.node("2xa100-40gb")
        created = self.events(node.on("create", "3g.20gb", "--gpu", "1", "--output", "json"), "done")[-1]["created"]
        tree = {row["path"]: row for row in json.loads(node.call("sim", "tree", node.name, "--output", "json").stdout)}
        self.assertEqual([one["of"] for one in created[1]["device_nodes"]], ["gpu", "gpu-instance", "compute-instance"])
        found = self.read("resolve", node.on("resolve", created[1]["uuid"], "--output", "json"))["devices"][0]
        self.assertEqual({key: found[key] for key in created[1]}, created[1])
        self.assertEqual(found["mig_index"], 0)
        for one in created[1]["device_nodes"]:
            self.assertEqual((one["major"], one["minor"]), (None, tree[one["path"]]["minor"]), "/proc/devices of the host lists no such device")
        for one, folder in zip(created, (f"gi{created[0]['gi']}", f"gi{created[1]['gi']}/ci{created[1]['ci']}")):
            access = tree[f"/proc/driver/nvidia/capabilities/gpu1/mig/{folder}/access"]["content"]
            self.assertEqual(int(re.search(r"DeviceFileMinor: (\d+)", access)[1]), one["device_nodes"][-1]["minor"])

    def test_inside_the_node(self):
        node = self.node()
        created = self.events(node.on("create", "3g.20gb", "--gpu", "0", "--output", "json"), "done")[-1]["created"]
        ran = node.call("sim", "exec", node.name, "--", self.program, "resolve", created[1]["uuid"], "--output", "json")
        inside = self.read("resolve", ran)["devices"][0]["device_nodes"]
        self.assertEqual([one | {"major": None} for one in inside], created[1]["device_nodes"])
        stat = node.call("sim", "exec", node.name, "--", "stat", "-c", "%n %t %T", *(one["path"] for one in inside)).stdout
        self.assertEqual([f"{one['path']} {one['major']:x} {one['minor']:x}" for one in inside], stat.splitlines())

    def test_every_command_that_changes(self):
        node = self.node("2xa100-40gb", mig=False)
        nothing = self.events(node.on("recover", "--output", "json"), "done")[-1]
        self.assertIsNone(nothing["recovered"])
        done = self.events(node.on("enable", "--gpu", "0", "--output", "json"), "done")[-1]
        self.assertEqual((done["number"], done["created"]), (1, []))
        again = self.events(node.on("enable", "--gpu", "0", "--output", "json"), "done")[-1]
        self.assertIsNone(again["number"])
        self.events(node.on("create", "3g.20gb", "--gpu", "0", "--before", "true", "--after", "true", "--output", "json"), "done")
        self.events(node.on("create", "1g.5gb", "--gpu", "0", "--dry-run", "--output", "json"), "done")
        undone = self.events(node.on("undo", "--output", "json"), "done")[-1]
        self.assertEqual((undone["undoes"], len(undone["destroyed"])), (2, 2))
        self.events(node.on("create", "3g.20gb", "--gpu", "0", "--output", "json"), "done")
        reset = self.events(node.on("reset", "--gpu", "0", "--output", "json"), "done")[-1]
        self.assertEqual(len(reset["destroyed"]), 2)
        self.events(node.on("disable", "--gpu", "0", "--output", "json"), "done")
        self.all_views(node)

    def test_refused_before_it_begins(self):
        node = self.node()
        refused = {
            "usage": node.on("apply", "-f", "-", "--output", "json", text="version: gpuslice/v1\ngpus: [{select: all, oops: 1}]\n"),
            "no-plan": node.on("create", "7g.40gb", "4g.20gb", "--gpu", "0", "--output", "json"),
            "wrong-options": node.on("create", "1g.5gb", "--gpu", "0", "--stop-unit", "a b", "--output", "json"),
        }
        for cause, ran in refused.items():
            self.assertEqual(self.events(ran, "failed", 1, 2, 5)[-1]["cause"], cause)
        for words in (("destroy", "nosuch"), ("destroy", "--all"), ("undo", "--timeout", "0"), ("enable", "--gpu", "9"),
                      ("create", "9g.1gb", "--gpu", "0"), ("create", "1g.5gb", "--gpu", "0", "--name", "a b")):
            for more in ([], ["--dry-run"]):
                self.events(node.on(*words, *more, "--output", "json"), "failed", 1, 2, 5)
        gone = node.call("--node", "sim:nosuch", "apply", "-f", "-", "--output", "json", text=json.dumps(document([SMALL])))
        self.events(gone, "failed", 1)

    def test_failed_and_rolled_back(self):
        node = self.node()
        node.inject("--fail", "INSUFFICIENT_RESOURCES", "--nth", "3")
        lines = self.events(node.apply(document([TRAIN, SMALL]), "--output", "json"), "failed", 1)
        self.assertEqual((lines[-1]["cause"], lines[-1]["restored"]), ("step-failed", "all"))
        self.assertIn("step-failed", [line["event"] for line in lines])

    def test_interrupted_and_recovered(self):
        node = self.node()
        self.interrupt(node, "apply", "-f", "-", text=json.dumps(document([TRAIN, SMALL])))
        self.all_views(node)
        self.assertEqual(self.read("history", node.on("history", "--output", "json"))[-1]["outcome"], "cut-off")
        self.events(node.on("recover", "--dry-run", "--output", "json"), "done")
        self.events(node.on("create", "1g.5gb", "--gpu", "0", "--dry-run", "--output", "json"), "done")
        lines = self.events(node.on("create", "1g.5gb", "--gpu", "0", "--output", "json"), "done")
        self.assertFalse(lines[-1]["recovered"]["complete"])
        self.assertEqual(len(lines[-1]["recovered"]["destroyed"]), 2)

    def test_what_could_not_be_rolled_back(self):
        node = self.node()
        self.interrupt(node, "apply", "-f", "-", text=json.dumps(document([TRAIN])))
        self.client(node, 0, self.gi_at(node, 4))
        failed = self.events(node.on("recover", "--output", "json"), "failed", 1)[-1]
        self.assertEqual((failed["cause"], [one["gpu"] for one in failed["remains"]]), ("cut-off", [0]))
        self.events(node.on("create", "1g.5gb", "--gpu", "0", "--output", "json"), "failed", 5)
        self.events(node.on("create", "1g.5gb", "--gpu", "0", "--dry-run", "--output", "json"), "failed", 5)
        accepted = self.events(node.on("recover", "--accept", "--output", "json"), "done")[-1]
        self.assertEqual(len(accepted["recovered"]["remains"]), 1)

    def test_a_lost_gpu_is_listed_with_its_problem(self):
        node = self.node("3xa100-40gb")
        self.did(node.apply(document([TRAIN])))
        node.inject("--lose", "--gpu", "1")
        node.on("list")
        rows = self.all_views(node, 4)
        lost = [row for row in rows if row["gpu"] == 1]
        self.assertEqual([(row["kind"], row["uuid"], row["problem"] is not None) for row in lost], [("gpu", None, True)])
        self.assertIn("uuid", lost[0]["unknown"])
        self.assertIn("GPU 1  cannot be read: ", node.on("list").stdout)
        self.events(node.on("create", "1g.5gb", "--gpu", "1", "--output", "json"), "failed", 1, 4, 5)
        asked = self.read("assert", node.on("assert", "-f", "-", "--output", "json", text=json.dumps(document(None, [TRAIN]))), 4)
        self.assertEqual((asked["verdict"], asked["reason"]["kind"]), ("unknown", "unknown"))

    def test_differences(self):
        node = self.node()
        self.did(node.apply(document([TRAIN])))
        other = copy.deepcopy(TRAIN) | {"name": "other"}
        other["compute"][0]["name"] = "b"
        ran = node.on("diff", "-", "--output", "json", text=json.dumps(document([other, SMALL], foreign="keep")))
        found = self.read("diff", ran, 3)
        self.assertEqual(found["verdict"], "differs")
        self.assertEqual([(one["kind"], one["state"], one["name"], one["expected"], one["actual"]) for one in found["differences"]],
                         [("gpu-instance", "missing", "small", None, None), ("compute-instance", "missing", None, None, None),
                          ("gpu-instance-name", "different", None, "other", "train"), ("compute-instance-name", "different", None, "b", "a")])
        off = {"version": "gpuslice/v1", "gpus": [{"select": "all", "mig": False}]}
        found = self.read("assert", node.on("assert", "-f", "-", "--output", "json", text=json.dumps(off)), 3)
        self.assertIn(("mig-mode", "different", False, True),
                      [(one["kind"], one["state"], one["expected"], one["actual"]) for one in found["differences"]])
        same = self.read("assert", node.on("assert", "-f", "-", "--output", "json", text=json.dumps(document([TRAIN]))))
        self.assertEqual(same, {"verdict": "matches", "reason": None, "differences": []})

    def test_boards_of_other_generations(self):
        """Boards without MIG, one on which a switch of the mode needs no reset, and one whose display mode hides
        MIG."""
        self.all_views(self.node("a10,t4", None, mig=False))
        node = self.node("h200-141gb", None)
        self.events(node.on("create", "1g.18gb", "--gpu", "0", "--output", "json"), "done")
        self.all_views(node)
        node = Node(self.program, recipe=WORKSTATION)
        self.addCleanup(node.__exit__)
        self.assertEqual([(row["mig_mode"], row["mig_pending"]) for row in self.all_views(node)], [("hidden", None)])
        self.assertEqual(self.events(node.on("enable", "--gpu", "0", "--output", "json"), "failed", 5)[-1]["cause"], "needs-reboot")

    def test_the_catalogue(self):
        node = self.node(mig=False)
        for name, words in (("products", ("products",)), ("doctor-checks", ("doctor", "--list")), ("query-fields", ("query", "--list")), ("profiles-for", ("profiles", "--for", "thor")),
                            ("profiles-for", ("profiles", "--for", "a100")), ("placements-for", ("placements", "--for", "a30")),
                            ("layouts", ("layouts", "--for", "a30")), ("layouts", ("layouts", "--for", "a100", "--count")),
                            ("layouts-need", ("layouts", "--for", "a30", "--need", "6gb")), ("layouts-need", ("layouts", "--for", "a100", "--need", "3g", "--count"))):
            self.read(name, node.call(*words, "--output", "json"))
        self.read("plan", node.call("plan", "-f", "-", "--for", "a100-40gb", "--output", "json", text=json.dumps(document([TRAIN]))))

    def test_every_command_with_json_is_here(self):
        """By the help of each command: one that gains --output json has to gain a schema."""
        known = {"list", "who", "query", "plan", "diff", "assert", "export", "history", "products", "profiles", "placements", "layouts", "resolve", "cdi list", "cdi check", "status", "restore", "doctor",
                 "sim list", "sim faults", "sim latency", "sim trace", "sim tree", "sim snapshot", *EVENTS}
        found = set()

        def visit(words):
            text = self.schemas.run(*words, "--help")
            option = re.search(r"^  --output\b.*(?:\n {20,}.*)*", text, re.M)
            if option and re.search(r"\bjson\b", option[0]):
                found.add(" ".join(words))
            if not words or words in (["sim"], ["cdi"]):
                for name in re.findall(r"^  ([a-z-]+)  +[A-Z]", text, re.M):
                    if name != "smi":
                        visit([*words, name])
        visit([])
        self.assertEqual(found, known)

    @classmethod
    def tearDownClass(cls):
        missing = [name for name in cls.schemas.names if name not in cls.schemas.seen]
        if missing:
            raise AssertionError(f"no document was validated for {missing}")
        damaged = refuse_damage(cls.schemas)
        print(f"{sum(map(len, cls.schemas.seen.values()))} documents of {len(cls.schemas.seen)} outputs, {damaged} damaged ones refused")


def objects(value):
    """Every object in a document except the reasons of a row, whose keys are those of the row."""
    if isinstance(value, dict):
        yield value
        for key, inner in value.items():
            if key != "unknown":
                yield from objects(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from objects(inner)


def refuse_damage(schemas):
    """Adds a key, removes a key, or changes a value to a type that no key has: each must be refused, wherever it is."""
    dice, count = random.Random(7), 0
    for name, documents in schemas.seen.items():
        if name == "export":
            continue  # a layout file: the tests of src/spec check its schema
        for original in dice.sample(documents, min(4, len(documents))):
            for how in ("more", "less", "type"):
                damaged = copy.deepcopy(original)
                inside = [one for one in objects(damaged) if one]
                if not inside:
                    continue
                one = dice.choice(inside)
                key = dice.choice([each for each in one if each != "unknown"])
                if how == "more":
                    one["oops"] = 1
                elif how == "less":
                    del one[key]
                else:
                    one[key] = {"oops": []}
                if not schemas.faults(name, damaged):
                    raise AssertionError(f"{name}: {how} {key} is not detected: {json.dumps(one)[:400]}")
                count += 1
    return count


if __name__ == "__main__":
    if jsonschema is None:
        skip("schemas.outputs", "the Python module jsonschema is missing; try: apt-get install python3-jsonschema")
    main()
