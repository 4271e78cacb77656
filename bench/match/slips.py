"""What hands, ears, forms and scanners do to names and dates on their way into a list."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from pathlib import Path

KEYS = ('йцукенгшщзхїфівапролджєячсмитьбю', 'йцукенгшщзхъфывапролджэячсмитьбю', 'qwertyuiopasdfghjklzxcvbnm')
LOOK_ALIKE = ('пн', 'нп', 'шщ', 'щш', 'иі', 'іи', 'ое', 'ео', 'са', 'ас', 'зэ', 'бв', 'сl', 'ce', 'ec', 'rn', 'nr', 'li', 'il', 'uv', 'vu', 'дл', 'лд', 'гт', 'тг')
BY_EAR = (('о', 'а'), ('а', 'о'), ('е', 'и'), ('и', 'е'), ('і', 'и'), ('г', 'х'), ('в', 'ф'), ('б', 'п'), ('д', 'т'), ('з', 'с'), ('ж', 'ш'), ('тс', 'ц'), ('сч', 'щ'))
SHORT = {'александр': ('саша', 'саша'), 'николай': ('коля', 'коля'), 'сергей': ('серёжа', 'сергійко'), 'владимир': ('вова', 'вова'), 'евгений': ('женя', 'женя'), 'дмитрий': ('дима', 'діма'), 'юрий': ('юра', 'юра'), 'михаил': ('миша', 'міша'), 'алексей': ('лёша', 'льоша'), 'виктор': ('витя', 'вітя'), 'анатолий': ('толя', 'толя'), 'василий': ('вася', 'вася')}

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
    """A Cyrillic word as one school writes it."""
    table = SCHOOLS[school][1]
    out, at = [], 0
    while at < len(word):
        for size in (2, 1):
            piece = word[at : at + size]
            marks = (piece + "$",) if at + size >= len(word) else ()
            for key in (*marks, *(("^" + piece,) if at == 0 else ()), piece):
                if len(piece) == size and key in table:
                    out.append(table[key])
                    at += size
                    break
            else:
                continue
            break
        else:
            out.append("" if word[at] in "'’ʼ" else word[at])
            at += 1
    return "".join(out)


def typo(word: str, dice: random.Random) -> str:
    """One slip of a hand, an ear or a scanner."""
    if len(word) < 3:
        return word
    at = dice.randrange(len(word))
    kind = dice.random()
    if kind < 0.2:
        return word[:at] + word[at + 1 :]
    if kind < 0.35 and at + 1 < len(word):
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind < 0.5:
        return word[:at] + word[at] + word[at:]
    if kind < 0.65:
        for row in KEYS:
            if word[at] in row:
                near = row[max(0, row.index(word[at]) - 1) : row.index(word[at]) + 2]
                return word[:at] + dice.choice(near) + word[at + 1 :]
    if kind < 0.8:
        for one, other in dice.sample(BY_EAR, len(BY_EAR)):
            if one in word[1:]:
                return word[0] + word[1:].replace(one, other, 1)
    for one, other in dice.sample(LOOK_ALIKE, len(LOOK_ALIKE)):
        if one in word:
            return word.replace(one, other, 1)
    return word


def _date(born: date, chance: Callable[[float], bool], dice: random.Random) -> str:
    if chance(0.06):
        return ""
    if chance(0.07):
        return str(born.year)
    if chance(0.01):
        return f"{born:%Y-%m}"
    if chance(0.02):
        return f"{born.year}-01-01"
    text = born.isoformat()
    if chance(0.02) and born.day <= 12:
        return f"{born.year}-{born.day:02}-{born.month:02}"
    if chance(0.02):
        shifted = born.replace(
            year=born.year + dice.choice((-10, -2, -1, 1, 2, 10)), day=min(born.day, 28)
        )
        return shifted.isoformat()
    if chance(0.015):
        return (born + timedelta(days=dice.choice((-1, 1)))).isoformat()
    if chance(0.03):
        at = dice.choice((2, 3, 5, 6, 8, 9))
        changed = text[:at] + str(dice.randrange(10)) + text[at + 1 :]
        try:
            return date.fromisoformat(changed).isoformat()
        except ValueError:
            return text
    return text


