"""Conditions that a plan line does not tell: who meets them, and how many of a number must.

A line tells no age, no sex, no rank. Where a clause or a part of its number asks for one, the
holder, who knows, says only whether the condition is met.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from homeward.plan.task import Clause, Limit, Pool, values
from homeward.plan.ties import due_on
from homeward.problem import Problem
from homeward.terms import Obligation, Terms
from homeward.terms.agreement import Part
from homeward.terms.predicates import holds

_HINT = "whoever may meet a clause's condition is planned under it; nobody counts for a part"

if TYPE_CHECKING:
    from homeward.plan.clauses import Sorted
    from homeward.plan.lines import PlanLine


def told_parts(terms: Terms, obligation: Obligation) -> tuple[Part, ...]:
    """Parts of its number, and counts among it, that have a condition and a number, or a key."""
    quantity = obligation.quantity
    keys = {
        o.quantity.part
        for o in terms.obligations
        if o.quantity.of in (obligation.id, obligation.clause)
    }
    return tuple(
        part
        for part in (*quantity.parts, *quantity.among)
        if part.when is not None and (_is_counted(part) or part.name in keys)
    )


def _is_counted(part: Part) -> bool:
    return part.count is not None or part.percent is not None


def part_id(obligation: Obligation, part: Part) -> str:
    """The one name of a part."""
    return f"{obligation.id}/{part.name}"


def asks(terms: Terms) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    """Every condition that a clause, or a part of its number, puts to a person, by its name.

    A name is the clause's id, or ``clause/part``.
    """
    found: dict[str, Mapping[str, Any]] = {}
    for o in terms.obligations:
        if o.when is not None:
            found[o.clause] = o.when
        for part in told_parts(terms, o):
            found[f"{o.clause}/{part.name}"] = part.when or {}
    return tuple(sorted(found.items(), key=lambda one: one[0]))


def meets(line: PlanLine, terms: Terms, obligation: Obligation, part: Part | None = None) -> bool:
    """Whether a line meets a condition: by what it tells, else by what its holder found.

    Where nobody has looked, whoever may meet a clause's condition is taken to; a part needs more.
    """
    when = obligation.when if part is None else part.when
    told = None if when is None else holds(when, line.facts(), terms.agreed_on)
    if when is None or told is not None:
        return told is not False
    if line.meets is None:
        return part is None
    name = obligation.clause if part is None else f"{obligation.clause}/{part.name}"
    return name in line.meets


def unlooked(
    terms: Terms, lines: Iterable[PlanLine], place: str = "lines.csv"
) -> tuple[Problem, ...]:
    """Conditions of which some line tells nothing, nor whether its holder has looked."""
    alike = {
        (line.category, line.state, line.medical, line.held_since): line
        for line in lines
        if line.meets is None
    }
    facts = [line.facts() for line in alike.values()]
    return tuple(
        Problem("plan.not-looked", f"{place}:meets", name, "who meets it", _HINT, "warning")
        for name, when in asks(terms)
        if any(holds(when, one, terms.agreed_on) is None for one in facts)
    )


def part_limits(
    terms: Terms, taking: Sorted, pools: Sequence[Pool], heads: Sequence[int]
) -> list[Limit]:
    """Parts of a number: never more of one than agreed, and room left for those still owed.

    Only where the number is known, and its persons count against nothing else.
    """
    found = []
    for o in terms.obligations:
        mine = frozenset(n for n, pool in enumerate(pools) if o.id in pool.under)
        gone = taking.finished[o.id]
        low, high = due_on(terms, o, sum(heads[n] for n in mine) + gone) or (0, 0)
        shared = any(pools[n].under != (o.id,) for n in mine)
        if taking.parts is None or shared or not low or low != high:
            continue
        for part in filter(_is_counted, told_parts(terms, o)):
            least, most = _asked(o, part, low)
            name = part_id(o, part)
            behind = taking.parts.get(name, 0)
            given = values(part=part.name, n=most, clause=o.clause, who=o.sender, to=o.to)
            clause = Clause(f"terms {name}", "part", given)
            inside = frozenset(n for n in mine if name in pools[n].parts)
            others = low - gone - max(0, least - behind)
            found += [
                Limit(clause, inside, None, 0, max(0, most - behind)),
                Limit(clause, mine - inside, None, 0, max(0, others)),
            ]
    return found


def _asked(obligation: Obligation, part: Part, number: int) -> tuple[int, int]:
    """The least and most persons of a part among ``number``, to one head."""
    quantity = obligation.quantity
    if part.percent is not None:
        of, whole = part.percent, 100
    else:
        of, whole = part.count or 0, quantity.give if quantity.of else quantity.number or number
    return number * of // whole, -(-number * of // whole)
