"""A new plan after exceptions moves as few persons as can be, and says how few that is."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace
from operator import eq

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from homeward.plan import (
    Conflict,
    Plan,
    PlanLine,
    Resources,
    certify,
    check,
    make_plan,
    replan,
)
from homeward.plan.events import Event, situation
from homeward.plan.resources import Crossing, Site
from homeward.problem import Refused, errors
from homeward.terms import Annex
from tests.plan.demo import demo, made_terms
from tests.plan.small import Case, cases, everything, worth


def least(case: Case, told: dict[str, int], crossed: Set[str]) -> tuple[int, int, int] | None:
    """(told persons kept, medical, held) of the best plan that moves the fewest told persons.

    Those who crossed did so in the first stage, and count for nothing any more.
    """
    grid, _ = everything(case)
    gone = [line.handle in crossed for line in case.lines]
    rest = replace(case, lines=tuple(x for x in case.lines if x.handle not in crossed))
    kept = [told.get(line.handle) for line in rest.lines]
    return max(
        (
            (sum(map(eq, kept, stages)), *worth(rest, stages))
            for stages in grid[(grid[:, gone] == 1).all(axis=1)][:, ~np.array(gone)].tolist()
        ),
        default=None,
    )


OTHERS = st.one_of(cases(ring=True), cases(groups=True), cases(points=True))


@settings(max_examples=50)
@given(cases(), st.data())
def test_a_new_plan_moves_as_few_told_persons_as_trying_everything_finds(
    case: Case, data: st.DataObject
) -> None:
    fewest_moved(case, data)


@settings(max_examples=30, suppress_health_check=[HealthCheck.filter_too_much])
@given(OTHERS, st.data())
def test_so_does_a_new_plan_of_a_ring_of_groups_and_of_points(
    case: Case, data: st.DataObject
) -> None:
    fewest_moved(case, data)


@pytest.mark.soak
@settings(max_examples=1000, suppress_health_check=[HealthCheck.filter_too_much])
@given(st.one_of(OTHERS, cases(least=6, most=8)), st.data())
def test_so_do_many_new_plans_of_every_kind(case: Case, data: st.DataObject) -> None:
    fewest_moved(case, data)


def fewest_moved(case: Case, data: st.DataObject) -> None:
    """Some refuse, a site closes, some have crossed: the rest is planned as trying all finds."""
    assume(case.terms() is not None and not case.sizes)
    terms, annexes, lines, resources = case.given()
    first = make_plan(terms, annexes, lines, resources, seed=5)
    assume(isinstance(first, Plan) and first.rows)
    assert isinstance(first, Plan)
    told = {row.handle: row.stage for row in first.rows}
    last = max((row.step for row in first.rows if row.stage == 1), default=0)
    until = data.draw(st.integers(0, last))
    crossed = {row.handle for row in first.rows if row.stage == 1 and row.step <= until}
    told = {handle: stage for handle, stage in told.items() if handle not in crossed}
    out = data.draw(st.sets(st.sampled_from(sorted(told)), max_size=2)) if told else set()
    shut = data.draw(st.sampled_from([None, *sorted({line.site for line in lines})]))
    events = [Event("refused", handle) for handle in sorted(out)]
    seats = dict(case.seats)
    if shut:
        events.append(Event("site_closed", code=shut, stage=1))
        seats[shut, 1] = sum(x.site == shut and x.handle in crossed for x in lines)
    left = replace(case, lines=tuple(x for x in lines if x.handle not in out), seats=seats)
    assume({line.handle for line in left.lines} - crossed)
    now = situation(first, annexes, lines, resources, events=events, done=crossed)
    made = replan(first, terms, now, seed=5, first_step=until + 1)
    wanted = least(left, told, crossed)
    if not isinstance(made, tuple):
        assert wanted is None
        return
    new, changes = made
    assert wanted is not None
    given_values = (new, terms, now.annexes, now.lines, now.resources)
    assert check(*given_values, done=now.done, first_step=until + 1) == ()
    assert errors(certify(*given_values, done=now.done, before=first)) == []
    assert changes.changed == changes.lower_bound == len(told) - wanted[0]
    levels = {level.name: level.value for level in new.objective}
    assert (levels.get("told", 0), levels["medical"], levels["held"]) == wanted


def test_a_refusal_is_made_good_by_somebody_of_the_same_category():
    terms, annexes, lines, plan = demo()
    gone = plan.rows[0]
    now = situation(plan, annexes, lines, resources=None, events=[Event("refused", gone.handle)])
    made = replan(plan, terms, now, seed=7)
    assert not isinstance(made, Conflict)
    new, changes = made
    assert changes.dropped == (gone.handle,)
    assert changes.moved == ()
    assert len(changes.added) == changes.lower_bound == 1
    assert new.row(changes.added[0]).category == gone.category
    assert check(new, terms, now.annexes, now.lines, now.resources) == ()


def test_after_a_stage_is_done_the_rest_is_planned_and_steps_go_on():
    terms, annexes, lines, plan = demo()
    done = [row.handle for row in plan.rows if row.step <= 20]
    ill = next(row.handle for row in plan.rows if row.step == 21)
    now = situation(plan, annexes, lines, None, events=[Event("unfit", ill)], done=done)
    assert [annex.count(sender="north") for annex in now.annexes] == [0, 97, 303]
    new, changes = replan(plan, terms, now, seed=7, first_step=21)  # type: ignore[misc]
    assert changes.changed == changes.lower_bound == 1
    assert {row.step for row in new.rows} == set(range(21, 36))
    given_values = (terms, now.annexes, now.lines, now.resources)
    assert check(new, *given_values, done=now.done, first_step=21) == ()
    assert certify(new, *given_values, done=now.done, before=plan) == ()


def test_where_nobody_can_step_in_both_sides_give_one_less():
    terms, annexes, lines, plan = demo()
    planned = {row.handle for row in plan.rows}
    lines = tuple(line for line in lines if line.handle in planned)
    ill = [Event("dead", plan.rows[0].handle)]
    now = situation(plan, annexes, lines, None, events=ill)
    made = replan(plan, terms, now, seed=7)
    assert not isinstance(made, Conflict)
    new, changes = made
    left = changes.situation
    assert [annex.count(sender="north", category="military") for annex in left.annexes].count(
        270
    ) == 0
    for annex in left.annexes:
        assert annex.count(sender="north") == annex.count(sender="south")
    assert sum(annex.count(sender="north") for annex in left.annexes) == 999
    assert check(new, terms, left.annexes, left.lines, left.resources) == ()
    # the dead person, the one on the other side who stays, and nobody else
    assert changes.changed == changes.lower_bound == 2


def test_where_every_site_is_closed_the_answer_is_a_plan_or_a_reason():
    terms, annexes, lines, _ = demo()
    lines = tuple(replace(line, site=f"{line.holder}1") for line in lines)
    sites = {code: Site(code) for code in sorted({line.site for line in lines})}
    resources = Resources(sites=sites)
    plan = make_plan(terms, annexes, lines, resources, seed=7)
    assert isinstance(plan, Plan)
    shut = [Event("site_closed", code=code, stage=n) for code in sites for n in (1, 2, 3)]
    now = situation(plan, annexes, lines, resources, events=shut)
    made = replan(plan, terms, now, seed=7)
    assert isinstance(made, Conflict) or made[0].rows == ()


def test_an_event_that_names_nothing_known_is_refused():
    _, annexes, lines, plan = demo()
    for event in (Event("refused", "nobody"), Event("vehicle_lost", code="x"), Event("rain")):
        with pytest.raises(Refused) as stop:
            situation(plan, annexes, lines, None, events=[event])
        assert {problem.code for problem in stop.value.problems} == {"plan.unknown-event"}


def test_heads_that_one_side_has_brought_over_are_not_taken_from_another():
    """The crossing takes two of each side; north's two have crossed, south's are still to come."""
    terms = made_terms(
        """\
format: homeward-terms/1
id: narrow
title: narrow
parties: {north: {name: N}, south: {name: S}}
obligations: [{id: all, between: [north, south], quantity: {exact: 2, counting: each}}]
balance: {equal_by: nothing, step: 2}
"""
    )
    lines = [PlanLine(f"n{n}", "north", "south", "person") for n in range(2)]
    lines += [PlanLine(f"s{n}", "south", "north", "person") for n in range(2)]
    annexes = [Annex(stage=stage, sizes=()) for stage in (1, 2)]
    resources = Resources({}, {}, {"K": Crossing("K", 2)})
    plan = make_plan(terms, annexes, lines, resources, seed=1)
    assert isinstance(plan, Plan)
    assert {row.stage for row in plan.rows} == {1}
    now = situation(plan, annexes, lines, resources, done=["n0", "n1"])
    made = replan(plan, terms, now, seed=1, first_step=2)
    assert isinstance(made, tuple)
    assert made[1].changed == 0
    limited = [Event("crossing_limited", code="K", stage=1, count=1)]
    now = situation(plan, annexes, lines, resources, events=limited, done=["n0", "n1"])
    made = replan(plan, terms, now, seed=1, first_step=2)
    assert isinstance(made, tuple)
    assert made[1].changed == made[1].lower_bound == 1
