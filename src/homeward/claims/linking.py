"""What only the whole text shows: outcomes of plans, words with two readings, quotations cut."""

from __future__ import annotations

import re
from dataclasses import replace

from homeward.claims.model import Claim
from homeward.claims.slots import day_of

MEETINGS = frozenset({"call", "meeting", "talks"})
PROMISES = frozenset({"planned", "promised", "announced", "ready"})


def linked(claims: tuple[Claim, ...], text: str) -> tuple[Claim, ...]:
    """The claims with ids, links from outcomes to plans, and second readings set beside."""
    found = [replace(claim, id=f"c{n}") for n, claim in enumerate(claims, start=1)]
    found = [_marked_cut(claim, found, text) for claim in found]
    found = [_dated_by_neighbour(found, at) for at in range(len(found))]
    found = [_answering(claim, found) for claim in found]
    read_twice: list[Claim] = []
    for at, claim in enumerate(found):
        second = _second_reading(claim, found[at + 1] if at + 1 < len(found) else None)
        read_twice += [claim] if second is None else list(second)
    return tuple(read_twice)


def _second_reading(claim: Claim, following: Claim | None) -> tuple[Claim, Claim] | None:
    """ "It is completed. It takes effect soon": completed may then mean the deal alone."""
    if following is None or following.speaker != claim.speaker:
        return None
    done = claim.status == "completed" and claim.subject == "exchange" and claim.extent == "whole"
    to_come = following.status in PROMISES and following.subject == "exchange"
    if not (done and to_come and not claim.counts):
        return None
    return (
        replace(claim, reading_of=claim.id),
        replace(claim, id=f"{claim.id}b", subject="agreement", reading_of=claim.id),
    )


def _answering(claim: Claim, claims: list[Claim]) -> Claim:
    """A call that took place answers the plan of it, told by the same speaker."""
    if claim.subject not in MEETINGS or claim.status != "completed":
        return claim
    for plan in claims:
        same = plan.speaker == claim.speaker and plan.subject == claim.subject
        if same and plan.status in PROMISES and set(plan.about.others) & set(claim.about.others):
            return replace(claim, answers=plan.id)
    return claim


def _dated_by_neighbour(claims: list[Claim], at: int) -> Claim:
    """What follows a dated call in the next words, by the same speaker, is of the same day."""
    claim = claims[at]
    before = claims[at - 1] if at else None
    if before is None or claim.event_date or claim.window or claim.subject not in MEETINGS:
        return claim
    if before.speaker != claim.speaker or before.subject != claim.subject:
        return claim
    if claim.status != before.status or not before.event_date:
        return claim
    told = claim.said_at is not None and claim.said_on != day_of(claim.said_at)
    said_on = claim.said_on if told else before.said_on
    return replace(claim, event_date=before.event_date, said_on=said_on)


def _marked_cut(claim: Claim, claims: list[Claim], text: str) -> Claim:
    """A quotation that stands elsewhere with more of its sentences was cut here."""
    if claim.quote_form != "direct":
        return claim
    own = _quotation(claim, claims, text)
    for other in claims:
        direct = other is not claim and other.quote_form == "direct"
        same = other.speaker == claim.speaker and _letters(other) == _letters(claim)
        if direct and same and _quotation(other, claims, text) > own:
            return replace(claim, quote_form="cut")
    return claim


def _quotation(claim: Claim, claims: list[Claim], text: str) -> int:
    """How many claims stand quoted in the same line."""
    line = _line(claim, text)
    return sum(
        other.quote_form in ("direct", "cut") and _line(other, text) == line for other in claims
    )


def _line(claim: Claim, text: str) -> int:
    return text.count("\n", 0, claim.span.start if claim.span else 0)


def _letters(claim: Claim) -> str:
    return re.sub(r"\W", "", claim.text).casefold()
