"""certify: a second party proves by counting that a plan is the best one, without a solver."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from homeward.plan.again import with_told
from homeward.plan.aims import PLAIN, Aims
from homeward.plan.checking import plan_flow
from homeward.plan.clauses import Done
from homeward.plan.flow import disproofs, flow_of, residue
from homeward.plan.limits import make_task
from homeward.plan.lines import PlanLine
from homeward.plan.mixed import FORMAT
from homeward.plan.network import Ints, Network, level_names, network
from homeward.plan.persons import make_rows, name_persons
from homeward.plan.program import Program, program
from homeward.plan.resources import Resources, agreed_resources
from homeward.plan.rows import Plan
from homeward.plan.steps import NoSteps
from homeward.plan.task import Flow, Task
from homeward.problem import Problem, Refused

if TYPE_CHECKING:
    from homeward.terms import Annex, Terms

_LARGEST = 2**61
_PLACE = "certificate"


def certify(
    plan: Plan,
    terms: Terms,
    annexes: Sequence[Annex],
    lines: Iterable[PlanLine],
    resources: Resources | None = None,
    *,
    done: Done = None,
    before: Plan | None = None,
    aims: Aims = PLAIN,
) -> tuple[Problem, ...]:
    """Why the certificate does not prove the plan; empty where it does. Integers only.

    Proven is: no other plan is better on any level without being worse on one before it, and
    among equal plans this is the one that the public tie-break names, down to each person's step.
    ``before`` is the plan that persons had been told, where this one replaces it. ``aims`` are
    the agreed ones, where they are others than by medical level and then by months held.
    """
    resources = agreed_resources(resources or Resources(), annexes)
    said = plan.certificate
    problems = _form(said)
    if problems:
        return tuple(problems)
    try:
        task = make_task(terms, annexes, lines, resources, seed=said["seed"], done=done, aims=aims)
    except Refused as refused:
        return refused.problems
    if before is not None:
        task = with_told(task, before)
    flow, strays = plan_flow(plan.rows, task)
    if strays:
        return tuple(strays)
    problems = _proof(said, task, flow)
    problems += _same_rows(plan, task, flow, terms, resources)
    return tuple(problems)


def _form(said: Mapping[str, Any]) -> list[Problem]:
    """The certificate's shape, before anything in it is believed."""
    if not said or not isinstance(said, Mapping):
        return [Problem("plan.no-certificate", _PLACE, expected="the proof that came with it")]
    if said.get("format") != FORMAT:
        return [
            Problem("plan.bad-certificate", f"{_PLACE}:format", str(said.get("format")), FORMAT)
        ]
    if type(said.get("seed")) is not int:
        return [Problem("plan.bad-certificate", f"{_PLACE}:seed", expected="a whole number")]
    levels = said.get("levels")
    if not isinstance(levels, list) or any(
        not isinstance(level, list) or len(level) != 4 for level in levels
    ):
        return [
            Problem("plan.bad-certificate", f"{_PLACE}:levels", expected="name, value, bound, unit")
        ]
    return []


def _proof(said: Mapping[str, Any], task: Task, flow: Flow) -> list[Problem]:
    net = network(task)
    if net is None:
        return _bounds(said, program(task), flow)
    arcs = flow_of(net, flow)
    if arcs is None or residue(net, arcs):
        return [Problem("plan.not-in-bounds", _PLACE, expected="a plan without breaches")]
    potentials, problems = _potentials(said, net)
    if problems:
        return problems
    values = [-int(net.cost(number) @ arcs) for number in range(len(net.names))]
    problems = _levels(said, net.names, values, values)
    for _, arc in disproofs(net, arcs, potentials):
        problems.append(_better(net, arc))
        break
    return problems


def _levels(
    said: Mapping[str, Any],
    names: Sequence[tuple[str, str]],
    values: Sequence[int],
    bounds: Sequence[int],
) -> list[Problem]:
    """Levels whose claimed value is not the plan's, or whose bound is lower than it can be."""
    problems = []
    claimed = [list(level) for level in said["levels"]]
    for number, (name, unit) in enumerate(names):
        level = claimed[number] if number < len(claimed) else []
        place = f"{_PLACE}:levels:{name}"
        if level[:2] != [name, values[number]] or level[3:] != [unit]:
            problems.append(
                Problem("plan.wrong-level", place, str(level[1:2]), str(values[number]))
            )
        elif type(level[2]) is not int or level[2] < values[number]:
            problems.append(Problem("plan.wrong-level", place, str(level[2]), f"{bounds[number]}"))
    if len(claimed) != len(names):
        shown = str(len(claimed))
        problems.append(Problem("plan.wrong-level", f"{_PLACE}:levels", shown, str(len(names))))
    return problems


def _bounds(said: Mapping[str, Any], made: Program, flow: Flow) -> list[Problem]:
    """The bound on each level, from the multipliers; a level that is not tight is a note."""
    names = level_names(made.task)
    values = [made.value(number, flow) for number in range(len(names))]
    given = said.get("multipliers")
    if not isinstance(given, Sequence) or len(given) > len(names):
        expected = "a list of whole numbers for each level"
        return [Problem("plan.bad-certificate", f"{_PLACE}:multipliers", expected=expected)]
    floors, problems = _floors(said, made.task, values)
    if problems:
        return problems
    bounds = []
    for number, level in enumerate(given):
        wanted = len(made.rows) + number
        if (
            not isinstance(level, Sequence)
            or len(level) != wanted
            or any(type(one) is not int for one in level)
        ):
            expected = f"{wanted} whole numbers"
            place = f"{_PLACE}:multipliers:{number + 1}"
            return [Problem("plan.bad-certificate", place, expected=expected)]
        bounds.append(made.bound(number, level, floors[:number]))
    problems = _levels(said, names, values, [*bounds, *values[len(bounds) :]])
    reached = said.get("reached", values)
    for number, (name, _) in enumerate(names):
        if number >= len(bounds) or number >= len(reached) or bounds[number] > reached[number]:
            shown = f"{values[number]} of at most {bounds[number] if number < len(bounds) else '?'}"
            hint = "integers alone prove no more; the rest is the solver's word"
            place = f"{_PLACE}:levels:{name}"
            problems.append(Problem("plan.bound-open", place, shown, hint=hint, level="note"))
    return problems


def _floors(
    said: Mapping[str, Any], task: Task, values: Sequence[int]
) -> tuple[list[int], list[Problem]]:
    """The least that each level may be worth while later ones are improved."""
    if task.aims.added:
        return list(values), []
    reached = said.get("reached")
    aims = [list(task.aims.order), dict(task.aims.tolerance)]
    place = f"{_PLACE}:aims"
    if [said.get("aims"), said.get("tolerance")] != aims:
        shown = f"{said.get('aims')} {said.get('tolerance')}"
        return [], [Problem("plan.other-aims", place, shown, f"{aims[0]} {aims[1]}")]
    if (
        not isinstance(reached, list)
        or len(reached) > len(values)
        or any(type(one) is not int for one in reached)
    ):
        return [], [Problem("plan.bad-certificate", f"{_PLACE}:reached", expected="whole numbers")]
    floors = []
    for value, best, (name, _) in zip(values, reached, level_names(task), strict=False):
        floor = best - task.aims.slack(name, best)
        if value < floor:
            where = f"{_PLACE}:levels:{name}"
            return [], [Problem("plan.wrong-level", where, str(value), f"at least {floor}")]
        floors.append(floor)
    return floors, []


def _potentials(said: Mapping[str, Any], net: Network) -> tuple[tuple[Ints, ...], list[Problem]]:
    given = said.get("potentials")
    wanted = len(net.names) + 1
    sound = (
        isinstance(given, Sequence)
        and len(given) == wanted
        and all(
            isinstance(level, Sequence)
            and len(level) == net.nodes
            and all(type(value) is int and abs(value) < _LARGEST for value in level)
            for level in given
        )
    )
    if not sound or given is None:
        expected = f"{wanted} lists of {net.nodes} whole numbers"
        return (), [Problem("plan.bad-certificate", f"{_PLACE}:potentials", expected=expected)]
    return tuple(np.array(level, np.int64) for level in given), []


def _better(net: Network, arc: int) -> Problem:
    """Where the proof fails: a person's class and stage, or the limit."""
    ahead = len(net.bounds)
    if arc >= ahead:
        cohort = net.task.cohorts[int(net.cohort[arc - ahead])]
        stage = net.task.stages[int(net.stage[arc - ahead])]
        place = f"class of {cohort.handles[0]} in stage {stage}"
    else:
        clause = net.bounds[arc].clause
        place = clause.id if clause else f"class {net.bounds[arc].cohort}"
    return Problem("plan.not-best", place, hint="a better plan is not ruled out here")


def _same_rows(
    plan: Plan, task: Task, flow: Flow, terms: Terms, resources: Resources
) -> list[Problem]:
    """Persons, steps, trips and places are those that everybody computes from the same flow."""
    first = min((row.step for row in plan.rows if row.step), default=1)
    try:
        rows = make_rows(
            task,
            name_persons(task, flow),
            resources,
            step=terms.step,
            order=terms.order,
            first_step=first,
        )
    except NoSteps:
        return [Problem("plan.rows-differ", "plan", expected="steps that can be made")]
    if rows == plan.rows:
        return []
    mine = {row.handle: row for row in rows}
    for row in plan.rows:
        if mine.get(row.handle) != row:
            other = mine.get(row.handle)
            expected = f"stage {other.stage} step {other.step}" if other else "to stay"
            shown = f"stage {row.stage} step {row.step}"
            return [Problem("plan.rows-differ", f"row {row.handle}", shown, expected)]
    return [Problem("plan.rows-differ", "plan", str(len(plan.rows)), str(len(rows)))]
