"""What goes otherwise at the line: papers in hand, words changed, extras, people withdrawn.

One code says that a person did not cross; the reason is sealed, and no name is in any entry.
"""

from __future__ import annotations

import json
import secrets
from typing import Any

from homeward.office.desk import Call, Desk, refused, verb
from homeward.office.line import act, reason_part, says, step_sheet
from homeward.office.models import Handle
from homeward.office.papers import links_of, links_to_own
from homeward.office.planning import plan_authors
from homeward.record import Draft, Part
from homeward.terms.kernel import Kind, Transfer


@verb("sheet")
def papers_in_hand(desk: Desk, call: Call) -> dict[str, Any]:
    """What this side's officers at the line have on paper: its own lists' ids beside the codes."""
    entry, _ = step_sheet(desk, call.number("step"))
    held = dict(Handle.objects.values_list("handle", "held_id"))
    sought = links_to_own(desk)
    rows = []
    for row in json.loads(desk.part(entry))["transfers"]:
        own = {"held_id": held[row["list_handle"]]} if row["list_handle"] in held else {}
        if row["list_handle"] in sought:
            own["sought_id"] = sought[row["list_handle"]]
        rows.append({**row, **own})
    return {"rows": rows}


@verb("take-back")
def take_back(desk: Desk, call: Call) -> dict[str, Any]:
    """The holder corrects its own word: those it signed as released were not released."""
    _, opened = step_sheet(desk, call.number("step"))
    wanted = set(call.body.get("handles", ()))
    chosen = [t for t in opened.transfers if t.handle in wanted and t.sender == desk.name]
    drafts = [
        act(desk, "not-released", t, parts=reason_part(desk, call, t.handle))
        for t in chosen
        if not says(desk, "not-released", t.handle)
    ]
    desk.append(call, drafts)
    return {"not-released": len(drafts)}


@verb("extra")
def extra(desk: Desk, call: Call) -> dict[str, Any]:
    """The receiver signs for somebody who was on no sheet; ``instead`` names whom they came for."""
    number = call.number("step")
    entry, opened = step_sheet(desk, number)
    kind = Kind.parse(call.text("class"))
    due = next((t for t in opened.transfers if t.handle == call.body.get("instead")), None)
    sender = due.sender if due else call.text("from")
    handle = str(call.body.get("handle") or secrets.token_hex(16))
    if desk.entries("received", author=desk.name, handle=handle):
        return {"handle": handle}
    arrived = Transfer(
        handle=handle,
        sender=sender,
        to=desk.name,
        kind=Kind(kind.category, kind.state, "extra"),
        stage=int(entry.stage or 0),
        step=number,
    )
    drafts = []
    prior = None
    if due is not None:
        ledger = desk.open_crossing().ledger
        prior = next((e.hash for e in ledger.said(due.handle, sender, "released")), None)
        if not says(desk, "not-received", due.handle):
            drafts.append(act(desk, "not-received", due))
    drafts.append(act(desk, "received", arrived, prior=prior))
    desk.append(call, drafts)
    return {"handle": handle}


# What its author may take back by a correction; every other kind has an act of its own for that.
CORRECTABLE = {
    *("released", "not-released", "received", "not-received", "conceded", "unreceipted-accepted"),
    *("in-safety", "home-confirmed", "counted", "statement-recorded"),
    *("promise-made", "promise-kept", "promise-withdrawn", "safe-conduct"),
}


@verb("correct")
def correct(desk: Desk, call: Call) -> dict[str, Any]:
    """Take back an own entry by its hash; the right fact is then signed anew."""
    named = call.text("entry")
    found = [e for held in desk.by_kind.values() for e in held if e.hash == named]
    if not found or found[0].author != desk.name:
        raise refused("office.not-your-entry", "correct", expected="the hash of an own entry")
    wrong = found[0]
    if wrong.kind not in CORRECTABLE:
        raise refused(
            "office.not-correctable",
            "correct",
            value=wrong.kind,
            expected=", ".join(sorted(CORRECTABLE)),
            hint="an order is undone by not-released, a suspension by a resumption",
        )
    if not desk.entries("correction", author=desk.name, prior=named):
        about = {
            name: getattr(wrong, name)
            for name in ("stage", "step", "sender", "to", "cls", "handle")
        }
        desk.append(call, [Draft("correction", prior=named, **about)])
    return {"entry": named, "kind": wrong.kind}


SHEET_REFUSALS = ("missing", "differs", "unreadable")


@verb("refuse-sheet")
def refuse_sheet(desk: Desk, call: Call) -> dict[str, Any]:
    """Sign that a step's sheet is missing here, not what was agreed, or cannot be read."""
    number, why = call.number("step"), call.text("why")
    if why not in SHEET_REFUSALS:
        raise refused(
            "office.unknown-reason", "why", value=why[:40], expected=", ".join(SHEET_REFUSALS)
        )
    found = [
        e
        for e in desk.entries("step-sheet", step=number)
        if e.author in plan_authors(desk, e.stage)
    ]
    if not found:
        raise refused("office.no-sheet", f"step {number}", expected="a sheet that was announced")
    drafts = []
    for entry in found:
        if desk.entries("body-held", author=desk.name, prior=entry.hash):
            raise refused(
                "office.sheet-held",
                f"step {number}",
                expected="a sheet that this office has not signed for",
                hint="a sheet never changes: have its people signed as not released instead",
            )
        if not desk.entries("body-refused", author=desk.name, prior=entry.hash):
            part = Part("why", why.encode(), desk.sides())
            drafts.append(
                Draft(
                    "body-refused",
                    stage=entry.stage,
                    step=number,
                    prior=entry.hash,
                    parts=(part,),
                )
            )
    desk.append(call, drafts)
    return {"step": number, "refused": len(found)}


@verb("withdraw")
def withdraw(desk: Desk, call: Call) -> dict[str, Any]:
    """Take people this side holds off the lines to plan with; no reason is given to anybody."""
    own = set(Handle.objects.values_list("handle", flat=True))
    wanted = sorted(set(call.body.get("list_handles", ())))
    if not set(wanted) <= own:
        raise refused("office.not-held-here", "withdraw", expected="handles this office minted")
    gone = {
        h for e in desk.entries("objections", author=desk.name) for h in json.loads(desk.part(e))
    }
    fresh = [handle for handle in wanted if handle not in gone]
    if fresh:
        text = json.dumps(fresh)
        part = Part("withdrawn", text.encode(), desk.sides())
        desk.append(call, [Draft("objections", parts=(part,))])
    return {"withdrawn": len(fresh)}


@verb("object")
def object_to(desk: Desk, call: Call) -> dict[str, Any]:
    """Say of people whom a holder answered with that they are not those this side looks for.

    They are taken off the lines to plan with, as if their holder had withdrawn them. A reason is
    sealed to the holder alone.
    """
    given = {
        handle: entry.author
        for entry in desk.entries("replies", to=desk.name)
        for handle in links_of(desk, entry)
    }
    wanted = set(call.body.get("list_handles", ()))
    if not wanted <= set(given):
        raise refused("office.not-answered-here", "object", expected="handles this side was given")
    said = {
        h for e in desk.entries("objections", author=desk.name) for h in json.loads(desk.part(e))
    }
    drafts = []
    for holder in sorted({given[handle] for handle in wanted - said}):
        fresh = sorted(handle for handle in wanted - said if given[handle] == holder)
        parts = [Part("withdrawn", json.dumps(fresh).encode(), desk.sides())]
        if call.body.get("reason"):
            parts.append(Part("reason", call.text("reason").encode(), (desk.name, holder)))
        drafts.append(Draft("objections", to=holder, parts=tuple(parts)))
    desk.append(call, drafts)
    return {"objected": len(wanted - said)}
