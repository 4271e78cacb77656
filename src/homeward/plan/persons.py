"""From classes to persons: who of the identical ones goes, in which step, trip and place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from homeward.plan.resources import Resources
from homeward.plan.rows import PlanRow
from homeward.plan.steps import Party, Way, steps_of
from homeward.plan.task import Cohort, Flow, Task
from homeward.plan.trips import Trips


@dataclass(frozen=True, slots=True)
class Member:
    """A person of a class, placed in a stage."""

    handle: str
    cohort: Cohort
    stage: int  # index


def name_persons(task: Task, flow: Flow) -> list[Member]:
    """Persons for the heads of each class and stage.

    Who was told a stage keeps it where that is possible; else the public tie order decides among
    equal persons, the first of them going first.
    """
    told = {(one.cohort, one.stage): one.handles for one in task.told}
    kept: dict[tuple[int, int], tuple[str, ...]] = {}
    taken: set[str] = set()
    for key, heads in flow.items():
        kept[key] = told.get(key, ())[:heads]
        taken.update(kept[key])
    found: list[Member] = []
    queues: dict[int, list[str]] = {}
    for key, heads in sorted(flow.items()):
        number, stage = key
        cohort = task.cohorts[number]
        if number not in queues:
            queues[number] = [handle for handle in cohort.handles if handle not in taken]
        more = heads - len(kept[key])
        chosen = [*kept[key], *queues[number][:more]]
        del queues[number][:more]
        found += [Member(handle, cohort, stage) for handle in chosen]
    return found


def make_rows(
    task: Task,
    members: Iterable[Member],
    resources: Resources,
    *,
    step: int | None,
    order: Sequence[str],
    first_step: int,
) -> tuple[PlanRow, ...]:
    """Rows with one step number through all stages; raises NoSteps (see steps)."""
    by_stage: dict[int, list[Member]] = {}
    for member in members:
        by_stage.setdefault(member.stage, []).append(member)
    rows: list[PlanRow] = []
    number = first_step
    ahead = ahead_before(task)
    for stage, there in sorted(by_stage.items()):
        people = {member.handle: member for member in there}
        placed: list[tuple[int, Party]] = [
            (0, party) for parties in _parties(task, there, False).values() for party in parties
        ]
        for taken in steps_of(_parties(task, there, True), step, order, ahead):
            placed += [(number, party) for parties in taken.values() for party in parties]
            number += 1
            for (sender, to), parties in taken.items():
                if ahead is not None:
                    heads = sum(party.heads for party in parties)
                    ahead[sender] += heads
                    ahead[to] -= heads
        rows += _stage_rows(task, task.stages[stage], placed, people, resources)
    return tuple(sorted(rows, key=lambda row: row.key))


def ahead_before(task: Task) -> dict[str, int] | None:
    """Heads by which each of two sides is ahead before the plan, where n for n may be uneven."""
    carried = [balance for balance in task.balances if balance.slack]
    if len(carried) != 1 or any(abs(weight) != 1 for _, weight in carried[0].weights):
        return None
    sides = {side for pool in task.pools if pool.inside for side in (pool.holder, pool.claimant)}
    if len(sides) != 2:
        return None
    side = dict(carried[0].clause.values)["who"]
    start = carried[0].start
    return {one: start if one == side else -start for one in sides}


def _parties(task: Task, members: Iterable[Member], inside: bool) -> dict[Way, list[Party]]:
    """Those who stay together, by direction; everybody else alone."""
    together: dict[int, list[Member]] = {}
    alone: list[list[Member]] = []
    for member in members:
        if task.pools[member.cohort.pool].inside != inside:
            continue
        if member.cohort.bundle >= 0:
            together.setdefault(member.cohort.bundle, []).append(member)
        else:
            alone.append([member])
    found: dict[Way, list[Party]] = {}
    for group in (*alone, *together.values()):
        if len(group) > 1:
            group.sort(key=lambda one: (-one.cohort.medical, -one.cohort.months, one.handle))
        first = group[0].cohort
        pool = task.pools[first.pool]
        rank = (-first.medical, -first.months, pool.site, group[0].handle)
        handles = tuple(one.handle for one in group)
        party = Party(handles, pool.category, rank)
        found.setdefault((pool.holder, pool.claimant), []).append(party)
    return {way: sorted(parties, key=attrgetter("rank")) for way, parties in found.items()}


def _stage_rows(
    task: Task,
    stage: int,
    placed: Iterable[tuple[int, Party]],
    people: Mapping[str, Member],
    resources: Resources,
) -> list[PlanRow]:
    """Rows of one stage: places within a step, and the vehicle each party rides in."""
    queues: dict[str, list[tuple[int, Party]]] = {}
    for number, party in placed:
        pool = task.pools[people[party.handles[0]].cohort.pool]
        queues.setdefault(pool.holder, []).append((number, party))
    rows: list[PlanRow] = []
    for side, queue in sorted(queues.items()):
        queue.sort(key=lambda one: one[0])
        pools = {
            handle: task.pools[people[handle].cohort.pool]
            for _, party in queue
            for handle in party.handles
        }
        trips = Trips(resources, stage, side, [(p.site, p.seats) for p in pools.values()])
        places: dict[int, int] = {}
        for number, party in queue:
            shared: dict[str, int] = {}
            for handle in party.handles:
                pool = pools[handle]
                mates = party.handles if len(party.handles) > 1 else ()
                seats = sum(pools[one].seats for one in mates if pools[one].site == pool.site)
                trip = trips.ride(
                    pool.site, pool.seats, seats or pool.seats, shared.get(pool.site, 0)
                )
                shared[pool.site] = trip
                places[number] = places.get(number, 0) + 1
                ends = (handle, pool.holder, pool.claimant, stage, number)
                kind = (pool.category, pool.state, pool.group, pool.site)
                rows.append(PlanRow(*ends, trip, places[number], *kind))
    return rows
