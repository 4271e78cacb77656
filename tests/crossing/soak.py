"""Schedules by their seeds, and the table of what happened in them.

python -m tests.crossing.soak play pairs 0 25000 part.json    plays those seeds
python -m tests.crossing.soak table part.json ...             prints the table of several parts
"""

from __future__ import annotations

import gc
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.crossing.days import Day, Moves, Setting
from tests.crossing.players import finish, play

PAIR = (("north", "south"), ("south", "north"))
NAMES = ("north", "east", "south", "west", "isle")
# What is asked for, in the order of the table; whatever else happened stands below it.
KINDS = (
    "drop",
    "delay",
    "repeat",
    "reorder",
    "spoil on the way",
    "crash",
    "restore",
    "restore of a device",
    "a restore confirmed by a copy",
    "a restore confirmed by a count",
    "two offline devices",
    "withhold receipts",
    "lie in sums",
    "close too soon",
    "sign twice",
    "a fork found",
    "walk away",
    "forge the other's cell",
    "replay another exchange",
    "send half",
    "noise",
)


def setting(kind: str, seed: int) -> Setting:
    """Who meets whom in the schedule of a seed: ``pairs``, ``rings`` or ``stores``."""
    dice = random.Random(f"{kind} {seed}")
    if kind == "rings":
        sides, moves = _ring(dice)
        honest = dice.choice([1, 1, 2, len(sides) - 1, len(sides)])
        size = 1
    else:
        sides, moves = ("north", "south"), PAIR
        honest = dice.choice([1, 1, 1, 2])
        size = dice.choice([1, 2, 2, 3])
    good = frozenset(dice.sample(sides, honest))
    devices = frozenset(s for s in sorted(good) if kind != "stores" and dice.random() < 0.4)
    neutral, frail = dice.random() < 0.5, dice.random() < 0.25
    size = 1 if frail else size
    shelved = kind == "stores"
    return Setting(moves, good, devices, neutral, size, shelved=shelved, frail=frail)


def _ring(dice: random.Random) -> tuple[tuple[str, ...], Moves]:
    """Three to five sides in a ring; in one of four a side outside it only gives."""
    sides = NAMES[: dice.choice([3, 3, 4, 5])]
    gives = dice.random() < 0.25
    around = sides[:-1] if gives and len(sides) > 3 else sides
    moves = [(one, around[(n + 1) % len(around)]) for n, one in enumerate(around)]
    if around != sides:
        moves.append((sides[-1], around[0]))
    return sides, tuple(moves)


def play_seed(kind: str, seed: int) -> Day:
    """Play one schedule to its end and check every promise on the way; raises AssertionError."""
    dice = random.Random(seed)
    set_out = setting(kind, seed)
    day = Day(set_out, dice.randrange)
    day.happened["two offline devices"] += bool(set_out.devices)
    play(day, {2: 60, 3: 75, 4: 90, 5: 105}[len(set_out.sides)])
    if set_out.honest == frozenset(set_out.sides):
        finish(day)
    day.check_end()
    return day


@dataclass
class Table:
    """How many schedules, what happened in how many of them, how often, and what broke."""

    schedules: Counter[str] = field(default_factory=Counter)
    found_in: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, kind: str, seed: int) -> None:
        """Play one seed and count it."""
        begun = time.process_time()
        try:
            happened = +play_seed(kind, seed).happened
        except Exception as fault:
            self.broken.append(f"{kind} {seed}: {type(fault).__name__}: {fault}")
            happened = Counter()
        self.seconds += time.process_time() - begun
        self.schedules[kind] += 1
        for what, times in happened.items():
            self.found_in[f"{kind}/{what}"] += 1
            self.events[f"{kind}/{what}"] += times

    def join(self, other: Table) -> None:
        """Add another part."""
        self.schedules += other.schedules
        self.found_in += other.found_in
        self.events += other.events
        self.broken += other.broken
        self.seconds += other.seconds

    def text(self) -> str:
        """The table as printed."""
        kinds = sorted(self.schedules, key=("pairs", "rings", "stores").index)
        whats = {key.partition("/")[2] for key in self.events}
        order = [*KINDS, *sorted(whats - set(KINDS))]
        head = "".join(f"{kind:>24}" for kind in kinds)
        lines = [f"{'schedules in which it happened (times)':<40}{head}"]
        whole = "".join(f"{self.schedules[kind]:>24,}" for kind in kinds)
        lines.append(f"{'all schedules':<40}{whole}")
        for what in order:
            cells = (
                f"{self.found_in[f'{kind}/{what}']:,} ({self.events[f'{kind}/{what}']:,})"
                for kind in kinds
            )
            lines.append(f"{what:<40}" + "".join(f"{cell:>24}" for cell in cells))
        lines.append("")
        lines.append(f"promises broken: {len(self.broken)}")
        lines += self.broken[:20]
        lines.append(f"processor time: {self.seconds:,.0f} s")
        return "\n".join(lines)

    def to_json(self) -> str:
        """The table as one part of several."""
        return json.dumps(self.__dict__)

    @classmethod
    def from_json(cls, text: str) -> Table:
        """A part that ``to_json`` wrote."""
        parts = json.loads(text)
        counted = {k: Counter(parts[k]) for k in ("schedules", "found_in", "events")}
        return cls(**counted, broken=parts["broken"], seconds=parts["seconds"])


def play_all(kind: str, seeds: Iterable[int]) -> Table:
    """Play every seed; what broke stands in the table."""
    table = Table()
    gc.disable()  # a day is a knot of desks: it is swept up now and then, not all the time
    for seed in seeds:
        table.add(kind, seed)
        if seed % 50 == 0:
            gc.collect()
    gc.enable()
    return table


def main(arguments: list[str]) -> int:
    """Play seeds into a file, or print the table of several files."""
    match arguments:
        case ["play", kind, first, last, out]:
            table = play_all(kind, range(int(first), int(last)))
            Path(out).write_text(table.to_json(), encoding="utf-8")
        case ["table", *parts]:
            table = Table()
            for part in parts:
                table.join(Table.from_json(Path(part).read_text(encoding="utf-8")))
        case _:
            print(__doc__)
            return 2
    print(table.text())
    return 1 if table.broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
