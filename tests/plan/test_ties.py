"""Numbers that follow another: a key in whole groups or rounded, a lump, a key of a part."""

from __future__ import annotations

from itertools import product

import pytest

from homeward.plan import Plan, PlanLine, certify, check, make_plan
from homeward.plan.ties import asked
from homeward.problem import errors
from homeward.terms import Annex, Terms
from tests.plan.demo import made_terms

ANNEXES = [Annex(stage=stage, sizes=()) for stage in (1, 2)]


def keyed(here: str, there: str) -> Terms:
    return made_terms(
        f"""\
format: homeward-terms/1
id: key
title: key
agreed: {{date: 2031-01-01}}
parties: {{north: {{name: N}}, south: {{name: S}}}}
obligations:
  - {{id: few, from: north, to: south, quantity: {here}}}
  - {{id: many, from: south, to: north, quantity: {there}}}
balance: {{no_bound: true}}
"""
    )


def persons(few: int, many: int) -> list[PlanLine]:
    lines = [PlanLine(f"n{n}", "north", "south", "person") for n in range(few)]
    return lines + [PlanLine(f"s{n}", "south", "north", "person") for n in range(many)]


def numbers(plan: object) -> tuple[int, int]:
    assert isinstance(plan, Plan)
    out = sum(row.sender == "north" for row in plan.rows)
    return out, len(plan.rows) - out


RATIO = "{{ratio: {{give: 5, of: few, for_each: 2, rounding: {rule}}}}}"


@pytest.mark.parametrize(("rule", "asked_for"), [("whole_groups", 15), ("down", 17), ("up", 18)])
@pytest.mark.parametrize("here", ["{exact: 7}", "{range: [7, 8]}", "{all: true}"])
def test_five_for_every_two_of_seven_are_as_many_as_the_terms_say(
    rule: str, asked_for: int, here: str
) -> None:
    terms, lines = keyed(here, RATIO.format(rule=rule)), persons(7, 25)
    plan = make_plan(terms, ANNEXES, lines, seed=1)
    assert numbers(plan) == (7, asked_for)
    assert isinstance(plan, Plan)
    assert check(plan, terms, ANNEXES, lines) == ()
    assert errors(certify(plan, terms, ANNEXES, lines)) == []


@pytest.mark.parametrize(("few", "many"), [(3, 11), (5, 11), (2, 8)])
def test_a_lump_is_for_the_whole_group_and_once(few: int, many: int) -> None:
    """Eleven for three: those of a group that is not whole are three or more for each."""
    terms = keyed("{range: [1, 9]}", "{lump: {give: 11, of: few, for_all: 3}}")
    plan = make_plan(terms, ANNEXES, persons(few, 25), seed=1)
    got = numbers(plan)
    assert got[0] == few
    assert got[1] <= many
    low, high = asked("lump", 11, 3, few)
    assert low <= got[1] <= high


@pytest.mark.parametrize("rule", ["whole_groups", "down", "up", "lump"])
def test_every_number_that_a_rule_asks_for_has_a_plan_and_no_other_has(rule: str) -> None:
    """What has gone before counts on both sides, wherever the plan is begun."""
    what = "{lump: {give: 3, of: few, for_all: 2}}"
    if rule != "lump":
        what = f"{{ratio: {{give: 3, of: few, for_each: 2, rounding: {rule}}}}}"
    for few, many in product(range(4), range(6)):
        terms = keyed(f"{{range: [{few}, {few + 1}]}}", what)
        lines = persons(few, many)
        done = [line.handle for line in lines if line.handle in ("n0", "s0")]
        low, high = asked(rule, 3, 2, few)
        here = [PlanLine(x.handle, x.holder, x.claimant, x.category) for x in lines]
        made = make_plan(terms, (), here, seed=1, done=done)
        before = sum(handle[0] == "s" for handle in done)
        if many < low or before > high:
            assert not isinstance(made, Plan), (few, many)
        else:
            gone, come = numbers(made)
            assert gone + (few > 0) == few
            assert low <= come + before <= high


def test_a_key_of_a_part_follows_that_part_alone() -> None:
    terms = keyed(
        "{exact: 4, parts: {women: {when: {sex: female}}}}",
        "{ratio: {give: 3, of: few, part: women}}",
    )
    met = {"n0": ("few/women",), "n3": ("few/women",)}
    lines = [
        PlanLine(x.handle, x.holder, x.claimant, x.category, meets=met.get(x.handle, ()))
        for x in persons(5, 25)
    ]
    plan = make_plan(terms, ANNEXES, lines, seed=1)
    assert numbers(plan) == (4, 6)
