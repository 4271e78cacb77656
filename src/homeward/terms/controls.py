"""Figures held against each other: totals and their parts, beliefs, stage sizes, days, the lead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from homeward.dates import PartialDate
from homeward.problem import Problem
from homeward.terms.agreement import PERSONS, Obligation, Terms
from homeward.terms.happened import Done, Event, handovers, targets
from homeward.terms.outcome import Account, still_held

Row = dict[str, Any]
_CROSSINGS = frozenset({"handover", "counted", "declined", "held", "total", "kept_back"})
Found = Iterator[Row | Problem]


def controls(terms: Terms, done: Done, rows: Sequence[Account]) -> Found:
    """Every figure that another figure of the same agreement or its events confirms or denies."""
    yield from _totals(terms, done)
    yield from _beliefs(terms, done, rows)
    yield from _sizes(terms, done)
    yield from _stage_days(terms, done)
    yield from _days(terms, done)
    yield from _apart(terms, done)
    yield from _lead(terms, done)


def _totals(terms: Terms, done: Done) -> Found:
    """A total that was told, and the sum of what was told piece by piece.

    A total on one day is of everything until then, one over several days of these days. Totals
    by one fact (a service, a destination) add up to the whole of their own.
    """
    told: dict[tuple[Any, ...], list[Event]] = defaultdict(list)
    for event in done.events:
        if event.what == "total" and event.high is not None:
            span = (event.first, event.last)
            key = (event.together, event.fate, span, event.category, event.part)
            # Totals by a fact are shares of one whole; any other is a whole of its own.
            facts = tuple(sorted(event.facts))
            told[(*key, facts, "" if facts else event.at)].append(event)
    wholes = {events[0].together: events[0] for key, events in told.items() if not any(key[3:6])}
    for events in told.values():
        one = events[0]
        low, high = _pieces(terms, done, one)
        if low is None and one.facts and one.together in wholes:
            low, high = wholes[one.together].low, wholes[one.together].high
        least, most = sum(e.low for e in events), sum(e.high or 0 for e in events)
        if low is not None and high is not None and (most < low or least > high):
            shown = str(low) if low == high else f"{low} to {high}"
            yield Problem("terms.total-differs", one.at, shown, str(least), level="note")


def _pieces(terms: Terms, done: Done, total: Event) -> tuple[int | None, int | None]:
    """Least and most of what a total is of; None where a piece has no number, or there is none."""
    spans = total.first != total.last
    if total.fate != "handover":
        pieces = _fates(terms, done, total)
        return sum(piece.low for piece in pieces), sum(piece.high or 0 for piece in pieces)
    pieces = [
        piece
        for o in {o.id: o for name in total.together for o in terms.find(name)}.values()
        for piece in handovers(terms, done, o)
        if piece.last.last() <= total.last.last()
        and not (spans and piece.first.first() < total.first.first())
        and total.category in (None, piece.category)
        and total.part in (None, piece.part)
    ]
    if not pieces or any(piece.high is None for piece in pieces):
        return None, None
    return sum(piece.low for piece in pieces), sum(piece.high or 0 for piece in pieces)


def _fates(terms: Terms, done: Done, total: Event) -> list[Event]:
    """What a total of another fate is of; how many are held is true of its day alone."""
    ids = {o.id for name in total.together for o in terms.find(name)}
    days = total.first != total.last or total.fate == "held"
    return [
        event
        for event in done.events
        if event.what == total.fate
        and (not ids or ids & {o.id for o in targets(terms, event)})
        and event.last.last() <= total.last.last()
        and not (days and event.first.first() < total.first.first())
    ]


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
                found = [e for e in handovers(terms, done, o) if in_stage(e, stage)]
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


def _stage_days(terms: Terms, done: Done) -> Found:
    """A stage that was fixed for a day: something came on that day, and nothing of it on others."""
    told = [e for e in done.events if e.what == "handover" and not e.outside]
    for path, stage in terms.clauses("stages"):
        day = stage.get("date")
        if day is None or done.known_until is None or day.last() > done.known_until.first():
            continue
        place = terms.place(*path)
        asks = "sizes" in stage or any(o.stage == stage["id"] for o in terms.obligations)
        if asks and not any(
            e.first.first() <= day.last() and e.last.last() >= day.first() for e in told
        ):
            value, expected = "nothing on its day", str(day)
            yield Problem("terms.stage-differs", place, value, expected, stage["id"], "warning")
        for event in told:
            if event.stage == stage["id"] and event.first != day and event.first == event.last:
                yield Problem(
                    "terms.stage-differs", event.at, str(event.first), str(day), place, "warning"
                )


def in_stage(event: Event, stage: Mapping[str, Any]) -> bool:
    """Whether an event says that it belongs to a stage, or fell on the stage's own day."""
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


# About a year from all the rest, where the rest lies together: most often a slip in the year.
_FAR, _CLOSE = 300, 120


def _apart(terms: Terms, done: Done) -> Found:
    """The one day that lies about a year from every other, where all the others lie together."""
    days = {e.first.first(): e.at for e in reversed(done.events) if e.what in _CROSSINGS}
    if terms.agreed_on is not None:
        days.setdefault(terms.agreed_on.first(), terms.place("agreed", "date"))
    order = sorted(days)
    for day in (order[0], order[-1]) if len(order) > 3 else ():
        rest = [other for other in order if other != day]
        near = min(abs((day - other).days) for other in rest)
        if near >= _FAR and all((b - a).days <= _CLOSE for a, b in pairwise(rest)):
            value, expected = f"{day}, {near} days from any other", "the year of the others"
            yield Problem("terms.date-apart", days[day], value, expected, level="note")


def lead_by_day(terms: Terms, done: Done) -> dict[str, dict[date, int]]:
    """For each side, by day, the heads that it had given at least beyond those it had received.

    Where an event spans days, what a side gave counts on the last and what it received on the
    first of them, so that no lead is shown that the events do not prove.
    """
    moves: dict[str, list[tuple[date, int]]] = defaultdict(list)
    for event in done.events:
        found = [o for o in targets(terms, event) if _counts(o)]
        if event.what != "handover" or event.outside or not found or not event.low:
            continue
        one = found[0]
        moves[(*event.sender, one.sender)[0]].append((event.last.last(), event.low))
        moves[(*event.to, one.to)[0]].append((event.first.first(), -event.low))
    course: dict[str, dict[date, int]] = {}
    for side in sorted(set(moves) & set(terms.sides)):
        net, days = 0, {}
        for day, heads in sorted(moves[side]):
            net += heads
            days[day] = net
        course[side] = days
    return course


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
