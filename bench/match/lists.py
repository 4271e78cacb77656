"""Invented lists of two sides with known pairs, for measuring: nobody in them exists.

    python -m bench.match.lists FOLDER [--people N] [--seed N] [--noise X]

One record per person and list. The noise is a mixture of what hands, ears, forms and scanners do;
every kind has its own rate, multiplied by ``--noise``.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from bench.match.slips import SHORT, romanise, schools, typo, written_date

COLUMNS = (
    *("id", "surname", "given_name", "patronymic"),
    *("birth_date", "sex", "category", "rank", "unit"),
)
RANKS = {
    "uk": ("солдат", "старший солдат", "молодший сержант", "сержант", "лейтенант", "капітан"),
    "ru": ("рядовой", "ефрейтор", "младший сержант", "сержант", "лейтенант", "капитан"),
    "en": ("Pte", "LCpl", "JSgt", "Sgt", "Lt", "Capt"),
}
Row = dict[str, str]
Pairs = list[tuple[str, str]]
Hand = Callable[["Person", random.Random], Row]


@dataclass(frozen=True)
class Person:
    """One invented person: every name as (Ukrainian form, Russian form)."""

    surname: tuple[str, str]
    given: tuple[str, str]
    father: tuple[str, str]
    born: date
    woman: bool
    unit: int
    rank: int


@dataclass
class Names:
    """What people are invented from."""

    given: dict[bool, tuple[list[tuple[str, str]], list[float]]]
    father: dict[bool, tuple[list[tuple[str, str]], list[float]]]
    surnames: list[tuple[str, str]] = field(default_factory=list)
    zipf: list[float] = field(default_factory=list)


def load(extra_surnames: list[tuple[str, str]] | None = None) -> Names:
    """Names from people.tsv.gz, perhaps with other surnames."""
    found: dict[str, list[tuple[str, str, float]]] = {}
    data = (Path(__file__).parent / "people.tsv.gz").read_bytes()
    for line in gzip.decompress(data).decode("utf-8").splitlines():
        kind, uk, ru, count = line.split("\t")
        found.setdefault(kind, []).append((uk, ru, float(count or 0)))

    def table(kind: str) -> tuple[list[tuple[str, str]], list[float]]:
        rows = found[kind]
        return [(uk, ru) for uk, ru, _ in rows], [count**0.85 for *_, count in rows]

    surnames = extra_surnames or [(uk, ru) for uk, ru, _ in found["surname"]]
    return Names(
        {False: table("given-m"), True: table("given-f")},
        {False: table("father-m"), True: table("father-f")},
        surnames,
        [1 / (25 + rank) ** 0.9 for rank in range(len(surnames))],
    )


def invent(names: Names, count: int, dice: random.Random) -> list[Person]:
    """People, some of them brothers, twins, fathers and sons, and namesakes."""
    order = names.surnames[:]
    dice.shuffle(order)
    people: list[Person] = []
    while len(people) < count:
        person = _person(names, order, dice)
        people += [person, *_relatives(person, names, dice)]
    return people[:count]


def _person(names: Names, surnames: list[tuple[str, str]], dice: random.Random) -> Person:
    woman = dice.random() < 0.07
    uk, ru = dice.choices(surnames, names.zipf)[0]
    if dice.random() < 0.01:
        other = dice.choices(surnames, names.zipf)[0]
        uk, ru = f"{uk}-{other[0]}", f"{ru}-{other[1]}"
    if woman:
        uk, ru = _feminine(uk), _feminine(ru)
    return Person(
        (uk, ru),
        dice.choices(*names.given[woman])[0],
        dice.choices(*names.father[woman])[0],
        date(1962, 1, 1) + timedelta(days=int(dice.triangular(0, 44 * 365, 26 * 365))),
        woman,
        dice.randrange(1000, 4000),
        dice.choices(range(6), (40, 20, 10, 15, 8, 7))[0],
    )


def _relatives(person: Person, names: Names, dice: random.Random) -> list[Person]:
    given = dice.choices(*names.given[person.woman])[0]
    chance = dice.random()
    if chance < 0.015 and given == person.given:
        return []  # parents give no two sons one name
    if chance < 0.004:
        return [replace(person, given=given)]
    if chance < 0.015:
        born = person.born + timedelta(days=dice.randrange(400, 3000))
        return [replace(person, given=given, born=born, unit=dice.randrange(1000, 4000))]
    if chance < 0.022:
        born = person.born - timedelta(days=dice.randrange(7500, 11000))
        father = dice.choices(*names.father[person.woman])[0]
        return [replace(person, given=given, father=father, born=born)]
    if chance < 0.024:
        return [replace(person, born=person.born + timedelta(days=dice.randrange(-4000, 4000)))]
    return []


def _feminine(form: str) -> str:
    for ending, other in (
        ("ський", "ська"), ("цький", "цька"), ("ский", "ская"), ("цкий", "цкая"), ("ий", "а"),
        ("ый", "ая"), ("ов", "ова"), ("ев", "ева"), ("єв", "єва"), ("ин", "ина"), ("ін", "іна"),
    ):  # fmt: skip
        if form.endswith(ending):
            return form[: -len(ending)] + other
    return form


@dataclass(frozen=True)
class Writer:
    """Who writes a list: shares of Ukrainian and Russian (the rest is Latin), and how careless."""

    uk: float
    ru: float
    noise: float

    def __call__(self, person: Person, dice: random.Random) -> Row:
        """One line about a person, as this writer would put it."""
        return write(person, self, dice)


def write(person: Person, writer: Writer, dice: random.Random) -> Row:
    """One line about a person, as this writer would put it."""

    def chance(rate: float) -> bool:
        return dice.random() < rate * writer.noise

    pick = dice.random()
    script = "uk" if pick < writer.uk else "ru" if pick < writer.uk + writer.ru else "en"
    parts = _names(person, script, chance, dice)
    parts = [
        typo(part, dice) if chance(rate) else part
        for part, rate in zip(parts, (0.05, 0.03, 0.04), strict=True)
    ]
    surname, given, father = _cased(_damaged(parts, chance), upper=dice.random() < 0.2)
    return {
        "surname": surname,
        "given_name": given,
        "patronymic": father,
        "birth_date": written_date(person.born, chance, dice),
        "sex": "f" if person.woman else "m",
        "category": "prisoner_of_war",
        "rank": "" if dice.random() < 0.4 else RANKS[script][person.rank],
        "unit": _unit(person, dice) if dice.random() < 0.5 else "",
    }


def _names(
    person: Person, script: str, chance: Callable[[float], bool], dice: random.Random
) -> list[str]:
    """The three names in a script; now and then the other language's forms, by ear."""
    school = dice.choice(sorted(schools()))
    form = {"uk": 0, "ru": 1}.get(script, 0 if schools()[school][0] == "uk" else 1)
    if chance(0.06):
        form = 1 - form
    surname, given, father = person.surname[form], person.given[form], person.father[form]
    if chance(0.015) and person.given[1] in SHORT:
        given = SHORT[person.given[1]][1 - form]
    if "-" in surname and chance(0.3):
        surname = dice.choice(surname.split("-"))
    parts = [surname, given, father]
    if script == "ru" and form == 0:
        parts = [_letters(part, "іїєґ'", ("и", "и", "е", "г", "")) for part in parts]
    return [romanise(part, school) for part in parts] if script == "en" else parts


def _cased(parts: Sequence[str], *, upper: bool) -> list[str]:
    if upper:
        return [part.upper() for part in parts]
    return ["-".join(p[:1].upper() + p[1:] for p in part.split("-")) for part in parts]


def _letters(word: str, old: str, new: tuple[str, ...]) -> str:
    return "".join(new[old.index(c)] if c in old else c for c in word)


def _damaged(parts: list[str], chance: Callable[[float], bool]) -> list[str]:
    surname, given, father = parts
    if chance(0.18):
        father = ""
    elif chance(0.04):
        father = father[:1] + "."
    if chance(0.02):
        given = given[:1] + "."
    if chance(0.035):
        surname, given = given, surname
    return [surname, given, father]


def _unit(person: Person, dice: random.Random) -> str:
    number = person.unit if dice.random() > 0.12 else dice.randrange(1000, 4000)
    return dice.choice(("А{}", "A{}", "в/ч А{}", "А-{}", "в/ч {}")).format(number)


def make(
    people: int, seed: int, sought_by: Hand, held_by: Hand, names: Names, overlap: float = 0.6
) -> tuple[list[Row], list[Row], Pairs]:
    """Two lists of ``people`` lines each, and the true pairs."""
    dice = random.Random(seed)
    both = int(people * overlap)
    everyone = invent(names, 2 * people - both, dice)
    dice.shuffle(everyone)
    sought = [sought_by(person, dice) for person in everyone[:people]]
    held = [held_by(person, dice) for person in everyone[people - both :]]
    places = list(range(people))
    dice.shuffle(places)
    for at, row in enumerate(sought):
        row["id"] = f"A{at:07}"
    for at, row in enumerate(held):
        row["id"] = f"B{places[at]:07}"
    gold = [(sought[people - both + at]["id"], held[at]["id"]) for at in range(both)]
    return sought, sorted(held, key=lambda row: row["id"]), sorted(gold)


def save(folder: Path, sought: list[Row], held: list[Row], gold: Pairs) -> None:
    """Write sought.csv, held.csv and gold.csv."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (("sought", sought), ("held", held)):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as out:
            table = csv.DictWriter(out, COLUMNS)
            table.writeheader()
            table.writerows(rows)
    with (folder / "gold.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("sought_id", "held_id"), *gold])


CAREFUL = Writer(0.85, 0.08, 0.3)
CARELESS = Writer(0.1, 0.6, 1.0)


def main() -> None:
    """Write lists into a folder."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("folder", type=Path)
    wanted.add_argument("--people", type=int, default=10_000)
    wanted.add_argument("--seed", type=int, default=1)
    wanted.add_argument("--noise", type=float, default=1.0)
    asked = wanted.parse_args()
    careless = replace(CARELESS, noise=asked.noise)
    save(asked.folder, *make(asked.people, asked.seed, CAREFUL, careless, load()))


if __name__ == "__main__":
    main()
