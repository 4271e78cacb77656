"""Small exchanges of invented handles, and the best plan by trying everything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import gcd
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

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


def everything(case: Case) -> tuple[NDArray[np.int8], NDArray[np.int64]]:
    """Every allowed assignment of stages to persons (0 is to stay), a row each, with its levels."""
    count = len(case.lines)
    grid = np.indices((case.stages + 1,) * count, np.int8).reshape(count, -1).T
    grid = grid[_all_allowed(case, grid)]
    held = months(case.lines)
    early = np.where(grid > 0, case.stages + 1 - grid.astype(np.int64), 0)
    medical = early @ np.array([line.medical for line in case.lines])
    longest = early @ np.array([held[line.handle] for line in case.lines])
    return grid, np.stack([medical, longest], axis=1)


def _all_allowed(case: Case, grid: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Which assignments keep every clause, by counting."""
    good = np.ones(len(grid), np.bool_)
    lines, stages = case.lines, range(1, case.stages + 1)
    goes = {stage: (grid == stage).astype(np.int64) for stage in stages}
    gone = (grid > 0).astype(np.int64)

    def of(**wanted: Any) -> list[bool]:
        return [all(getattr(x, k) == v for k, v in wanted.items()) for x in lines]

    def whom(way: Way, kind: str | None = None) -> list[bool]:
        ends = {"holder": way[0], "claimant": way[1]}
        return of(**ends) if kind is None else of(**ends, category=kind)

    for key in {(x.holder, x.group_code) for x in lines if x.group_code}:
        there = grid[:, of(holder=key[0], group_code=key[1])]
        good &= (there == there[:, :1]).all(axis=1)
    known = {(way, kind) for way, kind in case.owed}
    for x in lines:
        if ((x.holder, x.claimant), x.category) not in known:
            good &= gone[:, lines.index(x)] == 0
    seats = np.array([x.seats for x in lines])
    for (site, stage), most in case.seats.items():
        good &= (goes[stage] * seats)[:, of(site=site)].sum(axis=1) <= most
    sides = sorted({side for way in case.ways for side in way})
    for stage, most in case.heads.items():
        for side in sides if stage in stages else ():
            good &= goes[stage][:, of(holder=side)].sum(axis=1) <= most
    for (way, kind), (low, high) in case.owed.items():
        total = gone[:, whom(way, kind)].sum(axis=1)
        good &= (total <= high) & (case.sizes != {} or total >= low)
    if case.sizes:
        for stage in case.sizes:
            for way, kind in known:
                wanted = case.sizes[stage].get((way, kind), 0)
                good &= goes[stage][:, whom(way, kind)].sum(axis=1) == wanted
        return good
    return good & _all_balanced(case, goes, sides)


def _all_balanced(
    case: Case, goes: dict[int, NDArray[np.int64]], sides: list[str]
) -> NDArray[np.bool_]:
    """Which assignments leave no side further ahead after a stage than was agreed.

    Sides that are kept equal are equal in every stage. Where only a step is agreed, fixed numbers
    come out even in the end, weighed if they differ; open ones have nothing to be even with.
    """
    good = np.ones(len(goes[1]), np.bool_)
    ways = [(x.holder, x.claimant) for x in case.lines]
    points = np.array([x.value for x in case.lines])

    def given(side: str, weigh: dict[Way, int], kind: str | None = None) -> NDArray[np.int64]:
        sign = [
            ((way[0] == side) - (way[1] == side)) * weigh.get(way, 1) * (kind in (None, x.category))
            for way, x in zip(ways, case.lines, strict=True)
        ]
        return np.array(sign, np.int64) * points

    if case.equal_by != "nothing":
        kinds: list[str | None] = [None]
        if case.equal_by == "category":
            kinds = sorted({name for _, name in case.owed})
        for there in goes.values():
            for side in sides:
                for kind in kinds:
                    good &= there @ given(side, {}, kind) == 0
        return good
    for side, weigh, most in _bounds(case, set(sides)):
        ahead = np.zeros(len(good), np.int64)
        for stage in sorted(goes):
            ahead += goes[stage] @ given(side, weigh)
            good &= np.abs(ahead) <= most
    return good


def _bounds(case: Case, sides: set[str]) -> Iterator[tuple[str, dict[Way, int], int]]:
    """(side, weight of each way, most it may be ahead) where an agreed step binds fixed numbers."""
    if case.step is None or any(low != high for low, high in case.owed.values()):
        return
    totals = {way: sum(n for (w, _), (n, _) in case.owed.items() if w == way) for way in case.ways}
    weigh = dict.fromkeys(totals, 1)
    if len(totals) == 2 and all(totals.values()):
        one, other = totals
        common = gcd(totals[one], totals[other])
        weigh = {one: totals[other] // common, other: totals[one] // common}
    for side in sorted(sides):
        sign = {way: ((way[0] == side) - (way[1] == side)) * weigh[way] for way in totals}
        if not sum(sign[way] * totals[way] for way in totals):
            yield side, weigh, case.step * max(weigh.values())


def every(case: Case) -> Iterator[tuple[int, ...]]:
    """Every allowed assignment."""
    return map(tuple, everything(case)[0].tolist())


def best(case: Case) -> tuple[int, int] | None:
    """The best levels by trying everything; None where nothing is allowed."""
    return max(map(tuple, everything(case)[1].tolist()), default=None)


@st.composite
def cases(
    draw: st.DrawFn,
    *,
    most: int = 6,
    ring: bool = False,
    groups: bool = False,
    points: bool = False,
    least: int = 2,
) -> Case:
    """Exchanges of a few persons: two sides, or a ring of three."""
    sides = NAMES if ring else NAMES[:2]
    ways = list(zip(sides, [*sides[1:], sides[0]], strict=True))
    stages = draw(st.integers(1, 3))
    kinds = draw(st.sampled_from([("a",), ("a", "b")]))
    lines = []
    for number in range(draw(st.integers(least, most))):
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
