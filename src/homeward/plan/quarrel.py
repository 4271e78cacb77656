"""Clauses in conflict where the task is no network: taken away as long as no plan appears."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from homeward.plan.merged import merged
from homeward.plan.program import Program, program
from homeward.plan.task import Clause, Task

T = TypeVar("T")
_DETAILS = 60
_SECONDS = 20


def quarrel(task: Task, seconds: float = _SECONDS) -> tuple[Clause, ...]:
    """A set of clauses that cannot hold together; groups of a kind first.

    Each is needed for that, unless ``seconds`` were over before that was known.
    """
    made = program(task)
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
