"""Reads from headers alone whether a side's orders followed rule R.

Every order must have been signed with the proof in hand: its own log, and what the entry says it
had seen of the others. What cannot be shown is said as such; a missing log cannot convict anyone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from homeward.crossing.acts import Act, Signed, acts_of, inside, order_of
from homeward.crossing.ledger import Ledger
from homeward.problem import Problem


class _Steps(NamedTuple):
    parties: dict[int, set[str]]
    ledger: Ledger
    shown: dict[str, set[int]]  # by log: what a log has seen it has seen ever after
    parted: dict[str, int]  # by log with two histories: the number of the first entry that differs


def audit(entries: Iterable[Signed | Act]) -> tuple[Problem, ...]:
    """Orders that their own headers do not show to follow rule R, in the order of the logs.

    An order out of step k must have seen ``step-ready`` of k from every side of the step on one
    digest, and ``step-closed`` of every earlier step of its author from every side of that step.
    """
    ledger = Ledger(acts_of(entries))
    parties: dict[int, set[str]] = {}
    orders = []
    for act in ledger:
        if act.step is not None and act.sender and act.to and inside(act):
            parties.setdefault(act.step, set()).update((act.sender, act.to))
        if act.kind == "release-ordered" and act.author == act.sender and inside(act):
            orders.append(act)
    parted: dict[str, int] = {}
    for first, *_ in ledger.forks():
        parted[first.log] = min(first.seq, parted.get(first.log, first.seq))
    steps = _Steps(parties, ledger, defaultdict(set), parted)
    found: list[Problem] = []
    for order in sorted(orders, key=order_of):
        found += _order_problems(steps, order)
    return tuple(found)


def _order_problems(steps: _Steps, order: Act) -> Iterator[Problem]:
    if order.step is None:
        yield Problem("crossing.order-without-step", order.place, "no step", "a step")
        return
    digests: set[str | None] = set()
    for side in sorted(steps.parties[order.step]):
        ready = _seen(steps, "step-ready", order.step, side, order)
        digests |= {act.digest for act in ready}
        if not ready:
            expected = f"step-ready of {side} for step {order.step} before it"
            yield Problem("crossing.ordered-not-ready", order.place, "none seen", expected)
    if len(digests) > 1:
        yield Problem("crossing.ordered-two-sheets", order.place, "two digests", "one digest")
    shown = steps.shown[order.log]
    for step in sorted(steps.parties.keys() - shown):
        if step < order.step:
            missing = _not_closed(steps, order, step)
            yield from missing
            if not missing:
                shown.add(step)


def _not_closed(steps: _Steps, order: Act, step: int) -> list[Problem]:
    parties = steps.parties[step]
    if order.author not in parties:
        return []
    return [
        Problem(
            "crossing.ordered-too-early",
            order.place,
            "none seen",
            f"step-closed of {side} for step {step} before it",
        )
        for side in sorted(parties)
        if not _seen(steps, "step-closed", step, side, order)
    ]


def _seen(steps: _Steps, kind: str, step: int, side: str, order: Act) -> list[Act]:
    """What the order had seen of it, and had not seen taken back: what came later is no fault.

    Nor is a word taken back in a second history of its log: the order may have seen the first.
    """
    ledger, parted = steps.ledger, steps.parted
    return [
        act
        for act in ledger.ever_of_step(kind, step)
        if act.author == side
        and ledger.precedes(act, order)
        and not any(
            ledger.precedes(later, order) and later.seq < parted.get(later.log, later.seq + 1)
            for later in ledger.withdrawals(act)
        )
    ]
