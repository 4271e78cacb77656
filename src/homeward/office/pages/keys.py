"""Officers' keys: one is revoked by two others; after a new log, who is still here is counted."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render

from homeward.office.accesses import note_access
from homeward.office.accountmodels import Account
from homeward.office.beginning import revoked_officers, signing_officers
from homeward.office.desk import Desk
from homeward.office.line import open_held_sheets
from homeward.office.pages.crossing import sheet_rows
from homeward.office.pages.frame import do, now, officer_of, page
from homeward.office.process import desk
from homeward.office.resuming import is_unchecked, opening_entry
from homeward.record.certificate import OFFICERS


@page("keys", level="sign")
def keys(request: HttpRequest) -> HttpResponseBase:
    """Every officer's key, whose account signs with it, and a form that revokes one."""
    at = desk()
    if request.method == "POST":
        if request.POST.get("what") == "confirm":
            do(request, "confirm-log", side=request.POST.get("side", ""))
        else:
            do(request, "revoke-officers", without=[request.POST.get("officer", "")])
        return redirect("keys")
    own, signing = officer_of(request).officer, signing_officers(at)
    held = Account.objects.filter(active=True).exclude(officer="")
    accounts = dict(held.values_list("officer", "name"))
    revoked = revoked_officers(at)
    shown = {
        "met": at.exchange,
        "officers": [(one, accounts.get(one, ""), one in revoked) for one in at.keys.officers],
        "choices": [one for one in signing if one != own] if len(signing) > OFFICERS else [],
        "begun": at.exchange is not None and is_unchecked(at, at.name),
        "unconfirmed": _unconfirmed(at),
    }
    return render(request, "office/keys.html", shown)


def _unconfirmed(at: Desk) -> list[str]:
    """At a neutral: the sides in a new log that this office has not signed for."""
    if at.exchange is None or at.role != "neutral":
        return []
    signed = {entry.prior for entry in at.entries("body-held", author=at.name)}
    sides = [side for side in at.sides() if is_unchecked(at, side)]
    return [side for side in sides if opening_entry(at, side).hash not in signed]


@page("crossing", level="sign")
def count(request: HttpRequest) -> HttpResponseBase:
    """After a new log: who of this side's people on the sheets is still here, by two officers."""
    at = desk()
    opening_entry(at)
    if request.method == "POST":
        heads = request.POST.get("heads", "")
        present = sorted(request.POST.getlist("handle"))
        do(request, "counted", present=present, count=int(heads) if heads.isdecimal() else -1)
        return redirect("crossing")
    open_held_sheets(at)
    steps: list[dict[str, Any]] = []
    for number in at.open_crossing().steps():
        rows = [row for row in sheet_rows(at, number) if row["outgoing"]]
        steps += [{"number": number, "rows": rows}] if rows else []
    looked_at = sum(len(one["rows"]) for one in steps)
    note_access(officer_of(request), "sheet", now(), count=looked_at)
    return render(request, "office/count.html", {"steps": steps})
