#!/usr/bin/env python3
"""`nvidia-ctk cdi generate` of NVIDIA's container toolkit on simulated nodes: a specification with every MIG device and
its capability devices.

    python3 tests/foreign/nvidia_ctk.py --bin build/bin/gpuslice [--cache build/foreign]

A container that gets a MIG device through this specification has the GPU's device node, the two capability devices of
the instances, and no other NVIDIA device.
"""
import json
import os

import foreign
import host
from foreign import OnForeignNode
from support.skip import Missing

MODULE = "github.com/NVIDIA/nvidia-container-toolkit"
NEW, OLD = "v1.18.0", "v1.17.8"
PROGRAMS = {}


def capability(gpu, gi, ci=None):
    """The capability device of an instance: minor 3 + 135 * GPU + 9 * GI; for a compute instance also + 1 + CI."""
    return f"/dev/nvidia-caps/nvidia-cap{3 + 135 * gpu + 9 * gi + (0 if ci is None else 1 + ci)}"


def nodes(edits):
    return [one["path"] for one in edits.get("deviceNodes", [])]


class NvidiaCtk(OnForeignNode):
    def generate(self, node, version, *words):
        ran = self.did(host.run_as_host(node, [str(PROGRAMS[version]), "cdi", "generate", "--format", "json", *words]))
        return json.loads(ran.stdout)

    def devices(self, spec):
        found = {one["name"]: nodes(one["containerEdits"]) for one in spec["devices"]}
        self.assertEqual(len(found), len(spec["devices"]), "a name twice")
        return found

    def wanted(self, node, with_whole_gpus):
        """The expected devices, from `gpuslice list`: GPUs with MIG off, and MIG devices, each by index and by UUID;
        and `all`."""
        rows, found = self.listed(node), {}
        for row in rows:
            own = [f"/dev/nvidia{row['gpu']}"]
            if row["kind"] == "gpu" and (row["mig_mode"] == "off" or with_whole_gpus):
                found[str(row["gpu"])] = found[row["uuid"]] = own
            if row["kind"] == "ci":
                places = own + [capability(row["gpu"], row["gi"]), capability(row["gpu"], row["gi"], row["ci"])]
                found[f"{row['gpu']}:{row['mig_index']}"] = found[row["uuid"]] = places
        found["all"] = {path for paths in found.values() for path in paths}
        return found

    def compare(self, node, spec, with_whole_gpus):
        self.assertEqual(spec["kind"], "nvidia.com/gpu")
        found, wanted = self.devices(spec), self.wanted(node, with_whole_gpus)
        self.assertEqual(len(found["all"]), len(set(found["all"])))
        found["all"] = set(found["all"])
        self.assertEqual(found, wanted)

    def layout(self, gpus, variant=None):
        """GPU 0 without MIG; on GPU 1 a half with two compute instances, and a small instance; on GPU 2 one instance
        over the whole GPU."""
        node = self.node(gpus, variant, mig=False)
        small, half, whole = ("1g.5gb", "3g.20gb", "7g.40gb") if "a100" in gpus else ("1g.10gb", "3g.40gb", "7g.80gb")
        self.did(node.on("enable", "--gpu", "1,2"))
        self.did(node.on("create", half, "--gpu", "1", "--compute", "1c,2c"))
        self.did(node.on("create", small, "--gpu", "1"))
        self.did(node.on("create", whole, "--gpu", "2"))
        return node

    def test_every_mig_device(self):
        for gpus, variant in (("3xa100-40gb", "A"), ("3xh100-80gb-sxm5", None)):
            for version in (NEW, OLD):
                with self.subTest(gpus=gpus, version=version):
                    node = self.layout(gpus, variant)
                    self.compare(node, self.generate(node, version), with_whole_gpus=version == OLD)

    def test_what_every_container_gets(self):
        node = self.layout("3xa100-40gb", "A")
        driver = self.did(node.smi("--query-gpu=driver_version", "--format=csv,noheader")).stdout.split()[0]
        edits = self.generate(node, NEW)["containerEdits"]
        self.assertLessEqual({"/dev/nvidiactl", "/dev/nvidia-uvm", "/dev/nvidia-uvm-tools"}, set(nodes(edits)))
        self.assertLessEqual(set(nodes(edits)), {"/dev/nvidiactl", "/dev/nvidia-uvm", "/dev/nvidia-uvm-tools", "/dev/nvidia-modeset"})
        mounts = {one["hostPath"] for one in edits["mounts"]}
        # The libraries are found through the loader's cache, as on a host.
        self.assertLessEqual({f"{node.directory}/lib/libcuda.so.{driver}", f"{node.directory}/lib/libnvidia-ml.so.{driver}",
                              f"{node.directory}/bin/nvidia-smi"}, mounts)

    def test_the_devices_are_those_of_the_driver(self):
        """Each device node of the specification is a character device with the number that the driver assigns to it."""
        node = self.layout("3xa100-40gb", "A")
        spec = self.generate(node, NEW)
        paths = sorted({path for one in spec["devices"] for path in nodes(one["containerEdits"])} | set(nodes(spec["containerEdits"])))
        said = self.did(host.run_as_host(node, ["stat", "-c", "%n %F %Hr %Lr", *paths])).stdout.splitlines()
        rows = json.loads(self.did(node.call("sim", "tree", node.name, "--output", "json")).stdout)
        numbers = {row["path"]: (row["major"], row["minor"]) for row in rows if row["kind"] == "device"}
        self.assertEqual(said, [f"{path} character special file {numbers[path][0]} {numbers[path][1]}" for path in paths])

    def test_it_follows_changes(self):
        node = self.layout("3xa100-40gb", "A")
        before = self.devices(self.generate(node, NEW))
        gi = next(row for row in self.listed(node) if row["kind"] == "gi" and row["profile"] == "1g.5gb")["gi"]
        for words in (("-dci", "-i", "1", "-gi", str(gi)), ("-dgi", "-i", "1", "-gi", str(gi))):
            self.did(node.smi("mig", *words))
        spec = self.generate(node, NEW)
        self.compare(node, spec, with_whole_gpus=False)
        self.assertLess(set(self.devices(spec)), set(before))
        gone = set(before["all"]) - set(self.devices(spec)["all"])
        self.assertEqual(gone, {capability(1, gi), capability(1, gi, 0)})

    def test_management(self):
        """The specification for a container that manages the driver: all devices, including `mig/config` and
        `mig/monitor`."""
        node = self.layout("3xa100-40gb", "A")
        spec = self.generate(node, NEW, "--mode", "management")
        everything = self.wanted(node, with_whole_gpus=True)["all"]
        self.assertEqual(set(self.devices(spec)["all"]) - {"/dev/nvidia-modeset"}, everything
                         | {"/dev/nvidiactl", "/dev/nvidia-uvm", "/dev/nvidia-uvm-tools", "/dev/nvidia-caps/nvidia-cap1", "/dev/nvidia-caps/nvidia-cap2"})

    def links(self, node, version, *words):
        """{number: path} of the links that `nvidia-ctk system create-dev-char-symlinks` creates for runc."""
        folder = os.path.join(node.home, "char" + "".join(words))
        os.mkdir(folder)
        self.did(host.run_as_host(node, [str(PROGRAMS[version]), "system", "create-dev-char-symlinks", "--dev-char-path", folder, *words]))
        return {name: os.readlink(os.path.join(folder, name)) for name in os.listdir(folder)}

    def test_links_of_the_devices(self):
        node = self.layout("3xa100-40gb", "A")
        rows = json.loads(self.did(node.call("sim", "tree", node.name, "--output", "json")).stdout)
        numbers = {f"{row['major']}:{row['minor']}": row["path"] for row in rows if row["kind"] == "device"}
        self.assertEqual(self.links(node, NEW), numbers)
        # Links of all possible instances, from /proc/devices, the PCI devices and mig-minors. (The newer version
        # refuses its own option.)
        every = self.links(node, OLD, "--create-all")
        self.assertLessEqual(numbers.items(), every.items())
        major = next(number.split(":")[0] for number, path in numbers.items() if path == "/dev/nvidia-caps/nvidia-cap1")
        self.assertEqual({path for number, path in every.items() if number.startswith(f"{major}:")},
                         {f"/dev/nvidia-caps/nvidia-cap{minor}" for minor in range(1, 3 + 3 * 135)})

    def test_a_full_node(self):
        """The largest minors: seven instances on each of eight GPUs."""
        node = self.node("8xa100-40gb", "A")
        self.did(node.on("create", "1g.5gb", "--gpu", "all", "--count", "7"))
        spec = self.generate(node, NEW)
        self.compare(node, spec, with_whole_gpus=False)
        self.assertEqual(len(self.devices(spec)), 2 * 56 + 1)


def prepare(cache):
    why = host.missing()
    if why is not None:
        raise Missing(why)
    for version in (NEW, OLD):
        PROGRAMS[version] = foreign.build_go(cache, f"nvidia_ctk-{version}", [(MODULE, version)], MODULE + "/cmd/nvidia-ctk")
    return f"nvidia-container-toolkit {NEW} and {OLD}"


if __name__ == "__main__":
    foreign.main("nvidia_ctk", prepare)
