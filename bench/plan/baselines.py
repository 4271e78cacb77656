"""What one would do without a plan: by priority as long as there is room, or a slice a stage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bench.plan.worlds import SIDES, World, month

Stages = dict[str, int]


@dataclass(frozen=True)
class Score:
    """What a list of stages is worth, and how many persons stand against the terms."""

    medical: int
    held: int
    wrong: int  # heads that counts have too many or too few
    lead: int  # the most that one side is ahead at the end of a stage

    def broken(self, step: int) -> bool:
        """Whether counts or the agreed step are broken."""
        return self.wrong > 0 or self.lead > step


def scored(world: World, stages: Mapping[str, int]) -> Score:
    """Counting, with no part of the planner."""
    count = len(world.annexes)
    latest = max(month(line.held_since) for line in world.lines) + 1
    going: Counter[tuple[str, str]] = Counter()
    out: Counter[tuple[str, int]] = Counter()
    medical = held = 0
    for line in world.lines:
        stage = stages.get(line.handle)
        if stage:
            going[line.holder, line.category] += 1
            out[line.holder, stage] += 1
            medical += line.medical * (count + 1 - stage)
            held += (latest - month(line.held_since)) * (count + 1 - stage)
    wrong = sum(abs(going[o.sender, o.category or ""] - o.low) for o in world.terms.obligations)
    ahead = lead = 0
    for stage in range(1, count + 1):
        ahead += out[SIDES[0], stage] - out[SIDES[1], stage]
        lead = max(lead, abs(ahead))
    return Score(medical, held, wrong, lead)


def greedy(world: World, *, guarded: bool) -> Stages:
    """Everybody in order of priority, in the first stage with room; ``guarded`` keeps the step."""
    left = _Room(world)
    order = sorted(world.lines, key=lambda x: (-x.medical, month(x.held_since), x.handle))
    waiting = {side: [line for line in order if line.holder == side] for side in SIDES}
    found: Stages = {}
    ahead = 0
    step = world.terms.step or 0
    for stage in range(1, len(world.annexes) + 1):
        blocked: set[str] = set()
        while len(blocked) < len(SIDES):
            side = min(
                (one for one in SIDES if one not in blocked),
                key=lambda one: ahead if one == SIDES[0] else -ahead,
            )
            sign = 1 if side == SIDES[0] else -1
            if guarded and sign * ahead >= step:
                blocked.add(side)
                continue
            line = next((one for one in waiting[side] if left.fits(one, stage)), None)
            if line is None:
                blocked.add(side)
                continue
            blocked.clear()
            waiting[side].remove(line)
            left.take(line, stage)
            found[line.handle] = stage
            ahead += sign
    return found


def slices(world: World) -> Stages:
    """The same number of every category in every stage, as far as there is room."""
    left = _Room(world)
    order = sorted(world.lines, key=lambda x: (-x.medical, month(x.held_since), x.handle))
    found: Stages = {}
    count = len(world.annexes)
    for stage in range(1, count + 1):
        for o in world.terms.obligations:
            wanted = o.low * stage // count - o.low * (stage - 1) // count
            for line in order:
                mine = (line.holder, line.category) == (o.sender, o.category)
                if wanted and mine and line.handle not in found and left.fits(line, stage):
                    left.take(line, stage)
                    found[line.handle] = stage
                    wanted -= 1
    return found


class _Room:
    """Seats, crossing and counts that are left."""

    def __init__(self, world: World) -> None:
        self.seats: Counter[Any] = Counter()
        self.counts = {(o.sender, o.category): o.low for o in world.terms.obligations}
        for stage in range(1, len(world.annexes) + 1):
            for code, site in world.resources.sites.items():
                self.seats[code, stage] = site.in_stage(stage) or 0
            for side in SIDES:
                self.seats[side, stage] = world.resources.crossings["K"].heads or 0

    def fits(self, line: Any, stage: int) -> bool:
        return bool(
            self.seats[line.site, stage] >= line.seats
            and self.seats[line.holder, stage]
            and self.counts[line.holder, line.category]
        )

    def take(self, line: Any, stage: int) -> None:
        self.seats[line.site, stage] -= line.seats
        self.seats[line.holder, stage] -= 1
        self.counts[line.holder, line.category] -= 1
