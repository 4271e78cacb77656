"""What belongs together: parts of one sentence made one claim; sides and days carried on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from homeward.claims.cues import EXCHANGE
from homeward.claims.model import Claim, Count, Span
from homeward.claims.slots import day_of
from homeward.claims.words_for import Lexicon

# What a reader takes to be of the same day, and of the same people, as the words before.
TOLD = frozenset({"completed", "under_way", "confirmed"})


def gathered(claims: list[Claim], text: str) -> list[Claim]:
    """One claim for each speaker, subject, status and day that one sentence tells.

    "So many went there, while so many came here" is one claim with two numbers.
    """
    kept: list[Claim] = []
    for claim in claims:
        at = next((n for n, other in enumerate(kept) if _same(other, claim)), None)
        if at is None:
            kept.append(claim)
        else:
            kept[at] = _joined(kept[at], claim, text)
    return kept


def _same(one: Claim, other: Claim) -> bool:
    if one.subject not in EXCHANGE or (one.subject, one.status) != (other.subject, other.status):
        return False
    if one.speaker != other.speaker or one.span is None or other.span is None:
        return False
    today = day_of(one.said_at) if one.said_at else None
    days = {c.event_date for c in (one, other)} - {today, one.said_on}
    windows = {c.window for c in (one, other)} - {None}
    return len(days - {None}) + len(windows) <= 1 and _even(one, other)


def _even(one: Claim, other: Claim) -> bool:
    """Numbers that one clause repeats of the other are second thoughts, not parts."""
    mine = {count.n for count in one.counts}
    return not mine & {count.n for count in other.counts}


def _joined(one: Claim, other: Claim, text: str) -> Claim:
    assert one.span is not None
    assert other.span is not None
    span = Span(min(one.span.start, other.span.start), max(one.span.end, other.span.end))
    today = one.said_at and day_of(one.said_at)
    dated = one if one.window or (one.event_date and one.event_date != today) else other
    shift = len(one.counts)
    slots = [*one.slots]
    for name, place in other.slots:
        if name.startswith("counts."):
            slots.append((f"counts.{int(name[7:]) + shift}", place))
    counts = (*one.counts, *other.counts)
    return replace(
        one,
        counts=counts,
        category=None if counts else one.category or other.category,
        event_date=dated.event_date,
        window=dated.window,
        places=tuple(dict.fromkeys((*one.places, *other.places))),
        span=span,
        slots=tuple(slots),
        sure=one.sure and other.sure,
        doubts=tuple(dict.fromkeys((*one.doubts, *other.doubts))),
        text=text[span.start : span.end].strip(" ,;\n"),
    )


def carried_on(claims: list[Claim], before: list[Claim], words: Lexicon) -> list[Claim]:
    """The claims of a sentence with what they take from the sentence before.

    "Among them were 20 marines" are people of the same side; "during the first stage" in a
    report of earlier days is of the day last named.
    """
    return [_on(claim, before, words) for claim in claims]


def _on(claim: Claim, before: list[Claim], words: Lexicon) -> Claim:
    if claim.subject not in EXCHANGE:
        return claim
    told = [other for other in before if other.subject == claim.subject]
    if not told:
        return claim
    last = told[-1]
    found = claim
    if words.pattern("of_those").match(claim.text.lstrip("\u201c\"'\u00ab ")):
        found = replace(found, counts=tuple(_sided_as(c, last) for c in claim.counts))
    return _dated_as(found, last, words)


def _sided_as(count: Count, last: Claim) -> Count:
    ways = {(c.sender, c.to, c.counting) for c in last.counts}
    if count.counting != "unknown" or len(ways) != 1:
        return count
    sender, to, counting = next(iter(ways))
    return replace(count, sender=sender, to=to, counting=counting) if to or sender else count


def _dated_as(claim: Claim, last: Claim, words: Lexicon) -> Claim:
    """A report of past days goes on: what has no day of its own is of the day last named."""
    if claim.role != "press" or last.role != "press" or claim.status not in TOLD:
        return claim
    if last.event_date is None or not last.event_date.day or last.status not in TOLD:
        return claim  # a month alone is too wide to go on with
    if claim.said_at is None:
        return claim
    today = day_of(claim.said_at)
    if claim.event_date != today or claim.window or last.event_date == today:
        return claim
    day = last.event_date
    if words.pattern("next_day").search(claim.text) and day.day:
        day = day_of(day.first() + timedelta(days=1))
    elif words.pattern("same_day").search(claim.text):
        return claim
    return replace(claim, event_date=day, sure=False, doubts=(*claim.doubts, "carried_over"))
