"""What a number is made up of: parts by count or by percentage, against what events tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from homeward.problem import Problem
from homeward.terms.agreement import Obligation, Part, Terms
from homeward.terms.happened import Done, Event, handovers
from homeward.terms.predicates import holds

Row = dict[str, Any]


def part_of(terms: Terms, o: Obligation, event: Event) -> str | None:
    """The part that an event names, or the only one whose predicate its facts fulfil."""
    if event.part is not None:
        return event.part
    fits = [
        part.name
        for part in o.quantity.parts
        if part.when is not None and holds(part.when, event.facts, terms.agreed_on)
    ]
    return fits[0] if len(fits) == 1 else None


def told(terms: Terms, done: Done, o: Obligation) -> Mapping[str, int] | None:
    """Handed over by part; None where some of it was told without its part or its number."""
    found: Counter[str] = Counter()
    for event in handovers(terms, done, o):
        part = part_of(terms, o, event)
        if part is None or not event.certain:
            return None
        found[part] += event.low
    return found


def told_among(terms: Terms, done: Done, o: Obligation, one: Part) -> int | None:
    """How many of those handed over belong to ``one``, who may belong to others as well; None
    where some handover tells neither their number nor the facts that decide."""
    found = 0
    for event in handovers(terms, done, o):
        belongs = holds(one.when, event.facts, terms.agreed_on) if one.when else None
        if one.name in event.among:
            found += event.among[one.name]
        elif belongs is None or not event.certain:
            return None
        elif belongs:
            found += event.low
    return found


def asks_for_a_mix(o: Obligation) -> bool:
    """Whether the parts of a number are terms of their own, and not only names."""
    return any(part.count is not None or part.percent is not None for part in o.quantity.parts)


def mix_is_told(terms: Terms, done: Done, o: Obligation) -> bool:
    """Whether events tell the shares that were agreed, where shares were.

    Percentages are a term beside the number, and without their parts nobody knows whether it was
    kept. A count within a number ("24 seamen and 11 others") is met with it unless told otherwise.
    """
    shared = any(part.percent is not None for part in o.quantity.parts)
    return not shared or told(terms, done, o) is not None


def mixes(terms: Terms, done: Done) -> Iterator[Row | Problem]:
    """Each part of each number that came: so many asked, so many told."""
    for o in terms.obligations:
        yield from _among(terms, done, o)
        if not asks_for_a_mix(o) or not handovers(terms, done, o):
            continue
        place = terms.place(*o.path)
        found = told(terms, done, o)
        if found is None:
            yield Problem("terms.mix-unknown", place, "", "each handover by part", o.id, "note")
            continue
        came = sum(found.values())
        for name, asked in _asked(o, came, o.quantity.parts).items():
            yield {
                "clause": o.id, "kind": "mix", "what": name,
                "found": found.get(name, 0), "asked": round(asked), "unit": "persons",
            }  # fmt: skip
            if abs(found.get(name, 0) - asked) >= 1:
                value = f"{name}: {found.get(name, 0)} of {came}"
                yield Problem("terms.mix-differs", place, value, str(round(asked)), o.id, "warning")


def _among(terms: Terms, done: Done, o: Obligation) -> Iterator[Row | Problem]:
    """Each count among a number, by itself: overlapping ones never add up to anything."""
    events = handovers(terms, done, o)
    came = sum(event.low for event in events)
    asked = _asked(o, came, o.quantity.among)
    for one in o.quantity.among if events else ():
        place = terms.place(*o.path, "quantity", "among", one.name)
        if one.name not in asked:
            continue
        found = told_among(terms, done, o, one)
        if found is None:
            expected = f"each handover with {one.name} under among"
            yield Problem("terms.mix-unknown", place, one.name, expected, o.id, "note")
            continue
        yield {
            "clause": o.id, "kind": "among", "what": one.name,
            "found": found, "asked": round(asked[one.name]), "unit": "persons",
        }  # fmt: skip
        if abs(found - asked[one.name]) >= 1:
            value = f"{one.name}: {found} of {came}"
            expected = str(round(asked[one.name]))
            yield Problem("terms.mix-differs", place, value, expected, o.id, "warning")


def _asked(o: Obligation, came: int, parts: Iterable[Part]) -> dict[str, float]:
    """What each part with a number should come to when ``came`` were handed over in all.

    A count is a share of the number it is part of: of the give of a key, or of the whole as long
    as that has not come in full.
    """
    quantity = o.quantity
    whole = quantity.give if quantity.of is not None else quantity.number
    asked: dict[str, float] = {}
    for part in parts:
        if part.percent is not None:
            asked[part.name] = came * part.percent / 100
        elif part.count is not None and quantity.of is None and whole and came >= whole:
            asked[part.name] = part.count
        elif part.count is not None and whole:
            asked[part.name] = came * part.count / whole
    return asked
