"""A new plan after exceptions moves as few persons as can be, and says how few that is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from homeward.plan import Conflict, Plan, certify, check, make_plan, replan
from homeward.plan.events import Event, situation
from homeward.problem import Refused, errors
from tests.plan.demo import demo
from tests.plan.small import Case, cases, every, worth


def least(case: Case, told: dict[str, int]) -> tuple[int, int, int] | None:
    """(told persons kept, medical, held) of the best plan that moves the fewest told persons."""
    return max(
        (
            (
                sum(
                    told.get(line.handle) == stage
                    for line, stage in zip(case.lines, stages, strict=True)
                ),
                *worth(case, stages),
            )
            for stages in every(case)
        ),
        default=None,
    )


@settings(max_examples=70)
@given(cases(), st.data())
def test_a_new_plan_moves_as_few_told_persons_as_trying_everything_finds(
    case: Case, data: st.DataObject
) -> None:
    assume(case.terms() is not None and not case.sizes)
    terms, annexes, lines, resources = case.given()
    first = make_plan(terms, annexes, lines, resources, seed=5)
    assume(isinstance(first, Plan) and first.rows)
    assert isinstance(first, Plan)
    told = {row.handle: row.stage for row in first.rows}
    out = data.draw(st.sets(st.sampled_from(sorted(told)), max_size=2))
    shut = data.draw(st.sampled_from([None, *sorted({line.site for line in lines})]))
    events = [Event("refused", handle) for handle in sorted(out)]
    seats = dict(case.seats)
    if shut:
        events.append(Event("site_closed", code=shut, stage=1))
        seats[shut, 1] = 0
    left = replace(case, lines=tuple(x for x in lines if x.handle not in out), seats=seats)
    assume(left.lines)
    now = situation(first, annexes, lines, resources, events=events)
    made = replan(first, terms, now, seed=5)
    wanted = least(left, told)
    if not isinstance(made, tuple):
        assert wanted is None
        return
    new, changes = made
    assert wanted is not None
    assert check(new, terms, now.annexes, now.lines, now.resources) == ()
    proof = certify(new, terms, now.annexes, now.lines, now.resources, before=first)
    assert errors(proof) == []
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


def test_an_event_that_names_nothing_known_is_refused():
    _, annexes, lines, plan = demo()
    for event in (Event("refused", "nobody"), Event("vehicle_lost", code="x"), Event("rain")):
        with pytest.raises(Refused) as stop:
            situation(plan, annexes, lines, None, events=[event])
        assert {problem.code for problem in stop.value.problems} == {"plan.unknown-event"}
