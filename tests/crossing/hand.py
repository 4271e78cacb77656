"""Logs written by hand: acts without keys, for tests of what acts mean."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from homeward.crossing import Act, Crossing
from homeward.terms.kernel import Kind, Step, Transfer
from tests.crossing.model import DIGEST, Sheets, Word

SOLDIER = Kind("soldier")
CIVILIAN = Kind("civilian")


class Hand:
    """One writer of a party, and the log it has signed so far."""

    def __init__(self, author: str, writer: str = "office", epoch: int = 1) -> None:
        self.author, self.writer, self.epoch = author, writer, epoch
        self.acts: list[Act] = []

    @property
    def log(self) -> str:
        return f"{self.author}.{self.writer}.{self.epoch}"

    def sign(self, kind: str, transfer: Transfer | None = None, **more: Any) -> Act:
        """Append an act; with a transfer it carries all that an act at the line does."""
        if transfer is not None:
            more = {**_place(transfer), **more}
        if isinstance(more.get("sums"), dict):
            more["sums"] = tuple(sorted(more["sums"].items()))
        act = Act("", self.author, self.writer, self.epoch, len(self.acts), kind, **more)
        act = act._replace(hash=sha256(repr(act).encode()).hexdigest())
        self.acts.append(act)
        return act

    def fork(self, kind: str, transfer: Transfer | None = None, **more: Any) -> Act:
        """Sign a second entry under the number of the last one."""
        kept = self.acts.pop()
        forged = self.sign(kind, transfer, **more)
        self.acts[-1] = kept
        return forged


def _place(t: Transfer) -> dict[str, Any]:
    place = {"stage": t.stage, "step": t.step, "sender": t.sender, "to": t.to}
    return {**place, "cls": str(t.kind), "handle": t.handle}


def sheet(
    step: int = 1,
    size: int = 2,
    moves: Iterable[tuple[str, str]] = (("north", "south"), ("south", "north")),
    kind: Kind = SOLDIER,
    stage: int = 1,
) -> Step:
    """A sheet with ``size`` persons along each move; handles read ``north1a``."""
    people = (
        Transfer(f"{sender}{step}{letter}", sender, to, kind, stage, step)
        for sender, to in moves
        for letter in "abcdefghijklmnopqrstuvwxyz"[:size]
    )
    return Step(stage, step, tuple(people))


def handed_over(step: Step, north: Hand, south: Hand) -> None:
    """Everybody on the sheet is ordered, released and received."""
    hands = {north.author: north, south.author: south}
    for t in step.transfers:
        hands[t.sender].sign("release-ordered", t)
    for t in step.transfers:
        hands[t.sender].sign("released", t)
        hands[t.to].sign("received", t)


_RANK = (
    "step-ready",
    "release-ordered",
    "released",
    "not-released",
    "unreceipted-accepted",
    "received",
    "conceded",
    "step-closed",
)


def as_crossing(sheets: Sheets, words: Iterable[Word]) -> Crossing:
    """The same words as signed acts, in the crossing itself."""
    crossing = Crossing(sheets.sides)
    for step in sheets.steps.values():
        assert not crossing.open_sheet(step, DIGEST, sheets.writers)
    hands: dict[tuple[str, str, int], Hand] = {}
    acts = []
    for word in sorted(words, key=lambda w: (w.epoch, _RANK.index(w.kind), str(w.about))):
        key = (word.author, word.writer, 1)
        hand = hands.setdefault(key, Hand(*key))
        if isinstance(word.about, int):
            acts.append(hand.sign(word.kind, stage=1, step=word.about, digest=DIGEST))
        elif word.about in sheets.transfers:
            acts.append(hand.sign(word.kind, sheets.transfers[word.about]))
    crossing.take(acts)
    return crossing
