"""At the line: step by step under rule R. Orders are gated; facts never are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from homeward.office.desk import Call, Desk, refused, verb
from homeward.office.founding import agreed_annexes
from homeward.office.planning import (
    has_part,
    plan_authors,
    sheet,
    sheet_sides,
    stayed_behind,
)
from homeward.problem import Problem, Refused, errors
from homeward.record import Draft, Entry, Part
from homeward.terms.kernel import Step, Transfer


def step_sheet(desk: Desk, number: int) -> tuple[Entry, Step]:
    """The sheet of a step that this office may open; raises Refused when there is none."""
    found = [e for e in desk.entries("step-sheet", step=number) if sheet_sides(desk, e)]
    if not found:
        raise refused("office.no-sheet", f"step {number}", expected="a sheet opened by this office")
    open_held_sheets(desk)
    return found[0], sheet(desk, found[0])


def open_held_sheets(desk: Desk) -> None:
    """Give the crossing every sheet this office has signed for, as after a restart.

    For a step in which this side has no part by any signed plan, an empty sheet is opened.
    """
    crossing = desk.open_crossing()
    signed = {entry.prior for entry in desk.entries("body-held", author=desk.name)}
    sheets = [e for e in desk.entries("step-sheet") if e.author in plan_authors(desk, e.stage)]
    # its own sheets first: nobody's later entry may stand in the place of one that was signed for
    for entry in sheets:
        if entry.hash in signed and crossing.sheet(int(entry.step or 0)) is None:
            crossing.open_sheet(sheet(desk, entry), str(entry.digest))
    for entry in sheets:
        stage, step = int(entry.stage or 0), int(entry.step or 0)
        free = crossing.sheet(step) is None and desk.role == "side"
        if free and not has_part(desk, stage, step):
            crossing.open_sheet(Step(stage, step, ()), str(entry.digest))


def _said(desk: Desk, kind: str, number: int) -> set[str]:
    return {str(e.handle) for e in desk.entries(kind, author=desk.name, step=number)}


def act(desk: Desk, kind: str, transfer: Transfer, **more: Any) -> Draft:
    """The draft of one person's act; a changed word names the word it changes."""
    prior = desk.open_crossing().prior_for(desk.name, transfer.handle, kind)
    return Draft(
        kind,
        stage=transfer.stage,
        step=transfer.step,
        sender=transfer.sender,
        to=transfer.to,
        cls=str(transfer.kind),
        handle=transfer.handle,
        **{"prior": prior, **more},
    )


def reason_part(desk: Desk, call: Call, handle: str) -> tuple[Part, ...]:
    """Why a person did not cross, sealed to the neutral (with none, to this office alone)."""
    reason = dict(call.body.get("reasons", {})).get(handle)
    if not reason:
        return ()
    assert desk.exchange is not None
    readers = tuple(desk.exchange.neutrals) or (desk.name,)
    return (Part("reason", str(reason).encode(), readers),)


def _excepted(call: Call) -> set[str]:
    return set(call.body.get("except", ()))


@verb("ready")
def ready(desk: Desk, call: Call) -> dict[str, Any]:
    """Say that this side stands ready for a step on exactly this sheet."""
    number = call.number("step")
    entry, _ = step_sheet(desk, number)
    if not desk.entries("step-ready", author=desk.name, step=number):
        draft = Draft("step-ready", stage=entry.stage, step=number, digest=entry.digest)
        desk.append(call, [draft])
    return {"step": number}


@verb("order")
def order(desk: Desk, call: Call) -> dict[str, Any]:
    """Order this side's people of a step out: the only gate, and durable before anyone moves."""
    number = call.number("step")
    _, opened = step_sheet(desk, number)
    done = _said(desk, "release-ordered", number)
    done |= stayed_behind(desk)  # an early "not released" stands: nobody orders that person out
    wanted = [t for t in opened.transfers if t.sender == desk.name and t.handle not in done]
    crossing = desk.open_crossing()
    writer = desk.open_store().own_log.split(".")[1]
    problems: list[Problem] = []
    for transfer in wanted:
        if transfer.kind.group == "beside":
            continue  # GC III art. 109: owed whatever the numbers, never gated
        problems += crossing.may_order(desk.name, transfer.handle, writer)
    if errors(problems):
        raise Refused(sorted(set(problems), key=str))
    desk.append(call, [act(desk, "release-ordered", t) for t in wanted])
    return {"ordered": len(_said(desk, "release-ordered", number))}


def _facts(
    desk: Desk, call: Call, yes: str, no: str, mine: Callable[[Transfer], bool]
) -> dict[str, Any]:
    number = call.number("step")
    _, opened = step_sheet(desk, number)
    done = _said(desk, yes, number) | _said(desk, no, number)
    wanted = [t for t in opened.transfers if mine(t) and t.handle not in done]
    excepted = _excepted(call)
    drafts = [
        act(desk, no, t, parts=reason_part(desk, call, t.handle))
        if t.handle in excepted
        else act(desk, yes, t)
        for t in wanted
    ]
    desk.append(call, drafts)
    return dict(Counter(draft.kind for draft in drafts))


@verb("released")
def released(desk: Desk, call: Call) -> dict[str, Any]:
    """The holder's word on each of its people of a step: released, or not."""
    return _facts(desk, call, "released", "not-released", lambda t: t.sender == desk.name)


@verb("received")
def received(desk: Desk, call: Call) -> dict[str, Any]:
    """The receiver's word, once its own crew holds the people.

    ``handles`` names them, in any state of the other side's words. Without it the officer says
    that everyone is there whom the holder signed as released, less those in ``except``.
    """
    step = call.number("step")
    out = {str(e.handle) for e in desk.entries("released", step=step) if e.author == e.sender}
    out = set(call.body["handles"]) if "handles" in call.body else out
    return _facts(
        desk,
        call,
        "received",
        "not-received",
        lambda t: t.to == desk.name and (t.handle in out or t.handle in _excepted(call)),
    )


def _by_two_officers(desk: Desk, call: Call, kind: str, may: str) -> dict[str, Any]:
    number = call.number("step")
    _, opened = step_sheet(desk, number)
    officers = tuple(call.body.get("officers", ()))
    wanted = set(call.body.get("handles", ())) - _said(desk, kind, number)
    chosen = [t for t in opened.transfers if t.handle in wanted]
    problems: list[Problem] = []
    for transfer in chosen:
        problems += getattr(desk.open_crossing(), may)(desk.name, transfer.handle)
    if errors(problems):
        raise Refused(problems)
    desk.append(call, [act(desk, kind, t, officers=officers) for t in chosen])
    return {kind: len(chosen)}


@verb("concede")
def concede(desk: Desk, call: Call) -> dict[str, Any]:
    """Two officers give up people who were due in this step; it stays visible."""
    return _by_two_officers(desk, call, "conceded", "may_concede")


@verb("accept-unreceipted")
def accept_unreceipted(desk: Desk, call: Call) -> dict[str, Any]:
    """Two officers close although the receiver has not signed for someone released."""
    return _by_two_officers(desk, call, "unreceipted-accepted", "may_accept_unreceipted")


@verb("close")
def close(desk: Desk, call: Call) -> dict[str, Any]:
    """Close a step for this side, with the sums that its acts add up to."""
    number = call.number("step")
    entry, _ = step_sheet(desk, number)
    if desk.entries("step-closed", author=desk.name, step=number):
        return {"step": number, "closed": True}
    problems = desk.open_crossing().may_close(desk.name, number)
    if errors(problems):
        raise Refused(problems)
    closing = desk.open_crossing().closing(desk.name, number)
    if isinstance(closing, Problem):
        raise Refused([closing])
    draft = Draft(
        "step-closed",
        stage=entry.stage,
        step=number,
        sums=dict(closing.sums),
        prior=closing.prior,
    )
    desk.append(call, [draft])
    return {"step": number, "closed": True}


def agreed_stage(desk: Desk, call: Call) -> int:
    """The stage of a request; raises Refused unless every side has signed its annex."""
    stage = call.number("stage")
    if stage not in agreed_annexes(desk):
        raise refused("office.no-annex", f"stage {stage}", expected="an annex signed by all sides")
    return stage


@verb("close-stage")
def close_stage(desk: Desk, call: Call) -> dict[str, Any]:
    """Close a stage when every step of it that concerns this side is closed by it."""
    stage = agreed_stage(desk, call)
    if desk.entries("stage-closed", author=desk.name, stage=stage):
        return {"stage": stage, "closed": True}
    steps = {
        int(e.step or 0)
        for e in desk.entries("step-sheet", stage=stage)
        if desk.name in sheet_sides(desk, e)
    }
    closed = {int(e.step or 0) for e in desk.entries("step-closed", author=desk.name, stage=stage)}
    if steps - closed:
        raise refused(
            "office.steps-open", f"stage {stage}", value=f"{len(steps - closed)} steps not closed"
        )
    counted = {
        kind: len(desk.entries(kind, author=desk.name, stage=stage))
        for kind in ("released", "not-released", "received", "not-received", "conceded")
    }
    desk.append(call, [Draft("stage-closed", stage=stage, sums=counted)])
    return {"stage": stage, "closed": True}


@verb("in-safety")
def in_safety(desk: Desk, call: Call) -> dict[str, Any]:
    """Say that everyone this side received in a stage is out of reach of the line."""
    stage = agreed_stage(desk, call)
    if not desk.entries("stage-closed", author=desk.name, stage=stage):
        raise refused("office.stage-open", f"stage {stage}", expected="the stage closed here first")
    if not desk.entries("in-safety", author=desk.name, stage=stage):
        desk.append(call, [Draft("in-safety", stage=stage)])
    return {"stage": stage}


@verb("home")
def home(desk: Desk, call: Call) -> dict[str, Any]:
    """Say how many this side confirmed home from a stage: beside the count, never in it."""
    stage = agreed_stage(desk, call)
    if not desk.entries("home-confirmed", author=desk.name, stage=stage):
        here = {e.handle for e in desk.entries("received", author=desk.name, stage=stage)}
        heads = call.number("count") if "count" in call.body else len(here)
        if not 0 <= heads <= len(here):
            raise refused(
                "office.more-home-than-received",
                f"stage {stage}",
                value=str(heads),
                expected=f"at most the {len(here)} this side signed for",
            )
        desk.append(call, [Draft("home-confirmed", stage=stage, sums={"heads": heads})])
    return {"stage": stage}


@verb("suspend")
def suspend(desk: Desk, call: Call) -> dict[str, Any]:
    """Stop this side's own orders; it may be signed alone and at any time."""
    return _pause(desk, call, "suspension")


@verb("resume")
def resume(desk: Desk, call: Call) -> dict[str, Any]:
    """Take a suspension back, by a signed act of its own."""
    return _pause(desk, call, "resumption")


def _pause(desk: Desk, call: Call, kind: str) -> dict[str, Any]:
    said = [e for k in ("suspension", "resumption") for e in desk.entries(k, author=desk.name)]
    last = max(said, key=lambda e: e.seq) if said else None
    if (last.kind if last else "resumption") != kind:
        prior = last.hash if last and kind == "resumption" else None
        desk.append(call, [Draft(kind, prior=prior)])
    return {"state": kind}
