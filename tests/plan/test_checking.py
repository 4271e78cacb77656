"""check finds every breach by counting: a sound plan with one thing wrong is always refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from homeward.plan import (
    Plan,
    PlanLine,
    Resources,
    again,
    certify,
    check,
    make_plan,
    making,
    replan,
)
from homeward.plan.events import situation
from homeward.plan.frontier import frontier
from homeward.plan.resources import Crossing, Site
from homeward.plan.rows import PlanRow
from homeward.plan.task import Task
from homeward.problem import Refused
from homeward.terms import Annex, Terms
from tests.plan.demo import demo, made_annexes, made_lines, made_terms

Rows = list[PlanRow]


def codes(rows: Rows, **changed: object) -> set[str]:
    terms, annexes, lines, plan = demo()
    given = {"lines": lines, "resources": Resources(), "annexes": annexes} | changed
    found = check(
        replace(plan, rows=tuple(rows)),
        terms,
        given["annexes"],
        given["lines"],
        given["resources"],
    )
    return {problem.code for problem in found}


def rows_with(change: Callable[[PlanRow], PlanRow], number: int = 0) -> Rows:
    rows = list(demo()[3].rows)
    rows[number] = change(rows[number])
    return rows


def test_the_made_plan_keeps_every_clause():
    assert codes(list(demo()[3].rows)) == set()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"handle": "nobody"}, "plan.person-unknown"),
        ({"sender": "south"}, "plan.wrong-holder"),
        ({"to": "north"}, "plan.wrong-claimant"),
        ({"category": "civilian"}, "plan.wrong-category"),
        ({"state": "remains"}, "plan.wrong-state"),
        ({"group": "beside"}, "plan.wrong-group"),
        ({"site": "elsewhere"}, "plan.wrong-site"),
        ({"stage": 2}, "plan.breach-size"),
        ({"stage": 9}, "plan.stage-unknown"),
        ({"step": 0}, "plan.step-group"),
        ({"step": 2}, "plan.step-too-large"),
        ({"step": 36}, "plan.step-numbers"),
        ({"step": 14}, "plan.step-stage"),
        ({"order": 2}, "plan.order-places"),
    ],
)
def test_a_row_with_one_wrong_cell_is_found(change: dict[str, object], code: str):
    changed = rows_with(lambda row: replace(row, **change))
    if code == "plan.step-numbers":
        changed = [replace(row, step=row.step + (row.step > 20)) for row in demo()[3].rows]
    assert code in codes(changed)


def test_a_person_left_out_or_in_twice_is_found():
    rows = list(demo()[3].rows)
    assert "plan.breach-size" in codes(rows[1:])
    assert "plan.person-twice" in codes([*rows, rows[0]])


@pytest.mark.parametrize("status", ["unfit", "withheld", "refused", "dead"])
def test_a_person_who_is_not_ready_is_found(status: str):
    _, _, lines, plan = demo()
    changed = [
        replace(line, status=status) if line.handle == plan.rows[0].handle else line
        for line in lines
    ]
    assert "plan.person-not-ready" in codes(list(plan.rows), lines=changed)


def test_a_person_who_has_crossed_already_is_found():
    terms, annexes, lines, plan = demo()
    found = check(plan, terms, annexes, lines, done=[plan.rows[0].handle])
    assert "plan.person-done" in {problem.code for problem in found}


def test_more_persons_than_seats_or_crossing_allow_are_found():
    _, _, _, plan = demo()
    tight = Resources({"north1": Site("north1", "north", 10)}, {}, {"K": Crossing("K", 389)})
    assert {"plan.breach-seats", "plan.breach-crossing"} <= codes(list(plan.rows), resources=tight)


def test_a_step_with_uneven_sides_is_found():
    rows = list(demo()[3].rows)
    number = next(n for n, row in enumerate(rows) if (row.step, row.sender) == (9, "north"))
    rows[number] = replace(rows[number], step=8)
    assert {"plan.step-uneven", "plan.step-too-large"} <= codes(rows)


def test_steps_out_of_the_agreed_order_of_categories_are_found():
    swap = {9: 10, 10: 9}
    rows = [replace(row, step=swap.get(row.step, row.step)) for row in demo()[3].rows]
    assert "plan.step-order" in codes(rows)


def test_categories_mixed_without_need_are_found():
    rows = list(demo()[3].rows)
    for side in ("north", "south"):
        one = next(n for n, r in enumerate(rows) if (r.step, r.sender) == (9, side))
        other = next(n for n, r in enumerate(rows) if (r.step, r.sender) == (10, side))
        steps = rows[one].step, rows[other].step
        rows[one] = replace(rows[one], step=steps[1])
        rows[other] = replace(rows[other], step=steps[0])
    assert "plan.step-mixed" in codes(rows)


def test_a_group_that_is_divided_is_found():
    _, _, lines, plan = demo()
    first, other = plan.rows[0], next(row for row in plan.rows if row.step == 5)
    family = {first.handle, other.handle}
    changed = [
        replace(line, group_code="f", holder="north") if line.handle in family else line
        for line in lines
    ]
    assert "plan.group-split" in codes(list(plan.rows), lines=changed)


def exact(text: str) -> Terms:
    return made_terms(
        f"""\
format: homeward-terms/1
id: exact
title: exact
parties: {{north: {{name: N}}, south: {{name: S}}}}
categories: {{a: {{when: {{category: a}}}}, b: {{when: {{category: b}}}}}}
obligations:
{text}
balance: {{equal_by: nothing, step: 4}}
"""
    )


def few(**counts: int) -> tuple[PlanLine, ...]:
    return tuple(
        PlanLine(
            f"{key}{n}", *(("north", "south") if key[0] == "n" else ("south", "north")), key[1]
        )
        for key, count in counts.items()
        for n in range(count)
    )


def test_an_obligation_met_by_too_few_or_too_many_is_found():
    terms = exact(
        "  - {id: x, from: north, to: south, category: a, quantity: {exact: 2}, group: inside}\n"
        "  - {id: y, from: south, to: north, category: a, quantity: {exact: 2}, group: inside}"
    )
    lines = few(na=4, sa=4)
    plan = make_plan(terms, (), lines, seed=1)
    assert isinstance(plan, Plan)
    assert check(plan, terms, (), lines) == ()
    fewer = replace(plan, rows=plan.rows[1:])
    assert "plan.breach-owed" in {problem.code for problem in check(fewer, terms, (), lines)}
    left = next(x for x in lines if x.handle[0] == "n" and plan.row(x.handle) is None)
    more = replace(plan.rows[0], handle=left.handle, order=9)
    found = check(replace(plan, rows=(*plan.rows, more)), terms, (), lines)
    assert "plan.breach-owed" in {problem.code for problem in found}


def test_each_person_counts_against_one_obligation_only():
    """Fifty of anybody and two of b are fifty-two persons, at least two of them b."""
    terms = exact(
        "  - {id: any, from: north, to: south, quantity: {exact: 3}, group: inside}\n"
        "  - {id: b, from: north, to: south, category: b, quantity: {exact: 2}, group: inside}\n"
        "  - {id: back, from: south, to: north, quantity: {exact: 5}, group: inside}"
    )
    lines = few(na=9, nb=3, sa=9)
    plan = make_plan(terms, (), lines, seed=1)
    assert isinstance(plan, Plan)
    assert check(plan, terms, (), lines) == ()
    out = [row.category for row in plan.rows if row.sender == "north"]
    assert (len(out), out.count("b") >= 2) == (5, True)


def test_persons_beside_the_balance_have_no_step_and_are_all_planned():
    terms = made_terms(
        """\
format: homeward-terms/1
id: beside
title: beside
parties: {north: {name: N}, south: {name: S}}
categories: {wounded: {when: {category: w}}, other: {when: {category: o}}}
obligations:
  - {id: w, from: north, to: south, category: wounded, quantity: {all: true}, group: beside}
  - {id: o, between: [north, south], category: other, quantity: {exact: 3, counting: each}}
balance: {equal_by: total, step: 2}
"""
    )
    lines = tuple(
        PlanLine(f"{side}{kind}{n}", side, other, kind, medical=2 if kind == "wounded" else 0)
        for side, other in (("north", "south"), ("south", "north"))
        for kind in ("wounded", "other")
        for n in range(5)
        if (side, kind) != ("south", "wounded")
    )
    plan = make_plan(terms, (), lines, seed=1)
    assert isinstance(plan, Plan)
    assert check(plan, terms, (), lines) == ()
    assert sorted(row.handle for row in plan.rows if row.step == 0) == [
        f"northwounded{n}" for n in range(5)
    ]
    assert plan.largest_lead == {"north": 2, "south": 2}
    wrong = replace(plan, rows=tuple(replace(row, step=row.step or 1) for row in plan.rows))
    assert "plan.step-group" in {problem.code for problem in check(wrong, terms, (), lines)}


def test_one_stage_alone_is_planned_and_checked_by_its_own_sizes():
    terms, lines = made_terms(), made_lines()
    annexes = made_annexes()[:1]
    plan = make_plan(terms, annexes, lines, seed=7, first_step=5)
    assert isinstance(plan, Plan)
    assert check(plan, terms, annexes, lines, first_step=5) == ()
    assert {row.step for row in plan.rows} == set(range(5, 18))
    wrong = check(plan, terms, annexes, lines, first_step=1)
    assert {problem.code for problem in wrong} == {"plan.step-numbers"}


def test_no_plan_is_shown_that_a_second_count_finds_a_breach_in(monkeypatch: pytest.MonkeyPatch):
    """Whatever a solver answers: one person left out of a stage, and nobody sees the plan."""
    terms, annexes, lines, plan = demo()
    solve = making.solve_task

    def wrong(task: Task, seconds: float) -> Any:
        found = solve(task, seconds)
        assert found is not None
        flow, claims = found
        key = min(flow)
        return {**flow, key: flow[key] - 1}, claims

    monkeypatch.setattr(making, "solve_task", wrong)
    monkeypatch.setattr(again, "solve_task", wrong)
    now = situation(plan, annexes, lines)
    for make in (
        lambda: make_plan(terms, annexes, lines, seed=7),
        lambda: replan(plan, terms, now, seed=7),
        lambda: frontier(terms, annexes, lines, over=[30], seed=7),
    ):
        with pytest.raises(Refused) as stop:
            make()
        codes = [problem.code for problem in stop.value.problems]
        assert codes[0] == "plan.not-sound"
        assert "plan.breach-size" in codes


def test_a_family_of_whom_one_is_owed_beside_the_balance_goes_in_one_stage():
    terms = made_terms(
        """\
format: homeward-terms/1
id: family
title: family
parties: {north: {name: N}, south: {name: S}}
categories: {a: {when: {category: a}}, b: {when: {category: b}}}
obligations:
  - {id: w, from: north, to: south, category: a, quantity: {all: true}, group: beside}
  - {id: o, between: [north, south], category: b, quantity: {exact: 3, counting: each}}
balance: {equal_by: total, step: 2}
"""
    )
    annexes = [Annex(stage=stage, sizes=()) for stage in (1, 2)]
    family = {"na0", "nb3"}
    lines = [
        replace(x, group_code="f" if x.handle in family else "", held_since="2030-01")
        for x in few(na=2, nb=5, sb=5)
    ]
    plan = make_plan(terms, annexes, lines, seed=1)
    assert isinstance(plan, Plan)
    assert {row.stage for row in plan.rows if row.handle in family} == {1}
    assert check(plan, terms, annexes, lines) == ()
    apart = [replace(row, stage=2) if row.handle == "na0" else row for row in plan.rows]
    found = check(replace(plan, rows=tuple(apart)), terms, annexes, lines)
    assert {problem.code for problem in found} == {"plan.group-split"}


def test_a_ring_whose_stages_need_not_come_out_even_keeps_to_the_step_inside_them():
    """a can give nobody in the first stage: b stands two ahead, and waits in the second."""
    ways = (("a", "b"), ("b", "c"), ("c", "a"))
    owed = "".join(
        f"  - {{id: {x}{y}, from: {x}, to: {y}, quantity: {{exact: 4}}}}\n" for x, y in ways
    )
    terms = made_terms(
        "format: homeward-terms/1\nid: ring\ntitle: ring\n"
        "parties: {a: {name: A}, b: {name: B}, c: {name: C}}\n"
        f"obligations:\n{owed}balance: {{equal_by: nothing, step: 2}}\n"
    )
    lines = [PlanLine(f"{x}{n}", x, y, "person", site=x) for x, y in ways for n in range(4)]
    annexes = [Annex(stage=stage, sizes=()) for stage in (1, 2, 3)]
    resources = Resources({"a": Site("a", "a", 3, closed=frozenset({1}))})
    given = (terms, annexes, lines, resources)
    plan = make_plan(*given, seed=1)
    assert isinstance(plan, Plan)
    assert check(plan, *given) == ()
    assert certify(plan, *given) == ()
    assert {row.sender for row in plan.rows if row.stage == 1} == {"b", "c"}
    opening = min(row.step for row in plan.rows if row.stage == 2)
    assert "b" not in {row.sender for row in plan.rows if row.step == opening}
    hasty = next(row for row in plan.rows if row.stage == 2 and row.sender == "b")
    rows = [replace(row, step=opening) if row == hasty else row for row in plan.rows]
    found = check(replace(plan, rows=tuple(rows)), *given)
    assert "plan.lead-exceeded" in {problem.code for problem in found}
