"""Clauses that no event can judge: who belonged, who asked, what lasts; said, so that silence is
not taken for a promise that was kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from homeward.problem import Problem
from homeward.terms.agreement import Terms
from homeward.terms.controls import in_stage
from homeward.terms.document import Path
from homeward.terms.happened import Done, handovers
from homeward.terms.timing import due_of

Clause = tuple[Path, str, Any]


def unheard(terms: Terms, done: Done) -> Iterator[Problem]:
    """One note for each clause of which the events say nothing."""
    for clauses in (_whom, _around, _stages, _changes):
        for path, what, said in clauses(terms, done):
            yield Problem("terms.not-heard", terms.place(*path), what, plain(said), level="note")


def plain(said: Any) -> str:
    """What a clause says, in one line, as it was written.

    >>> plain({"within": 48, "unit": "hours", "by": ("delegates",)})
    'within 48, unit hours, by delegates'
    """
    if isinstance(said, Mapping):
        return ", ".join(f"{name} {plain(value)}" for name, value in said.items())
    if isinstance(said, tuple):
        return " or ".join(plain(one) for one in said)
    return said.isoformat() if isinstance(said, datetime) else str(said)


def _whom(terms: Terms, done: Done) -> Iterator[Clause]:
    """Whom a predicate means, where no handover told the facts of those who came."""
    counted = [e for e in done.events if e.what == "handover" and not e.outside]
    if counted and all(event.facts for event in counted):
        return
    for name, predicate in terms.predicates.items():
        yield ("categories", name, "when"), f"who is {name}", predicate
    for o in terms.obligations:
        if o.when is not None:
            yield (*o.path, "when"), f"who is meant by {o.id}", o.when
        for part in o.quantity.parts:
            if part.when is not None:
                path = (*o.path, "quantity", "parts", part.name)
                yield path, f"who is {part.name}", part.when


def _around(terms: Terms, done: Done) -> Iterator[Clause]:
    confirmation = terms.said.get("confirmation", {})
    for field in ("interview", "custody"):
        if field in confirmation:
            yield ("confirmation", field), field, confirmation[field]
    for case, rule in terms.said.get("rules", {}).items():
        if isinstance(rule, Mapping) and "within" in rule:
            yield ("rules", case), case, rule
    left = {event.under for event in done.events if event.what == "moved_away"}
    for path, duty in terms.clauses("after_release"):
        if not left & set(duty.get("of", ())):
            yield path, "duty after release", {k: v for k, v in duty.items() if k != "duty"}
    for path, answer in terms.clauses("answers"):
        yield path, "answer to a breach", answer
    for o in terms.obligations:
        if o.named or o.family:
            yield o.path, f"{o.id}: by name, family", {"named": o.named or 0, "family": o.family}
        for who, reading in o.readings.items():
            asked = {"form": reading.form, "number": reading.number, "as_of": reading.as_of}
            yield (*o.path, "readings", who), f"{o.id} as {who} reads it", asked
        if o.due is not None and due_of(terms, done, o) is None:
            yield (*o.path, "due"), f"{o.id}: the day it is due", o.due
        if o.quantity.as_of is not None:
            yield (*o.path, "quantity"), f"{o.id}: who was held", o.quantity.as_of


def _stages(terms: Terms, done: Done) -> Iterator[Clause]:
    """Stages of the agreement, with what the events put into each."""
    for path, stage in terms.clauses("stages"):
        came = sum(
            event.low
            for o in terms.obligations
            for event in handovers(terms, done, o)
            if in_stage(event, stage)
        )
        asked = {k: v for k, v in stage.items() if k not in ("id", "name", "note", "sites")}
        if asked:
            heard = f"{came} handed over" if came else "nothing told of it"
            yield path, f"stage {stage['id']}: {heard}", asked
    start, extension = terms.said.get("start"), terms.said.get("extension")
    if start is not None:
        first = min((e.first.first() for e in done.events if e.what == "handover"), default=None)
        yield ("start",), f"first handover {first or 'not told'}", start
    if extension is not None:
        yield ("extension",), "time earned by further releases", extension


def _changes(terms: Terms, done: Done) -> Iterator[Clause]:
    """Amendments, the step and gates by share: what the text says of the way."""
    told = {event.of for event in done.events if event.what == "amended"}
    for path, change in terms.clauses("amendments"):
        heard = "told" if change["id"] in told else "not told"
        yield path, f"amendment {change['id']}, {heard}", change["date"]
    if terms.step is not None:
        yield ("balance", "step"), "the lead within a day", terms.step
    for path, link in terms.clauses("linkage"):
        if "share" in link:
            yield path, f"{link['kind']} by share", link["share"]
