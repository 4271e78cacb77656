"""What each log had seen of the others: the only order that signatures prove.

A header names only those logs of which its author saw more than it had said before, so what an
entry knew is read from its own log up to it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from homeward.crossing.acts import Act, order_of


class Sightings:
    """How many entries of another log stood signed for when an act was written."""

    def __init__(self, acts: Iterable[Act]) -> None:
        self._acts = acts

    @cached_property
    def _rows(self) -> dict[tuple[str, str], list[tuple[int, int]]]:
        found: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        for act in sorted((act for act in self._acts if act.seen), key=order_of):
            for log, size in act.seen:
                rows = found[act.log, log]
                rows.append((act.seq, max(size, rows[-1][1] if rows else 0)))
        return found

    def size(self, act: Act, log: str) -> int:
        """Entries of ``log`` that the author of ``act`` had signed for by then, if it says so."""
        rows = self._rows.get((act.log, log), [])
        place = bisect_right(rows, act.seq, key=lambda row: row[0])
        return rows[place - 1][1] if place else 0

    def precedes(self, earlier: Act, later: Act) -> bool:
        """Whether ``later`` was surely signed with ``earlier`` in hand, or by the same hand.

        A writer's later epoch comes after all of its earlier ones. False proves nothing.
        """
        if (earlier.author, earlier.writer) == (later.author, later.writer):
            return (earlier.epoch, earlier.seq) < (later.epoch, later.seq)
        return later.prior == earlier.hash or self.size(later, earlier.log) > earlier.seq
