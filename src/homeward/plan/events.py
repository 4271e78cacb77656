"""What goes wrong on the way, applied to lines, resources and annexes: what is left to plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from homeward.plan.lines import PlanLine
from homeward.plan.resources import Crossing, Resources, Site, Vehicle
from homeward.plan.rows import Plan, PlanRow
from homeward.problem import Problem, Refused
from homeward.terms import Annex

#: What a person's event makes of the line; an absent person may come in a later stage.
PERSON = {
    "refused": "refused",
    "unfit": "unfit",
    "dead": "dead",
    "withheld": "withheld",
    "absent": "ready",
    "ready": "ready",
}
THINGS = ("site_closed", "vehicle_lost", "crossing_limited")


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: to a person (``handle``), or to a site, vehicle or crossing.

    ``stage`` is where it bites (None: in all that are left). ``count`` is how many vehicles of
    the code were lost, or how many heads the crossing still takes.
    """

    kind: str
    handle: str = ""
    code: str = ""
    stage: int | None = None
    count: int = 1


@dataclass(frozen=True)
class Situation:
    """What there is to plan with after events and after what was done."""

    annexes: tuple[Annex, ...]
    lines: tuple[PlanLine, ...]
    resources: Resources
    done: tuple[str, ...]


def situation(
    plan: Plan,
    annexes: Sequence[Annex],
    lines: Iterable[PlanLine],
    resources: Resources | None = None,
    *,
    events: Sequence[Event] = (),
    done: Collection[str] = (),
) -> Situation:
    """What is left of each stage once ``done`` handles have crossed and ``events`` happened.

    Both sides compute it alike. Raises Refused for an event that names nothing known.
    """
    lines = tuple(lines)
    resources = resources or Resources()
    known = {line.handle for line in lines}
    problems = [problem for event in events for problem in _event_problems(event, known, resources)]
    if problems:
        raise Refused(problems)
    gone = set(done)
    crossed = [row for row in plan.rows if row.handle in gone]
    stages = [annex.stage for annex in annexes]
    taken = {event.handle: PERSON[event.kind] for event in events if event.kind in PERSON}
    return Situation(
        tuple(_left(annex, crossed) for annex in sorted(annexes, key=lambda one: one.stage)),
        tuple(
            replace(line, status=taken[line.handle]) if line.handle in taken else line
            for line in lines
        ),
        _resources(resources, events, crossed, lines, stages),
        tuple(sorted(gone)),
    )


def _event_problems(event: Event, known: set[str], resources: Resources) -> Iterable[Problem]:
    words = (event.kind, event.handle, event.code)
    if not all(isinstance(word, str) for word in words):
        yield Problem("plan.unknown-event", "event", str(event.kind), "kind, handle, code in words")
        return
    place = f"event {event.kind}"
    for name, least in (("stage", 1), ("count", 0)):
        value = getattr(event, name)
        if value is not None and (type(value) is not int or value < least):
            yield Problem("plan.unknown-event", f"{place}:{name}", str(value), "a whole number")
    if event.kind in PERSON:
        if event.handle not in known:
            yield Problem("plan.unknown-event", place, str(event.handle), "a handle of a plan line")
        return
    by_kind = {
        "site_closed": resources.sites,
        "vehicle_lost": resources.vehicles,
        "crossing_limited": resources.crossings,
    }
    if event.kind not in by_kind:
        expected = "one of " + ", ".join((*PERSON, *THINGS))
        yield Problem("plan.unknown-event", place, str(event.kind), expected)
    elif event.kind != "site_closed" and event.code not in by_kind[event.kind]:
        expected = "one of " + ", ".join(sorted(by_kind[event.kind]))
        yield Problem("plan.unknown-event", place, str(event.code), expected)


def _left(annex: Annex, crossed: Iterable[PlanRow]) -> Annex:
    """The stage with its sizes less those who have crossed in it."""
    went = Counter(
        (row.sender, row.to, row.category, row.state, row.group)
        for row in crossed
        if row.stage == annex.stage
    )
    sizes = []
    for size in annex.sizes:
        ends = (size.sender, size.to)
        gone = sum(
            heads
            for (sender, to, category, state, group), heads in went.items()
            if (sender, to) == ends
            and size.category in (None, category)
            and (size.state, size.group) == (state, group)
        )
        sizes.append(replace(size, count=max(0, size.count - gone)))
    return replace(annex, sizes=tuple(sizes))


def _resources(
    resources: Resources,
    events: Sequence[Event],
    crossed: Sequence[PlanRow],
    lines: Sequence[PlanLine],
    stages: Sequence[int],
) -> Resources:
    """Seats, heads and vehicles less those used by who has crossed, and less what was lost."""
    seats_of = {line.handle: line.seats for line in lines}
    seats: Counter[tuple[str, int]] = Counter()
    heads: Counter[tuple[str, int]] = Counter()
    for row in crossed:
        seats[row.site, row.stage] += seats_of.get(row.handle, 1)
        heads[row.sender, row.stage] += 1
    shut = [event for event in events if event.kind == "site_closed"]
    sites = {event.code: Site(event.code) for event in shut} | dict(resources.sites)
    return Resources(
        {code: _site(site, shut, seats, stages) for code, site in sites.items()},
        {code: _vehicle(one, events, stages) for code, one in resources.vehicles.items()},
        {code: _crossing(one, events, heads, stages) for code, one in resources.crossings.items()},
    )


def _site(
    site: Site, shut: Iterable[Event], used: Counter[tuple[str, int]], stages: Sequence[int]
) -> Site:
    closed = {s for event in shut if event.code == site.code for s in _at(event, stages)}
    left = {}
    for stage in stages:
        seats = site.in_stage(stage)
        if seats is not None:
            left[stage] = max(0, seats - used[site.code, stage])
    return replace(site, stages={**site.stages, **left}, closed=site.closed | closed)


def _vehicle(vehicle: Vehicle, events: Iterable[Event], stages: Sequence[int]) -> Vehicle:
    lost: Counter[int] = Counter()
    for event in events:
        if event.kind == "vehicle_lost" and event.code == vehicle.code:
            lost.update(dict.fromkeys(_at(event, stages), event.count))
    left = {stage: max(0, vehicle.in_stage(stage) - lost[stage]) for stage in stages}
    return replace(vehicle, stages={**vehicle.stages, **left})


def _crossing(
    crossing: Crossing,
    events: Iterable[Event],
    used: Counter[tuple[str, int]],
    stages: Sequence[int],
) -> Crossing:
    """Heads that each side has left."""
    limited = {
        stage: event.count
        for event in events
        if event.kind == "crossing_limited" and event.code == crossing.code
        for stage in _at(event, stages)
    }
    return replace(crossing, stages={**crossing.stages, **limited}, used=dict(used))


def _at(event: Event, stages: Sequence[int]) -> tuple[int, ...]:
    return tuple(stages) if event.stage is None else (event.stage,)
