"""Rings as columns: relaxations that make columns as they need them, and the whole search left."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray
from ortools.math_opt.python import mathopt

#: A row for each ring: its members, then the number that is nobody.
Rings = NDArray[np.int32]
Numbers = NDArray[np.int64]
Costs = NDArray[np.float64]
_NEAR = 1e-6
_BATCH = 400
_ROUNDS = 500
_MOST = 6000  # rings that one whole-number search is begun with


@dataclass(frozen=True)
class Relaxed:
    """The best value that fractions of rings reach, and what each ring lacks to be worth it."""

    value: float
    lacks: Costs  # reduced costs; 0 or less


@dataclass
class Universe:
    """All rings that may still be in a best set, and those that relaxations have used so far."""

    rings: Rings
    members: int
    worth: tuple[Numbers, ...]  # of each ring, by level
    open: NDArray[np.bool_] = field(init=False)
    used: NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Every ring is open again."""
        self.open = np.ones(len(self.rings), np.bool_)
        if not hasattr(self, "used"):
            self.used = np.zeros(len(self.rings), np.bool_)
            self.used[: _BATCH * 2] = True

    def keep(self, relaxed: Relaxed, floor: int, *, last: bool) -> None:
        """Close the rings that cannot be in a whole set worth ``floor`` or more."""
        if not last:
            near = _NEAR * max(1.0, abs(relaxed.value))
            self.open &= relaxed.lacks >= floor - relaxed.value - near

    def relaxed(self, floors: list[int]) -> Relaxed | None:
        """The level after those of ``floors``, where rings may be taken in parts."""
        worth = self.worth[len(floors)].astype(np.float64)
        master = _Master(self, floors)
        ahead = self.worth[: len(floors)]
        for _ in range(_ROUNDS):
            answer = master.solve()
            if answer is None:
                return None
            value, price, floor_price = answer
            lacks = worth - price[self.rings].sum(axis=1)
            for level, each in zip(ahead, floor_price, strict=True):
                lacks -= each * level
            wanted = np.flatnonzero(self.open & ~self.used & (lacks > _NEAR))
            if not len(wanted):
                return Relaxed(value, np.minimum(lacks, 0.0))
            if len(wanted) > _BATCH:
                wanted = wanted[np.argpartition(-lacks[wanted], _BATCH)[:_BATCH]]
            master.add(wanted)
        raise ArithmeticError("the relaxation came to no end")


class _Master:
    """The relaxation over the rings used so far."""

    def __init__(self, universe: Universe, floors: list[int]) -> None:
        self.universe = universe
        self.level = len(floors)
        self.model = mathopt.Model()
        self.rows = [self.model.add_linear_constraint(ub=1.0) for _ in range(universe.members)]
        self.floors = [self.model.add_linear_constraint(lb=float(floor)) for floor in floors]
        self.model.objective.is_maximize = True
        # Without this, rings not made yet could seem to make a floor impossible.
        self.missing = [self.model.add_variable(lb=0.0) for _ in floors]
        for row, missing in zip(self.floors, self.missing, strict=True):
            row.set_coefficient(missing, 1.0)
            self.model.objective.set_linear_coefficient(missing, -_dear(universe, self.level))
        self._add(np.flatnonzero(universe.open & universe.used))
        self.solver = mathopt.IncrementalSolver(self.model, mathopt.SolverType.GLOP)

    def add(self, numbers: Numbers) -> None:
        self.universe.used[numbers] = True
        self._add(numbers)

    def _add(self, numbers: Numbers) -> None:
        universe = self.universe
        members = universe.members
        for number in numbers.tolist():
            one = self.model.add_variable(lb=0.0)
            worth = float(universe.worth[self.level][number])
            self.model.objective.set_linear_coefficient(one, worth)
            for member in universe.rings[number].tolist():
                if member < members:
                    self.rows[member].set_coefficient(one, 1.0)
            for row, level in zip(self.floors, universe.worth, strict=False):
                row.set_coefficient(one, float(level[number]))

    def solve(self) -> tuple[float, Costs, list[float]] | None:
        """Value, the price of each member (nobody's is 0), and of each floor."""
        result = self.solver.solve()
        if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
            return None
        prices = result.dual_values(self.rows)
        price = np.array([*prices, 0.0])
        return result.objective_value(), price, list(result.dual_values(self.floors))


def _dear(universe: Universe, level: int) -> float:
    """More than any set of rings is worth."""
    return float(np.abs(universe.worth[level]).max() * universe.members + 1)


def whole(
    universe: Universe, relaxed: Relaxed, floors: list[int], seconds: float
) -> tuple[Numbers | None, bool]:
    """The best whole set on the level after ``floors``, and whether that is proven.

    A ring that lacks more than a set gives up against the relaxation cannot be in a better one.
    """
    end = time.monotonic() + seconds
    worth = universe.worth[len(floors)]
    lacks = np.where(universe.open, relaxed.lacks, -np.inf)
    there = int(universe.open.sum())
    gap = _first_gap(lacks, min(_MOST, there))
    best: Numbers | None = None
    while True:
        chosen = np.flatnonzero(lacks >= -gap - _NEAR)
        left = end - time.monotonic()
        found = _search(universe, chosen, floors, max(left, 1.0))
        if found is not None and (best is None or worth[found].sum() > worth[best].sum()):
            best = found
        if best is not None:
            given_up = relaxed.value - float(worth[best].sum())
            if found is not None and given_up <= gap + _NEAR:
                return best, True
        if len(chosen) == there:
            return best, found is not None
        if left < 0:
            return best, False
        gap = max(given_up, gap + _NEAR) if best is not None else max(gap * 4, 1.0)


def _first_gap(lacks: Costs, count: int) -> float:
    """Wide enough to let the ``count`` rings in that lack least, and no wider."""
    least = float(np.partition(-lacks, count - 1)[count - 1])
    return max(0.0, least if math.isfinite(least) else 0.0)


def _search(
    universe: Universe, chosen: Numbers, floors: list[int], seconds: float
) -> Numbers | None:
    """The best whole set of some rings that keeps the floors; None where there is none."""
    model = mathopt.Model()
    takes = [model.add_binary_variable() for _ in chosen]
    by_member: dict[int, list[mathopt.Variable]] = {}
    for take, ring in zip(takes, universe.rings[chosen].tolist(), strict=True):
        for member in ring:
            by_member.setdefault(member, []).append(take)
    by_member.pop(universe.members, None)
    for several in by_member.values():
        model.add_linear_constraint(mathopt.LinearSum(several) <= 1)
    for floor, level in zip(floors, universe.worth, strict=False):
        total = mathopt.LinearSum(
            int(n) * take for n, take in zip(level[chosen], takes, strict=True) if n
        )
        model.add_linear_constraint(total >= floor)
    worth = universe.worth[len(floors)][chosen]
    model.maximize(
        mathopt.LinearSum(int(n) * take for n, take in zip(worth, takes, strict=True) if n)
    )
    parameters = mathopt.SolveParameters(
        time_limit=timedelta(seconds=seconds),
        relative_gap_tolerance=0.0,
        absolute_gap_tolerance=0.5,
        random_seed=1,
    )
    result = mathopt.solve(model, mathopt.SolverType.HIGHS, params=parameters)
    if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
        return None
    values = np.array(result.variable_values(takes))
    return np.asarray(chosen[values > 0.5])
