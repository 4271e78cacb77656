"""From a list's line to a plan line: what is left when the name is taken away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from homeward.people import Line
from homeward.plan.lines import PlanLine
from homeward.plan.parts import asks
from homeward.terms import Terms
from homeward.terms.predicates import holds

# Level 2 is owed first (GC III art. 109 and 110); no diagnosis is passed on. A list that says no
# more than "wounded" says level 1.
_MEDICAL_LEVEL = {
    "seriously_wounded": 2,
    "seriously_sick": 2,
    "slightly_wounded": 1,
    "wounded": 1,
    "sick": 1,
}


def line_of(line: Line, terms: Terms, *, handle: str, holder: str, claimant: str) -> PlanLine:
    """The plan line of a held person: handle, holder, claimant and what planning needs.

    The category is the terms' own word, empty where no category takes the person; health becomes
    a level (0-2), the day of capture a month, and nothing names the person. What else a clause asks
    for is told as met or not, and no more than that.
    """
    facts = line.facts()
    return PlanLine(
        handle=handle,
        holder=holder,
        claimant=claimant,
        category=terms.category_of(facts) or "",
        state=line.state or "living",
        medical=_MEDICAL_LEVEL.get(line.health or "", 0),
        held_since=str(line.captured_on or "")[:7],
        site=line.held_at or "",
        value=terms.value_of(facts),
        meets=_meets(terms, facts),
    )


def _meets(terms: Terms, facts: Mapping[str, Any]) -> tuple[str, ...] | None:
    """Names of the clauses and parts whose conditions these facts meet; None where none asks."""
    conditions = asks(terms)
    if not conditions:
        return None
    return tuple(name for name, when in conditions if holds(when, facts, terms.agreed_on))
