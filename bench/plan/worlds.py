"""Seeded planning tasks of any size: two sides, scarce seats early on one side, late on the other.

Nobody in them is real: handles are drawn from the seed, and there is nothing else to a person.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from homeward.plan import PlanLine, Resources
from homeward.plan.resources import Crossing, Site
from homeward.terms import Annex, Terms, read_terms

SIDES = ("east", "west")
_KINDS = {"private": 50, "sergeant": 15, "officer": 5, "civilian": 22, "wounded": 8}
_RELEASED = 0.6
_WITHOUT = 0.2  # stages in which a site has no vehicle
_STEP = 20


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


def world(held: int, stages: int, sites: int, seed: int = 0) -> World:
    """``held`` persons on each side; 60 in the hundred go, all wounded among them."""
    random_ = random.Random(f"{held} {stages} {sites} {seed}")
    lines = tuple(line for side in (0, 1) for line in _lines(random_, side, held, sites))
    going = int(held * _RELEASED)
    terms, problems = read_terms(_terms(lines, going))
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


def _terms(lines: tuple[PlanLine, ...], going: int) -> str:
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
        counts["wounded"] = there["wounded"]
        counts["private"] += going - sum(counts.values())
        for kind, count in counts.items():
            text += (
                f"  - {{id: {kind}_{side}, from: {side}, to: {other}, category: {kind},"
                f" quantity: {{exact: {count}}}, group: inside}}\n"
            )
    return text + f"balance: {{equal_by: nothing, step: {_STEP}}}\n"


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
