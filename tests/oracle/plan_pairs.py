"""Cases for the planner: all pairs of layouts of small GPUs, and random ones with everything that a case can say."""

from gi_ids import ids_of
from layouts import all_legal
from plan_rules import COMPUTE, ci_sites, overlap, slices


def instance_id(gpu, variant, site):
    return next(i for i, start in ids_of(gpu, variant, gpu.profiles[site[0]]).items() if start == site[1])


class Cases:
    """`key`: the product that is asked; `gpu`: what is known of it, or of one that has the same profiles."""

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

    # One compute instance that takes all of its GPU instance.

    def plain(self, site, busy=0):
        n = slices(self.gpu, site[0])
        return self.stand(site, [{"profile": f"{n}c", "start": 0, "size": n, "made": True, "busy": self.processes(busy)}])

    def wanted(self, site, placed):
        one = {"profile": str(site[0]), "cis": [{"profile": f"{slices(self.gpu, site[0])}c"}]}
        return one | ({"start": site[1]} if placed else {})

    def all_pairs(self, ids, busy):
        every = self.layouts(ids)
        for before in every:
            for after in every:
                for placed in (False, True):
                    yield self.case([self.plain(s, busy) for s in before], [self.wanted(s, placed) for s in after])

    # Random ones.

    def split(self, gi_slices):
        """Sites of compute instances that stand beside each other; often the one that takes all, sometimes none."""
        if self.dice.random() < 0.5:
            return [(gi_slices, 0, gi_slices)]
        every = [s for n in COMPUTE[gi_slices] for s in ci_sites(gi_slices, {"profile": f"{n}c"})]
        found = []
        for site in self.dice.sample(every, len(every)):
            if self.dice.random() < 0.7 and not any(overlap(site, other) for other in found):
                found.append(site)
        return found

    def name(self):
        return {"name": self.dice.choice("ab")} if self.dice.random() < 0.3 else {}

    def random_before(self, layout):
        for site in layout:
            made = self.dice.random() < 0.75
            cis = [{"profile": f"{n}c", "start": start, "size": size, "made": made and self.dice.random() < 0.92,
                    "busy": self.processes(0.3)} | self.name() for n, start, size in self.split(slices(self.gpu, site[0]))]
            yield self.stand(site, cis, made, self.processes(0.05)) | self.name()

    def random_wanted(self, sites):
        for site in sites:
            cis = [{"profile": f"{n}c"} | self.name() | ({"start": start} if self.dice.random() < 0.2 else {})
                   for n, start, _ in self.split(slices(self.gpu, site[0]))]
            self.dice.shuffle(cis)
            placed = {"start": site[1]} if self.dice.random() < 0.2 else {}
            yield {"profile": str(site[0]), "cis": cis} | self.name() | placed

    def random(self, every):
        dice = self.dice
        before = dice.choice(every)
        after = list(dice.choice(every))
        if dice.random() < 0.4:  # nearly the same
            after = [s for s in before if dice.random() < 0.8] + dice.sample(after, min(1, len(after)))
        if dice.random() < 0.15:  # perhaps too much
            after.append(dice.choice(dice.choice(every) or [every[-1][0]]))
        dice.shuffle(after)
        case = self.case(list(self.random_before(before)), list(self.random_wanted(after)),
                         dice.choice(["keep", "remove"]), busy=self.processes(0.15))
        if dice.random() < 0.06:
            case["target"] = {"mig": False, "gis": []}
        if dice.random() < 0.06:
            case["before"] |= {"mig": False, "gis": []}
        if dice.random() < 0.04:  # a switch of mode that waits
            case["before"]["pending"] = not case["before"]["mig"]
        if self.board:
            case["board"] = self.board
            if dice.random() < 0.3:  # in the other display mode MIG is hidden
                case["before"] |= {"mig": False, "pending": False, "compute_display": False, "gis": []}
        return case
