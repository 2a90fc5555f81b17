"""The MIG capabilities of a GPU model, read only from `nvidia-smi mig -lgip` and `-lgipp` text."""

import pathlib
import re
from dataclasses import dataclass

ENGINES = ("ce", "dec", "enc", "jpeg", "ofa")
FOLDER = pathlib.Path(__file__).parent / "recordings"

# "|   0  MIG 1g.5gb          19     7/7        4.75       No     14     0     0   |" and the line below it, which has
# one figure each for CE, JPEG and OFA. The name contains no blank after "MIG ".
FIRST = re.compile(
    r"\|\s+(\d+)  MIG (\S+)\s+(\d+)\s+(\d+)/(\d+)\s+([\d.]+)\s+(Yes|No)\s+(\d+)\s+(\d+)\s+(\d+)\s+\|$")
SECOND = re.compile(r"\|\s+(\d+)\s+(\d+)\s+(\d+)\s+\|$")
PLACES = re.compile(r"GPU\s+(\d+) Profile ID\s+(\d+) (?:Placements|Placement ): \{([\d,]+)\}:(\d+)$")


@dataclass(frozen=True)
class Profile:
    id: int
    name: str  # "1g.5gb+me"
    free: int  # as printed; equal to total on a GPU without instances
    total: int
    gib: str
    sm: int
    engines: tuple  # ce, dec, enc, jpeg, ofa
    starts: tuple = ()
    size: int = 0


def read_lgip(text, gpu=0):
    """The rows of one GPU of an -lgip table as {profile id: Profile without placements}, in printed order."""
    found, lines = {}, text.splitlines()
    for line, below in zip(lines, lines[1:]):
        row = FIRST.match(line)
        if row is None or int(row[1]) != gpu:
            continue
        under = SECOND.match(below)
        if under is None:
            raise ValueError(f"no second line under: {line}")
        engines = (int(under[1]), int(row[9]), int(row[10]), int(under[2]), int(under[3]))
        found[int(row[3])] = Profile(int(row[3]), row[2], int(row[4]), int(row[5]), row[6], int(row[8]), engines)
    if not found:
        raise ValueError("no profile row in this text:\n" + text)
    return found


def read_lgipp(text, gpu=0):
    """{profile id: (starts, size)} of one GPU."""
    rows = (PLACES.match(line) for line in text.splitlines())
    return {int(r[2]): (tuple(int(s) for s in r[3].split(",")), int(r[4])) for r in rows if r and int(r[1]) == gpu}


@dataclass(frozen=True)
class Gpu:
    key: str
    profiles: dict  # id -> Profile with placements
    grid: int  # placement units of the whole GPU
    pool: tuple  # the engines of the full profile, which all instances share

    def named(self, names):
        by_name = {p.name: p.id for p in self.profiles.values()}
        return tuple(by_name[n] for n in names)


def gpu_from_text(key, lgip, lgipp):
    rows, places = read_lgip(lgip), read_lgipp(lgipp)
    if set(rows) != set(places):
        raise ValueError(f"{key}: -lgip lists profiles {sorted(rows)}, -lgipp {sorted(places)}")
    profiles = {i: Profile(p.id, p.name, p.free, p.total, p.gib, p.sm, p.engines, *places[i]) for i, p in rows.items()}
    grid = max(p.size for p in profiles.values())
    pool = next(p.engines for p in profiles.values() if p.size == grid)
    return Gpu(key, profiles, grid, pool)


def recorded(key):
    return gpu_from_text(key, (FOLDER / f"{key}.lgip.txt").read_text(), (FOLDER / f"{key}.lgipp.txt").read_text())
