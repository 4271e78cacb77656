"""Rings as columns: relaxations that make columns as they need them, and the whole search left."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
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
_KEPT = 100
_ROUNDS = 500
_FEW = 400  # rings that a whole-number search is begun with
_MORE = 10


@dataclass(frozen=True)
class Relaxed:
    """The best value that fractions of rings reach, and what each ring lacks to be worth it."""

    value: float
    lacks: Costs  # reduced costs; 0 or less

    @property
    def near(self) -> float:
        """How far two numbers of this size may differ by rounding alone."""
        return _NEAR * max(1.0, abs(self.value))

    @property
    def floor(self) -> int:
        """The most that a whole set can be worth."""
        return math.floor(self.value + self.near)


@dataclass
class Universe:
    """All rings that may still be in a best set, and those that relaxations have used so far."""

    rings: Rings
    members: int
    worth: tuple[Numbers, ...]  # of each ring, by level
    open: NDArray[np.bool_] = field(init=False)
    used: NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        self.open = np.ones(len(self.rings), np.bool_)
        self.used = np.zeros(len(self.rings), np.bool_)
        self.used[:: max(1, len(self.rings) // (2 * self.members))] = True

    def odd(self, floors: Sequence[int]) -> bool:
        """Whether no rings of two and three have so many members with so many rings of three."""
        return self.rings.shape[1] == 3 and (floors[0] + floors[1]) % 2 == 1

    def close(self, relaxed: Sequence[Relaxed], floors: Sequence[int]) -> None:
        """Only rings stay open that can be in a whole set worth its floor on every level."""
        self.open = np.ones(len(self.rings), np.bool_)
        for one, floor in zip(relaxed, floors, strict=True):
            self.open &= one.lacks >= floor - one.value - one.near

    def meets(
        self, relaxed: Sequence[Relaxed], floors: Sequence[int], seconds: float
    ) -> Numbers | None:
        """Any whole set that reaches these floors; None where none was found."""
        self.close(relaxed, floors)
        order = np.flatnonzero(self.open)
        order = order[np.argsort(~self.used[order], kind="stable")]
        count = _FEW
        end = time.monotonic() + seconds
        while True:
            left = max(end - time.monotonic(), 1.0)
            found = _search(self, order[:count], list(floors), left, aim=False)
            if found is not None or count >= len(order) or time.monotonic() > end:
                return found
            count *= _MORE

    def relaxed(self, floors: list[int]) -> Relaxed:
        """The level after those of ``floors``, where rings may be taken in parts."""
        master = _Master(self, floors)
        near: Numbers = np.zeros(0, np.int64)  # rings that were worth most when all were priced
        for _ in range(_ROUNDS):
            value, price, floor_price = master.solve()
            if len(near):
                lacks = self._lacks(near, price, floor_price)
                open_ = ~self.used[near] & (lacks > _NEAR)
                if open_.any():
                    master.add(_most(near[open_], lacks[open_], _BATCH))
                    continue
            lacks = self._lacks(slice(None), price, floor_price)
            wanted = np.flatnonzero(self.open & ~self.used & (lacks > _NEAR))
            if not len(wanted):
                return Relaxed(value, np.minimum(lacks, 0.0))
            near = _most(wanted, lacks[wanted], _BATCH * _KEPT)
            master.add(_most(wanted, lacks[wanted], _BATCH))
        raise ArithmeticError("the relaxation came to no end")

    def _lacks(self, which: Numbers | slice, price: Costs, floor_price: Sequence[float]) -> Costs:
        """Reduced costs of rings on the level after the floors."""
        found = self.worth[len(floor_price)][which].astype(np.float64)
        for column in self.rings[which].T:
            found -= price[column]
        for level, each in zip(self.worth, floor_price, strict=False):
            found -= each * level[which]
        return found


def _most(numbers: Numbers, lacks: Costs, count: int) -> Numbers:
    """The ``count`` rings that are worth most beyond their price."""
    if len(numbers) <= count:
        return numbers
    return np.asarray(numbers[np.argpartition(-lacks, count)[:count]])


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

    def solve(self) -> tuple[float, Costs, list[float]]:
        """Value, the price of each member (nobody's is 0), and of each floor."""
        result = self.solver.solve()
        if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
            raise ArithmeticError(str(result.termination))
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
    (order,) = np.nonzero(universe.open)
    # Rings that lack least come first, among equals those that a relaxation has used.
    order = order[np.lexsort((~universe.used[order], -relaxed.lacks[order]))]
    lacks = -relaxed.lacks[order]
    count = min(_FEW, len(order))
    best: Numbers | None = None
    while count:
        found = _search(universe, order[:count], floors, max(end - time.monotonic(), 1.0))
        if found is not None and (best is None or worth[found].sum() > worth[best].sum()):
            best = found
        if count >= len(order):
            return best, found is not None
        if best is not None:
            given_up = relaxed.value - int(worth[best].sum())
            if int(worth[best].sum()) >= relaxed.floor or lacks[count] > given_up + relaxed.near:
                return best, found is not None
        if time.monotonic() > end:
            return best, False
        if best is None:
            count = min(len(order), count * _MORE)
        else:
            count = int(np.searchsorted(lacks, given_up + relaxed.near, side="right"))
    return None, False


def _search(
    universe: Universe, chosen: Numbers, floors: list[int], seconds: float, *, aim: bool = True
) -> Numbers | None:
    """The best whole set of some rings that keeps the floors; None where there is none.

    Without ``aim`` any set that keeps them."""
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
    if aim:
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
