"""Whose turn it is: what a side may sign now, and for whom the open step waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from homeward.crossing import rule
from homeward.crossing.closing import NUMBER, Closing, closing
from homeward.terms.kernel import Step, Transfer


class Line(rule.Standing, Protocol):
    """A standing that also lists its opened steps."""

    def steps(self) -> tuple[int, ...]: ...


@dataclass(frozen=True, slots=True)
class Turn:
    """One kind of act that a side may sign now, for a step or for some of its handles.

    ``due`` is False where nothing waits for it (a concession, an acceptance without receipt).
    """

    kind: str
    step: int
    handles: tuple[str, ...] = ()
    due: bool = True


def next_acts(now: Line, side: str) -> tuple[Turn, ...]:
    """What ``side`` may do now, lowest step first.

    Later steps than the first one open offer only ``step-ready``: rule R orders nobody from them.
    """
    turns: list[Turn] = []
    open_step = False
    for number in now.steps():
        sheet = now.sheet(number)
        if sheet is None or side not in sheet.sides():
            continue
        if side in rule.balanced(sheet) and not now.is_ready(side, number):
            turns.append(Turn("step-ready", number))
        if not open_step:
            turns += _at_the_line(now, side, sheet)
            open_step = any(not now.has_closed(party, number) for party in rule.balanced(sheet))
    return tuple(turns)


def waiting_for(now: Line) -> tuple[str, ...]:
    """The sides whose word the lowest open step waits for, as far as this office can see."""
    for number in now.steps():
        sheet = now.sheet(number)
        if sheet is None:
            continue
        open_for = [s for s in sorted(rule.balanced(sheet)) if not now.has_closed(s, number)]
        if open_for:
            due = [s for s in sorted(sheet.sides()) if _is_due(now, s, number)]
            return tuple(due or open_for)
    return ()


def _is_due(now: Line, side: str, step: int) -> bool:
    return any(turn.due and turn.step == step for turn in next_acts(now, side))


def _at_the_line(now: Line, side: str, sheet: Step) -> list[Turn]:
    own = [t for t in sheet.transfers if t.sender == side]
    incoming = [t for t in sheet.transfers if t.to == side]
    step = sheet.number
    found = [
        Turn("release-ordered", step, _those(own, lambda t: _orderable(now, t))),
        Turn("released", step, _those(own, lambda t: _left_unsaid(now, t))),
        Turn("received", step, _those(incoming, lambda t: _arriving(now, t))),
        Turn("conceded", step, _those(incoming, lambda t: _not_coming(now, t)), due=False),
        Turn(
            "unreceipted-accepted",
            step,
            _those(own, lambda t: _unanswered(now, t)),
            due=False,
        ),
    ]
    turns = [turn for turn in found if turn.handles]
    if side in rule.balanced(sheet) and _closable(now, side, step):
        turns.append(Turn("step-closed", step))
    return turns


def _closable(now: Line, side: str, step: int) -> bool:
    if rule.may_close(now, side, step):
        return False
    offered = closing(now, side, step)
    if not isinstance(offered, Closing):
        return False
    signed = [a for a in now.ledger.of_step("step-closed", step) if a.author == side]
    return all(act.sum(NUMBER) < offered.number for act in signed)


def _those(transfers: list[Transfer], wanted: Callable[[Transfer], bool]) -> tuple[str, ...]:
    return tuple(sorted(t.handle for t in transfers if wanted(t)))


def _orderable(now: Line, t: Transfer) -> bool:
    gone = now.ledger.says(t.handle, t.sender, "released")
    return not gone and not rule.may_order(now, t.sender, t.handle, now.writer_of(t.handle))


def _left_unsaid(now: Line, t: Transfer) -> bool:
    """Out by an order, and no word since whether they left: one from before it settles nothing."""
    ledger = now.ledger
    ordered = ledger.says(t.handle, t.sender, "release-ordered")
    unsaid = ordered and not ledger.says(t.handle, t.sender, "released")
    return unsaid and ledger.is_out(t.handle, t.sender)


def _arriving(now: Line, t: Transfer) -> bool:
    says = now.ledger.says
    return says(t.handle, t.sender, "released") and not (
        says(t.handle, t.to, "received")
        or says(t.handle, t.to, "not-received")
        or says(t.handle, t.to, "conceded")
    )


def _not_coming(now: Line, t: Transfer) -> bool:
    says = now.ledger.says
    told = says(t.handle, t.sender, "not-released") or says(t.handle, t.to, "not-received")
    return told and not now.is_void(t.step) and not rule.may_concede(now, t.to, t.handle)


def _unanswered(now: Line, t: Transfer) -> bool:
    return not rule.may_accept_unreceipted(now, t.sender, t.handle)
