"""When a text is agreed: every side's own signature, then the proposer's ``final``, once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, Protocol

Agreed = Literal["final", "void", "open", "one-sided"]
_SIGNING = ("-proposed", "-accepted")


class Signed(Protocol):
    """As much of an entry as agreeing needs."""

    @property
    def author(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def digest(self) -> str | None: ...
    @property
    def prior(self) -> str | None: ...
    @property
    def hash(self) -> str: ...


def signers(entries: Iterable[Signed], digest: str) -> frozenset[str]:
    """Those whose own entry proposes or accepts the text with this digest."""
    return frozenset(e.author for e in entries if e.digest == digest and e.kind.endswith(_SIGNING))


def agreement(entries: Sequence[Signed], proposal: Signed, sides: Iterable[str]) -> Agreed:
    """How a proposed text stands.

    Only its proposer can end it, and a ``final`` that lacks a side's signature ends nothing:
    one side's word never binds another.
    """
    whole = signers(entries, proposal.digest or "") >= frozenset(sides)
    ended = {
        e.kind
        for e in entries
        if e.prior == proposal.hash and e.author == proposal.author and e.kind in ("final", "void")
    }
    if "void" in ended:
        return "void"
    if "final" in ended and whole:
        return "final"
    return "open" if whole else "one-sided"
