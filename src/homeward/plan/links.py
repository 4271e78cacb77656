"""What the terms let wait for something else: gates, orders, and things of the same stages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from homeward.plan.task import Clause, Link, Pool, Task, values
from homeward.problem import Problem

if TYPE_CHECKING:
    from homeward.plan.clauses import Sorted
    from homeward.plan.program import Heads, Program
    from homeward.terms import Annex, Terms


def links_of(
    terms: Terms, annexes: Sequence[Annex], pools: Sequence[Pool], taking: Sorted
) -> tuple[Link, ...]:
    """The links that several stages could break; within one stage, steps keep their order."""
    if len(annexes) < 2:
        return ()
    found = []
    for path, link in terms.clauses("linkage"):
        place = f"terms linkage {path[-1]}"
        if link["kind"] == "gate":
            found.append(_gate(terms, pools, taking, link, place))
        elif link["kind"] == "simultaneous":
            found += _same(terms, pools, link, place)
    for path, rule in terms.clauses("order"):
        if "then" in rule and rule.get("strength") != "best_effort":
            found.append(_order(terms, pools, rule, f"terms order {path[-1]}"))
    return tuple(link for link in found if link.first and link.then)


def _gate(
    terms: Terms, pools: Sequence[Pool], taking: Sorted, link: Mapping[str, Any], place: str
) -> Link:
    after, before = _listed(link.get("after")), _listed(link.get("before"))
    awaited = [o for name in after for o in terms.find(name)]
    need = 1
    if "share" in link:
        need = -(-sum(o.low for o in awaited) * link["share"] // 100)
    need -= sum(taking.finished.get(o.id, 0) for o in awaited)
    first = _meant(terms, pools, after) if need > 0 else frozenset()
    given = {"n": max(need, 0), "first": ", ".join(after), "then": ", ".join(before)}
    clause = Clause(place, "gate", values(**given))
    return Link(clause, "gate", first, _meant(terms, pools, before), max(need, 0))


def _order(terms: Terms, pools: Sequence[Pool], rule: Mapping[str, Any], place: str) -> Link:
    first, then = _listed(rule["first"]), _listed(rule["then"])
    within = _meant(terms, pools, _listed(rule.get("of"))) or frozenset(range(len(pools)))
    given = {"first": ", ".join(first), "then": ", ".join(then)}
    ahead = _meant(terms, pools, first) & within
    behind = (_meant(terms, pools, then) & within) - ahead
    return Link(Clause(place, "order", values(**given)), "order", ahead, behind)


def _same(
    terms: Terms, pools: Sequence[Pool], link: Mapping[str, Any], place: str
) -> Iterable[Link]:
    names = _listed(link.get("of")) or tuple(o.id for o in terms.obligations)
    parts = [_meant(terms, pools, (name,)) for name in names]
    parts = [part for part in parts if part]
    clause = Clause(place, "same", values(first=", ".join(names)))
    for part in parts[1:]:
        if not part & parts[0]:
            yield Link(clause, "same", parts[0], part)


def _listed(given: Any) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given or ())


def _meant(terms: Terms, pools: Sequence[Pool], names: Iterable[str]) -> frozenset[int]:
    """Pools that words of an order or a gate mean: by category, state, clause or stage."""
    wanted = set(names)
    ids = {
        o.id
        for o in terms.obligations
        if wanted & {one for one in (o.id, o.clause, o.category, o.stage) if one}
    }
    return frozenset(
        n
        for n, pool in enumerate(pools)
        if wanted & {pool.category, pool.state} or ids & set(pool.under)
    )


def link_rows(made: Program, heads: Heads) -> None:
    """A yes or no for each stage: whether what was waited for has come, or is there."""
    from homeward.plan.program import Row

    task = made.task
    stages = range(len(task.stages))
    for link in task.links:
        here, there = task.most(link.first), task.most(link.then)
        for stage in stages:
            came = made.column(0, 1)
            then = _sum(heads, link.then, (stage,))
            made.rows.append(Row(link.clause, {**then, came: -there}, -there, 0))
            if link.kind == "gate":
                gone = _sum(heads, link.first, stages[: stage + 1])
                made.rows.append(Row(link.clause, {**gone, came: -link.need}, 0, here))
            elif link.kind == "order":
                left = _sum(heads, link.first, stages[stage + 1 :])
                made.rows.append(Row(link.clause, {**left, came: here}, 0, here))
            else:
                first = _sum(heads, link.first, (stage,))
                made.rows.append(Row(link.clause, {**first, came: -here}, -here, 0))
                made.rows.append(Row(link.clause, {**first, came: -1}, 0, here))
                made.rows.append(Row(link.clause, {**then, came: -1}, 0, there))


def _sum(heads: Heads, pools: Iterable[int], stages: Iterable[int]) -> dict[int, int]:
    total: dict[int, int] = {}
    for stage in stages:
        for pool in sorted(pools):
            for column, factor in heads.get((pool, stage), {}).items():
                total[column] = total.get(column, 0) + factor
    return total


def link_problems(task: Task, heads: Sequence[Sequence[int]], link: Link) -> Iterable[Problem]:
    """Stages in which something went before what it waits for, or without what goes with it."""
    first, then = (
        [sum(heads[pool][stage] for pool in pools) for stage in range(len(task.stages))]
        for pools in (link.first, link.then)
    )
    for stage, number in enumerate(task.stages):
        if link.kind == "gate":
            wrong = then[stage] > 0 and sum(first[: stage + 1]) < link.need
        elif link.kind == "order":
            wrong = then[stage] > 0 and sum(first[stage + 1 :]) > 0
        else:
            wrong = bool(first[stage]) != bool(then[stage])
        if wrong:
            place = f"{link.clause.id} stage {number}"
            shown = f"{first[stage]} and {then[stage]}"
            sentence = link.clause.sentence()
            yield Problem("plan.breach-order", place, shown, sentence)
