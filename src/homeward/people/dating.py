"""Dates as lists write them: any order, any digits, month names, partly known."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from homeward.dates import PartialDate
from homeward.people import tables

EARLIEST, LATEST = 1900, 2100
CENTURY_TURNS_AT = 30  # 29 is read as 2029, 30 as 1930

_YEAR_FIRST = re.compile(r"(\d{4})[-./ ](\d{1,2})(?:[-./ ](\d{1,2}))?\Z")
_YEAR_LAST = re.compile(r"(\d{1,2})[-./ ]+(\d{1,2})[-./ ]+(\d{4}|\d{2})\Z")
_MONTH_YEAR = re.compile(r"(\d{1,2})[-./](\d{4})\Z")
_YEAR = re.compile(r"(\d{4})\Z")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})\Z")
_UNKNOWN_PART = re.compile(r"(?:[-./](?:00|xx|\?\?|__))+\Z|\A(?:(?:00|xx|\?\?|__)[-./])+")
_TIME = re.compile(r"[t ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:z|[+-]\d{2}:?\d{2})?\Z")
_YEAR_WORD = re.compile(
    r"(?<=[\d.])\s*(?:року|рік|р\.?\s?н\.?|р\.?|года|год|г\.?\s?р\.?|г\.?|م|ميلادي|למניינם)\Z"
    r"|\A(?:р|г)\.?\s?(?:[нр]\.?)?\s*(?=\d)"
)
_REMARK = re.compile(r"\s*\([^()]*\)\Z|\s*\?\Z")
_STROKES = dict.fromkeys(map(ord, "\u05be\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
# Years of other calendars that people now living may bear, and how their texts show them.
_HIJRI = re.compile(r"(?<=\d)\s*(?:هـ|ه|هجري|ah|h|г\.?\s?х)\.?\Z")
_HEBREW_YEAR = re.compile("ת[קרש][\u05d0-\u05ea]*[\"'\u05f3\u05f4]+[\u05d0-\u05ea]")
_OTHER_CALENDARS = (
    (range(1300, 1420), "Hijri or the Persian"),
    (range(1420, 1500), "Hijri"),
    (range(5650, 5900), "Hebrew"),
)
_NOT_MONTHS = {"st", "nd", "rd", "th", "of", "ב"}
_ABOUT = re.compile(r"\A(?:about|approx|circa|ca|c|прибл|близько|около|ок|~|حوالي|בערך)\.?\s*")


class Unreadable(ValueError):  # noqa: N818 - it is an answer, not a programming error
    """A text that is no date; ``hint`` says what it looks like."""

    def __init__(self, hint: str = "") -> None:
        super().__init__(hint)
        self.hint = hint


def month_first(texts: Iterable[str]) -> bool:
    """Whether a column writes 04/13/1987: some second number is over 12 and no first one is."""
    over: Counter[str] = Counter()
    for text in texts:
        found = _YEAR_LAST.match(_digits(text))
        if found:
            over["first"] += int(found[1]) > 12
            over["second"] += int(found[2]) > 12
    return over["second"] > 0 and over["first"] == 0


def read_date(cell: object, *, month_first: bool = False) -> tuple[PartialDate | None, str]:
    """The date in a cell and a remark (``short-year`` or nothing); raises Unreadable.

    An empty cell is None. A cell of a spreadsheet may already be a date or a whole number.

    >>> read_date("3 березня 1987 р.")
    (PartialDate(year=1987, month=3, day=3), '')
    """
    if isinstance(cell, datetime | date):
        return _checked(cell.year, cell.month, cell.day), ""
    text = _digits("" if cell is None else str(cell))
    if isinstance(cell, float) and cell.is_integer():
        text = str(int(cell))
    if _HIJRI.search(text) or _HEBREW_YEAR.search(text):
        raise Unreadable(_calendar("Hijri" if _HIJRI.search(text) else "Hebrew"))
    text = _YEAR_WORD.sub("", _TIME.sub("", _REMARK.sub("", text)))
    text = _ABOUT.sub("", _UNKNOWN_PART.sub("", text)).strip(" ,.")
    if not text or text in {"-", "?", "n/a", "none", "null"}:
        return None, ""
    named = _month_names(text)
    return _parse(named, month_first and named == text)


def _parse(text: str, month_first: bool) -> tuple[PartialDate, str]:
    if found := _YEAR.match(text):
        return _checked(int(found[1])), ""
    if found := _YEAR_FIRST.match(text) or _COMPACT.match(text):
        return _checked(*(int(part) for part in found.groups() if part)), ""
    if found := _MONTH_YEAR.match(text):
        return _checked(int(found[2]), int(found[1])), ""
    if found := _YEAR_LAST.match(text):
        first, second, year = (int(part) for part in found.groups())
        day, month = (second, first) if month_first else (first, second)
        if len(found[3]) == 2:
            century = 1900 if year >= CENTURY_TURNS_AT else 2000
            return _checked(century + year, month, day), "short-year"
        return _checked(year, month, day), ""
    if re.fullmatch(r"[1-6]\d{4}(?:\.0)?", text):
        raise Unreadable("looks like a spreadsheet's day number: format the column as a date")
    raise Unreadable


def _checked(year: int, month: int | None = None, day: int | None = None) -> PartialDate:
    if not EARLIEST <= year <= LATEST:
        other = next((name for years, name in _OTHER_CALENDARS if year in years), "")
        raise Unreadable(
            _calendar(other) if other else f"the year is not between {EARLIEST} and {LATEST}"
        )
    if month == 0:
        month = day = None
    if day == 0:
        day = None
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        raise Unreadable("there is no such day in the calendar") from None
    return PartialDate(year, month, day)


def _calendar(name: str) -> str:
    """Never reckoned here: the same written date differs by a day from country to country."""
    return f"a date of the {name} calendar? write the Gregorian one, or its year alone"


def _digits(text: str) -> str:
    """Any script's digits as 0-9, without marks of direction and needless spaces."""
    kept = "".join(
        str(int(char)) if char.isdecimal() and not char.isascii() else char
        for char in text
        if char not in "\u200e\u200f\u202a\u202b\u202c\ufeff"
    )
    return " ".join(kept.translate(_STROKES).replace("،", " ").casefold().split())


def _month_names(text: str) -> str:
    """A date with a month's name as numbers: ``3 march 1987`` as ``1987-3-3``."""
    if not any(char.isalpha() for char in text):
        return text
    numbers = [int(part) for part in re.findall(r"\d+", text)]
    words = [word for word in re.findall(r"[^\W\d]+", text) if word not in _NOT_MONTHS]
    word = " ".join(words)
    known = tables.months()
    month = known.get(word) or known.get(word.removeprefix("ב"))
    if month is None or not 1 <= len(numbers) <= 2:
        return text
    if max(numbers) < 1000:
        return f"{numbers[0]}-{month}-{numbers[-1]:02}" if len(numbers) == 2 else text
    year = max(numbers)
    return "-".join(str(part) for part in (year, month, *(n for n in numbers if n != year)))
