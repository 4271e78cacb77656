"""What may be used to judge a claim at one instant: terms, annexes, the record, other words.

Nothing here is written to, and a statement never becomes a count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta, tzinfo
from typing import Any, Protocol

from homeward.claims.lists import ANYBODY
from homeward.claims.model import Claim, Count, Statement, Window
from homeward.dates import PartialDate
from homeward.terms.kernel import Position

PositionAt = Callable[[datetime], Position]
Agreed = Sequence[tuple[datetime, str]]
Move = tuple[str, str]


class AnObligation(Protocol):
    """What claims read of an obligation."""

    @property
    def id(self) -> str: ...
    @property
    def sender(self) -> str: ...
    @property
    def to(self) -> str: ...
    @property
    def category(self) -> str | None: ...
    @property
    def state(self) -> str: ...
    @property
    def count(self) -> int | None: ...


class SomeTerms(Protocol):
    """What claims read of the terms; ``homeward.terms.Terms`` has it all."""

    @property
    def sides(self) -> tuple[str, ...]: ...
    @property
    def obligations(self) -> tuple[Any, ...]: ...
    @property
    def moves(self) -> tuple[Move, ...]: ...
    @property
    def categories(self) -> tuple[str, ...]: ...
    def category_of(self, facts: Mapping[str, Any], /) -> str | None: ...


class AnAnnex(Protocol):
    """What claims read of a stage annex."""

    @property
    def stage(self) -> int: ...
    @property
    def window(self) -> tuple[datetime, datetime] | None: ...
    @property
    def agreed_on(self) -> datetime | None: ...
    @property
    def sizes(self) -> tuple[Any, ...]: ...


@dataclass(frozen=True, slots=True)
class Scope:
    """Which part of the exchange a claim speaks of: stages, or everything up to an instant.

    ``since`` is subtracted where the stages carry no windows; ``closes`` is when nothing more can
    be added to the scope.
    """

    stages: tuple[int, ...] | None
    since: datetime | None
    closes: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that may be used for a verdict at the instant ``at``.

    ``agreed`` lists what was countersigned when (``"terms"``, ``"stage 2"``); None takes the terms
    as known and each annex from its own date. ``zone`` decides where a day begins.
    """

    terms: SomeTerms
    annexes: tuple[AnAnnex, ...]
    position_at: PositionAt
    at: datetime
    statements: tuple[Statement, ...] = ()
    agreed: Agreed | None = None
    zone: tzinfo | None = None

    def until(self, at: datetime) -> Known:
        """The same, as it could be known at an earlier or later instant."""
        return replace(self, at=at)

    def terms_agreed(self) -> datetime | None:
        """When the terms were countersigned; None where that had not happened yet."""
        if self.agreed is None:
            return datetime.min.replace(tzinfo=self.at.tzinfo)
        when = [instant for instant, what in self.agreed if what == "terms"]
        return min((instant for instant in when if instant <= self.at), default=None)

    def annexes_agreed(self) -> tuple[AnAnnex, ...]:
        """The stage annexes that were agreed by ``at``."""
        return tuple(annex for annex in self.annexes if self._agreed(annex))

    def _agreed(self, annex: AnAnnex) -> bool:
        if self.agreed is None:
            return annex.agreed_on is None or annex.agreed_on <= self.at
        return any(
            what == f"stage {annex.stage}" and instant <= self.at for instant, what in self.agreed
        )

    def day_zone(self, claim: Claim) -> tzinfo:
        """The zone in which the claim's days are counted: the exchange's before the speaker's."""
        windows = [annex.window for annex in self.annexes if annex.window]
        zone = self.zone or (windows[0][0].tzinfo if windows else None)
        said = claim.said_at.tzinfo if claim.said_at else None
        found = zone or said or self.at.tzinfo
        assert found is not None, "every instant carries its zone"
        return found

    def event_window(self, claim: Claim) -> Window | None:
        """When the claim says it happens: its window, or its day; None where it says neither."""
        if claim.event_date is not None:
            return date_window(claim.event_date, self.day_zone(claim))
        return claim.window

    def scope(self, claim: Claim) -> Scope:
        """The part of the exchange that the claim's event date or window covers."""
        window = self.event_window(claim)
        said = claim.said_at or self.at
        end_of_day = date_window(_day(said, self.day_zone(claim)), self.day_zone(claim)).end
        assert end_of_day is not None
        if window is None or window.end is None:
            return Scope(None, None, end_of_day)
        return self._within(window, window.end)

    def scope_of_day(self, claim: Claim, instant: datetime) -> Scope:
        """The part of the exchange that falls on the day of ``instant``."""
        zone = self.day_zone(claim)
        window = date_window(_day(instant, zone), zone)
        assert window.end is not None
        return self._within(window, window.end)

    def _within(self, window: Window, closes: datetime) -> Scope:
        timed = [annex for annex in self.annexes if annex.window]
        if not timed:
            return Scope(None, window.start, closes)
        stages = tuple(a.stage for a in timed if a.window and _overlap(window, a.window))
        return Scope(stages, None, closes)

    def resolve(self, category: str | None) -> tuple[str, ...] | None:
        """The terms' categories that a claim's word covers; None where the terms know none."""
        if category is None or category in ANYBODY:
            return self.terms.categories
        if category in self.terms.categories:
            return (category,)
        named = LIST_CATEGORIES.get(category, category)
        found = self.terms.category_of({"category": named, "state": "living"})
        return (found,) if found in self.terms.categories and found else None


# What the press calls soldiers stands on lists as prisoners of war (commands.md, list columns).
LIST_CATEGORIES = {"military": "prisoner_of_war"}


def date_window(day: PartialDate, zone: tzinfo) -> Window:
    """The window of a day, month or year in ``zone``."""
    start = datetime.combine(day.first(), time(0), zone)
    return Window(start, datetime.combine(day.last() + timedelta(days=1), time(0), zone))


def _day(instant: datetime, zone: tzinfo) -> PartialDate:
    local = instant.astimezone(zone)
    return PartialDate(local.year, local.month, local.day)


def _overlap(window: Window, other: tuple[datetime, datetime]) -> bool:
    return window.start < other[1] and (window.end is None or other[0] < window.end)


def signed(
    position: Position,
    move: Move,
    *,
    categories: Sequence[str] | None = None,
    stages: Sequence[int] | None = None,
    state: str = "living",
    by: str = "both",
    group: str | None = None,
) -> int:
    """Persons transferred along ``move`` in the cells that ``by`` signed for."""
    return sum(
        cell.count
        for cell in position.cells
        if (cell.sender, cell.to) == move
        and cell.outcome == "transferred"
        and cell.attested_by == by
        and cell.state == state
        and (categories is None or cell.category in categories)
        and (stages is None or cell.stage in stages)
        and (group is None or cell.group == group)
    )


def not_crossed(position: Position, move: Move, stages: Sequence[int] | None) -> int:
    """Persons who, as signed, did not cross along ``move``."""
    return sum(
        cell.count
        for cell in position.cells
        if (cell.sender, cell.to) == move
        and cell.outcome != "transferred"
        and (stages is None or cell.stage in stages)
    )


def moves_of(count: Count, moves: Iterable[Move]) -> tuple[Move, ...]:
    """The directions that a count's words cover."""
    return tuple(
        (sender, to)
        for sender, to in moves
        if count.sender in (None, sender) and count.to in (None, to)
    )


def agreed_size(
    known: Known, move: Move, categories: Sequence[str], stages: Sequence[int] | None, state: str
) -> int | None:
    """How many the agreed annexes of ``stages`` send along ``move``; None where none was agreed."""
    wanted = [a for a in known.annexes_agreed() if stages is None or a.stage in stages]
    if not wanted or (stages is not None and len(wanted) < len(stages)):
        return None
    rows = [s for a in wanted for s in a.sizes if (s.sender, s.to) == move and s.state == state]
    if any(row.category is None for row in rows) and tuple(categories) != known.terms.categories:
        return None
    return sum(int(r.count) for r in rows if r.category is None or r.category in categories)


def owed(known: Known, move: Move, categories: Sequence[str], state: str) -> int | None:
    """How many the terms send along ``move`` in all; None where they give no fixed number."""
    rows = [
        o
        for o in known.terms.obligations
        if (o.sender, o.to) == move and o.state == state and o.count is not None
    ]
    whole = tuple(categories) == known.terms.categories
    if not rows or (any(row.category is None for row in rows) and not whole):
        return None
    return sum(int(r.count) for r in rows if r.category is None or r.category in categories)
