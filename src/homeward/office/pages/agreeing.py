"""Terms and stage annexes: plain words beside the file, versions compared, propose, sign."""

from __future__ import annotations

import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from homeward.office.desk import Desk
from homeward.office.founding import read_annex
from homeward.office.pages.frame import asked_for, do, now, page
from homeward.office.pages.standing import proposals, terms_or_none, wording
from homeward.office.pages.tongue import Tongue, clock_zone, language
from homeward.office.process import desk
from homeward.problem import Problem, Refused
from homeward.terms import Terms, compare, read_terms, review, show

_CARD = re.compile(r"(?=^homeward-card/)", re.MULTILINE)


@page("terms", level="act")
def terms(request: HttpRequest) -> HttpResponse:
    """Every text on the table: who proposed it, who has signed it, whose turn it is."""
    at = desk()
    texts = [row for row in proposals(at) if row["kind"] != "plan"] if at.exchange else []
    # what nobody has countersigned yet is the newest
    texts.sort(key=lambda row: (row["since"] is None, row["since"] or now()))
    named = wording(at, language()) if at.exchange else None
    for row in texts:
        row["by"] = named.side(row["author"]) if named else row["author"]
    shown = {
        "met": at.exchange,
        "texts": texts[::-1],
        "in_force": terms_or_none(at) if at.exchange else None,
    }
    return render(request, "office/terms.html", shown)


@page("terms", level="act")
def meet(request: HttpRequest) -> HttpResponseBase:
    """This office's card to hand over, and the others' cards with the text on the table."""
    at = desk()
    if request.method == "POST":
        cards = _handed_in(request, "cards")
        given = [card for text in cards for card in _CARD.split(text) if card.strip()]
        body: dict[str, Any] = {"cards": given, "terms_text": _text(request, "text"), "policy": {}}
        do(request, "meet", **body)
        return redirect("terms")
    shown = {"card": at.keys.card.text, "exchange": at.exchange}
    return render(request, "office/meet.html", shown)


def _handed_in(request: HttpRequest, name: str) -> list[str]:
    """Texts typed or handed in as files, with the line ends that were signed."""
    typed = request.POST.get(name, "").replace("\r\n", "\n").strip()
    texts = [typed + "\n"] if typed else []
    texts += [
        file.read().decode("utf-8", "replace") for file in request.FILES.getlist(f"{name}_file")
    ]
    return texts


def _text(request: HttpRequest, name: str) -> str:
    texts = _handed_in(request, name)
    if not texts:
        raise Refused([Problem("office.missing-field", name, expected="a text or a file")])
    return texts[-1]


@page("terms", level="act")
def propose(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Read a text strictly, show every problem beside it, or put it on the table."""
    found: tuple[Problem, ...] = ()
    given = {name: request.POST.get(name, "") for name in ("text", "resources")}
    if request.method == "POST":
        try:
            body = {"text": _text(request, "text")}
            given["text"] = body["text"]
            if kind == "annex":
                body["resources"] = _text(request, "resources")
                given["resources"] = body["resources"]
            digest = do(request, f"propose-{kind}", "told.proposed", **body)["digest"]
            return redirect("text", digest)
        except Refused as refused:
            found = refused.problems
    shown = {"kind": kind, "found": found, **given}
    return render(request, "office/propose.html", shown, status=422 if found else 200)


@page("terms", level="sign")
def text(request: HttpRequest, digest: str) -> HttpResponseBase:
    """One text: what it says in plain words, the file itself, warnings, and the signing."""
    at = desk()
    row = next((r for r in proposals(at) if r["digest"] == digest), None) if at.exchange else None
    if row is None or row["kind"] == "plan":
        raise Http404
    if request.method == "POST":
        name = "finalise" if request.POST.get("word") == "finalise" else f"accept-{row['kind']}"
        do(request, name, digest=digest)
        return redirect("text", digest)
    whole = at.part(row["entry"]).decode()
    shown = {"row": row, "text": whole, "mine": row["author"] == at.name, "me": at.name}
    shown["asked"] = asked_for(digest)
    shown |= _plainly(at, row, whole, request.GET.get("with", ""))
    return render(request, "office/text.html", shown)


def _plainly(at: Desk, row: dict[str, Any], whole: str, other: str) -> dict[str, Any]:
    spoken = language()
    if row["kind"] == "annex":
        in_force = terms_or_none(at)
        if in_force is None:
            return {"sizes": ()}
        annex, _ = read_annex(whole, in_force)
        words = wording(at, spoken)
        sizes = [
            {
                "giver": words.side(size.sender),
                "taker": words.side(size.to),
                "what": words.kind(size.category, size.state, size.group),
                "count": size.count,
            }
            for size in annex.sizes
        ]
        return {"annex": annex, "sizes": sizes}
    terms, problems = read_terms(whole)
    if terms is None:
        return {"warnings": problems}
    versions = [r for r in proposals(at) if r["kind"] == "terms" and r["digest"] != row["digest"]]
    for one in versions:
        one["by"] = wording(at, spoken).side(one["author"])
        one["day"] = (
            one["since"].astimezone(clock_zone()).date().isoformat() if one["since"] else ""
        )
    return {
        "clauses": [emphasised(clause) for clause in show(terms, spoken)],
        "warnings": (*problems, *review(terms)),
        "versions": versions,
        "changes": _changes(at, versions, other, terms, spoken),
        "other": other,
    }


def _changes(
    at: Desk, versions: list[dict[str, Any]], other: str, terms: Terms, spoken: str
) -> list[dict[str, Any]] | None:
    """What this version means that the other did not; None where none was chosen."""
    before = next((r for r in versions if r["digest"] == other), None)
    old = read_terms(at.part(before["entry"]).decode())[0] if before else None
    if old is None:
        return None
    return [
        {"said": emphasised(change.say(spoken)), "stands_out": change.stands_out}
        for change in compare(old, terms)
    ]


def emphasised(sentence: str) -> SafeString:
    """A clause's sentence; what stands between asterisks decides how many, and is set strong."""
    numbered = Tongue(language()).marked(re.sub(r"\A\d+\.\s*", "", sentence))
    return mark_safe(re.sub(r"\*(.+?)\*", r"<em>\1</em>", str(escape(numbered))))


@page("terms")
def card(request: HttpRequest) -> HttpResponse:
    """This office's public card as a file."""
    answer = HttpResponse(desk().keys.card.text, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{desk().name}.card"'
    return answer
