"""Which GPU instance id, and so which placement, the driver chooses if none is given: a separate simulation.

An id encodes a memory class and a position among eight nested slices. Among the ids that are possible for a profile,
the driver chooses the one that leaves the most ids usable, summed over all profiles, and among equals the lowest one. A
one-slice profile with double memory gets the last placement only if no other is left. The rule was inferred from the
public transcripts below and matches all of them; it was not read in source code.
"""

# The slices of each id: one whole, two halves, four quarters, eight eighths.
SLICES = {0: range(8)} | {1 + i: range(4 * i, 4 * i + 4) for i in range(2)}
SLICES |= {3 + i: range(2 * i, 2 * i + 2) for i in range(4)} | {7 + i: range(i, i + 1) for i in range(8)}


def site_of(gpu, variant, gi_id):
    """(start, size) of an id in the placement grid. Board variant B is the mirror image of A: its halves are
    swapped."""
    first, count = SLICES[gi_id][0], len(SLICES[gi_id])
    if variant == "B" and count < 8:
        first = (first + 4) % 8
    return first * gpu.grid // 8, count * gpu.grid // 8


def ids_of(gpu, variant, profile):
    """{id: start} of all ids that are possible for a profile."""
    places = {(s, profile.size) for s in profile.starts}
    return {i: site_of(gpu, variant, i)[0] for i in SLICES if site_of(gpu, variant, i) in places}


def usable(gpu, variant, profile, taken):
    busy = {s for i in taken for s in SLICES[i]}
    return [i for i in ids_of(gpu, variant, profile) if not busy & set(SLICES[i])]


def choose(gpu, variant, profile_id, taken):
    """The id for a new instance of `profile_id` if the ids in `taken` are in use, or None if no placement is left."""
    profile = gpu.profiles[profile_id]
    room = usable(gpu, variant, profile, taken)
    last = {i for i in room if (gpu.grid, profile.size) == (8, 2) and ids_of(gpu, variant, profile)[i] == 6}
    left = {i: sum(len(usable(gpu, variant, p, taken + [i])) for p in gpu.profiles.values()) for i in room}
    return min(room, key=lambda i: (i in last, -left[i], i), default=None)


def create(gpu, variant, order):
    """The ids of instances created in this order. The list ends with None at the first instance that does not fit."""
    taken = []
    for profile_id in order:
        taken.append(choose(gpu, variant, profile_id, taken))
        if taken[-1] is None:
            break
    return taken


# Creation orders observed on real boards: (product, NVML name or None, board variant, profile ids, instance ids,
# source).
SEQUENCES = [
    ("a100-80gb", "NVIDIA A100 80GB PCIe", "B", [19] * 7, [9, 7, 8, 11, 12, 13, 14], "transcripts, R515 and R570"),
    ("a100-40gb", None, "A", [9, 9], [2, 1], "MIG user guide"),
    ("a100-40gb", None, "A", [19, 14, 5], [13, 5, 1], "MIG user guide"),
    ("a100-40gb", None, "A", [19, 19, 14, 9], [13, 11, 3, None], "MIG user guide: then Insufficient Resources"),
    ("a100-40gb", None, "A", [14, 19, 19, 19, 19, 19], [5, 13, 7, 8, 9, 10], "MIG user guide"),
    ("a100-40gb", None, "B", [5, 14, 19], [2, 3, 9], "tests/replay/expected/28-lgi.txt, 45-lgi-1.txt and a transcript"),
    ("a100-80gb", None, "B", [9, 9], [1, 2], "transcript"),
    ("a100-80gb", "NVIDIA A100-SXM4-80GB", "A", [19, 19], [13, 11], "a cloud provider's document"),
    ("h100-80gb-sxm5", None, "A", [15], [5], "blog"),
    ("h100-94gb-nvl", None, "A", [14, 14, 14, 19], [5, 3, 4, 13], "tests/replay/expected/70-lgi.txt"),
    ("a100-80gb", "NVIDIA A100-SXM4-80GB", "B", [14, 14, 19], [3, 5, 9], "transcript"),
    ("rtx-pro-6000-blackwell-96gb", None, None, [14] * 4, [3, 4, 5, 6], "transcript"),
]

# First choices on an empty GPU: (product, board variant, {profile id: (instance id, start)}).
FIRST_CHOICES = [
    ("a100-40gb", "A", {19: (13, 6), 15: (5, 4), 14: (5, 4), 9: (2, 4), 5: (1, 0), 0: (0, 0)}),
    ("a100-40gb", "B", {19: (9, 6), 14: (3, 4), 9: (1, 4), 5: (2, 0), 0: (0, 0)}),
    ("a30-24gb", None, {14: (3, 0), 5: (1, 0), 0: (0, 0)}),
    ("rtx-pro-6000-blackwell-96gb", None, {14: (3, 0), 5: (1, 0), 0: (0, 0)}),
]

# The placements of every id on a board: (product, board variant, {profile id: {start: instance id}}).
MAPS = [
    ("a100-40gb", "A", {0: {0: 0}, 5: {0: 1}, 9: {0: 1, 4: 2}, 14: {0: 3, 2: 4, 4: 5}, 15: {0: 3, 2: 4, 4: 5, 6: 6},
                        19: {s: 7 + s for s in range(7)}, 20: {s: 7 + s for s in range(7)}}),
    ("a100-40gb", "B", {0: {0: 0}, 5: {0: 2}, 9: {0: 2, 4: 1}, 14: {0: 5, 2: 6, 4: 3}, 15: {0: 5, 2: 6, 4: 3, 6: 4},
                        19: {0: 11, 1: 12, 2: 13, 3: 14, 4: 7, 5: 8, 6: 9}}),
    ("h100-94gb-nvl", "A", {9: {0: 1, 4: 2}, 14: {0: 3, 2: 4, 4: 5}}),
    ("a30-24gb", None, {0: {0: 0}, 5: {0: 1, 2: 2}, 6: {0: 1, 2: 2}, 14: {0: 3, 1: 4, 2: 5, 3: 6}}),
    ("rtx-pro-6000-blackwell-96gb", None, {0: {0: 0}, 32: {0: 0}, 5: {0: 1, 6: 2}, 64: {0: 1, 6: 2},
                                           14: {0: 3, 3: 4, 6: 5, 9: 6}, 67: {0: 3, 3: 4, 6: 5, 9: 6}}),
]

# For each product without a recording, a recorded one with the same grid, placements and profile ids.
LIKE = {"a100-80gb": "a100-40gb", "h100-80gb-sxm5": "h200-141gb"}
