"""What goes otherwise at the line: words changed or taken back, extras, sheets not as agreed."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render

from homeward.office.accesses import note_access
from homeward.office.desk import Desk
from homeward.office.exceptions import CORRECTABLE, SHEET_REFUSALS
from homeward.office.line import open_held_sheets, says
from homeward.office.pages.crossing import reasons_given, sheet_rows
from homeward.office.pages.frame import do, now, officer_of, page, tell
from homeward.office.pages.standing import terms_or_none, wording
from homeward.office.pages.tongue import language
from homeward.office.process import desk
from homeward.record import Entry
from homeward.terms.kernel import Kind, Step

_STATES = ("living", "remains")


@page("crossing")
def otherwise(request: HttpRequest, number: int) -> HttpResponseBase:
    """Everything that may be signed when a step does not go as its sheet says."""
    at = desk()
    at.open_crossing()
    if at.role == "side":
        open_held_sheets(at)
    if request.method == "POST":
        _sign(request, number)
        return redirect("otherwise", number)
    if not at.entries("step-sheet", step=number):
        raise Http404
    shown: dict[str, Any] = {"number": number, "refusals": SHEET_REFUSALS}
    sheet = at.open_crossing().sheet(number)
    if sheet is not None and at.name in sheet.sides():
        shown |= _of_people(request, at, sheet)
    shown["may_refuse"] = at.role == "side" and _not_answered(at, number)
    shown["own_words"] = _own_words(at, number, shown.get("rows", ()))
    return render(request, "office/otherwise.html", shown)


def _not_answered(at: Desk, number: int) -> bool:
    """Whether a sheet of the step is neither signed for nor refused by this office."""
    own = (*at.entries("body-held", author=at.name), *at.entries("body-refused", author=at.name))
    answered = {entry.prior for entry in own}
    return any(e.hash not in answered for e in at.entries("step-sheet", step=number))


def _of_people(request: HttpRequest, at: Desk, sheet: Step) -> dict[str, Any]:
    """Those of this side's part of the sheet, by what may be said of them now."""
    rows = sheet_rows(at, sheet.number)
    note_access(officer_of(request), "sheet", now(), subject=sheet.number, count=len(rows))
    out = [row for row in rows if row["from"] == at.name]
    due = [row for row in rows if row["to"] == at.name]
    terms, words = terms_or_none(at), wording(at, language())
    return {
        "rows": rows,
        "gone": [row for row in out if says(at, "released", row["handle"])],
        "came": [row for row in due if says(at, "received", row["handle"])],
        "awaited": [row for row in due if not says(at, "received", row["handle"])],
        "givers": [(t, words.side(t)) for t in sorted({t.sender for t in sheet.transfers})],
        "categories": [(name, words.kind(name)) for name in (terms.categories if terms else ())],
        "states": _STATES,
        "me": at.name,
    }


def _own_words(at: Desk, number: int, rows: Any) -> list[dict[str, Any]]:
    """This side's own entries of the step that may be taken back, newest first."""
    named = {row["handle"]: row["name"] for row in rows}
    gone = {entry.prior for entry in at.entries("correction", author=at.name)}
    found: list[Entry] = [
        entry
        for kind in sorted(CORRECTABLE)
        for entry in at.entries(kind, author=at.name, step=number)
        if entry.hash not in gone and (not entry.handle or says(at, kind, entry.handle))
    ]
    found.sort(key=lambda entry: (-entry.epoch, -entry.seq))
    return [{"entry": entry, "name": named.get(str(entry.handle), "")} for entry in found]


def _sign(request: HttpRequest, number: int) -> None:
    """The one act that was pressed; what it leaves out, the verb itself refuses."""
    what, ticked = request.POST.get("what", ""), request.POST.getlist("handle")
    body: dict[str, Any] = {"step": number}
    if what == "take-back" and ticked:
        body |= {"handles": ticked, "reasons": reasons_given(request, ticked)}
        do(request, "take-back", **body)
    elif what == "not-here" and ticked:
        body |= {"handles": [], "except": ticked}
        do(request, "received", **body)
    elif what == "correct":
        do(request, "correct", entry=request.POST.get("entry", ""))
    elif what == "refuse":
        do(request, "refuse-sheet", step=number, why=request.POST.get("why", ""))
    elif what == "extra":
        _sign_extra(request, number)


def _sign_extra(request: HttpRequest, number: int) -> None:
    """Somebody who is on no sheet: from whom, of what kind, and whom they came for, if anybody."""
    state = request.POST.get("state", "")
    kind = Kind(request.POST.get("category", ""), state if state in _STATES else "living")
    terms = terms_or_none(desk())
    if terms is None or kind.category not in terms.categories:
        return
    body: dict[str, Any] = {"step": number, "class": str(kind)}
    instead = request.POST.get("instead", "")
    body |= {"instead": instead} if instead else {"from": request.POST.get("from", "")}
    done = do(request, "extra", **body)
    if done:
        tell(request, "told.extra", handle=done["handle"])
