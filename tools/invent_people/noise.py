"""What a clerk who does not know the person gets wrong. Rates follow the matching benchmark."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from tools.invent_people.people import Person, spelled
from tools.invent_people.scripts import (
    FOR_RUSSIAN,
    FOR_UKRAINIAN,
    latin_to_arabic,
    latin_to_cyrillic,
    latin_to_hebrew,
    to_latin,
    ukrainian_by_ear,
)

_CONFUSED = {
    "uk": ("ие", "иі", "оа", "шщ", "зс", "дт", "гх", "нп", "цщ", "ьи"),
    "ru": ("ие", "ыи", "оа", "шщ", "зс", "дт", "гх", "нп", "цщ", "йи"),
    "latin": ("iy", "uv", "nm", "ea", "ao", "kc", "sz", "td", "gh", "li"),
    "ar": ("حخ", "دذ", "سش", "صض", "طظ", "عغ", "بت"),
    "he": ("ור", "דר", "הח", "טת", "כק", "בכ"),
}


@dataclass(frozen=True, slots=True)
class Written:
    """A name and birthday as one clerk wrote them."""

    surname: str
    given: str
    patronymic: str
    born: str
    script: str


def write_own(person: Person, script: str, rng: Random) -> Written:
    """By the person's own office, from papers: its own letters and a clean date, few slips."""
    parts = (person.surname, person.given, person.patronymic)
    known = script in person.surname
    surname, given, patronymic = (
        [spelled(part, script, rng) for part in parts] if known else _foreign(person, script, rng)
    )
    written = Written(surname, given, patronymic, person.born.isoformat(), script)
    chance = rng.random()
    if chance < 0.03:
        written = replace(written, patronymic="")
    elif chance < 0.05:
        written = replace(written, born=str(person.born.year))
    return _capitals(written, rng, 0.08)


def write_foreign(person: Person, script: str, rng: Random) -> Written:
    """By the office that holds the person: another alphabet, by ear or from a paper, with slips."""
    names = _foreign(person, script, rng)
    surname, given, patronymic = (
        _typo(part, script, rng) if rng.random() < rate else part
        for part, rate in zip(names, (0.05, 0.03, 0.04), strict=True)
    )
    chance = rng.random()
    if chance < 0.20:
        patronymic = ""
    elif chance < 0.23:
        patronymic = patronymic[:1] + "."
    elif chance < 0.245:
        given = given[:1] + "."
    if rng.random() < 0.04:
        surname, given = given, surname
    if script in ("uk", "ru"):
        surname, given, patronymic = (_marks(part, rng) for part in (surname, given, patronymic))
    written = Written(surname, given, patronymic, _date(person.born, rng), script)
    return _capitals(written, rng, 0.15)


def _foreign(person: Person, script: str, rng: Random) -> list[str]:
    parts = (person.surname, person.given, person.patronymic)
    if person.culture == "uk" and script == "ru" and rng.random() < 0.10:
        return [ukrainian_by_ear(part["uk"]) for part in parts]
    if script in person.surname and script != "latin":
        return [part[script] for part in parts]
    if script == "latin" and "uk" in person.surname:
        russian = rng.random() < 0.6
        style = rng.choice(FOR_RUSSIAN if russian else FOR_UKRAINIAN)
        return [to_latin(part["ru" if russian else "uk"], style) for part in parts]
    if "uk" in person.surname:
        latin = [to_latin(part["ru"], "bgn") for part in parts]
    else:
        latin = [spelled(part, "latin", rng) for part in parts]
    if script == "ar":
        return [latin_to_arabic(part) for part in latin]
    if script == "he":
        return [latin_to_hebrew(part) for part in latin]
    if script in ("uk", "ru"):
        return [latin_to_cyrillic(part, ukrainian=script == "uk") for part in latin]
    return latin


def _marks(part: str, rng: Random) -> str:
    """Apostrophes and soft signs come and go; Ґ is seldom typed, -єв is often -ев."""
    part = part.replace("Ґ", "Г").replace("ґ", "г")
    if "'" in part:
        part = part.replace("'", rng.choice(("'", "’", "ʼ", "", "")))
    if "ь" in part and rng.random() < 0.06:
        part = part.replace("ь", "", 1)
    if part.endswith(("єв", "єва")) and rng.random() < 0.2:
        part = re.sub("є(ва?)$", r"е\1", part)
    return part


def _typo(part: str, script: str, rng: Random) -> str:
    """One letter lost, doubled, swapped with its neighbour or taken for one that looks alike."""
    if len(part) < 4:
        return part
    place = rng.randrange(1, len(part) - 1)
    kind = rng.random()
    if kind < 0.3:
        return part[:place] + part[place + 1 :]
    if kind < 0.45:
        return part[:place] + part[place] + part[place:]
    if kind < 0.65:
        return part[:place] + part[place + 1] + part[place] + part[place + 2 :]
    swaps = {
        one: other for a, b in map(tuple, _CONFUSED[script]) for one, other in ((a, b), (b, a))
    }
    places = [n for n, letter in enumerate(part) if n and letter in swaps]
    if not places:
        return part[:-1]
    place = rng.choice(places)
    return part[:place] + swaps[part[place]] + part[place + 1 :]


def _date(born: date, rng: Random) -> str:
    """Missing 6 %, year only 8 %, a wrong digit 3 %, day for month 2 %, near misses 5 %."""
    chance = rng.random()
    text = born.isoformat()
    if chance < 0.06:
        return ""
    if chance < 0.14:
        return str(born.year)
    if chance < 0.16:
        return text[:7]
    if chance < 0.19:
        return _wrong_digit(born, rng)
    if chance < 0.21:
        return f"{born.year}-{born.day:02d}-{born.month:02d}" if born.day <= 12 else text
    if chance < 0.23:
        day = 28 if (born.month, born.day) == (2, 29) else born.day
        return born.replace(year=born.year + rng.choice((-1, 1)), day=day).isoformat()
    if chance < 0.25:
        return f"{born.year}-01-01"
    if chance < 0.26:
        return (born + timedelta(rng.choice((-1, 1)))).isoformat()
    return text


def _wrong_digit(born: date, rng: Random) -> str:
    text = born.isoformat()
    for _ in range(20):
        place = rng.choice((3, 6, 8, 9))
        changed = text[:place] + str(rng.randrange(10)) + text[place + 1 :]
        try:
            if changed != text and date.fromisoformat(changed):
                return changed
        except ValueError:
            continue
    return text


def _capitals(written: Written, rng: Random, rate: float) -> Written:
    if rng.random() >= rate or not re.search(r"\w", written.surname):
        return written
    return replace(
        written,
        surname=written.surname.upper(),
        given=written.given.upper(),
        patronymic=written.patronymic.upper(),
    )
