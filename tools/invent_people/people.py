"""Inventing people: a name in every script it needs, a birthday, relatives and namesakes."""

from __future__ import annotations

import csv
import gzip
from bisect import bisect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random

from tools.invent_people.scripts import like, to_latin

HERE = Path(__file__).parent / "names"
Forms = Mapping[str, str]
NOBODY: Forms = {}
_COHORTS = ("w1955", "w1965", "w1975", "w1985", "w1995")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist. Name parts map a script (uk, ru, ar, he, latin) to a form.

    ``latin`` of an Arabic or Hebrew name holds every usual spelling, with semicolons between.
    """

    culture: str
    surname: Forms
    given: Forms
    patronymic: Forms
    born: date
    sex: str
    category: str


class Draw:
    """Weighted choice from rows, by one random number and a search."""

    def __init__(self, rows: Sequence[Forms], weight: Callable[[Forms], float]) -> None:
        self.rows = rows
        self.sums = list(accumulate(weight(row) for row in rows))

    def __call__(self, rng: Random) -> Forms:
        return self.rows[bisect(self.sums, rng.random() * self.sums[-1])]


@cache
def _table(name: str) -> tuple[Forms, ...]:
    with gzip.open(HERE / f"{name}.tsv.gz", "rt", encoding="utf-8") as text:
        return tuple(csv.DictReader(text, delimiter="\t"))


@cache
def _draw(name: str, weight: str, wanted: tuple[tuple[str, str], ...]) -> Draw:
    rows = [row for row in _table(name) if all(row[key] == value for key, value in wanted)]
    return Draw(rows, lambda row: float(row[weight]))


def _slavic(culture: str, sex: str, born: date, rng: Random) -> tuple[Forms, Forms, Forms]:
    surname = _draw("surnames", "weight", (("culture", culture),))(rng)
    wanted = (("culture", culture), ("sex", sex))
    given = _draw("given", _cohort(born.year), wanted)(rng)
    father = _fathers(culture, given["group"], _cohort(born.year - 27))(rng)
    patronymic = _patronymics()[father["ru"]]
    return (
        {key: feminine(surname[key]) if sex == "f" else surname[key] for key in ("uk", "ru")},
        {key: given[key] for key in ("uk", "ru")},
        {key: patronymic[f"{key}_{sex}"] for key in ("uk", "ru")},
    )


def _cohort(year: int) -> str:
    return _COHORTS[min(4, max(0, (year - 1950) // 10))]


@cache
def _patronymics() -> Mapping[str, Forms]:
    return {row["father_ru"]: row for row in _table("patronymics")}


@cache
def _fathers(culture: str, group: str, weight: str) -> Draw:
    known = _patronymics()
    rows = [
        row
        for row in _table("given")
        if (row["culture"], row["group"], row["sex"]) == (culture, group, "m")
        and row["ru"] in known
    ]
    return Draw(rows, lambda row: float(row[weight]))


def _semitic(culture: str, sex: str, rng: Random) -> tuple[Forms, Forms, Forms]:
    table = {"ar": "arabic", "he": "hebrew"}[culture]
    given = _draw(table, "weight", (("kind", "given"), ("sex", sex)))(rng)
    father = _draw(table, "weight", (("kind", "given"), ("sex", "m")))(rng)
    family = _draw(table, "weight", (("kind", "family"),))(rng)
    surname, first, second = (
        {culture: row["script"], "latin": row["latin"]} for row in (family, given, father)
    )
    return surname, first, second


def feminine(surname: str) -> str:
    """A woman's form of a man's surname, in Ukrainian or Russian letters."""
    for ending, women in (("ий", "а"), ("ой", "ая")):
        if surname.endswith(ending):
            adjective = surname.endswith(("ский", "цкий", "ый")) or ending == "ой"
            return surname[:-2] + ("ая" if adjective else women)
    if surname.endswith(("ов", "ев", "єв", "їв", "ьов", "йов", "ин", "ін", "їн", "ын")):
        return surname if surname.endswith(("чин", "їв")) else surname + "а"
    return surname


def invent(culture: str, category: str, rng: Random) -> Person:
    """One person with names of ``culture``, of an age and sex usual in ``category``."""
    civilian = category == "civilian"
    sex = "f" if rng.random() < (0.3 if civilian else 0.03) else "m"
    first, last = (1948, 2006) if civilian else (1964, 2006)
    born = date(first, 1, 1) + timedelta(rng.randrange((last - first) * 365))
    home = "uk" if culture == "latin" else culture
    named = _semitic(home, sex, rng) if home in ("ar", "he") else _slavic(home, sex, born, rng)
    surname, given, patronymic = named
    if culture == "latin":
        surname, given, patronymic = (
            {"latin": to_latin(form["uk"], "kmu")} for form in (surname, given, patronymic)
        )
    return Person(culture, surname, given, patronymic, born, sex, category)


def invent_many(culture: str, categories: Sequence[str], rng: Random) -> list[Person]:
    """One person for each of ``categories``; some are relatives or namesakes of an earlier one."""
    people: list[Person] = []
    for category in categories:
        person = invent(culture, category, rng)
        chance = rng.random()
        if people and chance < 0.04:
            person = _like_another(person, people[rng.randrange(len(people))], chance, rng)
        people.append(person)
    return people


def _like_another(person: Person, other: Person, chance: float, rng: Random) -> Person:
    """Twins and brothers (2 %), a father's name in common (1 %), the very same name (1 %)."""
    if other.sex != person.sex:
        return person
    if chance < 0.005:
        return replace(person, surname=other.surname, patronymic=other.patronymic, born=other.born)
    if chance < 0.02:
        return replace(person, surname=other.surname, patronymic=other.patronymic)
    if chance < 0.03:
        return replace(person, surname=other.surname, given=other.given)
    apart = timedelta(rng.randrange(200, 4000) * rng.choice((-1, 1)))
    born = min(date(2006, 12, 28), max(date(1945, 1, 3), other.born + apart))
    return replace(other, born=born, category=person.category)


def spelled(forms: Forms, script: str, rng: Random) -> str:
    """The form in ``script`` if the person has one; a Latin name takes one usual spelling."""
    if script not in forms:
        return ""
    if script != "latin":
        return forms[script]
    choices = forms["latin"].split(";")
    return like("Aa", choices[0] if rng.random() < 0.6 else rng.choice(choices))
