"""Which pairs are looked at: lines that share a bucket.

Every line goes into some twenty buckets, each made of two or three facts, so that any one or two
of them may be wrong. Buckets that would hold too many pairs to tell anybody apart are skipped.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

MOST_PAIRS = 1_000  # in one bucket; more would be a crowd of namesakes
SHORTEST = 4  # surnames shorter than this have no letters to lose


def candidates(
    left: Sequence[dict[str, Any]], right: Sequence[dict[str, Any]]
) -> list[tuple[int, int]]:
    """Pairs of positions that share a bucket, sorted."""
    known: dict[str, list[int]] = defaultdict(list)
    for at, row in enumerate(left):
        for bucket in set(buckets(row)):
            known[bucket].append(at)
    found: dict[str, list[int]] = defaultdict(list)
    for at, row in enumerate(right):
        for bucket in set(buckets(row)):
            if bucket in known:
                found[bucket].append(at)
    width = len(right)
    pairs: set[int] = set()
    for bucket, others in found.items():
        mine = known[bucket]
        if len(mine) * len(others) <= MOST_PAIRS:
            pairs.update(one * width + other for one in mine for other in others)
    return [divmod(pair, width) for pair in sorted(pairs)]


def buckets(row: dict[str, Any]) -> Iterator[str]:
    """The buckets of one prepared row."""
    surname, given, father = row["sur"], row["giv"], row["fat"]
    year, monthday = row["year"], row["monthday"]
    if row["date"]:
        if not row["default"]:
            yield f"date {min(row['date'], row['swapped'])}"
        for initial in row["ginit"] or ():
            yield f"date {row['date']} {initial}"
    if surname:
        yield from _by_surname(row, surname)
    if given and father:
        yield f"gf {given} {father} {year}"
        if monthday:
            yield f"gf {given} {father} {monthday}"
    for given in row["givs"]:
        if surname:
            yield "names " + " ".join(sorted((surname, given)))
            if row["unit"]:
                yield f"unit {row['unit']} {given}"
    if row["svc"]:
        yield f"svc {row['svc']}"
    yield from _by_skeleton(row)


def _by_skeleton(row: dict[str, Any]) -> Iterator[str]:
    """Buckets across scripts that write no vowels."""
    for skeleton in row["ssk"]:
        for given in row["gsk"] or [""]:
            yield f"skeleton {skeleton} {given}"
        if row["year"]:
            yield f"skeleton {skeleton} {row['year']}"
        if row["date"] is None and not row["gsk"]:
            yield f"skeleton {skeleton}"
    if row["ssk1"]:
        for given in row["gsk"]:
            yield f"skeleton {row['ssk1'][:2]} {given}"
        for shorter in _shorter(row["ssk1"]):
            for given in row["gsk"][:4]:
                yield f"skeleton less {shorter} {given}"
            if row["monthday"]:
                yield f"skeleton less {shorter} {row['monthday']}"


def _shorter(word: str) -> set[str]:
    """The word, and the word with each one of its letters left out."""
    return {word[:at] + word[at + 1 :] for at in range(len(word))} | {word}


def _by_surname(row: dict[str, Any], surname: str) -> Iterator[str]:
    year, monthday, father = row["year"], row["monthday"], row["fat"]
    for reading in row["surs"]:
        yield f"s {reading}"
    for part in row["parts"]:
        yield f"part {part} {year}"
        yield f"part {part} {row['giv']}"
    if father:
        yield f"sf {row['loose']} {father}"
    if row["skel"] and len(row["skel"]) > 2:
        yield f"k {row['skel']} {year}"
        yield f"k {row['skel']} {row['giv']}"
        if monthday:
            yield f"k {row['skel']} {monthday}"
    if len(surname) >= SHORTEST:
        for shorter in _shorter(surname):
            for given in row["givs"]:
                yield f"less {shorter} {given}"
            for initial in row["ginit"] or ():
                if year:
                    yield f"less {shorter} {initial} {year}"
