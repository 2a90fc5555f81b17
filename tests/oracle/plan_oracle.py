"""The best plan for one GPU, found by exhaustive search. plan_rules.py defines a case.

A candidate gives each wanted GPU instance a placement, and each wanted compute instance a placement in it. An existing
instance with exactly that placement and profile is kept, and everything else that gpuslice created is destroyed; with
`keep`, instances that gpuslice did not create stay where they are. (Recreating an instance that could be kept costs two
more steps, so it is not tried; plan_search.py, which tries it, finds the same costs.) The best candidate has the least
    (busy     destroyed instances that processes hold, plus 1 if processes on the whole GPU must leave before a GPU
              instance can be created or destroyed (plus their number, if a mode switch or reboot ends them),
     stopped  destroyed instances,
     steps    instances destroyed and created, and mode switches)

compared in this order. Among equals the planner guarantees the one that

    keeps the most names where they are, then
    leaves most room: how many more of each profile fit, large profiles first, then
    uses the lowest placements, in the order of the wanted instances,

so there is exactly one right answer.
"""

from itertools import combinations

from plan_rules import (NEEDS_DISPLAY, SWITCH_RESETS, ci_pinned, ci_site, ci_sites, gi_site, gi_sites, legal, overlap,
                        pinned, room, standing)


def add(*costs):
    return tuple(map(sum, zip(*costs)))


# A cost: busy, stopped, steps, and how many kept instances get another name or were not created by gpuslice.

def cost_of_destroying(instance):
    return 1 if instance.get("busy") else 0, 1, 1, 0


def cost_of_keeping(instance, wanted):
    return 0, 0, 0, 0 if instance["made"] and instance.get("name", "") == wanted.get("name", "") else 1


MAKE = (0, 0, 1, 0)
NOTHING = (0, 0, 0, 0)


def places(options, fixed):
    """Every way to choose one site from each list without overlap. A chosen site may equal one of `fixed`, but must not
    otherwise overlap it."""
    def rest(n, taken):
        if n == len(options):
            yield list(taken)
            return
        for site in options[n]:
            if any(overlap(site, other) for other in taken) or any(overlap(site, f) and site != f for f in fixed):
                continue
            taken.append(site)
            yield from rest(n + 1, taken)
            taken.pop()
    return rest(0, [])


def inside(gpu, case, gi, wanted):
    """(least cost, starts) of the compute instances of `wanted` in `gi` (None: not created yet). Returns None if they
    do not fit."""
    there = {ci_site(ci): ci for ci in gi["cis"]} if gi else {}
    fixed = [s for s, ci in there.items() if ci_pinned(case, gi, ci)]
    best = None
    for chosen in places([ci_sites(gpu, int(wanted["profile"]), w) for w in wanted["cis"]], fixed):
        gone = [cost_of_destroying(ci) for s, ci in there.items() if s not in chosen and s not in fixed]
        had = [cost_of_keeping(there[s], w) if s in there else MAKE for s, w in zip(chosen, wanted["cis"])]
        this = add(NOTHING, *gone, *had), [start for _, start, _ in chosen]
        best = this if best is None else min(best, this)
    return best


def cost_of_leaving(case, gi):
    """The cost of removing an unwanted GPU instance, or, if it must be kept, the compute instances that gpuslice
    created in it."""
    gone = [cost_of_destroying(ci) for ci in gi["cis"] if not ci_pinned(case, gi, ci)]
    return add(NOTHING, *gone, *([] if pinned(case, gi) else [cost_of_destroying(gi)]))


def ways(gpu, case):
    """Every candidate that the rules allow: (cost, whether a GPU instance is created or destroyed, all sites, [(start,
    [start])])."""
    wanted = case["target"]["gis"]
    there = {gi_site(gi): gi for gi in standing(case)}
    fixed = [s for s, gi in there.items() if pinned(case, gi)]
    leaving = {s: cost_of_leaving(case, gi) for s, gi in there.items()}
    having = {}  # (index of the wanted instance, site) -> (cost, starts of its compute instances)
    for n, one in enumerate(wanted):
        for site in gi_sites(gpu, one):
            within = inside(gpu, case, there.get(site), one)
            if within is not None:
                itself = cost_of_keeping(there[site], one) if site in there else MAKE
                having[n, site] = add(within[0], itself), within[1]
    options = [[s for s in gi_sites(gpu, one) if (n, s) in having] for n, one in enumerate(wanted)]
    for chosen in places(options, fixed):
        end = chosen + [s for s in fixed if s not in chosen]
        if not legal(gpu, end):
            continue
        had = [having[n, s] for n, s in enumerate(chosen)]
        unused = [s for s in there if s not in chosen]
        cost = add(NOTHING, *[cost for cost, _ in had], *[leaving[s] for s in unused])
        moves = any(s not in there for s in chosen) or any(s not in fixed for s in unused)
        yield cost, moves, end, [[site[1], starts] for site, (_, starts) in zip(chosen, had)]


def fits(gpu, case, wanted=None, without=()):
    """Whether there is a candidate if only `wanted` is wanted and the instances `without` do not exist."""
    left = [gi for gi in standing(case) if gi["id"] not in without]
    part = case | {"before": case["before"] | {"gis": left}}
    if wanted is not None:
        part["target"] = case["target"] | {"gis": wanted}
    return next(ways(gpu, part), None) is not None


def refusal(gpu, case):
    """Why there is no candidate: the smallest number of instances that are in the way, and the largest part of the
    target that fits, in which earlier instances are preferred."""
    wanted, kept = case["target"]["gis"], [gi["id"] for gi in standing(case) if pinned(case, gi)]
    nearest = next([one["profile"] for one in part] for n in range(len(wanted) - 1, -1, -1)
                   for part in combinations(wanted, n) if fits(gpu, case, list(part)))
    for n in range(1, len(kept) + 1):
        if any(fits(gpu, case, None, gone) for gone in combinations(kept, n)):
            return {"ok": False, "reason": "in_the_way", "in_the_way": n, "nearest": nearest}
    return {"ok": False, "reason": "too_much", "in_the_way": 0, "nearest": nearest}


def answer(gpu, case):
    """{"ok": true, "cost": [busy, stopped, steps], "places": [[start, [start inside...]]...]}, or the refusal."""
    before, on = case["before"], case["target"]["mig"]
    switches = before["mig"] != on
    asked = switches or before.get("pending", before["mig"]) != on
    if not on:
        kept = [gi for gi in standing(case) if pinned(case, gi)]
        if kept:
            return {"ok": False, "reason": "in_the_way", "in_the_way": len(kept), "nearest": []}
        found = [(add(NOTHING, *[cost_of_leaving(case, gi) for gi in standing(case)]), bool(standing(case)), [], [])]
        display = False
    else:
        found = list(ways(gpu, case))
        if not found:
            return refusal(gpu, case)
        display = case.get("board") in NEEDS_DISPLAY and not before.get("compute_display", True)
    everybody = display or (switches and case["product"] in SWITCH_RESETS)
    extra = 0, 0, (2 if display else 0) + (1 if asked else 0), 0

    # Processes on the whole GPU: a reset ends each of them; changes of GPU instances are possible only without them.
    def leaving(moves):
        here = len(before.get("busy", []))
        return here if everybody else min(here, 1) if moves else 0, 0, 0, 0
    found = [(add(cost, extra, leaving(moves)), end, starts) for cost, moves, end, starts in found]
    least = min(cost for cost, _, _ in found)
    ties = [(end, starts) for cost, end, starts in found if cost == least]
    _, starts = min(([-n for n in room(gpu, end)], starts) for end, starts in ties)
    return {"ok": True, "cost": list(least[:3]), "places": starts}
