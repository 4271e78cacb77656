"""Fairness and trips: aims that join the persons of a site or a vehicle, as rows and as counted.

Fairness looks at the site or unit that is furthest behind: the share of its persons that the
agreed counts promise on average, less the share that goes. Trips are vehicle trips of all stages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from homeward.plan.aims import WHOLE
from homeward.plan.resources import Vehicle
from homeward.plan.task import Fleet, Flow, Task
from homeward.plan.trips import allot_fleet

if TYPE_CHECKING:
    from homeward.plan.program import Heads, Program


@dataclass(frozen=True, slots=True)
class Part:
    """Persons of one way at one site or of one unit, and how many of them the counts promise."""

    name: tuple[str, ...]
    pools: frozenset[int]
    heads: int
    promised: int  # in heads times WHOLE, rounded down

    def behind(self, released: int) -> int:
        """Hundredths of a percent behind the promised share, rounded up; 0 where it is ahead."""
        return max(0, -((WHOLE * released - self.promised) // self.heads))


def parts_of(task: Task) -> tuple[Part, ...]:
    """Every site and unit of each way, inside the balance, that is not the only one of its way."""
    shares = _promised(task)
    found = []
    for attribute in ("site", "unit"):
        groups: dict[tuple[str, str, str], dict[str, list[int]]] = {}
        for number, pool in enumerate(task.pools):
            if pool.inside:
                way = (pool.holder, pool.claimant, pool.state)
                groups.setdefault(way, {}).setdefault(getattr(pool, attribute), []).append(number)
        for way, members in sorted(groups.items()):
            if len(members) < 2:
                continue
            for name, pools in sorted(members.items()):
                promised = sum((shares[pool] for pool in pools), Fraction())
                heads = sum(task.heads[pool] for pool in pools)
                part = Part((*way, attribute, name), frozenset(pools), heads, int(promised * WHOLE))
                found.append(part)
    return tuple(found)


def _promised(task: Task) -> list[Fraction]:
    """Persons of each pool that the counts promise, where every count is shared out evenly."""
    sized = [limit for limit in task.limits if limit.clause.key.startswith("size")]
    counts = [(limit.pools, limit.low) for limit in sized] or [
        (pools, duty.low) for pools, duty in zip(task.under, task.duties, strict=True)
    ]
    found = [Fraction()] * len(task.pools)
    for pools, count in counts:
        there = task.most(pools)
        for pool in pools if there else ():
            found[pool] += Fraction(count * task.heads[pool], there)
    return [min(share, Fraction(heads)) for share, heads in zip(found, task.heads, strict=True)]


def add_fairness(made: Program, heads: Heads) -> dict[int, int]:
    """Rows of the site or unit furthest behind; its column is the level."""
    from homeward.plan.program import Row

    worst = made.column(0, WHOLE)
    for part in parts_of(made.task):
        total: dict[int, int] = {worst: part.heads}
        for pool in sorted(part.pools):
            for stage in range(len(made.task.stages)):
                for column, factor in heads.get((pool, stage), {}).items():
                    total[column] = total.get(column, 0) + factor * WHOLE
        most = WHOLE * 2 * part.heads
        made.rows.append(Row(None, total, part.promised, max(most, part.promised)))
    return {worst: -1}


def worst_behind(task: Task, flow: Flow) -> int:
    """How far the site or unit that is furthest behind is behind its promised share."""
    released = [0] * len(task.pools)
    for (cohort, _), heads in flow.items():
        released[task.cohorts[cohort].pool] += heads
    return max(
        (part.behind(sum(released[pool] for pool in part.pools)) for part in parts_of(task)),
        default=0,
    )


def add_trips(made: Program, heads: Heads) -> dict[int, int]:
    """Whole vehicles of sites that have their own; columns of shared fleets are there already."""
    from homeward.plan.program import Row

    worth = dict.fromkeys(made.vehicles, -1)
    for own in made.task.own:
        row: dict[int, int] = {}
        for pool in sorted(own.pools):
            for column, factor in heads.get((pool, own.stage), {}).items():
                row[column] = row.get(column, 0) + factor * made.task.pools[pool].seats
        low = 0
        for seats, count in own.sorts:
            column = made.column(0, count)
            row[column] = -seats
            worth[column] = -1
            low -= seats * count
        made.rows.append(Row(own.clause, row, low, 0))
    return worth


def trips_needed(task: Task, flow: Flow) -> int:
    """The fewest vehicle trips that carry a plan, over all stages."""
    loads: dict[int, dict[int, int]] = {}
    for (cohort, stage), heads in flow.items():
        pool = task.cohorts[cohort].pool
        at = loads.setdefault(stage, {})
        at[pool] = at.get(pool, 0) + heads * task.pools[pool].seats
    return sum(_trips(fleet, sites) for fleet, sites in _site_loads(task, loads) if sites)


def _site_loads(
    task: Task, loads: Mapping[int, Mapping[int, int]]
) -> Iterator[tuple[Fleet, dict[str, int]]]:
    for fleet in (*task.own, *task.fleets):
        sites: dict[str, int] = {}
        for pool, seats in loads.get(fleet.stage, {}).items():
            if pool in fleet.pools:
                site = task.pools[pool].site
                sites[site] = sites.get(site, 0) + seats
        yield fleet, sites


def _trips(fleet: Fleet, loads: Mapping[str, int]) -> int:
    vehicles = [
        Vehicle(f"{number}", seats)
        for number, (seats, count) in enumerate(fleet.sorts)
        for _ in range(count)
    ]
    chosen = allot_fleet(vehicles, loads, 1) if vehicles else {}
    return sum(len(each) for each in chosen.values())
