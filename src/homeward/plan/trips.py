"""Who rides in which vehicle trip: seats filled in the order in which persons go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from homeward.plan.resources import Resources, Vehicle

if TYPE_CHECKING:
    from homeward.plan.task import Pool


def usable(seats: int, largest: int) -> int:
    """Seats of a vehicle that can always be filled when nobody takes more than ``largest``.

    A vehicle is left with fewer free seats than the next person needs; counting those as lost
    makes every load that fits the sum fit the vehicles, in whatever order persons come.
    """
    return max(0, seats - max(largest, 1) + 1)


class Trips:
    """One side's vehicles in one stage; trips are numbered as they are opened."""

    def __init__(
        self, resources: Resources, stage: int, holder: str, riders: Iterable[Pool]
    ) -> None:
        """``riders`` are the pools of everybody of the side who goes in the stage."""
        self.count = 0
        self.open: dict[str, list[list[int]]] = {}  # by site: [trip, seats left]
        self.waiting: dict[str, list[Vehicle]] = {}
        shared: dict[str, int] = {}
        largest = 1
        for pool, heads in Counter(riders if resources.vehicles else ()).items():
            own = resources.vehicles_at(pool.site)
            if own:
                self.waiting[pool.site] = [v for v in own for _ in range(v.in_stage(stage))]
            else:
                shared[pool.site] = shared.get(pool.site, 0) + heads * pool.seats
                largest = max(largest, pool.seats)
        fleet = [v for v in resources.fleet_of(holder) for _ in range(v.in_stage(stage))]
        if fleet and shared:
            self.waiting |= allot_fleet(fleet, shared, largest)

    def ride(self, party: Sequence[Pool]) -> list[int]:
        """The trip of each of those who stay together; 0 where no vehicle serves or has room."""
        if not self.waiting:
            return [0] * len(party)
        needed: dict[str, int] = {}
        for pool in party:
            needed[pool.site] = needed.get(pool.site, 0) + pool.seats
        begun: dict[str, int] = {}
        found = []
        for pool in party:
            site, seats = pool.site, pool.seats
            trip = begun.get(site, 0)
            trip = trip if self._room(site, trip) >= seats else 0
            trip = trip or self._find(site, needed[site], new=False)
            trip = trip or self._find(site, seats, new=True)
            for entry in self.open.get(site, []):
                if entry[0] == trip:
                    entry[1] -= seats
            begun[site] = trip
            found.append(trip)
        return found

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
