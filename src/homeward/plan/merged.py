"""Persons whom only their months tell apart, as one number for each stage: nothing is lost by it.

Whatever number of such persons has gone by a stage, it is best that those held longest are among
them; that costs no other level anything. So one whole number for each stage decides for all of
them, and how many have gone by then says who.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from homeward.plan.network import level_names
from homeward.plan.program import SCALE, Program, Row

_HELD = "held"
_NEAR = 1e-6


@dataclass(frozen=True)
class Group:
    """Classes, those held longest first, with their columns by stage.

    ``gone`` and ``filled`` are there where the classes differ in anything that counts: all who
    have gone by a stage, and those of each class.
    """

    cohorts: tuple[int, ...]
    heads: tuple[int, ...]
    stages: tuple[int, ...]
    leave: tuple[int, ...]
    gone: tuple[int, ...] = ()
    filled: tuple[tuple[int, ...], ...] = ()


@dataclass
class Merged:
    """A program for the solver alone; ``rows`` are those of the whole program but the supply.

    Who has gone by a stage matters from the level of months on: until then the solver works
    without the columns from ``plain`` on and the rows of ``filling``.
    """

    low: list[int] = field(default_factory=list)
    high: list[int] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    ties: list[Row] = field(default_factory=list)  # nobody goes twice
    filling: list[Row] = field(default_factory=list)
    plain: int = 0
    held: int = 0  # the level of months, or how many levels there are
    worth: list[dict[int, int]] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    slacks: tuple[int, ...] = ()  # hundredths of a percent that each level may give up
    #: Column of the program -> its own column here, for columns that stay as they are.
    same: dict[int, int] = field(default_factory=dict)
    #: How many of those who count for several have gone beyond those of the other side.
    counts: tuple[int, ...] = ()

    def column(self, low: int, high: int, *, whole: bool = True) -> int:
        """A new column."""
        self.low.append(low)
        self.high.append(high)
        self.whole.append(whole)
        return len(self.low) - 1

    def most(self, level: int) -> int:
        """What the columns' own bounds allow on a level."""
        return sum(
            worth * (self.high[column] if worth > 0 else self.low[column])
            for column, worth in self.worth[level].items()
        )

    def value(self, level: int, values: Sequence[int]) -> int:
        """What whole values are worth on a level."""
        return sum(factor * values[column] for column, factor in self.worth[level].items())

    def beyond(self, values: Sequence[float], near: int) -> Iterator[tuple[int, int, int]]:
        """(column, low, high) where classes far from those who are next by ``values`` are as good.

        Only ``near`` classes on either side of who is next at a stage count by their own months;
        persons beyond them count as the last of these. Nobody counts less by that, so the best is
        a bound, and it is the truth where the best has nobody beyond.
        """
        for group in self.groups:
            for total, filled in zip(group.gone, group.filled, strict=False) if near else ():
                before = [*accumulate(group.heads, initial=0)]
                at = min(bisect_left(before, values[total] - _NEAR, 1), len(filled)) - 1
                first, last = max(0, at - near), min(len(filled) - 1, at + near)
                for number, column in enumerate(filled):
                    heads = group.heads[number]
                    low = high = heads if number < first else 0
                    if first <= number <= last:
                        low = -before[first] if number == first else 0
                        high = before[-1] - before[last] if number == last else heads
                    yield column, low, high

    def settle(self, values: list[int]) -> None:
        """Let who has gone by each stage follow from how many leave."""
        for group in self.groups:
            gone = 0
            for leave, total, filled in zip(group.leave, group.gone, group.filled, strict=False):
                gone += values[leave]
                left = values[total] = gone
                for column, heads in zip(filled, group.heads, strict=True):
                    values[column] = min(left, heads)
                    left -= values[column]


def merged(made: Program) -> Merged:
    """The program with one whole column for each group and stage."""
    small = Merged(slacks=_slacks(made))
    names = [name for name, _ in level_names(made.task)][: len(made.worth)]
    small.held = names.index(_HELD) if _HELD in names else len(names)
    onto: dict[int, int] = {}
    inside: set[int] = set()
    groups = [_merge(made, small, cohorts) for cohorts in _groups(made)]
    for group in groups:
        for stage, column in zip(group.stages, group.leave, strict=True):
            onto[made.place[group.cohorts[0], stage]] = column
            inside |= {made.place[cohort, stage] for cohort in group.cohorts}
    for column in range(len(made.low)):
        if column not in inside:
            high, whole = made.high[column], made.whole[column]
            onto[column] = small.same[column] = small.column(made.low[column], high, whole=whole)
    for row in made.rows[: made.supply]:
        if all(column in small.same for column in row.factors):
            small.ties.append(_row(row, onto))
    small.rows = [_row(row, onto) for row in made.rows[made.supply :]]
    for worth in made.worth:
        small.worth.append({onto[column]: one for column, one in worth.items() if column in onto})
    small.counts = tuple(small.same[column] for column in made.counts)
    small.plain = len(small.low)
    small.groups = [_filled(small, group) for group in groups] if _HELD in names else groups
    if _HELD in names:
        _by_months(made, small, small.worth[small.held])
    return small


def _slacks(made: Program) -> tuple[int, ...]:
    given = dict(made.task.aims.tolerance)
    return tuple(given.get(name, 0) for name, _ in level_names(made.task))


def _groups(made: Program) -> Iterator[tuple[int, ...]]:
    """Classes of which nobody stays with another or was told a stage, by all but their months."""
    task = made.task
    told = {one.cohort for one in task.told}
    found: dict[tuple[int, int], list[int]] = {}
    for number, cohort in enumerate(task.cohorts):
        if cohort.bundle < 0 and number not in told:
            found.setdefault((cohort.pool, cohort.medical), []).append(number)
    for group in found.values():
        yield tuple(sorted(group, key=lambda number: -task.cohorts[number].months))


def _merge(made: Program, small: Merged, cohorts: tuple[int, ...]) -> Group:
    """Columns of a group by stage."""
    heads = tuple(made.task.cohorts[number].heads for number in cohorts)
    stages = tuple(
        stage for stage in range(len(made.task.stages)) if (cohorts[0], stage) in made.place
    )
    leave = tuple(small.column(0, sum(heads)) for _ in stages)
    if leave:
        small.ties.append(Row(None, dict.fromkeys(leave, 1), 0, sum(heads)))
    return Group(cohorts, heads, stages, leave)


def _filled(small: Merged, group: Group) -> Group:
    """The group with columns for who has gone by each stage, where its classes differ."""
    if len(group.cohorts) == 1:
        return group
    heads = group.heads
    gone = tuple(small.column(0, sum(heads), whole=False) for _ in group.stages)
    filled = tuple(tuple(small.column(0, n) for n in heads) for _ in group.stages)
    before: dict[int, int] = {}
    for now, leave, parts in zip(gone, group.leave, filled, strict=True):
        small.filling.append(Row(None, {**before, leave: 1, now: -1}, 0, 0))
        small.filling.append(Row(None, {**dict.fromkeys(parts, 1), now: -1}, 0, 0))
        before = {now: 1}
    return replace(group, gone=gone, filled=filled)


def _by_months(made: Program, small: Merged, worth: dict[int, int]) -> None:
    """Who has gone by a stage counts by months: once for each stage until the next open one."""
    for group in small.groups:
        ends = (*group.stages[1:], len(made.task.stages))
        for place, parts in enumerate(group.filled):
            worth.pop(group.leave[place], None)
            for column, cohort in zip(parts, group.cohorts, strict=True):
                span = ends[place] - group.stages[place]
                worth[column] = span * made.task.cohorts[cohort].months


def _row(row: Row, onto: Mapping[int, int]) -> Row:
    factors = {onto[column]: factor for column, factor in row.factors.items() if column in onto}
    return Row(row.clause, factors, row.low, row.high)


def whole_values(made: Program, small: Merged, values: Sequence[int]) -> tuple[int, ...]:
    """Values of all columns of the program: of each group, those held longest go first."""
    found = [0] * len(made.low)
    for column, here in small.same.items():
        found[column] = values[here]
    for group in small.groups:
        queue = [*zip(group.cohorts, group.heads, strict=True)][::-1]
        for stage, column in zip(group.stages, group.leave, strict=True):
            wanted = values[column]
            while wanted:
                cohort, heads = queue.pop()
                going = min(wanted, heads)
                found[made.place[cohort, stage]] = going
                wanted -= going
                if heads > going:
                    queue.append((cohort, heads - going))
    return tuple(found)


def whole_multipliers(made: Program, level: int, given: Sequence[int]) -> tuple[int, ...]:
    """Multipliers of all rows of the program from those of all but the supply of persons.

    What a person's best stage is worth beyond what its rows cost is that person's multiplier.
    """
    rest = [0] * len(made.low)
    for column, worth in made.worth[level].items():
        rest[column] = worth * SCALE
    factors = [row.factors for row in made.rows[made.supply :]] + made.worth[:level]
    for row, multiplier in zip(factors, given, strict=True):
        if multiplier:
            for column, factor in row.items():
                rest[column] -= multiplier * factor
    supply = [max(0, *(rest[column] for column in row.factors)) for row in made.rows[: made.supply]]
    return (*supply, *given)
