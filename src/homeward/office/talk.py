"""What is said beside the acts: public statements, promises and safe-conducts. It moves nothing."""

from __future__ import annotations

from typing import Any

from homeward.office.desk import Call, Desk, refused, sha256, verb
from homeward.record import Draft, Entry, Part


@verb("statement")
def statement(desk: Desk, call: Call) -> dict[str, Any]:
    """Record a public statement: outside the fold, so the position is the same without it."""
    text = call.text("text")
    digest = sha256(text)
    if not desk.entries("statement-recorded", author=desk.name, digest=digest):
        part = Part("statement", text.encode(), desk.parties())
        desk.append(call, [Draft("statement-recorded", digest=digest, parts=(part,))])
    return {"digest": digest}


def _addressed(desk: Desk, call: Call) -> str | None:
    """To whom a word is said, or None for everyone; raises Refused for a stranger or oneself."""
    to = call.body.get("to")
    if to is not None and (to not in desk.parties() or to == desk.name):
        expected = ", ".join(sorted(set(desk.parties()) - {desk.name}))
        raise refused("office.unknown-party", "to", value=str(to)[:40], expected=expected)
    return to


def _say(desk: Desk, call: Call, kind: str, **where: Any) -> dict[str, Any]:
    """Sign a text once, sealed to everyone or to the one it is said to; ``digest`` names it."""
    text, to = call.text("text"), _addressed(desk, call)
    digest = sha256(text)
    if not desk.entries(kind, author=desk.name, digest=digest):
        readers = desk.parties() if to is None else (desk.name, to)
        part = Part(kind, text.encode(), readers)
        desk.append(call, [Draft(kind, digest=digest, to=to, parts=(part,), **where)])
    return {"digest": digest}


def _said(desk: Desk, call: Call, kind: str, *, own: bool | None = None) -> Entry:
    """What was said under a request's digest, by its ``author`` where several said the same.

    ``own`` puts this office's own word first, or last. Raises Refused when none is held.
    """
    digest = call.text("digest")
    found = [
        entry
        for entry in desk.entries(kind, digest=digest)
        if call.body.get("author") in (None, entry.author)
    ]
    if own is not None:
        found.sort(key=lambda entry: (entry.author == desk.name) is not own)
    if not found:
        expected = f"the digest of a {kind} held here"
        raise refused("office.not-said", kind, value=digest[:16], expected=expected)
    return found[0]


def _optional(call: Call, *names: str) -> dict[str, int]:
    return {name: call.number(name) for name in names if call.body.get(name) is not None}


@verb("promise")
def promise(desk: Desk, call: Call) -> dict[str, Any]:
    """Promise something to one party or to all; it binds its author, and moves no count."""
    return _say(desk, call, "promise-made", **_optional(call, "stage"))


@verb("promise-kept")
def promise_kept(desk: Desk, call: Call) -> dict[str, Any]:
    """Say that a promise was kept: its author's word, or that of those it was made to."""
    made = _said(desk, call, "promise-made")
    if made.to is not None and desk.name not in (made.author, made.to):
        raise _not_yours(made, f"{made.author} or {made.to}")
    return _end(desk, call, made, "promise-kept")


@verb("promise-withdrawn")
def promise_withdrawn(desk: Desk, call: Call) -> dict[str, Any]:
    """Take a promise back; only who made it can, and it stays visible that it was made."""
    made = _said(desk, call, "promise-made", own=True)
    if made.author != desk.name:
        raise _not_yours(made, made.author)
    return _end(desk, call, made, "promise-withdrawn")


def _not_yours(made: Entry, expected: str) -> Exception:
    return refused("office.promise-not-yours", made.kind, value=made.author, expected=expected)


def _end(desk: Desk, call: Call, made: Entry, kind: str) -> dict[str, Any]:
    ended = ("promise-kept", "promise-withdrawn")
    own = [e for k in ended for e in desk.entries(k, author=desk.name, prior=made.hash)]
    if any(e.kind != kind for e in own):
        raise refused(
            "office.promise-ended",
            kind,
            value=own[0].kind,
            expected="a promise of which this office has not said another end",
            hint="correct the former word first",
        )
    if not own:
        draft = Draft(kind, stage=made.stage, digest=made.digest, prior=made.hash)
        desk.append(call, [draft])
    return {"digest": made.digest, "state": kind}


@verb("safe-conduct")
def safe_conduct(desk: Desk, call: Call) -> dict[str, Any]:
    """Give safe-conduct for a stage or step in this side's own words, to one party or all."""
    return _say(desk, call, "safe-conduct", **_optional(call, "stage", "step"))


@verb("acknowledge-safe-conduct")
def acknowledge_safe_conduct(desk: Desk, call: Call) -> dict[str, Any]:
    """Sign that another side's safe-conduct was read here and is relied on."""
    given = _said(desk, call, "safe-conduct", own=False)
    kind = "safe-conduct-acknowledged"
    if given.author == desk.name or given.to not in (None, desk.name):
        expected = given.to or "another side than its author"
        raise refused("office.not-addressed", kind, value=desk.name, expected=expected)
    desk.part(given)  # nobody relies on a text that cannot be read here
    if not desk.entries(kind, author=desk.name, prior=given.hash):
        draft = Draft(
            kind, stage=given.stage, step=given.step, digest=given.digest, prior=given.hash
        )
        desk.append(call, [draft])
    return {"digest": given.digest, "author": given.author}
