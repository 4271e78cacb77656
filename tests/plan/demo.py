"""An exchange of a thousand for a thousand in three stages, with invented handles."""

from __future__ import annotations

import random
from functools import cache

from homeward.plan import Plan, PlanLine, make_plan
from homeward.terms import Annex, Size, Terms, read_terms

STEP = 30
SIZES = {1: {"military": 270, "civilian": 120}, 2: {"military": 307}, 3: {"military": 303}}

TEXT = """\
format: homeward-terms/1
id: demo
title: {en: Demo}
parties: {north: {name: North}, south: {name: South}}
categories:
  military: {when: {category: [prisoner_of_war, medical, religious]}}
  civilian: {when: {category: civilian}}
obligations:
  - {id: all, between: [north, south], quantity: {exact: 1000, counting: each}, group: inside}
balance: {equal_by: category, step: 30, order: [military, civilian]}
"""


# Sixty for twenty: one side gives more than it gets.
UNEQUAL = """\
format: homeward-terms/1
id: key
title: key
parties: {north: {name: N}, south: {name: S}}
categories: {military: {when: {category: m}}}
obligations:
  - {id: out, from: north, to: south, category: military, quantity: {exact: 60}}
  - {id: in, from: south, to: north, category: military, quantity: {exact: 20}}
balance: {equal_by: nothing, step: 15}
"""


def made_terms(text: str = TEXT) -> Terms:
    terms, problems = read_terms(text)
    assert terms is not None, problems
    return terms


def made_lines(military: int = 900, civilian: int = 130, seed: int = 1) -> tuple[PlanLine, ...]:
    draw = random.Random(seed)
    return tuple(
        PlanLine(
            handle=f"{draw.getrandbits(128):032x}",
            holder=holder,
            claimant=claimant,
            category=category,
            medical=draw.choice((0, 0, 0, 1, 2)),
            held_since=f"{draw.randint(2022, 2024)}-{draw.randint(1, 12):02d}",
            site=f"{holder}{draw.randint(1, 3)}",
        )
        for holder, claimant in (("north", "south"), ("south", "north"))
        for category, count in (("military", military), ("civilian", civilian))
        for _ in range(count)
    )


def made_annexes(sizes: dict[int, dict[str, int]] | None = None) -> tuple[Annex, ...]:
    return tuple(
        Annex(
            stage=stage,
            sizes=tuple(
                Size(holder, claimant, category, "living", count)
                for holder, claimant in (("north", "south"), ("south", "north"))
                for category, count in counts.items()
            ),
        )
        for stage, counts in (sizes or SIZES).items()
    )


@cache
def demo() -> tuple[Terms, tuple[Annex, ...], tuple[PlanLine, ...], Plan]:
    """Terms, annexes, lines and the plan made of them."""
    terms, annexes, lines = made_terms(), made_annexes(), made_lines()
    plan = make_plan(terms, annexes, lines, seed=7)
    assert isinstance(plan, Plan)
    return terms, annexes, lines, plan
