"""Figures held against each other: totals and their parts, beliefs, stage sizes, days, the lead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from homeward.dates import PartialDate
from homeward.problem import Problem
from homeward.terms.agreement import PERSONS, Obligation, Terms
from homeward.terms.happened import Done, Event, handovers, targets
from homeward.terms.outcome import Account, still_held

Row = dict[str, Any]
Found = Iterator[Row | Problem]


def controls(terms: Terms, done: Done, rows: Sequence[Account]) -> Found:
    """Every figure that another figure of the same agreement or its events confirms or denies."""
    yield from _totals(terms, done)
    yield from _beliefs(terms, done, rows)
    yield from _sizes(terms, done)
    yield from _days(terms, done)
    yield from _lead(terms, done)


def _totals(terms: Terms, done: Done) -> Found:
    """A total that was told, and the sum of what was told piece by piece."""
    for event in done.events:
        if event.what != "total" or event.high is None:
            continue
        pieces = [
            piece
            for o in {o.id: o for name in event.together for o in terms.find(name)}.values()
            for piece in handovers(terms, done, o)
            if piece.last.last() <= event.last.last()
            and event.category in (None, piece.category)
            and event.part in (None, piece.part)
            and all(piece.facts.get(name) == value for name, value in event.facts.items())
        ]
        if not pieces or any(piece.high is None for piece in pieces):
            continue
        low, high = sum(p.low for p in pieces), sum(p.high or 0 for p in pieces)
        if event.high < low or event.low > high:
            shown = str(low) if low == high else f"{low} to {high}"
            yield Problem("terms.total-differs", event.at, shown, str(event.low), level="note")


def _beliefs(terms: Terms, done: Done, rows: Sequence[Account]) -> Found:
    """How many "all" were believed to be, and how many they were."""
    for row in rows:
        o, believed = row.obligation, row.obligation.quantity.believed
        held = still_held(done, terms, o)
        if believed is None or held is None or row.most_done is None:
            continue
        low, high = row.done + held, row.most_done + held
        if not low <= believed <= high:
            shown = str(low) if low == high else f"{low} to {high}"
            yield Problem(
                "terms.other-than-believed", terms.place(*o.path), shown, f"about {believed}",
                o.id, "note",
            )  # fmt: skip


def _sizes(terms: Terms, done: Done) -> Found:
    """The sizes of stages that the agreement itself fixed."""
    for path, stage in terms.clauses("stages"):
        for name, size in stage.get("sizes", {}).items():
            for o in terms.find(name):
                found = [e for e in handovers(terms, done, o) if _in_stage(e, stage)]
                if not found or not all(event.certain for event in found):
                    continue
                came = sum(event.low for event in found)
                yield {
                    "clause": stage["id"], "kind": "stage", "what": o.id, "found": came,
                    "asked": size, "unit": "persons",
                }  # fmt: skip
                if came != size:
                    place = terms.place(*path)
                    yield Problem(
                        "terms.stage-differs", place, f"{o.id} {came}", str(size), stage["id"],
                        "warning",
                    )  # fmt: skip


def _in_stage(event: Event, stage: Any) -> bool:
    if event.stage is not None:
        return bool(event.stage == stage["id"])
    return "date" in stage and event.first == event.last == stage["date"]


def _days(terms: Terms, done: Done) -> Found:
    """Nothing is carried out before it was agreed, or before the day on which it begins."""
    start = terms.said.get("start")
    begins = start.first() if isinstance(start, PartialDate) else None
    for event in done.events:
        if event.what != "handover" or event.outside:
            continue
        day = event.last.last()
        if terms.agreed_on is not None and day < terms.agreed_on.first():
            expected = f"from {terms.agreed_on}"
            yield Problem("terms.before-agreed", event.at, str(day), expected, level="warning")
        elif begins is not None and day < begins:
            yield Problem("terms.before-start", event.at, str(day), f"from {start}", level="note")


def lead_by_day(terms: Terms, done: Done) -> dict[str, dict[date, int]]:
    """For each side, on each day with a handover inside the balance: heads given less received."""
    net: dict[str, int] = defaultdict(int)
    course: dict[str, dict[date, int]] = defaultdict(dict)
    for event in done.events:
        found = [o for o in targets(terms, event) if _counts(o)]
        if event.what != "handover" or event.outside or not found or not event.low:
            continue
        one = found[0]
        net[(*event.sender, one.sender)[0]] += event.low
        net[(*event.to, one.to)[0]] -= event.low
        for side, heads in net.items():
            course[side][event.last.last()] = heads
    return {side: days for side, days in sorted(course.items()) if side in terms.sides}


def _counts(o: Obligation) -> bool:
    return o.state in PERSONS and o.group == "inside"


def _lead(terms: Terms, done: Done) -> Found:
    """How far each side was ahead at the end of a day, at most and in the end.

    A day is all that events tell: within it a side may have been further ahead.
    """
    ends = terms.balance.end
    closed = any(event.what == "closed" for event in done.events)
    for side, course in lead_by_day(terms, done).items():
        most, last = max(course.values()), course[max(course)]
        day = min(day for day, heads in course.items() if heads == most)
        for what, found, asked in (
            (f"{side} {day}", most, terms.step),
            (f"{side} end", last, ends.get(side)),
        ):
            yield {
                "clause": "balance", "kind": "lead", "what": what, "found": found,
                "asked": asked, "unit": "heads",
            }  # fmt: skip
        if terms.step is not None and most > terms.step:
            yield Problem(
                "terms.lead-exceeded", f"side {side}", f"{most} on {day}", f"at most {terms.step}",
                level="warning",
            )  # fmt: skip
        if closed and side in ends and last != ends[side]:
            place = terms.place("balance", "end", side)
            yield Problem(
                "terms.end-not-reached", place, str(last), str(ends[side]), level="warning"
            )
