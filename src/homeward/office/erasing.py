"""Erasing sealed bodies: said first, open to a hold, signed by two officers. Every proof stands."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from homeward.dates import parse_instant
from homeward.office.desk import Call, Desk, refused, verb
from homeward.office.founding import agreed_annexes, agreed_terms
from homeward.office.models import Handle
from homeward.record import Draft, Entry, Part


@verb("intend-erasure")
def intend_erasure(desk: Desk, call: Call) -> dict[str, Any]:
    """Say that the sealed bodies of an entry will be erased here: any side may ask to wait."""
    entry = _entry(desk, call)
    if not entry.parts:
        raise refused("office.no-body", "intend-erasure", value=entry.kind, expected="a body")
    _require_over(desk, entry, call.now)
    if not desk.entries("erase-intended", author=desk.name, prior=entry.hash):
        draft = Draft("erase-intended", stage=entry.stage, prior=entry.hash)
        desk.append(call, [draft])
    return {"entry": entry.hash, "intended": _intention(desk, entry).hash}


@verb("hold-erasure")
def hold_erasure(desk: Desk, call: Call) -> dict[str, Any]:
    """Ask another party to keep a body until a day, for a reason that all parties may read."""
    entry, until = _entry(desk, call), parse_instant(call.text("until"))
    intended = desk.entries("erase-intended", prior=entry.hash)
    if not intended:
        raise _unsaid(entry)
    if until <= call.now:
        raise refused(
            "office.hold-over", "until", value=until.isoformat(), expected="an instant to come"
        )
    text = json.dumps({"until": until.isoformat(), "reason": call.text("reason")})
    said = {desk.part(e).decode() for e in desk.entries("hold", author=desk.name)}
    asked = [
        Draft("hold", stage=e.stage, prior=e.hash, parts=(Part("hold", text.encode(), readers),))
        for e in intended
        for readers in [desk.parties()]
        if text not in said
    ]
    desk.append(call, asked)
    return {"entry": entry.hash, "until": until.isoformat()}


@verb("erase")
def erase(desk: Desk, call: Call) -> dict[str, Any]:
    """Two officers sign, and the bodies of an entry are gone from here; the entry stands."""
    entry = _entry(desk, call)
    intended = _intention(desk, entry)
    if not desk.entries("erased", author=desk.name, prior=intended.hash):
        _require_over(desk, entry, call.now)
        _require_no_hold(desk, intended, call.now)
        officers = tuple(call.body.get("officers", ()))
        draft = Draft("erased", stage=entry.stage, prior=intended.hash, officers=officers)
        desk.append(call, [draft])
    for number in range(len(entry.parts)):
        desk.open_store().erase_part(entry, number)
        desk.opened.pop((entry.hash, number), None)
    if entry.kind == "replies" and entry.author == desk.name:
        Handle.objects.filter(seeker=entry.to).delete()  # who stands behind a handle goes with it
    return {"entry": entry.hash, "erased": len(entry.parts)}


def _entry(desk: Desk, call: Call) -> Entry:
    named = call.text("entry")
    for held in desk.by_kind.values():
        for entry in held:
            if entry.hash == named:
                return entry
    raise refused("office.unknown-entry", "entry", value=named[:16], expected="an entry held here")


def _unsaid(entry: Entry) -> Exception:
    return refused(
        "office.erasure-unsaid",
        entry.place,
        expected="erase-intended signed first",
        hint="others must be able to ask for a hold before anything is gone",
    )


def _intention(desk: Desk, entry: Entry) -> Entry:
    intended = desk.entries("erase-intended", author=desk.name, prior=entry.hash)
    if not intended:
        raise _unsaid(entry)
    return intended[0]


def _require_over(desk: Desk, entry: Entry, now: datetime) -> None:
    """Raise Refused while the entry's stage is open, or within the terms' time for disputes.

    An entry of no stage waits for every stage agreed.
    """
    annexes = agreed_annexes(desk)
    stages = sorted(annexes) if entry.stage is None else [entry.stage]
    closed = {(e.author, e.stage) for e in desk.entries("stage-closed")}
    unfinished = [n for n in stages if any((side, n) not in closed for side in desk.sides())]
    if unfinished or not stages:
        raise refused(
            "office.stage-not-over",
            f"stage {unfinished[0]}" if unfinished else "stages",
            expected="stage-closed of every side",
            hint="bodies are evidence while a stage is open",
        )
    days = int(agreed_terms(desk).said.get("disputes", {}).get("days", 0))
    ends = [annexes[n][0].window for n in stages if n in annexes]
    latest = max((window[1] for window in ends if window), default=None)
    if latest is not None and now < latest + timedelta(days=days):
        raise refused(
            "office.dispute-time",
            entry.place,
            value=now.isoformat(),
            expected=f"after {(latest + timedelta(days=days)).isoformat()}",
            hint=f"the terms give {days} days for disputes" if days else "the window is open",
        )


def _require_no_hold(desk: Desk, intended: Entry, now: datetime) -> None:
    taken_back = {e.prior for e in desk.entries("correction")}
    for entry in desk.entries("hold", prior=intended.hash):
        if entry.hash in taken_back:
            continue
        until = parse_instant(str(json.loads(desk.part(entry))["until"]))
        if until > now:
            raise refused(
                "office.held",
                intended.place,
                value=entry.author,
                expected=f"after {until.isoformat()}",
                hint="its reason is in the hold's sealed part",
            )
