"""The claims desk and the promises: what was said in public, judged by the record alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render

from homeward.claims import Known, Statement, commitments, judge, read_claims
from homeward.crossing import position as fold_position
from homeward.dates import parse_instant
from homeward.office.desk import Desk
from homeward.office.founding import agreed_annexes, agreed_terms
from homeward.office.pages.frame import do, now, page
from homeward.office.pages.standing import entries_of, since, terms_or_none
from homeward.office.pages.tongue import clock_zone, language
from homeward.office.process import desk
from homeward.problem import Problem, Refused
from homeward.terms.kernel import Position

_SPOKEN = ("en", "uk", "ru")
_LONGEST = 200_000


@page("claims")
def claims(request: HttpRequest) -> HttpResponseBase:
    """A text, when it was said and in which language; then every claim in it with its verdict."""
    at = desk()
    given = {name: request.POST.get(name, "") for name in ("text", "said_at", "spoken")}
    given["text"] = given["text"].replace("\r\n", "\n")
    shown: dict[str, Any] = {"given": given, "spoken": _SPOKEN, "zone": str(clock_zone())}
    shown["in_force"] = terms_or_none(at) if at.exchange else None
    shown["recorded"] = [
        {"entry": e, "since": since(at, e)} for e in at.by_kind.get("statement-recorded", ())
    ]
    if request.method == "POST" and request.POST.get("word") == "record":
        do(request, "statement", "told.recorded", text=given["text"])
        return redirect("claims")
    if request.method == "POST":
        try:
            shown["judged"] = _judged(at, given)
        except Refused as refused:
            shown["found"] = refused.problems
            return render(request, "office/claims.html", shown, status=422)
    return render(request, "office/claims.html", shown)


def _judged(at: Desk, given: dict[str, str]) -> list[dict[str, Any]]:
    terms = agreed_terms(at)
    said_at = _said_at(given["said_at"])
    if not given["text"].strip() or len(given["text"]) > _LONGEST:
        raise Refused([Problem("office.missing-field", "text", expected="a text to read")])
    if given["spoken"] not in _SPOKEN:
        raise Refused([Problem("office.language-unknown", "language", expected=", ".join(_SPOKEN))])
    context = {side: _names(terms.parties[side]) for side in terms.sides}
    found = read_claims(given["text"], said_at=said_at, lang=given["spoken"], context=context)
    known = _known(at, now())
    rows = []
    for claim in found:
        then, later = judge(claim, known.until(said_at)), judge(claim, known)
        rows.append(
            {
                "words": given["text"][claim.span.start : claim.span.end]
                if claim.span
                else claim.text,
                "speaker": claim.speaker.say(language()),
                "as_said": then.verdict,
                "as_known": later.verdict,
                "why": later.why.say(language()),
                "flags": later.flags,
            }
        )
    return rows


def _names(said: str | Mapping[str, str]) -> list[str]:
    return [said] if isinstance(said, str) else list(said.values())


def _said_at(text: str) -> datetime:
    """The instant in the office's zone, as a form gives it."""
    try:
        local = datetime.fromisoformat(text)
    except ValueError as error:
        expected = "a day and an hour"
        raise Refused([Problem("office.no-clock", "said_at", text[:40], expected)]) from error
    return local if local.tzinfo else parse_instant(local.replace(tzinfo=clock_zone()).isoformat())


def _known(at: Desk, until: datetime) -> Known:
    terms = agreed_terms(at)
    annexes = tuple(annex for annex, _ in agreed_annexes(at).values())
    return Known(terms, annexes, position_at(at), until, (), _agreed(at), clock_zone())


def _agreed(at: Desk) -> list[tuple[datetime, str]]:
    """What was made final when, as far as another party countersigned it."""
    found = []
    for kind, name in (("terms-proposed", "terms"), ("annex-proposed", "stage {}")):
        for proposal in at.entries(kind):
            for final in at.entries("final", prior=proposal.hash):
                when = since(at, final)
                if when is not None:
                    found.append((when, name.format(proposal.stage)))
    return found


def position_at(at: Desk) -> Callable[[datetime], Position]:
    """The position from what another party had countersigned by an instant."""
    terms, sides = terms_or_none(at), at.sides()
    seen = [(since(at, entry), entry) for entry in entries_of(at)]

    @lru_cache(maxsize=64)
    def position(instant: datetime) -> Position:
        held = [entry for when, entry in seen if when is not None and when <= instant]
        return replace(fold_position(held, sides=sides, terms=terms), as_of=instant.isoformat())

    return position


@page("promises")
def promises(request: HttpRequest) -> HttpResponseBase:
    """What the agreement owes, obligation by obligation; what was said in public stands beside."""
    at = desk()
    shown: dict[str, Any] = {"in_force": terms_or_none(at) if at.exchange else None}
    if shown["in_force"]:
        terms = agreed_terms(at)
        spoken = language()
        annexes = [annex for annex, _ in agreed_annexes(at).values()]
        heard: tuple[Statement, ...] = ()
        found = commitments(
            heard, terms, annexes, position_at(at), now(), agreed=_agreed(at), zone=clock_zone()
        )
        shown["rows"] = [
            {
                "by": ", ".join(terms.name(side, spoken) for side in one.owed_by),
                "what": terms.category_name(one.what, spoken)
                if one.what in terms.categories
                else "",
                "since": one.since,
                "state": one.state,
                "why": one.why.say(spoken),
                "done": one.done,
                "of": one.of,
            }
            for one in found
        ]
    return render(request, "office/promises.html", shown)
