"""Small exchanges of invented handles, and the best plan by trying everything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import gcd
from typing import Any

from hypothesis import strategies as st

from homeward.plan import PlanLine, Resources
from homeward.plan.resources import Crossing, Site
from homeward.terms import Annex, Size, Terms, read_terms

Way = tuple[str, str]
NAMES = ("amber", "birch", "cedar")


@dataclass(frozen=True)
class Case:
    """A small exchange: its terms in plain words, and the same as Terms."""

    lines: tuple[PlanLine, ...]
    stages: int
    owed: dict[tuple[Way, str], tuple[int, int]]  # (way, category): at least, at most
    seats: dict[tuple[str, int], int]  # (site, stage)
    heads: dict[int, int]  # stage: heads of each side over the crossing
    equal_by: str
    step: int | None
    sizes: dict[int, dict[tuple[Way, str], int]]

    @property
    def ways(self) -> list[Way]:
        return sorted({way for way, _ in self.owed})

    @property
    def text(self) -> str:
        sides = sorted({side for way in self.ways for side in way})
        categories = sorted({line.category for line in self.lines} | {c for _, c in self.owed})
        text = "format: homeward-terms/1\nid: small\ntitle: small\nparties:\n"
        text += "".join(f"  {side}: {{name: {side}}}\n" for side in sides)
        text += "categories:\n"
        text += "".join(f"  {name}: {{when: {{category: {name}}}}}\n" for name in categories)
        text += "obligations:\n"
        for (way, category), (low, high) in sorted(self.owed.items()):
            what = f"exact: {low}" if low == high else f"range: [{low}, {high}]"
            text += (
                f"  - {{id: {category}.{way[0]}.{way[1]}, from: {way[0]}, to: {way[1]},"
                f" category: {category}, quantity: {{{what}}}, group: inside}}\n"
            )
        step = f"step: {self.step}" if self.step else "no_bound: true"
        return text + f"balance: {{equal_by: {self.equal_by}, {step}}}\n"

    def terms(self) -> Terms | None:
        return read_terms(self.text)[0]

    @property
    def resources(self) -> Resources:
        sites: dict[str, dict[int, int]] = {}
        for (site, stage), seats in self.seats.items():
            sites.setdefault(site, {})[stage] = seats
        crossing = {"K": Crossing("K", None, self.heads)} if self.heads else {}
        return Resources({code: Site(code, "", None, s) for code, s in sites.items()}, {}, crossing)

    @property
    def annexes(self) -> tuple[Annex, ...]:
        found = []
        for stage in range(1, self.stages + 1):
            sizes = tuple(
                Size(way[0], way[1], category, "living", count)
                for (way, category), count in sorted(self.sizes.get(stage, {}).items())
            )
            found.append(Annex(stage=stage, sizes=sizes))
        return tuple(found)

    def given(self) -> tuple[Any, ...]:
        return (self.terms(), self.annexes, self.lines, self.resources)


def months(lines: tuple[PlanLine, ...]) -> dict[str, int]:
    """Months held, counted from the month after the latest."""
    of = {x.handle: int(x.held_since[:4]) * 12 + int(x.held_since[5:]) for x in lines}
    latest = max(of.values())
    return {handle: latest + 1 - month for handle, month in of.items()}


def worth(case: Case, stages: tuple[int, ...]) -> tuple[int, int]:
    """Medical and held levels of an assignment; stage 0 is to stay."""
    held = months(case.lines)
    medical = longest = 0
    for line, stage in zip(case.lines, stages, strict=True):
        if stage:
            early = case.stages + 1 - stage
            medical += line.medical * early
            longest += held[line.handle] * early
    return medical, longest


def allowed(case: Case, stages: tuple[int, ...]) -> bool:
    """Whether an assignment keeps every clause, by counting."""
    total: Counter[Any] = Counter()
    at: Counter[Any] = Counter()
    groups: dict[Any, set[int]] = {}
    for line, stage in zip(case.lines, stages, strict=True):
        if line.group_code:
            groups.setdefault((line.holder, line.group_code), set()).add(stage)
        if stage:
            way = (line.holder, line.claimant)
            total[way, line.category] += 1
            at["way", way, stage] += line.value
            at["heads", way, line.category, stage] += 1
            at["kind", way, line.category, stage] += line.value
            at["site", line.site, stage] += line.seats
            at["side", line.holder, stage] += 1
    if any(len(found) > 1 for found in groups.values()):
        return False
    for key in set(total) - set(case.owed):
        if total[key]:
            return False
    if any(at["site", site, stage] > seats for (site, stage), seats in case.seats.items()):
        return False
    sides = {side for way in case.ways for side in way}
    if any(at["side", x, stage] > most for stage, most in case.heads.items() for x in sides):
        return False
    if case.sizes:
        wanted = {
            (way, category, stage): case.sizes[stage].get((way, category), 0)
            for stage in case.sizes
            for way in case.ways
            for category in {name for _, name in case.owed}
        }
        return all(at["heads", *key] == count for key, count in wanted.items()) and all(
            total[key] <= high for key, (_, high) in case.owed.items()
        )
    if any(not low <= total[key] <= high for key, (low, high) in case.owed.items()):
        return False
    return _balanced(case, at, sides)


def _balanced(case: Case, at: Counter[Any], sides: set[str]) -> bool:
    """No side is further ahead after a stage than was agreed.

    Sides that are kept equal are equal in every stage. Where only a step is agreed, fixed numbers
    come out even in the end, weighed if they differ; open ones have nothing to be even with.
    """
    if case.equal_by == "nothing":
        return _within_step(case, at, sides)
    kinds: list[str | None] = [None]
    if case.equal_by == "category":
        kinds = sorted({name for _, name in case.owed})
    return all(
        _given(case, at, side, stage, kind) == 0
        for side in sides
        for stage in range(1, case.stages + 1)
        for kind in kinds
    )


def _given(case: Case, at: Counter[Any], side: str, stage: int, kind: str | None) -> int:
    """Heads that a side gives in a stage, less those it receives."""
    return sum(
        (at["kind", way, kind, stage] if kind else at["way", way, stage])
        * ((way[0] == side) - (way[1] == side))
        for way in case.ways
    )


def _within_step(case: Case, at: Counter[Any], sides: set[str]) -> bool:
    if case.step is None or any(low != high for low, high in case.owed.values()):
        return True
    totals = {way: sum(n for (w, _), (n, _) in case.owed.items() if w == way) for way in case.ways}
    weigh = dict.fromkeys(totals, 1)
    if len(totals) == 2 and all(totals.values()):
        one, other = totals
        common = gcd(totals[one], totals[other])
        weigh = {one: totals[other] // common, other: totals[one] // common}
    for side in sides:
        sign = {way: ((way[0] == side) - (way[1] == side)) * weigh[way] for way in totals}
        if sum(sign[way] * totals[way] for way in totals):
            continue
        ahead = 0
        for stage in range(1, case.stages + 1):
            ahead += sum(sign[way] * at["way", way, stage] for way in totals)
            if abs(ahead) > case.step * max(weigh.values()):
                return False
    return True


def every(case: Case) -> Iterator[tuple[int, ...]]:
    """Every allowed assignment."""
    choices = product(range(case.stages + 1), repeat=len(case.lines))
    return (stages for stages in choices if allowed(case, stages))


def best(case: Case) -> tuple[int, int] | None:
    """The best levels by trying everything; None where nothing is allowed."""
    return max((worth(case, stages) for stages in every(case)), default=None)


@st.composite
def cases(
    draw: st.DrawFn,
    *,
    most: int = 6,
    ring: bool = False,
    groups: bool = False,
    points: bool = False,
) -> Case:
    """Exchanges of a few persons: two sides, or a ring of three."""
    sides = NAMES if ring else NAMES[:2]
    ways = list(zip(sides, [*sides[1:], sides[0]], strict=True))
    stages = draw(st.integers(1, 3 if most <= 6 else 2))
    kinds = draw(st.sampled_from([("a",), ("a", "b")]))
    lines = []
    for number in range(draw(st.integers(2, most))):
        holder, claimant = draw(st.sampled_from(ways))
        lines.append(
            PlanLine(
                handle=f"{draw(st.integers(0, 15)):x}{number}",
                holder=holder,
                claimant=claimant,
                category=draw(st.sampled_from(kinds)),
                medical=draw(st.integers(0, 2)),
                held_since=f"2024-{draw(st.integers(1, 4)):02d}",
                site=f"{holder}{draw(st.integers(1, 2))}",
                group_code=draw(st.sampled_from(["", "", "g", "h"])) if groups else "",
                value=draw(st.integers(1, 3)) if points else 1,
            )
        )
    there = Counter(((x.holder, x.claimant), x.category) for x in lines)
    owed = {}
    for way in ways:
        for kind in kinds:
            high = draw(st.integers(0, there[way, kind]))
            low = draw(st.sampled_from([high, high, 0]))
            owed[way, kind] = (low, high)
    sites = sorted({line.site for line in lines})
    seats = {
        (site, stage): draw(st.integers(0, 2))
        for site in sites
        if draw(st.booleans())
        for stage in range(1, stages + 1)
    }
    return Case(
        lines=tuple(lines),
        stages=stages,
        owed=owed,
        seats=seats,
        heads={1: draw(st.integers(1, 3))} if draw(st.booleans()) else {},
        equal_by=draw(st.sampled_from(["nothing", "total", "category"])),
        step=None if groups or points else draw(st.sampled_from([None, 1, 2, 4])),
        sizes=_sizes(draw, ways, kinds, stages) if draw(st.integers(0, 3)) == 0 else {},
    )


def _sizes(
    draw: st.DrawFn, ways: list[Way], kinds: tuple[str, ...], stages: int
) -> dict[int, dict[tuple[Way, str], int]]:
    return {
        stage: {(way, kind): draw(st.integers(0, 1)) for way in ways for kind in kinds}
        for stage in range(1, stages + 1)
    }
