"""Proposed pairs, decisions beside them, and how good they are against a known truth."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from homeward.people.cells import guarded, tidy

Answer = Literal["same", "review", "different"]
HEADER = ("sought_id", "held_id", "probability", "decision", "reasons")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two lines that may be the same person; ``reasons`` are field codes with their weights.

    A reason reads ``birth_date:exact+11.2``: the field, what was seen, and the evidence in
    bits (powers of two) for (+) or against (-) the same person. No reason holds a name.
    """

    sought_id: str
    held_id: str
    probability: float
    decision: Answer
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Matching:
    """What comparing two lists gave; every pair not listed is taken as different."""

    same: tuple[Pair, ...]
    review: tuple[Pair, ...]
    different: tuple[Pair, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and their harmonic mean, each 0 to 1."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's answer for one pair, kept beside the lines: who, when (ISO 8601) and why."""

    sought_id: str
    held_id: str
    same: bool
    signed_by: str
    at: str = ""
    note: str = ""
    withdrawn: bool = False


def score(pairs: Iterable[Pair | tuple[str, str]], gold: Iterable[tuple[str, str]]) -> Score:
    """How the pairs compare with the true ones, both as (sought id, held id).

    >>> score([("a", "x"), ("b", "y")], [("a", "x"), ("c", "z")])
    Score(precision=0.5, recall=0.5, f1=0.5)
    """
    said = {(p.sought_id, p.held_id) if isinstance(p, Pair) else (p[0], p[1]) for p in pairs}
    true = {(a, b) for a, b in gold}
    right = len(said & true)
    precision = right / len(said) if said else 1.0
    recall = right / len(true) if true else 1.0
    both = precision + recall
    return Score(precision, recall, 2 * precision * recall / both if both else 0.0)


def read_gold(text: str) -> tuple[tuple[str, str], ...]:
    """The pairs of a gold file: columns sought_id and held_id; raises KeyError without them."""
    rows = csv.DictReader(io.StringIO(text))
    return tuple((tidy(row["sought_id"]), tidy(row["held_id"])) for row in rows)


def write_pairs(pairs: Iterable[Pair]) -> str:
    """The pairs as CSV: sought_id,held_id,probability,decision,reasons (;-separated).

    An id that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(HEADER)
    for pair in pairs:
        table.writerow(
            (
                guarded(pair.sought_id),
                guarded(pair.held_id),
                f"{pair.probability:.6f}",
                pair.decision,
                ";".join(pair.reasons),
            )
        )
    return out.getvalue()


def decide(
    decisions: Sequence[Decision],
    sought_id: str,
    held_id: str,
    *,
    same: bool,
    signed_by: str,
    at: str = "",
    note: str = "",
) -> tuple[Decision, ...]:
    """The decisions with one more; the latest about a pair stands. Lines are never changed."""
    return (*decisions, Decision(sought_id, held_id, same, signed_by, at, note))


def withdraw(
    decisions: Sequence[Decision],
    sought_id: str,
    held_id: str,
    *,
    signed_by: str,
    at: str = "",
    note: str = "",
) -> tuple[Decision, ...]:
    """The decisions with the one about a pair taken back; raises KeyError if there is none."""
    for latest in reversed(decisions):
        if (latest.sought_id, latest.held_id) == (sought_id, held_id):
            if latest.withdrawn:
                break
            return (
                *decisions,
                Decision(sought_id, held_id, latest.same, signed_by, at, note, withdrawn=True),
            )
    raise KeyError("no decision stands for this pair")


def standing(pairs: Iterable[Pair], decisions: Sequence[Decision]) -> tuple[tuple[str, str], ...]:
    """The pairs that count as the same person: proposed as ``same`` unless a person said
    otherwise, and those a person said are; sorted by id."""
    found = {(pair.sought_id, pair.held_id) for pair in pairs if pair.decision == "same"}
    latest = {(d.sought_id, d.held_id): d for d in decisions}
    for key, decision in latest.items():
        if not decision.withdrawn:
            (found.add if decision.same else found.discard)(key)
    return tuple(sorted(found))
