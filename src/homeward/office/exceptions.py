"""What goes otherwise at the line: papers in hand, words changed, extras, people withdrawn.

One code says that a person did not cross; the reason is sealed, and no name is in any entry.
"""

from __future__ import annotations

import json
import secrets
from typing import Any

from homeward.office.desk import Call, Desk, refused, verb
from homeward.office.line import act, reason_part, step_sheet
from homeward.office.models import Handle
from homeward.office.papers import links_to_own
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
    standing = {e.handle for e in desk.entries("not-released", author=desk.name)}
    drafts = [
        act(desk, "not-released", t, parts=reason_part(desk, call, t.handle))
        for t in chosen
        if t.handle not in standing
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
        prior = next((e.hash for e in desk.entries("released", handle=due.handle)), None)
        drafts.append(act(desk, "not-received", due))
    drafts.append(act(desk, "received", arrived, prior=prior))
    desk.append(call, drafts)
    return {"handle": handle}


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
