"""The columns prepared for comparison, one row per line, all prefixed ``k_``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from homeward.dates import PartialDate
from homeward.people import folding, semitic, tables
from homeward.people.keys import Keys, keys
from homeward.people.line import Line

Columns = dict[str, list[Any]]

TEXTS = (
    *("sur", "loose", "skel", "giv", "givw", "xsur", "xgiv", "fat", "fatw"),
    *("ssk1", "gsk1", "fsk1"),
    *("script", "date", "swapped", "monthday", "unit", "svc", "place", "sex"),
)
LISTS = (
    *("surs", "parts", "givs", "ginit", "finit"),
    *("ssk", "gsk", "fsk", "snear", "gnear", "fnear"),
    *("gwhole", "gpart", "fwhole", "fpart"),
)
NUMBERS = ("year", "month", "days", "rank")
FLAGS = ("short", "default")


def scripts_of(lines: Sequence[Line]) -> set[str]:
    """The scripts without vowels that occur among the names, or that they come from: Arabic names
    in Latin letters differ by their writers' vowels too."""
    names = [f"{line.given_name} {line.patronymic} {line.surname}" for line in lines]
    found = {semitic.script(name) for name in names} - {""}
    arabic = sum(bool(_ARABIC_PARTICLE.search(name)) for name in names)
    return found | ({"arab"} if arabic > _MANY * len(names) else set())


_ARABIC_PARTICLE = re.compile(r"(?i)\b(?:al|el)[- ]\w\w|\b(?:abdu?[l -]|abou? |ibn |bin )\w\w")
_MANY = 0.05


def prepare(lines: Sequence[Line], scripts: tuple[str, ...]) -> list[dict[str, Any]]:
    """One row of columns per line, in the order given."""
    return [_row(line, scripts) for line in lines]


def _row(line: Line, scripts: tuple[str, ...]) -> dict[str, Any]:
    name = keys(line.surname, line.given_name, line.patronymic, scripts)
    return {**_name(name), **_date(line.birth_date), **_rest(line)}


def _name(name: Keys) -> dict[str, Any]:
    surname = name.surnames[0] if name.surnames else None
    slavic = name.script in ("cyrl", "latn")
    return {
        "sur": surname,
        "surs": name.surnames,
        "parts": name.surname_parts + name.surnames[:1],
        "loose": folding.loose(surname) if surname else None,
        "skel": folding.skeleton(surname) if surname and slavic else None,
        "giv": name.givens[0] if name.givens else None,
        "givs": name.givens,
        "givw": name.given_written or None,
        "xsur": name.given_as_surname or None,
        "xgiv": name.surname_as_given or None,
        "ginit": name.initials or None,
        "short": name.short,
        "fat": name.fathers[0] if name.fathers else None,
        "fatw": name.father_written or None,
        "finit": name.father_initials or None,
        "ssk": name.surname_skeletons,
        "gsk": name.given_skeletons,
        "fsk": name.father_skeletons,
        "gwhole": name.givens + name.given_skeletons,
        "gpart": name.given_parts,
        "fwhole": name.fathers + name.father_skeletons,
        "fpart": name.father_parts,
        "ssk1": _first(name.surname_skeletons),
        "gsk1": _first(name.given_skeletons),
        "fsk1": _first(name.father_skeletons),
        "snear": _near(name.surname_skeletons),
        "gnear": _near(name.given_skeletons),
        "fnear": _near(name.father_skeletons),
        "script": name.script,
    }


def _first(skeletons: tuple[str, ...]) -> str | None:
    """The likeliest skeleton without its mark."""
    return skeletons[0].partition(":")[2] or None if skeletons else None


def _near(skeletons: tuple[str, ...]) -> tuple[str, ...]:
    """What skeletons long enough have in common with those one slip away."""
    readings = (reading.partition(":")[2] for reading in skeletons)
    forms = {form for word in readings if len(word) >= 3 for form in folding.shorter(word)}
    return tuple(sorted(forms))


def _date(when: PartialDate | None) -> dict[str, Any]:
    if when is None:
        names = ("date", "swapped", "monthday", "year", "month", "days")
        return {**dict.fromkeys(names), "default": False}
    year, month, day = when.year, when.month, when.day
    whole = month is not None and day is not None
    return {
        "date": f"{year:04}{month:02}{day:02}" if whole else None,
        "swapped": f"{year:04}{day:02}{month:02}" if whole else None,
        "monthday": f"{month:02}{day:02}" if whole else None,
        "year": year,
        "month": month,
        "days": when.first().toordinal() if whole else None,
        "default": (month, day) == (1, 1),
    }


_UNIT_NUMBER = re.compile(r"\d{3,}")
_LETTERS = str.maketrans("авсенкмортхуі", "abcehkmoptxyi")


def _rest(line: Line) -> dict[str, Any]:
    return {
        "unit": unit_key(line.unit) or None,
        "svc": re.sub(r"[\W_]+", "", line.service_number).casefold() or None,
        "place": place_key(line.birth_place) or None,
        "sex": line.sex or None,
        "rank": tables.grades().get(tables.plain(line.rank)),
    }


def unit_key(text: str) -> str:
    """A unit as compared: its number, whose letter is often left out, else its words.

    >>> unit_key("в/ч А1234") == unit_key("A-1234") == unit_key("1234")
    True
    """
    plain = re.sub(r"[\W_]+", "", text.casefold())
    found = _UNIT_NUMBER.search(plain)
    return (found[0] if found else plain).translate(_LETTERS)


def place_key(text: str) -> str:
    """The first word of a place that is no abbreviation, as a fold."""
    for word in folding.bare(text.replace(".", ". ")).split():
        if len(word) > 3:
            if semitic.script(word):
                return semitic.spelling(word)
            sounds = (
                folding.cyrillic_sounds(word)
                if folding.is_cyrillic(word)
                else re.sub(r"[^a-z]", "", word)
            )
            return folding.surname_fold(sounds)
    return ""
