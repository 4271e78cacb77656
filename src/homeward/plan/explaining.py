"""Why this person is in that stage, or in none: rank, cut-off, what is full, what it would cost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from homeward.plan.aims import PLAIN, Aims, claimed_seed
from homeward.plan.checking import plan_flow
from homeward.plan.clauses import Done, owed_to, sort_lines
from homeward.plan.limits import make_task
from homeward.plan.lines import PlanLine
from homeward.plan.making import solve_task
from homeward.plan.program import value_of
from homeward.plan.resources import Resources
from homeward.plan.rows import Plan, PlanRow
from homeward.plan.task import Clause, Cohort, Flow, Limit, Task, values
from homeward.terms import Annex, Terms
from homeward.words import say

_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, as a sentence with its numbers; no name in it, only the handle."""

    code: str
    values: tuple[tuple[str, str | int], ...]
    clause: Clause | None = None

    def sentence(self, language: str = "en") -> str:
        """The reason in words."""
        given = dict(self.values)
        if "level" in given:
            given["level"] = say(f"plan.levels.{given['level']}", language)
        if self.clause is not None:
            given["clause"] = self.clause.sentence(language)
        return say(f"plan.reasons.{self.code}", language, **given)


def explain_person(
    plan: Plan,
    handle: str,
    terms: Terms,
    annexes: Sequence[Annex],
    lines: Iterable[PlanLine],
    resources: Resources | None = None,
    *,
    done: Done = None,
    aims: Aims = PLAIN,
) -> tuple[Reason, ...]:
    """Why the person goes when they go, or stays; the most direct reason first.

    Says what would be lost if they went a stage earlier (or at all): the plan is made once more
    with that forced, which takes as long as making it did. For planners only; see ``tell_person``.
    """
    lines = tuple(lines)
    line = next((one for one in lines if one.handle == handle), None)
    if line is None:
        return (_reason("unknown", handle=handle),)
    if line.status != "ready":
        return (_reason("not_ready", handle=handle, status=line.status),)
    if handle not in sort_lines(terms, lines, done).owed:
        return (_reason("not_owed", handle=handle),)
    seed = claimed_seed(plan.certificate)
    given = (terms, annexes, lines, resources or Resources())
    task = make_task(*given, seed=seed, done=done, aims=aims)
    own = next((n for n, one in enumerate(task.cohorts) if handle in one.handles), None)
    if own is None:
        return (_reason("done", handle=handle),)
    row = plan.row(handle)
    flow, _ = plan_flow(plan.rows, task)
    found = [_where(handle, row)]
    found += _rank(task, own, handle, plan)
    here = task.stages.index(row.stage) if row else len(task.stages)
    for stage in range(here):
        found += _full(task, flow, own, stage)
    if here:
        wanted = here - 1
        found += _cost(task, flow, own, handle, wanted)
    return tuple(found)


def tell_person(
    plan: Plan, handle: str, terms: Terms, lines: Iterable[PlanLine]
) -> tuple[Reason, ...]:
    """For whoever is no planner: when the person goes, or that they stay, and never why.

    Not a rank, not a medical level, nor whether somebody who stays is unfit, was withheld, or did
    not want to go.
    """
    line = next((one for one in lines if one.handle == handle), None)
    if line is None:
        return (_reason("unknown", handle=handle),)
    if owed_to(terms, line) is None:
        return (_reason("not_owed", handle=handle),)
    return (_where(handle, plan.row(handle) if line.status == "ready" else None),)


def _reason(code: str, **given: Any) -> Reason:
    return Reason(code, values(**given))


def _where(handle: str, row: PlanRow | None) -> Reason:
    if row is None:
        return _reason("stays", handle=handle)
    if not row.step:
        return _reason("beside", handle=handle, stage=row.stage)
    given = {"handle": handle, "stage": row.stage, "step": row.step, "order": row.order}
    return _reason("goes", who=row.sender, **given)


def _rank(task: Task, own: int, handle: str, plan: Plan) -> list[Reason]:
    """The person's place among those of the same way and category, and where the line is cut."""
    cohort = task.cohorts[own]
    pool = task.pools[cohort.pool]
    rivals = [one for one in task.cohorts if _kind(task, one) == _kind(task, cohort)]
    before = sum(one.heads for one in rivals if _key(one) < _key(cohort))
    there = sum(one.heads for one in rivals)
    given = {"who": pool.holder, "to": pool.claimant, "category": pool.category}
    found = [
        _reason(
            "rank",
            first=before + 1,
            n=there,
            medical=cohort.medical,
            months=cohort.months,
            **given,
        )
    ]
    if cohort.bundle >= 0:
        together = sum(task.cohorts[n].heads for n in task.bundles[cohort.bundle])
        found.append(_reason("together", n=together - 1))
    elif cohort.heads > 1:
        place = cohort.handles.index(handle) + 1
        found.append(_reason("equals", n=cohort.heads, place=place))
    planned = {row.handle for row in plan.rows}
    last = max((one for one in rivals if planned & set(one.handles)), key=_key, default=None)
    if last is not None:
        found.append(_reason("last", medical=last.medical, months=last.months, **given))
    return found


def _kind(task: Task, cohort: Cohort) -> tuple[str, ...]:
    pool = task.pools[cohort.pool]
    return (pool.holder, pool.claimant, pool.category, pool.state, pool.group)


def _key(cohort: Cohort) -> tuple[int, int]:
    return (-cohort.medical, -cohort.months)


def _full(task: Task, flow: Flow, own: int, stage: int) -> list[Reason]:
    """Limits of a stage that have no room left for this person."""
    pool = task.cohorts[own].pool
    found = []
    for limit in task.limits:
        if limit.stage != stage or pool not in limit.pools:
            continue
        used = sum(
            heads * task.weight(task.cohorts[cohort].pool, limit.measure)
            for (cohort, at), heads in flow.items()
            if at == stage and task.cohorts[cohort].pool in limit.pools
        )
        if used + task.weight(pool, limit.measure) > limit.high:
            number = task.stages[stage]
            found.append(Reason("full", values(stage=number), limit.clause))
    return found


def _cost(task: Task, flow: Flow, own: int, handle: str, stage: int) -> list[Reason]:
    """What the best plan loses on each level if this person goes in ``stage``."""
    number = task.stages[stage]
    forced = force(task, own, handle, stage)
    made = solve_task(forced, _SECONDS)
    if made is None:
        return [_reason("impossible", handle=handle, stage=number)]
    lost = {
        name: value_of(task, name, flow) - value_of(forced, name, made[0])
        for name in dict.fromkeys(("medical", "held", *task.aims.order))
    }
    first = {"medical": lost.pop("medical"), "held": lost.pop("held")}
    found = [_reason("cost", handle=handle, stage=number, **first)]
    return found + [_reason("cost_level", level=name, n=n) for name, n in lost.items()]


def force(task: Task, own: int, handle: str, stage: int) -> Task:
    """The task in which this person (with their group) goes in ``stage``.

    The person gets a pool of their own, which every limit of the old pool takes in.
    """
    cohort = task.cohorts[own]
    new = len(task.pools)
    rest = replace(cohort, handles=tuple(one for one in cohort.handles if one != handle))
    alone = replace(cohort, pool=new, handles=(handle,))
    cohorts = [*task.cohorts[:own], rest, *task.cohorts[own + 1 :], alone]
    clause = Clause(f"wish {handle}", "wish", values(stage=task.stages[stage]))
    wish = Limit(clause, frozenset({new}), stage, 1, 1)

    def wider(pools: frozenset[int]) -> frozenset[int]:
        return pools | {new} if cohort.pool in pools else pools

    return replace(
        task,
        pools=(*task.pools, task.pools[cohort.pool]),
        cohorts=tuple(one for one in cohorts if one.heads),
        limits=(*(replace(one, pools=wider(one.pools)) for one in task.limits), wish),
        balances=tuple(
            replace(
                one,
                weights=(*one.weights, *((new, w) for p, w in one.weights if p == cohort.pool)),
            )
            for one in task.balances
        ),
        ties=tuple(
            replace(one, these=wider(one.these), those=wider(one.those)) for one in task.ties
        ),
        fleets=tuple(replace(one, pools=wider(one.pools)) for one in task.fleets),
        told=(),
    )
