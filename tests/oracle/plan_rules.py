"""What the plan oracle takes for the rules: a case in words of tuples, and what may stand beside what.

A case is JSON, one line, and so is what tests/oracle/plan_cases.cpp reads:

    {"product": "a100-40gb", "before": {"mig": true, "busy": [], "gis": [GI...]}, "foreign": "keep",
     "target": {"mig": true, "gis": [WANTED...]}}
    GI      {"id": 2, "profile": "9", "start": 0, "size": 4, "made": true, "busy": [], "cis": [CI...]}
    CI      {"profile": "1c", "start": 0, "size": 1, "made": true, "busy": [4711]}
    WANTED  {"profile": "9", "start": 4, "cis": [{"profile": "3c"}]}       without start: anywhere

`busy` are the processes that hold it (of `before`: those on the whole GPU); `made`: by gpuslice. Each may have a
"name". A case may name a "board"; `before` may say "pending" (MIG mode that waits) and "compute_display".

GPU instances follow the recorded text. Of compute instances no list of places is recorded, so they follow the rule of
aligned halves and quarters: see COMPUTE.
"""

import re
from functools import lru_cache

import layouts

# Compute slices of a GPU instance -> {slices of a compute instance: its starts}. Which sizes there are stands in
# recorded `-lcip` lists of 1g, 2g, 3g and 4g; the places, and all of 7g, follow from their numbers (4g holds two 2c,
# 3g one).
COMPUTE = {
    1: {1: [0]},
    2: {1: [0, 1], 2: [0]},
    3: {1: [0, 1, 2], 2: [0], 3: [0]},
    4: {1: [0, 1, 2, 3], 2: [0, 2], 4: [0]},
    7: {1: [0, 1, 2, 3, 4, 5, 6], 2: [0, 2, 4], 3: [0, 4], 4: [0], 7: [0]},
}

# Where switching MIG mode resets the GPU (MIG user guide: Ampere), so that nobody may be on it.
SWITCH_RESETS = {"a100-40gb", "a30-24gb"}
# Boards that have MIG in the compute display mode only.
NEEDS_DISPLAY = {"NVIDIA RTX PRO 6000 Blackwell Workstation Edition",
                 "NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition"}


def slices(gpu, gi_profile):
    """Compute slices of a GPU instance profile: the number before the g of its name."""
    return int(gpu.profiles[gi_profile].name.split("g")[0])


def overlap(a, b):
    """Do two (…, start, size) meet?"""
    return a[-2] < b[-2] + b[-1] and b[-2] < a[-2] + a[-1]


def gi_site(gi):
    return int(gi["profile"]), gi["start"], gi["size"]


def ci_site(ci):
    return int(ci["profile"].rstrip("c")), ci["start"], ci["size"]


def gi_sites(gpu, wanted):
    """Every (profile, start, size) where a wanted GPU instance may stand."""
    profile = gpu.profiles[int(wanted["profile"])]
    return [(profile.id, s, profile.size) for s in profile.starts if wanted.get("start", s) == s]


def ci_sites(gi_slices, wanted):
    size = int(wanted["profile"].rstrip("c"))
    return [(size, s, size) for s in COMPUTE[gi_slices].get(size, []) if wanted.get("start", s) == s]


@lru_cache(maxsize=None)
def legal_set(gpu_key, sites):
    return layouts.legal(GPUS[gpu_key], sites)


GPUS = {}  # key -> Gpu, for the cache above


def legal(gpu, sites):
    """May all these GPU instances stand at once? `sites` may not hold one twice."""
    GPUS[gpu.key] = gpu
    return len(set(sites)) == len(sites) and legal_set(gpu.key, frozenset(sites))


# Profiles of one size follow each other as in nvml.h, whatever their slices.
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
    """How many more of each profile fit beside these, large profiles first."""
    GPUS[gpu.key] = gpu
    return room_beside(gpu.key, frozenset(sites))


def pinned(case, gi):
    """Has this GPU instance to stay? gpuslice did not make it, or not all that is in it."""
    return case["foreign"] == "keep" and not (gi["made"] and all(ci["made"] for ci in gi["cis"]))


def ci_pinned(case, gi, ci):
    return case["foreign"] == "keep" and not (gi["made"] and ci["made"])


def standing(case):
    """With MIG off nothing stands."""
    return case["before"]["gis"] if case["before"]["mig"] else []
