"""Where there is no plan, the clauses in conflict are named with their numbers, and a way out."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, assume, given, settings

from homeward.plan import Conflict, Plan, PlanLine, Resources, make_plan
from homeward.plan.quarrel import smallest
from homeward.plan.resources import Crossing, Site
from tests.plan.demo import made_annexes, made_lines, made_terms
from tests.plan.small import Case, cases


def test_too_few_seats_are_named_with_site_stage_and_both_numbers():
    lines = tuple(replace(line, site=f"{line.holder}-{line.category}") for line in made_lines())
    seats = Resources({"north-military": Site("north-military", "north", 300)}, {}, {})
    made = make_plan(made_terms(), made_annexes(), lines, seats, seed=1)
    assert isinstance(made, Conflict)
    assert made.sentences() == (
        "The clauses below ask for 307 where they let at most 300 through.",
        "At most 300 seats can leave site north-military in stage 2.",
        "Stage 2 takes exactly 307 of category military from north to south.",
    )
    assert {problem.code for problem in made.problems} == {"plan.clauses-conflict"}


def test_seats_shared_by_categories_are_named_where_sizes_need_more():
    lines = tuple(replace(line, site=f"{line.holder}1") for line in made_lines())
    seats = Resources({"north1": Site("north1", "north", 380)}, {}, {})
    made = make_plan(made_terms(), made_annexes(), lines, seats, seed=1)
    assert isinstance(made, Conflict)
    assert set(made.sentences()) == {
        "The clauses below ask for 390 where they let at most 380 through.",
        "At most 380 seats can leave site north1 in stage 1.",
        "Stage 1 takes exactly 270 of category military from north to south.",
        "Stage 1 takes exactly 120 of category civilian from north to south.",
    }


def test_too_few_persons_are_named_with_how_many_there_are():
    lines = [x for n, x in enumerate(made_lines()) if n != 1000]
    made = make_plan(made_terms(), made_annexes({1: {"civilian": 130}}), lines, seed=1)
    assert isinstance(made, Conflict)
    assert made.sentences() == (
        "The clauses below ask for 130 where they let at most 129 through.",
        "Stage 1 takes exactly 130 of category civilian from north to south.",
        "129 of category civilian are on the lines from north to south and ready.",
    )
    (repair,) = made.repairs
    assert repair.sentence() == (
        "It would be enough to change one number by 1: "
        "Stage 1 takes exactly 130 of category civilian from north to south."
    )


def test_a_conflict_is_told_in_ukrainian_too():
    made = make_plan(made_terms(), made_annexes({1: {"civilian": 140}}), made_lines(), seed=1)
    assert isinstance(made, Conflict)
    assert all(any("а" <= letter <= "я" for letter in text) for text in made.sentences("uk"))


def test_a_crossing_that_is_too_narrow_is_repaired_by_the_missing_heads():
    narrow = Resources({}, {}, {"K": Crossing("K", 380)})
    made = make_plan(made_terms(), made_annexes(), made_lines(), narrow, seed=1)
    assert isinstance(made, Conflict)
    assert any("crossing K" in sentence for sentence in made.sentences())


def test_a_group_larger_than_a_step_is_a_conflict_with_both_numbers():
    lines = [replace(x, group_code="f") if x.medical == 2 else x for x in made_lines(40, 0)]
    made = make_plan(made_terms(), made_annexes({1: {"military": 40}}), lines, seed=1)
    assert isinstance(made, Plan)
    lines = [replace(x, group_code="f") for x in made_lines(40, 0)]
    made = make_plan(made_terms(), made_annexes({1: {"military": 40}}), lines, seed=1)
    assert isinstance(made, Conflict)
    assert "40 persons" in made.sentences()[0]


@settings(max_examples=40, suppress_health_check=[HealthCheck.filter_too_much])
@given(cases())
def test_every_repair_is_enough_by_itself(case: Case) -> None:
    """Seats and crossing heads are raised by what the repair says; then there is a plan."""
    assume(case.terms() is not None)
    terms, annexes, lines, resources = case.given()
    made = make_plan(terms, annexes, lines, resources, seed=5)
    assume(isinstance(made, Conflict) and made.repairs)
    assert isinstance(made, Conflict)
    for repair in made.repairs:
        given_values = dict(repair.clause.values)
        if repair.clause.key == "site":
            code, stage = str(given_values["site"]), int(given_values["stage"])
            site = resources.sites[code]
            stages = {**site.stages, stage: site.stages[stage] + repair.change}
            wider = replace(
                resources, sites={**resources.sites, code: replace(site, stages=stages)}
            )
            assert isinstance(make_plan(terms, annexes, lines, wider, seed=5), Plan)
            less = {**site.stages, stage: site.stages[stage] + repair.change - 1}
            tight = replace(resources, sites={**resources.sites, code: replace(site, stages=less)})
            assert isinstance(make_plan(terms, annexes, lines, tight, seed=5), Conflict)
        if repair.clause.key == "owed" and repair.change == 1:
            key = ((str(given_values["who"]), str(given_values["to"])), given_values["category"])
            low, high = case.owed[key]
            lower = replace(case, owed={**case.owed, key: (low - 1, high)})
            higher = replace(case, owed={**case.owed, key: (low, high + 1)})
            found = (
                make_plan(made, annexes, lines, resources, seed=5)
                for made in (lower.terms(), higher.terms())
                if made is not None
            )
            assert any(isinstance(one, Plan) for one in found)


def test_smallest_keeps_only_what_is_needed_for_the_quarrel():
    asked = []

    def broken(kept: object) -> bool:
        asked.append(kept)
        return {3, 11, 12} <= set(kept)  # type: ignore[call-overload]

    assert sorted(smallest(list(range(20)), broken)) == [3, 11, 12]
    assert len(asked) < 40


def test_clauses_of_a_mixed_task_are_each_needed_for_the_conflict():
    terms = made_terms(
        """\
format: homeward-terms/1
id: ring
title: ring
parties: {a: {name: A}, b: {name: B}, c: {name: C}}
categories: {x: {when: {category: x}}}
obligations:
  - {id: ab, from: a, to: b, category: x, quantity: {exact: 2}}
  - {id: bc, from: b, to: c, category: x, quantity: {exact: 2}}
  - {id: ca, from: c, to: a, category: x, quantity: {exact: 2}}
balance: {equal_by: total, step: 2}
"""
    )
    lines = [
        PlanLine(f"{way}{n}", way[0], way[1], "x", site=way[0])
        for way in ("ab", "bc", "ca")
        for n in range(2)
    ]
    annexes = tuple(replace(annex, sizes=()) for annex in made_annexes()[:2])
    # a can bring people in the first stage only, b in the second only
    resources = Resources(
        {
            "a": Site("a", "a", 9, {}, frozenset({2})),
            "b": Site("b", "b", 9, {}, frozenset({1})),
        },
        {},
        {},
    )
    made = make_plan(terms, annexes, lines, resources, seed=1)
    assert isinstance(made, Conflict)
    keys = {clause.key for clause in made.clauses}
    assert "equal" in keys
    assert made.sentences()
