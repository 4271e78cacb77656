"""What is said in public is written down here, and moves nothing."""

from __future__ import annotations

from typing import Any

from homeward.office.desk import Call, Desk, sha256, verb
from homeward.record import Draft, Part


@verb("statement")
def statement(desk: Desk, call: Call) -> dict[str, Any]:
    """Record a public statement: outside the fold, so the position is the same without it."""
    text = call.text("text")
    digest = sha256(text)
    if not desk.entries("statement-recorded", author=desk.name, digest=digest):
        part = Part("statement", text.encode(), desk.parties())
        desk.append(call, [Draft("statement-recorded", digest=digest, parts=(part,))])
    return {"digest": digest}
