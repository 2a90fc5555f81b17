#!/usr/bin/env python3
"""Compares the program's rules of MIG with brute force over recorded nvidia-smi text. See README.md."""

import argparse
import random
import sys
import traceback

sys.dont_write_bytecode = True

import gi_ids
import layouts
from product import Product, created, instances
from recording import FOLDER, read_lgip, read_lgipp, recorded

RTX = "rtx-pro-6000-blackwell-96gb"
FIGURES = ("sites", "legal", "maximal", "multisets", "multisets of maximal", "inclusion-maximal multisets", "masks")
SEVEN = [19, 14, 9, 5, 0]

# Known counts: (product, profile ids or None for all, the figures in the order above).
COUNTS = [
    ("a100-40gb", SEVEN, (14, 298, 19, 37, 14, 12, 144)),
    ("h100-94gb-nvl", SEVEN, (14, 298, 19, 37, 14, 12, 144)),
    ("h200-141gb", SEVEN, (14, 298, 19, 37, 14, 12, 144)),
    ("a100-40gb", SEVEN + [15], (18, 723, 78, 77, 38, 28, 192)),
    ("h100-94gb-nvl", SEVEN + [15], (18, 723, 78, 77, 38, 28, 192)),
    ("a100-40gb", None, (25, 2319, 239, 127, 64, 44, 192)),
    ("a30-24gb", [14, 5, 0], (7, 26, 5, 9, 4, 4, 16)),
    ("a30-24gb", None, (13, 76, 17, 19, 8, 8, 16)),
    (RTX, [14, 5, 0], (7, 26, 5, 9, 4, 4, 16)),
    (RTX, None, (30, 717, 302, 114, 64, 64, 16)),
]

# The Free column of a real A100-40 as instances were created (tests/replay/expected/24-lgip.txt to 27-lgip.txt):
# (instances, {profile id: free}).
FREE = [
    ([], {19: 7, 20: 1, 15: 4, 14: 3, 9: 2, 5: 1, 0: 1}),
    ([(5, 0, 4)], {19: 3, 20: 1, 15: 2, 14: 1, 9: 1, 5: 0, 0: 0}),
    ([(5, 0, 4), (14, 4, 2)], {19: 1, 20: 1, 15: 1, 14: 0, 9: 0, 5: 0, 0: 0}),
    ([(5, 0, 4), (14, 4, 2), (19, 6, 1)], {19: 0, 20: 0, 15: 0, 14: 0, 9: 0, 5: 0, 0: 0}),
]


class Report:
    def __init__(self):
        self.good = self.bad = 0

    def check(self, name, got, wanted):
        if got == wanted:
            self.good += 1
            print(f"ok    {name}", flush=True)
        else:
            self.bad += 1
            print(f"FAIL  {name}\n      expected {wanted}\n      got      {got}", flush=True)

    def part(self, function, *args):
        """Runs one part. An exception counts as a failure, and the other parts still run."""
        try:
            function(self, *args)
        except Exception:  # any unexpected behaviour of the program under test
            self.bad += 1
            print(f"FAIL  {function.__name__}: broke\n" + traceback.format_exc(), flush=True)


def short(layout):
    return sorted((s, i) for i, s, _ in layout)


# Checks that need no program.

def counts(report):
    for key, ids, wanted in COUNTS:
        gpu = recorded(key)
        found = layouts.figures(gpu, ids or list(gpu.profiles))
        report.check(f"{key} {'all' if ids is None else ids}: {dict(zip(FIGURES, wanted))}",
                     tuple(found[f] for f in FIGURES), wanted)


def free_columns(report):
    gpu = recorded("a100-40gb")
    for layout, wanted in FREE:
        report.check(f"a100-40gb: Free of {short(layout)} as recorded", layouts.free(gpu, layout), wanted)


def id_rule(report):
    for key, _, variant, order, wanted, source in gi_ids.SEQUENCES:
        gpu = recorded(gi_ids.LIKE.get(key, key))
        report.check(f"{key} {variant or ''}: {order} -> {wanted} ({source})",
                     gi_ids.create(gpu, variant, order), wanted)
    # An H20 has these four, so it is of board variant B.
    seven = set(gi_ids.create(recorded("h200-141gb"), "B", [19] * 7))
    report.check("H20: seven 1g get ids 11 to 14 and others (transcript)", seven & {11, 12, 13, 14}, {11, 12, 13, 14})
    for key, variant, wanted in gi_ids.FIRST_CHOICES:
        gpu = recorded(key)
        chosen = {p: gi_ids.choose(gpu, variant, p, []) for p in wanted}
        report.check(f"{key} {variant or ''}: first choice on an empty GPU",
                     {p: (i, gi_ids.site_of(gpu, variant, i)[0]) for p, i in chosen.items()}, wanted)
    for key, variant, wanted in gi_ids.MAPS:
        gpu = recorded(key)
        ids = {p: gi_ids.ids_of(gpu, variant, gpu.profiles[p]) for p in wanted}
        report.check(f"{key} {variant or ''}: placements and ids",
                     {p: {s: i for i, s in m.items()} for p, m in ids.items()}, wanted)


# Checks of the program.

def as_set(answer):
    return {frozenset((i["profile_id"], i["placement"]["start"], i["placement"]["size"]) for i in layout) for layout in answer["layouts"]}


def compare_layouts(report, product, gpu, ids, by_id):
    names = [gpu.profiles[i].name for i in ids]
    words = ",".join(str(i) for i in ids) if by_id else ",".join(names)
    ask = ("layouts", "--for", gpu.key, "--profiles", words)
    wanted = layouts.all_legal(gpu, ids)
    most = layouts.maximal(gpu, ids, wanted)
    counted = {"legal": len(wanted), "maximal": len(most)}
    said = f"{gpu.key} --profiles {words}"

    answer = product.json(*ask)
    report.check(f"{said}: {counted}", {k: answer[k] for k in counted}, counted)
    report.check(f"{said}: the same legal layouts", as_set(answer), wanted)
    report.check(f"{said}: every layout once, sorted, by (start, id)", unsorted(answer["layouts"]), [])
    report.check(f"{said}: named as in -lgip", sorted(answer["profiles"]), sorted(names))
    wrong = {(i["profile_id"], i["profile"]) for l in answer["layouts"] for i in l} - {(i, gpu.profiles[i].name) for i in ids}
    report.check(f"{said}: instances named as in -lgip", wrong, set())

    answer = product.json(*ask, "--maximal")
    report.check(f"{said} --maximal: the same maximal layouts", as_set(answer), most)
    report.check(f"{said} --maximal: every layout once, sorted", unsorted(answer["layouts"]), [])
    report.check(f"{said} --maximal: {counted}", {k: answer[k] for k in counted}, counted)

    answer = product.json(*ask, "--count")
    report.check(f"{said} --count: {counted}, and no list", {k: answer.get(k) for k in (*counted, "layouts")},
                 counted | {"layouts": None})


def unsorted(found):
    """The layouts that are out of order or occur twice."""
    keys = [[(i["placement"]["start"], i["profile_id"]) for i in layout] for layout in found]
    return [k for k in keys if k != sorted(k)] + [b for a, b in zip(keys, keys[1:]) if not a < b]


def all_layouts(report, product, dice):
    for key, ids, _ in COUNTS:
        gpu = recorded(key)
        compare_layouts(report, product, gpu, ids or list(gpu.profiles), by_id=False)
    for key in ("a100-40gb", "a30-24gb", RTX):
        gpu = recorded(key)
        for _ in range(4):
            ids = dice.sample(sorted(gpu.profiles), dice.randint(1, len(gpu.profiles) - 1))
            compare_layouts(report, product, gpu, ids, by_id=True)
        answer = product.json("layouts", "--for", key, "--count")
        ids = gpu.named(answer["profiles"])
        wanted = layouts.all_legal(gpu, ids)
        report.check(f"{key} without --profiles: right for the profiles it names",
                     (answer["legal"], answer["maximal"]), (len(wanted), len(layouts.maximal(gpu, ids, wanted))))


def recorded_text(report, product):
    """Compares the lists of a node with the recordings: byte for byte if product and driver are those of the
    recording."""
    drivers = {"h200-141gb": "580.159.04", "a100-40gb": "580.126.09", RTX: "580.105.08", "a30-24gb": "580.126.09"}
    for key, driver in drivers.items():
        node = product.node(key, driver=driver, mig=False)
        (_, lgip, code), (_, lgipp, code2) = product.smi(node, ["mig -lgip", "mig -lgipp"])
        gpu = recorded(key)
        report.check(f"{key}: -lgip and -lgipp end with 0", (code, code2), (0, 0))
        text = (FOLDER / f"{key}.lgipp.txt").read_text()
        report.check(f"{key}: -lgipp equals the recording", lgipp, text)
        text = (FOLDER / f"{key}.lgip.txt").read_text()
        if key == "a30-24gb":  # the recorded A30 had another driver, on which memory and width depend
            seen = {i: (p.name, p.free, p.total, p.sm, p.engines) for i, p in read_lgip(lgip).items()}
            report.check(f"{key}: -lgip figures", seen,
                         {i: (p.name, p.free, p.total, p.sm, p.engines) for i, p in gpu.profiles.items()})
        else:
            report.check(f"{key}: -lgip equals the recording", lgip, text)
        product.delete(node)


def remaining_capacity(report, product, dice, rounds):
    """Free of -lgip and the placements of -lgi on a node with a random legal layout, created one instance at a time."""
    for key, variant in (("a100-40gb", "A"), ("a100-40gb", "B"), ("a30-24gb", None), (RTX, None)):
        gpu = recorded(key)
        every = sorted(layouts.all_legal(gpu, list(gpu.profiles)), key=short)
        chosen = dice.sample(every, min(rounds, len(every)))
        node = product.node(key, variant=variant)
        commands = []
        for layout in chosen:
            order = dice.sample(sorted(layout), len(layout))
            commands += [f"mig -cgi {','.join(f'{i}:{s}' for i, s, _ in order)}"] if order else []
            commands += ["mig -lgip", "mig -lgi"] + (["mig -dgi"] if order else [])
        answers = iter(product.smi(node, commands))
        wrong = []
        for layout in chosen:
            if layout and next(answers)[2] != 0:
                wrong.append((short(layout), "not created"))
            lgip, lgi = next(answers)[1], next(answers)[1]
            left = {i: p.free for i, p in read_lgip(lgip).items()}
            if left != layouts.free(gpu, layout):
                wrong.append((short(layout), "Free", left, "expected", layouts.free(gpu, layout)))
            ids = {i: s for p in gpu.profiles.values() for i, s in gi_ids.ids_of(gpu, variant, p).items()}
            found = instances(lgi)
            if frozenset(found.values()) != layout or any(ids[i] != s for i, (_, s, _) in found.items()):
                wrong.append((short(layout), "-lgi", found))
            if layout and next(answers)[2] != 0:
                wrong.append((short(layout), "not destroyed"))
        report.check(f"{key} {variant or ''}: {len(chosen)} random layouts: Free, placements and ids", wrong, [])
        product.delete(node)


def known_sequences(report, product):
    for key, name, variant, order, wanted, source in gi_ids.SEQUENCES:
        node = product.node(key, name=name, variant=variant)
        (_, text, code), (_, lgi, _) = product.smi(node, [f"mig -cgi {','.join(map(str, order))}", "mig -lgi"])
        said = f"{key} {variant or ''}: -cgi {order} ({source})"
        made = [i for i in wanted if i is not None]
        report.check(f"{said}: ids {made}", created(text), list(zip(order, made)))
        gpu = recorded(gi_ids.LIKE.get(key, key))
        places = {i: (p, *gi_ids.site_of(gpu, variant, i)) for p, i in zip(order, made)}
        report.check(f"{said}: placements in -lgi", instances(lgi), places)
        if len(made) == len(order):
            report.check(f"{said}: status", code, 0)
        else:
            refused = order[len(made)]
            tail = (f"Unable to create a GPU instance on GPU  0 using profile {refused}: Insufficient Resources\n"
                    "Failed to create GPU instances: Insufficient Resources\n")
            report.check(f"{said}: then refused, status 23, the earlier ones are kept",
                         (text[-len(tail):], code), (tail, 23))
        product.delete(node)


def random_sequences(report, product, dice, rounds):
    """Creations and destructions in random order: the oracle predicts the id, or that a creation is refused."""
    boards = (("a100-40gb", "A"), ("a100-40gb", "B"), ("h100-94gb-nvl", "A"), ("a30-24gb", None), (RTX, None))
    for key, variant in boards:
        gpu = recorded(key)
        node = product.node(key, variant=variant)
        commands, expected = [], []
        for _ in range(rounds):
            held = {}  # instance id -> profile id
            for _ in range(dice.randint(4, 12)):
                if held and dice.random() < 0.35:
                    gone = dice.choice(sorted(held))
                    del held[gone]
                    commands.append(f"mig -dgi -gi {gone}")
                    expected.append((f"Successfully destroyed GPU instance ID {gone:2} from GPU  0\n", 0))
                    continue
                profile = gpu.profiles[dice.choice(sorted(gpu.profiles))]
                standing = [(p, *gi_ids.site_of(gpu, variant, i)) for i, p in held.items()]
                room = [i for i in gi_ids.usable(gpu, variant, profile, list(held))
                        if layouts.legal(gpu, standing + [(profile.id, *gi_ids.site_of(gpu, variant, i))])]
                typed = dice.choice([profile.id, profile.name])
                if not room:  # no placement or no engine is left
                    commands.append(f"mig -cgi {typed}")
                    expected.append((f"Unable to create a GPU instance on GPU  0 using profile {typed}: "
                                     "Insufficient Resources\n"
                                     "Failed to create GPU instances: Insufficient Resources\n", 23))
                    continue
                place = gi_ids.choose(gpu, variant, profile.id, list(held))
                if dice.random() < 0.3:  # sometimes give a placement
                    place = dice.choice(room)
                    typed = f"{profile.id}:{gi_ids.site_of(gpu, variant, place)[0]}"
                commands.append(f"mig -cgi {typed}")
                held[place] = profile.id
                expected.append((f"Successfully created GPU instance ID {place:2} on GPU  0 "
                                 f"using profile MIG {profile.name} (ID {profile.id:2})\n", 0))
            if held:
                commands.append("mig -dgi")
                expected.append((None, 0))
        answers = product.smi(node, commands)
        wrong = [(n, c, text, code, want) for n, ((c, text, code), want) in enumerate(zip(answers, expected))
                 if code != want[1] or want[0] not in (None, text)]
        report.check(f"{key} {variant or ''}: {rounds} random sequences, {len(commands)} commands: ids and refusals",
                     wrong[:3], [])
        product.delete(node)


def main():
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--bin", default="build/bin/gpuslice", help="the program under test")
    words.add_argument("--self-check", action="store_true", help="run only the checks that need no program")
    words.add_argument("--seed", type=int, default=20260217, help="seed of the random layouts and sequences")
    words.add_argument("--rounds", type=int, default=60, help="number of random layouts and sequences per board")
    args = words.parse_args()
    report = Report()
    report.part(counts)
    report.part(free_columns)
    report.part(id_rule)
    if not args.self_check:
        with Product(args.bin) as product:
            report.part(all_layouts, product, random.Random(args.seed))
            report.part(recorded_text, product)
            report.part(remaining_capacity, product, random.Random(args.seed + 1), args.rounds)
            report.part(known_sequences, product)
            report.part(random_sequences, product, random.Random(args.seed + 2), args.rounds)
    print(f"oracle: {report.good} checks pass, {report.bad} fail (random seed {args.seed})")
    return 1 if report.bad else 0


if __name__ == "__main__":
    sys.exit(main())
