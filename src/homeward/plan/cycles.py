"""Rings of many: who can be released when each gives only if it receives, in rings that are short.

A short ring can be done all at once, so nobody has to trust anybody; that is the only reason for
a cap. With a bound on how far each side may be ahead, and stages, long rings need no such cap.

The best set of rings comes from relaxations with columns made as they are needed (as in Abraham,
Blum and Sandholm 2007); whatever cannot be in a best whole set is left out by its reduced cost,
so that one small whole-number search is left.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from homeward.plan.rings import Relaxed, Rings, Universe, whole

Way = tuple[str, str]


@dataclass(frozen=True)
class Clearing:
    """Disjoint rings, each from its least member; ``proven`` where no set is better on any level.

    Levels in order: as many members as possible, as few rings of more than two as possible, as
    much score as possible.
    """

    rings: tuple[tuple[int, ...], ...]
    released: int
    long: int
    score: int
    proven: bool


def clear(
    members: int,
    gives: Mapping[tuple[int, int], int],
    *,
    longest: int = 3,
    seconds: float = 60,
) -> Clearing:
    """The best disjoint rings of at most ``longest`` among members 0 .. ``members`` - 1.

    ``gives`` holds who can give to whom, with a score (a whole number). Each member is in one
    ring at most. ``seconds`` bounds each whole-number search.
    """
    found = rings_of(members, gives, longest)
    if not len(found):
        return Clearing((), 0, 0, 0, proven=True)
    length = (found < members).sum(axis=1).astype(np.int64)
    worth = (length, -(length > 2).astype(np.int64), _scores(found, length, gives, members))
    universe = Universe(found, members, worth)
    chosen, proven = _best(universe, seconds)
    values = [int(level[chosen].sum()) for level in worth]
    rings = tuple(sorted(tuple(one[one < members].tolist()) for one in found[chosen]))
    return Clearing(rings, values[0], -values[1], values[2], proven)


def _best(universe: Universe, seconds: float) -> tuple[NDArray[np.int64], bool]:
    """A whole set that meets the relaxed value of every level but the last, or comes next to it.

    Where one meets them it is proven: no level can be better than its relaxation. Where none does,
    that was searched among all rings that could be in one; so the next lower value of the last
    level that can be met at all is tried, and is proven again when it is met.
    """
    end = time.monotonic() + seconds
    floors: list[int] = []
    relaxed: list[Relaxed] = []
    last = len(universe.worth) - 1
    spare = np.zeros(0, np.int64)
    while True:
        while len(floors) < last:
            universe.close(relaxed, floors)
            relaxed.append(universe.relaxed(floors))
            floors.append(relaxed[-1].floor)
            if len(floors) == 2 and universe.odd(floors):
                floors[-1] -= 1
        universe.close(relaxed, floors)
        final = universe.relaxed(floors)
        found, proven = whole(universe, final, floors, end - time.monotonic())
        if found is not None:
            return found, proven
        met = 0
        while met < last - 1:  # that all of them together cannot be met was just searched
            left = end - time.monotonic()
            one = universe.meets(relaxed[: met + 1], floors[: met + 1], left)
            if left < 0:
                return spare, False
            if one is None:
                break
            met, spare = met + 1, one
        floors, relaxed = [*floors[:met], floors[met] - 1], relaxed[: met + 1]


def _scores(
    found: Rings, length: NDArray[np.int64], gives: Mapping[tuple[int, int], int], members: int
) -> NDArray[np.int64]:
    table = np.zeros((members + 1, members + 1), np.int64)
    for (one, other), score in gives.items():
        table[one, other] = score
    after = np.roll(found, -1, axis=1)
    last = np.arange(len(found)), length - 1
    after[last] = found[:, 0]
    scores = table[found, after]
    scores[found == members] = 0
    return np.asarray(scores.sum(axis=1))


def rings_of(members: int, gives: Mapping[tuple[int, int], int], longest: int) -> Rings:
    """Every ring of at most ``longest``, a row each, from its least member on, padded at the end.

    The padding is ``members``, which is nobody.
    """
    can = np.zeros((members, members), np.bool_)
    for one, other in gives:
        can[one, other] = one != other
    rows = []
    for start in range(members):
        paths = np.array([[start]], np.int32)
        for size in range(2, longest + 1):
            ways = can[paths[:, -1]]
            ways[:, : start + 1] = False
            ways[np.arange(len(paths))[:, None], paths] = False
            path, onward = np.nonzero(ways)
            paths = np.column_stack([paths[path], onward.astype(np.int32)])
            back = paths[can[paths[:, -1], start]]
            padding = np.full((len(back), longest - size), members, np.int32)
            rows.append(np.column_stack([back, padding]))
    if not rows:
        return np.zeros((0, longest), np.int32)
    return np.concatenate(rows)


def released(
    offers: Mapping[Way, int], *, longest: int | None = None
) -> dict[tuple[str, ...], int]:
    """How often each ring of sides is run so that as many persons as possible are released.

    ``offers`` holds how many persons the first side could release to the second; every side gives
    as many as it receives, in rings of at most ``longest`` sides (None: of any length). Fewer
    long rings are better among equals. Raises ValueError for offers below zero.
    """
    if any(heads < 0 for heads in offers.values()):
        raise ValueError("offers are 0 or more")
    sides = sorted({side for way in offers for side in way})
    place = {side: number for number, side in enumerate(sides)}
    gives = {(place[a], place[b]): 1 for (a, b), heads in offers.items() if heads}
    found = rings_of(len(sides), gives, len(sides) if longest is None else longest)
    rings = [tuple(sides[n] for n in row if n < len(sides)) for row in found.tolist()]
    return _often(rings, offers)


def _often(rings: list[tuple[str, ...]], offers: Mapping[Way, int]) -> dict[tuple[str, ...], int]:
    from ortools.math_opt.python import mathopt

    model = mathopt.Model()
    times = [model.add_integer_variable(lb=0) for _ in rings]
    over: dict[Way, list[mathopt.Variable]] = {}
    for ring, often in zip(rings, times, strict=True):
        for way in zip(ring, (*ring[1:], ring[0]), strict=True):
            over.setdefault(way, []).append(often)
    for way, used in over.items():
        model.add_linear_constraint(mathopt.LinearSum(used) <= offers[way])
    heads = mathopt.LinearSum(len(r) * t for r, t in zip(rings, times, strict=True))
    exact = mathopt.SolveParameters(relative_gap_tolerance=0.0, absolute_gap_tolerance=0.5)
    short = mathopt.LinearSum((2 - len(r)) * t for r, t in zip(rings, times, strict=True))
    for aim in (heads, short):
        model.maximize(aim)
        result = mathopt.solve(model, mathopt.SolverType.HIGHS, params=exact)
        if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
            raise ArithmeticError(str(result.termination))
        model.add_linear_constraint(aim >= round(result.objective_value()))
    found = {r: round(result.variable_values(t)) for r, t in zip(rings, times, strict=True)}
    return {ring: often for ring, often in sorted(found.items()) if often}
