"""The cost of the best plan, found by a search over states: slow, only for small GPUs, and separate from
plan_oracle.py.

It knows only single steps: destroy anything that may be destroyed and is empty, create anything that is legal.
Dijkstra's algorithm finds the least cost with which the target is reached. MIG mode is on before and after.
"""

import heapq

from plan_rules import ci_pinned, ci_site, ci_sites, gi_site, gi_sites, legal, overlap, pinned

# A state is (have the processes on the whole GPU left?, {(site, number before or None, {(site, number before or
# None)})}).


def start(case):
    gis = []
    for n, gi in enumerate(case["before"]["gis"]):
        gis.append((gi_site(gi), n, frozenset((ci_site(ci), m) for m, ci in enumerate(gi["cis"]))))
    return not case["before"].get("busy"), frozenset(gis)


def steps(gpu, case, state):
    """All possible next steps: [(cost, state after)]."""
    left, gis = state
    before, wanted = case["before"]["gis"], case["target"]["gis"]
    somebody = 0 if left else 1

    def swap(old, new):
        return gis - ({old} if old else set()) | ({new} if new else set())

    for entry in gis:
        site, n, cis = entry
        if not cis and (n is None or not pinned(case, before[n])):
            busy = 1 if n is not None and before[n].get("busy") else 0
            yield (busy + somebody, 1, 1), (True, swap(entry, None))
        for ci in cis:
            was = before[n]["cis"][ci[1]] if ci[1] is not None else None
            if was is None or not ci_pinned(case, before[n], was):
                yield (1 if was and was.get("busy") else 0, 1, 1), (left, swap(entry, (site, n, cis - {ci})))
        for name in {ci["profile"] for w in wanted if int(w["profile"]) == site[0] for ci in w["cis"]}:
            for place in ci_sites(gpu, site[0], {"profile": name}):
                if not any(overlap(place, other) for other, _ in cis):
                    yield (0, 0, 1), (left, swap(entry, (site, n, cis | {(place, None)})))
    for profile in {w["profile"] for w in wanted}:
        for site in gi_sites(gpu, {"profile": profile}):
            if legal(gpu, [s for s, _, _ in gis] + [site]):
                yield (somebody, 0, 1), (True, swap(None, (site, None, frozenset())))


def is_target(gpu, case, gis):
    """Whether each wanted instance can be matched to a different existing one, and all others must be kept."""
    before = case["before"]["gis"]

    def take(wanted, there, sites_of, over, match):
        if not wanted:
            return all(over(one) for one in there)
        return any(one[0] in sites_of(wanted[0]) and match(wanted[0], one)
                   and take(wanted[1:], there - {one}, sites_of, over, match) for one in there)

    def full(wanted, gi):
        site, n, cis = gi
        return take(wanted["cis"], cis, lambda w: ci_sites(gpu, site[0], w),
                    lambda ci: ci[1] is not None and ci_pinned(case, before[n], before[n]["cis"][ci[1]]),
                    lambda *_: True)

    def over(gi):
        return gi[1] is not None and pinned(case, before[gi[1]]) and full({"cis": []}, gi)

    return take(case["target"]["gis"], gis, lambda w: gi_sites(gpu, w), over, full)


def cost(gpu, case):
    """The least [busy, stopped, steps], or None if the target cannot be reached."""
    first = start(case)
    best, queue, count = {first: (0, 0, 0)}, [((0, 0, 0), 0, first)], 0
    while queue:
        spent, _, state = heapq.heappop(queue)
        if spent > best[state]:
            continue
        if is_target(gpu, case, state[1]):
            return list(spent)
        for more, after in steps(gpu, case, state):
            total = tuple(map(sum, zip(spent, more)))
            if after not in best or total < best[after]:
                best[after], count = total, count + 1
                heapq.heappush(queue, (total, count, after))
    return None
