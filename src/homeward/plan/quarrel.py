"""Clauses in conflict where the task is no network: taken away as long as no plan appears."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from homeward.plan.aims import PLAIN
from homeward.plan.merged import merged
from homeward.plan.program import Program, program
from homeward.plan.task import Clause, Task

T = TypeVar("T")
_DETAILS = 60
#: Clauses that say one number of heads or seats.
_NUMBERS = ("owed", "owed_range", "owed_most", "size", "sum", "part", "site", "crossing")
_SECONDS = 20


def quarrel(task: Task, seconds: float = _SECONDS) -> tuple[Clause, ...]:
    """A set of clauses that cannot hold together; groups of a kind first.

    Each is needed for that, unless ``seconds`` were over before that was known.
    """
    made = program(task, shut=False)
    clauses = sorted({row.clause for row in made.rows if row.clause is not None})
    kinds = sorted({clause.key for clause in clauses})

    end = time.monotonic() + seconds

    def broken(kept: Sequence[Clause]) -> bool:
        # Once time is over every clause left counts as needed: a larger set, and still true.
        left = end - time.monotonic()
        return left > 0 and not _possible(made, frozenset(kept), left)

    def broken_kinds(kept: Sequence[str]) -> bool:
        return broken([clause for clause in clauses if clause.key in kept])

    needed = smallest(kinds, broken_kinds)
    left = [clause for clause in clauses if clause.key in needed]
    return tuple(smallest(left, broken)) if len(left) <= _DETAILS else tuple(left)


def apart(task: Task, kept: Sequence[Clause], seconds: float) -> bool:
    """Whether these clauses could hold if nobody had to stay with anybody."""
    free = replace(task, cohorts=tuple(replace(one, bundle=-1) for one in task.cohorts))
    return _possible(program(free, shut=False), frozenset(kept), seconds)


def smallest_change(task: Task, clause: Clause, seconds: float) -> int | None:
    """The least number by which one clause alone must give way for a plan to exist.

    None if it cannot, says no number, or if that was not known after so many seconds.
    """
    from homeward.plan.solver import Solver

    if clause.key.removesuffix("_all") not in _NUMBERS or seconds <= 0:
        return None
    made = program(replace(task, told=(), aims=PLAIN), shut=False)
    change: dict[int, int] = {}
    for number, row in enumerate(made.rows):
        if row.clause == clause:
            most = sum(task.heads) * max(row.factors.values(), default=1) + row.high
            more, less = made.column(0, most), made.column(0, most)
            made.rows[number] = replace(row, factors={**row.factors, more: -1, less: 1})
            change |= {more: -1, less: -1}
    made.worth = [change]
    answer = Solver(merged(made)).level(0, seconds)
    return -answer.value if answer is not None and answer.bound == answer.value else None


def smallest(items: Sequence[T], broken: Callable[[Sequence[T]], bool]) -> list[T]:
    """An irreducible part of ``items`` that is still broken (QuickXplain)."""

    def search(ground: list[T], added: bool, rest: list[T]) -> list[T]:
        if added and broken(ground):
            return []
        if len(rest) == 1:
            return rest
        half = len(rest) // 2
        first, second = rest[:half], rest[half:]
        right = search(ground + first, bool(first), second)
        left = search(ground + right, bool(right), first)
        return left + right

    rest = list(items)
    return search([], False, rest) if rest and not broken([]) else []


def _possible(made: Program, kept: frozenset[Clause], seconds: float) -> bool:
    """Whether the machinery and these clauses alone leave a whole solution, for all we know."""
    from homeward.plan.solver import possible

    rows = [row for row in made.rows if row.clause is None or row.clause in kept]
    return possible(merged(replace(made, rows=rows, worth=[])), seconds)
