"""Whom a clause means: a predicate over a flat mapping of facts, true, false or not known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from homeward.dates import PartialDate

Facts = Mapping[str, Any]


def holds(
    predicate: Mapping[str, Any], facts: Facts, agreed: PartialDate | None = None
) -> bool | None:
    """Whether every line holds; None when a fact that decides is not known.

    >>> holds({"health": ("wounded", "sick"), "not": {"sex": "male"}}, {"health": "sick"})
    >>> holds({"age": {"at_least": 18}}, {"age": 17})
    False
    """
    answers = [_line(name, wanted, facts, agreed) for name, wanted in predicate.items()]
    return _every(answers)


def _every(answers: list[bool | None]) -> bool | None:
    if False in answers:
        return False
    return None if None in answers else True


def _line(name: str, wanted: Any, facts: Facts, agreed: PartialDate | None) -> bool | None:
    if name == "not":
        inner = holds(wanted, facts, agreed)
        return None if inner is None else not inner
    if name == "any":
        opposite = _every([_negated(holds(one, facts, agreed)) for one in wanted])
        return _negated(opposite)
    if isinstance(wanted, Mapping):
        answers = {_within(wanted, value) for value in _values(name, facts, wanted, agreed)}
        return answers.pop() if len(answers) == 1 else None
    known = facts.get(name)
    if known is None or known == "":
        return None
    words = {wanted} if isinstance(wanted, str) else set(wanted)
    found = known if isinstance(known, (tuple, list, set, frozenset)) else (known,)
    if name == "sex":
        words, found = ({_SEX.get(w, w) for w in each} for each in (words, map(_word, found)))
    return any(_word(one) in words for one in found)


# Lists write one letter where agreements write a word.
_SEX = {"m": "male", "f": "female"}


def _negated(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _values(
    name: str, facts: Facts, limits: Mapping[str, Any], agreed: PartialDate | None
) -> tuple[Any, ...]:
    """Every value that the fact may have; several where an age follows from partial dates."""
    at = limits.get("at")
    if name == "age" and at is not None:
        known = {"agreed": agreed, **{name: facts.get(fact) for name, fact in _DAY_OF.items()}}
        day = _day(at if isinstance(at, PartialDate) else known[at])
        born = _day(facts.get("birth_date"))
        if born is not None and day is not None:
            return tuple(ages_on(born, day))
    return (facts.get(name),)


def _day(told: Any) -> PartialDate | None:
    """A date, as lists write it or as it was read; None where there is none."""
    return PartialDate.parse(told) if told and isinstance(told, str) else told or None


_DAY_OF = {"capture": "captured_on", "handover": "handover_on"}


def ages_on(born: PartialDate, day: PartialDate) -> range:
    """The full years that somebody may have on a day, as far as partial dates tell.

    >>> list(ages_on(PartialDate(1990), PartialDate(2020, 5, 1)))
    [29, 30]
    """
    return range(_years(born.last(), day.first()), _years(born.first(), day.last()) + 1)


def _years(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _within(limits: Mapping[str, Any], known: Any) -> bool | None:
    if known is None or known == "":
        return None
    answers: list[bool | None] = []
    for limit, value in limits.items():
        if limit in ("at_least", "at_most"):
            number = int(known)
            answers.append(number >= value if limit == "at_least" else number <= value)
        elif limit != "at":
            answers.append(_dated(limit, value, known))
    return _every(answers)


def _dated(limit: str, value: PartialDate, known: Any) -> bool | None:
    day = known if isinstance(known, PartialDate) else PartialDate.parse(str(known))
    first, last = day.first(), day.last()
    if limit in ("from", "after"):
        edge = value.first() if limit == "from" else value.last()
        inside = (first >= edge, last >= edge) if limit == "from" else (first > edge, last > edge)
    else:
        edge = value.last() if limit == "until" else value.first()
        inside = (first <= edge, last <= edge) if limit == "until" else (first < edge, last < edge)
    return inside[0] if inside[0] == inside[1] else None


def facts_named(predicate: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Every (fact, word) that a predicate asks for, at any depth and not under ``not``."""
    found: set[tuple[str, str]] = set()
    for name, wanted in predicate.items():
        if name == "any":
            for one in wanted:
                found |= facts_named(one)
        elif name != "not" and not isinstance(wanted, Mapping):
            found |= {(name, word) for word in ([wanted] if isinstance(wanted, str) else wanted)}
    return found


def undated_ages(predicate: Mapping[str, Any]) -> bool:
    """Whether an age is asked for without saying on which day it counts."""
    for name, wanted in predicate.items():
        if name == "age" and not (isinstance(wanted, Mapping) and "at" in wanted):
            return True
        if name == "not" and undated_ages(wanted):
            return True
        if name == "any" and any(undated_ages(one) for one in wanted):
            return True
    return False
