"""The course of things where an agreement left it open: days, portions, kinds, and what is unheard.

None of it keeps an outcome from being "as agreed": these notes say what could not be judged,
because no clause speaks of it, so that nobody takes silence for a promise that was kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from homeward.problem import Problem
from homeward.terms.agreement import Obligation, Terms
from homeward.terms.happened import Done, Event, targets
from homeward.terms.outcome import Account
from homeward.terms.timing import due_day, due_of

Found = Iterator[Problem]


def course(terms: Terms, done: Done, rows: Sequence[Account]) -> Found:
    """One note for each obligation, each list of which nothing is told, and the horizon."""
    for row in rows:
        yield _of_one(terms, done, row)
    yield from _lists(terms, done)
    yield from _sums(terms, rows)
    if done.known_until is not None:
        yield Problem("terms.known-until", terms.place(), str(done.known_until), level="note")


def _kind(o: Obligation) -> str:
    """Whom an obligation is about: direction, category, state and group in one phrase."""
    words = (f"{o.sender} to {o.to}", o.category, o.state, o.group, o.quantity.unit)
    via = [f"by way of {', '.join(o.via)}"] if o.via else []
    held = [f"held by {', '.join(o.held_by)}"] if o.held_by else []
    return ", ".join([*(word for word in words if word), *via, *held])


def _asked(row: Account) -> str:
    """The numbers that an obligation allows, as far as they are numbers."""
    if row.obligation.quantity.form in ("all", "unspecified"):
        return row.obligation.quantity.form
    if row.high is None:
        return f"at least {row.low}"
    return str(row.low) if row.low == row.high else f"{row.low} to {row.high}"


def _of_one(terms: Terms, done: Done, row: Account) -> Problem:
    o = row.obligation
    came = [
        event
        for event in done.events
        if event.what in ("handover", "counted", "held", "reserved", "identified")
        and not event.outside
        and o in targets(terms, event)
    ]
    due = due_of(terms, done, o)
    asked = _asked(row)
    expected = f"{asked}: {_kind(o)}{f', by {due}' if due else ''}"
    if not came:
        value, code = _waited(terms, done), "terms.nothing-came"
    else:
        value, code = "; ".join(_portion(terms, event) for event in came), "terms.course"
    return Problem(code, terms.place(*o.path), value, expected, o.id, "note")


def _waited(terms: Terms, done: Done) -> str:
    if terms.agreed_on is None or done.known_until is None:
        return "nothing"
    days = (done.known_until.last() - terms.agreed_on.first()).days
    return f"nothing in {days} days"


def _portion(terms: Terms, event: Event) -> str:
    """One portion: when, in days from the agreement too where it has a day; how many of whom."""
    day = str(event.first) if event.first == event.last else f"{event.first}/{event.last}"
    if terms.agreed_on is not None:
        passed = (event.first.first() - terms.agreed_on.first()).days
        day = f"{day} (day {passed})"
    what = "" if event.what == "handover" else f"{event.what} "
    who = "" if event.under and ":" in event.under else f"{_way(event)} "
    return f"{day} {who}{what}{counted(event)}{_facts(event)}".strip()


def _way(event: Event) -> str:
    return " to ".join("+".join(side) for side in (event.sender, event.to) if side)


def counted(event: Event) -> str:
    """The numbers that an event tells, as they were told."""
    if event.accounts:
        return ", ".join(f"{who}: {n}" for who, n in sorted(event.accounts.items()))
    if event.high is None:
        return f"at least {event.low}" if event.low else "no number"
    return str(event.low) if event.high == event.low else f"{event.low} to {event.high}"


def _facts(event: Event) -> str:
    known = [event.category, event.part, event.state, event.stage]
    told = (*sorted(event.facts.items()), *sorted(event.among.items()))
    known += [f"{name} {value}" for name, value in told]
    shown = " ".join(word for word in known if word)
    return f" {shown}" if shown else ""


def described(event: Event) -> str:
    """An event in one phrase: how many, which way, on which day, how long and until when."""
    count = counted(event) if event.low or event.high is not None else ""
    day = str(event.first) if event.first == event.last else f"{event.first}/{event.last}"
    parts = [f"{count}{_facts(event)}".strip(), _way(event), f"on {day}"]
    parts += [f"by {', '.join(event.by)}"] if event.by else []
    parts += [f"{event.percent} %"] if event.percent is not None else []
    parts += [f"{event.hours} hours"] if event.hours else []
    parts += [f"until {event.until}"] if event.until is not None else []
    return ", ".join(part for part in parts if part)


def _lists(terms: Terms, done: Done) -> Found:
    """A list that was to be given, and no event tells that it was."""
    given = {event.of for event in done.events if event.what == "list_given"}
    told = any(event.what == "list_given" and event.of is None for event in done.events)
    for path, clause in terms.clauses("lists"):
        if told or set(clause.get("of", ())) & given:
            continue
        yield Problem("terms.list-unheard", terms.place(*path), _list(terms, done, clause),
                      "an event list_given", level="note")  # fmt: skip


def _list(terms: Terms, done: Done, clause: Mapping[str, Any]) -> str:
    shown = [f"round {clause['round']}"] if "round" in clause else []
    shown += [f"{end} {', '.join(clause[end])}" for end in ("by", "to", "of") if end in clause]
    shown += [f"{clause['size']} names"] if "size" in clause else []
    day = due_day(clause["due"], terms, done) if "due" in clause else None
    if day is not None:
        shown.append(f"due {day}")
    if "within" in clause.get("due", {}):
        shown.append(f"within {clause['due']['within']} {clause['due'].get('unit', 'days')}")
    return ", ".join(shown)


def _sums(terms: Terms, rows: Sequence[Account]) -> Found:
    """A quantity over several obligations: what they came to together."""
    for one in terms.sums:
        ids = {o.id for reference in one.of for o in terms.find(reference)}
        came = sum(row.done for row in rows if row.obligation.id in ids)
        low, high = one.quantity.low, one.quantity.high
        asked = str(low) if low == high else f"{low} to {'any' if high is None else high}"
        yield Problem("terms.course", terms.place(*one.path), f"{came} together", asked,
                      one.id, "note")  # fmt: skip
