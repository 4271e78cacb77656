"""The certificate convinces only where the plan is the best one, and by integers alone."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from homeward.plan import Plan, certify, make_plan, read_lines, read_plan, write_plan
from homeward.plan.limits import make_task
from homeward.plan.program import SCALE, program
from homeward.problem import errors
from tests.plan.demo import demo
from tests.plan.small import Case, best, cases


def refused(plan: Plan, **changed: object) -> set[str]:
    terms, annexes, lines, _ = demo()
    claims: Mapping[str, Any] = {**plan.certificate, **changed}
    changed_plan = replace(plan, certificate=claims)
    return {problem.code for problem in certify(changed_plan, terms, annexes, lines)}


def test_the_made_plan_is_proven():
    assert refused(demo()[3]) == set()


def test_the_proof_survives_being_written_and_read():
    plan = demo()[3]
    carried = json.loads(json.dumps(plan.certificate))
    assert refused(replace(plan, certificate=carried)) == set()


def test_every_swap_of_two_persons_who_are_not_equal_is_refused():
    """One goes earlier, the other later or not at all: no such plan keeps the certificate."""
    terms, annexes, lines, plan = demo()
    of = {line.handle: line for line in lines}
    draw = random.Random(4)
    rows = {row.handle: row for row in plan.rows}
    tried = 0
    for _ in range(90):
        one, other = draw.sample(sorted(of), 2)
        a, b = of[one], of[other]
        here, there = rows.get(one), rows.get(other)
        if (a.holder, a.category) != (b.holder, b.category) or here is None:
            continue
        if there is not None and there.stage == here.stage:
            continue
        if (a.medical, a.held_since) == (b.medical, b.held_since) and a.site == b.site:
            continue
        swapped = dict(rows)
        swapped[other] = replace(here, handle=other, site=b.site)
        del swapped[one]
        if there is not None:
            swapped[one] = replace(there, handle=one, site=a.site)
        changed = replace(plan, rows=tuple(sorted(swapped.values(), key=lambda row: row.key)))
        assert certify(changed, terms, annexes, lines)
        tried += 1
    assert tried > 8


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"format": "homeward-certificate/0"}, "plan.bad-certificate"),
        ({"seed": "7"}, "plan.bad-certificate"),
        ({"seed": 8}, "plan.not-best"),
        ({"levels": []}, "plan.wrong-level"),
        ({"levels": [["medical", 1, 1, "x"], ["held", 1, 1, "x"]]}, "plan.wrong-level"),
        ({"potentials": []}, "plan.bad-certificate"),
        ({"potentials": [[0], [0], [0]]}, "plan.bad-certificate"),
        ({"levels": 3}, "plan.bad-certificate"),
    ],
)
def test_a_certificate_that_was_changed_is_refused(changed: dict[str, object], code: str):
    assert code in refused(demo()[3], **changed)


def test_potentials_of_another_size_or_beyond_64_bits_are_refused():
    plan = demo()[3]
    potentials = [list(level) for level in plan.certificate["potentials"]]
    potentials[0][3] = 2**70
    assert refused(plan, potentials=potentials) == {"plan.bad-certificate"}
    potentials[0][3] = True
    assert refused(plan, potentials=potentials) == {"plan.bad-certificate"}


def test_changed_potentials_prove_nothing():
    plan = demo()[3]
    zeros = [[0] * len(level) for level in plan.certificate["potentials"]]
    assert "plan.not-best" in refused(plan, potentials=zeros)


def test_persons_exchanged_against_the_public_tie_order_are_refused():
    terms, annexes, lines, plan = demo()
    of = {line.handle: line for line in lines}
    rows = {row.handle: row for row in plan.rows}
    one, other = next(
        (a, b)
        for a in sorted(rows)
        for b in sorted(of)
        if b not in rows and replace(of[a], handle="") == replace(of[b], handle="")
    )
    changed = [replace(row, handle=other) if row.handle == one else row for row in plan.rows]
    found = certify(replace(plan, rows=tuple(changed)), terms, annexes, lines)
    assert {problem.code for problem in found} == {"plan.rows-differ"}


def test_a_plan_without_a_certificate_is_not_proven():
    assert {p.code for p in certify(replace(demo()[3], certificate={}), *demo()[:3])} == {
        "plan.no-certificate"
    }


@settings(max_examples=40)
@given(cases(groups=True), st.data())
def test_no_multipliers_however_chosen_prove_a_bound_below_the_best_plan(
    case: Case, data: st.DataObject
) -> None:
    assume(case.terms() is not None)
    wanted = best(case)
    assume(wanted is not None)
    assert wanted is not None
    terms, annexes, lines, resources = case.given()
    made = program(make_task(terms, annexes, lines, resources, seed=5))
    pick = st.integers(-3 * SCALE, 3 * SCALE)
    for level in (0, 1):
        count = len(made.rows) + level
        chosen = data.draw(st.lists(pick, min_size=count, max_size=count))
        assert made.bound(level, chosen, wanted[:level]) >= wanted[level]


@settings(max_examples=20, suppress_health_check=[HealthCheck.filter_too_much])
@given(cases(groups=True))
def test_claimed_bounds_below_the_truth_or_values_above_it_are_refused(case: Case) -> None:
    assume(case.terms() is not None)
    terms, annexes, lines, resources = case.given()
    plan = make_plan(terms, annexes, lines, resources, seed=5)
    assume(isinstance(plan, Plan) and plan.certificate["proof"] == "bounds")
    assert isinstance(plan, Plan)
    for change in ((0, 1), (1, 0), (-1, -1)):
        levels = [list(level) for level in plan.certificate["levels"]]
        levels[0][1] += change[0]
        levels[0][2] += change[1]
        if change == (0, 1):
            continue  # a bound that is too high claims nothing false
        claims = {**plan.certificate, "levels": levels}
        found = certify(replace(plan, certificate=claims), terms, annexes, lines, resources)
        assert errors(found)


@pytest.mark.parametrize("said", [[], [1], "x", {"levels": 3}, {"levels": [3]}, {"gap": "x"}])
def test_a_certificate_of_any_shape_is_read_without_a_crash_and_proves_nothing(said: Any):
    text = write_plan(demo()[3])
    plan, problems = read_plan(text, certificate=said)
    assert problems == ()
    assert plan is not None
    assert certify(plan, *demo()[:3])


@given(st.text(max_size=200))
def test_no_text_crashes_the_readers(text: str) -> None:
    read_plan(text)
    read_lines(text)
    head = "handle,from,to,stage,step,trip,order\n"
    read_plan(head + text)
