"""The pictures of docs/explanation/plan-in-pictures.md: `python -m tests.plan.pictures` draws them.

An invented exchange: 45 for 45 over three stages, two sites on each side, buses of twelve seats.
"""

from __future__ import annotations

import random
from collections import Counter
from functools import cache
from pathlib import Path

from homeward.paper.agreement import standalone
from homeward.paper.figures import lead_figure, replan_figure
from homeward.paper.figures.planned import (
    given_up_figure,
    given_up_rows,
    placed_figure,
    placed_rows,
    planned_leads,
)
from homeward.paper.wording import Wording
from homeward.plan import Plan, PlanLine, Resources, make_plan, replan
from homeward.plan.again import Difference
from homeward.plan.aims import read_aims
from homeward.plan.events import Event, situation
from homeward.plan.resources import Site, Vehicle
from homeward.terms import Annex, Terms
from tests.plan.demo import made_terms

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
STAGES = (1, 2, 3)
AIMS = "medical,held:1,fairness,trips"
SITES = {"north": ("hill", "lake"), "south": ("mill", "port")}
STEP = 12
TERMS = """\
format: homeward-terms/1
id: pictures
title: Forty-five for forty-five
parties: {north: {name: North}, south: {name: South}}
categories:
  soldiers: {name: {en: soldiers}, when: {category: soldiers}}
  civilians: {name: {en: civilians}, when: {category: civilians}}
obligations:
  - {id: soldiers, between: [north, south], category: soldiers,
     quantity: {exact: 33, counting: each}}
  - {id: civilians, between: [north, south], category: civilians,
     quantity: {exact: 12, counting: each}}
balance: {equal_by: nothing, step: 12, order: [soldiers, civilians]}
"""


@cache
def exchange() -> tuple[Terms, tuple[Annex, ...], tuple[PlanLine, ...], Resources]:
    """Terms, stages, lines and resources of the invented exchange."""
    draw = random.Random(45)
    lines = []
    for side, other in (("north", "south"), ("south", "north")):
        for n in range(66):
            month = draw.randrange(36)
            lines.append(
                PlanLine(
                    f"{side[0]}{n:02d}",
                    side,
                    other,
                    "soldiers" if n % 11 < 8 else "civilians",
                    medical=draw.choices((0, 1, 2), (70, 20, 10))[0],
                    held_since=f"{2022 + month // 12}-{month % 12 + 1:02d}",
                    site=SITES[side][draw.random() < 0.4],
                )
            )
    sites = {code: Site(code, side) for side, codes in SITES.items() for code in codes}
    buses = {f"bus {code}": Vehicle(f"bus {code}", 12, 1, code) for code in sites}
    late = {code: {1: 0} for code in ("port",)}
    vehicles = {
        name: Vehicle(name, bus.seats, bus.count, bus.site, "", late.get(bus.site, {}))
        for name, bus in buses.items()
    }
    annexes = tuple(Annex(stage=stage, sizes=()) for stage in STAGES)
    return made_terms(TERMS), annexes, tuple(lines), Resources(sites, vehicles, {})


@cache
def planned() -> Plan:
    """The plan of all four aims."""
    made = make_plan(*exchange(), seed=7, aims=read_aims(AIMS))
    assert isinstance(made, Plan)
    return made


@cache
def again() -> tuple[Plan, Difference]:
    """What becomes of the plain plan when a site is closed in the second stage."""
    terms, annexes, lines, resources = exchange()
    plain = make_plan(terms, annexes, lines, resources, seed=7)
    assert isinstance(plain, Plan)
    shut = Event("site_closed", code="hill", stage=2)
    now = situation(plain, annexes, lines, resources, events=[shut])
    found = replan(plain, terms, now, seed=7)
    assert isinstance(found, tuple)
    return found


def figures(width: int = 720, lang: str = "en") -> dict[str, str]:
    """Every picture of the page by its file's name."""
    plan, words = planned(), Wording(lang, {"north": "North", "south": "South"})
    terms, annexes, lines, resources = exchange()
    plain = make_plan(terms, annexes, lines, resources, seed=7)
    assert isinstance(plain, Plan)
    before, after = (
        dict(sorted(Counter(row.stage for row in one.rows).items())) for one in (plain, again()[0])
    )
    placed = placed_rows(plan.rows, words, STAGES)
    levels = given_up_rows(plan.objective, lang)
    drawn = {
        "plan-placed": placed_figure(placed, STAGES, lang=lang, width=width),
        "plan-lead": lead_figure(
            planned_leads(plan.rows), step=STEP, names=words.names, lang=lang, width=width
        ),
        "plan-given-up": given_up_figure(levels, lang=lang, width=width),
        "plan-again": replan_figure(before, after, lang=lang, width=width),
    }
    return {name: standalone(svg) + "\n" for name, svg in drawn.items()}


if __name__ == "__main__":
    for name, svg in figures().items():
        (FOLDER / f"{name}.svg").write_text(svg, encoding="utf-8")
