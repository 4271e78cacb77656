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
    NOT_CROSSING,
    before_step,
    due,
    staying,
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
    """One step on its way: who is in it, and how many are out without a receipt, as answered."""

    play: Production
    hours: Hours
    number: int
    sides: Sides
    unanswered: int = 0
    ready_next: Mapping[str, int] = field(default_factory=dict)
    staying: Mapping[str, str] = field(default_factory=dict)

    def turn(self, sides: Sides, verbs: Sequence[str], *, send: Sequence[str] | None) -> None:
        """Sides take in what came, then do some verbs at once; what they send is carried.

        ``send`` names who gets packages; an empty one means everyone, None nobody.
        """
        play = self.play
        now = play.after(self.hours.tick)
        play.take_in(sides, now)
        times = [play.after(self.hours.tick) for _ in verbs]
        play.each(sides, lambda side: self._act(side, verbs, times, send))
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
    ) -> None:
        wanted = [
            (verb, self._step_of(side, verb), at) for verb, at in zip(verbs, times, strict=True)
        ]
        acts = [(verb, step, at) for verb, step, at in wanted if step]
        for verb, step, at in acts:
            body: dict[str, Any] = {"step": step}
            if verb == "released" and self.staying:
                body["except"] = sorted(self.staying)
            if send is not None and (verb, step, at) == acts[-1]:
                body |= {"send": True, **({"to": list(send)} if send else {})}
            answer = self.play.offices[side].ask(verb, at, **body)
            self.unanswered += answer.get("released", 0) if verb == "released" else 0
            self.unanswered -= answer.get("received", 0) if verb == "received" else 0

    def _step_of(self, side: str, verb: str) -> int:
        return self.ready_next.get(side, 0) if verb == "ready" else self.number


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
        step.staying = _staying(step, events)
        step.ready_next = dict.fromkeys(steps.get(following, ()), following)
        for group in turns(play.folder.terms.first, step.sides, number):
            step.turn(group, ["received", "order", "released"], send=play.sides)
        within_step(play, events, number)
        _close(step)
        _let_neutrals_read(play)
    play.join()
    play.take_in(play.parties, play.after(hours.tick))


def _staying(step: _Step, events: Sequence[Event]) -> Mapping[str, str]:
    """Who on the step's sheets will not cross; the officers look at paper only if they must."""
    if not any(event.kind in NOT_CROSSING for event in events):
        return {}
    play, now = step.play, step.play.after()
    sheets = play.each(
        step.sides, lambda side: play.offices[side].ask("sheet", now, step=step.number)["rows"]
    )
    return staying(play, events, sheets)


def _close(step: _Step) -> None:
    """The side whose turn it is proposes the closing once every receipt is signed; others agree."""
    (proposer,), *rest = turns("alternate", step.sides, step.number)
    others = tuple(side for group in rest for side in group)
    step.turn((proposer,), ["received"], send=None)
    if step.unanswered:
        step.turn((proposer,), ["received"], send=step.play.sides)
        step.turn(others, ["received"], send=step.play.sides)
    if step.staying:
        _concede(step, (proposer, *others))
    step.turn((proposer,), ["received", "close", "ready"], send=())
    if others:
        step.turn(others, ["received", "close", "ready"], send=())
    late = tuple(side for side in step.ready_next if side not in step.sides)
    if late:
        step.turn(late, ["ready"], send=())


def _concede(step: _Step, everyone: Sides) -> None:
    """Two officers of each receiver give up those who did not come, before anyone closes."""
    play = step.play
    play.settle()
    now = play.after(step.hours.tick)

    def give_up(side: str) -> None:
        missing = sorted(handle for handle, to in step.staying.items() if to == side)
        officers = list(play.offices[side].member.officers[:2])
        play.offices[side].ask(
            "concede", now, step=step.number, handles=missing, officers=officers, send=True
        )

    play.each(sorted(set(step.staying.values())), give_up)
    play.courier.carry(now)
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
