"""Plans are the best there are: trying everything finds none better."""

from __future__ import annotations

import json
import random
from dataclasses import replace

from hypothesis import assume, given, settings

from homeward.plan import Plan, certify, check, make_plan, read_plan, write_plan
from homeward.problem import errors
from tests.plan.small import Case, best, cases, every, worth


def compare(case: Case) -> Plan | None:
    """Make a plan, check and certify it, and compare it with everything that is possible."""
    assume(case.terms() is not None)
    terms, annexes, lines, resources = case.given()
    made = make_plan(terms, annexes, lines, resources, seed=5)
    wanted = best(case)
    if not isinstance(made, Plan):
        assert wanted is None, (case.text, made.sentences())
        return None
    assert wanted is not None, case.text
    assert check(made, terms, annexes, lines, resources) == ()
    assert errors(certify(made, terms, annexes, lines, resources)) == []
    levels = {level.name: level for level in made.objective}
    assert (levels["medical"].value, levels["held"].value) == wanted
    assert made.status == "optimal"
    assert (levels["medical"].bound, levels["held"].bound) == wanted
    return made


@settings(max_examples=120)
@given(cases())
def test_two_sides_get_the_best_plan_there_is(case: Case) -> None:
    compare(case)


@settings(max_examples=40)
@given(cases(ring=True))
def test_rings_of_three_get_the_best_plan_there_is(case: Case) -> None:
    compare(case)


@settings(max_examples=40)
@given(cases(groups=True))
def test_groups_stay_together_in_the_best_plan_there_is(case: Case) -> None:
    compare(case)


@settings(max_examples=40)
@given(cases(points=True))
def test_points_are_balanced_in_the_best_plan_there_is(case: Case) -> None:
    compare(case)


@settings(max_examples=15)
@given(cases(most=8))
def test_eight_persons_get_the_best_plan_there_is(case: Case) -> None:
    compare(case)


@settings(max_examples=60)
@given(cases())
def test_a_certificate_is_taken_only_for_the_best_plan(case: Case) -> None:
    """Every other allowed plan, with the same certificate, is refused."""
    made = compare(case)
    assume(made is not None)
    assert made is not None
    rows = {row.handle: row for row in made.rows}
    planned = tuple(rows[line.handle].stage if line.handle in rows else 0 for line in case.lines)
    others = [stages for stages in every(case) if stages != planned]
    for stages in random.Random(1).sample(others, min(12, len(others))):
        moved = []
        for line, stage in zip(case.lines, stages, strict=True):
            row = rows.get(line.handle)
            if stage and row:
                moved.append(replace(row, stage=stage))
        assert errors(certify(replace(made, rows=tuple(moved)), *case.given())), worth(case, stages)


@settings(max_examples=40)
@given(cases())
def test_the_order_of_lines_changes_nothing(case: Case) -> None:
    assume(case.terms() is not None)
    terms, annexes, lines, resources = case.given()
    shuffled = list(lines)
    random.Random(3).shuffle(shuffled)
    one = make_plan(terms, annexes, lines, resources, seed=5)
    other = make_plan(terms, annexes, shuffled, resources, seed=5)
    assert isinstance(one, Plan) == isinstance(other, Plan)
    if isinstance(one, Plan) and isinstance(other, Plan):
        assert write_plan(one) == write_plan(other)
        assert one.certificate == other.certificate


@settings(max_examples=20)
@given(cases())
def test_a_plan_is_read_back_as_it_was_written(case: Case) -> None:
    assume(case.terms() is not None)
    made = make_plan(*case.given(), seed=5)
    assume(isinstance(made, Plan))
    assert isinstance(made, Plan)
    carried = json.loads(json.dumps(made.certificate))
    back, problems = read_plan(write_plan(made), certificate=carried)
    assert (back, problems) == (made, ())
