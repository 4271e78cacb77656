"""From classes to persons: who of the identical ones goes, in which step, trip and place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter, itemgetter

from homeward.plan.resources import Resources
from homeward.plan.rounds import by_turns, move
from homeward.plan.rows import PlanRow
from homeward.plan.steps import Party, Way, steps_of
from homeward.plan.task import Cohort, Flow, Task
from homeward.plan.trips import Trips

#: Rows are in this order.
_KEY = attrgetter("stage", "step", "sender", "order", "handle")


@dataclass(frozen=True, slots=True)
class Going:
    """Persons of a class who go in the same stage."""

    cohort: Cohort
    stage: int  # index
    handles: tuple[str, ...]


def name_persons(task: Task, flow: Flow) -> list[Going]:
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
    found: list[Going] = []
    queues: dict[int, list[str]] = {}
    for key, heads in sorted(flow.items()):
        number, stage = key
        cohort = task.cohorts[number]
        if number not in queues:
            queues[number] = [handle for handle in cohort.handles if handle not in taken]
        more = heads - len(kept[key])
        chosen = (*kept[key], *queues[number][:more])
        del queues[number][:more]
        found.append(Going(cohort, stage, chosen))
    return found


def make_rows(
    task: Task,
    goings: Iterable[Going],
    resources: Resources,
    *,
    step: int | None,
    order: Sequence[str],
    first_step: int,
) -> tuple[PlanRow, ...]:
    """Rows with one step number through all stages; raises NoSteps (see steps)."""
    by_stage: dict[int, list[Going]] = {}
    for going in goings:
        by_stage.setdefault(going.stage, []).append(going)
    rows: list[PlanRow] = []
    number = first_step
    ahead = ahead_before(task)
    divide = by_turns if len(_sides(task)) > 2 else steps_of
    for stage, there in sorted(by_stage.items()):
        beside, inside = _parties(task, there)
        placed: list[tuple[int, Party]] = [
            (0, party)
            for parties in beside.values()
            for party in sorted(parties, key=attrgetter("rank"))
        ]
        for taken in divide(inside, step, order, ahead):
            placed += [(number, party) for parties in taken.values() for party in parties]
            number += 1
            if ahead is not None:
                move(ahead, taken)
        rows += sorted(_stage_rows(task.stages[stage], placed, resources), key=_KEY)
    return tuple(rows)


def ahead_before(task: Task) -> dict[str, int] | None:
    """Heads by which each side is ahead before the plan, where n for n may be uneven in a stage.

    Of three or more sides, those that give as many as they receive over the whole exchange.
    """
    carried = [balance for balance in task.balances if balance.slack]
    if not carried or any(abs(weight) != 1 for one in carried for _, weight in one.weights):
        return None
    ahead = {str(dict(one.clause.values)["who"]): one.start for one in carried}
    sides = _sides(task)
    if len(sides) == 2:
        (side, start), *_ = ahead.items()
        return {one: start if one == side else -start for one in sides}
    return ahead


def _sides(task: Task) -> set[str]:
    """Who gives or receives anybody inside the balance."""
    return {side for pool in task.pools if pool.inside for side in (pool.holder, pool.claimant)}


def _parties(
    task: Task, goings: Iterable[Going]
) -> tuple[dict[Way, list[Party]], dict[Way, list[Party]]]:
    """Those who stay together, and everybody else alone, by direction: beside, and inside."""
    found: tuple[dict[Way, list[Party]], dict[Way, list[Party]]] = ({}, {})
    together: dict[tuple[int, bool], list[Going]] = {}
    for going in goings:
        cohort = going.cohort
        pool = task.pools[cohort.pool]
        if cohort.bundle >= 0:
            together.setdefault((cohort.bundle, pool.inside), []).append(going)
            continue
        first = (-cohort.medical, -cohort.months, pool.site)
        found[pool.inside].setdefault((pool.holder, pool.claimant), []).extend(
            [Party((one,), pool.category, (*first, one), (pool,)) for one in going.handles]
        )
    for group in together.values():
        members = sorted(
            (-going.cohort.medical, -going.cohort.months, handle, going.cohort.pool)
            for going in group
            for handle in going.handles
        )
        pools = tuple(task.pools[number] for *_, number in members)
        handles = tuple(handle for _, _, handle, _ in members)
        rank = (*members[0][:2], pools[0].site, handles[0])
        party = Party(handles, pools[0].category, rank, pools)
        way = (pools[0].holder, pools[0].claimant)
        found[pools[0].inside].setdefault(way, []).append(party)
    return found


def _stage_rows(
    stage: int, placed: Iterable[tuple[int, Party]], resources: Resources
) -> Iterable[PlanRow]:
    """Rows of one stage: places within a step, and the vehicle each party rides in."""
    queues: dict[str, list[tuple[int, Party]]] = {}
    for number, party in placed:
        queues.setdefault(party.pools[0].holder, []).append((number, party))
    for side, queue in sorted(queues.items()):
        queue.sort(key=itemgetter(0))
        trips = Trips(resources, stage, side, (pool for _, party in queue for pool in party.pools))
        places: dict[int, int] = {}
        for number, party in queue:
            place = places.get(number, 0)
            ridden = trips.ride(party.pools)
            for handle, pool, trip in zip(party.handles, party.pools, ridden, strict=True):
                place += 1
                yield PlanRow(
                    handle,
                    pool.holder,
                    pool.claimant,
                    stage,
                    number,
                    trip,
                    place,
                    pool.category,
                    pool.state,
                    pool.group,
                    pool.site,
                )
            places[number] = place
