"""Numbers that follow another number: so many for each, for all of a group, as many as."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from homeward.plan.task import Clause, Pool, Task, Tie, values
from homeward.problem import Problem
from homeward.terms import Obligation, Terms

if TYPE_CHECKING:
    from homeward.plan.clauses import Sorted
    from homeward.plan.program import Heads, Program


def due_on(terms: Terms, obligation: Obligation, there: int) -> tuple[int, int] | None:
    """The least and most that an obligation asks for; None where it follows another's count.

    ``there`` is how many persons it could take; ``all`` asks for each of them.
    """
    quantity = obligation.quantity
    if quantity.form == "all":
        return there, there
    if quantity.of is None:
        return obligation.low, there if obligation.high is None else obligation.high
    others = terms.find(quantity.of)
    counterpart = sum(other.low for other in others)
    if quantity.form == "percent":
        share = -(-counterpart * quantity.give // 100)
        return share, share
    if quantity.part is not None or any(other.low != other.high for other in others):
        return None
    return asked(_rule(obligation), quantity.give, quantity.per, counterpart)


def _rule(obligation: Obligation) -> str:
    quantity = obligation.quantity
    return "lump" if quantity.form == "lump" else quantity.rounding


def asked(rule: str, give: int, per: int, count: int) -> tuple[int, int]:
    """The least and most due for ``count``: in whole groups, rounded, or for a group as a whole.

    >>> [asked(rule, 5, 2, 7) for rule in ("whole_groups", "down", "up", "lump")]
    [(15, 15), (17, 17), (18, 18), (5, 5)]
    """
    if rule == "lump":
        if count >= per:
            return give, give
        return give // per * count, -(-give * count // per)
    if rule == "whole_groups":
        return give * (count // per), give * (count // per)
    up = per - 1 if rule == "up" else 0
    return (give * count + up) // per, (give * count + up) // per


def ties_of(terms: Terms, taking: Sorted, pools: Sequence[Pool]) -> list[Tie]:
    """Counts that follow another count which is itself open; with what of both was done before."""
    found = []
    for o in terms.obligations:
        quantity = o.quantity
        if quantity.of is None or due_on(terms, o, 0) is not None:
            continue
        others = terms.find(quantity.of)
        names = {f"{other.id}/{quantity.part}" for other in others}
        these = frozenset(n for n, pool in enumerate(pools) if o.id in pool.under)
        those = frozenset(
            n
            for n, pool in enumerate(pools)
            if any(other.id in pool.under for other in others)
            and (quantity.part is None or names & set(pool.parts))
        )
        if quantity.part is None:
            before = sum(taking.finished[other.id] for other in others)
        else:
            before = sum((taking.parts or {}).get(name, 0) for name in names)
        given = values(n=quantity.give, per=quantity.per, who=o.sender, to=o.to)
        clause = Clause(f"terms {o.id} key", "key", given)
        done = (taking.finished[o.id], before)
        found.append(Tie(clause, these, those, quantity.per, quantity.give, _rule(o), done))
    return found


def tie_rows(made: Program, heads: Heads) -> None:
    """Whole groups as a number of their own; a lump as a yes or no: whether all of it has come."""
    from homeward.plan.program import Row

    task = made.task
    for tie in task.ties:
        these, those = (_total(task, heads, pools) for pools in (tie.these, tie.those))
        left, right, (gone, come) = tie.left, tie.right, tie.done
        most = task.most(tie.these) + task.most(tie.those) + gone + come

        def row(low: int, high: int, *parts: tuple[Mapping[int, int], int]) -> None:
            factors: dict[int, int] = {}
            for part, times in parts:
                for column, factor in part.items():
                    factors[column] = factors.get(column, 0) + factor * times
            made.rows.append(Row(tie.clause, factors, low, high))  # noqa: B023

        if tie.rule == "whole_groups":
            groups = {made.column(0, most): 1}
            row(-gone, -gone, (these, 1), (groups, -right))
            row(-come, left - 1 - come, (those, 1), (groups, -left))
        elif tie.rule == "lump":
            whole = {made.column(0, 1): 1}
            each, wide = right // left, (right + 1) * (most + left)
            row(-come, wide, (those, 1), (whole, -left))
            row(-wide, left - 1 - come, (those, 1), (whole, -wide))
            row(-gone, wide, (these, 1), (whole, -right))
            row(-wide, right - gone, (these, 1))
            row(-wide * 2, each * come - gone, (these, 1), (those, -each), (whole, -wide))
            row(each * come - gone, wide * 2, (these, 1), (those, -each), (whole, wide))
        else:
            spare = left - 1 if tie.rule == "up" else 0
            base = right * come - left * gone
            row(base + spare - left + 1, base + spare, (these, left), (those, -right))


def _total(task: Task, heads: Heads, pools: Iterable[int]) -> dict[int, int]:
    total: dict[int, int] = {}
    for pool in sorted(pools):
        for stage in range(len(task.stages)):
            for column, factor in heads.get((pool, stage), {}).items():
                total[column] = total.get(column, 0) + factor
    return total


def tie_problems(tie: Tie, heads: Sequence[Sequence[int]]) -> Iterable[Problem]:
    """A number that does not follow the other."""
    these, those = (
        sum(sum(heads[pool]) for pool in pools) + before
        for pools, before in zip((tie.these, tie.those), tie.done, strict=True)
    )
    low, high = asked(tie.rule, tie.right, tie.left, those)
    if not low <= these <= high:
        expected = f"{low}" if low == high else f"{low} to {high}"
        hint = tie.clause.sentence()
        yield Problem("plan.breach-key", tie.clause.id, f"{these} for {those}", expected, hint)
