"""Which pairs are looked at: lines that share a bucket.

Every line goes into some twenty buckets, each made of two or three facts, so that any one or two
of them may be wrong, and into some of one fact alone, asked only where few share it. Buckets that
would hold too many pairs to tell anybody apart are skipped.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from homeward.people.folding import shorter

MOST_PAIRS = 1_000  # in one bucket; more would be a crowd of namesakes
FEW_PAIRS = 16  # in a bucket of one fact alone
SHORTEST = 4  # surnames shorter than this have no letters to lose
_AT_ONCE = 500_000  # pairs written down before doubles among them are dropped

Positions = NDArray[np.int64]
Rows = Sequence[dict[str, Any]]
Buckets = Callable[[dict[str, Any]], Iterator[str]]


def candidates(left: Rows, right: Rows) -> tuple[Positions, Positions]:
    """Pairs of positions (in ``left``, in ``right``) that share a bucket, sorted, none twice."""
    pairs = np.union1d(
        _sharing(left, right, buckets, MOST_PAIRS), _sharing(left, right, alone, FEW_PAIRS)
    )
    return (pairs // len(right), pairs % len(right)) if len(pairs) else (pairs, pairs)


def _sharing(left: Rows, right: Rows, of: Buckets, most: int) -> Positions:
    """The pairs that share a bucket of at most so many, each as ``left * len(right) + right``."""
    (mine, marks), (theirs, others) = _owners(left, of), _owners(right, of)
    found, at, other = np.intersect1d(marks, others, assume_unique=False, return_indices=True)
    sizes = np.searchsorted(marks, found, "right") - at
    widths = np.searchsorted(others, found, "right") - other
    told = sizes * widths <= most
    groups = (at[told], other[told], widths[told], (sizes * widths)[told])
    return _products(mine, theirs, groups, len(right))


def _owners(rows: Rows, of: Buckets) -> tuple[Positions, Positions]:
    """Whose bucket it is and the bucket as a number, sorted by the number.

    Buckets of two texts with one number would only have a few pairs more looked at.
    """
    owners, marks = array("q"), array("q")
    for at, row in enumerate(rows):
        own = {hash(bucket) for bucket in of(row)}
        marks.extend(own)
        owners.extend([at] * len(own))
    numbers = np.frombuffer(marks, np.int64) if marks else np.zeros(0, np.int64)
    order = np.argsort(numbers, kind="stable")
    return np.array(owners, np.int64)[order], numbers[order]


def _products(
    mine: Positions, theirs: Positions, groups: tuple[Positions, ...], width: int
) -> Positions:
    """Every pair of every group as one number, ``left * width + right``."""
    starts, others, widths, totals = groups
    ends = np.cumsum(totals)
    pieces = [np.zeros(0, np.int64)]
    first = 0
    while first < len(totals):
        done = ends[first - 1] if first else 0
        last = max(first + 1, int(np.searchsorted(ends, done + _AT_ONCE)))
        part = slice(first, last)
        group = np.repeat(np.arange(last - first), totals[part])
        place = np.arange(totals[part].sum()) - np.repeat(
            ends[part] - totals[part] - done, totals[part]
        )
        one = mine[starts[part][group] + place // widths[part][group]]
        other = theirs[others[part][group] + place % widths[part][group]]
        pieces.append(np.unique(one * width + other))
        first = last
    return np.unique(np.concatenate(pieces))


def buckets(row: dict[str, Any]) -> Iterator[str]:
    """The buckets of one prepared row."""
    surname, given, father = row["sur"], row["giv"], row["fat"]
    year, monthday = row["year"], row["monthday"]
    if row["date"]:
        day = row["date"] if row["default"] else min(row["date"], row["swapped"])
        # Either name may be spoilt from its first letter on, or stand in the other's place.
        for initial in {*(row["ginit"] or ()), *(surname or "")[:1]}:
            yield f"date {day} {initial}"
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


def alone(row: dict[str, Any]) -> Iterator[str]:
    """Buckets of one fact alone, for those of whom nothing else is told or told rightly."""
    if row["date"]:
        yield f"date {min(row['date'], row['swapped'])}"
    for reading in row["surs"]:
        yield f"s {reading}"


def _by_skeleton(row: dict[str, Any]) -> Iterator[str]:
    """Buckets across scripts that write no vowels."""
    for skeleton in row["ssk"]:
        for given in row["gsk"] or [""]:
            yield "skeleton " + " ".join(sorted((skeleton, given)))
        if row["year"]:
            yield f"skeleton {skeleton} {row['year']}"
        if row["date"] is None and not row["gsk"]:
            yield f"skeleton {skeleton}"
    if row["ssk1"]:
        for given in row["gsk"]:
            yield f"skeleton {row['ssk1'][:2]} {given}"
        for less in shorter(row["ssk1"]):
            for given in row["gsk"][:4]:
                yield f"skeleton less {less} {given}"
            if row["monthday"]:
                yield f"skeleton less {less} {row['monthday']}"


def _by_surname(row: dict[str, Any], surname: str) -> Iterator[str]:
    year, monthday, father = row["year"], row["monthday"], row["fat"]
    for reading in row["surs"]:
        for initial in row["ginit"] or ("",):
            yield f"s {reading} {initial}"
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
        for less in shorter(surname):
            for given in row["givs"]:
                yield f"less {less} {given}"
            for initial in row["ginit"] or ():
                if year:
                    yield f"less {less} {initial} {year}"
