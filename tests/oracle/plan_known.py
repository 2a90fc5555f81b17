"""Tests of the plan oracle itself: cases worked out by hand, and bad plans that the oracle must reject."""

import plan_oracle
import plan_replay
from recording import recorded


def ci(name, start=0, made=True, busy=()):
    return {"profile": name, "start": start, "size": int(name[:-1]), "made": made, "busy": list(busy)}


def gi(number, profile, start, size, cis, made=True):
    return {"id": number, "profile": profile, "start": start, "size": size, "made": made, "cis": cis}


def want(profile, *cis, **more):
    return {"profile": profile, "cis": [{"profile": c} for c in cis]} | more


def case(before, target, foreign="keep", on=True, to=True, busy=(), product="a100-40gb"):
    return {"product": product, "before": {"mig": on, "busy": list(busy), "gis": before}, "foreign": foreign,
            "target": {"mig": to, "gis": target}}


def plan(cost, *places):
    return {"ok": True, "cost": cost, "places": [list(p) for p in places]}


def refusal(reason, in_the_way, nearest):
    return {"ok": False, "reason": reason, "in_the_way": in_the_way, "nearest": nearest}


SEVEN = [gi(7 + s, "19", s, 1, [ci("1c")]) for s in range(7)]
TWO_3G = [gi(1, "9", 0, 4, [ci("3c", busy=[5])]), gi(2, "9", 4, 4, [ci("3c")])]
SHARED = [gi(1, "9", 0, 4, [ci("1c", 0, made=False), ci("1c", 1)])]
SHRINK = case(TWO_3G, [want("9", "3c"), want("19", "1c")])

KNOWN = [
    ("the placement that leaves most room", case([], [want("19", "1c")]), plan([0, 0, 2], (6, [0]))),
    ("seven become one", case(SEVEN, [want("0", "7c")]), plan([0, 14, 16], (0, [0]))),
    ("of two instances the idle one is destroyed", SHRINK, plan([0, 2, 4], (0, [0]), (6, [0]))),
    ("a given placement", case(TWO_3G, [want("9", "3c", start=4)]), plan([1, 2, 2], (4, [0]))),
    ("no GPU instance is created or destroyed", case(TWO_3G, [want("9", "2c"), want("9", "3c")], busy=[8, 9]),
     plan([0, 1, 2], (4, [0]), (0, [0]))),
    ("one is created, two processes are on the GPU", case(TWO_3G[:1], [want("9", "3c"), want("19", "1c")], busy=[8, 9]),
     plan([1, 0, 2], (0, [0]), (6, [0]))),
    ("enabling MIG on an A100 ends both", case([], [want("0", "7c")], on=False, busy=[8, 9]),
     plan([2, 0, 3], (0, [0]))),
    ("enabling MIG on an H200 ends none", case([], [], on=False, busy=[8, 9], product="h200-141gb"), plan([0, 0, 1])),
    ("disabling MIG", case(TWO_3G, [], to=False, busy=[8, 9]), plan([3, 4, 5])),
    ("a foreign compute instance inside ours is kept", case(SHARED, []), plan([0, 1, 1])),
    ("it is in the way of a layout that does not fit anyway", case(SHARED, [want("14", "2c"), want("0", "7c")]),
     refusal("too_much", 0, ["14"])),
    ("it is in the way of a 7g", case(SHARED, [want("0", "7c")]), refusal("in_the_way", 1, [])),
    ("it is in the way although its own profile is wanted", case(SHARED, [want("9", "3c"), want("5", "4c")]),
     refusal("in_the_way", 1, ["9"])),
    ("it is destroyed under `remove`", case(SHARED, [want("0", "7c")], "remove"), plan([0, 3, 5], (0, [0]))),
    ("of two that must be kept, the one whose own compute instance is busy",
     case(SHARED + [gi(2, "9", 4, 4, [ci("1c", 0, made=False), ci("1c", 1, busy=[5])])], [want("9", "1c", "1c")]),
     plan([0, 1, 1], (4, [0, 1]))),
    ("one in the way, not two", case([gi(3 + n, "14", 2 * n, 2, [], made=False) for n in range(3)], [want("9", "3c")]),
     refusal("in_the_way", 1, [])),
    ("a process on the whole GPU is not stopped", case([
        gi(5, "14", 0, 2, [ci("1c", made=False)]), gi(6, "14", 2, 2, [ci("1c")])],
        [want("14", "1c"), want("14", "2c")], busy=[8]), plan([0, 1, 2], (0, [0]), (2, [0]))),
    ("earlier instances fit", case([], [want("14", "1c", start=0), want("5", "2c", start=2), want("21", "1c", start=2),
                                   want("14", "1c", start=3), want("21", "1c", start=1)], product="a30-24gb"),
     refusal("too_much", 0, ["14", "5", "21"])),
    ("it never fits", case([], [want("5", "4c"), want("5", "4c"), want("9", "3c")]),
     refusal("too_much", 0, ["5", "9"])),
    ("too many compute instances", case([], [want("9", "2c", "2c"), want("19", "1c")]), refusal("too_much", 0, ["19"])),
]


def step(kind, profile, start, size, *ci_words, clients=()):
    return {"kind": kind, "gi": [profile, start, size], "clients": list(clients)} | (
        {"ci": list(ci_words)} if ci_words else {})


OUT = [step("destroy_ci", "9", 4, 4, "3c", 0, 3), step("destroy_gi", "9", 4, 4)]
IN = [step("create_gi", "19", 6, 1), step("create_ci", "19", 6, 1, "1c", 0, 1)]
BUSY_OUT = [step("destroy_ci", "9", 0, 4, "3c", 0, 3, clients=[5]), step("destroy_gi", "9", 0, 4)]

# (what is wrong, case, steps, cost)
BAD = [
    ("an instance is created before there is room", SHRINK, IN + OUT, [0, 2, 4]),
    ("a GPU instance is destroyed before its compute instances", SHRINK, OUT[1:] + IN, [0, 1, 3]),
    ("a wanted instance is not created", SHRINK, OUT + IN[:1], [0, 2, 3]),
    ("an unwanted instance is left", case(TWO_3G, [want("9", "3c")]), OUT[:1], [0, 1, 1]),
    ("a placement that does not exist", SHRINK, OUT + [step("create_gi", "19", 7, 1), *IN[1:]], [0, 2, 4]),
    ("its process is not named", case(TWO_3G[:1], []), [BUSY_OUT[0] | {"clients": []}, BUSY_OUT[1]], [1, 2, 2]),
    ("its process is not counted", case(TWO_3G[:1], []), BUSY_OUT, [0, 2, 2]),
    ("another's destroyed", case(SHARED, []), [step("destroy_ci", "9", 0, 4, "1c", s, 1) for s in (0, 1)], [0, 2, 2]),
    ("a step that plans do not have", case(TWO_3G[:1], []), [{"kind": "reset", "clients": [5]}], [1, 2, 1]),
    ("MIG off with instances left", case(SHARED, [], to=False), [{"kind": "disable_mig", "clients": []}], [0, 0, 1]),
]


def check(report):
    for name, one, wanted in KNOWN:
        report.hold(f"by hand: {name}", plan_oracle.answer(recorded(one["product"]), one), wanted)
    gpu = recorded("a100-40gb")
    report.hold("by hand: a good plan", plan_replay.faults(gpu, SHRINK, {"steps": OUT + IN, "cost": [0, 2, 4]}), None)
    for name, one, steps, cost in BAD:
        found = plan_replay.faults(gpu, one, {"steps": steps, "cost": cost})
        report.hold(f"a bad plan is detected: {name}", found is not None, True)
