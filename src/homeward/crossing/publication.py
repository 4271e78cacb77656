"""What of the position may be shown in public, and when."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from homeward.crossing.acts import HOLDER_KINDS, RECEIVER_KINDS, Act
from homeward.crossing.ledger import Ledger
from homeward.terms.kernel import Cell

SMALLEST_CLASS = 10
_AT_THE_LINE = HOLDER_KINDS | RECEIVER_KINDS | {"step-closed"}


def publishable(ledger: Ledger, sides: Sequence[str]) -> Iterable[Act]:
    """The acts of stages that every side closed and whose receivers all signed ``in-safety``."""
    parties: dict[int, set[str]] = defaultdict(set)
    receivers: dict[int, set[str]] = defaultdict(set)
    for act in ledger:
        if act.kind in _AT_THE_LINE and act.stage is not None:
            parties[act.stage] |= {act.author, act.sender or act.author, act.to or act.author}
            if act.kind == "received":
                receivers[act.stage].add(act.author)
    closed, safe = _signers(ledger, "stage-closed"), _signers(ledger, "in-safety")
    shown = {
        stage
        for stage, present in parties.items()
        if closed[stage] >= present & set(sides) and safe[stage] >= receivers[stage]
    }
    for act in ledger:
        if act.kind not in _AT_THE_LINE or act.stage in shown:
            yield act


def _signers(ledger: Ledger, kind: str) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for act in ledger.of_kind(kind):
        if act.stage is not None:
            found[act.stage].add(act.author)
    return found


def without_small_classes(cells: Iterable[Cell], *, ended: bool) -> tuple[Cell, ...]:
    """Cells added up to stages; a class of fewer than ten in a direction and stage waits.

    When the exchange has ended, what waited is shown as one sum, with stage 0.
    """
    size: Counter[tuple[str, ...]] = Counter()
    stages = [replace(cell, step=0) for cell in cells]
    for cell in stages:
        size[_class_of(cell)] += cell.count
    shown: Counter[Cell] = Counter()
    for cell in stages:
        small = size[_class_of(cell)] < SMALLEST_CLASS
        if small and not ended:
            continue
        place = replace(cell, stage=0 if small else cell.stage, count=0, value=0)
        shown[place] += cell.count
    return tuple(sorted(replace(c, count=n, value=n) for c, n in shown.items()))


def _class_of(cell: Cell) -> tuple[str, ...]:
    return cell.sender, cell.to, cell.category, cell.state, cell.group, str(cell.stage)
