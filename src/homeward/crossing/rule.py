"""Rule R: when a side may order a person out, close a step, concede or accept.

Only orders are gated, and these three decisions checked; facts never pass through here.
Every function is pure: it reads a standing and returns all the reasons against, none when allowed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from homeward.crossing.ledger import Ledger
from homeward.problem import Problem
from homeward.terms.kernel import Step, Transfer


class Standing(Protocol):
    """What one office holds: the acts, the sheets it opened, and who may order whom."""

    @property
    def ledger(self) -> Ledger: ...
    def sheet(self, step: int) -> Step | None: ...
    def digest(self, step: int) -> str: ...
    def transfer(self, handle: str) -> Transfer | None: ...
    def writer_of(self, handle: str) -> str: ...
    def is_ready(self, side: str, step: int) -> bool: ...
    def has_closed(self, side: str, step: int) -> bool: ...
    def is_void(self, step: int) -> bool: ...
    def is_suspended(self, side: str) -> bool: ...
    def is_unchecked(self, side: str, writer: str) -> bool: ...
    def epoch(self, side: str, writer: str) -> int: ...
    def unanswered_in(self, side: str, step: int) -> tuple[str, ...]: ...
    def forked(self, side: str, step: int) -> tuple[str, ...]: ...


def may_order(now: Standing, side: str, handle: str, writer: str) -> tuple[Problem, ...]:
    """Reasons why ``writer`` of ``side`` may not order this person out: the only gate."""
    transfer = now.transfer(handle)
    if transfer is None or transfer.sender != side:
        return (_not_on_sheet(handle, f"a handle that {side} gives on an opened sheet"),)
    if transfer.kind.group == "beside":
        return ()  # GC III art. 109: owed whatever the numbers, so never gated
    step = transfer.step
    return (
        *_once(now, side, handle, writer),
        *_ready(now, step),
        *_earlier_steps(now, side, step),
        *_stopped(now, side, step, writer),
    )


def _once(now: Standing, side: str, handle: str, writer: str) -> Iterator[Problem]:
    place = f"handle {handle}"
    assigned = now.writer_of(handle)
    if writer != assigned:
        yield Problem("crossing.other-writer", place, writer, assigned)
    if holds_order(now, side, handle):
        yield Problem("crossing.already-ordered", place, "an order stands", "one order per handle")
    if now.ledger.says(handle, side, "not-released"):
        hint = "give the person a fresh handle in a later step"
        yield Problem("crossing.already-kept", place, "not-released stands", "no word yet", hint)


def _ready(now: Standing, step: int) -> Iterator[Problem]:
    sheet = now.sheet(step)
    assert sheet is not None  # a transfer is only known from an opened sheet
    for side in sorted(sheet.sides()):
        if not now.is_ready(side, step):
            expected = f"step-ready of {side} on digest {now.digest(step)[:16]}"
            yield Problem("crossing.not-ready", f"step {step}", "none held", expected)


def _earlier_steps(now: Standing, side: str, step: int) -> Iterator[Problem]:
    for earlier in range(1, step):
        sheet = now.sheet(earlier)
        place = f"step {earlier}"
        if sheet is None:
            hint = "open an empty sheet for a step in which this side has no part"
            yield Problem("crossing.sheet-not-opened", place, "no sheet", "its sheet", hint)
            continue
        if side in balanced(sheet):
            yield from _not_closed(now, sheet) or _still_out(now, side, earlier)


def _not_closed(now: Standing, sheet: Step) -> list[Problem]:
    step, code = sheet.number, "crossing.earlier-step-open"
    open_for = [side for side in sorted(balanced(sheet)) if not now.has_closed(side, step)]
    return [Problem(code, f"step {step}", "none held", f"step-closed of {s}") for s in open_for]


def _still_out(now: Standing, side: str, step: int) -> list[Problem]:
    """Who is out of a step that all have closed.

    A restored office may have ordered somebody before the closing that it had forgotten came back.
    """
    code, expected = "crossing.earlier-person-out", "received by the other side, or accepted"
    out = now.unanswered_in(side, step)
    return [Problem(code, f"step {step} handle {handle}", "out", expected) for handle in out]


def balanced(sheet: Step) -> frozenset[str]:
    """The sides that give or receive somebody inside the balance: a sheet without is no step."""
    inside = (t for t in sheet.transfers if t.kind.group == "inside")
    return frozenset(side for t in inside for side in (t.sender, t.to))


def _stopped(now: Standing, side: str, step: int, writer: str) -> Iterator[Problem]:
    if now.is_suspended(side):
        hint = "only a resumption by the same side lifts it"
        yield Problem("crossing.suspended", f"side {side}", "suspension", "no suspension", hint)
    if now.is_unchecked(side, writer):
        yield _unchecked(side, writer)
    for log in now.forked(side, step):
        hint = "compare copies; a resumption naming one of the two entries goes on regardless"
        yield Problem("crossing.forked", f"log {log}", "two entries, one number", "one", hint)


def may_leave(now: Standing, side: str, handle: str) -> tuple[Problem, ...]:
    """Reasons why the crew may not let this person go on the order that is held.

    An order from before a restore is no order to leave on: it may have been taken back, and its
    step closed, in what was lost, and that word may still come back.
    """
    place = f"handle {handle}"
    found = []
    transfer = now.transfer(handle)
    beside = transfer is not None and transfer.kind.group == "beside"
    if not now.ledger.says(handle, side, "release-ordered"):
        found.append(Problem("crossing.unordered", place, "no order stands", "release-ordered"))
    elif not beside and not holds_order(now, side, handle):
        hint = "once the writer's past is confirmed, order the person once more"
        value = "an order from before a restore"
        code = "crossing.ordered-before-restore"
        found.append(Problem(code, place, value, "an order since then", hint))
    if now.ledger.says(handle, side, "not-released"):
        found.append(Problem("crossing.already-kept", place, "not-released stands", "no word yet"))
    return tuple(found)


def holds_order(now: Standing, side: str, handle: str) -> bool:
    """Whether an order for this person stands that its writer signed since its last restore."""
    orders = now.ledger.said(handle, side, "release-ordered")
    return any(order.epoch == now.epoch(side, order.writer) for order in orders)


def _unchecked(side: str, writer: str) -> Problem:
    hint = "have another copy confirm its last head, or count the people against the sheet"
    place = f"writer {side}.{writer}"
    return Problem("crossing.unchecked-restore", place, "restored", "a confirmed past", hint)


def may_close(now: Standing, side: str, step: int) -> tuple[Problem, ...]:
    """Reasons why ``side`` may not sign ``step-closed`` for this step."""
    sheet = now.sheet(step)
    place = f"step {step}"
    if sheet is None:
        return (Problem("crossing.sheet-not-opened", place, "no sheet", "its sheet"),)
    if side not in sheet.sides():
        return (Problem("crossing.not-in-step", place, side, "a side of the step"),)
    if now.is_void(step):
        return ()  # nobody of either side left, so there is nothing to wait for
    return (*_incoming_settled(now, side, sheet), *_outgoing_settled(now, side, sheet))


def _incoming_settled(now: Standing, side: str, sheet: Step) -> Iterator[Problem]:
    ledger = now.ledger
    for handle in sorted(sheet.incoming(side)):
        if not ledger.is_in(handle, side) and not ledger.says(handle, side, "conceded"):
            place = f"step {sheet.number} handle {handle}"
            expected = f"received or conceded by {side}"
            yield Problem("crossing.incoming-open", place, "neither", expected)


def _outgoing_settled(now: Standing, side: str, sheet: Step) -> Iterator[Problem]:
    for transfer in sheet.transfers:
        if transfer.sender != side or transfer.kind.group != "inside":
            continue
        handle = transfer.handle
        if is_kept(now, handle, side) or _handed_over(now, transfer):
            continue
        place = f"step {sheet.number} handle {handle}"
        expected = f"not-released by {side}, or received by {transfer.to}, or accepted without"
        yield Problem("crossing.outgoing-open", place, "none of them", expected)


def is_kept(now: Standing, handle: str, side: str) -> bool:
    """Whether the writer that could have ordered this person out signed that they stayed.

    Another writer's word would not do: the assigned one might be ordering at the same moment.
    """
    assigned = now.writer_of(handle)
    if now.ledger.is_out(handle, side) or now.is_unchecked(side, assigned):
        return False
    return any(a.writer == assigned for a in now.ledger.said(handle, side, "not-released"))


def _handed_over(now: Standing, transfer: Transfer) -> bool:
    ledger, handle, side = now.ledger, transfer.handle, transfer.sender
    if not ledger.says(handle, side, "released") or ledger.says(handle, side, "not-released"):
        return False
    return ledger.is_in(handle, transfer.to) or ledger.says(handle, side, "unreceipted-accepted")


def may_concede(now: Standing, side: str, handle: str) -> tuple[Problem, ...]:
    """Reasons why ``side`` may not give up this incoming person (two officers sign it)."""
    transfer = now.transfer(handle)
    if transfer is None or transfer.to != side or transfer.kind.group != "inside":
        return (_not_on_sheet(handle, f"a handle that {side} receives on an opened sheet"),)
    if now.ledger.is_in(handle, side):
        place = f"handle {handle}"
        return (Problem("crossing.already-received", place, "received stands", "no receipt"),)
    if now.ledger.says(handle, side, "conceded"):
        return (Problem("crossing.already-conceded", f"handle {handle}", "conceded", "not yet"),)
    return ()


def may_accept_unreceipted(now: Standing, side: str, handle: str) -> tuple[Problem, ...]:
    """Reasons why ``side`` may not close without a receipt for one it released (two officers)."""
    transfer = now.transfer(handle)
    if transfer is None or transfer.sender != side or transfer.kind.group != "inside":
        return (_not_on_sheet(handle, f"a handle that {side} gives on an opened sheet"),)
    place = f"handle {handle}"
    found = []
    if not now.ledger.says(handle, side, "released"):
        found.append(Problem("crossing.not-released", place, "no release stands", "released"))
    if now.ledger.is_in(handle, transfer.to):
        found.append(Problem("crossing.receipt-held", place, "received stands", "no receipt"))
    if now.ledger.says(handle, side, "unreceipted-accepted"):
        found.append(Problem("crossing.already-accepted", place, "accepted stands", "not yet"))
    return tuple(found)


def _not_on_sheet(handle: str, expected: str) -> Problem:
    return Problem("crossing.not-on-sheet", f"handle {handle}", "not there", expected)
