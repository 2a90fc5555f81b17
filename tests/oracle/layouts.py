"""Every legal MIG layout of a GPU, by brute force.

A layout is a frozenset of sites; a site is (profile id, start, size). It is legal if no two sites overlap, no profile
is used more often than its Total, and the engines of all sites together do not exceed those of the full profile. Every
subset of a legal layout is legal, so including or omitting each site in turn finds all layouts.
"""

from collections import Counter


def sites(gpu, ids):
    return [(i, s, gpu.profiles[i].size) for i in ids for s in gpu.profiles[i].starts]


def legal(gpu, layout):
    layout = list(layout)
    for n, (_, start, size) in enumerate(layout):
        for _, other, other_size in layout[n + 1:]:
            if start < other + other_size and other < start + size:
                return False
    if any(n > gpu.profiles[i].total for i, n in Counter(i for i, _, _ in layout).items()):
        return False
    used = [sum(gpu.profiles[i].engines[e] for i, _, _ in layout) for e in range(len(gpu.pool))]
    return all(u <= p for u, p in zip(used, gpu.pool))


def all_legal(gpu, ids):
    found = [()]
    for site in sites(gpu, ids):
        found += [layout + (site,) for layout in found if legal(gpu, layout + (site,))]
    return {frozenset(layout) for layout in found}


def maximal(gpu, ids, layouts):
    """The layouts to which no site of `ids` can be added."""
    every = sites(gpu, ids)
    return {l for l in layouts if not any(s not in l and legal(gpu, l | {s}) for s in every)}


def free(gpu, layout):
    """{profile id: how many more instances of it fit in addition to `layout`}: the Free column of -lgip."""
    left = {}
    for i, profile in gpu.profiles.items():
        best = [frozenset(layout)]
        while True:  # the placements of one profile do not overlap, so adding one at a time finds the maximum
            grown = [l | {s} for l in best[:1] for s in sites(gpu, [i]) if s not in l and legal(gpu, l | {s})]
            if not grown:
                break
            best = grown
        left[i] = len(best[0]) - len(layout)
    return left


def multiset(layout):
    return tuple(sorted(i for i, _, _ in layout))


def mask(layout):
    return frozenset(unit for _, start, size in layout for unit in range(start, start + size))


def figures(gpu, ids):
    """The counts by which published tables of layouts are compared."""
    layouts = all_legal(gpu, ids)
    most = maximal(gpu, ids, layouts)
    sets = {multiset(l) for l in layouts}
    grows = {tuple(sorted(s + (i,))) for s in sets for i in ids} & sets
    covered = {s for s in sets for i in ids if tuple(sorted(s + (i,))) in grows}
    return {
        "sites": len(sites(gpu, ids)),
        "legal": len(layouts),
        "maximal": len(most),
        "multisets": len(sets - {()}),
        "multisets of maximal": len({multiset(l) for l in most}),
        "inclusion-maximal multisets": len(sets - covered),
        "masks": len({mask(l) for l in layouts}),
    }
