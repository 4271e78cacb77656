"""Counting heads: a neutral beside both sides' words, a side when its office was restored."""

from __future__ import annotations

import json
from typing import Any

from homeward.office.desk import Call, Desk, refused, sha256, verb
from homeward.office.line import act, open_held_sheets, says
from homeward.record import Draft, Entry, Part
from homeward.terms.kernel import Transfer


@verb("counted")
def counted(desk: Desk, call: Call) -> dict[str, Any]:
    """Sign a count of heads.

    A neutral says how many it counted in a stage, beside the sides' words and never instead of
    them. At a restored side two officers count who of its people is still here: ``present`` names
    them, ``count`` is the number of heads. All others on its sheets are gone. With that the new
    log may give orders again; those still here get fresh handles in later steps.
    """
    return _neutral_count(desk, call) if desk.role == "neutral" else _own_count(desk, call)


def _neutral_count(desk: Desk, call: Call) -> dict[str, Any]:
    stage, heads = call.number("stage"), call.number("count")
    where: dict[str, Any] = {"stage": stage}
    if call.body.get("step") is not None:
        where["step"] = call.number("step")
    for field, name in (("sender", "from"), ("to", "to")):
        if call.body.get(name) is not None:
            where[field] = _side(desk, call.text(name))
    said = desk.entries("counted", author=desk.name, **where)
    taken_back = {e.prior for e in desk.entries("correction", author=desk.name)}
    said = [e for e in said if e.hash not in taken_back]
    if not said or dict(said[-1].sums or {}) != {"heads": heads}:
        desk.append(call, [Draft("counted", sums={"heads": heads}, **where)])
    return {"stage": stage, "heads": heads}


def _side(desk: Desk, name: str) -> str:
    if name not in desk.sides():
        expected = ", ".join(desk.sides())
        raise refused("office.unknown-party", "counted", value=name[:40], expected=expected)
    return name


def _own_count(desk: Desk, call: Call) -> dict[str, Any]:
    opened = opening_entry(desk)
    present, heads = set(call.body.get("present", ())), call.number("count")
    open_held_sheets(desk)
    own = own_people(desk)
    strange = present - {t.handle for t in own}
    if strange or heads != len(present):
        raise refused(
            "office.heads-differ",
            "present",
            value=f"{heads} heads counted",
            expected=f"{len(present - strange)} codes of own people on the sheets held here",
            hint=f"{len(strange)} codes are not of this side's people" if strange else "",
        )
    text = json.dumps({"gone": len(own) - heads, "present": sorted(present)}, sort_keys=True)
    if not desk.entries("key-change", author=desk.name, prior=opened.hash):
        part = Part("count", text.encode(), (desk.name,))
        officers = tuple(call.body.get("officers", ()))
        change = Draft(
            "key-change", digest=sha256(text), prior=opened.hash, parts=(part,), officers=officers
        )
        desk.append(call, [*_words(desk, own, present), change])
    return {"present": heads, "gone": len(own) - heads}


def _words(desk: Desk, own: list[Transfer], present: set[str]) -> list[Draft]:
    """A word for each of the side's people, where it differs from the one that stands."""
    said = [(t, "not-released" if t.handle in present else "released") for t in own]
    return [act(desk, kind, t) for t, kind in said if not says(desk, kind, t.handle)]


def own_people(desk: Desk) -> list[Transfer]:
    """Everyone whom this side gives on a sheet that it has opened."""
    crossing = desk.open_crossing()
    sheets = [crossing.sheet(number) for number in crossing.steps()]
    return [t for opened in sheets if opened for t in opened.transfers if t.sender == desk.name]


def opening_entry(desk: Desk, author: str | None = None) -> Entry:
    """The entry that opened a restored office's newest log; raises Refused when none was."""
    name = author or desk.name
    opened = [e for e in desk.entries("key-change", author=name, seq=0) if e.epoch > 1]
    if not opened:
        raise refused(
            "office.not-restored",
            name,
            expected="an office that begins a new log",
            hint="only after a restore are people counted against the sheets",
        )
    return max(opened, key=lambda entry: entry.epoch)


def is_unchecked(desk: Desk, side: str) -> bool:
    """Whether a side began a new log whose past is still to be confirmed."""
    line = desk.open_crossing()
    return any(line.is_unchecked(side, writer) for writer in line.ledger.writers(side))


@verb("confirm-log")
def confirm_log(desk: Desk, call: Call) -> dict[str, Any]:
    """A neutral signs that it holds a restored side's new log, which confirms the side's past.

    It confirms nothing where the neutral had seen more of the older logs than the side still holds.
    """
    if desk.role != "neutral":
        raise refused("office.not-neutral", "confirm-log", value=desk.name, expected="a neutral")
    opened = opening_entry(desk, _side(desk, call.text("side")))
    if not desk.entries("body-held", author=desk.name, prior=opened.hash):
        desk.append(call, [Draft("body-held", prior=opened.hash)])
    return {"log": opened.log}
