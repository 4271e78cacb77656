"""What a smaller or a larger step costs: the best plan for each of several."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from homeward.plan.aims import PLAIN, Aims
from homeward.plan.clauses import Done
from homeward.plan.conflict import Conflict
from homeward.plan.lines import PlanLine
from homeward.plan.making import make_plan
from homeward.plan.resources import Resources
from homeward.plan.rows import Level
from homeward.problem import Problem, Refused
from homeward.terms import Annex, Terms

_SIZE = re.compile(r"[1-9][0-9]{0,5}")
_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Point:
    """The best plan with an agreed step of ``step`` heads; no levels where ``why`` says why not.

    ``steps`` is how many of them the plan takes, ``lead`` the most heads of a side out unanswered.
    """

    step: int
    levels: tuple[Level, ...] = ()
    steps: int = 0
    lead: int = 0
    why: Conflict | None = None


def frontier(
    terms: Terms,
    annexes: Sequence[Annex],
    lines: Iterable[PlanLine],
    resources: Resources | None = None,
    *,
    over: Iterable[int],
    seed: int,
    done: Done = None,
    aims: Aims = PLAIN,
) -> tuple[Point, ...]:
    """A point for every step of ``over`` (heads, 1 or more), the smallest first.

    Each is a plan of its own, made and proven as any other. Raises Refused as ``make_plan`` does.
    """
    lines = tuple(lines)
    found = []
    for step in sorted(set(over)):
        agreed = replace(terms, balance=replace(terms.balance, step=step, no_bound=False))
        made = make_plan(agreed, annexes, lines, resources, seed=seed, done=done, aims=aims)
        if isinstance(made, Conflict):
            found.append(Point(step, why=made))
            continue
        steps = len({row.step for row in made.rows if row.step})
        lead = max(made.largest_lead.values(), default=0)
        found.append(Point(step, made.objective, steps, lead))
    return tuple(found)


def read_sizes(text: str) -> tuple[int, ...]:
    """Sizes of a step in words such as ``10, 20, 40``. Raises Refused."""
    sizes = [part.strip() for part in text.split(",")]
    if all(_SIZE.fullmatch(size) for size in sizes):
        return tuple(map(int, sizes))
    expected = "numbers of heads such as 10,20,40"
    raise Refused([Problem("plan.bad-steps", "steps", text[:_SHOWN], expected)])
