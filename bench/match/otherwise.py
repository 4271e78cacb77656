"""A second kind of noise, made without a look at the first: what scanners, telephones and clerks
in a hurry do, and names that went through two alphabets.

Nothing in the room is counted or tuned on it. Where ``bench.match.slips`` changes a letter here
and there, here one cause spoils a line in its own way: a scanned sheet has letters and digits that
look alike, a name told by telephone has other vowels and no soft sign, a form filled in by its
reader has facts in the wrong box.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from bench.match.lists import Person, Row, Writer, write
from bench.match.slips import SHORT, romanise, schools

# What a scanner takes for what, in print and in italics.
_SCANNED = (
    *("ин", "ни", "пл", "лп", "шщ", "щш", "ес", "се", "об", "бо", "йи", "ий", "цп", "тш", "шт"),
    *("гт", "тг", "вз", "зв", "ьы", "жм", "юо", "яа", "il", "li", "oc", "eo", "ae", "uv"),
    *("hb", "nh"),
)  # fmt: skip
_DIGITS = ("17", "71", "38", "83", "56", "65", "06", "60", "49", "94", "08", "27")
# What is heard for what, first what comes before.
_HEARD = (
    *(("стн", "сн"), ("здн", "зн"), ("тськ", "цьк"), ("дск", "цк"), ("тс", "ц"), ("дз", "з")),
    *(("ье", "е"), ("ья", "я"), ("ьо", "йо"), ("ї", "йі"), ("щ", "ш"), ("чт", "шт"), ("сч", "щ")),
    *(("о", "а"), ("е", "и"), ("я", "е"), ("и", "е"), ("б", "п"), ("д", "т"), ("г", "х")),
    *(("з", "с"), ("ж", "ш"), ("в", "у"), ("м", "н"), ("н", "м"), ("т", "п")),
    *(("к", "т"), ("ф", "х")),
)  # fmt: skip
# Numbers that sound alike: 12 and 2, 19 and 9, 15 and 50 have no room in a date, months do.
_MONTHS = {6: 7, 7: 6, 3: 5, 5: 3, 9: 10, 10: 9, 11: 12}
# A reader who knows one letter a sign, back into Cyrillic.
_BACK = (
    *(("shch", "щ"), ("kh", "х"), ("zh", "ж"), ("ts", "ц"), ("ch", "ч"), ("sh", "ш"), ("yu", "ю")),
    *(("ya", "я"), ("ia", "ия"), ("iu", "иу"), ("ie", "ие"), ("ye", "е"), ("yi", "йи")),
    *(("y", "ы"), ("w", "в"), ("j", "й"), ("h", "х"), ("x", "кс"), ("c", "к"), ("q", "к")),
    *zip("abvgdeziklmnoprstuf", "абвгдезиклмнопрстуф", strict=True),
)
_RANKS = {"uk": ("солдат", "ст. сержант", "матрос"), "ru": ("рядовой", "ряд.", "сержант")}


@dataclass(frozen=True)
class Clerk:
    """Who writes a list in this second way: what goes wrong, and how often, times ``noise``."""

    noise: float = 1.0
    languages: Writer = field(default_factory=lambda: Writer(0.25, 0.45, 0.0))

    def __call__(self, person: Person, dice: random.Random) -> Row:
        """One line about a person."""
        return told(person, self, dice)


def told(person: Person, clerk: Clerk, dice: random.Random) -> Row:
    """One line about a person, spoilt by at most two causes."""
    row = write(person, clerk.languages, dice)
    causes: list[tuple[float, Callable[[Row, Person, random.Random], None]]] = [
        (0.16, scanned),
        (0.14, telephoned),
        (0.10, through_two_alphabets),
        (0.05, in_the_wrong_box),
        (0.08, date_otherwise),
        (0.18, left_out),
        (0.03, by_a_short_form),
        (0.03, with_more_in_the_box),
        (0.10, renamed),
    ]
    chosen = [cause for rate, cause in causes if dice.random() < rate * clerk.noise]
    for cause in dice.sample(chosen, min(2, len(chosen))):
        cause(row, person, dice)
    return row


def scanned(row: Row, _person: Person, dice: random.Random) -> None:
    """Letters and digits that look alike, a gap where there is none."""
    for column in ("surname", "given_name", "patronymic"):
        if dice.random() < 0.45:
            row[column] = _one_of(row[column], _SCANNED, dice)
    if dice.random() < 0.06:
        at = dice.randrange(1, max(2, len(row["surname"])))
        row["surname"] = f"{row['surname'][:at]} {row['surname'][at:]}"
    if dice.random() < 0.3:
        spoilt = _one_of(row["birth_date"], _DIGITS, dice)
        row["birth_date"] = spoilt if _is_date(spoilt) else row["birth_date"]


def telephoned(row: Row, person: Person, dice: random.Random) -> None:
    """Written as it was heard: one or two sounds in each name, a month that sounds alike."""
    for column in ("surname", "given_name", "patronymic"):
        text = row[column].casefold()
        for _ in range(dice.choice((0, 1, 1, 2))):
            text = _one_of(text, _HEARD, dice)
        row[column] = text.replace("ь", "" if dice.random() < 0.5 else "ь").title()
    month = _MONTHS.get(person.born.month)
    if month and dice.random() < 0.08 and len(row["birth_date"]) == 10:
        row["birth_date"] = f"{person.born.year}-{month:02}-{min(person.born.day, 28):02}"


def through_two_alphabets(row: Row, person: Person, dice: random.Random) -> None:
    """From a passport in Latin letters back into Cyrillic, perhaps into Latin once more."""
    school = dice.choice(("kmu", "icao", "uk-bgn", "ru-bgn", "uk-iy"))
    form = 0 if schools()[school][0] == "uk" else 1
    again = dice.random() < 0.35
    for column, forms in _forms(person).items():
        if row[column]:
            text = _back(romanise(forms[form], school))
            text = romanise(text, dice.choice(("ru-bgn", "ru-old"))) if again else text
            row[column] = text.title()


def in_the_wrong_box(row: Row, _person: Person, dice: random.Random) -> None:
    """The names in other boxes of the form, or all in one."""
    surname, given, father = row["surname"], row["given_name"], row["patronymic"]
    kind = dice.random()
    if kind < 0.3 and father:
        row.update(surname=father, given_name=given, patronymic=surname)
    elif kind < 0.55 and father:
        row.update(surname=given, given_name=father, patronymic=surname)
    elif kind < 0.8:
        row.update(surname=f"{surname} {given} {father}".strip(), given_name="", patronymic="")
    elif father:
        row.update(surname=surname, given_name=f"{given} {father}", patronymic="")


def date_otherwise(row: Row, person: Person, dice: random.Random) -> None:
    """Day and month exchanged, a year reckoned from an age, or the date of the form itself."""
    kind, born = dice.random(), person.born
    if kind < 0.5 and born.day <= 12:
        row["birth_date"] = f"{born.year}-{born.day:02}-{born.month:02}"
    elif kind < 0.75:
        row["birth_date"] = str(born.year + dice.choice((-1, 0, 0, 1)))
    elif kind < 0.85:
        row["birth_date"] = (born + timedelta(days=dice.choice((-7, -1, 1, 7, 10)))).isoformat()
    else:
        row["birth_date"] = str(date(born.year, born.month, min(28, dice.randrange(1, 29))))


def left_out(row: Row, _person: Person, dice: random.Random) -> None:
    """One or two boxes empty, names to their initials among them."""
    for column in dice.sample(("patronymic", "birth_date", "unit", "rank", "sex"), 2):
        row[column] = ""
    if dice.random() < 0.15:
        row["given_name"], row["patronymic"] = (
            f"{text[:1]}." if text else "" for text in (row["given_name"], row["patronymic"])
        )


def by_a_short_form(row: Row, person: Person, dice: random.Random) -> None:
    """What friends call the person; a name without short form stays."""
    row["given_name"] = dice.choice(SHORT.get(person.given[1], (row["given_name"],))).title()


def with_more_in_the_box(row: Row, person: Person, dice: random.Random) -> None:
    """A rank before the name, another name in brackets, a remark after it."""
    kind = dice.random()
    if kind < 0.4:
        row["surname"] = f"{dice.choice(_RANKS[dice.choice(('uk', 'ru'))])} {row['surname']}"
    elif kind < 0.7:
        row["surname"] = f"{row['surname']} ({person.surname[dice.randrange(2)].title()})"
    else:
        row["given_name"] = f"{row['given_name']} (?)"


def renamed(row: Row, person: Person, dice: random.Random) -> None:
    """A married woman under another surname."""
    if person.woman and dice.random() < 0.5:
        row["surname"] = dice.choice(("Лісова", "Гончар", "Петренко", "Білик", "Мороз", "Савчук"))


def _forms(person: Person) -> dict[str, tuple[str, str]]:
    names = (person.surname, person.given, person.father)
    return dict(zip(("surname", "given_name", "patronymic"), names, strict=True))


def _one_of(text: str, changes: tuple[str | tuple[str, str], ...], dice: random.Random) -> str:
    """The text with one of the changes that can be made in it made once, at any place."""
    low = text.casefold()
    possible = [(pair[0], pair[1]) for pair in changes if pair[0] in low]
    if not possible:
        return text
    one, other = dice.choice(possible)
    places = [at for at in range(len(low)) if low.startswith(one, at)]
    at = dice.choice(places)
    new = other.upper() if text.isupper() else other.title() if at == 0 else other
    return text[:at] + new + text[at + len(one) :]


def _is_date(text: str) -> bool:
    try:
        return len(text) == 10 and 1900 < date.fromisoformat(text).year < 2020
    except ValueError:
        return False


def _back(text: str) -> str:
    out, at = "", 0
    while at < len(text):
        for latin, letter in _BACK:
            if text.startswith(latin, at):
                out, at = out + letter, at + len(latin)
                break
        else:
            out, at = out + (text[at] if text[at] in " -" else ""), at + 1
    return out
