"""At the line: step by step under rule R. Orders are gated; facts never are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from homeward.office.desk import Call, Desk, refused, verb
from homeward.office.founding import agreed_annexes
from homeward.office.planning import (
    has_part,
    is_step,
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


def says(desk: Desk, kind: str, handle: str) -> bool:
    """Whether this office's own word of a kind stands about a person: taken back, it does not."""
    return desk.open_crossing().ledger.says(handle, desk.name, kind)


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
    own = [t for t in opened.transfers if t.sender == desk.name]
    behind = stayed_behind(desk)  # an early "not released" stands: nobody orders that person out
    crossing = desk.open_crossing()
    wanted = [
        t
        for t in own
        if t.handle not in behind
        and not says(desk, "released", t.handle)
        and not crossing.holds_order(desk.name, t.handle)
    ]
    problems: list[Problem] = []
    for transfer in wanted:
        problems += crossing.may_order(desk.name, transfer.handle, own_writer(desk))
    if errors(problems):
        raise Refused(sorted(set(problems), key=str))
    desk.append(call, [act(desk, "release-ordered", t) for t in wanted])
    return {"ordered": sum(says(desk, "release-ordered", t.handle) for t in own)}


def own_writer(desk: Desk) -> str:
    """The writer of this office's own log."""
    return desk.open_store().own_log.split(".")[1]


@verb("may-leave")
def may_leave(desk: Desk, call: Call) -> dict[str, Any]:
    """Whom the crew may let go on the orders it holds; refused with every reason against."""
    _, opened = step_sheet(desk, call.number("step"))
    own = [t for t in opened.transfers if t.sender == desk.name]
    waiting = [t for t in own if not says(desk, "released", t.handle)]
    waiting = [t for t in waiting if not says(desk, "not-released", t.handle)]
    _require_leave(desk, waiting)
    return {"handles": sorted(t.handle for t in waiting)}


def _require_leave(desk: Desk, leaving: Iterable[Transfer]) -> None:
    """Raise Refused with every reason why the crew may not let somebody go."""
    crossing = desk.open_crossing()
    problems = [p for t in leaving for p in crossing.may_leave(desk.name, t.handle)]
    if errors(problems):
        raise Refused(sorted(set(problems), key=str))


@dataclass(frozen=True, slots=True)
class _Words:
    """What is to be signed about a step's people: of whom yes, of whom no."""

    yes: Sequence[Transfer]
    no: Sequence[Transfer]


def _named(desk: Desk, call: Call, mine: Sequence[Transfer], kinds: tuple[str, str]) -> _Words:
    """The words that a request asks for, less those that stand already.

    Without ``handles`` everyone without a word is meant. Who is named in ``handles`` or ``except``
    may change a word that stands: the new one names the old one.
    """
    yes, no = kinds
    excepted = set(call.body.get("except", ()))
    asked = set(call.body["handles"]) if "handles" in call.body else None
    _require_known(mine, excepted | (asked or set()))
    silent = {t.handle for t in mine if not any(says(desk, k, t.handle) for k in kinds)}
    meant = (silent if asked is None else asked) - excepted
    return _Words(
        [t for t in mine if t.handle in meant and not says(desk, yes, t.handle)],
        [t for t in mine if t.handle in excepted and not says(desk, no, t.handle)],
    )


def _require_known(mine: Sequence[Transfer], handles: set[str]) -> None:
    strange = handles - {t.handle for t in mine}
    if strange:
        raise refused(
            "office.not-on-sheet",
            "handles",
            value=f"{len(strange)} codes",
            expected="codes of this side's part of the sheet",
            hint="who came without being on the sheet is signed for as an extra",
        )


def _sign(desk: Desk, call: Call, words: _Words, kinds: tuple[str, str]) -> dict[str, Any]:
    yes, no = kinds
    drafts = [act(desk, yes, t) for t in words.yes]
    drafts += [act(desk, no, t, parts=reason_part(desk, call, t.handle)) for t in words.no]
    desk.append(call, drafts)
    return dict(Counter(draft.kind for draft in drafts))


@verb("released")
def released(desk: Desk, call: Call) -> dict[str, Any]:
    """The crew lets this side's people of a step go, except some, and says so of each.

    Nobody goes on an order that does not hold. ``gone`` says that they are on the other side
    already: then it is a fact, and facts are never refused.
    """
    kinds = ("released", "not-released")
    _, opened = step_sheet(desk, call.number("step"))
    words = _named(desk, call, [t for t in opened.transfers if t.sender == desk.name], kinds)
    if not call.body.get("gone"):
        _require_leave(desk, words.yes)
    return _sign(desk, call, words, kinds)


@verb("received")
def received(desk: Desk, call: Call) -> dict[str, Any]:
    """The receiver's word, once its own crew holds the people; never a copy of the holder's.

    ``handles`` names those who are here. Or ``count`` says how many heads of the step's sheet this
    side's crew has counted in all, which must be everyone on it less those in ``except``.
    """
    kinds = ("received", "not-received")
    number = call.number("step")
    _, opened = step_sheet(desk, number)
    mine = [t for t in opened.transfers if t.to == desk.name]
    words = _named(desk, call, mine, kinds)
    if "handles" not in call.body:
        kept = stayed_behind(desk)
        words = _Words([t for t in words.yes if t.handle not in kept], words.no)
        before = sum(says(desk, "received", t.handle) for t in mine)
        before -= sum(says(desk, "received", t.handle) for t in words.no)
        _require_count(call, before + len(words.yes))
    return _sign(desk, call, words, kinds)


def _require_count(call: Call, expected: int) -> None:
    if "count" not in call.body:
        raise refused(
            "office.count-unsaid",
            f"step {call.number('step')}",
            expected="count: how many this side's crew counted, or handles: who is here",
            hint="what the holder signed is not what your crew saw",
        )
    if call.number("count") != expected:
        raise refused(
            "office.heads-differ",
            f"step {call.number('step')}",
            value=f"{call.number('count')} heads counted",
            expected=f"{expected} on the sheet, less those kept or excepted",
            hint="count again; name who is missing in except, or who is here in handles",
        )


def _by_two_officers(desk: Desk, call: Call, kind: str, may: str) -> dict[str, Any]:
    number = call.number("step")
    _, opened = step_sheet(desk, number)
    officers = tuple(call.body.get("officers", ()))
    wanted = set(call.body.get("handles", ()))
    chosen = [t for t in opened.transfers if t.handle in wanted and not says(desk, kind, t.handle)]
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


_COUNTED = ("released", "not-released", "received", "not-received", "conceded")


def standing(desk: Desk, kind: str, stage: int) -> set[str]:
    """Of whom this office's own word of a kind stands in a stage."""
    said = {str(e.handle) for e in desk.entries(kind, author=desk.name, stage=stage)}
    return {handle for handle in said if says(desk, kind, handle)}


@verb("close-stage")
def close_stage(desk: Desk, call: Call) -> dict[str, Any]:
    """Close a stage when every step of it that concerns this side is closed by it."""
    stage = agreed_stage(desk, call)
    if desk.entries("stage-closed", author=desk.name, stage=stage):
        return {"stage": stage, "closed": True}
    steps = {
        int(e.step or 0)
        for e in desk.entries("step-sheet", stage=stage)
        if desk.name in sheet_sides(desk, e) and is_step(sheet(desk, e))
    }
    closed = {int(e.step or 0) for e in desk.entries("step-closed", author=desk.name, stage=stage)}
    if steps - closed:
        raise refused(
            "office.steps-open", f"stage {stage}", value=f"{len(steps - closed)} steps not closed"
        )
    counted = {kind: len(standing(desk, kind, stage)) for kind in _COUNTED}
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
        here = standing(desk, "received", stage)
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
