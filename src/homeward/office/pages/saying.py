"""The claims desk: what was said in public, judged by the record alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render

from homeward.claims import judge, read_claims
from homeward.claims.model import Why, Words
from homeward.dates import parse_instant
from homeward.office.desk import Desk
from homeward.office.founding import agreed_terms
from homeward.office.pages.frame import do, now, page
from homeward.office.pages.knowing import known_at
from homeward.office.pages.standing import names_of, since, terms_or_none
from homeward.office.pages.tongue import Tongue, clock_zone, language
from homeward.office.process import desk
from homeward.problem import Problem, Refused

SPOKEN = ("en", "uk", "ru", "ar", "he")
LONGEST = 200_000


@page("claims")
def claims(request: HttpRequest) -> HttpResponseBase:
    """A text, when it was said and in which language; then every claim in it with its verdict."""
    at = desk()
    given = {name: request.POST.get(name, "") for name in ("text", "said_at", "spoken")}
    given["text"] = given["text"].replace("\r\n", "\n")
    shown: dict[str, Any] = {"given": given, "spoken": SPOKEN, "zone": str(clock_zone())}
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
    if not given["text"].strip() or len(given["text"]) > LONGEST:
        raise Refused([Problem("office.missing-field", "text", expected="a text to read")])
    if given["spoken"] not in SPOKEN:
        raise Refused([Problem("office.language-unknown", "language", expected=", ".join(SPOKEN))])
    context = {side: names_of_party(terms.parties[side]) for side in terms.sides}
    found = read_claims(given["text"], said_at=said_at, lang=given["spoken"], context=context)
    known, names = known_at(at, now()), speakers(at)
    rows = []
    for claim in found:
        then, later = judge(claim, known.until(said_at)), judge(claim, known)
        rows.append(
            {
                "words": given["text"][claim.span.start : claim.span.end]
                if claim.span
                else claim.text,
                "speaker": names.get(str(claim.speaker), claim.speaker.say(language())),
                "as_said": then.verdict,
                "as_known": later.verdict,
                "why": in_names(later.why, names),
                "flags": later.flags,
            }
        )
    return rows


def speakers(at: Desk) -> dict[str, str]:
    """How a page calls the sides and the text itself, where they are who speaks."""
    return {**names_of(at, language()), "article": Tongue(language()).say("claims.the_text")}


def in_names(why: Why, names: Mapping[str, str]) -> str:
    """Why a verdict is as it is, in the page's language, with the sides by their names."""
    values = tuple(
        (key, Words.plain(names[str(value)]))
        if isinstance(value, Words) and str(value) in names
        else (key, value)
        for key, value in why.values
    )
    return replace(why, values=values).say(language())


def names_of_party(said: str | Mapping[str, str]) -> list[str]:
    return [said] if isinstance(said, str) else list(said.values())


def _said_at(text: str) -> datetime:
    """The instant in the office's zone, as a form gives it."""
    try:
        local = datetime.fromisoformat(text)
    except ValueError as error:
        expected = "a day and an hour"
        raise Refused([Problem("office.no-clock", "said_at", text[:40], expected)]) from error
    return local if local.tzinfo else parse_instant(local.replace(tzinfo=clock_zone()).isoformat())
