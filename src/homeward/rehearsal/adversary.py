"""A side that does not follow the rules, played with that side's own keys and nobody else's.

It lies in its sums, shows two versions of its log, or leaves in the middle of a step. What the
others then hold must say truly who signed what, and that nobody honest was more than a step ahead.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

from homeward.problem import Problem, Refused
from homeward.record import Draft, Keys, Store, read_exchange
from homeward.rehearsal.happenings import StoryEnds
from homeward.rehearsal.production import Production

# Codes with which an honest office stops by itself once another side breaks the rules.
_STOPPED = ("crossing.", "office.steps-open", "record.fork")
_A_YEAR = timedelta(days=365)


class Adversary:
    """One dishonest side and the step in which it strikes; both follow from the seed."""

    def __init__(self, name: str, sides: tuple[str, ...], seed: int) -> None:
        dice = random.Random(f"{name}/{seed}")
        self.name = name
        self.side = dice.choice(sides)
        self.turn = dice.randrange(1, 4)
        self.steps = 0
        self.struck_in: int | None = None

    def strike(self, play: Production, stage: int, step: int) -> None:
        """Called while people are out in a step; does its deed once, when its turn has come."""
        self.steps += 1
        if self.steps == self.turn:
            self.struck_in = step
            play.run.keep(struck=step)
            play.tell(f"step {step}: {self.side} breaks the rules ({self.name})")
            play.offices[self.side].ask("publish", play.clock.now)
            # a continued run comes to this step again: what was done once stays done
            play.run.once(self.name, partial(DEEDS[self.name], self, play, stage, step))

    def stay_away(self, play: Production) -> None:
        """In a continued run: a side that left says nothing more; raises StoryEnds."""
        if play.run.said.get("left") == self.side:
            play.leave(self.side)
            raise StoryEnds

    def explains(self, refusal: Refused) -> bool:
        """Whether a refusal is what honest offices answer to the deed."""
        return self.struck_in is not None and any(
            problem.code.startswith(_STOPPED) for problem in refusal.problems
        )

    def fall_silent(self, play: Production, refusal: Refused) -> None:
        """An office that showed two histories refuses to sign on once it is started again: as far
        as the others can see, its side has left."""
        if any(problem.code == "record.fork-own" for problem in refusal.problems):
            play.leave(self.side)

    def unplayed(self) -> tuple[Problem, ...]:
        """A warning where the run had too few steps for the deed."""
        if self.name not in DEEDS or self.struck_in is not None:
            return ()
        wanted = f"{self.turn} steps or more"
        hint = "nobody broke the rules in this run; another seed may strike earlier"
        found = (self.name, f"{self.steps} steps", wanted, hint)
        return (Problem("rehearsal.fault-not-reached", *found, "warning"),)

    def to_json(self) -> dict[str, object]:
        """Who did what, and when, for the outcome."""
        return {"fault": self.name, "side": self.side, "step": self.struck_in}


def _walk_away(self: Adversary, play: Production, stage: int, step: int) -> None:
    """Its people are out, the others' are in its hands, and it never answers again."""
    del stage, step
    play.join()
    play.leave(self.side)
    play.run.keep(left=self.side)
    raise StoryEnds


def _lie(self: Adversary, play: Production, stage: int, step: int) -> None:
    """It signs that nobody of the others was received in the step."""
    others = [side for side in play.sides if side != self.side]
    sums = {"proposal": 1} | {f"{side}.received": 0 for side in (self.side, *others)}
    draft = Draft("step-closed", stage=stage, step=step, sums=sums)
    with _own_store(play, self.side, play.offices[self.side].folder / "office.db") as store:
        store.append([draft], play.clock.now)


def _fork(self: Adversary, play: Production, stage: int, step: int) -> None:
    """It signs one thing for one party, and another with the same number for the rest."""
    del step
    folder = play.offices[self.side].folder
    told = next(name for name in play.parties if name != self.side)
    play.offices[self.side].kill()
    second = folder / "second"
    second.mkdir(exist_ok=True)
    for path in folder.glob("office.db*"):
        shutil.copy2(path, second / path.name)
    with _own_store(play, self.side, second / "office.db") as store:
        store.append([Draft("in-safety", stage=stage)], play.clock.now)
        package = store.package_for(told, play.clock.now)
    with _own_store(play, self.side, folder / "office.db") as store:
        store.append([Draft("suspension")], play.clock.now)
    if package is not None:
        inbox = play.offices[told].folder / "inbox"
        inbox.mkdir(exist_ok=True)
        (inbox / f"999999.{self.side}.package").write_bytes(package)


class _own_store:  # noqa: N801 - used as a verb: with _own_store(...) as store
    """The side's own store, opened while its office is not running."""

    def __init__(self, play: Production, side: str, database: Path) -> None:
        self.play, self.side, self.database = play, side, database

    def __enter__(self) -> Store:
        office = self.play.offices[self.side]
        exchange = (office.folder / "record" / "exchange.txt").read_text(encoding="utf-8")
        keys = _opened((office.folder / "keys").read_bytes(), office.member.passphrase)
        office.kill()
        self.connection = closing(sqlite3.connect(self.database, isolation_level=None))
        return Store(self.connection.__enter__(), "?", read_exchange(exchange), keys)

    def __exit__(self, *fault: object) -> None:
        self.connection.__exit__(None, None, None)


def _opened(data: bytes, passphrase: str | None) -> Keys:
    return Keys.unseal(data, passphrase) if passphrase else Keys.from_text(data.decode("utf-8"))


DEEDS: Mapping[str, Callable[[Adversary, Production, int, int], None]] = {
    "walkaway": _walk_away,
    "liar": _lie,
    "fork": _fork,
}

FAULTS = (*DEEDS, "clock")


def adversary_of(play: Production, fault: str | None) -> Adversary | None:
    """The side that makes trouble under a fault's name; None where nobody does."""
    if fault not in FAULTS:
        return None
    adversary = Adversary(fault, play.sides, play.folder.cast.seed)
    adversary.struck_in = play.run.said.get("struck")
    play.courier.cut_off |= {play.run.said["left"]} if "left" in play.run.said else set()
    if fault == "clock":
        play.offices[adversary.side].wrong_by = _A_YEAR
    else:
        play.trouble = adversary.strike
    return adversary
