"""A new plan after exceptions moves as few persons as can be, and says how few that is."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from homeward.plan import Plan, certify, check, make_plan, replan
from homeward.plan.events import Event, situation
from homeward.problem import errors
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


@settings(max_examples=120)
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
