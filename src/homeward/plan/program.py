"""The task as rows and whole-number columns, for what is no network; and bounds by integers.

The solver reads it, and so does whoever checks a bound: for any multipliers of the rows, right or
wrong, the sum of what the rows and the columns' bounds then allow is a bound that no plan can
beat (Lagrange). Multipliers are integers, so nothing is rounded when the bound is checked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from homeward.plan.links import link_rows
from homeward.plan.network import level_names, worth_of
from homeward.plan.sharing import add_fairness, add_trips, trips_needed, worst_behind
from homeward.plan.task import Balance, Clause, Flow, Task
from homeward.plan.ties import tie_rows

#: Multipliers are counted in parts of one: 2**20 parts.
SCALE = 2**20


@dataclass(frozen=True, slots=True)
class Row:
    """``low <= sum of factor * column <= high``; the clause it rests on, None for machinery."""

    clause: Clause | None
    factors: Mapping[int, int]
    low: int
    high: int


@dataclass
class Program:
    """Columns with bounds, rows, and the worth of each column by level (more is better)."""

    task: Task
    low: list[int] = field(default_factory=list)
    high: list[int] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    worth: list[dict[int, int]] = field(default_factory=list)
    #: Column of each class, or first class of a group, and stage; absent where it is closed.
    place: dict[tuple[int, int], int] = field(default_factory=dict)
    #: Columns of whole vehicles, shared among sites.
    vehicles: list[int] = field(default_factory=list)
    #: Columns of how many of those who count for several one side has sent beyond the other.
    counts: list[int] = field(default_factory=list)
    #: The first rows: nobody goes twice.
    supply: int = 0

    def column(self, low: int, high: int, *, whole: bool = True) -> int:
        """A new column."""
        self.low.append(low)
        self.high.append(high)
        self.whole.append(whole)
        return len(self.low) - 1

    @cached_property
    def units(self) -> list[list[tuple[int, int]]]:
        """(class, heads) that move as one: a class person by person, a group all at once."""
        task = self.task
        alone = [[(n, 1)] for n, cohort in enumerate(task.cohorts) if cohort.bundle < 0]
        return alone + [[(n, task.cohorts[n].heads) for n in bundle] for bundle in task.bundles]

    def flow(self, values: Sequence[int]) -> Flow:
        """Heads by class and stage of a solution."""
        found: Flow = {}
        for unit in self.units:
            for stage in range(len(self.task.stages)):
                column = self.place.get((unit[0][0], stage))
                if column is None or not values[column]:
                    continue
                for cohort, heads in unit:
                    found[cohort, stage] = heads * values[column]
        return found

    def value(self, level: int, flow: Flow) -> int:
        """What a plan is worth on a level."""
        return value_of(self.task, level_names(self.task)[level][0], flow)

    def slack(self, level: int, value: int) -> int:
        """How far a level that reached ``value`` may fall for later ones."""
        return self.task.aims.slack(level_names(self.task)[level][0], value)

    def bound(self, level: int, multipliers: Sequence[int], floors: Sequence[int]) -> int:
        """The most any plan can be worth on a level, given ``floors`` on the levels before it.

        ``multipliers`` (in parts of ``SCALE``) belong to the rows, then to the floors; integers
        only, so the bound holds whatever they are.
        """
        rest = [0] * len(self.low)
        for column, worth in self.worth[level].items():
            rest[column] = worth * SCALE
        total = 0
        rows = [*self.rows, *self.floor_rows(floors)]
        for row, multiplier in zip(rows, multipliers, strict=True):
            if not multiplier:
                continue
            total += multiplier * (row.high if multiplier > 0 else row.low)
            for column, factor in row.factors.items():
                rest[column] -= multiplier * factor
        for column, left in enumerate(rest):
            total += left * (self.high[column] if left > 0 else self.low[column])
        return total // SCALE

    def most(self, level: int) -> int:
        """What the columns' own bounds allow on a level."""
        return sum(
            worth * (self.high[column] if worth > 0 else self.low[column])
            for column, worth in self.worth[level].items()
        )

    def floor_rows(self, floors: Sequence[int]) -> list[Row]:
        """Rows that keep what earlier levels have reached."""
        found = []
        for level, floor in enumerate(floors):
            found.append(Row(None, self.worth[level], floor, max(self.most(level), floor)))
        return found


def value_of(task: Task, name: str, flow: Flow) -> int:
    """What a plan is worth on the level of that name; more is better."""
    if name == "told":
        return sum(min(one.heads, flow.get((one.cohort, one.stage), 0)) for one in task.told)
    if name == "released":
        return sum(flow.values())
    if name == "fairness":
        return -worst_behind(task, flow)
    if name == "trips":
        return -trips_needed(task, flow)
    stages = len(task.stages)
    return sum(
        worth_of(task, name, task.cohorts[cohort]) * heads * (stages - stage)
        for (cohort, stage), heads in flow.items()
    )


def program(task: Task, *, shut: bool = True) -> Program:
    """Rows and columns of a task, in an order that depends on the task alone.

    Nobody has a column where the room is zero; without ``shut`` the row alone says so, so that
    whoever explains can name it.
    """
    made = Program(task)
    closed = {
        (pool, limit.stage)
        for limit in task.limits
        if shut and limit.stage is not None and limit.high == 0
        for pool in limit.pools
        if task.weight(pool, limit.measure)
    }
    for unit in made.units:
        most = task.cohorts[unit[0][0]].heads if len(unit) == 1 and unit[0][1] == 1 else 1
        columns = {}
        for stage in range(len(task.stages)):
            if all((task.cohorts[cohort].pool, stage) not in closed for cohort, _ in unit):
                columns[made.column(0, most)] = 1
                made.place[unit[0][0], stage] = len(made.low) - 1
        if columns:
            made.rows.append(Row(None, columns, 0, most))
    made.supply = len(made.rows)
    heads = _heads(made)
    _limit_rows(made, heads)
    _duty_rows(made, heads)
    _balance_rows(made, heads)
    _fleet_rows(made, heads)
    link_rows(made, heads)
    _levels(made, heads)
    return made


#: Factors of heads by pool and stage.
Heads = dict[tuple[int, int], dict[int, int]]


def _heads(made: Program) -> Heads:
    task = made.task
    found: Heads = {}
    for unit in made.units:
        for stage in range(len(task.stages)):
            column = made.place.get((unit[0][0], stage))
            if column is None:
                continue
            for cohort, heads in unit:
                factors = found.setdefault((task.cohorts[cohort].pool, stage), {})
                factors[column] = factors.get(column, 0) + heads
    return found


def _add(total: dict[int, int], factors: Mapping[int, int], times: int = 1) -> None:
    for column, factor in factors.items():
        total[column] = total.get(column, 0) + factor * times


def _limit_rows(made: Program, heads: Heads) -> None:
    task = made.task
    for limit in task.limits:
        stages = range(len(task.stages)) if limit.stage is None else (limit.stage,)
        total: dict[int, int] = {}
        for pool in sorted(limit.pools):
            for stage in stages:
                weight = task.weight(pool, limit.measure)
                _add(total, heads.get((pool, stage), {}), weight)
        most = task.most(limit.pools, limit.measure)
        if limit.low > 0 or most > limit.high:
            made.rows.append(Row(limit.clause, total, limit.low, limit.high))


def _duty_rows(made: Program, heads: Heads) -> None:
    """Each person counts against one duty: shares of pools that could count against several."""
    task = made.task
    place = {duty.id: number for number, duty in enumerate(task.duties)}
    sums: list[dict[int, int]] = [{} for _ in task.duties]
    shared: dict[tuple[int, ...], dict[int, int]] = {}
    for pool, one in enumerate(task.pools):
        under = tuple(place[name] for name in one.under)
        total = sums[under[0]] if len(under) == 1 else shared.setdefault(under, {})
        for stage in range(len(task.stages)):
            _add(total, heads.get((pool, stage), {}))
    for under, total in sorted(shared.items()):
        most = sum(task.heads)
        balance = dict(total)
        for number in under:
            share = made.column(0, most)
            balance[share] = -1
            sums[number][share] = 1
        made.rows.append(Row(None, balance, 0, 0))
    for duty, total in zip(task.duties, sums, strict=True):
        made.rows.append(Row(duty.clause, total, duty.low, duty.high))
    tie_rows(made, heads)


def _balance_rows(made: Program, heads: Heads) -> None:
    """One column for how far a side is ahead after each stage."""
    task = made.task
    for balance in task.balances:
        before: int | None = None
        for stage in range(len(task.stages)):
            after = made.column(-balance.slack, balance.slack, whole=False)
            total = {after: -1}
            for pool, weight in balance.weights:
                _add(total, heads.get((pool, stage), {}), weight)
            start = 0
            if before is None:
                start = -balance.start
            else:
                total[before] = 1
            made.rows.append(Row(balance.clause, total, start, start))
            before = after
        for value in sorted({abs(weight) for _, weight in balance.weights} - {1}):
            _count_rows(made, heads, balance, value)


def _count_rows(made: Program, heads: Heads, balance: Balance, value: int) -> None:
    """How many who count for ``value`` one side has sent beyond the other, after each stage.

    Once these few numbers are whole, hardly anything else is divided: the solver decides on them
    first.
    """
    most = sum(made.task.heads[pool] for pool, weight in balance.weights if abs(weight) == value)
    before: dict[int, int] = {}
    for stage in range(len(made.task.stages)):
        after = made.column(-most, most)
        made.counts.append(after)
        total = {**before, after: -1}
        for pool, weight in balance.weights:
            if abs(weight) == value:
                _add(total, heads.get((pool, stage), {}), weight // value)
        made.rows.append(Row(None, total, 0, 0))
        before = {after: 1}


def _fleet_rows(made: Program, heads: Heads) -> None:
    """Whole vehicles, shared among a holder's sites."""
    task = made.task
    for fleet in task.fleets:
        sites: dict[str, dict[int, int]] = {}
        for pool in sorted(fleet.pools):
            one = task.pools[pool]
            total = sites.setdefault(one.site, {})
            _add(total, heads.get((pool, fleet.stage), {}), one.seats)
        used: list[dict[int, int]] = [{} for _ in fleet.sorts]
        for _, total in sorted(sites.items()):
            row = dict(total)
            for number, (seats, count) in enumerate(fleet.sorts):
                column = made.column(0, count)
                made.vehicles.append(column)
                used[number][column] = 1
                row[column] = -seats
            made.rows.append(Row(fleet.clause, row, -_seats(fleet.sorts), 0))
        for (_, count), columns in zip(fleet.sorts, used, strict=True):
            made.rows.append(Row(fleet.clause, columns, 0, count))


def _seats(sorts: Sequence[tuple[int, int]]) -> int:
    return sum(seats * count for seats, count in sorts)


def _levels(made: Program, heads: Heads) -> None:
    task = made.task
    stages = len(task.stages)
    for name, _ in level_names(task):
        worth: dict[int, int] = {}
        made.worth.append(worth)
        if name == "told":
            _told(made, worth)
            continue
        if name in ("fairness", "trips"):
            worth.update((add_fairness if name == "fairness" else add_trips)(made, heads))
            continue
        for unit in made.units:
            if name == "released":
                for stage in range(stages):
                    column = made.place.get((unit[0][0], stage))
                    if column is not None:
                        worth[column] = sum(heads for _, heads in unit)
                continue
            one = sum(worth_of(task, name, task.cohorts[n]) * heads for n, heads in unit)
            for stage in range(stages):
                column = made.place.get((unit[0][0], stage))
                if column is not None and one:
                    worth[column] = one * (stages - stage)


def _told(made: Program, worth: dict[int, int]) -> None:
    """A column for those who keep the stage they were told, at most those who go in it."""
    cohorts = made.task.cohorts
    first = {n: bundle[0] for bundle in made.task.bundles for n in bundle}
    for one in made.task.told:
        column = made.place.get((first.get(one.cohort, one.cohort), one.stage))
        if column is None:
            continue
        if cohorts[one.cohort].bundle >= 0:
            worth[column] = worth.get(column, 0) + one.heads
            continue
        kept = made.column(0, one.heads)
        made.rows.append(Row(None, {column: 1, kept: -1}, 0, cohorts[one.cohort].heads))
        worth[kept] = 1
