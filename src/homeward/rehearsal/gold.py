"""gold.csv: which two lines are one person, in an exchange whose people are invented."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from homeward.problem import Problem

COLUMNS = ["sought_side", "sought_id", "held_side", "held_id"]
_SHOWN = 80


@dataclass(frozen=True, slots=True)
class GoldPair:
    """A true pair: who is looked for by one side is this person, held by another."""

    seeker: str
    sought_id: str
    holder: str
    held_id: str


def read_gold(
    text: str,
    moves: Collection[tuple[str, str]] | None,
    ids: Mapping[tuple[str, str], Collection[str]],
    place: str = "gold.csv",
) -> tuple[tuple[GoldPair, ...], tuple[Problem, ...]]:
    """The pairs in ``text`` and every problem found.

    ``moves`` (holder, receiver) and ``ids``, of each side's ``held`` and ``sought``, are what can
    be looked up; what is not known is not asked of a pair.
    """
    rows = csv.reader(io.StringIO(text, newline=""))
    pairs: list[GoldPair] = []
    problems: list[Problem] = []
    seen: dict[tuple[str, str, str], int] = {}
    try:
        header = [cell.strip() for cell in next(rows, [])]
        if header != COLUMNS:
            found, wanted = ",".join(header)[:_SHOWN], ",".join(COLUMNS)
            hint = "write these four columns, in this order"
            return (), (Problem("rehearsal.gold-columns", f"{place}:row 1", found, wanted, hint),)
        for number, row in enumerate(rows, 2):
            where = f"{place}:row {number}"
            if not row:
                continue
            if len(row) != len(COLUMNS):
                found, hint = f"{len(row)} cells", "one cell for each column"
                problems.append(Problem("rehearsal.gold-row", where, found, "4 cells", hint))
                continue
            pair = GoldPair(*(cell.strip() for cell in row))
            problems += _wrong(pair, where, moves, ids)
            problems += _again(pair, where, number, seen)
            pairs.append(pair)
    except csv.Error:
        where, hint = f"{place}:row {rows.line_num}", "is a quotation mark left open?"
        problems.append(Problem("rehearsal.gold-row", where, "no table", "4 cells", hint))
    return tuple(pairs), tuple(problems)


def _wrong(
    pair: GoldPair,
    place: str,
    moves: Collection[tuple[str, str]] | None,
    ids: Mapping[tuple[str, str], Collection[str]],
) -> Iterator[Problem]:
    if moves is not None and (pair.holder, pair.seeker) not in moves:
        found = f"{pair.holder} to {pair.seeker}"[:_SHOWN]
        wanted = ", ".join(f"{sender} to {to}" for sender, to in moves)
        hint = "who holds a person and who looks for them are the two ends of a move"
        yield Problem("rehearsal.gold-move", place, found, wanted, hint)
        return
    for side, which, identity in (
        (pair.seeker, "sought", pair.sought_id),
        (pair.holder, "held", pair.held_id),
    ):
        known = ids.get((side, which))
        if known is not None and identity not in known:
            wanted, hint = f"an id of {side}/{which}.csv", "correct the id, or take the row out"
            yield Problem("rehearsal.gold-id", place, identity[:_SHOWN], wanted, hint)


def _again(
    pair: GoldPair, place: str, number: int, seen: dict[tuple[str, str, str], int]
) -> Iterator[Problem]:
    """A line is one person: it is in one pair of one list."""
    for line in (
        (pair.seeker, "sought", pair.sought_id),
        (pair.holder, "held", pair.held_id),
    ):
        if line in seen:
            wanted, hint = f"once; first in row {seen[line]}", "a line is one person: keep one row"
            yield Problem("rehearsal.gold-twice", place, line[2][:_SHOWN], wanted, hint)
        else:
            seen[line] = number
