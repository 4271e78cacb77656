"""From evidence to a probability that can be believed, and to what may be decided by it.

A pair is judged against everything else that could explain it: the other candidates of either
line, a brother or twin who differs only in the given name, and a stranger of the same name.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from homeward.people.blocking import Positions
from homeward.people.evidence import FIELDS, Field
from homeward.people.linking import Evidence, Seen, weights

Floats = NDArray[np.float64]

# How often a list that does not hold the person holds a brother, or a twin, of the person; or one
# of the kin, or of the village, who bears all the same names: rare surnames are no rarer there.
BROTHER, TWIN, NAMESAKE = 0.02, 0.005, 0.001
# A brother bears the same given name hardly ever, a short form that fits both now and then.
_NAMESAKE = {"same": 0.002, "same-reading": 0.002, "exchanged": 0.01, "short-form": 0.02}
_INITIALS = ("initial", "initial-differs")

_GIVEN_AGREES = {"same", "same-reading", "short-form", "initial", "exchanged", "near", "part"}
_GIVEN_AGREES |= {"sounds-alike", "sounds-as-read", "sounds-exchanged", "sounds-near"}
_APART = {"differs", "sounds-apart", "initial-differs"}
_DATE_APART = {"differs", "year-only-near", "year-near", "same-year", "two-digits"}
# Facts that stand for themselves beside surname and given name, and those of which it takes two.
_STRONG = {
    "birth_date": {"same", "day-month-exchanged", "one-digit", "next-day", "same-day-and-month"},
    "patronymic": {"same", "near", "sounds-alike", "sounds-as-read"},
    "service_number": {"same"},
}
_WEAK = {
    "birth_date": {"year-only", "first-of-january", "same-first-of-january", "same-month"},
    "patronymic": {"initial", "close", "part", "sounds-near"},
    "unit": {"same"},
    "birth_place": {"same"},
}


def probabilities(pairs: Evidence, lines: int) -> Floats:
    """The probability of each pair that its two lines are one person.

    ``lines`` is the number of lines in both lists together: as many pairs as half of them may be
    expected to be the same person, so two lines picked blindly are with odds of 1 to ``lines``.
    Score of a pair = odds / (1 + odds of all other candidates of its row and of its column).
    """
    odds = _odds(pairs, lines)
    of_left, of_right = (_sums(at, odds) for at in (pairs.left, pairs.right))
    others = (of_left - odds) + (of_right - odds)
    score = odds / (1.0 + np.maximum(others, 0.0))
    return np.round(score / (1.0 + score), 9)


def _sums(at: Positions, odds: Floats) -> Floats:
    """For each pair the sum of the odds of all pairs with its line.

    They are added from the smallest on, so that neither side nor row order matters.
    """
    if not len(at):
        return odds
    order = np.lexsort((odds, at))
    starts = np.flatnonzero(np.diff(at[order], prepend=-1))
    sums = np.add.reduceat(odds[order], starts)
    found = np.empty_like(odds)
    found[order] = np.repeat(sums, np.diff(starts, append=len(at)))
    return found


def _odds(pairs: Evidence, lines: int) -> Floats:
    """Odds that the pair is one person against strangers and against relatives."""
    against: Floats = lines * np.exp2(-np.minimum(pairs.bits, 200.0))
    return 1.0 / (against + _relatives(pairs))


def _relatives(pairs: Evidence) -> Floats:
    """Odds that a relative explains what is seen, against the person.

    A brother shares the surname and the father and differs in given name and date; a twin in the
    given name alone; a namesake in the date alone. A service number is nobody else's; all else that
    they share says nothing between the two explanations.
    """
    by_field = {field.name: field for field in FIELDS}
    name, date, number = (
        _ratios(by_field[field])[pairs.levels[field]]
        for field in ("given_name", "birth_date", "service_number")
    )
    return number * (name * (TWIN + BROTHER * date) + NAMESAKE * date)


def _ratios(field: Field) -> Floats:
    """How much oftener each level is seen for two different people; the last is for omitted."""
    levels = [_against(field.name, level.code) for level in field.levels]
    return np.array([*levels, 1.0])


def _against(field: str, level: str) -> float:
    """How much oftener a level is seen for two different people than for one."""
    table = weights()
    same, different = table[field, level]
    if field == "given_name":
        if level in _NAMESAKE:
            return _NAMESAKE[level]
        if level in _INITIALS:
            same /= sum(table[field, code][0] for code in _INITIALS)
            different /= sum(table[field, code][1] for code in _INITIALS)
    return different / same


def held_back(seen: Sequence[Seen]) -> str:
    """Why a pair must not be decided without a person however probable, or an empty text.

    Surname and given name alone never decide; nor does anything against a contradiction.
    """
    level = {entry.field: entry.level for entry in seen}
    if level["given_name"] not in _GIVEN_AGREES:
        return "given-name-open"
    if level["surname"] in _APART | {"omitted"}:
        return "surname-open"
    if level["birth_date"] in _DATE_APART:
        return "date-contradicted"
    if level["patronymic"] in _APART:
        return "patronymic-contradicted"
    strong = sum(level[field] in levels for field, levels in _STRONG.items())
    weak = sum(level[field] in levels for field, levels in _WEAK.items())
    return "" if strong or weak > 1 else "no-third-fact"
