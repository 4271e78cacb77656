"""A pause that further releases earn: so many more persons give so much more time, to a limit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from homeward.dates import PartialDate
from homeward.problem import Problem
from homeward.terms.agreement import Obligation, Terms
from homeward.terms.happened import Done, targets

Row = dict[str, Any]
_DAYS = {"days": 1, "weeks": 7}


def extension(terms: Terms, done: Done) -> Iterator[Row | Problem]:
    """Time earned, used and allowed, and every day that was used before it was earned.

    The first period is the ``days`` of the obligation's stage, from the agreement's ``start``;
    ``at_most`` counts it in. Units other than days and weeks are not reckoned.
    """
    said = terms.said.get("extension")
    found = terms.find(said["of"]) if said else ()
    if said is None or not found:
        return
    place, o, start = terms.place("extension"), found[0], terms.said.get("start")
    stages = {stage["id"]: stage for _, stage in terms.clauses("stages")}
    first = stages.get(o.stage or "", {}).get("days")
    ends = [e.until.last() for e in done.events if e.what == "prolonged" and e.until is not None]
    prolonged = any(event.what == "prolonged" for event in done.events)
    if not isinstance(start, PartialDate) or first is None or said["unit"] not in _DAYS:
        yield Problem(
            "terms.extension-unknown", place, "", "start, days of the stage", level="note"
        )
        return
    if prolonged and not ends:
        yield Problem("terms.extension-unknown", place, "prolonged", "until", level="note")
        return
    base = start.first() + timedelta(days=first - 1)
    used = max(((end - base).days for end in ends), default=0)
    step = said["gives"] * _DAYS[said["unit"]]
    further = max(_came(terms, done, o, date.max) - o.low, 0)
    earned = further // said["each"] * step
    most = said["at_most"] * _DAYS[said["unit"]] - first if "at_most" in said else None
    for what, found_days, asked in (("earned", earned, used), ("used", used, most)):
        yield {
            "clause": "extension", "kind": "extension", "what": what, "found": found_days,
            "asked": asked, "unit": "days",
        }  # fmt: skip
    if most is not None and used > most:
        yield Problem(
            "terms.extension-beyond", place, f"{used} days more", f"at most {most}",
            level="warning",
        )  # fmt: skip
    yield from _unearned(terms, done, o, (base, used, step), place)


def _unearned(
    terms: Terms, done: Done, o: Obligation, loop: tuple[date, int, int], place: str
) -> Iterator[Problem]:
    """By the end of each further period its persons must have come."""
    base, used, step = loop
    each = terms.said["extension"]["each"]
    for period in range(1, -(-used // step) + 1):
        day = base + timedelta(days=period * step)
        came, asked = _came(terms, done, o, day), o.low + period * each
        if came < asked:
            yield Problem(
                "terms.extension-unearned", place, f"{came} by {day}", f"at least {asked}",
                level="warning",
            )  # fmt: skip
            return


def _came(terms: Terms, done: Done, o: Obligation, day: date) -> int:
    return sum(
        event.low
        for event in done.events
        if event.what in ("handover", "counted")
        and not event.outside
        and o in targets(terms, event)
        and event.last.last() <= day
    )
