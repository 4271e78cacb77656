"""One line of a list: what one side says about one person."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from homeward.dates import PartialDate


@dataclass(frozen=True, slots=True)
class Line:
    """One person as one list has it; texts are kept as written, an empty text means not said.

    ``category`` is one of prisoner_of_war, civilian, medical, religious, unknown; ``state``
    living or remains; ``sex`` m, f or empty. Where it was said: ``source`` is the SHA-256 (hex) of
    the file's bytes and ``row`` its row (1 is the first), empty and 0 for a line made in memory.
    Comparing lines passes ``source`` over: it is no part of what is said.
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
    source: str = field(default="", compare=False)

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


_PLACE = ("row", "source")
COLUMNS: tuple[str, ...] = tuple(one.name for one in fields(Line) if one.name not in _PLACE)
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
