"""Where some count for several: the few numbers that divide most are decided on first."""

from __future__ import annotations

import gc
import random
from dataclasses import replace

import pytest

from homeward.plan import PlanLine, Resources, make_plan
from homeward.plan.flow import disproofs, solve
from homeward.plan.limits import make_task
from homeward.plan.merged import Merged, merged
from homeward.plan.mixed import solve_mixed
from homeward.plan.network import network
from homeward.plan.program import program
from homeward.plan.resources import Site
from homeward.plan.solver import Solver
from homeward.plan.task import Task
from homeward.problem import Refused
from tests.plan.demo import demo, made_annexes, made_lines, made_terms

POINTS = """\
format: homeward-terms/1
id: points
title: points
parties: {north: {name: N}, south: {name: S}}
categories: {m: {when: {category: m}}, o: {when: {category: o}}}
obligations:
  - {id: all, between: [north, south], category: m, quantity: {exact: 24, counting: each}}
  - {id: few, between: [north, south], category: o, quantity: {exact: 4, counting: each}}
balance: {equal_by: nothing, step: 9}
"""


def pointed(seed: int) -> Merged:
    """The program for the solver."""
    return merged(program(pointed_task(seed)))


def pointed_task(seed: int) -> Task:
    """Two sides whose officers count for seven, seats early on one side and late on the other."""
    draw = random.Random(seed)
    lines = []
    for line in made_lines(44, 0):
        officer = draw.random() < 0.2
        lines.append(
            replace(
                line,
                category="o" if officer else "m",
                value=7 if officer else 1,
                medical=draw.choice((0, 0, 1, 2)),
                held_since=f"202{draw.randrange(4)}-{draw.randrange(1, 13):02d}",
                site=f"{line.holder}{draw.randrange(2)}",
            )
        )
    seats = {
        f"{side}{n}": Site(f"{side}{n}", side, None, dict(zip((1, 2, 3), by_stage, strict=True)))
        for side, by_stage in (("north", (9, 7, 6)), ("south", (5, 7, 9)))
        for n in (0, 1)
    }
    annexes = tuple(replace(annex, sizes=()) for annex in made_annexes())
    return make_task(made_terms(POINTS), annexes, lines, Resources(seats), seed=1)


@pytest.mark.parametrize("seed", range(6))
def test_deciding_on_the_numbers_of_officers_first_comes_to_the_same_best(seed: int) -> None:
    small = pointed(seed)
    assert len(small.counts) == 3
    first, plain = Solver(small), Solver(replace(small, counts=()))
    for number in range(len(small.worth)):
        one, other = first.level(number, 60), plain.level(number, 60)
        assert (one is None) == (other is None)
        if one is None or other is None:
            return
        assert (one.value, one.bound) == (other.value, other.bound)
        assert one.value == one.bound


@pytest.mark.parametrize("seed", range(6))
def test_months_that_are_exact_only_near_who_is_next_bound_the_best_from_above(seed: int) -> None:
    small = pointed(seed)
    solver = Solver(small)
    if solver.level(0, 60) is None:
        return
    best = solver.level(1, 60)
    assert best is not None
    draw = random.Random(seed)
    for near in (1, 2):
        ranges = zip(small.low, small.high, strict=True)
        elsewhere = [float(draw.randint(low, high)) for low, high in ranges]
        with solver.within(small.beyond(elsewhere, near)):
            relaxed = solver._relaxed()
        assert relaxed is not None
        assert relaxed.ceiling >= best.value - 1e-6


def test_time_that_ran_out_is_not_taken_for_a_task_without_a_plan(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Solver, "_search", lambda *_: (None, float("inf")))
    monkeypatch.setattr(Solver, "_counted", lambda *_: (None, float("inf")))
    monkeypatch.setattr(Solver, "_whole_values", lambda *_, **__: None)
    monkeypatch.setattr("homeward.plan.mixed._SMALL", 10**9)
    task = pointed_task(0)
    with pytest.raises(Refused) as stop:
        solve_mixed(task, 0.05)
    assert [problem.code for problem in stop.value.problems] == ["plan.no-answer"]


def test_a_proof_is_looked_at_in_blocks_and_nothing_is_missed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terms, annexes, lines, _ = demo()
    net = network(make_task(terms, annexes, lines, Resources(), seed=7))
    assert net is not None
    solved = solve(net)
    assert solved is not None
    spoiled = tuple(level // 2 for level in solved.potentials)
    whole = sorted(disproofs(net, solved.flow, spoiled))
    assert whole
    for size in (1, 7, 100):
        monkeypatch.setattr("homeward.plan.flow._BLOCK", size)
        assert sorted(disproofs(net, solved.flow, spoiled)) == whole
        assert not any(disproofs(net, solved.flow, solved.potentials))


def test_the_collector_of_cycles_is_left_as_it_was() -> None:
    terms = made_terms()
    lines = [PlanLine("x", "north", "nowhere", "military")]
    for wanted in (True, False):
        (gc.enable if wanted else gc.disable)()
        try:
            with pytest.raises(Refused):
                make_plan(terms, made_annexes(), lines, seed=1)
            assert gc.isenabled() == wanted
        finally:
            gc.enable()
