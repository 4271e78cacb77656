"""The verdict on a claim, as it was said and as is known at a later horizon."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any

from homeward.claims.agreeing import judge_agreement
from homeward.claims.happening import judge_event
from homeward.claims.known import Agreed, Known, PositionAt, SomeTerms
from homeward.claims.model import Claim, Judged, Statement, Verdict, Why
from homeward.claims.promises import judge_promise

OPINIONS = frozenset({"assessed", "called"})
POSITIONS = frozenset({"demanded", "refused", "accused", "proposed", "offered", "no_comment"})
PROMISES = frozenset({"planned", "promised", "announced", "ready"})
CONTEXT = frozenset({"background", "source"})
EVENTS = frozenset({"exchange", "remains"})
# Days before the first stage from which an exchange told of is another one.
LONG_BEFORE = 180


def judge(claim: Claim, known: Known) -> Verdict:
    """The verdict from what ``known`` allows at ``known.at``.

    Numbers are compared only where the claim's side, unit and category are understood.
    """
    if claim.status in OPINIONS:
        return Verdict("opinion", Why.of("opinion", speaker=claim.speaker))
    if claim.status in POSITIONS:
        return Verdict("position", Why.of("position", speaker=claim.speaker))
    if claim.subject in CONTEXT:
        return Verdict("background", Why.of("background"))
    if claim.subject in EVENTS and _of_another_time(claim, known):
        return Verdict("background", Why.of("background"))
    if claim.status == "conditional":
        return Verdict("not_checkable", Why.of("conditional"))
    if claim.subject == "comparison":
        return Verdict("not_checkable", Why.of("comparison"))
    if claim.status in PROMISES:
        return _blocked(claim, known) or judge_promise(claim, known)
    verdict = _blocked(claim, known) or _judge_fact(claim, known)
    return _flagged(verdict, claim, known)


def _of_another_time(claim: Claim, known: Known) -> bool:
    """Whether an article tells of an exchange long before the first stage: an earlier one."""
    starts = [annex.window[0].date() for annex in known.annexes if annex.window]
    if claim.span is None or claim.event_date is None or not starts:
        return False
    return (min(starts) - claim.event_date.last()).days > LONG_BEFORE


def _judge_fact(claim: Claim, known: Known) -> Verdict:
    agreed = claim.status in ("agreed", "not_agreed")
    if claim.subject == "agreement" or (agreed and claim.subject in EVENTS):
        return judge_agreement(claim, known)
    if claim.subject in EVENTS:
        return judge_event(claim, known)
    return _outside(claim)


def _outside(claim: Claim) -> Verdict:
    """Calls, talks, venues, casualties: the record is not about them."""
    if claim.status == "asserted" or claim.role == "press":
        return Verdict("not_checkable", Why.of("outside_record"))
    why = Why.of("word_only", speaker=claim.speaker)
    return Verdict("one_side_only", why, (), ("word_of_one",))


def _blocked(claim: Claim, known: Known) -> Verdict | None:
    """No verdict on a number whose side, unit or category is not understood."""
    for count in claim.counts:
        if count.unit != "persons":
            return Verdict("not_checkable", Why.of("unit", count=count.n), (), ("unit_unknown",))
        if claim.subject not in (*EVENTS, "agreement"):
            continue
        sides = {count.sender, count.to} - {None}
        if count.counting == "unknown" or not sides <= set(known.terms.sides):
            return Verdict("not_checkable", Why.of("side", count=count.n), (), ("side_unknown",))
        if known.resolve(count.category) is None:
            why = Why.of("category", count=count.n, category=count.category)
            return Verdict("not_checkable", why, (), ("category_unknown",))
    return None


def _flagged(verdict: Verdict, claim: Claim, known: Known) -> Verdict:
    """Adds what a reader should know beside the verdict."""
    flags = list(verdict.flags)
    if not claim.sure:
        flags.append("unsure")
    if claim.category and claim.subject in EVENTS and not claim.counts:
        covered = known.resolve(claim.category)
        if covered is None or set(covered) != set(known.terms.categories):
            flags.append("category_imprecise")
    return Verdict(verdict.verdict, verdict.why, verdict.evidence, tuple(dict.fromkeys(flags)))


def judge_statement(
    statement: Statement,
    terms: SomeTerms,
    annexes: Sequence[Any],
    position_at: PositionAt,
    known_at: datetime,
    *,
    agreed: Agreed | None = None,
    statements: Sequence[Statement] = (),
    zone: tzinfo | None = None,
) -> tuple[Judged, ...]:
    """Each claim's two verdicts; none where the statement was not yet known at ``known_at``.

    ``position_at(instant)`` is what was countersigned at or before the instant; ``agreed`` what was
    countersigned when (``"terms"``, ``"stage 2"``). Other ``statements`` are compared, never
    counted: the position is the same with and without them.
    """
    if max(statement.said_at, statement.known_at) > known_at:
        return ()
    heard = tuple(s for s in statements if s.known_at <= known_at)
    later = Known(terms, tuple(annexes), position_at, known_at, heard, agreed, zone)
    said_before = tuple(s for s in statements if s.said_at <= statement.said_at)
    then = Known(terms, tuple(annexes), position_at, statement.said_at, said_before, agreed, zone)
    return tuple(
        Judged(claim, judge(claim, then), judge(claim, later)) for claim in statement.claims
    )
