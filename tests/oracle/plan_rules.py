"""The rules of the plan oracle: how a case is represented, and which instances may exist together.

A case is one line of JSON, which tests/oracle/plan_cases.cpp reads too:

    {"product": "a100-40gb", "before": {"mig": true, "busy": [], "gis": [GI...]}, "foreign": "keep",
     "target": {"mig": true, "gis": [WANTED...]}}
    GI      {"id": 2, "profile": "9", "start": 0, "size": 4, "made": true, "busy": [], "cis": [CI...]}
    CI      {"profile": "1c", "start": 0, "size": 1, "made": true, "busy": [4711]}
    WANTED  {"profile": "9", "start": 4, "cis": [{"profile": "3c"}]}       without start: anywhere

`busy` lists the processes that hold the instance (in `before`: those on the whole GPU); `made` is true if gpuslice
created it. Each instance may have a "name". A case may have a "board"; `before` may have "pending" (MIG mode after the
next reset) and "compute_display".

The rules of GPU instances come from the text in recordings/. There is no recording of placements of compute instances,
so they follow the rule in NVIDIA's open kernel modules: see compute_starts.
"""

import re
from functools import lru_cache

import layouts

# Compute slices of a GPU instance -> the possible sizes of its compute instances in slices, as in the `-lcip` output of
# tests/replay/expected (7g: by the same rule).
COMPUTE_SIZES = {1: [1], 2: [1, 2], 3: [1, 2, 3], 4: [1, 2, 4], 7: [1, 2, 3, 4, 7]}
# GPUs with the larger one-slice compute profile place compute instances in aligned slots, all others at every slice
# where they fit (open-gpu-kernel-modules 595.45, kernel_mig_manager.c, kmigmgrComputeProfileGetCapacity; an A100 80GB
# PCIe created a 2c at slice 1 of a 3g). A 3c uses a slot of four.
ALIGNED = {"h100-94gb-nvl", "h200-141gb"}


def compute_starts(gpu, gi_slices, size):
    step = {1: 1, 2: 2}.get(size, 4) if gpu.key in ALIGNED else 1
    return list(range(0, gi_slices - size + 1, step)) if size in COMPUTE_SIZES[gi_slices] else []

# Products on which switching MIG mode resets the GPU (NVIDIA MIG User Guide: Ampere), so no process may hold it.
SWITCH_RESETS = {"a100-40gb", "a30-24gb"}
# Boards that have MIG only in the compute display mode.
NEEDS_DISPLAY = {"NVIDIA RTX PRO 6000 Blackwell Workstation Edition",
                 "NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition"}


def slices(gpu, gi_profile):
    """Compute slices of a GPU instance profile: the number before the g of its name."""
    return int(gpu.profiles[gi_profile].name.split("g")[0])


def overlap(a, b):
    """Whether two (…, start, size) overlap."""
    return a[-2] < b[-2] + b[-1] and b[-2] < a[-2] + a[-1]


def gi_site(gi):
    return int(gi["profile"]), gi["start"], gi["size"]


def ci_site(ci):
    return int(ci["profile"].rstrip("c")), ci["start"], ci["size"]


def gi_sites(gpu, wanted):
    """Every (profile, start, size) that is possible for a wanted GPU instance."""
    profile = gpu.profiles[int(wanted["profile"])]
    return [(profile.id, s, profile.size) for s in profile.starts if wanted.get("start", s) == s]


def ci_sites(gpu, gi_profile, wanted):
    size = int(wanted["profile"].rstrip("c"))
    starts = compute_starts(gpu, slices(gpu, gi_profile), size)
    return [(size, s, size) for s in starts if wanted.get("start", s) == s]


@lru_cache(maxsize=None)
def legal_set(gpu_key, sites):
    return layouts.legal(GPUS[gpu_key], sites)


GPUS = {}  # key -> Gpu, for the cache above


def legal(gpu, sites):
    """Whether all these GPU instances may exist at the same time. `sites` must not contain duplicates."""
    GPUS[gpu.key] = gpu
    return len(set(sites)) == len(sites) and legal_set(gpu.key, frozenset(sites))


# The order of profiles of the same size, as in nvml.h.
SUFFIXES = ["", "+me", "+gfx", "-me", "+me.all"]


@lru_cache(maxsize=None)
def room_beside(gpu_key, sites):
    gpu = GPUS[gpu_key]

    def order(profile):
        suffix = re.sub(r"^[^+-]*", "", profile.name)
        return -slices(gpu, profile.id), -float(profile.gib), SUFFIXES.index(suffix)
    left = layouts.free(gpu, sites)
    return [left[p.id] for p in sorted(gpu.profiles.values(), key=order)]


def room(gpu, sites):
    """How many more of each profile fit in addition to these sites, large profiles first."""
    GPUS[gpu.key] = gpu
    return room_beside(gpu.key, frozenset(sites))


def pinned(case, gi):
    """Whether this GPU instance must be kept because another program created it or something in it."""
    return case["foreign"] == "keep" and not (gi["made"] and all(ci["made"] for ci in gi["cis"]))


def ci_pinned(case, gi, ci):
    return case["foreign"] == "keep" and not (gi["made"] and ci["made"])


def standing(case):
    """The GPU instances before the plan; none with MIG off."""
    return case["before"]["gis"] if case["before"]["mig"] else []
