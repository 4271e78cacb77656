"""What was promised and how it stands: who owes what, since when, on whose word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from homeward.claims.lists import STATES
from homeward.claims.model import Commitment
from homeward.words import say


@dataclass(frozen=True, slots=True)
class PromiseReport:
    """Every commitment known at ``at``, those first that are still open, and the sums of each."""

    at: datetime
    rows: tuple[Commitment, ...]
    sums: Mapping[str, Mapping[str, int]]

    def to_json(self, language: str = "en") -> dict[str, Any]:
        """``at``, the sums by who owes and state, and the commitments."""
        return {
            "at": self.at.isoformat(),
            "sums": {owner: dict(states) for owner, states in self.sums.items()},
            "commitments": [row.to_json(language) for row in self.rows],
        }

    def lines(self, language: str = "en") -> tuple[tuple[str, ...], ...]:
        """One row of words for each commitment: who, what, since, on whose word, state, due."""
        return tuple(_line(row, language) for row in self.rows)


def promise_report(commitments: Iterable[Commitment], at: datetime) -> PromiseReport:
    """The commitments known by ``at`` in the order of their state, then of their age."""
    known = [row for row in commitments if row.since <= at]
    order = {state: n for n, state in enumerate(_ORDER)}
    rows = tuple(sorted(known, key=lambda row: (order[row.state], row.since, row.id)))
    return PromiseReport(at, rows, _sums(rows))


# What still binds somebody stands first, what came to nothing next, what is done last.
_ORDER = ("open", "partly", "lapsed", "withdrawn", "not_agreed", "kept")
assert set(_ORDER) == set(STATES), "every state has its place"


def _sums(rows: Sequence[Commitment]) -> dict[str, dict[str, int]]:
    owners = sorted({owner for row in rows for owner in row.owed_by})
    return {
        owner: dict(sorted(Counter(r.state for r in rows if owner in r.owed_by).items()))
        for owner in owners
    }


def _line(row: Commitment, language: str) -> tuple[str, ...]:
    due = row.window.end.isoformat() if row.window and row.window.end else ""
    share = f" ({row.done}/{row.of})" if row.of is not None else ""
    return (
        ", ".join(row.owed_by) or say("claims.owed_by_nobody", language),
        row.what,
        row.since.date().isoformat(),
        row.word_of.say(language),
        say(f"claims.state.{row.state}", language) + share,
        due,
    )
