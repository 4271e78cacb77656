"""Who rides in which vehicle trip: seats filled in the order in which persons go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from homeward.plan.resources import Resources, Vehicle


def usable(seats: int, largest: int) -> int:
    """Seats of a vehicle that can always be filled when nobody takes more than ``largest``.

    A vehicle is left with fewer free seats than the next person needs; counting those as lost
    makes every load that fits the sum fit the vehicles, in whatever order persons come.
    """
    return max(0, seats - max(largest, 1) + 1)


class Trips:
    """One side's vehicles in one stage; trips are numbered as they are opened."""

    def __init__(
        self, resources: Resources, stage: int, holder: str, riders: Sequence[tuple[str, int]]
    ) -> None:
        """``riders`` are (site, seats) of everybody of the side who goes in the stage."""
        self.count = 0
        self.open: dict[str, list[list[int]]] = {}  # by site: [trip, seats left]
        self.waiting: dict[str, list[Vehicle]] = {}
        shared: dict[str, int] = {}
        largest = 1
        for site, seats in riders:
            own = resources.vehicles_at(site)
            if own:
                self.waiting[site] = [v for v in own for _ in range(v.in_stage(stage))]
            else:
                shared[site] = shared.get(site, 0) + seats
                largest = max(largest, seats)
        fleet = [v for v in resources.fleet_of(holder) for _ in range(v.in_stage(stage))]
        if fleet and shared:
            self.waiting |= allot_fleet(fleet, shared, largest)

    def ride(self, site: str, seats: int, together: int, with_trip: int) -> int:
        """The trip of the next person; 0 where no vehicle serves the site or none has room.

        ``together`` is what the person's whole group needs, ``with_trip`` where it began.
        """
        if not self.waiting:
            return 0
        trip = with_trip if self._room(site, with_trip) >= seats else 0
        trip = trip or self._find(site, together, new=False) or self._find(site, seats, new=True)
        for entry in self.open.get(site, []):
            if entry[0] == trip:
                entry[1] -= seats
        return trip

    def _room(self, site: str, trip: int) -> int:
        return next((left for number, left in self.open.get(site, []) if number == trip), -1)

    def _find(self, site: str, seats: int, *, new: bool) -> int:
        """An open trip with room; else, if ``new``, the next vehicle that is large enough."""
        for trip, left in self.open.get(site, []):
            if left >= seats:
                return trip
        waiting = self.waiting.get(site, [])
        for number, vehicle in enumerate(waiting):
            if new and vehicle.seats >= seats:
                del waiting[number]
                self.count += 1
                self.open.setdefault(site, []).append([self.count, vehicle.seats])
                return self.count
        return 0


def allot_fleet(
    fleet: Sequence[Vehicle], loads: Mapping[str, int], largest: int
) -> dict[str, list[Vehicle]]:
    """Vehicles for each site so that every load fits, the fewest in all.

    Where no such division exists, as few seats as possible are short.
    """
    kinds = sorted({vehicle.code: vehicle for vehicle in fleet}.values(), key=_largest_first)
    counts = tuple(sum(vehicle.code == kind.code for vehicle in fleet) for kind in kinds)
    seats = tuple(usable(kind.seats, largest) for kind in kinds)
    sites = sorted(loads)

    @cache
    def best(place: int, left: tuple[int, ...]) -> tuple[int, int, tuple[tuple[int, ...], ...]]:
        """(seats short, vehicles, choice by site) for the sites from ``place`` on."""
        if place == len(sites):
            return 0, 0, ()
        load = loads[sites[place]]
        found = []
        for choice in _choices(load, seats, left):
            rest = tuple(n - used for n, used in zip(left, choice, strict=True))
            short, vehicles, later = best(place + 1, rest)
            carried = sum(each * used for each, used in zip(seats, choice, strict=True))
            found.append((short + max(0, load - carried), vehicles + sum(choice), (choice, *later)))
        return min(found)

    _, _, chosen = best(0, counts)
    return {
        site: [kind for kind, n in zip(kinds, choice, strict=True) for _ in range(n)]
        for site, choice in zip(sites, chosen, strict=True)
    }


def _choices(load: int, seats: Sequence[int], left: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Numbers of each sort that carry ``load`` with none to spare; or all that is left."""
    found: list[tuple[int, ...]] = []

    def extend(chosen: tuple[int, ...], missing: int) -> None:
        place = len(chosen)
        if place == len(seats):
            if missing <= 0:
                found.append(chosen)
            return
        most = 0
        if seats[place] and missing > 0:
            most = min(left[place], -(-missing // seats[place]))
        for used in range(most + 1):
            extend((*chosen, used), missing - used * seats[place])

    extend((), load)
    return found or [left]


def _largest_first(vehicle: Vehicle) -> tuple[int, str]:
    return (-vehicle.seats, vehicle.code)
