"""The spokesperson's drafts: checked before they go out, and put right where they were wrong."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render

from homeward.claims import Judged, Known, judge, read_claims
from homeward.claims.desk import (
    Checked,
    Draft,
    check_draft,
    corrections,
    neutral_sentence,
    release,
)
from homeward.office.desk import Desk
from homeward.office.founding import agreed_terms
from homeward.office.pages.frame import do, now, page
from homeward.office.pages.knowing import known_at
from homeward.office.pages.saying import LONGEST, SPOKEN, in_names, names_of_party, speakers
from homeward.office.pages.standing import since, terms_or_none, wording
from homeward.office.pages.tongue import Tongue, language
from homeward.office.process import desk
from homeward.record import Entry


@page("claims")
def draft(request: HttpRequest) -> HttpResponseBase:
    """A text that this side means to publish: what it claims, and what stands against it now.

    A checked text may be laid down for all sides to read; it goes out when every side's has.
    """
    at = desk()
    in_force = terms_or_none(at) if at.exchange else None
    given = {name: request.POST.get(name, "") for name in ("text", "spoken")}
    given["text"] = given["text"].replace("\r\n", "\n")[:LONGEST]
    shown: dict[str, Any] = {"in_force": in_force, "given": given, "spoken": SPOKEN}
    if in_force is None:
        return render(request, "office/draft.html", shown)
    known = known_at(at, now(), on_the_table=True)
    if request.method == "POST":
        spoken = given["spoken"] if given["spoken"] in SPOKEN else "en"
        checked = check_draft(Draft(at.name, given["text"], spoken), known, names=_names(at))
        if request.POST.get("word") == "lay-down" and checked.may_go_out:
            do(request, "statement", "told.recorded", text=given["text"])
            return redirect("draft")
        # what a claim lacks stands beside its words; the rest is listed on top
        rest = [one for one in checked.problems if one.code != "claims.draft-refused"]
        shown |= {"checked": checked, "rest": rest, "rows": _rows(checked, speakers(at))}
    shown["neutral"] = Tongue(language()).marked(neutral_sentence(known, Tongue(language()).speech))
    shown |= _together(at, known) | {"corrections": _corrections(at, known)}
    return render(request, "office/draft.html", shown)


def _names(at: Desk) -> dict[str, list[str]]:
    terms = agreed_terms(at)
    return {side: names_of_party(terms.parties[side]) for side in terms.sides}


def _rows(checked: Checked, names: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "words": checked.draft.text[claim.span.start : claim.span.end]
            if claim.span
            else claim.text,
            "verdict": verdict.verdict,
            "why": in_names(verdict.why, names),
        }
        for claim, verdict in checked.claims
    ]


def _together(at: Desk, known: Known) -> dict[str, Any]:
    """Every side's newest text, to go out at one instant; or what is still missing or against."""
    words = wording(at, language())
    newest = {side: _newest(at, side) for side in at.sides()}
    checked = [
        check_draft(_as_draft(at, side, at.part(entry).decode(), known), known, names=_names(at))
        for side, entry in newest.items()
        if entry is not None
    ]
    texts, against = release(checked, known)
    return {
        "texts": [(words.side(side), text) for side, text in texts.items()],
        "against": against,
    }


def _as_draft(at: Desk, side: str, text: str, known: Known) -> Draft:
    """A recorded text with the language it is in: the first in which a claim is read."""
    read = (
        (spoken, read_claims(text, said_at=known.at, lang=spoken, context=_names(at)))
        for spoken in SPOKEN
    )
    return Draft(side, text, next((spoken for spoken, claims in read if claims), "en"))


def _newest(at: Desk, side: str) -> Entry | None:
    """The newest statement of a side that this office holds, if any."""
    said = at.entries("statement-recorded", author=side)
    return max(said, key=lambda entry: (entry.epoch, entry.seq), default=None)


def _corrections(at: Desk, known: Known) -> list[dict[str, Any]]:
    """A notice for every claim of this side's own statements that the record does not bear out."""
    spoken = Tongue(language()).speech
    found: list[dict[str, Any]] = []
    for entry in at.entries("statement-recorded", author=at.name):
        said_at = since(at, entry) or known.at
        said = _as_draft(at, at.name, at.part(entry).decode(), known)
        claims = read_claims(said.text, said_at=said_at, lang=said.language, context=_names(at))
        judged = [Judged(c, judge(c, known.until(said_at)), judge(c, known)) for c in claims]
        notices = corrections(judged, at.name, known.at, (spoken, "en"))
        found += [{"entry": entry, "text": notice.text.say(spoken)} for notice in notices]
    return found
