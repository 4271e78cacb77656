"""The model one would write first: a yes or no for each person and stage, solved by HiGHS."""

from __future__ import annotations

import time
from collections import defaultdict
from datetime import timedelta
from typing import Any

from ortools.math_opt.python import mathopt

from bench.plan.worlds import SIDES, World

Variables = dict[tuple[int, int], mathopt.Variable]


def naive(world: World, seconds: float) -> tuple[float, list[int]] | None:
    """Seconds and level values (medical, held), both proven; None where the limit comes first."""
    began = time.perf_counter()
    model = mathopt.Model()
    stages = range(1, len(world.annexes) + 1)
    goes: Variables = {}
    for n, line in enumerate(world.lines):
        for stage in stages:
            if world.resources.sites[line.site].in_stage(stage):
                goes[n, stage] = model.add_binary_variable()
    _rules(model, world, goes)
    month = [int(x.held_since[:4]) * 12 + int(x.held_since[5:]) for x in world.lines]
    latest = max(month) + 1
    worth = [[line.medical for line in world.lines], [latest - one for one in month]]
    values = []
    for level in worth:
        aim = mathopt.LinearSum(
            level[n] * (len(stages) + 1 - stage) * x for (n, stage), x in goes.items() if level[n]
        )
        model.maximize(aim)
        parameters = mathopt.SolveParameters(
            time_limit=timedelta(seconds=seconds),
            relative_gap_tolerance=0.0,
            absolute_gap_tolerance=0.5,
        )
        result = mathopt.solve(model, mathopt.SolverType.HIGHS, params=parameters)
        if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
            return None
        values.append(round(result.objective_value()))
        model.add_linear_constraint(aim >= values[-1])
    return time.perf_counter() - began, values


def _rules(model: mathopt.Model, world: World, goes: Variables) -> None:
    """One stage each, seats, crossing, exact counts, and the step between stages."""
    sums: dict[tuple[Any, ...], list[mathopt.Variable]] = defaultdict(list)
    for (n, stage), x in goes.items():
        line = world.lines[n]
        sums["person", n].append(x)
        sums["site", line.site, stage].append(x)
        sums["side", line.holder, stage].append(x)
        sums["kind", line.holder, line.category].append(x)
    heads = world.resources.crossings["K"].heads
    for key, xs in sums.items():
        total = mathopt.LinearSum(xs)
        if key[0] == "person":
            model.add_linear_constraint(total <= 1)
        elif key[0] == "site":
            model.add_linear_constraint(total <= world.resources.sites[key[1]].in_stage(key[2]))
        elif key[0] == "side":
            model.add_linear_constraint(total <= heads)
    for obligation in world.terms.obligations:
        total = mathopt.LinearSum(sums["kind", obligation.sender, obligation.category])
        model.add_linear_constraint(total == obligation.low)
    step = world.terms.step or 0
    before = 0
    for stage in range(1, len(world.annexes) + 1):
        ahead = model.add_variable(lb=-step, ub=step)
        out, back = (mathopt.LinearSum(sums["side", side, stage]) for side in SIDES)
        model.add_linear_constraint(ahead == before + out - back)
        before = ahead
