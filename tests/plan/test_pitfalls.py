"""What goes wrong when such plans are made, each with the case that would show it."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from homeward.plan import Conflict, Plan, PlanLine, Resources, check, make_plan
from homeward.plan.flow import costs, solve
from homeward.plan.limits import make_task
from homeward.plan.network import network
from homeward.plan.resources import Site
from homeward.problem import Refused
from tests.plan.demo import demo, made_annexes, made_lines, made_terms


def test_the_solver_is_not_loaded_before_a_plan_is_made():
    """It takes half a second; most commands never need it."""
    code = "import sys, homeward.plan; sys.exit(any(m.startswith('ortools') for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_no_cost_can_overflow_the_solver_however_long_somebody_was_held():
    terms, annexes, lines, _ = demo()
    old = [replace(line, held_since="0001-01") if n == 0 else line for n, line in enumerate(lines)]
    net = network(make_task(terms, annexes, old, Resources(), seed=1))
    assert net is not None
    for cost in costs(net):
        assert int(np.abs(cost).max()) * (net.nodes + 1) < 2**63
    assert solve(net) is not None


def test_equal_plans_are_told_apart_by_the_public_seed_alone():
    """Ties are where two solvers, or two versions of one, come to different plans."""
    terms, annexes, lines = made_terms(), made_annexes(), made_lines()
    plain = [replace(line, medical=0, held_since="") for line in lines]
    one, same, other = (make_plan(terms, annexes, plain, seed=seed) for seed in (1, 1, 2))
    assert isinstance(one, Plan)
    assert isinstance(other, Plan)
    assert one == same
    assert [row.handle for row in one.rows] != [row.handle for row in other.rows]
    assert [level.value for level in one.objective] == [level.value for level in other.objective]


def test_all_of_a_category_and_an_exact_count_that_contradict_each_other_are_named():
    terms = made_terms(
        """\
format: homeward-terms/1
id: all
title: all
parties: {north: {name: N}, south: {name: S}}
categories: {wounded: {when: {category: w}}, other: {when: {category: o}}}
obligations:
  - {id: w, from: north, to: south, category: wounded, quantity: {all: true}}
  - {id: back, from: south, to: north, quantity: {exact: 3}}
balance: {equal_by: total, step: 4}
"""
    )
    lines = [PlanLine(f"n{n}", "north", "south", "wounded") for n in range(5)]
    lines += [PlanLine(f"s{n}", "south", "north", "other") for n in range(9)]
    made = make_plan(terms, (), lines, seed=1)
    assert isinstance(made, Conflict)
    assert (made.need, made.can) == (5, 3)


def test_twenty_nine_is_not_twenty_six():
    """Wrong data would enter as hard infeasibility: it is refused early and in words."""
    lines = made_lines(20, 9)
    twice = [*lines, lines[0]]
    with pytest.raises(Refused) as stop:
        make_plan(made_terms(), made_annexes(), twice, seed=1)
    assert {problem.code for problem in stop.value.problems} == {"plan.handle-twice"}
    stranger = replace(lines[0], holder="east")
    with pytest.raises(Refused) as stop:
        make_plan(made_terms(), made_annexes(), [stranger], seed=1)
    assert {problem.code for problem in stop.value.problems} == {"plan.side-unknown"}
    undated = replace(lines[0], held_since="long ago")
    with pytest.raises(Refused) as stop:
        make_plan(made_terms(), made_annexes(), [undated], seed=1)
    assert {problem.code for problem in stop.value.problems} == {"plan.bad-date"}


def test_the_lead_is_bounded_inside_a_stage_and_not_only_at_its_end():
    """Seats early on one side and late on the other: stage ends alone would hide the queue."""
    terms = made_terms(made_terms_text())
    lines = [replace(line, site=line.holder) for line in made_lines(60, 0)]
    resources = Resources(
        {
            "north": Site("north", "north", None, {1: 30, 2: 20, 3: 10}),
            "south": Site("south", "south", None, {1: 10, 2: 20, 3: 30}),
        }
    )
    annexes = tuple(replace(annex, sizes=()) for annex in made_annexes())
    plan = make_plan(terms, annexes, lines, resources, seed=1)
    assert isinstance(plan, Plan)
    assert check(plan, terms, annexes, lines, resources) == ()
    lead = most = 0
    for step in sorted({row.step for row in plan.rows}):
        out, back = (
            sum(row.step == step and row.sender == side for row in plan.rows)
            for side in ("north", "south")
        )
        most = max(most, max(lead, 0) + out, max(-lead, 0) + back)
        lead += out - back
    assert most <= 20
    assert lead == 0
    senders: dict[int, set[str]] = {}
    for row in plan.rows:
        senders.setdefault(row.step, set()).add(row.sender)
    answer = next(step for step in sorted(senders) if senders[step] == {"south"})
    swap = {answer: answer + 1, answer + 1: answer}
    late = tuple(replace(row, step=swap.get(row.step, row.step)) for row in plan.rows)
    found = check(replace(plan, rows=late), terms, annexes, lines, resources)
    assert "plan.lead-exceeded" in {problem.code for problem in found}


def test_somebody_whose_month_is_not_known_counts_as_one_month_held_and_not_as_nobody():
    lines = [replace(line, medical=0, held_since="") for line in made_lines(4, 0)]
    plan = make_plan(made_terms(), made_annexes({1: {"military": 3}}), lines, seed=1)
    assert isinstance(plan, Plan)
    assert [level.value for level in plan.objective] == [0, 6]


def made_terms_text() -> str:
    return """\
format: homeward-terms/1
id: early
title: early
parties: {north: {name: N}, south: {name: S}}
categories: {military: {when: {category: m}}}
obligations:
  - {id: all, between: [north, south], quantity: {exact: 45, counting: each}}
balance: {equal_by: nothing, step: 20}
"""


def test_a_site_without_scarce_seats_does_not_cost_the_network():
    """Sites and sizes cross each other, but seats that cannot run out are no limit."""
    lines = made_lines()
    roomy = Resources({f"north{n}": Site(f"north{n}", "north", 400) for n in (1, 2, 3)})
    plan = make_plan(made_terms(), made_annexes(), lines, roomy, seed=1)
    assert isinstance(plan, Plan)
    assert plan.certificate["proof"] == "potentials"


def test_a_count_of_both_directions_together_that_halves_imply_is_still_a_network():
    terms = made_terms(
        """\
format: homeward-terms/1
id: together
title: together
parties: {north: {name: N}, south: {name: S}}
categories: {military: {when: {category: m}}}
obligations:
  - {id: all, between: [north, south], quantity: {exact: 40, counting: in_total}}
balance: {equal_by: total, step: 5}
"""
    )
    plan = make_plan(terms, (), made_lines(30, 0), seed=1)
    assert isinstance(plan, Plan)
    assert plan.certificate["proof"] == "potentials"
    assert len(plan.rows) == 40
    assert check(plan, terms, (), made_lines(30, 0)) == ()


def test_every_pitfall_in_the_table_has_a_test_that_there_is_or_a_note():
    here = Path(__file__).parent
    page = here.parents[1] / "docs" / "explanation" / "plan-mathematics.md"
    table = page.read_text(encoding="utf-8").split("## Where such plans go wrong")[1]
    rows = [row.split("|")[1:3] for row in table.splitlines() if row.startswith("| ")][1:]
    there = {
        name
        for file in here.glob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert len(rows) >= 14
    for pitfall, answer in rows:
        named = set(re.findall(r"`(test_\w+)`", answer))
        assert named <= there, (pitfall, named - there)
        assert named or len(answer.split()) > 10, pitfall
