"""Transfer, Step and Position: what was owed, what moves, and what stands attested."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Attested = Literal["both", "holder", "receiver"]
Outcome = Literal["transferred", "not_transferred"]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a count counts: the terms' category, living or remains, inside or beside the balance.

    >>> str(Kind("military"))
    'military/living/inside'
    """

    category: str
    state: str = "living"
    group: str = "inside"

    @classmethod
    def parse(cls, text: str) -> Kind:
        """Read ``category/state/group`` as an entry's header writes it; raises ValueError."""
        category, state, group = text.split("/")
        return cls(category, state, group)

    def __str__(self) -> str:
        return f"{self.category}/{self.state}/{self.group}"


@dataclass(frozen=True, slots=True)
class Transfer:
    """One person (by handle) who goes from a holder to a receiver in a stage and step."""

    handle: str
    sender: str
    to: str
    kind: Kind
    stage: int
    step: int
    value: int = 1


@dataclass(frozen=True, slots=True)
class Step:
    """A fixed sheet: the handles that each side gives in one step of the whole exchange."""

    stage: int
    number: int
    transfers: tuple[Transfer, ...]

    def out(self, side: str) -> frozenset[str]:
        """Handles that ``side`` releases in this step (those inside the balance)."""
        return frozenset(
            t.handle for t in self.transfers if t.sender == side and t.kind.group == "inside"
        )

    def incoming(self, side: str) -> frozenset[str]:
        """Handles that ``side`` receives in this step (those inside the balance)."""
        return frozenset(
            t.handle for t in self.transfers if t.to == side and t.kind.group == "inside"
        )

    def sides(self) -> frozenset[str]:
        """Every side that gives or receives in this step."""
        return frozenset(s for t in self.transfers for s in (t.sender, t.to))


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """A count of persons with one direction, kind, stage, step, attestation and outcome."""

    sender: str
    to: str
    category: str
    state: str
    group: str
    stage: int
    step: int
    attested_by: str
    outcome: str
    count: int
    value: int

    def to_json(self) -> dict[str, Any]:
        """The cell with the keys of ``position.json``."""
        shown = {"from": self.sender}
        shown |= {name: getattr(self, name) for name in self.__slots__ if name != "sender"}
        return shown


@dataclass(frozen=True, slots=True)
class Position:
    """What stands attested, by whom, with what is still owed; ``home`` beside the count."""

    as_of: str
    cells: tuple[Cell, ...] = ()
    owed: tuple[Mapping[str, Any], ...] = ()
    lead: Mapping[str, int] = field(default_factory=dict)
    largest_lead: Mapping[str, int] = field(default_factory=dict)
    conceded: Mapping[str, int] = field(default_factory=dict)
    step: int = 0
    home: tuple[Mapping[str, Any], ...] = ()
    complete: bool = False

    def count(self, **wanted: Any) -> int:
        """Persons in the cells that agree with every named field (``sender=``, ``stage=`` ...)."""
        return sum(
            cell.count
            for cell in self.cells
            if all(getattr(cell, name) == value for name, value in wanted.items())
        )

    def to_json(self) -> dict[str, Any]:
        """The document ``position.json``; see docs/reference/position.md."""
        return {
            "as_of": self.as_of,
            "cells": [cell.to_json() for cell in sorted(self.cells)],
            "owed": [dict(row) for row in self.owed],
            "lead": dict(self.lead),
            "largest_lead": dict(self.largest_lead),
            "conceded": dict(self.conceded),
            "step": self.step,
            "home": [dict(row) for row in self.home],
            "complete": self.complete,
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Position:
        """The position that ``to_json`` wrote; raises KeyError or TypeError on another shape."""
        cells = tuple(
            Cell(**{("sender" if k == "from" else k): v for k, v in cell.items()})
            for cell in document["cells"]
        )
        rest = {k: document[k] for k in ("as_of", "lead", "largest_lead", "conceded", "step")}
        return cls(
            cells=cells,
            owed=tuple(document["owed"]),
            home=tuple(document["home"]),
            complete=document["complete"],
            **rest,
        )
