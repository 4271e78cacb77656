"""Tasks that are no network: solved in another process, to a hard limit, with honest bounds."""

from __future__ import annotations

import multiprocessing
import random
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from homeward.plan import Conflict, Plan, PlanLine, Resources, certify, check, make_plan, mixed
from homeward.plan.flow import solve
from homeward.plan.limits import make_task
from homeward.plan.merged import merged
from homeward.plan.mixed import solve_mixed
from homeward.plan.network import network
from homeward.plan.program import program
from homeward.plan.resources import Site
from homeward.plan.solver import Answer, Solver
from homeward.problem import Refused, errors
from tests.plan.demo import UNEQUAL, made_annexes, made_lines, made_terms


def grouped() -> tuple[object, ...]:
    """A thousand for a thousand with a family of three in every ten, at three sites a side."""
    lines = tuple(
        replace(line, group_code=f"f{n // 10}" if n % 10 < 3 else "")
        for n, line in enumerate(made_lines())
    )
    return made_terms(), made_annexes(), lines, Resources()


def test_families_stay_together_in_a_thousand_for_a_thousand():
    terms, annexes, lines, resources = grouped()
    plan = make_plan(terms, annexes, lines, resources, seed=3)
    assert isinstance(plan, Plan)
    assert check(plan, terms, annexes, lines, resources) == ()
    assert errors(certify(plan, terms, annexes, lines, resources)) == []
    assert plan.gap <= 0.001


def test_the_time_limit_ends_the_solver_whatever_it_does():
    terms, annexes, lines, resources = grouped()
    task = make_task(terms, annexes, lines, resources, seed=3)
    with pytest.raises(Refused) as stop:
        solve_mixed(task, 0.05)
    assert [problem.code for problem in stop.value.problems] == ["plan.no-answer"]


def test_seats_shared_by_categories_that_have_sizes_of_their_own():
    """Sites and sizes cross each other, so the stages are no network."""
    lines = made_lines(60, 30)
    seats = {
        f"{side}{n}": Site(f"{side}{n}", side, 14) for side in ("north", "south") for n in (1, 2)
    }
    annexes = made_annexes(
        {1: {"military": 20, "civilian": 10}, 2: {"military": 20, "civilian": 10}}
    )
    plan = make_plan(made_terms(), annexes, lines, Resources(seats), seed=3)
    assert isinstance(plan, Plan)
    assert plan.certificate["proof"] == "bounds"
    assert plan.status == "optimal"
    assert check(plan, made_terms(), annexes, lines, Resources(seats)) == ()


def test_unequal_sides_over_open_stages_come_out_even_by_weight():
    terms = made_terms(UNEQUAL)
    lines = made_lines(70, 0)
    annexes = tuple(replace(annex, sizes=()) for annex in made_annexes())
    seats = {f"north{n}": Site(f"north{n}", "north", 8) for n in (1, 2, 3)}
    plan = make_plan(terms, annexes, lines, Resources(seats), seed=3)
    assert isinstance(plan, Plan), plan.sentences() if isinstance(plan, Conflict) else ""
    assert check(plan, terms, annexes, lines, Resources(seats)) == ()
    assert plan.largest_lead["north"] <= 15
    # every stage moves about three for one
    for stage in (1, 2, 3):
        out, back = (
            sum(row.stage == stage and row.sender == side for row in plan.rows)
            for side in ("north", "south")
        )
        assert abs(out - 3 * back) <= 45


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_flow_and_the_whole_number_solver_find_the_same_levels(seed: int):
    draw = random.Random(seed)
    lines = made_lines(40, 20, seed)
    annexes = tuple(replace(annex, sizes=()) for annex in made_annexes())
    seats = {
        f"{side}{n}": Site(
            f"{side}{n}", side, None, {stage: draw.randint(2, 9) for stage in (1, 2, 3)}
        )
        for side in ("north", "south")
        for n in (1, 2, 3)
    }
    terms = made_terms(
        """\
format: homeward-terms/1
id: same
title: same
parties: {north: {name: N}, south: {name: S}}
categories: {military: {when: {category: m}}, civilian: {when: {category: c}}}
obligations:
  - {id: all, between: [north, south], category: military, quantity: {exact: 20, counting: each}}
  - {id: civ, between: [north, south], category: civilian, quantity: {exact: 8, counting: each}}
balance: {equal_by: nothing, step: 5}
"""
    )
    task = make_task(terms, annexes, lines, Resources(seats), seed=seed)
    net = network(task)
    assert net is not None
    solved = solve(net)
    mixed = solve_mixed(task, 30)
    if solved is None or mixed is None:
        assert solved is None
        assert mixed is None
        return
    values = [-int(net.cost(level) @ solved.flow) for level in range(len(net.names))]
    assert [level[1] for level in mixed[1]["levels"]] == values
    assert mixed[1]["status"] == "optimal"


def test_a_program_read_from_a_pipe_gets_its_plan_too():
    """Such a program cannot be started a second time, as the other process would have to."""
    code = """\
from homeward.plan import Plan, make_plan
from tests.plan.test_mixed import grouped
plan = make_plan(*grouped(), seed=3)
raise SystemExit(0 if isinstance(plan, Plan) else 1)
"""
    done = subprocess.run(
        [sys.executable, "-"], input=code, text=True, check=False, capture_output=True, timeout=120
    )
    assert done.returncode == 0, done.stderr


class Interrupted:
    """Stands for the solver's process: so many answers, then somebody presses Ctrl-C."""

    def __init__(self, answers: list[Answer]) -> None:
        self.answers = answers

    def Pipe(self) -> tuple[Interrupted, Interrupted]:  # noqa: N802 - the library's own name
        return self, self

    def Process(self, **_: object) -> Interrupted:  # noqa: N802
        return self

    def start(self) -> None: ...
    def close(self) -> None: ...
    def kill(self) -> None: ...
    def join(self, *_: object) -> None: ...
    def send(self, _: object) -> None: ...

    def poll(self, _: float) -> bool:
        if not self.answers:
            raise KeyboardInterrupt
        return True

    def recv(self) -> Answer:
        return self.answers.pop(0)


def test_who_interrupts_keeps_the_best_plan_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = made_lines()
    family = [replace(x, group_code="g" if n < 2 else "") for n, x in enumerate(lines)]
    task = make_task(made_terms(), made_annexes(), family, Resources(), seed=1)
    small = merged(program(task))
    assert len(small.low) > 200
    answer = Solver(small).level(0, 30)
    assert answer is not None
    monkeypatch.setattr("multiprocessing.get_context", lambda _: Interrupted([answer]))
    kept = solve_mixed(task, 60)
    assert kept is not None
    assert kept[1]["status"] == "feasible"
    assert kept[1]["levels"][0][1] == answer.value
    monkeypatch.setattr("multiprocessing.get_context", lambda _: Interrupted([]))
    with pytest.raises(KeyboardInterrupt):
        solve_mixed(task, 60)


def test_persons_whom_only_months_tell_apart_are_one_number_and_nothing_is_lost():
    """Points over open stages: the merged program finds what the plain one bounds."""
    draw = random.Random(8)
    lines = tuple(
        replace(line, value=draw.choice((1, 1, 2, 5)), category="m") for line in made_lines(30, 0)
    )
    terms = made_terms(
        """\
format: homeward-terms/1
id: points
title: points
parties: {north: {name: N}, south: {name: S}}
categories: {m: {when: {category: m}}}
obligations:
  - {id: all, between: [north, south], quantity: {exact: 20, counting: each}}
balance: {equal_by: nothing, step: 6}
"""
    )
    annexes = tuple(replace(annex, sizes=()) for annex in made_annexes())
    task = make_task(terms, annexes, lines, Resources(), seed=1)
    made = program(task)
    small = merged(made)
    assert sum(small.whole[: small.plain]) < sum(made.whole)
    found = solve_mixed(task, 60)
    assert found is not None
    flow, claims = found
    assert claims["status"] == "optimal"
    floors: list[int] = []
    for level, multipliers in enumerate(claims["multipliers"]):
        value = made.value(level, flow)
        assert value == claims["levels"][level][1]
        assert made.bound(level, multipliers, floors) >= value
        floors.append(value)
    # of persons alike but for their months, nobody held longer goes later
    stages: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for (number, stage), heads in sorted(flow.items()):
        cohort = task.cohorts[number]
        stages.setdefault((cohort.pool, cohort.medical), []).append((cohort.months, stage))
        assert heads <= cohort.heads
    for goes in stages.values():
        for months, stage in goes:
            assert all(other <= months for other, later in goes if later > stage)


def test_a_search_that_left_nothing_out_proves_what_it_found():
    """Three of four go; of a pair on the other side one could, so none does."""
    terms = made_terms(
        """\
format: homeward-terms/1
id: pair
title: pair
parties: {north: {name: N}, south: {name: S}}
obligations:
  - {id: out, from: north, to: south, quantity: {exact: 3}}
  - {id: back, from: south, to: north, quantity: {at_most: 1}}
balance: {equal_by: nothing, no_bound: true}
"""
    )
    lines = [PlanLine(f"n{n}", "north", "south", "person", medical=n // 3) for n in range(4)]
    lines += [PlanLine(f"s{n}", "south", "north", "person", group_code="g") for n in range(2)]
    lines = [replace(line, held_since=f"2024-0{1 + line.medical}") for line in lines]
    plan = make_plan(terms, (), lines, seed=1)
    assert isinstance(plan, Plan)
    assert (plan.status, plan.gap) == ("optimal", 0)
    assert len(plan.rows) == 3


def silent(out: Any) -> None:
    """A solver that takes its task and never says a word."""
    out.recv()
    out.recv()


def test_a_solver_that_never_answers_is_ended_at_the_limit(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(mixed, "_work", silent)
    task = make_task(*grouped(), seed=3)
    with pytest.raises(Refused) as stop:
        solve_mixed(task, 0.5)
    assert [problem.code for problem in stop.value.problems] == ["plan.no-answer"]
    assert multiprocessing.active_children() == []
