"""Whether the files of a folder fit each other: sides, moves, times, places and numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from homeward.people import Line
from homeward.plan import Resources
from homeward.plan.resources import Site, Vehicle, read_resources
from homeward.problem import Problem
from homeward.rehearsal.cast import Cast
from homeward.terms import Annex, Terms

_BEFORE = timedelta(hours=1)


def fit(cast: Cast, terms: Terms) -> Iterator[Problem]:
    """The agreement and the cast must speak of the same sides and the same moves."""
    if set(terms.sides) != set(cast.sides):
        yield Problem(
            "rehearsal.sides-differ",
            cast.place("sides"),
            ", ".join(cast.sides),
            ", ".join(terms.sides),
            "the sides are the parties of terms.yaml",
        )
    owed = {f"{sender} to {to}" for sender, to in terms.moves}
    moves = {f"{sender} to {to}" for sender, to in cast.moves}
    if owed != moves:
        yield Problem(
            "rehearsal.moves-differ",
            cast.place("moves"),
            ", ".join(sorted(moves)),
            ", ".join(sorted(owed)),
            "the moves are those that the obligations of terms.yaml speak of",
        )


def unplannable(terms: Terms) -> Iterator[Problem]:
    """Without stage annexes everything owed goes in one stage: its numbers must be known."""
    open_ones = {o.clause: o.path for o in terms.obligations if o.count is None}
    for clause, path in open_ones.items():
        yield Problem(
            "rehearsal.stages-needed",
            terms.place(*path),
            clause,
            "an exact number, or stages.yaml with the sizes",
            "write stages.yaml: it says how many go in each stage",
        )


def unreal_start(cast: Cast) -> Iterator[Problem]:
    """The clock must not start in an hour that the zone leaves out."""
    if left_out(cast.start, cast.zone):
        yield _unreal(cast.place("clock", "start"), cast.start, cast.zone)


def left_out(instant: datetime, zone: ZoneInfo) -> bool:
    """Whether the local time, as written, is skipped where ``zone`` turns its clocks forward.

    Written with an offset that the zone does not have on that day, it is another place's time.
    """
    wall = instant.replace(tzinfo=None)
    before, after = (wall.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    if instant.utcoffset() not in (before, after):
        return False
    there = wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
    return there.replace(tzinfo=None) != wall


def _unreal(place: str, instant: datetime, zone: ZoneInfo) -> Problem:
    return Problem(
        "rehearsal.no-such-time",
        place,
        instant.isoformat(),
        f"a local time that there is in {zone.key}",
        "the clocks are turned forward over this hour: write an earlier or a later one",
    )


def misplaced(annexes: tuple[Annex, ...], cast: Cast, resources: Resources) -> Iterator[Problem]:
    """Stages agreed too early or too late, at hours that do not exist, by unknown resources."""
    for annex in annexes:
        begins = annex.agreed_on or (annex.window[0] if annex.window else None)
        if begins is not None and begins - cast.start < _BEFORE:
            yield Problem(
                "rehearsal.clock-late",
                annex.place,
                begins.isoformat(),
                f"an hour or more after the clock's start, {cast.start.isoformat()}",
                "cards, terms and lists come before the first stage",
            )
        if annex.agreed_on and annex.window and annex.agreed_on > annex.window[0]:
            yield Problem(
                "rehearsal.agreed-late",
                annex.place,
                annex.agreed_on.isoformat(),
                f"before the stage's window opens, {annex.window[0].isoformat()}",
                "nobody is released before the stage is agreed",
            )
        for instant in (*(annex.window or ()), *filter(None, (annex.agreed_on,))):
            if left_out(instant, cast.zone):
                yield _unreal(annex.place, instant, cast.zone)
        yield from _unknown_resources(annex, resources)


def _unknown_resources(annex: Annex, resources: Resources) -> Iterator[Problem]:
    named = [(annex.crossing, "crossings", set(resources.crossings))]
    named += [(vehicle, "vehicles", set(resources.vehicles)) for vehicle in annex.vehicles]
    for name, kind, known in named:
        if name and known and name not in known:
            yield Problem(
                "rehearsal.unknown-resource",
                annex.place,
                name,
                f"one of exchange.yaml's {kind}: {', '.join(sorted(known))}",
                "add it to the resources, or correct the name",
            )


def strange_sites(
    cast: Cast, lines: Mapping[tuple[str, str], tuple[Line, ...]]
) -> Iterator[Problem]:
    """A held person's site must be one of the holder's, where the folder says which there are."""
    resources, _ = read_resources(cast.resources)
    for (side, which), read in lines.items():
        known = {c for c, site in resources.sites.items() if site.holder in ("", side)}
        if which != "held" or not resources.sites:
            continue
        for line in read:
            if line.held_at and line.held_at not in known:
                yield Problem(
                    "rehearsal.unknown-site",
                    f"{side}/{which}.csv:row {line.row}:held_at",
                    line.held_at[:40],
                    f"a site of {side}: {', '.join(sorted(known))}",
                    "add it to the resources of exchange.yaml, or correct the code",
                )


def strange_holders(cast: Cast) -> Iterator[Problem]:
    """Who holds a site or a vehicle must be a side of the exchange."""
    resources, _ = read_resources(cast.resources)
    tables: tuple[tuple[str, Mapping[str, Site | Vehicle]], ...] = (
        ("sites", resources.sites),
        ("vehicles", resources.vehicles),
    )
    for kind, table in tables:
        for code, one in table.items():
            if one.holder and one.holder not in cast.sides:
                yield Problem(
                    "rehearsal.unknown-side",
                    cast.place("resources", kind, code, "holder"),
                    one.holder,
                    ", ".join(cast.sides),
                    "who holds a site or a vehicle is a side of the exchange",
                )
