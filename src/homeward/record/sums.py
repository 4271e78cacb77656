"""The counts that a closing signs, so that a header left out of a public copy shows.

``own/<kind>`` is the number of entries of that public kind in the log before the closing, and
``size/<log>`` how much of another log its author held then. What other sums mean is not asked here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from homeward.problem import Problem
from homeward.record.entry import Entry
from homeward.record.log import Log

OWN, SIZE = "own/", "size/"


def closing_sums(log: Log, logs: Mapping[str, Log]) -> dict[str, int]:
    """The sums that the next entry of ``log`` may sign over what is held."""
    counted = Counter(entry.kind for entry in log.entries if entry.public)
    sizes = {name: len(each.tree) for name, each in logs.items() if each.entries}
    own = {OWN + kind: count for kind, count in counted.items()}
    return own | {SIZE + name: size for name, size in sizes.items() if name != log.name}


@dataclass(frozen=True, slots=True)
class Counted:
    """A closing's counts, and what its own stretch of the log showed of them before it."""

    place: str
    own: Mapping[str, int]
    sizes: Mapping[str, int]
    shown: Mapping[str, int]
    withheld: int


def counted_sums(entry: Entry, kinds: Counter[str], withheld: int) -> Counted | None:
    """The counts an entry signs, beside those of ``kinds``; None when it signs none."""
    named = entry.sums or {}
    own = {name.removeprefix(OWN): n for name, n in named.items() if name.startswith(OWN)}
    sizes = {name.removeprefix(SIZE): n for name, n in named.items() if name.startswith(SIZE)}
    if not own and not sizes:
        return None
    return Counted(entry.place, own, sizes, {kind: kinds[kind] for kind in own}, withheld)


@dataclass(slots=True)
class Tally:
    """The counts of one log's closings, taken in stretch by stretch."""

    kinds: Counter[str] = field(default_factory=Counter)
    withheld: int = 0
    said: list[Problem | tuple[str, int]] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)

    def take(self, sums: list[Counted], kinds: Counter[str], withheld: int) -> None:
        """Judge the closings of a stretch, then add what the stretch held."""
        for each in sums:
            for kind, count in each.own.items():
                shown = self.kinds[kind] + each.shown[kind]
                problem = _own(each.place, kind, count, shown, self.withheld + each.withheld)
                if problem is not None:
                    self.said.append(problem)
            for name, size in each.sizes.items():
                if size > self.sizes.get(name, 0):
                    self.sizes[name] = size
                    self.said.append((name, size))
        self.kinds += kinds
        self.withheld += withheld

    def check(self, logs: Mapping[str, Log]) -> Iterator[Problem]:
        """Every count that differs; a note where headers are withheld."""
        for each in self.said:
            if isinstance(each, Problem):
                yield each
                continue
            name, size = each
            other = logs.get(name)
            if other is not None and len(other.tree) < size:
                place = f"{name}/checkpoint"
                yield Problem("record.tail-cut", place, str(len(other.tree)), str(size))


def _own(place: str, kind: str, count: int, shown: int, withheld: int) -> Problem | None:
    if shown == count:
        return None
    if shown < count <= shown + withheld:
        return Problem("record.headers-withheld", place, OWN + kind, str(count), level="note")
    return Problem("record.sums-differ", place, f"{OWN}{kind}={count}", f"{OWN}{kind}={shown}")
