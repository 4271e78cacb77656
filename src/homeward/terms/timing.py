"""When things happened against when they were due: lateness, order, gates, packages, rates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from homeward.dates import PartialDate
from homeward.problem import Level, Problem
from homeward.terms.agreement import Obligation, Terms
from homeward.terms.happened import Done, Event, handovers, targets
from homeward.terms.outcome import Account

Found = Iterator[Problem]
_DAYS = {"days": 1, "weeks": 7}


def due_day(clock: Mapping[str, Any], terms: Terms, done: Done) -> date | None:
    """The last day of a clock; None where its event has not come or has no known day."""
    if "date" in clock:
        return _last(clock["date"])
    if "within" not in clock:
        return None
    after = clock.get("after", "agreed")
    if after == "agreed":
        began = terms.agreed_on.last() if terms.agreed_on else None
    else:
        days = [e.last.last() for e in done.events if after in (e.id, e.of, e.under)]
        began = max(days, default=None)
    if began is None:
        return None
    unit, length = clock.get("unit", "days"), int(clock["within"])
    if unit in ("months", "years"):
        return _months_later(began, length * (12 if unit == "years" else 1))
    hours = length if unit == "hours" else length * _DAYS[unit] * 24
    return began + timedelta(days=-(-hours // 24))


def _last(when: PartialDate) -> date:
    return when.last()


def _months_later(day: date, months: int) -> date:
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return (
        min(date(year, month, day.day), PartialDate(year, month).last())
        if (day.day <= 28)
        else PartialDate(year, month).last()
    )


def late(terms: Terms, done: Done, rows: Sequence[Account]) -> Found:
    """What came after its day, or had not come when anything was last known."""
    for row in rows:
        o = row.obligation
        due = due_of(terms, done, o)
        if due is None:
            continue
        came = [e.first.first() for e in handovers(terms, done, o)]
        known = done.known_until.first() if done.known_until else None
        last = max(came, default=None)
        if row.standing != "met" and known is not None and known > due:
            yield _late(terms, o, f"open on {done.known_until}", due)
        elif last is not None and last > due:
            yield _late(terms, o, f"{(last - due).days} days", due)


def due_of(terms: Terms, done: Done, o: Obligation) -> date | None:
    """The last day of an obligation: by its own clock, else by that of its stage."""
    stages = {stage["id"]: stage for _, stage in terms.clauses("stages")}
    return _due(o.due, stages.get(o.stage or "", {}), terms, done)


def _due(
    clock: Mapping[str, Any] | None, stage: Mapping[str, Any], terms: Terms, done: Done
) -> date | None:
    if clock:
        return due_day(clock, terms, done)
    if "window" in stage:
        ends = stage["window"][1]
        return date(ends.year, ends.month, ends.day)
    if "date" in stage:
        return _last(stage["date"])
    return due_day(stage["due"], terms, done) if "due" in stage else None


def _late(terms: Terms, o: Obligation, value: str, due: date) -> Problem:
    return Problem("terms.late", terms.place(*o.path), value, f"by {due}", o.id, "warning")


def means(terms: Terms, event: Event, name: str) -> bool:
    """Whether a word of an order or a gate means this event's persons."""
    obligations = targets(terms, event)
    # An obligation payable in either state is paid in living persons unless the event says so.
    states = {event.state or ("remains" if o.state == "remains" else "living") for o in obligations}
    if name in (event.category, event.part, event.stage, *states):
        return True
    return any(name in (o.id, o.clause, o.category, o.stage) for o in obligations)


def _days(terms: Terms, done: Done, names: Iterable[str]) -> list[tuple[date, date, Event]]:
    listed = tuple(names)
    return [
        (event.first.first(), event.last.last(), event)
        for event in done.events
        if event.what == "handover"
        and not event.outside
        and any(means(terms, event, name) for name in listed)
    ]


def order_broken(terms: Terms, done: Done) -> Found:
    """Somebody of the later class went on an earlier day than the last of the first class."""
    for path, rule in terms.clauses("order"):
        if "then" not in rule:
            continue
        ids = {o.id for name in rule.get("of", ()) for o in terms.find(name)}
        first, then = (
            [
                day
                for day in _days(terms, done, rule[end])
                if not ids or ids & {o.id for o in targets(terms, day[2])}
            ]
            for end in ("first", "then")
        )
        last = max((start for start, _, _ in first), default=None)
        early = [event for _, end, event in then if last is not None and end < last]
        level: Level = "note" if rule.get("strength") == "best_effort" else "warning"
        for event in early:
            place = terms.place(*path)
            expected = f"not before {last}"
            yield Problem(
                "terms.order-not-kept", event.at, str(event.first), expected, place, level
            )


def links_broken(terms: Terms, done: Done, rows: Sequence[Account]) -> Found:
    """Gates passed too early, packages torn, simultaneous things on different days."""
    everything = [o.id for o in terms.obligations]
    for path, link in terms.clauses("linkage"):
        place = terms.place(*path)
        of = link.get("of") or everything
        if link["kind"] == "gate":
            yield from _gate(terms, done, link, place)
        elif link["kind"] in ("all_or_nothing", "ring"):
            ids = {o.id for name in of for o in terms.find(name)}
            part = [row for row in rows if row.obligation.id in ids]
            missing = [row.obligation.id for row in part if row.standing == "short"]
            if missing and any(row.done for row in part):
                yield Problem(
                    "terms.package-torn", place, ", ".join(missing), "all or none", level="warning"
                )
        elif link["kind"] == "one_for_one":
            yield from _days_unequal(terms, done, of, place)
        elif link["kind"] == "simultaneous":
            days = {
                id_: frozenset(e.first for e in handovers(terms, done, o))
                for id_ in of
                for o in terms.find(id_)
            }
            known = {id_: dates for id_, dates in days.items() if dates}
            if len(set(known.values())) > 1:
                yield Problem("terms.not-at-once", place, expected="the same days", level="warning")


def _days_unequal(terms: Terms, done: Done, of: Iterable[str], place: str) -> Found:
    """Head for head: on each day both directions move as many of each category, where told."""
    ids = {o.id for name in of for o in terms.find(name)}
    given: Counter[tuple[str, str, str]] = Counter()
    untold: set[str] = set()
    for event in done.events:
        mine = [o for o in targets(terms, event) if o.id in ids]
        if event.what != "handover" or event.outside or not mine:
            continue
        day = str(event.first) if event.first == event.last else f"{event.first}/{event.last}"
        if not event.certain:
            untold.add(day)
        for side in mine[0].senders & set(event.sender):
            given[(day, event.category or mine[0].category or "", side)] += event.low
    for day, category in sorted({(day, category) for day, category, _ in given}):
        counts = {side: n for (d, c, side), n in sorted(given.items()) if (d, c) == (day, category)}
        if day not in untold and (len(counts) < 2 or len(set(counts.values())) > 1):
            value = f"{day}: {', '.join(f'{side} {n}' for side, n in counts.items())} {category}"
            yield Problem("terms.day-unequal", place, value.strip(), "one for one", level="warning")


def _gate(terms: Terms, done: Done, link: Mapping[str, Any], place: str) -> Found:
    opened = [
        event.first.first()
        for event in done.events
        if event.what in ("confirmed", "began")
        and (event.of in link.get("after", ()) or event.id in link.get("after", ()))
    ] or _reached(terms, done, link)
    for _, end, event in _days(terms, done, link.get("before", ())):
        if not opened or end < min(opened):
            share = f"{link['share']} % of " if "share" in link else ""
            expected = f"after {share}{', '.join(link.get('after', ()))}"
            yield Problem(
                "terms.gate-passed", event.at, str(event.first), expected, place, "warning"
            )


def _reached(terms: Terms, done: Done, link: Mapping[str, Any]) -> list[date]:
    """The days from which a gate without a confirmation is open: something of what it waits for
    was handed over or, where it asks for a share, so much of the whole."""
    names = link.get("after", ())
    days = _days(terms, done, names)
    if "share" not in link:
        return [start for start, _, _ in days]
    whole = sum(o.low for name in names for o in terms.find(name))
    came, opened = 0, []
    for _, end, event in sorted(days, key=lambda day: day[1]):
        came += event.low
        if whole and came * 100 >= whole * link["share"]:
            opened.append(end)
    return opened


def rates_short(terms: Terms, done: Done) -> Found:
    """Days on which a side handed over fewer than the daily number, the last day apart."""
    for _, stage in terms.clauses("stages"):
        per_day = stage.get("per_day", {})
        given: Counter[tuple[str, date]] = Counter()
        places: dict[tuple[str, date], str] = {}
        for event in done.events:
            mine = {o.stage for o in targets(terms, event)} & {None, stage["id"]}
            if event.what == "handover" and event.first == event.last and mine:
                for side in event.sender:
                    key = (side, event.first.first())
                    given[key] += event.low
                    places.setdefault(key, event.at)
        for side, n in sorted(per_day.items()):
            days = sorted(day for who, day in given if who == side)
            for day in days[:-1] if len(days) > 1 else days:
                if given[(side, day)] < n:
                    yield Problem(
                        "terms.rate-short", places[(side, day)], f"{side}: {given[(side, day)]}",
                        f"{n} a day", level="warning",
                    )  # fmt: skip
