"""Level by level to the best whole solution and a bound; it runs in a process of its own."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from ortools.math_opt.python import mathopt

from homeward.plan.aims import WHOLE
from homeward.plan.merged import Merged
from homeward.plan.model import ANSWERS, Model, exact, solve
from homeward.plan.program import SCALE

_NEAR = 1e-6
_CLOSE = 1e-9  # of a number, for what adding up many of them may lose
_WIDEN = 8
_MANY = 50_000  # columns
_SOME = 10_000  # columns: with fewer, the best is found as soon as any
_LEAST = 0.1  # seconds
_NEARBY = (1, 2)  # classes on either side of who is next
_FIRST = 0.6  # of the time that is left
_MOST = 0.8
_USED = 0.85  # of the time allowed; the rest is for building and for what solvers overrun


@dataclass(frozen=True)
class Answer:
    """What came of one level: whole values of all columns, and bounds proven on the way."""

    values: tuple[int, ...]
    value: int
    bound: int
    multipliers: tuple[int, ...]


class Solver(Model):
    """Solves a program level by level, keeping what earlier levels reached."""

    def __init__(self, small: Merged) -> None:
        super().__init__(small.low, small.high)
        self.small = small
        self.grow(small.plain)
        self.rows = [self.row(row.factors, row.low, row.high) for row in small.rows]
        for row in small.ties:
            self.row(row.factors, row.low, row.high)
        self.floors: list[int] = []
        self.open: list[float] = []  # what each level's relaxation could have had beyond it
        self.number = 0
        self.last: list[int] | None = None  # what the level before came to

    def level(self, number: int, seconds: float) -> Answer | None:
        """The best whole solution on a level; None where there is none. Then it is kept.

        Raises TimeoutError where the time was over before any was found.
        """
        small = self.small
        self.number = number
        worth = small.worth[number]
        if number == small.held:
            self.grow(len(small.low))
            for row in small.filling:
                self.row(row.factors, row.low, row.high)
        self.model.maximize(
            mathopt.LinearSum(factor * self.columns[column] for column, factor in worth.items())
        )
        end = time.monotonic() + seconds
        relaxed = self._relaxed()
        if relaxed is None:
            return None
        if relaxed.whole is not None:
            found: tuple[list[int], int] | None = relaxed.whole, int(_down(relaxed.ceiling))
        else:
            found = self._whole(relaxed, end)
        if found is None:
            return None
        values, bound = found
        value = small.value(number, values)
        self.last = values
        slack = abs(value) * small.slacks[number] // WHOLE
        self.floors.append(value - slack)
        self.open.append(max(0.0, relaxed.ceiling - value))
        self.rows.append(self.row(worth, value - slack, math.inf))
        return Answer(tuple(values), value, max(bound, value), relaxed.multipliers)

    def _relaxed(self) -> Relaxed | None:
        """The best where heads may be divided; None where there is not even that."""
        result = solve(self.model, mathopt.SolveParameters())
        if result.termination.reason not in ANSWERS:
            result = mathopt.solve(self.model, mathopt.SolverType.GLOP)
        optimal = result.termination.reason == mathopt.TerminationReason.OPTIMAL
        if optimal and result.has_dual_feasible_solution():
            return self._read(result)
        if result.termination.reason in ANSWERS[1:]:
            return None
        # Neither could say: without multipliers the columns' own bounds are the ceiling.
        most = float(self.small.most(self.number))
        nothing = [0.0] * len(self.columns)
        return Relaxed(most, nothing, nothing, (0,) * len(self.rows), None)

    def _read(self, result: mathopt.SolveResult) -> Relaxed:
        values = result.variable_values(self.columns)
        multipliers = tuple(round(dual * SCALE) for dual in result.dual_values(self.rows))
        ceiling = result.objective_value()
        whole = self._whole_values(values, exactly=True)
        if whole is not None and self.small.value(self.number, whole) < _down(ceiling):
            whole = None
        costs = result.reduced_costs(self.columns)
        return Relaxed(ceiling, values, costs, multipliers, whole)

    def _whole_values(self, values: Sequence[float], *, exactly: bool = False) -> list[int] | None:
        """Values as whole numbers, if they keep every row and floor."""
        small = self.small
        if exactly and any(
            whole and abs(value - round(value)) > _NEAR
            for value, whole in zip(values, small.whole, strict=False)
        ):
            return None
        found = [round(value) for value in values]
        found += [0] * (len(small.low) - len(found))
        small.settle(found)
        return found if holds(small, found, self.floors) else None

    def _whole(self, relaxed: Relaxed, end: float) -> tuple[list[int], int] | None:
        """The best whole solution and a bound on it, by searches that widen until one is proven.

        A column whose reduced cost exceeds what a solution gives up against the relaxation cannot
        move in it. So the best of a search is the best of all once it gives up no more than the
        search allowed.
        """
        ceiling = relaxed.ceiling
        bound = _down(ceiling)
        gap = self._missed(relaxed)
        widest = max((abs(cost) for cost in relaxed.costs), default=0.0)
        best = self._worth(self.last)
        if self.small.counts:
            counted, most = self._counted(relaxed, end)
            best = max(best, self._worth(counted), key=lambda one: one[0])
            bound = min(bound, most)
            if best[1] is not None and bound <= best[0]:
                return best[1], int(bound)
            gap = min(gap, ceiling - best[0] + _NEAR)
        while True:
            left = end - time.monotonic()
            found, most = self._search(relaxed.costs, gap, max(left, _LEAST))
            best = max(best, self._worth(found), key=lambda one: one[0])
            # Whoever moves a column that stayed put gives up more than the gap; none may have.
            bound = min(bound, most if gap > widest else max(most, _down(ceiling - gap)))
            wide = gap > widest or ceiling - best[0] <= gap
            if best[1] is not None and (bound <= best[0] or wide or left < 0):
                return best[1], int(bound)
            if left < 0 or (gap > widest and most > -math.inf):
                raise TimeoutError
            if gap > widest:
                return None
            wider = max(gap * _WIDEN, _WIDEN / 2)
            gap = min(ceiling - best[0] + _NEAR, wider if found is None else math.inf)

    def _counted(self, relaxed: Relaxed, end: float) -> tuple[list[int] | None, float]:
        """A good whole solution and a bound, by deciding first on the few numbers that divide most.

        At first nothing else is whole, and months are exact only near the relaxation; what comes
        out bounds everything. Then everything is made whole with these numbers given.
        """
        best, bound, values = self._worth(self._first(relaxed, end)), math.inf, relaxed.values
        counts = self.small.counts
        many = len(self.columns) > _MANY
        nearby = _NEARBY[: 1 if many else None] if self.number >= self.small.held else (0,)
        for near in nearby:
            still = self._still(relaxed.costs, relaxed.ceiling - best[0] + _NEAR)
            beyond = self.small.beyond(values, near)
            with self.undivided(counts), self.within(still), self.within(beyond):
                left = (end - time.monotonic()) * (_MOST if many else _FIRST)
                result = solve(self.model, exact(max(left, _LEAST)))
            most = _down(result.termination.objective_bounds.dual_bound)
            if best[1] is not None or math.isfinite(most):
                bound = min(bound, max(most, best[0]))
            if bound <= best[0] or not result.has_primal_feasible_solution():
                break
            values = result.variable_values(self.columns)
            found = self._given([round(values[one]) for one in counts], values, end)
            best = max(best, self._worth(found), key=lambda one: one[0])
            if bound <= best[0] or time.monotonic() > end:
                break
        return best[1], bound

    def _first(self, relaxed: Relaxed, end: float) -> list[int] | None:
        """A whole solution found soon: near the relaxation, else with the numbers of the last."""
        early = self.number < self.small.held
        if early and len(self.columns) < _SOME:
            return None
        left = (end - time.monotonic()) * (1 - (_FIRST if early else _MOST))
        gap = relaxed.ceiling - _down(relaxed.ceiling) + 1
        found, _ = self._search(relaxed.costs, gap, max(left, _LEAST))
        if found is None and self.last is not None and len(self.columns) > _MANY:
            numbers = [self.last[one] for one in self.small.counts]
            return self._given(numbers, relaxed.values, end)
        return found

    def _given(
        self, numbers: Sequence[int], values: Sequence[float], end: float
    ) -> list[int] | None:
        """A whole solution with these numbers, near ``values`` where months count."""
        near = _NEARBY[-1] if self.number >= self.small.held else 0
        given = zip(self.small.counts, numbers, numbers, strict=True)
        with self.within(self.small.beyond(values, near)), self.within(given):
            return self._filled_up(end)

    def _filled_up(self, end: float) -> list[int] | None:
        """A whole solution as near as can be to the relaxation of the model as it stands."""
        relaxed = self._relaxed()
        if relaxed is None or relaxed.whole is not None:
            return None if relaxed is None else relaxed.whole
        gap = relaxed.ceiling - _down(relaxed.ceiling) + 1
        widest = max((abs(cost) for cost in relaxed.costs), default=0.0)
        while True:
            left = (end - time.monotonic()) * _FIRST
            found, _ = self._search(relaxed.costs, gap, max(left, _LEAST))
            if found is not None or gap > widest or left < 0:
                return found
            gap *= _WIDEN

    def _missed(self, relaxed: Relaxed) -> float:
        """How much a whole solution may give up at first against the relaxation of its level.

        It misses at least what earlier levels missed, at the price that has here. Where there
        are many columns, a first search among few of them finds a good solution sooner.
        """
        prices = relaxed.multipliers[len(self.rows) - len(self.floors) :]
        priced = zip(prices, self.open, strict=True)
        missed = sum(abs(price) * share / SCALE for price, share in priced)
        if len(relaxed.costs) > _MANY:
            missed /= _WIDEN
        return relaxed.ceiling - _down(relaxed.ceiling) + missed + 1

    def _worth(self, values: list[int] | None) -> tuple[float, list[int] | None]:
        if values is None:
            return -math.inf, None
        return self.small.value(self.number, values), values

    def _search(
        self, costs: Sequence[float], gap: float, seconds: float
    ) -> tuple[list[int] | None, float]:
        """The best whole solution where columns with a reduced cost above ``gap`` stay put.

        With it the most that any such solution can be worth.
        """
        with self.within(self._still(costs, gap)):
            ranges = zip(self.small.whole, self.low, self.high, strict=True)
            moving = [n for n, (whole, low, high) in enumerate(ranges) if whole and low < high]
            with self.undivided(n for n in moving if n < len(self.columns)):
                result = solve(self.model, exact(seconds))
        most = result.termination.objective_bounds.dual_bound
        if result.termination.reason in ANSWERS[1:]:
            return None, -math.inf
        if not result.has_primal_feasible_solution():
            return None, most
        return self._whole_values(result.variable_values(self.columns)), _down(most)

    def _still(self, costs: Sequence[float], gap: float) -> Iterator[tuple[int, int, int]]:
        """Columns that stay put in every solution that gives up no more than ``gap``."""
        for index, cost in enumerate(costs):
            if self.small.whole[index] and abs(cost) > gap:
                stay = self.high[index] if cost > 0 else self.low[index]
                yield index, stay, stay


@dataclass(frozen=True)
class Relaxed:
    """The relaxation of a level; ``whole`` where it happens to be whole."""

    ceiling: float
    values: Sequence[float]
    costs: Sequence[float]
    multipliers: tuple[int, ...]
    whole: list[int] | None


def _down(bound: float) -> float:
    """A bound as a whole number, the solver's own rounding allowed for."""
    return math.floor(bound + _NEAR + _CLOSE * abs(bound)) if math.isfinite(bound) else bound


def holds(small: Merged, values: Sequence[int], floors: Sequence[int]) -> bool:
    """Whether whole values keep every row, bound and earlier level, in integers."""
    if any(
        not low <= value <= high
        for low, value, high in zip(small.low, values, small.high, strict=True)
    ):
        return False
    return all(
        row.low <= sum(factor * values[c] for c, factor in row.factors.items()) <= row.high
        for rows in (small.rows, small.ties, small.filling)
        for row in rows
    ) and all(small.value(number, values) >= floor for number, floor in enumerate(floors))


def possible(small: Merged, seconds: float) -> bool:
    """Whether a program has a whole solution, or might have one after so many seconds."""
    solver = Solver(small)
    relaxed = mathopt.solve(solver.model, mathopt.SolverType.GLOP)
    if relaxed.termination.reason in ANSWERS[1:]:
        return False
    parameters = mathopt.SolveParameters(time_limit=timedelta(seconds=seconds))
    with solver.undivided(n for n, whole in enumerate(small.whole[: small.plain]) if whole):
        result = solve(solver.model, parameters)
    return result.termination.reason not in ANSWERS[1:]


def work(small: Merged, seconds: float, out: Any) -> None:
    """Send an answer for each level as soon as it is there; then None, or "none" or "late".

    The level of months, with its many columns, gets most of the time, and what one level leaves of
    its share is for those after it: the last one too is to end with the best that was found and a
    bound, before the whole process is ended.
    """
    end = time.monotonic() + seconds * _USED
    solver = Solver(small)
    levels = range(len(small.worth))
    columns = [small.plain if number < small.held else len(small.low) for number in levels]
    for number in levels:
        left = max(end - time.monotonic(), _LEAST)
        share = columns[number] / max(1, sum(columns[number:]))
        try:
            answer = solver.level(number, left * max(share, 0.5 / len(columns[number:])))
        except TimeoutError:
            out.send("late")  # nothing found is not the same as nothing there
            return
        if answer is None:
            out.send("none")
            return
        out.send(answer)
    out.send(None)
