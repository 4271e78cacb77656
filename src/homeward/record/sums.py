"""The counts that a closing signs, so that a header left out of a public copy shows.

``own/<kind>`` is the number of entries of that public kind in the log before the closing, and
``size/<log>`` how much of another log its author held then. What other sums mean is not asked here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

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


def check_sums(log: Log, logs: Mapping[str, Log]) -> Iterator[Problem]:
    """Every closing's counts against the entries; a note where headers are withheld."""
    counted: Counter[str] = Counter()
    for entry in log.entries:
        withheld = entry.seq - counted.total()
        for name, count in (entry.sums or {}).items():
            if name.startswith(OWN):
                shown = counted[name.removeprefix(OWN)]
                yield from _check_own(entry, name, count, shown, withheld)
            elif name.startswith(SIZE):
                other = logs.get(name.removeprefix(SIZE))
                if other is not None and len(other.tree) < count:
                    place = f"{other.name}/checkpoint"
                    yield Problem("record.tail-cut", place, str(len(other.tree)), str(count))
        counted[entry.kind] += 1


def _check_own(entry: Entry, name: str, count: int, shown: int, withheld: int) -> Iterator[Problem]:
    if shown == count:
        return
    if shown < count <= shown + withheld:
        yield Problem("record.headers-withheld", entry.place, name, str(count), level="note")
    else:
        yield Problem("record.sums-differ", entry.place, f"{name}={count}", f"{name}={shown}")
