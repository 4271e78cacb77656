"""What every scene needs: the folder, the offices, the courier, the clock and the run's notes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from homeward.problem import Problem, Refused
from homeward.rehearsal.clock import MINUTE, Clock
from homeward.rehearsal.courier import Courier
from homeward.rehearsal.folder import Folder
from homeward.rehearsal.program import OfficeProgram
from homeward.rehearsal.run import Run

# Entries, countersignatures, and word that both arrived: then there is nothing more to say.
_ROUNDS = 6
Answers = dict[str, dict[str, Any]]


@dataclass
class Watch:
    """How long each part of a run took, in seconds."""

    parts: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Count what happens inside towards a part."""
        began = time.monotonic()
        try:
            yield
        finally:
            spent = time.monotonic() - began
            self.parts[name] = round(self.parts.get(name, 0.0) + spent, 3)


@dataclass
class Production:
    """One rehearsal on its way. Offices are asked side by side, each by one caller at a time."""

    folder: Folder
    offices: Mapping[str, OfficeProgram]
    courier: Courier
    clock: Clock
    run: Run
    tell: Callable[[str], None]
    threads: ThreadPoolExecutor
    watch: Watch = field(default_factory=Watch)
    gone: set[str] = field(default_factory=set)
    trouble: Callable[[Production, int, int], None] | None = None  # a side that breaks the rules
    _beside: list[Future[None]] = field(default_factory=list)

    @property
    def sides(self) -> tuple[str, ...]:
        """The sides' names, sorted, less any that left."""
        return tuple(side for side in self.folder.cast.sides if side not in self.gone)

    @property
    def neutrals(self) -> tuple[str, ...]:
        """The neutrals' names, sorted."""
        return self.folder.cast.neutrals

    @property
    def parties(self) -> tuple[str, ...]:
        """Every party's name, sides first."""
        return (*self.sides, *self.neutrals)

    def leave(self, side: str) -> None:
        """A side leaves: its program ends, and nobody asks it anything again."""
        self.offices[side].kill()
        self.gone.add(side)
        self.courier.cut_off.add(side)

    def note(self, problems: Iterable[Problem]) -> None:
        """Keep what the outcome should say beside the story, each once, for a continued run too."""
        fresh = [problem for problem in problems if problem not in self.notes]
        if fresh:
            self.run.keep(notes=[problem.to_json() for problem in (*self.notes, *fresh)])

    @property
    def notes(self) -> tuple[Problem, ...]:
        """What was noted so far."""
        return tuple(Problem(**row) for row in self.run.said.get("notes", ()))

    def at(self, instant: datetime) -> datetime:
        """Go to an instant (never back) and keep it, so that a continued run is never earlier."""
        return self.run.keep_clock(self.clock.to(instant))

    def after(self, step: timedelta = MINUTE) -> datetime:
        """Go on by a step and keep the instant."""
        return self.at(self.clock.now + step)

    def each(self, names: Iterable[str], act: Callable[[str], Any]) -> dict[str, Any]:
        """Do the same in several offices at once; raises Refused with what all of them refused."""
        wanted = list(names)
        futures = [self.threads.submit(act, name) for name in wanted]
        answers: dict[str, Any] = {}
        problems: list[Problem] = []
        for name, future in zip(wanted, futures, strict=True):
            try:
                answers[name] = future.result()
            except Refused as refusal:
                problems += refusal.problems
        if problems:
            raise Refused(problems)
        return answers

    def ask(self, verb: str, names: Iterable[str], **body: Any) -> Answers:
        """Ask several offices for one verb, a minute later than what came before."""
        now = self.after()
        return self.each(names, lambda name: self.offices[name].ask(verb, now, **body))

    def leg(self, *, step: timedelta = MINUTE) -> None:
        """Carry what was sent, and let everyone take it in."""
        now = self.after(step)
        self.courier.carry(now)
        self.take_in(self.parties, now)
        self.bear()

    def bear(self) -> None:
        """On bad roads, send again until everything has come through."""
        if self.courier.faulty:
            self.settle()

    def take_in(self, names: Sequence[str], now: datetime) -> None:
        """Let offices take in what lies in their inboxes; a refused package is a refusal here."""
        waiting = [name for name in names if self.courier.waiting(name)]
        answers = self.each(waiting, lambda name: self.offices[name].ask("collect", now))
        problems = [
            Problem(
                row["code"], f"{name}: {row['place']}", row["value"], row["expected"], row["hint"]
            )
            for name, answer in answers.items()
            for row in answer["problems"]
            # a fork is found, not failed on: the office keeps the proof and stops its own orders
            if row.get("level", "error") == "error" and row["code"] != "record.fork"
        ]
        if problems:
            raise Refused(problems)

    def beside(self, act: Callable[[], None]) -> None:
        """Have something done beside the sides' own acts, such as a neutral's reading."""
        self._beside.append(self.threads.submit(act))

    def join(self) -> None:
        """Wait for what was begun beside; raises what it raised."""
        while self._beside:
            self._beside.pop().result()

    def settle(self) -> None:
        """Letters go round, the clock standing still, until nobody lacks anything."""
        self.join()
        now = self.clock.now
        for _ in range(_ROUNDS * (20 if self.courier.faulty else 1)):
            sent = self.each(self.parties, lambda name: self.offices[name].ask("send", now))
            self.courier.carry(now)
            self.take_in(self.parties, now)
            if not any(answer["written"] for answer in sent.values()):
                return
