"""The task as plain integers: classes of identical persons, stages, limits, balances.

Everything that reads terms and annexes ends here, and everything that solves, checks a proof or
explains begins here. Classes, pools and stages are known by their place in the tuples.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from homeward.plan.aims import PLAIN, Aims
from homeward.words import say

Measure = Literal["heads", "seats"]


@dataclass(frozen=True, slots=True, order=True)
class Clause:
    """What a limit rests on: an id both sides can point to, and a sentence with its numbers."""

    id: str
    key: str
    values: tuple[tuple[str, str | int], ...] = ()

    def sentence(self, language: str = "en") -> str:
        """The clause in words."""
        return say(f"plan.clauses.{self.key}", language, **dict(self.values))


@dataclass(frozen=True, slots=True, order=True)
class Pool:
    """Persons whom no limit can tell apart: one way, one kind, one site, seats and value each."""

    holder: str
    claimant: str
    category: str
    state: str
    group: str
    site: str = ""
    seats: int = 1
    value: int = 1
    unit: str = ""
    under: tuple[str, ...] = ()  # ids of the obligations its persons may count against
    parts: tuple[str, ...] = ()  # parts of their numbers that its persons belong to

    @property
    def inside(self) -> bool:
        return self.group == "inside"


@dataclass(frozen=True, slots=True)
class Cohort:
    """Identical persons of a pool: same medical level, same month; handles in public tie order.

    ``bundle`` numbers the group that stays together, or is -1. ``months`` held, 1 or more.
    """

    pool: int
    medical: int
    months: int
    bundle: int
    handles: tuple[str, ...]

    @property
    def heads(self) -> int:
        return len(self.handles)


@dataclass(frozen=True, slots=True)
class Duty:
    """An obligation's count over the whole plan; each person counts against one duty only."""

    clause: Clause
    id: str
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Limit:
    """``low <= heads (or seats) of these pools <= high``, in one stage or over all of them."""

    clause: Clause
    pools: frozenset[int]
    stage: int | None
    low: int
    high: int
    measure: Measure = "heads"


@dataclass(frozen=True, slots=True)
class Balance:
    """How far one side may be ahead at the end of each stage, in heads times agreed weights.

    ``start + sum of weight * heads`` stays within ``slack`` of 0 after each stage. ``weights``
    holds (pool, weight): positive gives, negative receives.
    """

    clause: Clause
    weights: tuple[tuple[int, int], ...]
    slack: int
    start: int = 0


@dataclass(frozen=True, slots=True)
class Tie:
    """``these`` follow ``those`` over all stages: ``right`` for each ``left``, by a rule.

    ``done`` were heads of both before. Rules are those of ``ties.asked``.
    """

    clause: Clause
    these: frozenset[int]
    those: frozenset[int]
    left: int
    right: int
    rule: str = "whole_groups"
    done: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Fleet:
    """Vehicles that a holder may send to any of these pools' sites, each once a stage."""

    clause: Clause
    pools: frozenset[int]
    stage: int
    sorts: tuple[tuple[int, int], ...]  # (seats, vehicles)


@dataclass(frozen=True, slots=True)
class Link:
    """What waits for something else, stage by stage.

    ``gate``: ``then`` only from the stage on in which ``need`` of ``first`` have gone; ``order``:
    only once nobody of ``first`` is still to go; ``same``: both in the same stages.
    """

    clause: Clause
    kind: Literal["gate", "order", "same"]
    first: frozenset[int]
    then: frozenset[int]
    need: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """Persons of a class who were told a stage (its index)."""

    cohort: int
    stage: int
    handles: tuple[str, ...]

    @property
    def heads(self) -> int:
        return len(self.handles)


@dataclass(frozen=True)
class Task:
    """One planning task; equal tasks have equal plans on every machine."""

    stages: tuple[int, ...]
    pools: tuple[Pool, ...]
    cohorts: tuple[Cohort, ...]
    duties: tuple[Duty, ...]
    limits: tuple[Limit, ...]
    balances: tuple[Balance, ...] = ()
    ties: tuple[Tie, ...] = ()
    fleets: tuple[Fleet, ...] = ()
    own: tuple[Fleet, ...] = ()  # vehicles that belong to one site each
    links: tuple[Link, ...] = ()
    aims: Aims = PLAIN
    told: tuple[Told, ...] = ()
    scarce: bool = False  # as many heads as possible come before everything else
    seed: int = 0

    @cached_property
    def heads(self) -> tuple[int, ...]:
        """Persons in each pool."""
        found = [0] * len(self.pools)
        for cohort in self.cohorts:
            found[cohort.pool] += cohort.heads
        return tuple(found)

    @cached_property
    def under(self) -> tuple[frozenset[int], ...]:
        """Pools that may count against each duty."""
        return tuple(
            frozenset(n for n, pool in enumerate(self.pools) if duty.id in pool.under)
            for duty in self.duties
        )

    @cached_property
    def bundles(self) -> tuple[tuple[int, ...], ...]:
        """The cohorts of each group that stays together."""
        number = max((cohort.bundle for cohort in self.cohorts), default=-1) + 1
        found: list[list[int]] = [[] for _ in range(number)]
        for index, cohort in enumerate(self.cohorts):
            if cohort.bundle >= 0:
                found[cohort.bundle].append(index)
        return tuple(map(tuple, found))

    def weight(self, pool: int, measure: Measure) -> int:
        """What one person of the pool takes of a limit."""
        return self.pools[pool].seats if measure == "seats" else 1

    def most(self, pools: Iterable[int], measure: Measure = "heads") -> int:
        """What all persons of these pools together would take."""
        return sum(self.heads[pool] * self.weight(pool, measure) for pool in pools)


#: Heads of a class released in a stage: ``{(cohort, stage index): heads}``, zeros left out.
Flow = dict[tuple[int, int], int]


def values(**given: Any) -> tuple[tuple[str, str | int], ...]:
    """A clause's numbers and names in a frozen form."""
    return tuple(sorted(given.items()))
