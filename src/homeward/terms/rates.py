"""Numbers that come round again: so many a day, a week, a month or a stage, with the whole open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from homeward.dates import PartialDate
from homeward.problem import Problem
from homeward.terms.agreement import Obligation, Terms
from homeward.terms.happened import Done, Event, handovers

Row = dict[str, Any]
_DAYS = {"day": 1, "week": 7}
_ENDS = frozenset({"closed", "stopped", "broken_off", "replaced", "overtaken"})
# So many periods are named before the rest is only counted.
_NAMED = 5


def rates(terms: Terms, done: Done) -> Iterator[Row | Problem]:
    """Each full period from the start until the end or the last known day, against the rate.

    An event over several days counts on its last. Where no number was published nothing is said
    of the period.
    """
    for o in terms.obligations:
        if o.quantity.every is None:
            continue
        came, open_ended = _by_period(terms, done, o)
        low, high = o.quantity.rate
        short = [(name, n) for name, n in came.items() if n < low and name not in open_ended]
        beyond = [(name, n) for name, n in came.items() if high is not None and n > high]
        for name, n in came.items():
            yield {
                "clause": o.id, "kind": "rate", "what": name, "found": n,
                "asked": low or high, "unit": o.quantity.unit or "persons",
            }  # fmt: skip
        place, every = terms.place(*o.path), o.quantity.every
        if short:
            expected = f"at least {low} a {every}"
            yield Problem("terms.rate-short", place, _named(short), expected, o.id, "warning")
        if beyond:
            expected = f"at most {high} a {every}"
            yield Problem("terms.rate-beyond", place, _named(beyond), expected, o.id, "warning")


def _named(periods: list[tuple[str, int]]) -> str:
    shown = [f"{name}: {n}" for name, n in periods[:_NAMED]]
    rest = len(periods) - _NAMED
    return "; ".join([*shown, *([f"and {rest} more"] if rest > 0 else [])])


def _by_period(terms: Terms, done: Done, o: Obligation) -> tuple[dict[str, int], set[str]]:
    """Handed over in each full period by its first day (or its stage), and the periods of which
    some number was not published."""
    events = handovers(terms, done, o)
    if o.quantity.every == "stage":
        staged = [(event.stage, event) for event in events if event.stage is not None]
        return _summed(staged)
    first = _start(terms, events)
    if first is None:
        return {}, set()
    last = _horizon(done, events)
    periods = []
    begins, number = first, 1
    while (ends := _after(first, o.quantity.every or "day", number)) <= last + timedelta(days=1):
        periods.append((begins, ends))
        begins, number = ends, number + 1
    dated = [
        (str(begins), event)
        for begins, ends in periods
        for event in events
        if begins <= event.last.last() < ends
    ]
    came, open_ended = _summed(dated)
    return {str(begins): came.get(str(begins), 0) for begins, _ in periods}, open_ended


def _summed(named: list[tuple[str, Event]]) -> tuple[dict[str, int], set[str]]:
    came: Counter[str] = Counter()
    for name, event in named:
        came[name] += event.low
    return dict(came), {name for name, event in named if event.high is None}


def _start(terms: Terms, events: list[Event]) -> date | None:
    said = terms.said.get("start")
    if isinstance(said, PartialDate):
        return said.first()
    return min((event.first.first() for event in events), default=None)


def _horizon(done: Done, events: list[Event]) -> date:
    """The last day that a period may end on: when it was ended, or when anything was known."""
    ended = [event.first.first() for event in done.events if event.what in _ENDS]
    known = [done.known_until.last()] if done.known_until is not None else []
    came = [event.last.last() for event in events]
    return min([*ended, *known], default=max(came, default=date.min))


def _after(first: date, every: str, number: int) -> date:
    """The day on which the period after the ``number``-th begins."""
    if every in _DAYS:
        return first + timedelta(days=_DAYS[every] * number)
    month = first.month - 1 + number
    year, month = first.year + month // 12, month % 12 + 1
    return date(year, month, min(first.day, PartialDate(year, month).last().day))
