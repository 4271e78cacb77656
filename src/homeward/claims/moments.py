"""Dates in running text, read against the day and zone in which it was written.

A bare weekday, day or month is taken from the past or from the days to come as the clause says;
a week stays a week: low precision widens the interval and never guesses a day.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache

from homeward.claims.model import Window
from homeward.claims.words_for import Lexicon, lexicon
from homeward.dates import PartialDate, weekend_after

When = tuple[PartialDate | None, Window | None]
NEVER: When = (None, None)
# Days after which the nearer neighbour wins over the direction that the clause asks for.
FAR_BACK, NEAR_AHEAD = 300, 60


@dataclass(frozen=True, slots=True)
class Moment:
    """One expression of time: its place, and what it means when past or to come."""

    start: int
    end: int
    past: When
    future: When
    open: bool = False

    def nearest(self, base: datetime) -> When:
        """Its date past or to come, whichever is nearer to ``base``: for what was agreed on."""
        past, future = self.past[0], self.future[0]
        if past is None or future is None or past == future:
            return self.past
        back, ahead = base.date() - past.last(), future.first() - base.date()
        return self.future if ahead < back else self.past

    def when(self, to_come: bool) -> When:
        """Its date or window, for something to come or something past."""
        return self.future if to_come else self.past


def moments(text: str, words: Lexicon, said_at: datetime) -> tuple[Moment, ...]:
    """Every expression of time in ``text``, from left to right; none overlaps another."""
    found = [
        Moment(match.start(), match.end(), *read(match, said_at), open=is_open)
        for pattern, read, is_open in _readers(words.language)
        for match in pattern.finditer(text)
    ]
    # "may 2 prisoners" is no date: where a month is also a word, its capital decides.
    lower = re.compile(words.source("moments", "never_lower") + r"\b.*")
    kept: list[Moment] = []
    for moment in sorted(found, key=lambda m: (m.start, -m.end)):
        sound = moment.past != NEVER or moment.future != NEVER
        sound = sound and not lower.fullmatch(text, moment.start, moment.end)
        if sound and (not kept or moment.start >= kept[-1].end):
            kept.append(moment)
    return tuple(kept)


Reader = Callable[["re.Match[str]", datetime], tuple[When, When]]


@cache
def _readers(language: str) -> tuple[tuple[re.Pattern[str], Reader, bool], ...]:
    words = lexicon(language)
    return tuple(_all_readers(words))


def _all_readers(words: Lexicon) -> Iterator[tuple[re.Pattern[str], Reader, bool]]:
    months, weekdays = words.mapping("moments", "months"), words.mapping("moments", "weekdays")
    month, weekday = _either(months), _either(weekdays)
    suffix = words.source("moments", "day_suffix")
    of = rf"(?:\s{words.source('moments', 'ordinal_of')})?"
    lead = rf"(?:(?:{weekday}),? (?:the )?)?"
    year = r"(?:,? (?:of )?(?P<year>\d{4}))?"
    day = rf"(?P<day>\d{{1,2}})(?:{suffix})?"
    last = rf"(?:-(?:{month} )?(?P<last>\d{{1,2}})(?:{suffix})?)?"
    several = rf"{day}(?:, \d{{1,2}}){{1,5}}(?:,? and|,) (?P<last>\d{{1,2}})(?=[.,;]|$)"
    yield _compile(r"(?P<iso>\d{4}-\d{2}-\d{2})"), _iso, False
    yield _compile(rf"(?P<month>{month})\.? {several}(?P<year>)"), _day_of(months), False
    yield _compile(rf"{lead}(?P<month>{month})\.? {day}{last}{year}"), _day_of(months), False
    yield _compile(rf"{lead}{day}{last}{of} (?P<month>{month}){year}"), _day_of(months), False
    needs = words.source("moments", "month_needs")
    yield _compile(rf"(?P<month>{month}),? (?P<year>\d{{4}})"), _month_of(months), False
    yield _compile(rf"(?:{needs}) (?P<month>{month})(?!\.?,? \d)"), _month_of(months), False
    yield _compile(rf"(?:{needs}) (?P<year>(?:19|20)\d{{2}})"), _year, False
    yield _compile(rf"(?P<weekday>{weekday})"), _weekday_of(weekdays), False
    for name, reader in (("days", _days_away), ("weeks", _weeks_away)):
        table = words.mapping("moments", name)
        yield _compile(rf"(?P<word>{_either(table)})"), reader(table), False
    table = words.mapping("moments", "calendar_months")
    yield _compile(rf"(?P<word>{_either(table)})"), _months_away(table), False
    yield words.pattern("moments", "week_so_far"), _week_so_far, False
    yield words.pattern("moments", "weekend"), _weekend, False
    yield words.pattern("moments", "open"), _open, True


def _compile(source: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{source})(?!\w)", re.IGNORECASE)


def _either(table: Iterable[str]) -> str:
    return "|".join(sorted(table, key=len, reverse=True)) or "(?!)"


def _local_day(said_at: datetime) -> date:
    return said_at.date()


def _iso(match: re.Match[str], _said_at: datetime) -> tuple[When, When]:
    try:
        day = PartialDate.parse(match["iso"])
    except ValueError:
        return NEVER, NEVER
    return (day, None), (day, None)


def _day_of(months: Mapping[str, int]) -> Reader:
    def read(match: re.Match[str], said_at: datetime) -> tuple[When, When]:
        month = _number(months, match["month"])
        first, last = int(match["day"]), match["last"]
        years = [int(match["year"])] if match["year"] else _around(said_at)
        days = [found for year in years if (found := _date(year, month, first))]
        if not days:
            return NEVER, NEVER
        past, future = _nearest(days, _local_day(said_at))
        if last is None:
            return (_partial(past), None), (_partial(future), None)
        return _range(past, int(last), said_at), _range(future, int(last), said_at)

    return read


def _range(first: date, last: int, said_at: datetime) -> When:
    end = _date(first.year, first.month, last)
    return NEVER if end is None or end < first else (None, _days(first, end, said_at))


def _month_of(months: Mapping[str, int]) -> Reader:
    def read(match: re.Match[str], said_at: datetime) -> tuple[When, When]:
        month = _number(months, match["month"])
        year = match.groupdict().get("year")
        years = [int(year)] if year else _around(said_at)
        past, future = _nearest([date(y, month, 1) for y in years], _local_day(said_at))
        return (
            (PartialDate(past.year, past.month), None),
            (PartialDate(future.year, future.month), None),
        )

    return read


def _year(match: re.Match[str], _said_at: datetime) -> tuple[When, When]:
    found: When = (PartialDate(int(match["year"])), None)
    return found, found


def _weekday_of(weekdays: Mapping[str, int]) -> Reader:
    def read(match: re.Match[str], said_at: datetime) -> tuple[When, When]:
        wanted, today = _number(weekdays, match["weekday"]), _local_day(said_at)
        back = today - timedelta(days=(today.weekday() - wanted) % 7)
        ahead = today + timedelta(days=(wanted - today.weekday()) % 7)
        return (_partial(back), None), (_partial(ahead), None)

    return read


def _days_away(table: Mapping[str, int]) -> Reader:
    def read(match: re.Match[str], said_at: datetime) -> tuple[When, When]:
        day = _local_day(said_at) + timedelta(days=_number(table, match["word"]))
        return (_partial(day), None), (_partial(day), None)

    return read


def _weeks_away(table: Mapping[str, int]) -> Reader:
    def read(match: re.Match[str], said_at: datetime) -> tuple[When, When]:
        today = _local_day(said_at)
        monday = today - timedelta(days=today.weekday())
        monday += timedelta(weeks=_number(table, match["word"]))
        week: When = (None, _days(monday, monday + timedelta(days=6), said_at))
        return week, week

    return read


def _week_so_far(_match: re.Match[str], said_at: datetime) -> tuple[When, When]:
    today = _local_day(said_at)
    week: When = (None, _days(today - timedelta(days=today.weekday()), today, said_at))
    return week, week


def _months_away(table: Mapping[str, int]) -> Reader:
    def read(match: re.Match[str], said_at: datetime) -> tuple[When, When]:
        today = _local_day(said_at)
        months = today.year * 12 + today.month - 1 + _number(table, match["word"])
        found: When = (PartialDate(months // 12, months % 12 + 1), None)
        return found, found

    return read


def _weekend(_match: re.Match[str], said_at: datetime) -> tuple[When, When]:
    today = _local_day(said_at)
    ahead = today if today.weekday() < 5 else today - timedelta(days=today.weekday() - 5)
    saturday, sunday = weekend_after(ahead)
    back = saturday if saturday <= today else saturday - timedelta(weeks=1)
    return (
        (None, _days(back, back + timedelta(days=1), said_at)),
        (None, _days(saturday, sunday, said_at)),
    )


def _open(_match: re.Match[str], said_at: datetime) -> tuple[When, When]:
    return NEVER, (None, Window(said_at, None))


def _number(table: Mapping[str, int], word: str) -> int:
    return table[word.casefold()]


def _around(said_at: datetime) -> list[int]:
    return [said_at.year - 1, said_at.year, said_at.year + 1]


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _nearest(days: list[date], today: date) -> tuple[date, date]:
    """The nearest day back and ahead; a neighbour much nearer than the wanted one wins."""
    back = [day for day in days if day <= today]
    ahead = [day for day in days if day >= today]
    past = max(back) if back else min(ahead)
    future = min(ahead) if ahead else max(back)
    if (today - past).days > FAR_BACK and (future - today).days < NEAR_AHEAD:
        return future, future
    if (future - today).days > FAR_BACK and (today - past).days < NEAR_AHEAD:
        return past, past
    return past, future


def _partial(day: date) -> PartialDate:
    return PartialDate(day.year, day.month, day.day)


def _days(first: date, last: date, said_at: datetime) -> Window:
    """From the first instant of ``first`` to the end of ``last``, in the speaker's zone."""
    begins = datetime.combine(first, time(0), said_at.tzinfo)
    return Window(begins, datetime.combine(last + timedelta(days=1), time(0), said_at.tzinfo))
