"""Which pairs to put to an officer first: those whose answer settles most."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from homeward.people.pairs import Pair


@dataclass(frozen=True, slots=True)
class Question:
    """A pair for review, how much its answer settles (bits), and how many other pairs share a
    line with it: a yes answers those too."""

    pair: Pair
    settles: float
    beside: int


def questions(review: Iterable[Pair]) -> tuple[Question, ...]:
    """The pairs for review, the one whose answer settles most first.

    An answer settles the doubt of its own pair, and with a yes, as probable as the pair, that of
    every pair that shares a line with it: H(p) + p * sum of H(others), H in bits (Shannon 1948).
    """
    pairs = sorted(review, key=lambda pair: (pair.sought_id, pair.held_id))
    of_line: dict[tuple[int, str], list[Pair]] = defaultdict(list)
    for pair in pairs:
        of_line[0, pair.sought_id].append(pair)
        of_line[1, pair.held_id].append(pair)
    asked = []
    for pair in pairs:
        others = [
            other
            for line in ((0, pair.sought_id), (1, pair.held_id))
            for other in of_line[line]
            if other is not pair
        ]
        doubt = math.fsum(_doubt(other.probability) for other in others)
        settles = round(_doubt(pair.probability) + pair.probability * doubt, 9)
        asked.append(Question(pair, settles, len(others)))
    return tuple(sorted(asked, key=lambda one: -one.settles))


def _doubt(p: float) -> float:
    """Shannon's entropy of a yes or no, in bits."""
    return -sum(q * math.log2(q) for q in (p, 1 - p) if q > 0)
