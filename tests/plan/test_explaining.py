"""Everybody can be told why they go when they go, or why they stay."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from homeward.plan import Plan, PlanLine, explain_person, make_plan
from homeward.plan.explaining import tell_person
from homeward.plan.lines import STATUSES
from tests.plan.demo import demo
from tests.plan.small import Case, cases, every, worth


def codes(handle: str, **changed: object) -> list[str]:
    terms, annexes, lines, plan = demo()
    given_lines = changed.get("lines", lines)
    return [r.code for r in explain_person(plan, handle, terms, annexes, given_lines)]


def test_somebody_in_the_first_stage_has_a_rank_and_nothing_in_the_way():
    plan = demo()[3]
    assert codes(plan.rows[0].handle)[:2] == ["goes", "rank"]
    assert "full" not in codes(plan.rows[0].handle)


def test_somebody_in_the_last_stage_is_told_what_was_full_and_what_going_earlier_would_cost():
    plan = demo()[3]
    found = codes(plan.rows[-1].handle)
    assert found[:2] == ["goes", "rank"]
    assert found.count("full") == 2
    assert found[-1] == "cost"


def test_somebody_who_stays_is_told_so_and_what_their_going_would_cost():
    _, _, lines, plan = demo()
    planned = {row.handle for row in plan.rows}
    left = next(line.handle for line in lines if line.handle not in planned)
    found = codes(left)
    assert found[:2] == ["stays", "rank"]
    assert found[-1] == "cost"


def test_somebody_who_is_not_ready_or_unknown_is_told_that_first():
    _, _, lines, plan = demo()
    handle = plan.rows[0].handle
    ill = [replace(x, status="unfit") if x.handle == handle else x for x in lines]
    assert codes(handle, lines=ill) == ["not_ready"]
    assert codes("nobody") == ["unknown"]


def test_reasons_are_sentences_in_english_and_ukrainian():
    terms, annexes, lines, plan = demo()
    for reason in explain_person(plan, plan.rows[-1].handle, terms, annexes, lines):
        assert reason.sentence().endswith(".")
        assert any("а" <= letter <= "я" for letter in reason.sentence("uk"))


@settings(max_examples=40)
@given(cases(), st.data())
def test_the_cost_of_going_earlier_is_what_trying_everything_finds(
    case: Case, data: st.DataObject
) -> None:
    assume(case.terms() is not None)
    given_values = case.given()
    plan = make_plan(*given_values, seed=5)
    assume(isinstance(plan, Plan))
    assert isinstance(plan, Plan)
    number = data.draw(st.integers(0, len(case.lines) - 1))
    handle = case.lines[number].handle
    row = plan.row(handle)
    stage = row.stage - 1 if row else case.stages
    reasons = explain_person(plan, handle, *given_values)
    if stage == 0 or reasons[0].code == "not_owed":
        return
    last = reasons[-1]
    forced = [worth(case, stages) for stages in every(case) if stages[number] == stage]
    if not forced:
        assert last.code == "impossible"
        return
    told = dict(last.values)
    assert told["stage"] == stage
    have = {level.name: level.value for level in plan.objective}
    lost = (have["medical"] - max(forced)[0], have["held"] - max(forced)[1])
    assert (told["medical"], told["held"]) == lost


@settings(max_examples=30)
@given(cases(), st.data())
def test_whoever_is_no_planner_learns_of_nobody_why_they_go_or_stay(
    case: Case, data: st.DataObject
) -> None:
    """Another medical level, another month, a refusal: the words stay the same."""
    assume(case.terms() is not None)
    terms, annexes, lines, resources = case.given()
    plan = make_plan(terms, annexes, lines, resources, seed=5)
    assume(isinstance(plan, Plan))
    assert isinstance(plan, Plan)
    line = data.draw(st.sampled_from(lines))

    def told(changed: PlanLine) -> tuple[str, ...]:
        others = tuple(
            replace(one, medical=data.draw(st.integers(0, 2))) if one != line else changed
            for one in lines
        )
        return tuple(x.sentence() for x in tell_person(plan, line.handle, terms, others))

    words = told(line)
    assert words == told(replace(line, medical=2 - line.medical, held_since="2019-01"))
    (staying,) = {told(replace(line, status=status)) for status in STATUSES if status != "ready"}
    assert staying == (words if plan.row(line.handle) is None else staying)
    for status in STATUSES[1:]:
        assert not any(status in sentence or "medical" in sentence for sentence in staying)


def test_no_reason_for_anybody_says_more_of_another_than_a_rank():
    """Handles of others, and why they are not ready, are in no sentence for planners either."""
    terms, annexes, lines, plan = demo()
    asked = plan.rows[-1].handle
    others = tuple(
        replace(one, status="refused") if n % 7 == 0 and one.handle != asked else one
        for n, one in enumerate(lines)
    )
    for reason in explain_person(plan, asked, terms, annexes, others):
        sentence = reason.sentence()
        assert not any(status in sentence for status in STATUSES[1:])
        assert not any(one.handle in sentence for one in others if one.handle != asked)
