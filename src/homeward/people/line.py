"""One line of a list: what one side says about one person."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from homeward.dates import PartialDate


@dataclass(frozen=True, slots=True)
class Line:
    """One person as one list has it; texts are kept as written, an empty text means not said.

    ``category`` is one of prisoner_of_war, civilian, medical, religious, unknown; ``state``
    living or remains; ``sex`` m, f or empty. ``row`` is the row of the file it came from (1 is
    the first row of the file), 0 for a line made in memory.
    """

    id: str
    surname: str = ""
    given_name: str = ""
    patronymic: str = ""
    birth_date: PartialDate | None = None
    birth_place: str = ""
    sex: str = ""
    nationality: str = ""
    category: str = "unknown"
    state: str = "living"
    rank: str = ""
    service_number: str = ""
    unit: str = ""
    captured_on: PartialDate | None = None
    captured_at: str = ""
    held_at: str = ""
    health: str = ""
    tags: tuple[str, ...] = ()
    notes: str = ""
    row: int = 0

    def facts(self, as_of: date | None = None) -> dict[str, Any]:
        """What predicates in terms may ask about, flat and without the person's name.

        Dates are ISO texts, ``tags`` a tuple; what is not said is absent. With ``as_of`` and a
        birth date there is ``age``: the years surely completed by that day.
        """
        facts: dict[str, Any] = {}
        for name in FACTS:
            value = getattr(self, name)
            if isinstance(value, PartialDate):
                facts[name] = str(value)
            elif value:
                facts[name] = value
        if as_of is not None and self.birth_date is not None:
            facts["age"] = _years(self.birth_date.last(), as_of)
        return facts

    def cells(self) -> dict[str, str]:
        """The line as texts under the canonical column names."""
        return {name: _text(getattr(self, name)) for name in COLUMNS}


COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(Line) if field.name != "row")
FACTS = (
    "sex",
    "nationality",
    "category",
    "state",
    "rank",
    "unit",
    "birth_date",
    "captured_on",
    "captured_at",
    "held_at",
    "health",
    "tags",
)


def _years(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return ";".join(str(item) for item in value)
    return "" if value is None else str(value)
