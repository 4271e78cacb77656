"""Which lines of two lists are about the same person."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from homeward.people import engines
from homeward.people.blocking import candidates
from homeward.people.columns import prepare, scripts_of
from homeward.people.competing import held_back, probabilities
from homeward.people.line import Line
from homeward.people.linking import Seen, weigh
from homeward.people.pairs import Answer, Matching, Pair

SAME_AT = 0.99
REVIEW_AT = 0.1
SHOWN_AT = 0.01  # less probable pairs are not listed at all


def propose(
    sought: Sequence[Line],
    held: Sequence[Line],
    *,
    same_at: float = SAME_AT,
    review_at: float = REVIEW_AT,
    seed: int = 0,
    engine: str = "duckdb",
) -> Matching:
    """Propose which lines are the same person; every pair with a probability and its reasons.

    ``same`` pairs have at least ``same_at`` and nothing that holds them back (a name alone, a
    contradiction); ``review`` pairs at least ``review_at``. The lists may be in different scripts
    and any of them may lack whole columns. The same lines give the same answer in any order, and
    nothing is drawn by lot (``seed`` is taken so that every verb of a run may be handed one).
    Raises Refused for an ``engine`` that is not installed.
    """
    del seed
    chosen = engines.engine(engine)
    started = time.perf_counter()
    left, right = _sorted(sought), _sorted(held)
    scripts = tuple(sorted(scripts_of(left) | scripts_of(right)))
    rows, others = prepare(left, scripts), prepare(right, scripts)
    evidence = weigh(rows, others, candidates(rows, others), chosen)
    found: dict[Answer, list[Pair]] = {"same": [], "review": [], "different": []}
    believed = probabilities(evidence, len(left) + len(right))
    for at in map(int, np.flatnonzero(believed >= min(SHOWN_AT, review_at))):
        seen, probability = evidence.seen(at), float(believed[at])
        kept = held_back(seen)
        answer = _answer(probability, kept, same_at, review_at)
        reasons = _reasons(seen, kept if probability >= same_at else "")
        ids = left[evidence.left[at]].id, right[evidence.right[at]].id
        found[answer].append(Pair(*ids, probability, answer, reasons))
    same, review, different = (tuple(found[k]) for k in ("same", "review", "different"))
    return Matching(same, review, different, time.perf_counter() - started)


def _sorted(lines: Sequence[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (line.id, tuple(line.cells().values())))


def _answer(probability: float, kept: str, same_at: float, review_at: float) -> Answer:
    if probability >= same_at and not kept:
        return "same"
    return "review" if probability >= review_at else "different"


def _reasons(seen: Sequence[Seen], kept: str) -> tuple[str, ...]:
    """Field codes with bits for or against; last what speaks against deciding, if anything."""
    reasons = [
        f"{one.field}:{one.level}" + (f"{one.bits:+.1f}" if one.level != "omitted" else "")
        for one in seen
        if one.level != "omitted" or one.field in ("birth_date", "patronymic", "given_name")
    ]
    if kept:
        reasons.append(f"held-back:{kept}")
    return tuple(reasons)
