"""What goes wrong on the way, done to the offices as it would happen to them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from homeward.problem import Problem
from homeward.rehearsal.events import Event
from homeward.rehearsal.production import Production
from homeward.rehearsal.telling import publish_now
from homeward.terms.predicates import holds

AN_HOUR = timedelta(hours=1)
# Who does not cross, whatever the reason: at the line there is one code for it.
STAYING = frozenset({"refused", "absent", "unfit", "dead", "bus_lost", "substitution"})
# Who will not go in a later step either, and is taken off the lines to plan with.
WITHDRAWN = frozenset({"refused", "unfit", "dead", "substitution"})
Row = Mapping[str, Any]
Sheets = Mapping[str, Sequence[Row]]
Here = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Fate:
    """What befalls one person on a step's sheet: the event's kind, and the row on paper."""

    kind: str
    row: Row

    @property
    def handle(self) -> str:
        """The handle used at the line."""
        return str(self.row["handle"])


@dataclass(frozen=True, slots=True)
class Scene:
    """A step while people are on the way."""

    step: int
    here: Here


class StoryEnds(Exception):  # noqa: N818 - the end of what can be played, not an error
    """Raised where nothing more can be played; its arguments are the problems that say why, if any.

    What was signed by then stands, and the run ends with an outcome.
    """


def due(play: Production, stage: int, step: int | None) -> list[Event]:
    """The events of a step (None: before the stage's first) in the folder's order."""
    events = [e for e in play.folder.cast.events if (e.stage, e.step) == (stage, step)]
    for event in events:
        play.run.reach(event.name)
    return events


def unreached(play: Production) -> tuple[Problem, ...]:
    """A warning for each event whose stage and step never came."""
    reached = set(play.run.said.get("reached", ()))
    return tuple(
        Problem(
            "rehearsal.event-not-reached",
            f"exchange.yaml:events:{event.name}",
            f"stage {event.stage}" + (f" step {event.step}" if event.step else ""),
            "a step that came",
            "steps are counted through all stages",
            "warning",
        )
        for event in play.folder.cast.events
        if event.name not in reached
    )


def before_step(play: Production, events: Iterable[Event]) -> None:
    """What happens before anyone is ordered out; raises StoryEnds where a side stops for good."""
    for event in events:
        act = _BEFORE.get(event.kind)
        if event.kind == "side_stops" and event.step is None:
            act = _stop
        if act is not None:
            play.tell(f"stage {event.stage}: {event.kind} {event.side}".strip())
            play.run.once(event.name, partial(act, play, event))


def within_step(play: Production, events: Iterable[Event], step: int, here: Here) -> None:
    """What happens while people are on the way; ``here`` says who has come to a side by now."""
    for event in events:
        act = _WITHIN.get(event.kind)
        if act is not None:
            play.tell(f"step {step}: {event.kind} {event.side}")
            play.run.once(event.name, partial(act, play, event, Scene(step, here)))


def fates(play: Production, events: Iterable[Event], sheets: Sheets) -> tuple[Fate, ...]:
    """What befalls whom on a step's sheets; who it is follows from the folder's seed.

    Raises StoryEnds where an event fits fewer people than it is to befall.
    """
    chosen: dict[str, Fate] = {}
    for event in events:
        if event.kind not in STAYING | {"wrong_person"}:
            continue
        rows = [
            row
            for side, sheet in sorted(sheets.items())
            for row in sheet
            if row["from"] == side == (event.side or side) and row["handle"] not in chosen
        ]
        if event.kind == "bus_lost":
            lost = min((row["trip"] for row in rows), default=0)
            rows = [row for row in rows if row["trip"] == lost]
        else:
            rows = [row for row in rows if _fits(play, event, row)]
            rows.sort(key=lambda row: _draw(play, event, str(row["held_id"])))
            if len(rows) < event.pick:
                raise _nobody(event, len(rows))
            rows = rows[: event.pick]
        chosen |= {row["handle"]: Fate(event.kind, row) for row in rows}
    return tuple(chosen.values())


def _fits(play: Production, event: Event, row: Row) -> bool:
    line = play.folder.lines[row["from"], "held"].get(str(row.get("held_id")))
    return line is not None and holds(event.who, line.facts()) is True


def _draw(play: Production, event: Event, identity: str) -> str:
    """A lot that is the same on every machine for the same seed."""
    text = f"{play.folder.cast.seed}/{event.name}/{identity}"
    return hashlib.sha256(text.encode()).hexdigest()


def _nobody(event: Event, found: int) -> StoryEnds:
    return StoryEnds(
        Problem(
            "rehearsal.event-nobody",
            f"exchange.yaml:events:{event.name}",
            f"{found} on the sheets of stage {event.stage} step {event.step}",
            f"{event.pick} whom the predicate fits",
            "the run ends before this step; name another step, predicate or number",
        )
    )


def in_the_middle(play: Production, events: Iterable[Event], step: int, here: Here) -> None:
    """A side stops after the first have gone: who came is signed for, who is at home stays there.

    Raises StoryEnds where nothing says that the side goes on.
    """
    for event in events:
        if event.kind == "side_stops":
            play.tell(f"step {step}: {event.kind} {event.side}")
            play.run.once(event.name, partial(_stop, play, event, Scene(step, here)))


def _stop(play: Production, event: Event, scene: Scene | None = None) -> None:
    play.offices[event.side].ask("suspend", play.after(), send=True)
    play.leg()
    if scene is not None:  # its orders stop, facts are still taken
        _sign_for_those_here(play, scene)
    goes_on = [
        other
        for other in play.folder.cast.events
        if other.kind == "side_resumes" and other.side == event.side
    ]
    if not goes_on:
        raise StoryEnds
    play.after(AN_HOUR)
    _resume(play, event)


def _sign_for_those_here(play: Production, scene: Scene) -> None:
    now = play.after()

    def sign(side: str) -> None:
        handles = list(scene.here(side))
        if handles:
            play.offices[side].ask("received", now, step=scene.step, handles=handles, send=True)

    play.each(play.sides, sign)
    play.leg()


def _resume(play: Production, event: Event) -> None:
    play.offices[event.side].ask("resume", play.after(), send=True)
    play.leg()


def _published(play: Production, event: Event) -> None:
    publish_now(play, event.note, play.after())


_BEFORE: dict[str, Callable[[Production, Event], None]] = {
    "side_resumes": _resume,
    "statement_published": _published,
}


def _kill(play: Production, event: Event, scene: Scene) -> None:
    """The office's program ends in the middle of an act; asked again, it is started again."""
    office = play.offices[event.side]
    verb = "received" if event.side in play.sides else "collect"
    body: dict[str, Any] = {}
    if verb == "received":
        body = {"step": scene.step, "handles": list(scene.here(event.side))}
    asked = play.threads.submit(lambda: office.ask(verb, play.clock.now, **body))
    office.kill()
    asked.result()


def _cut_off(play: Production, event: Event, scene: Scene) -> None:
    """For an hour no package leaves or reaches an office; then what was held back is carried."""
    del scene
    play.courier.cut_off.add(event.side)
    now = play.after()
    play.each(play.parties, lambda name: play.offices[name].ask("send", now))
    play.courier.carry(now)
    play.after(AN_HOUR)
    play.courier.cut_off.discard(event.side)
    play.courier.carry(play.clock.now)


def _one_more(play: Production, event: Event, scene: Scene) -> None:
    """Somebody comes with a side's people who is on no sheet; who receives signs for them."""
    category = play.folder.terms.categories[0]
    play.offices[play.folder.cast.receivers(event.side)[0]].ask(
        "extra",
        play.after(),
        step=scene.step,
        handle=_draw(play, event, "extra")[:32],
        send=True,
        **{"class": f"{category}/living/inside", "from": event.side},
    )


_WITHIN: dict[str, Callable[[Production, Event, Scene], None]] = {
    "office_killed": _kill,
    "network_cut": _cut_off,
    "extra": _one_more,
}


def somebody_else(fate: Fate) -> dict[str, Any]:
    """What a receiver signs where somebody else stands in a person's place."""
    number = hashlib.sha256(f"instead of {fate.handle}".encode()).hexdigest()[:32]
    return {"instead": fate.handle, "handle": number, "class": fate.row["class"]}
