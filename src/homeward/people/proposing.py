"""Which lines of two lists are about the same person."""

from __future__ import annotations

import time
from collections.abc import Sequence

from homeward.people.blocking import candidates
from homeward.people.columns import prepare, scripts_of
from homeward.people.competing import held_back, probabilities
from homeward.people.line import Line
from homeward.people.linking import Scored, score_pairs
from homeward.people.pairs import Answer, Matching, Pair
from homeward.problem import Problem, Refused

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
    if engine != "duckdb":
        raise Refused([Problem("people.engine-missing", "match", engine, "duckdb")])
    started = time.perf_counter()
    left, right = _sorted(sought), _sorted(held)
    scripts = tuple(sorted(scripts_of(left) | scripts_of(right)))
    rows, others = prepare(left, scripts), prepare(right, scripts)
    scored = score_pairs(rows, others, candidates(rows, others))
    found: dict[Answer, list[Pair]] = {"same": [], "review": [], "different": []}
    believed = probabilities(scored, len(left) + len(right))
    for pair, probability in zip(scored, believed, strict=True):
        if probability >= min(SHOWN_AT, review_at):
            kept = held_back(pair.seen)
            answer = _answer(probability, kept, same_at, review_at)
            reasons = _reasons(pair, kept if probability >= same_at else "")
            ids = left[pair.left].id, right[pair.right].id
            found[answer].append(Pair(*ids, probability, answer, reasons))
    same, review, different = (tuple(found[k]) for k in ("same", "review", "different"))
    return Matching(same, review, different, time.perf_counter() - started)


def _sorted(lines: Sequence[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (line.id, tuple(line.cells().values())))


def _answer(probability: float, kept: str, same_at: float, review_at: float) -> Answer:
    if probability >= same_at and not kept:
        return "same"
    return "review" if probability >= review_at else "different"


def _reasons(pair: Scored, kept: str) -> tuple[str, ...]:
    """Field codes with bits for or against; last what speaks against deciding, if anything."""
    reasons = [
        f"{seen.field}:{seen.level}" + (f"{seen.bits:+.1f}" if seen.level != "omitted" else "")
        for seen in pair.seen
        if seen.level != "omitted" or seen.field in ("birth_date", "patronymic", "given_name")
    ]
    if kept:
        reasons.append(f"held-back:{kept}")
    return tuple(reasons)
