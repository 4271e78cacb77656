"""The simulated clock that every office is handed, and the hours of a stage."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


class HorizonReached(Exception):  # noqa: N818 - it is the end that was asked for
    """Raised when the next act would lie beyond the instant at which the run is to stop."""


class Clock:
    """Goes forward only; what is due on the way happens before the act that waits for it."""

    def __init__(self, start: datetime, floor: datetime | None = None) -> None:
        self._now = max(start, floor) if floor else start
        self.until: datetime | None = None
        self._due: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._lock = threading.Lock()

    @property
    def now(self) -> datetime:
        """The instant it is."""
        return self._now

    def when(self, instant: datetime, happening: Callable[[datetime], None]) -> None:
        """Have something happen at ``instant``, or as soon as the clock moves after it."""
        self._due.append((instant, len(self._due), happening))
        self._due.sort(key=lambda due: due[:2])

    def to(self, instant: datetime) -> datetime:
        """Go to ``instant`` (never back), with what is due before it; raises HorizonReached."""
        wanted = max(instant, self._now)
        while self._due and self._due[0][0] <= wanted:
            at, _, happening = self._due[0]
            self._check(max(at, self._now))
            self._due.pop(0)
            self._set(at)
            happening(self._now)
        self._check(max(wanted, self._now))
        self._set(wanted)
        return self._now

    def on(self, step: timedelta = MINUTE) -> datetime:
        """Go on by ``step``."""
        return self.to(self._now + step)

    def rest(self) -> None:
        """Let everything that is still due happen, up to the horizon."""
        while self._due:
            try:
                self.to(self._due[0][0])
            except HorizonReached:
                return

    def _check(self, instant: datetime) -> None:
        if self.until is not None and instant > self.until:
            raise HorizonReached

    def _set(self, instant: datetime) -> None:
        with self._lock:
            self._now = max(self._now, instant)


@dataclass(frozen=True, slots=True)
class Hours:
    """When a stage's acts begin, spread over its window.

    People gather in the first eighth; the steps are spread evenly over the next half; the stage
    is closed at once, its people are in safety at three quarters and home at seven eighths.
    """

    opens: datetime
    length: timedelta
    steps: tuple[int, ...] = field(default=())

    def step(self, number: int) -> datetime:
        """The instant at which a step of the stage begins."""
        share = self.steps.index(number) / len(self.steps)
        return _whole(self.opens + self.length * (1 / 8 + share / 2))

    @property
    def tick(self) -> timedelta:
        """The time between two acts of a step: a step's acts fill half of its share."""
        share = self.length / 2 / max(len(self.steps), 1)
        return max(SECOND, timedelta(seconds=int(share.total_seconds() / 40)))

    @property
    def closed(self) -> datetime:
        """When the stage is closed."""
        return _whole(self.opens + self.length * 5 / 8)

    @property
    def safe(self) -> datetime:
        """When everyone received is out of reach of the line."""
        return _whole(self.opens + self.length * 3 / 4)

    @property
    def home(self) -> datetime:
        """When the receivers have counted those who came home."""
        return _whole(self.opens + self.length * 7 / 8)


def _whole(instant: datetime) -> datetime:
    """To the second: countersignatures carry no fractions."""
    return instant.replace(microsecond=0)
