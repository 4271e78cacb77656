"""Plans are the best there are: trying everything finds none better."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from homeward.plan import Plan, certify, check, make_plan, read_plan, write_plan
from homeward.plan.checking import plan_flow
from homeward.plan.limits import make_task
from homeward.plan.persons import make_rows, name_persons
from homeward.plan.steps import NoSteps
from homeward.plan.task import Flow, Task
from homeward.problem import errors
from tests.plan.small import Case, best, cases, everything


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


@settings(max_examples=20)
@given(st.booleans().flatmap(lambda ring: cases(least=7, most=8, ring=ring)))
def test_eight_persons_over_three_stages_get_the_best_plan_there_is(case: Case) -> None:
    compare(case)


@pytest.mark.soak
@settings(max_examples=1500)
@given(
    st.tuples(st.booleans(), st.booleans(), st.booleans()).flatmap(
        lambda kind: cases(least=6, most=8, ring=kind[0], groups=kind[1], points=kind[2])
    )
)
def test_eight_persons_of_every_kind_get_the_best_plan_and_no_other_is_proven(case: Case) -> None:
    only_the_best(case)


@settings(max_examples=40)
@given(st.booleans().flatmap(lambda ring: cases(most=7, ring=ring)))
def test_a_certificate_is_taken_only_for_the_best_plan(case: Case) -> None:
    only_the_best(case)


def only_the_best(case: Case) -> None:
    """No other allowed plan is proven, whatever its maker claims for it.

    It is carried out as the rules of steps say and claims its own levels truly, so that the proof
    alone can refuse it. Potentials refuse every other plan; bounds never prove a worse one.
    """
    made = compare(case)
    assume(made is not None)
    assert made is not None
    terms, annexes, lines, resources = case.given()
    task = make_task(terms, annexes, lines, resources, seed=5)
    mine, _ = plan_flow(made.rows, task)
    grid, levels = everything(case)
    flows = {
        frozenset(_flow(case, task, stages).items()): tuple(worth)
        for stages, worth in zip(grid.tolist(), levels.tolist(), strict=True)
    }
    best_of_all = max(flows.values())
    flows.pop(frozenset(mine.items()))
    chosen = sorted(flows, key=lambda flow: (flows[flow] != best_of_all, sorted(flow)))
    for flow in {*chosen[:4], *random.Random(1).sample(chosen, min(8, len(chosen)))}:
        steps = {"step": terms.step, "order": terms.order, "first_step": 1}
        try:
            rows = make_rows(task, name_persons(task, dict(flow)), resources, **steps)
        except NoSteps:
            continue
        told = [
            [level.name, value, value, level.unit]
            for level, value in zip(made.objective, flows[flow], strict=True)
        ]
        other = replace(made, rows=rows, certificate={**made.certificate, "levels": told})
        problems = certify(other, terms, annexes, lines, resources)
        if made.certificate["proof"] == "potentials":
            assert errors(problems), flows[flow]
        elif flows[flow] != best_of_all:
            assert problems, flows[flow]


def _flow(case: Case, task: Task, stages: Sequence[int]) -> Flow:
    flow: Flow = {}
    where = {handle: n for n, one in enumerate(task.cohorts) for handle in one.handles}
    for line, stage in zip(case.lines, stages, strict=True):
        if stage:
            key = (where[line.handle], stage - 1)
            flow[key] = flow.get(key, 0) + 1
    return flow


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
