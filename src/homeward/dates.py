"""Partial dates, instants with a zone, and the windows that days and weekends open.

Fixed offsets are never assumed: Kyiv and Moscow agree in May and differ in December.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?\Z")


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A date known to the year, the month or the day.

    >>> PartialDate.parse("1987-03").last()
    datetime.date(1987, 3, 31)
    """

    year: int
    month: int | None = None
    day: int | None = None

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read ``1987``, ``1987-03`` or ``1987-03-09``; raises ValueError for anything else."""
        found = _PARTIAL.match(text.strip())
        if found is None:
            raise ValueError(f"not a date: {text!r}")
        year, month, day = (int(part) if part else None for part in found.groups())
        assert year is not None
        date(year, month or 1, day or 1)  # raises ValueError for the 31st of April
        return cls(year, month, day)

    def first(self) -> date:
        """The earliest day it can be."""
        return date(self.year, self.month or 1, self.day or 1)

    def last(self) -> date:
        """The latest day it can be."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def __str__(self) -> str:
        parts = [f"{self.year:04d}"]
        parts += [f"{part:02d}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)


def parse_instant(text: str) -> datetime:
    """Read an ISO 8601 instant that carries its zone; raises ValueError without one.

    The first and the last year of the calendar are refused: in another zone they may not exist.
    """
    instant = datetime.fromisoformat(text.strip())
    if instant.tzinfo is None:
        raise ValueError(f"no zone in {text!r}")
    if not MINYEAR < instant.year < MAXYEAR:
        raise ValueError(f"no year to reckon with in {text!r}")
    return instant


def parse_zone(name: str) -> ZoneInfo:
    """An IANA zone such as ``Europe/Kyiv``; raises ValueError for an unknown name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError: Europe is a folder
        raise ValueError(f"unknown zone {name!r}") from error


def day_window(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The half-open window of a local day: its first instant, and that of the next day."""
    return (
        datetime.combine(day, time(0), zone),
        datetime.combine(day + timedelta(days=1), time(0), zone),
    )


def weekend_after(day: date) -> tuple[date, date]:
    """The Saturday and Sunday on or after ``day``."""
    saturday = day + timedelta(days=(5 - day.weekday()) % 7)
    return saturday, saturday + timedelta(days=1)
