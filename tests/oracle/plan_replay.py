"""Executes the steps of a plan under the oracle's own rules, and reports what is wrong with them."""

from plan_rules import (NEEDS_DISPLAY, SWITCH_RESETS, ci_pinned, ci_site, ci_sites, gi_site, gi_sites, legal, overlap,
                        pinned, slices, standing)


KINDS = ("compute_display", "reboot", "enable_mig", "disable_mig", "destroy_ci", "destroy_gi", "create_gi", "create_ci")


class Wrong(Exception):
    pass


def demand(holds, what):
    if not holds:
        raise Wrong(what)


class Replay:
    def __init__(self, gpu, case):
        self.gpu, self.case, self.before = gpu, case, case["before"]
        self.mig = self.before["mig"]
        self.pending = self.before.get("pending", self.mig)
        self.display = self.before.get("compute_display", True)
        self.switching = False  # a change of the display mode is pending until the reboot
        self.whole = self.before.get("busy", [])  # processes on the whole GPU
        self.rebooted = False
        self.gis = {gi_site(gi): {"was": gi, "cis": {ci_site(ci): ci for ci in gi["cis"]}} for gi in standing(case)}
        self.busy = self.stopped = self.whole_busy = 0

    def leave(self, step, pids, whole=False, each=False):
        """The step must name exactly these processes. With `each`, those on the whole GPU are counted individually."""
        pids = pids + (self.whole if whole else [])
        demand(sorted(step["clients"]) == sorted(pids), f"clients of {step}")
        if whole and self.whole:
            self.whole_busy = max(self.whole_busy, len(self.whole) if each else 1)

    def destroyed(self, was):
        self.busy, self.stopped = self.busy + (1 if was.get("busy") else 0), self.stopped + 1

    def take(self, step):
        demand(step["kind"] in KINDS, f"an unknown step: {step}")
        getattr(self, step["kind"])(step)

    def compute_display(self, step):
        demand(self.case.get("board") in NEEDS_DISPLAY and not self.display, "an unnecessary display mode")
        self.leave(step, [])
        self.switching = True

    def reboot(self, step):
        demand(self.switching, "an unnecessary reboot")
        self.leave(step, [], whole=True, each=True)
        self.display, self.rebooted = True, True

    def enable_mig(self, step):
        self.switch(step, True)

    def disable_mig(self, step):
        demand(not self.gis, "MIG off with instances")
        self.switch(step, False)

    def switch(self, step, on):
        demand(self.display or self.case.get("board") not in NEEDS_DISPLAY, "MIG in the graphics display mode")
        resets = self.mig != on and self.case["product"] in SWITCH_RESETS and not self.rebooted
        self.leave(step, [], whole=resets, each=True)
        self.mig = self.pending = on

    def destroy_ci(self, step):
        gi, ci = tuple(map(int, step["gi"])), self.ci(step)
        demand(gi in self.gis and ci in self.gis[gi]["cis"], f"not there: {step}")
        was = self.gis[gi]["cis"].pop(ci)
        demand(was is not None, f"created and destroyed: {step}")
        demand(not ci_pinned(self.case, self.gis[gi]["was"], was), f"must be kept: {step}")
        self.leave(step, was.get("busy", []))
        self.destroyed(was)

    def destroy_gi(self, step):
        gi = tuple(map(int, step["gi"]))
        demand(gi in self.gis and not self.gis[gi]["cis"], f"does not exist, or is not empty: {step}")
        was = self.gis.pop(gi)["was"]
        demand(was is not None and not pinned(self.case, was), f"must be kept: {step}")
        self.leave(step, was.get("busy", []), whole=True)
        self.destroyed(was)

    def create_gi(self, step):
        site = tuple(map(int, step["gi"]))
        demand(self.mig, "an instance with MIG off")
        demand(site in gi_sites(self.gpu, {"profile": step["gi"][0]}), f"no such placement: {step}")
        demand(site not in self.gis and legal(self.gpu, [*self.gis, site]), f"no room: {step}")
        self.leave(step, [], whole=True)
        self.gis[site] = {"was": None, "cis": {}}

    def create_ci(self, step):
        gi, ci = tuple(map(int, step["gi"])), self.ci(step)
        demand(gi in self.gis, f"not there: {step}")
        demand(ci in ci_sites(self.gpu, gi[0], {"profile": step["ci"][0]}), f"no such placement: {step}")
        demand(not any(overlap(ci, other) for other in self.gis[gi]["cis"]), f"no room: {step}")
        self.leave(step, [])
        self.gis[gi]["cis"][ci] = None

    @staticmethod
    def ci(step):
        name, start, size = step["ci"]
        return int(name.rstrip("c")), start, size

    def reached(self):
        """Whether the state has everything that is wanted and, in addition, only instances that must be kept."""
        if self.mig != self.case["target"]["mig"] or self.pending != self.mig:
            return False
        wanted = self.case["target"]["gis"]

        def extra_gi(gi):
            was = self.gis[gi]["was"]
            return was is not None and pinned(self.case, was) and all(
                ci is not None and ci_pinned(self.case, was, ci) for ci in self.gis[gi]["cis"].values())

        def extra_ci(gi, ci):
            was = self.gis[gi]["was"]
            there = self.gis[gi]["cis"][ci]
            return there is not None and ci_pinned(self.case, was, there)

        def compute(n, gi, one, used):
            if n == len(one["cis"]):
                return all(ci in used or extra_ci(gi, ci) for ci in self.gis[gi]["cis"])
            sites = ci_sites(self.gpu, gi[0], one["cis"][n])
            return any(compute(n + 1, gi, one, used | {s}) for s in sites
                       if s in self.gis[gi]["cis"] and s not in used)

        def match(n, used):
            if n == len(wanted):
                return all(gi in used or extra_gi(gi) for gi in self.gis)
            return any(compute(0, s, wanted[n], frozenset()) and match(n + 1, used | {s})
                       for s in gi_sites(self.gpu, wanted[n]) if s in self.gis and s not in used)
        return match(0, frozenset())


def faults(gpu, case, plan):
    """What is wrong with a plan, or None."""
    replay = Replay(gpu, case)
    try:
        for step in plan["steps"]:
            replay.take(step)
    except Wrong as wrong:
        return str(wrong)
    cost = [replay.busy + replay.whole_busy, replay.stopped, len(plan["steps"])]
    if cost != plan["cost"]:
        return f"the steps cost {cost}"
    return None if replay.reached() else "the steps do not lead to the target"
