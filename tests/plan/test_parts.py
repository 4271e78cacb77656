"""What a clause asks for and a line does not tell: the holder says who meets it, and no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from homeward.people import read_list
from homeward.plan import Conflict, Plan, PlanLine, certify, check, make_plan, read_lines
from homeward.plan.lines import write_lines
from homeward.plan.offering import line_of
from homeward.plan.parts import unlooked
from homeward.problem import errors
from homeward.terms import Annex, Size
from tests.plan.demo import made_terms

HEAD = """\
format: homeward-terms/1
id: parts
title: parts
agreed: {date: 2031-01-01}
parties: {north: {name: N}, south: {name: S}}
obligations:
"""
WOMEN = (
    HEAD
    + """\
  - {id: women, from: north, to: south, when: {sex: female}, quantity: {exact: 2}}
  - {id: others, from: north, to: south, quantity: {exact: 1}}
  - {id: back, from: south, to: north, quantity: {exact: 3}}
balance: {equal_by: total, step: 3}
"""
)
MIX = (
    HEAD
    + """\
  - id: out
    from: north
    to: south
    quantity:
      exact: 6
      parts:
        women: {count: 2, when: {sex: female}}
        men: {count: 4, when: {sex: male}}
      among: {young: {percent: 50, when: {age: {at_most: 25, at: agreed}}}}
  - {id: back, from: south, to: north, quantity: {exact: 6}}
balance: {equal_by: total, step: 2}
"""
)


def south(count: int) -> list[PlanLine]:
    return [PlanLine(f"s{n}", "south", "north", "person") for n in range(count)]


def north(*meets: tuple[str, ...] | None) -> list[PlanLine]:
    """Those held longest first: they would all go first, were no part asked for."""
    return [
        PlanLine(f"n{n}", "north", "south", "person", held_since=f"2020-{n + 1:02d}", meets=met)
        for n, met in enumerate(meets)
    ]


def given_out(plan: Plan | Conflict) -> list[str]:
    assert isinstance(plan, Plan)
    return sorted(row.handle for row in plan.rows if row.sender == "north")


def test_only_persons_whose_holder_says_so_count_for_a_condition_that_lines_do_not_tell():
    lines = [*north((), (), ("women",), (), ("women",)), *south(3)]
    terms = made_terms(WOMEN)
    plan = make_plan(terms, (), lines, seed=1)
    assert given_out(plan) == ["n0", "n2", "n4"]
    assert isinstance(plan, Plan)
    assert check(plan, terms, (), lines) == ()
    assert certify(plan, terms, (), lines) == ()
    taken = next(row for row in plan.rows if row.handle == "n4")
    wrong = [replace(taken, handle="n1") if row == taken else row for row in plan.rows]
    found = check(replace(plan, rows=tuple(wrong)), terms, (), lines)
    assert {problem.code for problem in found} == {"plan.breach-owed"}


def test_too_few_who_meet_a_condition_are_a_conflict():
    made = make_plan(made_terms(WOMEN), (), [*north((), (), ("women",)), *south(3)], seed=1)
    assert isinstance(made, Conflict)
    assert (made.need, made.can) == (2, 1)


def test_where_nobody_has_looked_whoever_may_meet_a_condition_is_taken_to():
    lines = [*north(None, None, None), *south(3)]
    assert given_out(make_plan(made_terms(WOMEN), (), lines, seed=1)) == ["n0", "n1", "n2"]


def mixed() -> list[PlanLine]:
    woman, man, youth = "out/women", "out/men", "out/young"
    met = [(man,), (man,), (man,), (man,), (woman,), (woman, youth), (man,), (man, youth)]
    return [*north(*met, (woman, youth), (man, youth)), *south(7)]


def test_parts_of_a_number_and_shares_among_it_are_kept():
    terms = made_terms(MIX)
    annexes = [Annex(stage=stage, sizes=()) for stage in (1, 2)]
    plan = make_plan(terms, annexes, mixed(), seed=1)
    # four men and two women, three of them young, those held longest of each
    assert given_out(plan) == ["n0", "n1", "n2", "n5", "n7", "n8"]
    assert isinstance(plan, Plan)
    assert plan.certificate["proof"] == "bounds"
    assert check(plan, terms, annexes, mixed()) == ()
    assert errors(certify(plan, terms, annexes, mixed())) == []
    gone, come = (next(r for r in plan.rows if r.handle == "n8"), "n3")
    rows = tuple(replace(row, handle=come) if row == gone else row for row in plan.rows)
    assert "plan.breach-part" in {
        problem.code for problem in check(replace(plan, rows=rows), terms, annexes, mixed())
    }


def test_a_stage_planned_alone_leaves_room_for_the_parts_that_are_still_owed():
    terms = made_terms(MIX)

    def stage(number: int, done: Sequence[str]) -> Plan:
        ends = (("north", "south"), ("south", "north"))
        sizes = tuple(Size(*way, None, "living", 2) for way in ends)
        plan = make_plan(terms, [Annex(stage=number, sizes=sizes)], mixed(), seed=1, done=done)
        assert isinstance(plan, Plan)
        return plan

    done: list[str] = []
    for number in (1, 2, 3):
        done += [row.handle for row in stage(number, done).rows]
    assert sorted(x for x in done if x[0] == "n") == ["n0", "n1", "n2", "n5", "n7", "n8"]


def test_parts_that_nobody_fills_are_named_in_the_conflict():
    old = [replace(x, meets=tuple(y for y in x.meets or () if "young" not in y)) for x in mixed()]
    made = make_plan(made_terms(MIX), (), old, seed=1)
    assert isinstance(made, Conflict)
    assert any("part young" in sentence for sentence in made.sentences())


@pytest.mark.parametrize(
    ("born", "sex", "meets"),
    [
        ("1990", "f", ("out/women",)),
        ("2010", "m", ("out/men", "out/young")),
        ("", "", ()),
    ],
)
def test_a_holder_tells_of_a_person_what_clauses_ask_and_nothing_else(
    born: str, sex: str, meets: tuple[str, ...]
):
    text = f"id,surname,birth_date,sex,category\nA1,Vasko,{born},{sex},civilian\n"
    (line,) = read_list("held.csv", text.encode()).lines
    ends = {"handle": "a", "holder": "north", "claimant": "south"}
    assert line_of(line, made_terms(MIX), **ends).meets == meets
    rest = "  - {id: a, from: north, to: south, quantity: {exact: 1}}\nbalance: {no_bound: true}\n"
    plain = made_terms(HEAD + rest)
    assert line_of(line, plain, **ends).meets is None


def test_conditions_at_which_nobody_has_looked_are_named():
    terms = made_terms(WOMEN)
    assert [p.value for p in unlooked(terms, north(None, ()))] == ["women"]
    assert unlooked(terms, north((), ())) == ()
    plain = made_terms(MIX.replace("{sex: female}", "{category: civilian}"))
    assert [p.value for p in unlooked(plain, north(None))] == ["out/men", "out/young"]


def test_lines_are_read_back_with_what_they_meet_and_without_a_category():
    """Nobody owes a person whom no category takes; that is no fault of the line."""
    lines = (replace(north(("out/men", "out/young"))[0], category=""), south(1)[0])
    text = write_lines(lines)
    assert read_lines(text) == ((lines[0], replace(lines[1], meets=())), ())
    assert "meets" not in write_lines(south(2))


def test_whom_no_category_takes_counts_only_where_everybody_does():
    terms = made_terms(
        HEAD.replace("obligations:", "categories: {a: {when: {category: civilian}}}\nobligations:")
        + """\
  - {id: some, from: north, to: south, category: a, quantity: {exact: 1}}
  - {id: any, from: north, to: south, quantity: {exact: 1}}
balance: {no_bound: true}
"""
    )
    lines = [replace(x, category="") for x in north(None, None)]
    made = make_plan(terms, (), lines, seed=1)
    assert isinstance(made, Conflict)
    assert (made.need, made.can) == (1, 0)
    other = PlanLine("n9", "north", "south", "a")
    assert given_out(make_plan(terms, (), [*lines, other], seed=1)) == ["n0", "n9"]
