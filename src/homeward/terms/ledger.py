"""Scales and groups of rank: what each side gave, in units and in heads, and what has no match."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from homeward.problem import Level, Problem
from homeward.terms.agreement import PERSONS, Terms
from homeward.terms.happened import Done, targets
from homeward.terms.kernel import Position

Row = dict[str, Any]
Found = Iterator[Row | Problem]


def ledger(terms: Terms, done: Done) -> Found:
    """The account of an agreed scale or of groups, by side; nothing where neither was agreed."""
    said = terms.said.get("equivalence")
    if said is None:
        return
    given, unsaid = _given(terms, done, said["by"])
    place = terms.place("equivalence")
    if unsaid:
        value = f"{sum(unsaid.values())} persons without {said['by']}"
        yield Problem("terms.units-unknown", place, value, f"facts: {said['by']}", level="note")
    if "values" in said:
        yield from _units(terms, done, said["values"], given, unsaid, place)
    else:
        yield from _groups(said["groups"], given, place)


def _given(terms: Terms, done: Done, by: str) -> tuple[dict[str, Counter[str]], Counter[str]]:
    """Persons handed over by side and rank, and by side those whose rank was not told."""
    given: dict[str, Counter[str]] = defaultdict(Counter)
    unsaid: Counter[str] = Counter()
    for event in done.events:
        found = [o for o in targets(terms, event) if o.state in PERSONS]
        if event.what not in ("handover", "counted") or event.outside or not found:
            continue
        side, rank = (*event.sender, found[0].sender)[0], event.facts.get(by)
        if rank is None:
            unsaid[side] += event.low
        else:
            given[side][str(rank)] += event.low
    return given, unsaid


def _units(
    terms: Terms,
    done: Done,
    values: Mapping[str, int],
    given: Mapping[str, Counter[str]],
    unsaid: Counter[str],
    place: str,
) -> Found:
    sides = sorted({*given, *unsaid, *terms.sides})
    known = {s: sum(values.get(r, 1) * n for r, n in given.get(s, {}).items()) for s in sides}
    least = {s: known[s] + unsaid[s] * min(values.values()) for s in sides}
    most = {s: known[s] + unsaid[s] * max(values.values()) for s in sides}
    for side in sides:
        yield {
            "clause": "equivalence", "kind": "scale", "what": side, "found": least[side],
            "asked": most[side] if most[side] != least[side] else None, "unit": "units",
        }  # fmt: skip
    if terms.said["equivalence"].get("same_first") and len(sides) == 2:
        yield from _same_first(sides, given)
    if len(sides) == 2 and terms.equal_by in ("category", "total"):
        one, other = sides
        open_end = _open_sides(terms, done)
        if (most[one] < least[other] and one not in open_end) or (
            most[other] < least[one] and other not in open_end
        ):
            closed = any(event.what == "closed" for event in done.events)
            level: Level = "warning" if closed else "note"
            value = f"{one} {least[one]}, {other} {least[other]}"
            yield Problem("terms.units-unequal", place, value, "equal units", level=level)


def _open_sides(terms: Terms, done: Done) -> set[str]:
    """The sides of which some handover was told without a number."""
    return {
        side
        for event in done.events
        if event.what == "handover" and event.high is None and not event.outside
        for side in (event.sender or [s for o in targets(terms, event) for s in o.senders])
    }


def _same_first(sides: list[str], given: Mapping[str, Counter[str]]) -> Found:
    """Head for head within each rank; only what is left over is settled by the scale."""
    one, other = (given.get(side, Counter()) for side in sides)
    for rank in sorted({*one, *other}):
        matched = min(one[rank], other[rank])
        rest = one[rank] + other[rank] - 2 * matched
        yield {
            "clause": "equivalence", "kind": "same_first", "what": rank, "found": matched,
            "asked": rest, "unit": "persons",
        }  # fmt: skip


def _groups(
    groups: Mapping[str, tuple[str, ...]], given: Mapping[str, Counter[str]], place: str
) -> Found:
    """Persons are matched inside one group only; the rest of each group waits for its match."""
    for name, members in sorted(groups.items()):
        heads = {side: sum(ranks[m] for m in members) for side, ranks in sorted(given.items())}
        if not any(heads.values()):
            continue
        matched = min(heads.values()) if len(heads) > 1 else 0
        rest = {side: n - matched for side, n in heads.items() if n > matched}
        yield {
            "clause": "equivalence", "kind": "group", "what": name, "found": matched,
            "asked": sum(rest.values()), "unit": "persons",
        }  # fmt: skip
        if rest:
            value = ", ".join(f"{side} {n}" for side, n in rest.items())
            yield Problem(
                "terms.group-unmatched", place, f"{name}: {value}", "a match in the group",
                level="note",
            )  # fmt: skip


def units_of(terms: Terms, position: Position) -> tuple[Row, ...]:
    """What each side gave in the unit of the scale, by the cells that both sides signed."""
    if "values" not in terms.said.get("equivalence", {}):
        return ()
    given: Counter[str] = Counter()
    for cell in position.cells:
        if cell.outcome == "transferred" and cell.attested_by == "both":
            given[cell.sender] += cell.value
    return tuple(
        {
            "clause": "equivalence", "kind": "scale", "what": side, "found": given[side],
            "asked": None, "unit": "units",
        }
        for side in sorted({*given, *terms.sides})
    )  # fmt: skip
