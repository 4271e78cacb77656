"""check: every breach of every clause in a plan, found by counting, without a solver."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from homeward.plan.allotting import allot
from homeward.plan.clauses import Done, Owed, sort_lines
from homeward.plan.flow import supply_of
from homeward.plan.limits import make_task
from homeward.plan.lines import PlanLine
from homeward.plan.links import link_problems
from homeward.plan.persons import ahead_before
from homeward.plan.resources import Resources, agreed_resources
from homeward.plan.rows import Plan, PlanRow
from homeward.plan.stepcheck import step_problems, trip_problems
from homeward.plan.task import Balance, Flow, Limit, Task
from homeward.plan.ties import tie_problems
from homeward.problem import Problem, Refused

if TYPE_CHECKING:
    from homeward.terms import Annex, Terms


_BREACHES = {
    "size": "plan.breach-size",
    "size_all": "plan.breach-size",
    "sum": "plan.breach-owed",
    "part": "plan.breach-part",
    "rest": "plan.breach-rest",
    "site": "plan.breach-seats",
    "fleet": "plan.breach-seats",
    "crossing": "plan.breach-crossing",
}


def check(
    plan: Plan,
    terms: Terms,
    annexes: Sequence[Annex],
    lines: Iterable[PlanLine],
    resources: Resources | None = None,
    *,
    done: Done = None,
    first_step: int | None = None,
) -> tuple[Problem, ...]:
    """Every clause that the plan breaks, each with its numbers; empty for a plan in keeping.

    Persons unknown, twice, with another holder, unfit or withheld; counts, seats, crossings, sizes
    and balance of each stage; groups split; size, order and evenness of each step; full vehicles.
    """
    lines = tuple(lines)
    resources = agreed_resources(resources or Resources(), annexes)
    try:
        task = make_task(terms, annexes, lines, resources, seed=0, done=done)
    except Refused as refused:
        return refused.problems
    owed = sort_lines(terms, lines, done).owed
    return breaches(plan.rows, task, (terms, lines, resources), owed, done, first_step)


def breaches(
    rows: Sequence[PlanRow],
    task: Task,
    given: tuple[Terms, Sequence[PlanLine], Resources],
    owed: Mapping[str, Owed],
    done: Done = None,
    first_step: int | None = None,
) -> tuple[Problem, ...]:
    """``check``, for who has the task already; ``resources`` are those of the annexes too."""
    terms, lines, resources = given
    known = {line.handle: line for line in lines}
    problems = list(_row_problems(rows, known, owed, done))
    flow, strays = plan_flow(rows, task)
    problems += strays
    problems += _duty_problems(task, flow)
    heads = _heads(task, flow)
    for limit in task.limits:
        problems += _limit_problems(task, heads, limit)
    for balance in task.balances:
        problems += _balance_problems(task, heads, balance)
    for link in task.links:
        problems += link_problems(task, heads, link)
    for tie in task.ties:
        problems += tie_problems(tie, heads)
    grouped = {handle: line for handle, line in known.items() if line.group_code}
    mine = [row for row in rows if row.handle in grouped] if grouped else []
    problems += _split_groups(mine, grouped)
    mixed = _mixed_groups(mine, grouped)
    problems += step_problems(rows, terms, first_step, ahead_before(task), mixed)
    problems += trip_problems(rows, known, resources)
    return tuple(problems)


def plan_flow(rows: Iterable[PlanRow], task: Task) -> tuple[Flow, list[Problem]]:
    """Heads by class and stage that the rows make; rows outside the task are problems."""
    where = {
        handle: number for number, cohort in enumerate(task.cohorts) for handle in cohort.handles
    }
    places = {stage: number for number, stage in enumerate(task.stages)}
    flow: Flow = {}
    problems = []
    for row in rows:
        if row.stage not in places:
            expected = "one of " + ", ".join(map(str, task.stages))
            where_row = f"row {row.handle}:stage"
            problems.append(Problem("plan.stage-unknown", where_row, str(row.stage), expected))
        elif row.handle in where:
            key = (where[row.handle], places[row.stage])
            flow[key] = flow.get(key, 0) + 1
    return flow, problems


def _row_problems(
    rows: Iterable[PlanRow],
    known: Mapping[str, PlanLine],
    owed: Mapping[str, Owed],
    done: Done,
) -> Iterable[Problem]:
    """Rows that name a person wrongly."""
    gone = set(done) if done is not None and not hasattr(done, "cells") else set()
    seen: set[str] = set()
    for row in rows:
        place = f"row {row.handle}"
        line = known.get(row.handle)
        if row.handle in seen:
            yield Problem("plan.person-twice", place, row.handle, "one row")
        seen.add(row.handle)
        if line is None:
            yield Problem("plan.person-unknown", place, row.handle, "a handle of a plan line")
            continue
        if row.handle in gone:
            yield Problem("plan.person-done", place, row.handle, "somebody not yet exchanged")
        if line.status != "ready":
            yield Problem("plan.person-not-ready", place, line.status, "ready")
        if row.handle not in owed:
            yield Problem("plan.person-not-owed", place, row.handle, "somebody the terms cover")
            continue
        kind = owed[row.handle].kind
        told = (row.sender, row.to, row.category, row.state, row.group, row.site)
        ends = (line.holder, line.claimant)
        if told == (*ends, kind.category, kind.state, kind.group, line.site):
            continue
        for code, found, expected in (
            ("plan.wrong-holder", row.sender, line.holder),
            ("plan.wrong-claimant", row.to, line.claimant),
            ("plan.wrong-category", row.category, kind.category),
            ("plan.wrong-state", row.state, kind.state),
            ("plan.wrong-group", row.group, kind.group),
            ("plan.wrong-site", row.site, line.site),
        ):
            if found != expected:
                yield Problem(code, place, found, expected)


def _duty_problems(task: Task, flow: Flow) -> Iterable[Problem]:
    """Obligations with too few persons, and persons beyond every obligation."""
    amount, left = allot(
        supply_of(task, flow),
        [duty.low for duty in task.duties],
        [duty.high for duty in task.duties],
    )
    for number, duty in enumerate(task.duties):
        heads = sum(n for (_, at), n in amount.items() if at == number)
        over = sum(n for under, n in left.items() if under[0] == number)
        if heads < duty.low or over:
            expected = f"{duty.low}" if duty.low == duty.high else f"{duty.low} to {duty.high}"
            hint = duty.clause.sentence()
            yield Problem("plan.breach-owed", duty.clause.id, str(heads + over), expected, hint)


#: Heads of each pool in each stage.
Heads = list[list[int]]


def _heads(task: Task, flow: Flow) -> Heads:
    found = [[0] * len(task.stages) for _ in task.pools]
    for (cohort, stage), heads in flow.items():
        found[task.cohorts[cohort].pool][stage] += heads
    return found


def _limit_problems(task: Task, heads: Heads, limit: Limit) -> Iterable[Problem]:
    found = sum(
        (sum(heads[pool]) if limit.stage is None else heads[pool][limit.stage])
        * task.weight(pool, limit.measure)
        for pool in limit.pools
    )
    if not limit.low <= found <= limit.high:
        expected = f"{limit.low}" if limit.low == limit.high else f"{limit.low} to {limit.high}"
        hint = limit.clause.sentence()
        yield Problem(
            _BREACHES[limit.clause.key],
            limit.clause.id,
            str(found),
            f"{expected} {limit.measure}",
            hint,
        )


def _balance_problems(task: Task, heads: Heads, balance: Balance) -> Iterable[Problem]:
    ahead, slack = balance.start, balance.slack
    for stage, number in enumerate(task.stages):
        ahead += sum(weight * heads[pool][stage] for pool, weight in balance.weights)
        if abs(ahead) > slack:
            place = f"{balance.clause.id} stage {number}"
            hint = balance.clause.sentence()
            expected = f"{-slack} to {slack}"
            yield Problem("plan.breach-balance", place, str(ahead), expected, hint)


def _split_groups(rows: Iterable[PlanRow], known: Mapping[str, PlanLine]) -> Iterable[Problem]:
    """Groups of which some go and some stay, or that are divided between stages or steps.

    Who is beside the balance has no step, and goes in the stage of the others.
    """
    stages: dict[tuple[str, str], set[int]] = {}
    steps: dict[tuple[str, str], set[int]] = {}
    heads: Counter[tuple[str, str]] = Counter()
    for row in rows:
        line = known.get(row.handle)
        if line is not None and line.group_code:
            key = (line.holder, line.group_code)
            heads[key] += 1
            stages.setdefault(key, set()).add(row.stage)
            steps.setdefault(key, set()).update({row.step} - {0})
    ready = Counter(
        (line.holder, line.group_code)
        for line in known.values()
        if line.group_code and line.status == "ready"
    )
    for key in sorted(stages):
        number = max(len(stages[key]), len(steps[key]))
        if number > 1 or heads[key] < ready[key]:
            shown = f"{heads[key]} of {ready[key]} in {number} steps"
            place = f"group {key[0]} {key[1]}"
            yield Problem("plan.group-split", place, shown, "all in one step, or none")


def _mixed_groups(rows: Iterable[PlanRow], known: Mapping[str, PlanLine]) -> set[str]:
    """Handles of groups whose members are of several categories: they mix any step they are in."""
    groups: dict[tuple[str, str], list[PlanRow]] = {}
    for row in rows:
        line = known.get(row.handle)
        if line is not None and line.group_code:
            groups.setdefault((line.holder, line.group_code), []).append(row)
    return {
        row.handle
        for members in groups.values()
        if len({row.category for row in members}) > 1
        for row in members
    }
