"""At the line: each step in turns, so that nobody is ever more than one step ahead.

In the first round each side takes in what came, signs for those it received, orders its own
people out and signs that they left. Then the side whose turn it is proposes to close the step,
the others agree, and everyone says that it stands ready for the next one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from homeward.rehearsal.clock import Hours
from homeward.rehearsal.events import Event
from homeward.rehearsal.happenings import (
    STAYING,
    WITHDRAWN,
    Fate,
    Row,
    before_step,
    due,
    fates,
    in_the_middle,
    somebody_else,
    within_step,
)
from homeward.rehearsal.production import Production

Sides = tuple[str, ...]


def turns(first: str, sides: Sequence[str], step: int) -> tuple[Sides, ...]:
    """Who orders when in a step: groups that act at once, one group after the other.

    >>> turns("alternate", ("north", "south"), 2)
    (('south',), ('north',))
    >>> turns("together", ("north", "south"), 2)
    (('north', 'south'),)
    """
    if first == "together":
        return (tuple(sides),)
    if first in sides:
        return tuple((side,) for side in sorted(sides, key=lambda side: (side != first, side)))
    turned = (step - 1) % len(sides)
    return tuple((side,) for side in (*sides[turned:], *sides[:turned]))


@dataclass
class _Step:
    """One step on its way: who is in it, what befalls whom, and how many are out unanswered."""

    play: Production
    hours: Hours
    number: int
    sides: Sides
    ready_next: Mapping[str, int] = field(default_factory=dict)
    rows: Sequence[Row] = ()
    fates: tuple[Fate, ...] = ()
    unanswered: int = 0
    released: set[str] = field(default_factory=set)

    def turn(self, sides: Sides, verbs: Sequence[str], *, send: Sequence[str] | None) -> None:
        """Sides take in what came, then do some verbs at once; what they send is carried.

        ``send`` names who gets packages; an empty one means everyone, None nobody.
        """
        play = self.play
        now = play.after(self.hours.tick)
        play.take_in(sides, now)
        times = [play.after(self.hours.tick) for _ in verbs]
        here = {side: self.here(side) for side in sides}
        out = play.each(sides, lambda side: self._act(side, verbs, times, send, here[side]))
        self.unanswered += sum(out.values())
        if "released" in verbs:
            self.released |= set(sides)
        if send is not None:
            for side in sides:
                play.courier.carry(play.clock.now, side)
            play.bear()

    def _act(
        self,
        side: str,
        verbs: Sequence[str],
        times: Sequence[datetime],
        send: Sequence[str] | None,
        here: Sequence[str],
    ) -> int:
        """One side's verbs; how many more of its people are out, less those it signed for."""
        steps = [
            (verb, self._step_of(side, verb), at) for verb, at in zip(verbs, times, strict=True)
        ]
        acts = [(verb, step, at) for verb, step, at in steps if step]
        out = 0
        for verb, step, at in acts:
            body: dict[str, Any] = {"step": step}
            if verb == "released":
                body |= self._exceptions(side)
            elif verb == "received":
                self._turn_away(side, at)
                body["handles"] = list(here)
            if send is not None and (verb, step, at) == acts[-1]:
                body |= {"send": True, **({"to": list(send)} if send else {})}
            answer = self.play.offices[side].ask(verb, at, **body)
            out += answer.get("released", 0) if verb == "released" else 0
            out -= answer.get("received", 0) if verb == "received" else 0
        return out

    def _step_of(self, side: str, verb: str) -> int:
        return self.ready_next.get(side, 0) if verb == "ready" else self.number

    def _exceptions(self, side: str) -> dict[str, Any]:
        """Who of a side's people is not released, each with the reason that is sealed."""
        behind = {f.handle: f.kind for f in self.befallen(STAYING) if f.row["from"] == side}
        return {"except": sorted(behind), "reasons": behind} if behind else {}

    def here(self, side: str) -> list[str]:
        """Who has come to a side by now, whatever has been signed: what its own crew sees."""
        missing = {fate.handle for fate in self.befallen(STAYING | {"wrong_person"})}
        return [
            row["handle"]
            for row in self.rows
            if row["to"] == side and row["from"] in self.released and row["handle"] not in missing
        ]

    def _turn_away(self, side: str, at: datetime) -> None:
        """A receiver sees that somebody else was brought, before it signs for the others."""
        for fate in self.befallen(frozenset({"wrong_person"})):
            if fate.row["to"] == side and fate.row["from"] in self.released:
                said = somebody_else(fate)
                self.play.offices[side].ask("extra", at, step=self.number, **said)

    def befallen(self, kinds: frozenset[str]) -> list[Fate]:
        """The fates of these kinds."""
        return [fate for fate in self.fates if fate.kind in kinds]


def play_steps(play: Production, stage: int, hours: Hours, steps: Mapping[int, Sides]) -> None:
    """Every step of a stage, in order, at its hour."""
    numbers = sorted(steps)
    play.at(hours.opens)
    before_step(play, due(play, stage, None))
    if numbers:
        first = _Step(play, hours, numbers[0], steps[numbers[0]])
        first.ready_next = dict.fromkeys(first.sides, first.number)
        first.turn(first.sides, ["ready"], send=play.sides)
    for number, following in zip(numbers, [*numbers[1:], 0], strict=True):
        play.at(hours.step(number))
        play.tell(f"stage {stage}: step {number} of {numbers[-1]}")
        events = due(play, stage, number)
        before_step(play, events)
        step = _Step(play, hours, number, steps[number])
        _look_at_the_sheet(step, events)
        step.ready_next = dict.fromkeys(steps.get(following, ()), following)
        for place, group in enumerate(turns(play.folder.terms.first, step.sides, number)):
            step.turn(group, ["received", "order", "released"], send=play.sides)
            if place == 0:
                in_the_middle(play, events, number, step.here)
        within_step(play, events, number, step.here)
        if play.trouble is not None:
            play.trouble(play, stage, number)
        _close(step)
        _let_neutrals_read(play)
    play.join()
    play.take_in(play.parties, play.after(hours.tick))


def play_beside(play: Production, hours: Hours, sheets: Mapping[int, Sides]) -> None:
    """Those owed whatever the numbers: they wait for nobody's readiness and for no closing."""
    play.at(hours.opens)
    for number, sides in sorted(sheets.items()):
        step = _Step(play, hours, number, sides)
        _look_at_the_sheet(step, ())
        step.turn(sides, ["order", "released"], send=play.sides)
        step.turn(sides, ["received"], send=play.sides)
        play.settle()


def _look_at_the_sheet(step: _Step, events: Sequence[Event]) -> None:
    """Who is in the step, and whom its events befall; every office looks only if one must."""
    play, now = step.play, step.play.after()
    befalling = any(event.kind in STAYING | {"wrong_person"} for event in events)
    sheets = play.each(
        step.sides if befalling else step.sides[:1],
        lambda side: play.offices[side].ask("sheet", now, step=step.number)["rows"],
    )
    step.rows = next(iter(sheets.values()), ())
    step.fates = fates(play, events, sheets) if befalling else ()


def _close(step: _Step) -> None:
    """The side whose turn it is proposes the closing once every receipt is signed; others agree."""
    (proposer,), *rest = turns("alternate", step.sides, step.number)
    others = tuple(side for group in rest for side in group)
    step.turn((proposer,), ["received"], send=None)
    if step.unanswered:
        step.turn((proposer,), ["received"], send=step.play.sides)
        step.turn(others, ["received"], send=step.play.sides)
        step.turn((proposer,), ["received"], send=None)
    if step.fates:
        _own_up(step, (proposer, *others))
    step.turn((proposer,), ["received", "close", "ready"], send=())
    if others:
        step.turn(others, ["received", "close", "ready"], send=())
    late = tuple(side for side in step.ready_next if side not in step.sides)
    if late:
        step.turn(late, ["ready"], send=())


def _own_up(step: _Step, everyone: Sides) -> None:
    """Before anyone closes: holders correct what they signed wrongly, receivers' officers concede.

    Those who cannot go later either are taken off the lines to plan with.
    """
    play = step.play
    play.settle()

    def correct(side: str, now: datetime) -> None:
        own = [fate for fate in step.fates if fate.row["from"] == side]
        wrong = {fate.handle: fate.kind for fate in own if fate.kind == "wrong_person"}
        gone = [str(fate.row["list_handle"]) for fate in own if fate.kind in WITHDRAWN]
        ask = play.offices[side].ask
        if wrong:
            ask("take-back", now, step=step.number, handles=sorted(wrong), reasons=wrong)
        if gone:
            ask("withdraw", now, list_handles=gone)

    def concede(side: str, now: datetime) -> None:
        missing = sorted(fate.handle for fate in step.fates if fate.row["to"] == side)
        officers = list(play.offices[side].member.officers[:2])
        play.offices[side].ask("concede", now, step=step.number, handles=missing, officers=officers)

    for end, act in (("from", correct), ("to", concede)):
        now = play.after(step.hours.tick)
        play.each(sorted({fate.row[end] for fate in step.fates}), partial(act, now=now))
        play.settle()
    play.take_in(everyone, play.after(step.hours.tick))


def _let_neutrals_read(play: Production) -> None:
    """Neutrals take in and countersign beside the sides' own acts: they never hold a step up."""
    play.join()
    now = play.clock.now
    for name in play.neutrals:
        play.courier.carry(now, name)
        play.beside(partial(_read_and_send, play, name, now))


def _read_and_send(play: Production, name: str, now: datetime) -> None:
    play.take_in([name], now)
    play.offices[name].ask("send", now)
