"""From evidence to a probability that can be believed, and to what may be decided by it.

A pair is judged against everything else that could explain it: the other candidates of either
line, a brother or twin who differs only in the given name, and a stranger of the same name.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from homeward.people.linking import Scored, Seen, weights

# How often a list that does not hold the person holds a brother, or a twin, of the person.
BROTHER, TWIN = 0.02, 0.005
# A brother bears the same given name hardly ever, a short form that fits both now and then.
_NAMESAKE = {"same": 0.002, "same-reading": 0.002, "exchanged": 0.01, "short-form": 0.02}
_INITIALS = ("initial", "initial-differs")

_GIVEN_AGREES = {"same", "same-reading", "short-form", "initial", "exchanged", "near"}
_GIVEN_AGREES |= {"sounds-alike", "sounds-near"}
_APART = {"differs", "sounds-apart", "initial-differs"}
_DATE_APART = {"differs", "year-near", "same-year", "two-digits"}
# Facts that stand for themselves beside surname and given name, and those of which it takes two.
_STRONG = {
    "birth_date": {"same", "day-month-exchanged", "one-digit", "next-day", "same-day-and-month"},
    "patronymic": {"same", "near"},
    "service_number": {"same"},
}
_WEAK = {
    "birth_date": {"year-only", "first-of-january", "same-first-of-january", "same-month"},
    "patronymic": {"initial", "close"},
    "unit": {"same"},
    "birth_place": {"same"},
}


def probabilities(pairs: Sequence[Scored], lines: int) -> list[float]:
    """The probability of each pair that its two lines are one person.

    ``lines`` is the number of lines in both lists together: as many pairs as half of them may be
    expected to be the same person, so two lines picked blindly are with odds of 1 to ``lines``.
    Score of a pair = odds / (1 + odds of all other candidates of its row and of its column).
    """
    odds = [_odds(pair, lines) for pair in pairs]
    of_left: dict[int, list[float]] = defaultdict(list)
    of_right: dict[int, list[float]] = defaultdict(list)
    for pair, weight in zip(pairs, odds, strict=True):
        of_left[pair.left].append(weight)
        of_right[pair.right].append(weight)
    found = []
    for pair, weight in zip(pairs, odds, strict=True):
        # fsum: the same sum in any order, so that neither side nor row order matters.
        others = math.fsum((*of_left[pair.left], *of_right[pair.right], -weight, -weight))
        score = weight / (1.0 + max(others, 0.0))
        found.append(round(score / (1.0 + score), 9))
    return found


def _odds(pair: Scored, lines: int) -> float:
    """Odds that the pair is one person against strangers and against relatives."""
    against = lines * math.exp2(-min(pair.bits, 200.0))
    return 1.0 / (against + relative(pair.seen))


def relative(seen: Sequence[Seen]) -> float:
    """Odds that a relative explains what is seen, against the person.

    A brother shares the surname and the father and differs in given name and date; a twin in the
    given name alone. What they share says nothing between the two explanations.
    """
    levels = {entry.field: entry.level for entry in seen}
    name = _against("given_name", levels["given_name"])
    return name * (TWIN + BROTHER * _against("birth_date", levels["birth_date"]))


def _against(field: str, level: str) -> float:
    """How much oftener a level is seen for two different people than for one."""
    if level == "omitted":
        return 1.0
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
