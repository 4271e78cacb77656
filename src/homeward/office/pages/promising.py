"""Promises: what the agreement owes, what each side has promised, and its form for the public."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from homeward.claims import Commitment, commitments
from homeward.claims.owing import promise_report
from homeward.office.desk import Desk
from homeward.office.founding import agreed_annexes, agreed_terms
from homeward.office.pages.frame import do, now, page
from homeward.office.pages.knowing import agreed_when, position_at
from homeward.office.pages.standing import since, terms_or_none, wording
from homeward.office.pages.tongue import Tongue, clock_zone, language
from homeward.office.process import desk
from homeward.problem import Refused
from homeward.record import Entry

_ENDS = ("promise-kept", "promise-withdrawn")
_WORDS = (*_ENDS, "acknowledge-safe-conduct")


@page("promises")
def promises(request: HttpRequest) -> HttpResponseBase:
    """What the agreement owes, obligation by obligation; then every promise and safe-conduct."""
    at = desk()
    if request.method == "POST":
        _say(request)
        return redirect("promises")
    shown: dict[str, Any] = {"in_force": terms_or_none(at) if at.exchange else None}
    shown["met"] = at.exchange
    if shown["in_force"]:
        spoken, terms, tongue = language(), agreed_terms(at), Tongue(language())
        shown["rows"] = [
            {
                "by": ", ".join(terms.name(side, spoken) for side in one.owed_by)
                or tongue.spoken("claims.owed_by_nobody"),
                "what": terms.category_name(one.what, spoken)
                if one.what in terms.categories
                else "",
                "since": one.since,
                "state": one.state,
                "why": one.why.say(spoken),
                "done": one.done,
                "of": one.of,
            }
            for one in owed(at, now())
        ]
    if at.exchange:
        words = wording(at, language())
        others = [party for party in at.parties() if party != at.name]
        shown["others"] = [(party, words.side(party)) for party in others]
        shown["made"] = [_promise(at, entry) for entry in at.entries("promise-made")]
        shown["conducts"] = [_conduct(at, entry) for entry in at.entries("safe-conduct")]
    return render(request, "office/promises.html", shown)


def owed(at: Desk, when: datetime) -> tuple[Commitment, ...]:
    """What the agreement owes at an instant, as the record bears it out; raises Refused."""
    annexes = [annex for annex, _ in agreed_annexes(at).values()]
    terms, agreed = agreed_terms(at), agreed_when(at)
    return commitments((), terms, annexes, position_at(at), when, agreed=agreed, zone=clock_zone())


def _promise(at: Desk, entry: Entry) -> dict[str, Any]:
    """A promise with its words where they can be read here, and how it stands."""
    taken_back = {e.prior for e in at.entries("correction")}
    ended = [
        e for kind in _ENDS for e in at.entries(kind, prior=entry.hash) if e.hash not in taken_back
    ]
    said = {e.kind for e in ended}
    mine = entry.author == at.name
    return {
        **_spoken(at, entry),
        "state": next((kind for kind in _ENDS[::-1] if kind in said), "promise-made"),
        "ended_by": sorted({wording(at, language()).side(e.author) for e in ended}),
        "may_keep": not any(e.author == at.name for e in ended)
        and (mine or entry.to in (None, at.name)),
        "may_withdraw": mine and not said,
    }


def _conduct(at: Desk, entry: Entry) -> dict[str, Any]:
    read = at.entries("safe-conduct-acknowledged", prior=entry.hash)
    words = wording(at, language())
    return {
        **_spoken(at, entry),
        "read_by": sorted(words.side(e.author) for e in read),
        "may_read": entry.author != at.name
        and entry.to in (None, at.name)
        and not any(e.author == at.name for e in read),
    }


def _spoken(at: Desk, entry: Entry) -> dict[str, Any]:
    words = wording(at, language())
    try:
        text = at.part(entry).decode()
    except Refused:
        text = ""  # said to another party, and sealed to it
    return {
        "entry": entry,
        "text": text,
        "by": words.side(entry.author),
        "to": words.side(entry.to) if entry.to else "",
        "since": since(at, entry),
    }


def _say(request: HttpRequest) -> None:
    """A new promise or safe-conduct, or one word about another's."""
    what = request.POST.get("what", "")
    if what in ("promise", "safe-conduct"):
        body: dict[str, Any] = {"text": request.POST.get("text", "").replace("\r\n", "\n").strip()}
        body |= {"to": request.POST["to"]} if request.POST.get("to") else {}
        for name in ("stage", "step") if what == "safe-conduct" else ("stage",):
            number = request.POST.get(name, "").strip()
            body |= {name: int(number)} if number.isascii() and number.isdigit() else {}
        do(request, what, **body)
    elif what in _WORDS:
        digest, author = (request.POST.get(name, "") for name in ("digest", "author"))
        do(request, what, digest=digest, author=author)


@page("promises")
def public(request: HttpRequest) -> HttpResponse:
    """What is owed and how it stands, as a file for anybody: counts, and nobody's sealed words."""
    at = desk()
    if at.exchange is None or terms_or_none(at) is None:
        raise Http404
    when = now()
    spoken = Tongue(language()).speech
    document = {"exchange": at.exchange.id, **promise_report(owed(at, when), when).to_json(spoken)}
    text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True)
    answer = HttpResponse(f"{text}\n", content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="promises.json"'
    return answer
