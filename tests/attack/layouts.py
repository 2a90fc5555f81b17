"""Random layouts for two A100 40GB of board variant A, and the expected state after each, from the table in eye.py."""

from eye import COMPUTE, PROFILES


def random_gpu(rng, tag):
    """Instances of one GPU, placed without overlap."""
    seats = [(name, start) for name, (_, _, _, starts) in PROFILES.items() for start in starts]
    rng.shuffle(seats)
    taken, slices, chosen = set(), 0, []
    for name, start in seats[:rng.randint(0, 9)]:
        _, size, compute, _ = PROFILES[name]
        place = set(range(start, start + size))
        if taken & place or slices + compute > 7:
            continue
        taken |= place
        slices += compute
        one = {"profile": name, "placement": f"{start}:{size}"}
        if rng.random() < 0.6:
            one["name"] = f"{tag}{start}"
        if rng.random() < 0.2:
            one["compute"] = []
        elif rng.random() < 0.3:
            one["compute"] = [{"profile": "1c"}] * rng.randint(1, compute)
        chosen.append(one)
    return chosen


def random_layout(rng, tag):
    gpus = [{"select": {"index": index}, "mig": True, "instances": random_gpu(rng, f"{tag}{index}-")} for index in range(2)]
    return {"version": "gpuslice/v1", "gpus": gpus}


def expected(layout):
    """The state of the node after the layout was applied, but only with the profiles of compute instances."""
    result = []
    for gpu in layout["gpus"]:
        found = []
        for one in gpu["instances"]:
            number, size, slices, _ = PROFILES[one["profile"]]
            inside = [COMPUTE[1]] * len(one["compute"]) if "compute" in one else [COMPUTE[slices]]
            found.append([number, int(one["placement"].split(":")[0]), size, inside])
        result.append([1, sorted(found)])
    return result


def names_in(layout):
    return sorted([index, one["placement"], one["name"]] for index, gpu in enumerate(layout["gpus"])
                  for one in gpu["instances"] if "name" in one)


def without_places(shape):
    return shape and [[mode, [[*gi[:3], sorted(ci[0] for ci in gi[3])] for gi in found]] for mode, found in shape]
