"""Breaches inside a stage: steps too large, uneven, out of order; vehicles too full."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from homeward.plan.lines import PlanLine
from homeward.plan.resources import Resources, Vehicle
from homeward.plan.rows import PlanRow
from homeward.problem import Problem

if TYPE_CHECKING:
    from homeward.terms import Terms

Way = tuple[str, str]


def step_problems(
    rows: Sequence[PlanRow],
    terms: Terms,
    first_step: int | None,
    ahead: Mapping[str, int] | None,
    mixed: Collection[str] = (),
) -> Iterable[Problem]:
    """Breaches of the rules of steps.

    ``ahead`` is given where stages need not come out even by themselves: heads by which each side
    that has a bound is ahead before the first step. ``mixed`` are handles of groups of several
    categories.
    """
    by_step: dict[int, list[PlanRow]] = {}
    by_stage: dict[int, list[PlanRow]] = {}
    for row in rows:
        inside = row.group == "inside"
        if inside != (row.step > 0):
            expected = "a step of 1 or more" if inside else "step 0, beside every step"
            yield Problem("plan.step-group", f"row {row.handle}:step", str(row.step), expected)
        if row.step:
            by_step.setdefault(row.step, []).append(row)
            by_stage.setdefault(row.stage, []).append(row)
    yield from _numbering(by_step, first_step)
    for step, there in sorted(by_step.items()):
        out = Counter(row.sender for row in there)
        for side, heads in sorted(out.items()):
            if terms.step is not None and heads > terms.step:
                expected = f"at most {terms.step} heads of a side"
                yield Problem("plan.step-too-large", f"step {step} {side}", str(heads), expected)
        for side in sorted(out):
            places = sorted(row.order for row in there if row.sender == side)
            if places != list(range(1, len(places) + 1)):
                expected = f"1 to {len(places)}, each once"
                yield Problem("plan.order-places", f"step {step} {side}", expected=expected)
    for stage, there in sorted(by_stage.items()):
        if ahead is None:
            yield from _uneven(stage, there)
        if ahead is None and not any(row.handle in mixed for row in there):
            yield from _order(stage, there, terms.order)
    if ahead is not None and terms.step is not None:
        yield from _leads(by_step, ahead, terms.step)


def _numbering(by_step: Mapping[int, Sequence[PlanRow]], first: int | None) -> Iterable[Problem]:
    """One number through all stages, without gaps, later stages later."""
    numbers = sorted(by_step)
    if not numbers:
        return
    first = numbers[0] if first is None else first
    if numbers != list(range(first, first + len(numbers))):
        expected = f"{first} to {first + len(numbers) - 1}"
        yield Problem("plan.step-numbers", "steps", f"{numbers[0]} to {numbers[-1]}", expected)
    before = 0
    for number in numbers:
        stages = sorted({row.stage for row in by_step[number]})
        if len(stages) > 1 or stages[0] < before:
            shown = ", ".join(map(str, stages))
            yield Problem("plan.step-stage", f"step {number}", shown, "one stage, in order")
        before = stages[-1]


def _uneven(stage: int, rows: Sequence[PlanRow]) -> Iterable[Problem]:
    """Directions of a stage that do not advance in proportion: nobody may be a step behind.

    Whole heads allow a difference of less than one head; a side that releases to several others
    divides its line between them, which may cost each of these directions one head more.
    """
    totals = Counter((row.sender, row.to) for row in rows)
    ways = Counter(sender for sender, _ in totals)
    done: Counter[Way] = Counter()
    for step in sorted({row.step for row in rows}):
        done.update((row.sender, row.to) for row in rows if row.step == step)
        for one in sorted(totals):
            for other in sorted(totals):
                gap = done[one] * totals[other] - done[other] * totals[one]
                slack = (totals[other] * ways[one[0]], totals[one] * ways[other[0]])
                alone = ways[one[0]] == ways[other[0]] == 1
                if one < other and abs(gap) >= (max(slack) if alone else sum(slack)):
                    shown = f"{done[one]} of {totals[one]}, {done[other]} of {totals[other]}"
                    place = f"stage {stage} step {step} {'-'.join(one)} {'-'.join(other)}"
                    yield Problem("plan.step-uneven", place, shown, "the same share of both")


def _leads(
    by_step: Mapping[int, Sequence[PlanRow]], ahead: Mapping[str, int], step: int
) -> Iterable[Problem]:
    """Sides with more than a step out unanswered while a step is open."""
    lead = Counter(ahead)
    for number, there in sorted(by_step.items()):
        out = Counter(row.sender for row in there)
        for side in sorted(set(out) & set(ahead)):
            if max(lead[side], 0) + out[side] > step:
                shown = str(max(lead[side], 0) + out[side])
                expected = f"at most {step} unanswered"
                yield Problem("plan.lead-exceeded", f"step {number} {side}", shown, expected)
        for row in there:
            lead[row.sender] += 1
            lead[row.to] -= 1


def _order(stage: int, rows: Sequence[PlanRow], order: Sequence[str]) -> Iterable[Problem]:
    """Steps of one category in the terms' order; mixed steps only where sides do not match."""
    place = {category: number for number, category in enumerate(order)}
    kinds: dict[int, set[str]] = {}
    for row in rows:
        kinds.setdefault(row.step, set()).add(row.category)
    counts = Counter((row.sender, row.to, row.category) for row in rows)
    ways = sorted({(row.sender, row.to) for row in rows})
    totals = Counter((row.sender, row.to) for row in rows)
    matching = all(
        counts[*one, category] * totals[other] == counts[*other, category] * totals[one]
        for category in {row.category for row in rows}
        for one in ways
        for other in ways
    )
    latest = -1
    for step in sorted(kinds):
        if len(kinds[step]) > 1:
            if matching and len(ways) > 1:
                shown = ", ".join(sorted(kinds[step]))
                where = f"stage {stage} step {step}"
                yield Problem("plan.step-mixed", where, shown, "one category", level="warning")
            return
        (category,) = kinds[step]
        number = place.get(category, len(order))
        if number < latest:
            expected = ", ".join(order)
            yield Problem("plan.step-order", f"stage {stage} step {step}", category, expected)
        latest = max(latest, number)


def trip_problems(
    rows: Iterable[PlanRow], known: Mapping[str, PlanLine], resources: Resources
) -> Iterable[Problem]:
    """Trips that carry more than a vehicle holds, or more trips than vehicles."""
    if not resources.vehicles:
        return
    loads: dict[tuple[int, str, str], Counter[int]] = {}
    sites: dict[tuple[int, str, int], set[str]] = {}
    for row in rows:
        line = known.get(row.handle)
        if line is None:
            continue
        own = resources.vehicles_at(line.site)
        fleet = own or resources.fleet_of(line.holder)
        if not fleet:
            continue
        where = line.site if own else ""
        if row.trip:
            sites.setdefault((row.stage, line.holder, row.trip), set()).add(line.site)
        loads.setdefault((row.stage, line.holder, where), Counter())[row.trip] += line.seats
    for (stage, holder, site), trips in sorted(loads.items()):
        fleet = resources.vehicles_at(site) if site else resources.fleet_of(holder)
        yield from _loads(f"stage {stage} {site or holder}", trips, fleet, stage)

    for (stage, holder, trip), there in sorted(sites.items()):
        if len(there) > 1:
            place = f"stage {stage} {holder} trip {trip}"
            yield Problem("plan.trip-sites", place, ", ".join(sorted(there)), "one site")


def _loads(
    place: str, trips: Mapping[int, int], fleet: Sequence[Vehicle], stage: int
) -> Iterable[Problem]:
    if trips.get(0):
        yield Problem("plan.no-vehicle", place, f"{trips[0]} seats", "a trip for everybody")
    seats = sorted((v.seats for v in fleet for _ in range(v.in_stage(stage))), reverse=True)
    ridden = sorted((load for trip, load in trips.items() if trip), reverse=True)
    if len(ridden) > len(seats):
        yield Problem("plan.too-many-trips", place, str(len(ridden)), f"at most {len(seats)} trips")
    for load, there in zip(ridden, seats, strict=False):
        if load > there:
            yield Problem("plan.trip-full", place, str(load), f"at most {there} seats")
