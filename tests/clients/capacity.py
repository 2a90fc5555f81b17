"""Capacity: as many instances of each profile fit as it says, each placement can be used once, and the same holds for
compute instances. Argument: the node's name."""
import pynvml as n
from check import done, equal, refused, true
from node import (INVALID, NO_ROOM, NOT_FOUND, NOT_SUPPORTED, compute_instances, compute_place, compute_placements, compute_profiles, compute_remaining,
                  instances, place, placements, profiles, remaining, switch)


def fill(device, profile, most):
    """Exactly as many instances fit as the profile says; each one decreases the remaining capacity by one."""
    made = []
    for left in range(most, 0, -1):
        equal(remaining(device, profile), left, f"capacity of {profile}")
        made.append(n.nvmlDeviceCreateGpuInstance(device, profile))
    equal(remaining(device, profile), 0, f"capacity of {profile} when full")
    refused(NO_ROOM, n.nvmlDeviceCreateGpuInstance, device, profile)
    infos = [n.nvmlGpuInstanceGetInfo(gi) for gi in made]
    spans = sorted((i.placement.start, i.placement.start + i.placement.size) for i in infos)
    true(all(a[1] <= b[0] for a, b in zip(spans, spans[1:])), f"instances of {profile} do not overlap: {spans}")
    true(all((i.placement.start, i.placement.size) in placements(device, profile) for i in infos),
         "placements are possible")
    equal(len({i.id for i in infos}), most, "ids are different")
    equal([i.id for i in instances(device, profile)], sorted(i.id for i in infos), "listed by id")
    equal([i.profileId for i in instances(device, profile)], [profile] * most, "listed under their profile")
    for gi in reversed(made):
        n.nvmlGpuInstanceDestroy(gi)
    equal((remaining(device, profile), instances(device, profile)), (most, []), "all slices are free again")


def places(device, profile):
    """Each placement can be used exactly once, and it determines the instance's id."""
    ids = {}
    for start, size in placements(device, profile):
        gi = n.nvmlDeviceCreateGpuInstanceWithPlacement(device, profile, place(start, size))
        info = n.nvmlGpuInstanceGetInfo(gi)
        equal((info.placement.start, info.placement.size, info.profileId), (start, size, profile), "as requested")
        ids[start] = info.id
        refused(NO_ROOM, n.nvmlDeviceCreateGpuInstanceWithPlacement, device, profile, place(start, size))
        n.nvmlGpuInstanceDestroy(gi)
    equal(len(set(ids.values())), len(ids), f"every placement of {profile} has its own id")
    for start, size in reversed(placements(device, profile)):
        gi = n.nvmlDeviceCreateGpuInstanceWithPlacement(device, profile, place(start, size))
        equal(n.nvmlGpuInstanceGetInfo(gi).id, ids[start], "the same placement, the same id")
        n.nvmlGpuInstanceDestroy(gi)
    start, size = placements(device, profile)[0]
    for wrong in ((start, size + 1), (start + 1, size) if size > 1 else (63, size), (start, 0), (2**31, size), (start, 2**32 - 1), (256 + start, size)):
        refused(INVALID, n.nvmlDeviceCreateGpuInstanceWithPlacement, device, profile, place(*wrong))


def compute(device, profile):
    """The same checks inside one GPU instance."""
    gi = n.nvmlDeviceCreateGpuInstance(device, profile)
    known = compute_profiles(gi)
    whole = max(known.values(), key=lambda found: found[1].sliceCount)[1]
    equal((whole.sliceCount, whole.instanceCount), (profiles(device)[profile][1].sliceCount, 1), "one profile is the whole instance")
    for id_, (_, info) in known.items():
        equal(compute_remaining(gi, id_), info.instanceCount, f"compute capacity of {id_}")
        made = []
        for left in range(info.instanceCount, 0, -1):
            equal(compute_remaining(gi, id_), left, f"compute capacity of {id_}")
            made.append(n.nvmlGpuInstanceCreateComputeInstance(gi, id_))
        refused(NO_ROOM, n.nvmlGpuInstanceCreateComputeInstance, gi, id_)
        equal([i.id for i in compute_instances(gi, id_)], list(range(info.instanceCount)), "ids from 0, listed in order")
        spans = sorted((i.placement.start, i.placement.start + i.placement.size) for i in compute_instances(gi, id_))
        true(all(a[1] <= b[0] for a, b in zip(spans, spans[1:])), "compute instances do not overlap")
        for ci in made:
            n.nvmlComputeInstanceDestroy(ci)
        for start, size in compute_placements(gi, id_):
            # The larger one-slice profile of Hopper (1_SLICE_REV1) uses the multiprocessors of two slices inside a 2g.
            true(size == info.sliceCount or id_ == n.NVML_COMPUTE_INSTANCE_PROFILE_1_SLICE_REV1,
                 "a placement as large as its profile")
            ci = n.nvmlGpuInstanceCreateComputeInstanceWithPlacement(gi, id_, compute_place(start, size))
            got = n.nvmlComputeInstanceGetInfo(ci)
            equal((got.placement.start, got.placement.size, got.profileId, got.id), (start, size, id_, 0),
                  "as requested")
            equal(n.nvmlGpuInstanceGetInfo(got.gpuInstance).id, n.nvmlGpuInstanceGetInfo(gi).id, "it names its GPU instance")
            equal(n.nvmlDeviceGetIndex(got.device), 0, "and its GPU")
            refused(NO_ROOM, n.nvmlGpuInstanceCreateComputeInstanceWithPlacement, gi, id_, compute_place(start, size))
            n.nvmlComputeInstanceDestroy(ci)
        width = max(size for _, size in compute_placements(gi, id_))
        for wrong in ((0, width + 1), (7, width + 1), (2**31, 1), (300, width)):
            refused(INVALID, n.nvmlGpuInstanceCreateComputeInstanceWithPlacement, gi, id_, compute_place(*wrong))
    missing = next(number for number in range(9) if number not in known)
    refused(NOT_SUPPORTED, n.nvmlGpuInstanceCreateComputeInstance, gi, missing)
    refused(NOT_SUPPORTED, compute_remaining, gi, missing)
    refused(NOT_SUPPORTED, compute_placements, gi, missing)
    refused(NOT_FOUND, n.nvmlGpuInstanceGetComputeInstanceById, gi, 7)
    n.nvmlGpuInstanceDestroy(gi)


def main():
    n.nvmlInit()
    device = n.nvmlDeviceGetHandleByIndex(0)
    equal(switch(device, 1), 0, "MIG on")
    known = profiles(device)
    for profile, (_, info) in known.items():
        fill(device, profile, info.instanceCount)
        places(device, profile)
        compute(device, profile)
    equal(switch(device, 0), 0, "MIG off")
    n.nvmlShutdown()
    print(f"{len(known)} profiles, ", end="")
    done()


if __name__ == "__main__":
    main()
