"""The bare pieces of a small model: words, rules, sheets, and a set of words to ask rule R about.

Rule R itself is the code under test; only the set of acts beneath it is a bare one here, so that a
search of a hundred thousand states takes seconds. ``test_promise.py`` compares it with the real
crossing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, NamedTuple

from homeward.crossing import rule
from homeward.terms.kernel import Kind, Step, Transfer

DIGEST = "d" * 64
CLASS = Kind("soldier")


class Word(NamedTuple):
    """One act without its envelope: who signed, with which writer, what about whom or what."""

    author: str
    writer: str
    kind: str
    about: str | int
    epoch: int = 1


@dataclass(frozen=True)
class Rules:
    """Rule R, or a mutant of it."""

    may_order: Callable[..., Any] = rule.may_order
    may_leave: Callable[..., Any] = rule.may_leave
    may_close: Callable[..., Any] = rule.may_close
    may_concede: Callable[..., Any] = rule.may_concede
    may_accept: Callable[..., Any] = rule.may_accept_unreceipted


RULE_R = Rules()


class Sheet(Step):
    """A step's sheet that does not reckon its sets anew each time it is asked."""

    __hash__ = object.__hash__
    out = cache(Step.out)
    incoming = cache(Step.incoming)
    sides = cache(Step.sides)


class Sheets:
    """The sheets of a small exchange: ``size`` persons along every move in each step.

    Handles read ``north1a``: holder, step, which. ``writers`` assigns handles to devices.
    """

    def __init__(
        self,
        moves: Iterable[tuple[str, str]],
        steps: int,
        size: int = 1,
        writers: dict[str, str] | None = None,
    ) -> None:
        self.moves = tuple(moves)
        self.size = size
        self.writers = writers or {}
        self.steps = {k: self._sheet(k) for k in range(1, steps + 1)}
        self.transfers = {t.handle: t for s in self.steps.values() for t in s.transfers}
        self.sides = tuple(sorted({side for move in self.moves for side in move}))

    def _sheet(self, step: int) -> Step:
        people = (
            Transfer(f"{sender}{step}{letter}", sender, to, CLASS, 1, step)
            for sender, to in self.moves
            for letter in "abcdef"[: self.size]
        )
        return Sheet(1, step, tuple(people))

    def writer_of(self, handle: str) -> str:
        return self.writers.get(handle, "office")


class Bare:
    """The least standing that rule R can be asked about: a set of words, nothing forgotten."""

    def __init__(self, sheets: Sheets, words: frozenset[Word], **told: Any) -> None:
        self.sheets = sheets
        self.words = words
        self.told = told

    @property
    def ledger(self) -> Bare:
        return self

    @cached_property
    def kinds(self) -> dict[tuple[str, str, str | int], list[Word]]:
        found: dict[tuple[str, str, str | int], list[Word]] = {}
        for word in self.words:
            found.setdefault((word.author, word.kind, word.about), []).append(word)
        return found

    # what a ledger answers
    def says(self, handle: str, author: str, kind: str) -> bool:
        return (author, kind, handle) in self.kinds

    def said(self, handle: str, author: str, kind: str) -> list[Word]:
        return self.kinds.get((author, kind, handle), [])

    def is_in(self, handle: str, side: str) -> bool:
        return self.says(handle, side, "received")

    def is_out(self, handle: str, side: str) -> bool:
        if self.says(handle, side, "released"):
            return True
        backs = self.said(handle, side, "not-released")
        return any(
            not any(order.writer == back.writer and order.epoch <= back.epoch for back in backs)
            for order in self.said(handle, side, "release-ordered")
        )

    # what a crossing answers
    def sheet(self, step: int) -> Step | None:
        return self.sheets.steps.get(step)

    def steps(self) -> tuple[int, ...]:
        return tuple(self.sheets.steps)

    def digest(self, step: int) -> str:
        return DIGEST

    def transfer(self, handle: str) -> Transfer | None:
        return self.sheets.transfers.get(handle)

    def writer_of(self, handle: str) -> str:
        return self.sheets.writer_of(handle)

    def is_ready(self, side: str, step: int) -> bool:
        return (side, "step-ready", step) in self.kinds

    def has_closed(self, side: str, step: int) -> bool:
        return (side, "step-closed", step) in self.kinds

    def is_void(self, step: int) -> bool:
        return all(
            rule.is_kept(self, t.handle, t.sender) for t in self.sheets.steps[step].transfers
        )

    def is_suspended(self, side: str) -> bool:
        return bool(self.told.get("suspended"))

    def is_unchecked(self, side: str, writer: str) -> bool:
        return bool(self.told.get("unchecked")) and side == self.told.get("me")

    def epoch(self, side: str, writer: str) -> int:
        return self.told.get("epoch", 1) if side == self.told.get("me") else 1

    def unanswered_in(self, side: str, step: int) -> tuple[str, ...]:
        return tuple(
            t.handle
            for t in self.sheets.steps[step].transfers
            if t.sender == side
            and self.is_out(t.handle, side)
            and not self.says(t.handle, t.to, "received")
            and not self.says(t.handle, side, "unreceipted-accepted")
        )

    def forked(self, side: str, step: int) -> tuple[str, ...]:
        return ("south.office.1",) if self.told.get("forked") else ()
