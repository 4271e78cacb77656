"""Seeded planning tasks of any size: two sides, scarce seats early on one side, late on the other.

Nobody in them is real: handles are drawn from the seed, and there is nothing else to a person.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, replace

from homeward.plan import PlanLine, Resources
from homeward.plan.resources import Crossing, Site, Vehicle
from homeward.terms import Annex, Terms, read_terms

SIDES = ("east", "west")
_KINDS = {"private": 50, "sergeant": 15, "officer": 5, "civilian": 22, "wounded": 8}
_RELEASED = 0.6
_WITHOUT = 0.2  # stages in which a site has no vehicle
_STEP = 20
_SCALE = {"sergeant": 2, "officer": 15}
_BUS = 45


@dataclass(frozen=True)
class World:
    """Everything that ``make_plan`` wants."""

    terms: Terms
    annexes: tuple[Annex, ...]
    lines: tuple[PlanLine, ...]
    resources: Resources

    @property
    def name(self) -> str:
        """Persons of each side / stages / sites of each side."""
        held = len(self.lines) // 2
        return f"{held:,}+{held:,} / {len(self.annexes)} / {len(self.resources.sites) // 2}"


def world(held: int, stages: int, sites: int, seed: int = 0, *, even: bool = False) -> World:
    """``held`` persons on each side; 60 in the hundred go, all wounded among them.

    ``even``: as many of every rank that counts for several on one side as on the other.
    """
    random_ = random.Random(f"{held} {stages} {sites} {seed}")
    lines = tuple(line for side in (0, 1) for line in _lines(random_, side, held, sites))
    going = int(held * _RELEASED)
    terms, problems = read_terms(_terms(lines, going, even=even))
    assert terms is not None, problems
    resources = Resources(
        {
            code: site
            for side in (0, 1)
            for code, site in _sites(random_, side, going, stages, sites)
        },
        {},
        {"K": Crossing("K", going * 2 // stages + _STEP)},
    )
    annexes = tuple(Annex(stage=stage, sizes=()) for stage in range(1, stages + 1))
    return World(terms, annexes, lines, resources)


def month(since: str) -> int:
    """Months since year 0."""
    return int(since[:4]) * 12 + int(since[5:])


def scaled(made: World) -> World:
    """The same world with a rank scale: some persons count for several."""
    lines = tuple(replace(line, value=_SCALE.get(line.category, 1)) for line in made.lines)
    return replace(made, lines=lines)


def carried(made: World, seed: int = 0) -> World:
    """The same world with families, stretchers, and buses instead of seats."""
    random_ = random.Random(f"carried {seed}")
    lines = []
    for number, line in enumerate(made.lines):
        # Neighbours of a site and category, by twos and threes, for about one in twenty.
        family = f"{line.site}{line.category}{number // 60}" if random_.random() < 0.05 else ""
        stretcher = line.category == "wounded" and random_.random() < 0.3
        lines.append(replace(line, group_code=family, seats=2 if stretcher else 1))
    vehicles = {}
    for code, site in made.resources.sites.items():
        buses = {stage: -(-seats // (_BUS - 1)) for stage, seats in site.stages.items()}
        vehicles[code] = Vehicle(code, _BUS, 0, code, "", buses)
    sites = {code: Site(code, site.holder) for code, site in made.resources.sites.items()}
    resources = Resources(sites, vehicles, made.resources.crossings)
    return replace(made, lines=tuple(lines), resources=resources)


def camps(seed: int) -> World:
    """1,000 on each side; all officers in two camps that seldom have a vehicle.

    Others wait in the camps as well, and some of them come first by every aim. The few seats there
    are hardly more, or fewer, than officers who are owed and wounded who must go.
    """
    made = world(1_000, 12, 10, seed)
    random_ = random.Random(f"camps {seed}")
    lines = tuple(
        replace(line, site=f"{line.holder}{random_.randrange(2)}")
        if line.category == "officer"
        else line
        for line in made.lines
    )
    sites = dict(made.resources.sites)
    for side in SIDES:
        owed = next(o.low for o in made.terms.obligations if o.id == f"officer_{side}")
        for number in range(2):
            code = f"{side}{number}"
            wounded = sum((x.site, x.category) == (code, "wounded") for x in lines)
            seats = dict.fromkeys(range(1, 13), 0)
            for stage in random_.sample(range(1, 13), 3):
                seats[stage] = int((owed / 2 + wounded) / 3 * random_.uniform(0.7, 1.5)) + 1
            sites[code] = Site(code, side, None, seats)
    return replace(made, lines=lines, resources=replace(made.resources, sites=sites))


def around(persons: int, stages: int, seed: int = 0) -> World:
    """Seven sides, each holding people of several others; every side gives what it receives."""
    random_ = random.Random(f"around {persons} {seed}")
    sides = [f"side{n}" for n in range(7)]
    ring = [(one, other) for one in sides for other in sides if one != other]
    rings = [random_.sample(sides, random_.randint(2, 5)) for _ in range(12)]
    owed: dict[tuple[str, str], int] = {}
    while sum(owed.values()) < persons * 0.6:
        one = random_.choice(rings)
        times = random_.randint(5, 40)
        for way in zip(one, [*one[1:], one[0]], strict=True):
            owed[way] = owed.get(way, 0) + times
    lines = []
    for number in range(persons):
        ways = [*owed]
        holder, claimant = random_.choices(ways, [*owed.values()])[0] if number else ring[0]
        since = random_.randrange(48)
        lines.append(
            PlanLine(
                f"{random_.getrandbits(128):032x}", holder, claimant, "person",
                medical=random_.choices((0, 1, 2), (80, 17, 3))[0],
                held_since=f"{2021 + since // 12}-{since % 12 + 1:02d}",
                site=f"{holder}s{random_.randrange(3)}",
            )
        )  # fmt: skip
    there = Counter((line.holder, line.claimant) for line in lines)
    text = "format: homeward-terms/1\nid: around\ntitle: Around\nparties:\n"
    text += "".join(f"  {side}: {{name: {side}}}\n" for side in sides)
    text += "obligations:\n"
    for number, ((a, b), count) in enumerate(sorted(owed.items())):
        text += (
            f"  - {{id: w{number}, from: {a}, to: {b},"
            f" quantity: {{range: [0, {min(count, there[a, b])}]}}}}\n"
        )
    terms, problems = read_terms(text + "balance: {equal_by: total, step: 50}\n")
    assert terms is not None, problems
    annexes = tuple(Annex(stage=stage, sizes=()) for stage in range(1, stages + 1))
    seats = int(persons * 0.6 / stages / 21 * 1.4) + 1
    sites = {code: Site(code, "", seats) for code in {line.site for line in lines}}
    return World(terms, annexes, tuple(lines), Resources(sites, {}, {}))


def _lines(random_: random.Random, side: int, held: int, sites: int) -> list[PlanLine]:
    kinds = random_.choices([*_KINDS], [*_KINDS.values()], k=held)
    found = []
    for kind in kinds:
        month = random_.randrange(48)
        found.append(
            PlanLine(
                handle=f"{random_.getrandbits(128):032x}",
                holder=SIDES[side],
                claimant=SIDES[1 - side],
                category=kind,
                medical=2 if kind == "wounded" else random_.choices((0, 1, 2), (80, 17, 3))[0],
                held_since=f"{2021 + month // 12}-{month % 12 + 1:02d}",
                site=f"{SIDES[side]}{random_.randrange(sites)}",
            )
        )
    return found


def _terms(lines: tuple[PlanLine, ...], going: int, *, even: bool) -> str:
    """Exact counts by category, all wounded, one for one in the end."""
    text = "format: homeward-terms/1\nid: measured\ntitle: Measured\nparties:\n"
    text += "".join(f"  {side}: {{name: {side}}}\n" for side in SIDES)
    text += "categories:\n"
    text += "".join(f"  {kind}: {{when: {{category: {kind}}}}}\n" for kind in _KINDS)
    text += "obligations:\n"
    for side, other in (SIDES, SIDES[::-1]):
        there = dict.fromkeys(_KINDS, 0)
        for line in lines:
            there[line.category] += line.holder == side
        counts = {kind: int(n * _RELEASED) for kind, n in there.items()}
        if even:
            counts |= {kind: _fewest(lines, kind) for kind in _SCALE}
        counts["wounded"] = there["wounded"]
        counts["private"] += going - sum(counts.values())
        for kind, count in counts.items():
            text += (
                f"  - {{id: {kind}_{side}, from: {side}, to: {other}, category: {kind},"
                f" quantity: {{exact: {count}}}, group: inside}}\n"
            )
    return text + f"balance: {{equal_by: nothing, step: {_STEP}}}\n"


def _fewest(lines: tuple[PlanLine, ...], kind: str) -> int:
    there = [sum((x.holder, x.category) == (side, kind) for x in lines) for side in SIDES]
    return int(min(there) * _RELEASED)


def _sites(
    random_: random.Random, side: int, going: int, stages: int, sites: int
) -> list[tuple[str, Site]]:
    """Seats by site and stage, half as many again as are needed, more at one end."""
    found = []
    for number in range(sites):
        seats = {}
        for stage in range(stages):
            at = (stage + 0.5) / stages
            slope = 1.4 - 0.8 * at if side == 0 else 0.6 + 0.8 * at
            mean = 1.9 * going / stages / sites * slope
            there = random_.random() >= _WITHOUT
            seats[stage + 1] = int(mean * random_.uniform(0.5, 1.5)) + 1 if there else 0
        code = f"{SIDES[side]}{number}"
        found.append((code, Site(code, SIDES[side], None, seats)))
    return found
