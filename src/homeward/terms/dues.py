"""What each obligation asks for, given what was done on the others: keys, lumps, shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from homeward.terms.agreement import Obligation, Terms
from homeward.terms.allotment import Allotment, Moved, allot


@dataclass(frozen=True, slots=True)
class Due:
    """The least and the most that an obligation asks for; ``certain`` is False where it cannot
    be known from counts alone (all of a class, not specified)."""

    low: int
    high: int | None
    certain: bool = True


def due(obligation: Obligation, terms: Terms, allotment: Allotment) -> Due:
    """What is due on one obligation when ``allotment`` was done on all.

    A lump is paid out in whole instalments per head of the group; the last takes the rest, so
    that the parts close on the lump.
    """
    quantity = obligation.quantity
    if quantity.form in ("all", "unspecified"):
        return Due(0, None, certain=False)
    if quantity.of is None:
        return Due(quantity.low, quantity.high)
    counterpart = sum(
        allotment.parts.get((target.id, quantity.part), 0)
        if quantity.part
        else allotment.done[target.id]
        for target in terms.find(quantity.of)
    )
    if quantity.form == "percent":
        whole = sum(target.low for target in terms.find(quantity.of))
        share = -(-whole * quantity.give // 100)
        return Due(share, share)
    if quantity.form == "lump":
        if counterpart >= quantity.per:
            return Due(quantity.give, quantity.give)
        rounded_up = -(-quantity.give * counterpart // quantity.per)
        return Due(quantity.give // quantity.per * counterpart, rounded_up)
    owed = quantity.give * (counterpart // quantity.per)
    if quantity.rounding != "whole_groups":
        up = quantity.per - 1 if quantity.rounding == "up" else 0
        owed = (quantity.give * counterpart + up) // quantity.per
    return Due(owed, owed)


def dues(terms: Terms, allotment: Allotment) -> dict[str, Due]:
    """What is due on every obligation, by id."""
    return {o.id: due(o, terms, allotment) for o in terms.obligations}


def count_against(terms: Terms, moved: Iterable[Moved]) -> tuple[Allotment, dict[str, Due]]:
    """Count movements against the obligations, keys and lumps included.

    Where a number is a result, it is found first with open ceilings; then everything is counted
    again under the ceilings that follow.
    """
    listed = tuple(moved)
    keyed = [o.id for o in terms.obligations if o.quantity.of is not None]
    first = allot(terms, listed)
    if not keyed:
        return first, dues(terms, first)
    asked = dues(terms, first)
    ceilings: Mapping[str, int | None] = {id_: asked[id_].high for id_ in keyed}
    final = allot(terms, listed, ceilings)
    return final, dues(terms, final)
