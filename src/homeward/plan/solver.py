"""The one place that knows the whole-number solver; it runs in a process of its own."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from ortools.math_opt.python import mathopt

from homeward.plan.program import SCALE, Program

_ANSWERS = (
    mathopt.TerminationReason.OPTIMAL,
    mathopt.TerminationReason.INFEASIBLE,
    mathopt.TerminationReason.INFEASIBLE_OR_UNBOUNDED,
)
_NEAR = 1e-6
_WIDEN = 8
_LEAST = 0.1  # seconds
_USED = 0.85  # of the time allowed; the rest is for building and for what solvers overrun


@dataclass(frozen=True)
class Answer:
    """What came of one level: whole values of all columns, and bounds proven on the way."""

    values: tuple[int, ...]
    value: int
    bound: int
    multipliers: tuple[int, ...]


class Solver:
    """Solves a program level by level, keeping what earlier levels reached."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.model = mathopt.Model()
        self.columns = [
            self.model.add_variable(lb=low, ub=high, is_integer=whole)
            for low, high, whole in zip(program.low, program.high, program.whole, strict=True)
        ]
        self.rows = [self._row(row.factors, row.low, row.high) for row in program.rows]

    def _row(self, factors: Any, low: int, high: float) -> Any:
        row = self.model.add_linear_constraint(lb=low, ub=high)
        for column, factor in factors.items():
            row.set_coefficient(self.columns[column], factor)
        return row

    def level(self, number: int, seconds: float) -> Answer | None:
        """The best whole solution on a level; None where there is none. Then it is kept."""
        worth = self.program.worth[number]
        self.model.maximize(
            mathopt.LinearSum(factor * self.columns[column] for column, factor in worth.items())
        )
        multipliers, ceiling, costs = self._relaxed(number)
        if multipliers is None:
            return None
        found = self._whole(number, ceiling, costs, seconds)
        if found is None:
            return None
        values, bound = found
        value = sum(factor * values[column] for column, factor in worth.items())
        self.rows.append(self._row(worth, value - self.program.slack(number, value), math.inf))
        return Answer(tuple(values), value, max(bound, value), tuple(multipliers))

    def _relaxed(self, number: int) -> tuple[list[int] | None, float, list[float]]:
        """Multipliers, value and reduced costs of the relaxation; None where it has no solution."""
        for column, whole in zip(self.columns, self.program.whole, strict=True):
            if whole:
                column.integer = False
        try:
            result = mathopt.solve(self.model, mathopt.SolverType.GLOP)
            if result.termination.reason not in _ANSWERS:
                result = _solve(self.model, mathopt.SolveParameters())
        finally:
            for column, whole in zip(self.columns, self.program.whole, strict=True):
                column.integer = whole
        optimal = result.termination.reason == mathopt.TerminationReason.OPTIMAL
        if optimal and result.has_dual_feasible_solution():
            multipliers = [round(dual * SCALE) for dual in result.dual_values(self.rows)]
            costs = list(result.reduced_costs(self.columns))
            return multipliers, result.objective_value(), costs
        if result.termination.reason in _ANSWERS[1:]:
            return None, 0.0, []
        # Neither could say: without multipliers the columns' own bounds are the ceiling.
        most = self.program.most(number)
        return [0] * len(self.rows), float(most), [0.0] * len(self.columns)

    def _whole(
        self, number: int, ceiling: float, costs: Sequence[float], seconds: float
    ) -> tuple[list[int], int] | None:
        """The best whole solution and a bound on it, by searches that widen until one is proven.

        A column whose reduced cost exceeds what a solution gives up against the relaxation cannot
        move in it. So the best of a search is the best of all once it gives up no more than the
        search allowed.
        """
        near = _NEAR * max(1.0, abs(ceiling))
        top = math.floor(ceiling + near)
        gap = ceiling - top + 2 * near
        widest = max((abs(cost) for cost in costs), default=0.0)
        end = time.monotonic() + seconds
        best: tuple[list[int], int, int] | None = None
        while True:
            left = end - time.monotonic()
            found = self._search(number, costs, gap, max(left, _LEAST))
            if found is not None and (best is None or found[1] > best[1]):
                best = found
            whole = gap > widest or (best is not None and ceiling - best[1] <= gap)
            if best is not None and found is not None and whole:
                return best[0], min(max(found[2], best[1]), top)
            if gap > widest or left < 0:
                return None if best is None else (best[0], top)
            gap = ceiling - best[1] + near if best else max(gap * _WIDEN, _WIDEN / 2)

    def _search(
        self, number: int, costs: Sequence[float], gap: float, seconds: float
    ) -> tuple[list[int], int, int] | None:
        """The best whole solution where columns with a reduced cost above ``gap`` stay put."""
        moved = []
        for index, cost in enumerate(costs):
            if self.program.whole[index] and abs(cost) > gap:
                column = self.columns[index]
                moved.append((column, column.lower_bound, column.upper_bound))
                stay = column.upper_bound if cost > 0 else column.lower_bound
                column.lower_bound = column.upper_bound = stay
        parameters = mathopt.SolveParameters(
            time_limit=timedelta(seconds=seconds),
            relative_gap_tolerance=0.0,
            absolute_gap_tolerance=0.5,
            random_seed=1,
        )
        try:
            result = _solve(self.model, parameters)
        finally:
            for column, low, high in moved:
                column.lower_bound, column.upper_bound = low, high
        if not result.has_primal_feasible_solution():
            return None
        values = [round(value) for value in result.variable_values(self.columns)]
        if not holds(self.program, values):
            return None
        worth = self.program.worth[number]
        value = sum(factor * values[column] for column, factor in worth.items())
        bound = result.termination.objective_bounds.dual_bound
        return values, value, math.floor(bound + _NEAR * max(1.0, abs(bound)))


def holds(program: Program, values: Sequence[int]) -> bool:
    """Whether whole values keep every row and bound, in integers."""
    if any(
        not low <= value <= high
        for low, value, high in zip(program.low, values, program.high, strict=True)
    ):
        return False
    return all(
        row.low <= sum(factor * values[c] for c, factor in row.factors.items()) <= row.high
        for row in program.rows
    )


def _solve(model: mathopt.Model, parameters: mathopt.SolveParameters) -> mathopt.SolveResult:
    """HiGHS; and SCIP where HiGHS stops with an error of its own, which it now and then does."""
    try:
        return mathopt.solve(model, mathopt.SolverType.HIGHS, params=parameters)
    except Exception:
        return mathopt.solve(model, mathopt.SolverType.GSCIP, params=parameters)


def possible(program: Program, seconds: float) -> bool:
    """Whether a program has a whole solution, or might have one after so many seconds."""
    solver = Solver(program)
    for column in solver.columns:
        column.integer = False
    relaxed = mathopt.solve(solver.model, mathopt.SolverType.GLOP)
    if relaxed.termination.reason in _ANSWERS[1:]:
        return False
    for column, whole in zip(solver.columns, program.whole, strict=True):
        column.integer = whole
    parameters = mathopt.SolveParameters(time_limit=timedelta(seconds=seconds))
    result = _solve(solver.model, parameters)
    return result.termination.reason not in _ANSWERS[1:]


def work(program: Program, seconds: float, out: Any) -> None:
    """Send an answer for each level as soon as it is there; then None.

    What one level leaves of its share of the time is for the levels after it, so that the last
    one too ends with the best that was found and a bound, before the whole process is ended.
    """
    end = time.monotonic() + seconds * _USED
    solver = Solver(program)
    levels = len(program.worth)
    for number in range(levels):
        left = max(end - time.monotonic(), _LEAST)
        answer = solver.level(number, left / (levels - number))
        if answer is None:
            out.send("none")
            return
        out.send(answer)
    out.send(None)
