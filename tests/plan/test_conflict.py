"""Where there is no plan, the clauses in conflict are named with their numbers, and a way out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from homeward.plan import Conflict, Plan, PlanLine, Resources, make_plan
from homeward.plan.conflict import Repair
from homeward.plan.quarrel import smallest
from homeward.plan.resources import Crossing, Site
from homeward.terms import Annex
from tests.plan.demo import made_annexes, made_lines, made_terms
from tests.plan.small import Case, best, cases


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


REPAIRED = given(
    st.sampled_from([{}, {"ring": True}, {"groups": True}, {"points": True}]).flatmap(
        lambda kind: cases(**kind)
    )
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.filter_too_much])
@REPAIRED
def test_every_repair_is_enough_by_itself_and_one_less_is_not(case: Case) -> None:
    repaired(case)


@pytest.mark.soak
@settings(max_examples=1000, suppress_health_check=[HealthCheck.filter_too_much])
@REPAIRED
def test_every_repair_of_many_is_enough_by_itself_and_one_less_is_not(case: Case) -> None:
    repaired(case)


def repaired(case: Case) -> None:
    """The number that a repair names is changed by what it says; then there is a plan."""
    assume(case.terms() is not None)
    made = make_plan(*case.given(), seed=5)
    assume(isinstance(made, Conflict) and made.repairs)
    assert isinstance(made, Conflict)
    weighed = case.equal_by == "nothing" and case.step
    for repair in made.repairs:
        key = repair.clause.key.removesuffix("_all")
        if weighed and key.startswith("owed"):
            continue  # another number owed is another balance too
        for less in (0, 1)[: 1 if key == "crossing" else 2]:  # a crossing is one number for all
            changed = list(_changed(case, repair, repair.change - less))
            assert changed, repair.clause
            assert any(best(one) is not None for one in changed) == (less == 0), repair


def _changed(case: Case, repair: Repair, by: int) -> Iterator[Case]:
    """The case with the number of one clause moved by so many, up or down."""
    said = dict(repair.clause.values)
    key = repair.clause.key.removesuffix("_all")
    stage = int(said.get("stage", 0))
    if key == "site":
        place = (str(said["site"]), stage)
        yield replace(case, seats={**case.seats, place: case.seats[place] + by})
    elif key == "crossing":
        yield replace(case, heads={**case.heads, stage: case.heads[stage] + by})
    elif key == "balance":
        yield replace(case, step=(case.step or 0) + by)
    else:
        way = (str(said["who"]), str(said["to"]))
        kind = str(said["category"])
        if key == "size":
            sizes = case.sizes[stage]
            for count in (sizes[way, kind] - by, sizes[way, kind] + by):
                changed = {**case.sizes, stage: {**sizes, (way, kind): count}}
                yield replace(case, sizes=changed)
            return
        low, high = case.owed[way, kind]
        exact = low == high
        for one, other in (
            (max(0, low - by), high - by * exact),
            (low + by * exact, high + by),
        ):
            yield replace(case, owed={**case.owed, (way, kind): (one, max(one, other))})


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
    assert set(made.sentences()) == {
        "What b gives and what it receives are equal in every stage.",
        "At most 0 seats can leave site a in stage 2.",
        "At most 0 seats can leave site b in stage 1.",
        "The terms owe 2 of category x from a to b.",
    }
    assert {repair.sentence() for repair in made.repairs} == {
        (
            "It would be enough to change one number by 2: "
            "At most 0 seats can leave site a in stage 2."
        ),
        (
            "It would be enough to change one number by 2: "
            "At most 0 seats can leave site b in stage 1."
        ),
    }


def test_a_side_of_which_nobody_is_on_the_lines_is_told_so_first():
    terms = made_terms(
        """\
format: homeward-terms/1
id: one
title: one
parties: {a: {name: A}, b: {name: B}}
obligations: [{id: all, between: [a, b], quantity: {exact: 1, counting: each}}]
balance: {equal_by: total, step: 1}
"""
    )
    made = make_plan(terms, (), [PlanLine("a1", "a", "b", "person")], seed=1)
    assert isinstance(made, Conflict)
    assert made.sentences() == (
        "The clauses below ask for 1 where they let at most 0 through.",
        "The terms owe 1 persons from b to a.",
        "0 persons are on the lines from b to a and ready.",
    )


def test_groups_that_cannot_make_an_odd_number_are_named_beside_the_number():
    terms = made_terms(
        """\
format: homeward-terms/1
id: odd
title: odd
parties: {north: {name: N}, south: {name: S}}
obligations: [{id: out, from: north, to: south, quantity: {exact: 3}}]
balance: {no_bound: true}
"""
    )
    lines = [
        PlanLine(f"n{n}", "north", "south", "person", group_code=f"g{n // 2}") for n in range(6)
    ]
    made = make_plan(terms, (), lines, seed=1)
    assert isinstance(made, Conflict)
    assert made.sentences() == (
        "The terms owe 3 persons from north to south.",
        "3 groups stay together: all of a group go in one stage, or none.",
    )
    assert [repair.change for repair in made.repairs] == [1]


def test_a_number_for_each_stage_is_kept_in_each():
    terms = made_terms(
        """\
format: homeward-terms/1
id: rate
title: rate
parties: {north: {name: N}, south: {name: S}}
obligations:
  - {id: each, between: [north, south], quantity: {exact: 3, per: stage, counting: each}}
balance: {equal_by: total, step: 3}
"""
    )
    lines = [
        PlanLine(f"{side}{n}", side, other, "person")
        for side, other in (("north", "south"), ("south", "north"))
        for n in range(9)
    ]
    annexes = [Annex(stage=stage, sizes=()) for stage in (1, 2)]
    made = make_plan(terms, annexes, lines, seed=1)
    assert isinstance(made, Plan)
    gone = Counter((row.sender, row.stage) for row in made.rows)
    assert set(gone.values()) == {3}
    fewer = make_plan(terms, annexes, [x for x in lines if x.handle < "south4"], seed=1)
    assert isinstance(fewer, Conflict)
    assert any("Stage 2 takes exactly 3 persons" in text for text in fewer.sentences())
