"""Cases for the planner: all pairs of layouts of small GPUs, and random ones that use every feature of a case."""

from gi_ids import ids_of
from layouts import all_legal
from plan_rules import COMPUTE_SIZES, ci_sites, compute_starts, overlap, slices


def instance_id(gpu, variant, site):
    return next(i for i, start in ids_of(gpu, variant, gpu.profiles[site[0]]).items() if start == site[1])


class Cases:
    """Generates cases. `key`: the product; `gpu`: the recording of it, or of a product with the same profiles."""

    def __init__(self, key, gpu, variant, dice, board=None):
        self.key, self.gpu, self.variant, self.dice, self.pids, self.board = key, gpu, variant, dice, 100, board

    def layouts(self, ids=None):
        return sorted(sorted(layout) for layout in all_legal(self.gpu, ids or list(self.gpu.profiles)))

    def processes(self, chance):
        found = []
        while len(found) < 3 and self.dice.random() < chance:
            self.pids += 1
            found.append(self.pids)
        return found

    def case(self, before, target, foreign="keep", **more):
        return {"product": self.key, "before": {"mig": True, "gis": before} | more, "foreign": foreign,
                "target": {"mig": True, "gis": target}}

    def stand(self, site, cis, made=True, busy=()):
        profile, start, size = site
        return {"id": instance_id(self.gpu, self.variant, site), "profile": str(profile), "start": start, "size": size,
                "made": made, "busy": list(busy), "cis": cis}

    # Layouts in which each GPU instance has one compute instance that uses all of it.

    def plain(self, site, busy=0):
        n = slices(self.gpu, site[0])
        whole = {"profile": f"{n}c", "start": 0, "size": n, "made": True, "busy": self.processes(busy)}
        return self.stand(site, [whole])

    def wanted(self, site, placed):
        one = {"profile": str(site[0]), "cis": [{"profile": f"{slices(self.gpu, site[0])}c"}]}
        return one | ({"start": site[1]} if placed else {})

    def all_pairs(self, ids, busy):
        every = self.layouts(ids)
        for before in every:
            for after in every:
                for placed in (False, True):
                    yield self.case([self.plain(s, busy) for s in before], [self.wanted(s, placed) for s in after])

    # Random layouts.

    def split(self, profile):
        """Sites of compute instances that do not overlap; often one that uses the whole GPU instance, sometimes
        none."""
        gi_slices = slices(self.gpu, profile)
        if self.dice.random() < 0.5:
            return [(gi_slices, 0, gi_slices)]
        every = [s for n in COMPUTE_SIZES[gi_slices] for s in ci_sites(self.gpu, profile, {"profile": f"{n}c"})]
        found = []
        for site in self.dice.sample(every, len(every)):
            if self.dice.random() < 0.7 and not any(overlap(site, other) for other in found):
                found.append(site)
        return found

    def name(self, odds):
        return {"name": self.dice.choice("ab")} if self.dice.random() < odds["named"] else {}

    def random_before(self, layout, odds):
        for site in layout:
            made = self.dice.random() < odds["made"]
            cis = [{"profile": f"{n}c", "start": start, "size": size, "busy": self.processes(odds["busy"]),
                    "made": made and self.dice.random() < odds["made"]} | self.name(odds)
                   for n, start, size in self.split(site[0])]
            yield self.stand(site, cis, made, self.processes(odds["busy"] / 6)) | self.name(odds)

    def start(self, start, others, odds):
        """No start or, with the probability `placed`, this start or a random one."""
        if self.dice.random() >= odds["placed"]:
            return {}
        return {"start": start if self.dice.random() < 0.7 else self.dice.choice(others)}

    def random_wanted(self, sites, odds):
        for profile, start, _ in sites:
            n = slices(self.gpu, profile)
            cis = [{"profile": f"{c}c"} | self.name(odds) | self.start(s, compute_starts(self.gpu, n, c), odds)
                   for c, s, _ in self.split(profile)]
            self.dice.shuffle(cis)
            placed = self.start(start, self.gpu.profiles[profile].starts, odds)
            yield {"profile": str(profile), "cis": cis} | self.name(odds) | placed

    def random(self, every):
        dice = self.dice
        odds = {"made": dice.choice([0.5, 0.8, 0.95, 1]), "busy": dice.choice([0, 0.1, 0.4]),
                "named": dice.choice([0, 0.4]), "placed": dice.choice([0, 0, 0.2, 0.6])}
        before = dice.choice(every)
        after = list(dice.choice(every))
        if dice.random() < 0.5:  # a target that is similar to the state before
            keep = dice.choice([0.7, 1])
            other = dice.sample(after, dice.randint(0, min(1, len(after))))
            after = [s for s in before if dice.random() < keep] + other
        if dice.random() < 0.15:  # a target that may not fit
            after.append(dice.choice(dice.choice(every) or [every[-1][0]]))
        dice.shuffle(after)
        case = self.case(list(self.random_before(before, odds)), list(self.random_wanted(after, odds)),
                         dice.choice(["keep", "remove"]), busy=self.processes(dice.choice([0, 0, 0.6])))
        if dice.random() < 0.06:
            case["target"] = {"mig": False, "gis": []}
        if dice.random() < 0.06:
            case["before"] |= {"mig": False, "gis": []}
        if dice.random() < 0.04:  # a pending mode switch
            case["before"]["pending"] = not case["before"]["mig"]
        if self.board:
            case["board"] = self.board
            if dice.random() < 0.3:  # the graphics display mode hides MIG
                case["before"] |= {"mig": False, "pending": False, "compute_display": False, "gis": []}
        return case
