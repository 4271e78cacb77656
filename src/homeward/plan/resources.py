"""What there is to carry an exchange out: sites, vehicles and crossings, per stage."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from homeward.problem import Problem
from homeward.terms import Annex

ByStage = Mapping[int, int]
_STAGE = re.compile(r"[0-9]{1,9}")
_HINT = "write it as docs/reference/plan.md shows; what is not named is not scarce"


@dataclass(frozen=True, slots=True)
class Site:
    """A holding site: ``seats`` that can leave it in a stage (None: as many as needed)."""

    code: str
    holder: str = ""
    seats: int | None = None
    stages: ByStage = field(default_factory=dict)
    closed: frozenset[int] = frozenset()

    def in_stage(self, stage: int) -> int | None:
        """Seats that can leave in ``stage``; 0 where the site is closed."""
        return 0 if stage in self.closed else self.stages.get(stage, self.seats)


@dataclass(frozen=True, slots=True)
class Vehicle:
    """Vehicles of one sort at a site, or of a holder for all its sites; one trip a stage each."""

    code: str
    seats: int
    count: int = 1
    site: str = ""
    holder: str = ""
    stages: ByStage = field(default_factory=dict)

    def in_stage(self, stage: int) -> int:
        """How many of them there are in ``stage``."""
        return self.stages.get(stage, self.count)


@dataclass(frozen=True, slots=True)
class Crossing:
    """A crossing point: ``heads`` that one side can bring over it in a stage.

    ``used`` holds (side, stage) with the heads that have crossed already.
    """

    code: str
    heads: int | None = None
    stages: ByStage = field(default_factory=dict)
    used: Mapping[tuple[str, int], int] = field(default_factory=dict)

    def in_stage(self, stage: int, side: str = "") -> int | None:
        """Heads that a side can still bring in ``stage``."""
        most = self.stages.get(stage, self.heads)
        return None if most is None else max(0, most - self.used.get((side, stage), 0))


@dataclass(frozen=True, slots=True)
class Resources:
    """Every resource by code. What is not named is not scarce."""

    sites: Mapping[str, Site] = field(default_factory=dict)
    vehicles: Mapping[str, Vehicle] = field(default_factory=dict)
    crossings: Mapping[str, Crossing] = field(default_factory=dict)

    def vehicles_at(self, site: str) -> tuple[Vehicle, ...]:
        """Vehicles that belong to ``site``, largest first; none where a line names no site."""
        if not site:
            return ()
        found = (vehicle for vehicle in self.vehicles.values() if vehicle.site == site)
        return tuple(sorted(found, key=lambda vehicle: (-vehicle.seats, vehicle.code)))

    def fleet_of(self, holder: str) -> tuple[Vehicle, ...]:
        """Vehicles of ``holder`` that belong to no site, largest first."""
        found = (
            vehicle
            for vehicle in self.vehicles.values()
            if vehicle.holder == holder and not vehicle.site
        )
        return tuple(sorted(found, key=lambda vehicle: (-vehicle.seats, vehicle.code)))


def agreed_resources(resources: Resources, annexes: Iterable[Annex]) -> Resources:
    """The resources as stage annexes restrict them.

    Where an annex names known sites or vehicles, the others are closed or absent in its stage.
    """
    sites, vehicles = dict(resources.sites), dict(resources.vehicles)
    for annex in annexes:
        named = set(annex.sites) & set(sites)
        for code, site in sites.items():
            if named and code not in named:
                sites[code] = replace(site, closed=site.closed | {annex.stage})
        named = set(annex.vehicles) & set(vehicles)
        for code, vehicle in vehicles.items():
            if named and code not in named:
                vehicles[code] = replace(vehicle, stages={**vehicle.stages, annex.stage: 0})
    return Resources(sites, vehicles, resources.crossings)


def read_resources(
    given: Mapping[str, Any] | None, place: str = "exchange.yaml:resources"
) -> tuple[Resources, tuple[Problem, ...]]:
    """The ``resources`` mapping of an exchange folder, with every problem found.

    Shape: ``sites: {code: {holder, seats, stages: {2: 40}, closed: [1]}}``,
    ``vehicles: {code: {site | holder, seats, count, stages}}``,
    ``crossings: {code: {heads, stages}}``; every part may be left out.
    """
    reader = _Reader(place)
    given = reader.table(given, place, ("sites", "vehicles", "crossings"))
    sites = {
        code: Site(
            code,
            reader.text(row, "holder", where),
            reader.number(row, "seats", where),
            reader.stages(row, where),
            reader.stage_set(row, where),
        )
        for code, row, where in reader.rows(given, "sites", ("holder", "seats", "stages", "closed"))
    }
    vehicles = {
        code: Vehicle(
            code,
            reader.number(row, "seats", where, needed=True) or 0,
            1 if "count" not in row else reader.number(row, "count", where) or 0,
            reader.text(row, "site", where),
            reader.text(row, "holder", where),
            reader.stages(row, where),
        )
        for code, row, where in reader.rows(
            given, "vehicles", ("site", "holder", "seats", "count", "stages")
        )
    }
    crossings = {
        code: Crossing(code, reader.number(row, "heads", where), reader.stages(row, where))
        for code, row, where in reader.rows(given, "crossings", ("heads", "stages"))
    }
    reader.owners(vehicles, sites)
    return Resources(sites, vehicles, crossings), tuple(reader.problems)


class _Reader:
    """Gathers problems while the parts are read."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.problems: list[Problem] = []

    def wrong(self, place: str, value: object, expected: str) -> None:
        self.problems.append(Problem("plan.bad-resource", place, str(value), expected, _HINT))

    def table(self, given: Any, place: str, known: tuple[str, ...]) -> Mapping[str, Any]:
        if given is None:
            return {}
        if not isinstance(given, Mapping):
            self.wrong(place, given, "a table")
            return {}
        for name in given:
            if name not in known:
                self.wrong(f"{place}:{name}", name, "one of " + ", ".join(known))
        return given

    def rows(
        self, given: Mapping[str, Any], part: str, known: tuple[str, ...]
    ) -> list[tuple[str, Mapping[str, Any], str]]:
        rows = given.get(part) or {}
        if not isinstance(rows, Mapping):
            self.wrong(f"{self.place}:{part}", rows, "a table of codes")
            return []
        places = [(str(code), row, f"{self.place}:{part}:{code}") for code, row in rows.items()]
        return [(code, self.table(row, where, known), where) for code, row, where in places]

    def text(self, row: Mapping[str, Any], name: str, place: str) -> str:
        value = row.get(name) or ""
        if not isinstance(value, str):
            self.wrong(f"{place}:{name}", value, "a name")
            return ""
        return value

    def number(
        self, row: Mapping[str, Any], name: str, place: str, *, needed: bool = False
    ) -> int | None:
        value = row.get(name)
        if value is None:
            if needed:
                self.wrong(f"{place}:{name}", "", "a whole number")
            return None
        if type(value) is not int or value < 0:
            self.wrong(f"{place}:{name}", value, "a whole number, 0 or more")
            return None
        return value

    def stages(self, row: Mapping[str, Any], place: str) -> dict[int, int]:
        found: dict[int, int] = {}
        for stage, value in self.table(row.get("stages"), f"{place}:stages", _Any()).items():
            if not _STAGE.fullmatch(str(stage)) or type(value) is not int or value < 0:
                self.wrong(f"{place}:stages:{stage}", value, "a stage number and a whole number")
            else:
                found[int(stage)] = value
        return found

    def stage_set(self, row: Mapping[str, Any], place: str) -> frozenset[int]:
        value = row.get("closed") or []
        if not isinstance(value, list) or any(type(stage) is not int for stage in value):
            self.wrong(f"{place}:closed", value, "a list of stage numbers")
            return frozenset()
        return frozenset(value)

    def owners(self, vehicles: Mapping[str, Vehicle], sites: Mapping[str, Site]) -> None:
        for code, vehicle in vehicles.items():
            where = f"{self.place}:vehicles:{code}"
            if bool(vehicle.site) == bool(vehicle.holder):
                self.wrong(where, vehicle.site or "neither", "either a site or a holder")
            elif vehicle.site and vehicle.site not in sites:
                self.wrong(f"{where}:site", vehicle.site, "a site named above")


class _Any(tuple[str, ...]):
    """Knows every name."""

    __slots__ = ()

    def __contains__(self, name: object) -> bool:
        return True
