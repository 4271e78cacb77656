"""What goes wrong on the way, done to the offices as it would happen to them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

from homeward.problem import Problem, Refused
from homeward.rehearsal.events import Event
from homeward.rehearsal.production import Production
from homeward.rehearsal.telling import publish_now
from homeward.terms.predicates import holds

AN_HOUR = timedelta(hours=1)
# Who does not cross, whatever the reason: at the line there is one code for it.
NOT_CROSSING = frozenset({"refused", "absent", "unfit", "dead", "bus_lost"})

Sheet = list[dict[str, Any]]


class StoryEnds(Exception):  # noqa: N818 - the end of what can be played, not an error
    """Raised when a side has stopped and nothing in the folder says that it goes on."""


def due(play: Production, stage: int, step: int | None) -> list[Event]:
    """The events of a step (None: before the stage's first) in the folder's order."""
    return [e for e in play.folder.cast.events if (e.stage, e.step) == (stage, step)]


def before_step(play: Production, events: Iterable[Event]) -> None:
    """What happens before anyone is ordered out."""
    for event in events:
        act = _BEFORE.get(event.kind)
        if act is not None and play.run.first_time(event.name):
            play.tell(f"stage {event.stage}: {event.kind} {event.side}".strip())
            act(play, event)


def within_step(play: Production, events: Iterable[Event], step: int) -> None:
    """What happens while people are on the way."""
    for event in events:
        if event.kind in ("office_killed", "network_cut") and play.run.first_time(event.name):
            play.tell(f"step {step}: {event.kind} {event.side}")
            if event.kind == "office_killed":
                _kill(play, event, step)
            else:
                _cut_off(play, event)


def staying(
    play: Production, events: Iterable[Event], sheets: Mapping[str, Sheet]
) -> dict[str, str]:
    """Who on a step's sheets will not cross, chosen by the folder's seed: handle to receiver."""
    chosen: dict[str, str] = {}
    for event in events:
        if event.kind not in NOT_CROSSING:
            continue
        rows = [
            (side, row)
            for side, sheet in sorted(sheets.items())
            for row in sheet
            if row["from"] == side and side == (event.side or side) and row["handle"] not in chosen
        ]
        if event.kind == "bus_lost":
            trips = sorted({row["trip"] for _, row in rows})
            chosen |= {r["handle"]: r["to"] for _, r in rows if r["trip"] == trips[0]}
            continue
        fitting = [pair for pair in rows if _fits(play, event, *pair)]
        fitting.sort(key=lambda pair: _draw(play, event, str(pair[1].get("held_id"))))
        if len(fitting) < event.pick:
            raise _nobody(event, len(fitting))
        chosen |= {row["handle"]: row["to"] for _, row in fitting[: event.pick]}
    return chosen


def _fits(play: Production, event: Event, side: str, row: dict[str, Any]) -> bool:
    line = play.folder.lines[side, "held"].get(str(row.get("held_id")))
    return line is not None and holds(event.who, line.facts()) is True


def _draw(play: Production, event: Event, identity: str) -> bytes:
    """A lot that is the same on every machine for the same seed."""
    text = f"{play.folder.cast.seed}/{event.name}/{identity}"
    return hashlib.sha256(text.encode()).digest()


def _nobody(event: Event, found: int) -> Refused:
    return Refused(
        [
            Problem(
                "rehearsal.event-nobody",
                f"exchange.yaml:events:{event.name}",
                f"{found} on the sheets of stage {event.stage} step {event.step}",
                f"{event.pick} whom the predicate fits",
            )
        ]
    )


def _stop(play: Production, event: Event) -> None:
    play.offices[event.side].ask("suspend", play.after(), send=True)
    play.leg()
    goes_on = [
        other
        for other in play.folder.cast.events
        if other.kind == "side_resumes" and other.side == event.side
    ]
    if not goes_on:
        raise StoryEnds
    play.after(AN_HOUR)
    _resume(play, event)


def _resume(play: Production, event: Event) -> None:
    play.offices[event.side].ask("resume", play.after(), send=True)
    play.leg()


def _published(play: Production, event: Event) -> None:
    publish_now(play, event.note, play.after())


_BEFORE: dict[str, Callable[[Production, Event], None]] = {
    "side_stops": _stop,
    "side_resumes": _resume,
    "statement_published": _published,
}


def _kill(play: Production, event: Event, step: int) -> None:
    """The office's program ends in the middle of an act; asked again, it is started again."""
    office = play.offices[event.side]
    verb = "received" if event.side in play.sides else "collect"
    body: dict[str, Any] = {"step": step} if verb == "received" else {}
    asked = play.threads.submit(lambda: office.ask(verb, play.clock.now, **body))
    office.kill()
    asked.result()


def _cut_off(play: Production, event: Event) -> None:
    """For an hour no package leaves or reaches an office; then what was held back is carried."""
    play.courier.cut_off.add(event.side)
    now = play.after()
    play.each(play.parties, lambda name: play.offices[name].ask("send", now))
    play.courier.carry(now)
    play.after(AN_HOUR)
    play.courier.cut_off.discard(event.side)
    play.courier.carry(play.clock.now)
