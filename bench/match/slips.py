"""What hands, ears, forms and scanners do to names and dates on their way into a list."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from pathlib import Path

KEYS = (
    "йцукенгшщзхїфівапролджєячсмитьбю",
    "йцукенгшщзхъфывапролджэячсмитьбю",
    "qwertyuiopasdfghjklzxcvbnm",
)
_LOOK_ALIKE = tuple(
    tuple(pair)
    for pair in (
        *("пн", "нп", "шщ", "щш", "иі", "іи", "ое", "ео", "са", "ас", "зэ", "бв", "дл", "лд"),
        *("гт", "тг", "ce", "ec", "rn", "nr", "li", "il", "uv", "vu"),
    )
)
_BY_EAR = tuple(
    tuple(pair) for pair in ("оа", "ао", "еи", "ие", "іи", "гх", "вф", "бп", "дт", "зс", "жш")
)
SHORT = {  # Russian name: (Russian, Ukrainian) short form
    "александр": ("саша", "сашко"),
    "николай": ("коля", "коля"),
    "сергей": ("серёжа", "сергійко"),
    "владимир": ("вова", "вова"),
    "евгений": ("женя", "женя"),
    "дмитрий": ("дима", "діма"),
    "юрий": ("юра", "юра"),
    "михаил": ("миша", "міша"),
    "алексей": ("лёша", "льоша"),
    "виктор": ("витя", "вітя"),
    "анатолий": ("толя", "толя"),
    "василий": ("вася", "вася"),
}

Schools = dict[str, tuple[str, dict[str, str]]]


@cache
def schools() -> Schools:
    """Every school of romanisation: the language it starts from, and its letters."""
    found: Schools = {}
    for line in (Path(__file__).parent / "schools.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            school, base, letters, latin = line.split("\t")
            table = found.setdefault(school, (base, dict(found[base][1]) if base else {}))[1]
            if letters:
                table[letters] = latin
    return {school: entry for school, entry in found.items() if entry[0]}


def romanise(word: str, school: str) -> str:
    """A Cyrillic word as one school writes it.

    >>> romanise("шевченко", "german-uk")
    'schewtschenko'
    """
    table = schools()[school][1]
    out, at = [], 0
    while at < len(word):
        size = 2 if word[at : at + 2] in table or word[at : at + 2] + "$" in table else 1
        piece = word[at : at + size]
        keys = [piece + "$"] if at + size == len(word) else []
        keys += ["^" + piece] if at == 0 else []
        known = next((key for key in (*keys, piece) if key in table), None)
        if known is None and size == 2:
            size, piece = 1, word[at]
            known = piece if piece in table else None
        out.append(table[known] if known else piece.strip("'’ʼ"))
        at += size
    return "".join(out)


def typo(word: str, dice: random.Random) -> str:
    """One slip of a hand, an ear or a scanner."""
    if len(word) < 3:
        return word
    at = dice.randrange(len(word))
    kind = dice.random()
    if kind < 0.2:
        return word[:at] + word[at + 1 :]
    if kind < 0.35:
        return word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]
    if kind < 0.5:
        return word[:at] + word[at] + word[at:]
    if kind < 0.65:
        for row in KEYS:
            if word[at] in row:
                place = row.index(word[at])
                near = row[max(0, place - 1) : place + 2]
                return word[:at] + dice.choice(near) + word[at + 1 :]
    kinds = _BY_EAR if kind < 0.8 else _LOOK_ALIKE
    for one, other in dice.sample(kinds, len(kinds)):
        if one in word[1:]:
            return word[0] + word[1:].replace(one, other, 1)
    return word


def written_date(born: date, chance: Callable[[float], bool], dice: random.Random) -> str:
    """A birth date as it reaches a list: whole, partial, absent or wrong."""
    if chance(0.06):
        return ""
    if chance(0.07):
        return str(born.year)
    if chance(0.01):
        return f"{born:%Y-%m}"
    if chance(0.02):
        return f"{born.year}-01-01"
    if chance(0.02) and born.day <= 12:
        return f"{born.year}-{born.day:02}-{born.month:02}"
    if chance(0.02):
        years = dice.choice((-10, -2, -1, 1, 2, 10))
        return born.replace(year=born.year + years, day=min(born.day, 28)).isoformat()
    if chance(0.015):
        return (born + timedelta(days=dice.choice((-1, 1)))).isoformat()
    if chance(0.03):
        return _digit_changed(born.isoformat(), dice)
    return born.isoformat()


def _digit_changed(text: str, dice: random.Random) -> str:
    at = dice.choice((2, 3, 5, 6, 8, 9))
    try:
        return date.fromisoformat(f"{text[:at]}{dice.randrange(10)}{text[at + 1 :]}").isoformat()
    except ValueError:
        return text
