"""Links that speak of fractions: the pace of another process, one share of both sides, all of a
class for all of the same class."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from homeward.problem import Level, Problem
from homeward.terms.agreement import Obligation, Terms
from homeward.terms.happened import Done, Event, handovers, targets
from homeward.terms.outcome import Account

Row = dict[str, Any]
Found = Iterator[Row | Problem]


def shares(terms: Terms, done: Done, rows: Sequence[Account]) -> Found:
    """Every link of kind pace, same_share and class_for_class, reckoned from the events."""
    everything = [o.id for o in terms.obligations]
    for path, link in terms.clauses("linkage"):
        found = [o for name in link.get("of") or everything for o in terms.find(name)]
        place = terms.place(*path)
        if link["kind"] == "pace":
            yield from _pace(terms, done, link, found, place)
        elif link["kind"] == "same_share":
            yield from _same_share(terms, done, found, place)
        elif link["kind"] == "class_for_class":
            yield from _classes(found, rows, place)


def whole_of(terms: Terms, done: Done, o: Obligation) -> tuple[int | None, bool]:
    """How many an obligation is of in the end, and whether that is certain and not a belief."""
    if o.quantity.number is not None:
        return o.quantity.number, o.count is not None
    held = [e for e in done.events if e.what == "held" and o in targets(terms, e)]
    came = handovers(terms, done, o)
    if held and held[-1].certain and came and all(event.certain for event in came):
        after = sum(e.low for e in came if e.first.first() > held[-1].last.last())
        return sum(e.low for e in came) - after + held[-1].low, True
    return o.quantity.believed, False


def _by(terms: Terms, done: Done, o: Obligation, day: date) -> int:
    return sum(e.low for e in handovers(terms, done, o) if e.last.last() <= day)


def _percent(share: Fraction) -> str:
    return f"{float(share) * 100:.1f} %"


def _row(kind: str, what: str, found: Any, asked: Any) -> Row:
    unit = "percent" if kind != "class_for_class" else "persons"
    return {
        "clause": kind, "kind": kind, "what": what, "found": found, "asked": asked, "unit": unit,
    }  # fmt: skip


def _pace(
    terms: Terms, done: Done, link: Mapping[str, Any], of: Sequence[Obligation], place: str
) -> Found:
    """At each known point the released share is at least the share of the other process."""
    points = [e for e in done.events if e.what == "progress" and e.of == link.get("id", "")]
    wholes = [whole_of(terms, done, o) for o in of]
    whole = sum(number or 0 for number, _ in wholes)
    if not points or not whole or any(number is None for number, _ in wholes):
        expected = "an event progress with its percent" if not points else "the whole number"
        yield Problem("terms.pace-unknown", place, "", expected, level="note")
        return
    for point in points:
        moved = sum(_by(terms, done, o, point.last.last()) for o in of)
        share = Fraction(moved, whole)
        found, asked = _percent(share), f"{point.percent or 0} %"
        yield _row("pace", str(point.last), found, asked)
        if share * 100 < (point.percent or 0):
            level: Level = "warning" if all(sure for _, sure in wholes) else "note"
            value = f"{point.last}: {moved} of {whole}, {found}"
            yield Problem("terms.pace-behind", point.at, value, f"at least {asked}", level=level)


def _same_share(terms: Terms, done: Done, of: Sequence[Obligation], place: str) -> Found:
    """After each day that is told in full, each side has moved the same share of its people.

    Shares of whole persons can be equal only to one head of the smaller number.
    """
    wholes = {o.id: whole_of(terms, done, o) for o in of}
    if any(not number for number, _ in wholes.values()):
        yield Problem("terms.share-unknown", place, "", "how many each side holds", level="note")
        return
    certain = all(sure for _, sure in wholes.values())
    for day in _told_days(handovers(terms, done, o) for o in of):
        moved = {o.id: _by(terms, done, o, day) for o in of}
        share = {id_: Fraction(n, wholes[id_][0] or 1) for id_, n in moved.items()}
        for id_, part in share.items():
            yield _row("same_share", f"{day} {id_}", _percent(part), _percent(min(share.values())))
        slack = max(Fraction(1, number or 1) for number, _ in wholes.values())
        if max(share.values()) - min(share.values()) > slack:
            told = ", ".join(f"{id_} {n} of {wholes[id_][0]}" for id_, n in moved.items())
            level: Level = "warning" if certain else "note"
            value = f"{day}: {told}"
            yield Problem("terms.share-unequal", place, value, "equal shares", level=level)


def _told_days(events: Iterable[Sequence[Event]]) -> list[date]:
    """The days until which every handover was told with one number."""
    listed = [event for one in events for event in one]
    unsure = [event.first.first() for event in listed if not event.certain]
    days = sorted({event.last.last() for event in listed})
    return [day for day in days if not unsure or day < min(unsure)]


def _classes(of: Sequence[Obligation], rows: Sequence[Account], place: str) -> Found:
    """All of a class for all of the same class: neither direction ends while the other is open."""
    standing = {row.obligation.id: row for row in rows}
    groups: dict[str, list[Account]] = {}
    for o in of:
        groups.setdefault(o.clause if o.mutual else "", []).append(standing[o.id])
    for accounts in groups.values():
        for row in accounts:
            yield _row("class_for_class", row.obligation.id, row.done, row.standing)
        ended = [row for row in accounts if row.standing == "met"]
        behind = [row for row in accounts if row.standing in ("short", "open")]
        if ended and behind:
            value = ", ".join(f"{row.obligation.id} {row.done}" for row in behind)
            expected = f"all, as {', '.join(row.obligation.id for row in ended)}"
            yield Problem("terms.class-one-sided", place, value, expected, level="warning")
        elif any(row.standing == "unknown" for row in accounts):
            expected = "how many of the class each side still holds"
            who = ", ".join(row.obligation.id for row in accounts)
            yield Problem("terms.class-unknown", place, who, expected, level="note")
