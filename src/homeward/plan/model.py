"""A model at the whole-number solver: columns, rows, and what holds for a while."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta

from ortools.math_opt.python import mathopt

#: What a solver can say that answers the question; the first is that it has the best.
ANSWERS = (
    mathopt.TerminationReason.OPTIMAL,
    mathopt.TerminationReason.INFEASIBLE,
    mathopt.TerminationReason.INFEASIBLE_OR_UNBOUNDED,
)


class Model:
    """Columns by number, with their bounds as they stand."""

    def __init__(self, low: Sequence[int], high: Sequence[int]) -> None:
        self.model = mathopt.Model()
        self.columns: list[mathopt.Variable] = []
        self.low, self.high = [*low], [*high]

    def grow(self, until: int) -> None:
        """Columns up to a number of them; a search says which of them it wants whole."""
        for number in range(len(self.columns), until):
            low, high = self.low[number], self.high[number]
            self.columns.append(self.model.add_variable(lb=low, ub=high))

    def row(self, factors: Mapping[int, int], low: float, high: float) -> mathopt.LinearConstraint:
        """A new row over the columns."""
        row = self.model.add_linear_constraint(lb=low, ub=high)
        for column, factor in factors.items():
            row.set_coefficient(self.columns[column], factor)
        return row

    @contextmanager
    def undivided(self, numbers: Iterable[int]) -> Iterator[None]:
        """These columns whole."""
        columns = [self.columns[number] for number in numbers]
        for column in columns:
            column.integer = True
        try:
            yield
        finally:
            for column in columns:
                column.integer = False

    @contextmanager
    def within(self, bounds: Iterable[tuple[int, int, int]]) -> Iterator[None]:
        """Columns kept within (column, low, high)."""
        changed = []
        for number, low, high in bounds:
            if (low, high) != (self.low[number], self.high[number]):
                changed.append((number, self.low[number], self.high[number]))
                self.bound(number, low, high)
        try:
            yield
        finally:
            for was in reversed(changed):
                self.bound(*was)

    def bound(self, number: int, low: int, high: int) -> None:
        """Another bound of a column."""
        if low != self.low[number]:
            self.columns[number].lower_bound = self.low[number] = low
        if high != self.high[number]:
            self.columns[number].upper_bound = self.high[number] = high


def exact(seconds: float) -> mathopt.SolveParameters:
    """Until nothing is open, or so many seconds are over."""
    return mathopt.SolveParameters(
        time_limit=timedelta(seconds=seconds),
        relative_gap_tolerance=0.0,
        absolute_gap_tolerance=0.5,
        random_seed=1,
    )


def solve(model: mathopt.Model, parameters: mathopt.SolveParameters) -> mathopt.SolveResult:
    """HiGHS; and SCIP where HiGHS stops with an error of its own, which it now and then does."""
    try:
        return mathopt.solve(model, mathopt.SolverType.HIGHS, params=parameters)
    except Exception:
        return mathopt.solve(model, mathopt.SolverType.GSCIP, params=parameters)
