"""Promises and plans: kept, partly kept, lapsed or still open; and everything that is owed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, tzinfo
from typing import Any

from homeward.claims.known import Agreed, Known, PositionAt, Scope, SomeTerms, signed
from homeward.claims.lists import CLAUSE
from homeward.claims.model import Claim, Commitment, Count, Statement, Verdict, Why, Window, Words
from homeward.claims.tallies import Tally, cells, recorded

PROMISES = frozenset({"planned", "promised", "announced", "ready"})
EVENTS = frozenset({"exchange", "remains"})
DONE = frozenset({"completed", "confirmed"})
# What only those do of whom it is said; exchanges are carried out by the sides alone.
OF_ONES_OWN = frozenset({"call", "meeting", "talks", "list", "mediation"})
STATES = {"kept": "kept", "partly_kept": "partly", "lapsed": "lapsed"}


def judge_promise(claim: Claim, known: Known) -> Verdict:
    """Pending, kept, partly kept or lapsed.

    An open-ended promise is never overdue. Silence about a thing outside the record proves
    nothing: once its time has passed it cannot be checked.
    """
    gone = _withdrawn(claim, known)
    if gone:
        return Verdict("lapsed", Why.of("withdrawn"), (f"claim:{gone}",))
    if claim.subject in EVENTS:
        return _by_record(claim, known)
    if claim.subject == "agreement" and known.terms_agreed() is not None:
        return Verdict("kept", Why.of("is_agreed"), ("terms",))
    return _by_outcome(claim, known)


def _withdrawn(claim: Claim, known: Known) -> str:
    """The id of the claim by which the same speaker took the promise back."""
    for other in _answers(claim, known):
        same = other.speaker == claim.speaker or (other.party and other.party == claim.party)
        if same and other.status in ("cancelled", "refused"):
            return other.id
    return ""


def _answers(claim: Claim, known: Known) -> list[Claim]:
    return _answers_to(claim.id, known)


def _answers_to(name: str, known: Known) -> list[Claim]:
    """What was heard by now of the outcome of a claim, or of a clause of the terms."""
    return [
        other
        for statement in known.statements
        for other in statement.claims
        if other.answers == name
    ]


def _by_outcome(claim: Claim, known: Known) -> Verdict:
    """Calls, meetings, proposals: another claim has to say what came of it."""
    done = [other for other in _answers(claim, known) if other.status in DONE]
    if not done:
        window = known.event_window(claim) or claim.window
        if window and window.end and window.end <= known.at:
            return Verdict("not_checkable", Why.of("nothing_heard"))
        return Verdict("pending", Why.of("open_promise"))
    said = {name for other in done for name in other.about.others}
    evidence = tuple(f"claim:{other.id}" for other in done)
    alone = ("word_of_one",) if len({other.speaker for other in done}) == 1 else ()
    if set(claim.about.others) <= said:
        return Verdict("kept", Why.of("outcome", speaker=done[0].speaker), evidence, alone)
    return Verdict("partly_kept", Why.of("drift"), evidence, alone)


def _by_record(claim: Claim, known: Known) -> Verdict:
    """An exchange to come: what crossed after the words, and within their window."""
    window = known.event_window(claim) or claim.window
    count = claim.counts[0] if claim.counts else _somebody(claim)
    if known.resolve(count.category) is None or count.counting == "unknown":
        return Verdict("not_checkable", Why.of("side", count=count.n), (), ("side_unknown",))
    closes = window.end if window else None
    tally = _crossed_since(claim, known, count, window)
    evidence = cells(tally, Scope(None, None, known.at))
    over = closes is not None and closes <= known.at
    numbers = {"count": count.n, "done": sum(tally.numbers)}
    if tally.fits():
        return Verdict("kept", Why.of("crossed_since", **numbers), evidence)
    if any(tally.numbers) and over:
        return Verdict("partly_kept", Why.of("partly_crossed", **numbers), evidence)
    if over:
        return Verdict("lapsed", Why.of("window_closed"), evidence)
    return Verdict("pending", Why.of("open_promise"), evidence)


def _somebody(claim: Claim) -> Count:
    state = "remains" if claim.subject == "remains" else "living"
    return Count(1, bound="at_least", counting="in_total", state=state)


def _crossed_since(claim: Claim, known: Known, count: Count, window: Window | None) -> Tally:
    """Persons signed for by both since the promise was due to start, in the stages it means."""
    ends = known.at if window is None or window.end is None else min(known.at, window.end)
    begins = claim.said_at or known.at
    if window is not None:
        begins = window.start if _day_named(claim) else max(begins, window.start)
    stages = _stages_meant(claim, known, window)
    since = None if stages is not None and _day_named(claim) else min(begins, ends)
    return recorded(known, count, Scope(stages, since, ends), ends)


def _day_named(claim: Claim) -> bool:
    """A promise for a named day is kept by what crossed on it, be it before the words."""
    return claim.event_date is not None and not claim.about.further


def _stages_meant(claim: Claim, known: Known, window: Window | None) -> tuple[int, ...] | None:
    """The stages in the window; for "further" releases those that begin after the words.

    None where the annexes carry no windows: then the record's growth since then is counted.
    """
    timed = [(annex.stage, annex.window) for annex in known.annexes if annex.window]
    if not timed or len(timed) < len(known.annexes):
        return None
    said = claim.said_at or known.at
    return tuple(
        stage
        for stage, (begins, ends) in timed
        if (window is None or (ends > window.start))
        and (window is None or window.end is None or begins < window.end)
        and (ends > said or _day_named(claim))
        and (begins > said or not claim.about.further)
    )


def commitments(
    statements: Sequence[Statement],
    terms: SomeTerms,
    annexes: Sequence[Any],
    position_at: PositionAt,
    at: datetime,
    *,
    agreed: Agreed | None = None,
    zone: tzinfo | None = None,
) -> tuple[Commitment, ...]:
    """What is owed at ``at``: the terms' obligations first, then every promise said in public.

    A promise that several sides owe is one commitment for each of them. What is *not agreed*
    is listed with its date: it is known to be open, which is not the same as unknown.
    """
    heard = tuple(s for s in statements if max(s.said_at, s.known_at) <= at)
    known = Known(terms, tuple(annexes), position_at, at, heard, agreed, zone)
    said = [
        found
        for statement in heard
        for claim in statement.claims
        for found in _commitments_of(claim, known)
    ]
    return (*_of_terms(known), *said)


def _of_terms(known: Known) -> Iterable[Commitment]:
    since = known.terms_agreed()
    if since is None:
        return
    position = known.position_at(known.at)
    for obligation in known.terms.obligations:
        if obligation.state == "act":
            yield from _act(obligation, since, known)
        if obligation.count is None or obligation.state not in ("living", "remains"):
            continue  # what is owed without a number, or is no person, has no count to stand at
        move = (obligation.sender, obligation.to)
        categories = (obligation.category,) if obligation.category else None
        done = signed(position, move, categories=categories, state=obligation.state)
        kept = done >= obligation.count
        yield Commitment(
            id=f"clause:{obligation.id}",
            owed_by=(obligation.sender,),
            what=str(obligation.category or "persons"),
            since=since,
            word_of=Words.plain("terms"),
            state="kept" if kept else "open",
            why=Why.of("owed", done=min(done, obligation.count), of=obligation.count),
            done=done,
            of=obligation.count,
            closed_by="record" if kept else "",
        )


def _act(obligation: Any, since: datetime, known: Known) -> Iterable[Commitment]:
    """A duty to do something, such as to hold talks; its points known not to be agreed beside it.

    The record counts persons, so nothing in it closes a duty of this kind: words do that answer
    ``clause:<id>``, and they close it for the side that says or is said to have done it.
    """
    # A clause of both directions is answered for each of them, or for both by its own name.
    clause, _, direction = str(obligation.id).partition(":")
    names = (clause, f"{clause}:{direction}") if direction else (clause,)
    answers = [o for name in names for o in _answers_to(f"{CLAUSE}{name}", known)]
    for owner in sorted(obligation.senders):
        done = [o for o in answers if o.status in DONE and _speaks_of(o, owner)]
        told = Why.of("outcome", speaker=done[-1].speaker) if done else Why.of("open_promise")
        yield Commitment(
            id=f"clause:{obligation.id}:{owner}",
            owed_by=(owner,),
            what=_told(obligation.what) or obligation.id,
            since=since,
            word_of=Words.plain("terms"),
            state="kept" if done else "open",
            why=told,
            closed_by=f"claim:{done[-1].id}" if done else "",
        )
    for name, point in sorted(obligation.open.items()):
        as_of = point["as_of"].first()
        yield Commitment(
            id=f"clause:{obligation.id}:{name}",
            owed_by=tuple(sorted(obligation.senders)),
            what=_told(point.get("what")) or name,
            since=datetime.combine(as_of, time(0), since.tzinfo),
            word_of=Words.plain("terms"),
            state="not_agreed",
            why=Why.of("not_agreed", what=_told(point.get("what")) or name),
        )


def _speaks_of(claim: Claim, side: str) -> bool:
    """Whether the side says it, or somebody says it of the side, or of all without naming one."""
    named = {*claim.about.owed_by, *((claim.party,) if claim.party else ())}
    return side in named or not named


def _told(names: Any) -> str:
    """A text given once or once a language, in the first language it was written in."""
    return next(iter(names.values()), "") if isinstance(names, Mapping) else str(names or "")


def _commitments_of(claim: Claim, known: Known) -> Iterable[Commitment]:
    if claim.status == "not_agreed":
        return _rows(claim, "not_agreed", Why.of("not_agreed", what=claim.about.what), ())
    owed_by_word = claim.status == "agreed" and claim.about.owed_by
    if owed_by_word:
        return _settled_by_answers(claim, known)
    if claim.status not in PROMISES:
        return ()
    verdict = judge_promise(claim, known)
    state = STATES.get(verdict.verdict, "open")
    if verdict.why.key == "withdrawn":
        state = "withdrawn"
    return _rows(claim, state, verdict.why, verdict.evidence if state != "open" else ())


def _settled_by_answers(claim: Claim, known: Known) -> Iterable[Commitment]:
    """A duty that several owe is kept by each when a claim by or about that one says so."""
    for row in _rows(claim, "open", Why.of("open_promise"), ()):
        done = [
            other
            for other in _answers(claim, known)
            if other.status in DONE and set(row.owed_by) & {other.party, *other.about.owed_by}
        ]
        if not done:
            yield row
            continue
        yield from (
            found
            for found in _rows(
                claim,
                "kept",
                Why.of("outcome", speaker=done[0].speaker),
                (f"claim:{done[0].id}",),
            )
            if found.id == row.id
        )


def _rows(claim: Claim, state: str, why: Why, closed_by: tuple[str, ...]) -> tuple[Commitment, ...]:
    """One commitment, or one for each of several who owe it; none of them where nobody is named."""
    owners: list[tuple[str, ...]] = [(owner,) for owner in sorted(_who_owes(claim))] or [()]
    assert claim.said_at is not None
    return tuple(
        Commitment(
            id=claim.id if len(owners) == 1 else f"{claim.id}:{owner[0]}",
            owed_by=owner,
            what=claim.about.what or claim.subject,
            since=claim.said_at,
            word_of=claim.speaker,
            state=state,
            why=why,
            window=claim.window,
            closed_by=", ".join(closed_by),
        )
        for owner in owners
    )


def _who_owes(claim: Claim) -> tuple[str, ...]:
    """Whom the words bind: those named, the side that speaks, or a third who speaks of their own
    doings. A report that tells of an exchange to come owes nothing, and names nobody who does."""
    if claim.about.owed_by or claim.party:
        return claim.about.owed_by or ((claim.party,) if claim.party else ())
    own = claim.role == "third" and (claim.status == "promised" or claim.subject in OF_ONES_OWN)
    return (str(claim.speaker),) if own else ()
