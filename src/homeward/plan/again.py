"""replan: after exceptions, the plan that moves the fewest persons who were told their stage."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from homeward.plan.aims import PLAIN, Aims
from homeward.plan.clauses import Sorted, sort_lines
from homeward.plan.conflict import Conflict, explain_conflict, steps_conflict
from homeward.plan.events import Situation
from homeward.plan.limits import counts_for, sorted_task
from homeward.plan.making import finish, recheck, solve_task, uncollected
from homeward.plan.persons import make_rows, name_persons
from homeward.plan.resources import agreed_resources
from homeward.plan.rows import Plan
from homeward.plan.steps import NoSteps
from homeward.plan.task import Balance, Clause, Flow, Task, Told, values
from homeward.terms import Annex, Terms


@dataclass(frozen=True)
class Difference:
    """What a new plan changes for persons who had been told a stage and have not crossed.

    ``lower_bound`` of them have to change whatever the plan (their seat is gone); it is proven by
    the plan's certificate. ``situation`` is what the new plan was made from: both sides check and
    certify against it.
    """

    moved: tuple[str, ...]
    dropped: tuple[str, ...]
    added: tuple[str, ...]
    lower_bound: int
    situation: Situation

    @property
    def changed(self) -> int:
        """Told persons who go in another stage, or in none."""
        return len(self.moved) + len(self.dropped)


@uncollected
def replan(
    plan: Plan,
    terms: Terms,
    now: Situation,
    *,
    seed: int,
    first_step: int = 1,
    time_limit: float = 60,
    aims: Aims = PLAIN,
) -> tuple[Plan, Difference] | Conflict:
    """A plan for who is left, with the fewest told persons moved; then the agreed aims.

    ``now`` is what events and acts have left (see ``situation``). Where too few persons are left
    for the sizes of a stage, the sizes are lowered by as few as possible, equally on both sides
    where they were equal; the situation in the difference holds them. Raises Refused for input
    that cannot be used.
    """
    began = time.perf_counter()
    taking = sort_lines(terms, now.lines, now.done)
    task = _told_task(plan, terms, now, taking, seed, aims)
    made = solve_task(task, time_limit)
    if made is None and any(annex.sizes for annex in now.annexes):
        now = _lowered(task, now, time_limit)
        task = _told_task(plan, terms, now, taking, seed, aims)
        made = solve_task(task, time_limit)
    if made is None:
        return explain_conflict(task)
    flow, claims = made
    resources = agreed_resources(now.resources, now.annexes)
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
    recheck(rows, task, (terms, now.lines, resources), taking, now.done)
    new = finish(rows, claims, time.perf_counter() - began)
    return new, difference(plan, new, now)


def fitted(
    terms: Terms, now: Situation, *, seed: int = 0, time_limit: float = 60
) -> tuple[Annex, ...]:
    """The annexes of a situation, their sizes lowered to what the persons left can fill.

    As they are where that is everybody; otherwise as many as possible, equally on both sides where
    sizes were equal. Both sides compute the same totals.
    """
    nothing = Plan((), "optimal", ())
    taking = sort_lines(terms, now.lines, now.done)
    task = _told_task(nothing, terms, now, taking, seed)
    if not any(annex.sizes for annex in now.annexes) or solve_task(task, time_limit) is not None:
        return now.annexes
    return _lowered(task, now, time_limit).annexes


def _told_task(
    plan: Plan, terms: Terms, now: Situation, taking: Sorted, seed: int, aims: Aims = PLAIN
) -> Task:
    """The task of a situation, in which keeping the stage one was told comes first."""
    return with_told(sorted_task(terms, now.annexes, taking, now.resources, seed, aims), plan)


def with_told(task: Task, plan: Plan) -> Task:
    """The task with what ``plan`` told the persons in it."""
    stage_of = {row.handle: row.stage for row in plan.rows}
    places = {stage: number for number, stage in enumerate(task.stages)}
    told = []
    for number, cohort in enumerate(task.cohorts):
        by_stage: dict[int, list[str]] = {}
        for handle in cohort.handles:
            stage = stage_of.get(handle)
            if stage in places:
                by_stage.setdefault(places[stage], []).append(handle)
        told += [Told(number, stage, tuple(by_stage[stage])) for stage in sorted(by_stage)]
    return replace(task, told=tuple(told))


def difference(before: Plan, after: Plan, now: Situation) -> Difference:
    """Who was told a stage and now goes in another, or in none; and who is new."""
    stages = {annex.stage for annex in now.annexes} or {1}
    crossed = set(now.done)
    told = {
        row.handle: row.stage
        for row in before.rows
        if row.stage in stages and row.handle not in crossed
    }
    new = {row.handle: row.stage for row in after.rows}
    kept = next((level.bound for level in after.objective if level.name == "told"), 0)
    return Difference(
        moved=tuple(sorted(h for h, stage in told.items() if new.get(h, stage) != stage)),
        dropped=tuple(sorted(h for h in told if h not in new)),
        added=tuple(sorted(h for h in new if h not in told)),
        lower_bound=len(told) - kept,
        situation=now,
    )


def _lowered(task: Task, now: Situation, time_limit: float) -> Situation:
    """The situation with sizes lowered to what the persons left can fill, as many as possible."""
    limits = tuple(
        replace(limit, low=0) if limit.clause.key.startswith("size") else limit
        for limit in task.limits
    )
    task = replace(task, limits=limits, balances=_even(task, now.annexes), scarce=True)
    made = solve_task(task, time_limit)
    if made is None:
        return now
    return replace(now, annexes=_filled(task, made[0], now.annexes))


def _even(task: Task, annexes: Sequence[Annex]) -> tuple[Balance, ...]:
    """What was equal in every stage stays equal when sizes are lowered."""
    categories: dict[tuple[str | None, str], dict[tuple[str, str], list[int]]] = {}
    for number, annex in enumerate(annexes):
        for size in annex.sizes:
            if size.group == "inside":
                counts = categories.setdefault((size.category, size.state), {})
                counts.setdefault((size.sender, size.to), [0] * len(annexes))[number] = size.count
    found = []
    for (category, state), counts in sorted(categories.items(), key=str):
        sides = sorted({side for way in counts for side in way})
        for side in sides[:1] if len(sides) == 2 else sides:
            out = [
                sum(c[n] for way, c in counts.items() if way[0] == side)
                for n in range(len(annexes))
            ]
            back = [
                sum(c[n] for way, c in counts.items() if way[1] == side)
                for n in range(len(annexes))
            ]
            if out != back:
                continue
            weights = tuple(
                (n, 1 if pool.holder == side else -1)
                for n, pool in enumerate(task.pools)
                if pool.inside
                and side in (pool.holder, pool.claimant)
                and pool.state == state
                and category in (None, pool.category)
            )
            clause = Clause(f"equal {side} {category or ''} {state}", "equal", values(who=side))
            found.append(Balance(clause, weights, 0))
    return tuple(found)


def _filled(task: Task, flow: Flow, annexes: Sequence[Annex]) -> tuple[Annex, ...]:
    found = []
    for stage, annex in enumerate(annexes):
        sizes = []
        for size in annex.sizes:
            count = sum(
                heads
                for (cohort, at), heads in flow.items()
                if at == stage and counts_for(task.pools[task.cohorts[cohort].pool], size)
            )
            sizes.append(replace(size, count=count))
        found.append(replace(annex, sizes=tuple(sizes)))
    return tuple(found)
