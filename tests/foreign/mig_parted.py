#!/usr/bin/env python3
"""NVIDIA's mig-parted, unmodified, on simulated nodes: apply, assert, export, checkpoint and restore.

    python3 tests/foreign/mig_parted.py --bin build/bin/gpuslice [--cache build/foreign] [--soak]

The configurations are those of its example file, and of the file with which its service is installed. The resulting
state is read through NVML and `gpuslice list`.
"""
import json
import os
import re
import stat
from collections import Counter

import foreign
import host
from foreign import OnForeignNode
from support.skip import Missing

MODULE, VERSION = "github.com/NVIDIA/mig-parted", "v0.10.0"
PROGRAM = EXAMPLES = DEFAULTS = None
A100, H100 = "8xa100-40gb", "8xh100-80gb-sxm5"
BALANCED = {"1g.5gb": 2, "2g.10gb": 1, "3g.20gb": 1}
# The result of each configuration of the example file on eight A100-SXM4-40GB: the instances of each GPU, None with MIG
# off.
ON_A100 = {
    "all-disabled": [None] * 8,
    "all-enabled": [{}] * 8,
    "all-1g.5gb": [{"1g.5gb": 7}] * 8,
    "all-1g.5gb.me": [{"1g.5gb+me": 1}] * 8,
    "all-1g.10gb": [{"1g.10gb": 4}] * 8,
    "all-2g.10gb": [{"2g.10gb": 3}] * 8,
    "all-3g.20gb": [{"3g.20gb": 2}] * 8,
    "all-balanced": [BALANCED] * 8,
    "custom-config": [None] * 4 + [{"1g.5gb": 7}, {"2g.10gb": 3}, {"3g.20gb": 2}, BALANCED],
}
# The other configurations use profiles that an H100-80GB does not have.
ON_H100 = {name: ON_A100[name] for name in ("all-disabled", "all-enabled", "all-1g.10gb")}
# For each product: how many of mig-manager's configurations fit, how many of its profiles mig-parted knows, and the
# configuration of the profile with double memory that fails (see test_double_memory_on_hopper).
SHIPPED = {
    "a100-40gb": (10, 7),
    "a100-80gb": (10, 7),
    "a30-24gb": (8, 5),
    "h100-80gb-sxm5": (10, 7),
    "h100-94gb-nvl": (10, 7),
    "h200-141gb": (10, 7),
    "gh200-96gb": (10, 7),
    "b200-180gb": (2, 4),
    "rtx-pro-6000-blackwell-96gb": (3, 4),
}
# One product per generation: the one with the fewest configurations. Without --soak, the two tests that use SHIPPED run
# only on these.
OFTEN = ("a30-24gb", "h100-80gb-sxm5", "rtx-pro-6000-blackwell-96gb")
NOT_APPLIED = "Assertion failure: selected configuration not currently applied"


def wanted_file(node, name, entries):
    """Writes a file in mig-parted's format with one configuration."""
    path = os.path.join(node.home, f"{name}.yaml")
    with open(path, "w", encoding="ascii") as out:
        json.dump({"version": "v1", "mig-configs": {name: entries}}, out)  # JSON is valid YAML
    return path


class MigParted(OnForeignNode):
    def parted(self, node, *words, status=0, **more):
        ran = host.run_as_host(node, [str(PROGRAM), *words], modules=True, **more)
        return self.did(ran, status)

    def node(self, gpus="1xa100-40gb", variant="A", mig=False):
        return super().node(gpus, variant if "a100" in gpus else None, mig)

    def products(self):
        return SHIPPED if self.soak else OFTEN

    def exported(self, node):
        """The output of `export`, for each GPU in the form of ON_A100."""
        said = json.loads(self.parted(node, "export", "-o", "json").stdout)
        self.assertEqual((said["version"], list(said["mig-configs"])), ("v1", ["current"]))
        gpus = [0] * len(self.stands(node))
        for entry in said["mig-configs"]["current"]:
            for gpu in range(len(gpus)) if entry["devices"] == "all" else entry["devices"]:
                self.assertEqual(gpus[gpu], 0, f"GPU {gpu} comes twice")
                gpus[gpu] = Counter(entry["mig-devices"]) if entry["mig-enabled"] else None
        return gpus

    def change_something(self, node, gpu):
        """Changes the state of that GPU with another program."""
        now = self.stands(node)[gpu]
        if now is None:
            self.did(node.on("enable", "--gpu", str(gpu)))
        elif now:
            first = next(row["gi"] for row in self.listed(node) if row["kind"] == "gi" and row["gpu"] == gpu)
            self.did(node.smi("mig", "-dci", "-i", str(gpu), "-gi", str(first)))
            self.did(node.smi("mig", "-dgi", "-i", str(gpu), "-gi", str(first)))
        else:
            self.did(node.on("disable", "--gpu", str(gpu)))
        self.assertNotEqual(self.stands(node)[gpu], now)

    def each_configuration(self, gpus, wanted):
        node = self.node(gpus)
        for name, each in wanted.items():
            with self.subTest(configuration=name):
                words = ("-f", str(EXAMPLES), "-c", name)
                self.assertIn("MIG configuration applied successfully", self.parted(node, "apply", *words).stdout)
                self.assertEqual(self.stands(node), [None if one is None else Counter(one) for one in each])
                for (current, pending), instances in node.shape():
                    self.assertEqual(current, pending)
                    for _, inside in instances:
                        self.assertEqual(len(inside), 1, "one compute instance, which uses the whole GPU instance")
                self.assertIn("currently applied", self.parted(node, "assert", *words).stdout)
                self.did(node.on("assert", *words))  # gpuslice reads the same file and agrees
                self.assertEqual(self.exported(node), self.stands(node))
                before = node.shape()
                self.parted(node, "apply", *words)
                self.assertEqual(node.shape(), before, "applying it again changes nothing")
                self.change_something(node, 7)
                self.assertIn(NOT_APPLIED, self.parted(node, "assert", *words, status=1).stderr)
                self.did(node.on("assert", *words), 3)
                self.assertEqual(self.exported(node), self.stands(node))

    def test_every_name_of_the_example_is_tried(self):
        names = re.findall(r"^  ([^\s:#]+):$", EXAMPLES.read_text(encoding="utf-8"), re.MULTILINE)
        self.assertEqual(names, list(ON_A100))

    def test_every_configuration_on_a100(self):
        self.each_configuration(A100, ON_A100)

    def test_every_configuration_that_fits_h100(self):
        self.each_configuration(H100, ON_H100)

    def test_an_index_beyond_the_node_is_skipped_by_both(self):
        node = self.node("2xa100-40gb")
        path = wanted_file(node, "far", [
            {"devices": [1, 9], "mig-enabled": True, "mig-devices": {"2g.10gb": 2}}, {"devices": [0], "mig-enabled": False}])
        words = ("-f", path, "-c", "far")
        self.parted(node, "apply", *words)
        self.assertEqual(self.stands(node), [None, Counter({"2g.10gb": 2})])
        ran = self.did(node.on("assert", *words))
        self.assertIn("skipped: no GPU has the index 9", ran.stderr)

    def test_mode_only(self):
        for gpus in (A100, H100):
            with self.subTest(gpus=gpus):
                node = self.node(gpus)
                words = ("-f", str(EXAMPLES), "-c", "custom-config")
                self.parted(node, "assert", "-m", *words, status=1)
                self.parted(node, "apply", "-m", *words)
                self.assertEqual(self.stands(node), [None] * 4 + [Counter()] * 4)
                self.parted(node, "assert", "-m", *words)
                self.parted(node, "assert", *words, status=1)

    def test_a_mode_that_is_pending_because_of_a_client_needs_a_reset(self):
        """On Ampere, a client keeps the new mode pending; mig-parted then runs `nvidia-smi -r -i PCI,PCI,...`."""
        node = self.node("2xa100-40gb")
        client = self.client(node, 1, None)
        words = ("apply", "-m", "-f", str(EXAMPLES), "-c", "all-enabled")
        self.parted(node, *words, "--skip-reset")
        self.assertEqual([mode for mode, _ in node.shape()], [(1, 1), (0, 1)])
        refused = self.parted(node, *words, status=1)
        self.assertIn("error resetting all GPUs", refused.stderr)
        self.assertIn("In use by another client", refused.stderr)
        # An nvidia-smi that first ends the client, because in practice services are stopped before mig-parted resets a
        # GPU.
        folder = os.path.join(node.home, "first")
        os.mkdir(folder)
        called = os.path.join(folder, "called")
        script = os.path.join(folder, "nvidia-smi")
        with open(script, "w", encoding="ascii") as out:
            out.write(f'#!/bin/sh\necho "$@" > {called}\nkill {client.pid}\nwhile grep -q "^State:[[:space:]]*[RSDTtI]" /proc/{client.pid}/status 2>/dev/null; do :; done\n'
                      f'exec {node.directory}/bin/nvidia-smi "$@"\n')
        os.chmod(script, stat.S_IRWXU)
        inside = host.run_as_host(node, ["env", f"PATH={folder}:{os.environ['PATH']}", str(PROGRAM), *words], modules=True)
        self.did(inside)
        with open(called, encoding="ascii") as said:
            self.assertEqual(said.read(), "-r -i 0000:07:00.0,0000:0f:00.0\n")
        self.assertEqual([mode for mode, _ in node.shape()], [(1, 1), (1, 1)])

    def test_checkpoint_and_restore(self):
        mixed = {A100: [{"devices": [0, 1, 2], "mig-enabled": True, "mig-devices": BALANCED},
                        {"devices": [3], "mig-enabled": True, "mig-devices": {"1g.5gb+me": 1, "1c.3g.20gb": 3, "2g.10gb": 1}},
                        {"devices": [4, 5, 6, 7], "mig-enabled": False}],
                 H100: [{"devices": [0, 7], "mig-enabled": True, "mig-devices": {"1g.10gb": 2, "2g.20gb": 2}},
                        {"devices": [1, 2], "mig-enabled": True, "mig-devices": {"1c.4g.40gb": 4}},
                        {"devices": [3, 4, 5, 6], "mig-enabled": False}]}
        for gpus, entries in mixed.items():
            with self.subTest(gpus=gpus):
                node = self.node(gpus)
                self.parted(node, "apply", "-f", wanted_file(node, "mixed", entries), "-c", "mixed")
                before = node.shape()
                path = os.path.join(node.home, "state.json")
                self.assertIn("checkpointed successfully", self.parted(node, "checkpoint", "-f", path).stdout)
                self.assertEqual(self.in_checkpoint(path), [(current, sorted((start, size, len(inside)) for (start, size, _), inside in instances))
                                                            for (current, _), instances in before])
                self.parted(node, "apply", "-f", str(EXAMPLES), "-c", "all-disabled")
                self.assertEqual(self.stands(node), [None] * 8)
                self.parted(node, "restore", "-m", "-f", path)
                self.assertEqual(self.stands(node), [None if mode == (0, 0) else Counter() for mode, _ in before])
                self.assertIn("restored successfully", self.parted(node, "restore", "-f", path).stdout)
                self.assertEqual(node.shape(), before)
                node.must("sim", "trace", node.name, "--on")
                self.parted(node, "restore", "-f", path)
                self.assertEqual(json.loads(node.must("sim", "trace", node.name, "--mutating", "--output", "json").stdout), [],
                                 "existing instances are not changed")

    def in_checkpoint(self, path):
        """For each GPU its mode, and the placement and number of compute instances of each GPU instance."""
        with open(path, encoding="utf-8") as text:
            state = json.load(text)
        self.assertEqual(state["Version"], "v1")
        return [(gpu["MigMode"], sorted((gi["Placement"]["Start"], gi["Placement"]["Size"], len(gi["ComputeInstances"]))
                                        for gi in gpu["GpuInstances"] or [])) for gpu in state["MigState"]["Devices"]]

    def test_a_layout_that_does_not_fit_is_refused(self):
        for gpus, profiles in (("2xa100-40gb", {"3g.20gb": 3}), ("2xa100-40gb", {"4g.20gb": 1, "1g.10gb": 3}), ("2xh100-80gb-sxm5", {"1g.10gb": 8})):
            with self.subTest(gpus=gpus, profiles=profiles):
                node = self.node(gpus)
                entries = [{"devices": "all", "mig-enabled": True, "mig-devices": profiles}]
                words = ("-f", wanted_file(node, "large", entries), "-c", "large")
                ran = self.parted(node, "apply", *words, status=1)
                self.assertIn("ERROR_INSUFFICIENT_RESOURCES", ran.stderr)
                self.assertIn("error attempting multiple config orderings: all orderings failed", ran.stderr)
                self.assertEqual(self.stands(node), [Counter(), Counter()],
                                 "mig-parted clears the first GPU and stops before the second")
                self.parted(node, "assert", *words, status=1)
                self.assertNotEqual(node.on("plan", *words).returncode, 0)

    def test_profiles_of_another_product(self):
        """mig-parted ignores a profile that no GPU of the node has (MigConfig.Flatten): it creates nothing and reports
        success, but its assert fails."""
        node = self.node(H100)
        for name in ON_A100:
            if name in ON_H100:
                continue
            with self.subTest(configuration=name):
                words = ("-f", str(EXAMPLES), "-c", name)
                self.parted(node, "apply", *words)
                self.assertEqual(self.stands(node), [None if one is None else Counter() for one in ON_A100[name]])
                self.assertIn(NOT_APPLIED, self.parted(node, "assert", *words, status=1).stderr)
                self.assertNotEqual(node.on("plan", *words).returncode, 0, "gpuslice refuses it")

    def test_the_configurations_that_nvidia_ships(self):
        """The configurations of the mig-manager service on all products: gpuslice can plan exactly those that
        mig-parted can apply."""
        names = re.findall(r"^  ([^\s:#]+):$", DEFAULTS.read_text(encoding="utf-8"), re.MULTILINE)
        self.assertEqual(len(names), 43)
        loop = ('for name; do "$PARTED" apply -f "$FILE" -c "$name" > /dev/null 2>&1; '
                '"$PARTED" assert -f "$FILE" -c "$name" > /dev/null 2>&1 && echo "$name"; done; true')
        for product in self.products():
            fits, _ = SHIPPED[product]
            with self.subTest(product=product):
                node = self.node("1x" + product, mig=True)
                made = self.did(host.run_as_host(node, ["bash", "-c", loop, "bash", *names], modules=True,
                                                 environment={"PARTED": str(PROGRAM), "FILE": str(DEFAULTS)})).stdout.split()
                self.assertEqual(len(made), fits)
                planned = {name for name in names if node.on("plan", "-f", str(DEFAULTS), "-c", name).returncode == 0}
                self.assertEqual(planned, set(made))

    def test_it_names_profiles_as_the_catalogue_does(self):
        """mig-parted derives a profile's name from slices and memory in NVML. It knows no graphics profile, and no
        profile with all media engines."""
        for product in self.products():
            _, profiles = SHIPPED[product]
            with self.subTest(product=product):
                node = self.node("1x" + product, mig=True)
                offered = {row["profile"] for row in json.loads(self.did(node.on("profiles", "--output", "json")).stdout)}
                tried = sorted(name for name in offered if not re.search(r"\+gfx|\+me\.all|-me", name))
                self.assertEqual(len(tried), profiles)
                for name in tried:
                    self.did(node.on("create", name, "--gpu", "0"))
                    self.assertEqual(self.exported(node), [{name: 1}])
                    self.did(node.apply({"version": "gpuslice/v1", "gpus": [{"select": "all", "mig": True, "instances": []}]}))

    def test_devices_by_their_pci_ids(self):
        """A device filter is compared with the ids in /sys/bus/pci/devices; `all` skips a GPU without MIG."""
        node = self.node("1xa100-40gb,1xh100-80gb-sxm5,1xa10-24gb")
        ids = {"0x20B010DE": {"3g.20gb": 2}, "0x233010DE": {"3g.40gb": 2}}
        entries = [{"device-filter": filter_, "devices": "all", "mig-enabled": True, "mig-devices": profiles} for filter_, profiles in ids.items()]
        path = wanted_file(node, "filtered", [*entries, {"device-filter": "0x223610DE", "devices": "all", "mig-enabled": False}])
        self.parted(node, "apply", "-f", path, "-c", "filtered")
        rows = [(row["gpu"], row["profile"]) for row in self.listed(node) if row["kind"] == "gi"]
        self.assertEqual(sorted(rows), [(0, "3g.20gb")] * 2 + [(1, "3g.40gb")] * 2)
        self.parted(node, "assert", "-f", path, "-c", "filtered")


def prepare(cache):
    global PROGRAM, EXAMPLES, DEFAULTS
    why = host.missing()
    if why is not None:
        raise Missing(why)
    PROGRAM = foreign.build_go(cache, "mig_parted", [(MODULE, VERSION)], MODULE + "/cmd/nvidia-mig-parted")
    folder = foreign.module_folder(cache, MODULE, VERSION)
    EXAMPLES, DEFAULTS = folder / "examples" / "config.yaml", folder / "deployments" / "systemd" / "config-default.yaml"
    return f"mig-parted {VERSION}"


if __name__ == "__main__":
    foreign.main("mig_parted", prepare)
