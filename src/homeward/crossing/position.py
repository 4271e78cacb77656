"""Folds any set of logs into what stands attested, by whom. Headers are enough."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from homeward.crossing.acts import Act, Signed, acts_of, kind_of
from homeward.crossing.lead import tally
from homeward.crossing.ledger import Ledger
from homeward.crossing.publication import publishable, without_small_classes
from homeward.terms.kernel import Cell, Position

# from, to, class, stage, step: what a holder's and a receiver's word must agree on to be one.
Where = tuple[str, str, str | None, int, int]
Word = tuple[Where, str]
_NOT_PERSONS = frozenset({"asset", "act"})
_HOLDER = {"released": "transferred", "not-released": "not_transferred"}
_RECEIVER = {
    "received": "transferred",
    "not-received": "not_transferred",
    "conceded": "not_transferred",
}


def position(
    entries: Iterable[Signed | Act],
    *,
    sides: Sequence[str],
    terms: Any = None,
    as_of: str = "",
    step: int | None = None,
    public: bool = False,
    past_long_stop: bool = False,
) -> Position:
    """Fold acts into the position; in which order they come, and how often, does not matter.

    ``sides`` are those that give or receive. ``terms`` add what is owed and left. ``step`` is the
    agreed size of a step (default: that of the terms). ``public`` keeps to what may be published:
    stages that all closed and whose receivers signed ``in-safety`` (all stages, once it is
    ``past_long_stop``), nothing below a stage, small classes only as their sum at the end.
    """
    ledger = Ledger(acts_of(entries))
    whole = cells_of(ledger)
    owed = owed_of(terms, whole)
    complete = _is_complete(owed)
    cells = whole
    if public:
        if not past_long_stop:
            ledger = Ledger(publishable(ledger, sides))
            cells = cells_of(ledger)
        cells = without_small_classes(cells, ended=complete or past_long_stop)
        owed = owed_of(terms, cells)
    counted = {side: tally(ledger, side) for side in sorted(sides)}
    size = step if step is not None else getattr(terms, "step", None)
    return Position(
        as_of=as_of,
        cells=cells,
        owed=owed,
        lead={side: one.lead for side, one in counted.items()},
        largest_lead={side: one.largest for side, one in counted.items()},
        conceded={side: one.conceded for side, one in counted.items()},
        step=size or 0,
        home=() if public else home_of(ledger),
        complete=complete,
    )


def cells_of(ledger: Ledger) -> tuple[Cell, ...]:
    """Counts by direction, class, stage and step, split by whose word they rest on.

    A person counts as attested by both only where the holder and the receiver agree on the
    direction, the class, the stage, the step and the outcome. Who contradicts itself attests
    nothing until it corrects itself.
    """
    counts: Counter[tuple[Where, str, str]] = Counter()
    for handle in ledger.handles():
        words = ledger.words(handle)
        holders = _voices(words, _HOLDER)
        receivers = _voices(words, _RECEIVER)
        for word in holders & receivers:
            counts[(*word, "both")] += 1
        for word in holders - receivers:
            counts[(*word, "holder")] += 1
        for word in receivers - holders:
            counts[(*word, "receiver")] += 1
    return tuple(sorted(_cell(*key, count) for key, count in counts.items()))


def _voices(words: Sequence[Act], outcomes: Mapping[str, str]) -> set[Word]:
    """What each author says about one person in one role; nothing where it says two things."""
    said: dict[str, set[Word]] = {}
    arrived = {act.author for act in words if act.kind == "received"}
    for act in words:
        outcome = outcomes.get(act.kind)
        if outcome is None or (act.kind == "conceded" and act.author in arrived):
            continue  # a person given up may still arrive: the receipt is the later word
        where = (act.sender or "", act.to or "", act.cls, act.stage or 0, act.step or 0)
        said.setdefault(act.author, set()).add((where, outcome))
    return {word for own in said.values() if len(own) == 1 for word in own}


def _cell(where: Where, outcome: str, attested: str, count: int) -> Cell:
    sender, to, cls, stage, step = where
    kind = kind_of(cls)
    place = (sender, to, kind.category, kind.state, kind.group, stage, step)
    return Cell(*place, attested, outcome, count, count)


def owed_of(terms: Any, cells: Iterable[Cell]) -> tuple[Mapping[str, Any], ...]:
    """Each obligation with what both sides attested towards it, in heads; empty without terms.

    ``agreed`` is None where the terms give no one number of persons: for an obligation that
    follows from something else, and for one that is not about persons at all. So is ``left``,
    unless a least number is named, as in "at least".
    """
    if terms is None:
        return ()
    done = [c for c in cells if c.attested_by == "both" and c.outcome == "transferred"]
    rows = []
    for owed in terms.obligations:
        persons = _of_persons(owed.state)
        least = owed.least if persons else None
        count = sum(cell.count for cell in done if _answers(cell, owed))
        rows.append(
            {
                "obligation": owed.id,
                "from": owed.sender,
                "to": owed.to,
                "category": owed.category,
                "state": owed.state,
                "group": owed.group,
                "agreed": owed.count if persons else None,
                "done": count,
                "left": None if least is None else max(0, least - count),
            }
        )
    return tuple(rows)


def _of_persons(state: str) -> bool:
    return state not in _NOT_PERSONS


def _answers(cell: Cell, owed: Any) -> bool:
    senders = getattr(owed, "senders", (owed.sender,))
    receivers = getattr(owed, "receivers", (owed.to,))
    return (
        cell.sender in senders
        and cell.to in receivers
        and cell.group == owed.group
        and owed.category in (None, cell.category)
        and owed.state in ("either", "unknown", cell.state)
    )


def _is_complete(owed: Iterable[Mapping[str, Any]]) -> bool:
    """Whether nobody is left; where the terms give no number, that cannot be said."""
    persons = [row["left"] for row in owed if _of_persons(row["state"])]
    return bool(persons) and all(left == 0 for left in persons)


def home_of(ledger: Ledger) -> tuple[Mapping[str, Any], ...]:
    """How many each receiving side confirmed home, by stage; its last standing word counts."""
    last: dict[tuple[str, int], Act] = {}
    for act in ledger.of_kind("home-confirmed"):
        last[act.author, act.stage or 0] = act
    return tuple(
        {
            "to": side,
            "stage": stage,
            "count": sum(value for _, value in act.sums),
            "sums": dict(act.sums),
        }
        for (side, stage), act in sorted(last.items())
    )
