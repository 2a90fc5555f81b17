"""The best plan there is for one GPU, found by trying every way. What a case is: plan_rules.py.

A way gives each wanted GPU instance a place, and each wanted compute instance a place in it. An instance that stands
at that very place with that very profile is kept, and everything else that gpuslice made goes; under `keep` what it
did not make stays where it is. (Making anew what could be kept costs the same steps and two more, so it is not tried;
plan_search.py, which does try it, agrees.) The best way has the least

    (busy     destroyed instances that a process holds, and 1 when one that is on the whole GPU has to leave,
     stopped  destroyed instances,
     steps    instances destroyed and made, and switches of mode)

compared in this order.
"""

from itertools import combinations

from plan_rules import (NEEDS_DISPLAY, SWITCH_RESETS, ci_pinned, ci_site, ci_sites, gi_site, gi_sites, legal, overlap,
                        pinned, slices, standing)


def add(*costs):
    return tuple(map(sum, zip(*costs)))


def cost_of_destroying(instance):
    return (1 if instance.get("busy") else 0, 1, 1)


MAKE = (0, 0, 1)
NOTHING = (0, 0, 0)


def places(options, fixed):
    """Every way to give each list of sites one of its own, none meeting another or one of `fixed` (but the same)."""
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
    """The least cost of the inside of `wanted` in `gi` (None: still to be made); None: it does not fit."""
    there = {ci_site(ci): ci for ci in gi["cis"]} if gi else {}
    fixed = [s for s, ci in there.items() if ci_pinned(case, gi, ci)]
    best = None
    for chosen in places([ci_sites(slices(gpu, int(wanted["profile"])), w) for w in wanted["cis"]], fixed):
        gone = [cost_of_destroying(ci) for s, ci in there.items() if s not in chosen and s not in fixed]
        cost = add(NOTHING, *gone, *[MAKE for s in chosen if s not in there])
        best = cost if best is None else min(best, cost)
    return best


def cost_of_leaving(case, gi):
    """What a GPU instance costs that is not wanted: all of it, or what gpuslice made in it when it has to stay."""
    gone = [cost_of_destroying(ci) for ci in gi["cis"] if not ci_pinned(case, gi, ci)]
    return add(NOTHING, *gone, *([] if pinned(case, gi) else [cost_of_destroying(gi)]))


def ways(gpu, case):
    """Every way that the rules allow: (cost, does a GPU instance come or go?)."""
    wanted = case["target"]["gis"]
    there = {gi_site(gi): gi for gi in standing(case)}
    fixed = [s for s, gi in there.items() if pinned(case, gi)]
    leaving = {s: cost_of_leaving(case, gi) for s, gi in there.items()}
    known = {}

    def standing_there(n, site):
        if (n, site) not in known:
            cost = inside(gpu, case, there.get(site), wanted[n])
            if cost is not None and site not in there:
                cost = add(cost, MAKE)
            known[n, site] = cost
        return known[n, site]

    options = [[s for s in gi_sites(gpu, w) if standing_there(n, s) is not None] for n, w in enumerate(wanted)]
    for chosen in places(options, fixed):
        if not legal(gpu, chosen + [s for s in fixed if s not in chosen]):
            continue
        unused = [s for s in there if s not in chosen]
        cost = add(NOTHING, *[known[n, s] for n, s in enumerate(chosen)], *[leaving[s] for s in unused])
        yield cost, any(s not in there for s in chosen) or any(s not in fixed for s in unused)


def fits(gpu, case, wanted=None, without=()):
    """Is there a way at all, with only some wanted and some of what stands there gone?"""
    left = [gi for gi in standing(case) if gi["id"] not in without]
    part = case | {"before": case["before"] | {"gis": left}}
    if wanted is not None:
        part["target"] = case["target"] | {"gis": wanted}
    return next(ways(gpu, part), None) is not None


def refusal(gpu, case):
    """Why there is no way: in the way are the fewest instances (how many) without which there is one."""
    wanted, kept = case["target"]["gis"], [gi["id"] for gi in standing(case) if pinned(case, gi)]
    nearest = next(n for n in range(len(wanted) - 1, -1, -1)
                   if any(fits(gpu, case, list(part)) for part in combinations(wanted, n)))
    for n in range(1, len(kept) + 1):
        if any(fits(gpu, case, None, gone) for gone in combinations(kept, n)):
            return {"ok": False, "reason": "in_the_way", "in_the_way": n, "nearest": nearest}
    return {"ok": False, "reason": "too_much", "in_the_way": 0, "nearest": nearest}


def answer(gpu, case):
    """{"ok": true, "cost": [busy, stopped, steps]}, or why not."""
    before, on = case["before"], case["target"]["mig"]
    somebody = 1 if before.get("busy") else 0
    switches = before["mig"] != on
    asked = switches or before.get("pending", before["mig"]) != on
    if not on:
        kept = [gi for gi in standing(case) if pinned(case, gi)]
        if kept:
            return {"ok": False, "reason": "in_the_way", "in_the_way": len(kept), "nearest": 0}
        found = [(add(NOTHING, *[cost_of_leaving(case, gi) for gi in standing(case)]), bool(standing(case)))]
        display = False
    else:
        found = list(ways(gpu, case))
        if not found:
            return refusal(gpu, case)
        display = case.get("board") in NEEDS_DISPLAY and not before.get("compute_display", True)
    leaves = display or (switches and case["product"] in SWITCH_RESETS)
    extra = (0, 0, (2 if display else 0) + (1 if asked else 0))
    best = min(add(cost, extra, (somebody if moves or leaves else 0, 0, 0)) for cost, moves in found)
    return {"ok": True, "cost": list(best)}
