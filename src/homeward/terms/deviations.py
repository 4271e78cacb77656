"""Every difference between what was agreed and what happened, each under a code of its own.

A warning means that something agreed was not kept; a note, that something happened which the
agreement leaves room for. Only warnings keep an outcome from being "as agreed".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from homeward.problem import Level, Problem
from homeward.terms.agreement import Terms
from homeward.terms.allotment import Allotment
from homeward.terms.course import counted, course, described
from homeward.terms.happened import Done, Event
from homeward.terms.outcome import Account, totals_short
from homeward.terms.timing import due_of, late, links_broken, order_broken, rates_short
from homeward.terms.unheard import unheard

Found = Iterator[Problem]

_TOLD: dict[str, tuple[str, Level]] = {
    "declined": ("refused-by-person", "warning"),
    "died": ("died-before", "warning"),
    "no_longer_eligible": ("no-longer-eligible", "warning"),
    "lost_on_the_way": ("lost-on-the-way", "warning"),
    "recovered_by_own_side": ("recovered-by-own-side", "warning"),
    "not_recognised": ("not-recognised", "warning"),
    "other_person": ("other-person", "warning"),
    "kept_back": ("kept-back", "warning"),
    "moved_away": ("duty-not-kept", "warning"),
    "declared_exchanged": ("declared-by-one", "warning"),
    "attack": ("attacked-on-the-way", "warning"),
    "stopped": ("stopped", "warning"),
    "broken_off": ("broken-off", "warning"),
    "list_refused": ("list-refused", "note"),
    "list_disputed": ("list-disputed", "note"),
    "asked": ("further-demand", "note"),
    "counted": ("counted-later", "note"),
    "prolonged": ("prolonged", "note"),
    "amended": ("amended", "note"),
    "reserved": ("reserved", "note"),
    **dict.fromkeys(
        (
            *("statement", "total", "closed", "resumed", "replaced", "overtaken", "began"),
            *("confirmed", "list_given", "identified", "progress", "held"),
        ),
        ("told", "note"),
    ),
}


def deviations(
    terms: Terms,
    done: Done,
    rows: Sequence[Account],
    allotment: Allotment,
    reckoned: Sequence[Problem] = (),
) -> tuple[Problem, ...]:
    """All differences, those ``reckoned`` included, sorted by the line of the event and by code."""
    found = list(reckoned)
    for event in done.events:
        found += _told(event, terms)
    looks: tuple[Callable[[], Found], ...] = (
        lambda: _counts(terms, done, rows),
        lambda: _totals(terms, done, rows),
        lambda: _not_owed(allotment),
        lambda: _accounts(done, rows, terms),
        lambda: _readings(terms),
        lambda: late(terms, done, rows),
        lambda: order_broken(terms, done),
        lambda: links_broken(terms, done, rows),
        lambda: rates_short(terms, done),
        lambda: course(terms, done, rows),
        lambda: unheard(terms, done),
    )
    for look in looks:
        found += look()
    return tuple(sorted(set(found), key=lambda p: (p.place.rpartition(":")[0], _line(p), p.code)))


def _line(problem: Problem) -> int:
    line = problem.place.rpartition(":")[2]
    return int(line) if line.isdigit() else 0


def _told(event: Event, terms: Terms) -> Found:
    if event.what in _TOLD:
        code, level = _TOLD[event.what]
        yield _problem(code, event, level)
    elif event.what == "waited":
        yield _problem("waited", event, "warning" if event.hours >= 24 else "note")
    elif event.what == "handover":
        if event.outside:
            yield _problem("outside-agreement", event, "note")
        if event.also_under:
            yield _problem("booked-twice", event, "note")
        sites = terms.said.get("sites", ())
        if event.place and sites and event.place not in sites:
            yield _problem("other-place", event, "note")
    elif event.what == "announced":
        may = terms.said.get("announcements", {}).get("may", ())
        other = may and not set(event.by) <= set(may)
        yield _problem("announced-by-other" if other else "told", event, "note")


def _problem(code: str, event: Event, level: Level) -> Problem:
    return Problem(
        f"terms.{code}", event.at, described(event), hint=event.under or event.of or "", level=level
    )


def _counts(terms: Terms, done: Done, rows: Sequence[Account]) -> Found:
    known = done.known_until
    for row in rows:
        o = row.obligation
        place = terms.place(*o.path)
        if row.high is not None and row.done > row.high:
            yield Problem(
                "terms.excess", place, str(row.done), f"at most {row.high}", o.id, "warning"
            )
        if row.standing == "short" and row.done:
            wanted = f"at least {row.low}" if row.low else f"all; {row.left or 0} still held"
            due = due_of(terms, done, o)
            running = due is not None and known is not None and known.last() <= due
            # What is not due yet is on its way, and no breach of anything.
            level: Level = "note" if running else "warning"
            yield Problem("terms.shortfall", place, str(row.done), wanted, o.id, level)


def _totals(terms: Terms, done: Done, rows: Sequence[Account]) -> Found:
    for event, came, asked in totals_short(terms, done, rows):
        expected = f"at least {asked} together"
        yield Problem("terms.shortfall", event.at, str(came), expected, level="warning")


def _not_owed(allotment: Allotment) -> Found:
    for problem in allotment.problems:
        if problem.code == "terms.not-owed":
            yield Problem(
                problem.code, problem.place, problem.value, problem.expected,
                "say outside: true where both sides took it so", "warning",
            )  # fmt: skip


def _accounts(done: Done, rows: Sequence[Account], terms: Terms) -> Found:
    """Numbers told differently matter only where one of them would not meet the terms."""
    standing = {row.obligation.id: row.standing for row in rows}
    for event in done.events:
        if len(set(event.accounts.values())) > 1 or (event.high or event.low) > event.low:
            ids = [o.id for o in terms.find(event.under or "")]
            unsure = any(standing[id_] == "unknown" for id_ in ids)
            level: Level = "warning" if unsure else "note"
            yield Problem("terms.counts-differ", event.at, counted(event), level=level)
        elif event.what == "handover" and event.high is None and not event.outside:
            yield Problem("terms.count-unknown", event.at, described(event), level="note")


def _readings(terms: Terms) -> Found:
    for o in terms.obligations:
        if o.readings:
            who = ", ".join(sorted(o.readings))
            yield Problem("terms.read-differently", terms.place(*o.path), who, level="note")
    for path, link in terms.clauses("linkage"):
        if link["kind"] == "disputed":
            yield Problem("terms.read-differently", terms.place(*path), level="note")
