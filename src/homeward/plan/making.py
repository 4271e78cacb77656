"""make_plan: from texts and lines to a plan with its proof, or to the clauses in conflict."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from homeward.plan.aims import PLAIN, Aims
from homeward.plan.checking import breaches
from homeward.plan.clauses import Done, Sorted, sort_lines
from homeward.plan.conflict import Conflict, explain_conflict, steps_conflict
from homeward.plan.flow import Solved, solve
from homeward.plan.limits import sorted_task
from homeward.plan.lines import PlanLine
from homeward.plan.mixed import FORMAT, solve_mixed
from homeward.plan.network import Network, network
from homeward.plan.persons import make_rows, name_persons
from homeward.plan.resources import Resources, agreed_resources
from homeward.plan.rows import Level, Plan, PlanRow, largest_lead
from homeward.plan.steps import NoSteps
from homeward.plan.task import Flow, Task
from homeward.problem import Problem, Refused, errors

if TYPE_CHECKING:
    from homeward.terms import Annex, Terms


P = ParamSpec("P")
R = TypeVar("R")


def uncollected(made: Callable[P, R]) -> Callable[P, R]:
    """Nothing here makes cycles; looking for them among all lines takes a third of the time."""

    @wraps(made)
    def run(*args: P.args, **given: P.kwargs) -> R:
        was = gc.isenabled()
        gc.disable()
        try:
            return made(*args, **given)
        finally:
            if was:
                gc.enable()

    return run


@uncollected
def make_plan(  # noqa: PLR0913 - what is agreed, what there is, and how to choose
    terms: Terms,
    annexes: Sequence[Annex],
    lines: Iterable[PlanLine],
    resources: Resources | None = None,
    *,
    seed: int,
    first_step: int = 1,
    done: Done = None,
    time_limit: float = 60,
    aims: Aims = PLAIN,
) -> Plan | Conflict:
    """The best plan for the stages of ``annexes`` (without any: one stage with all that is owed).

    Aims in order, where ``aims`` names no others: persons by medical level (grade x stages
    earlier), then those held longest (months x stages earlier), then a public tie-break from
    ``seed``. Sizes of an annex are exact.
    ``done`` is what was carried out before: a position, or the handles. ``time_limit`` in seconds
    bounds tasks that are no network. Raises Refused where the lines cannot be used at all.
    """
    began = time.perf_counter()
    resources = agreed_resources(resources or Resources(), annexes)
    lines = tuple(lines)
    taking = sort_lines(terms, lines, done)
    task = sorted_task(terms, annexes, taking, resources, seed, aims)
    made = solve_task(task, time_limit)
    if made is None:
        return explain_conflict(task)
    flow, claims = made
    try:
        rows = make_rows(
            task,
            name_persons(task, flow),
            resources,
            step=terms.step,
            order=terms.order,
            first_step=first_step,
        )
    except NoSteps as stop:
        return steps_conflict(stop, terms.step or 0)
    recheck(rows, task, (terms, lines, resources), taking, done)
    return finish(rows, claims, time.perf_counter() - began)


def recheck(
    rows: tuple[PlanRow, ...],
    task: Task,
    given: tuple[Terms, Sequence[PlanLine], Resources],
    taking: Sorted,
    done: Done,
) -> None:
    """Count a plan once more before anybody sees it; raises Refused where it breaks a clause.

    Nothing here trusts the solver, nor what made rows of its answer.
    """
    found = errors(breaches(rows, task, given, taking.owed, done))
    if found:
        hint = "nobody is shown this plan; please report it with the folder it was made from"
        raise Refused([Problem("plan.not-sound", "plan", found[0].code, "no breach", hint), *found])


def solve_task(task: Task, time_limit: float) -> tuple[Flow, dict[str, Any]] | None:
    """Heads by class and stage with the certificate; None where nothing can hold."""
    net = network(task)
    if net is None:
        return solve_mixed(task, time_limit)
    solved = solve(net)
    return None if solved is None else (net.person_flow(solved.flow), claims_of(net, solved))


def claims_of(net: Network, solved: Solved) -> dict[str, Any]:
    """The certificate of a flow: what it claims and the integers that prove it."""
    levels = [
        [name, value, value, unit]
        for (name, unit), value in zip(net.names, level_values(net, solved), strict=True)
    ]
    return {
        "format": FORMAT,
        "proof": "potentials",
        "seed": net.task.seed,
        "status": "optimal",
        "levels": levels,
        "gap": 0.0,
        "potentials": [level.tolist() for level in solved.potentials],
    }


def level_values(net: Network, solved: Solved) -> list[int]:
    """What the flow is worth on each level; more is better."""
    return [-int(net.cost(level) @ solved.flow) for level in range(len(net.names))]


def finish(rows: tuple[PlanRow, ...], claims: dict[str, Any], seconds: float) -> Plan:
    """The plan with its claims."""
    return Plan(
        rows,
        status=claims["status"],
        objective=tuple(Level(*level) for level in claims["levels"]),
        gap=claims["gap"],
        certificate=claims,
        largest_lead=largest_lead(rows),
        seconds=seconds,
    )
