"""From the persons of a stage to its steps: equal shares of every direction, one category each.

A step is a set of persons on every side that go while the step is open. Each side has at most the
agreed number of heads in it; the directions of a stage move in the same proportion in every step,
so that they finish together; categories come in the terms' order, and only what is left over when
the sides' categories do not match is mixed, at the end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import islice
from math import gcd
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from homeward.plan.task import Pool

Way = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Party:
    """Persons who stay together (mostly one), with their category and place in the queue."""

    handles: tuple[str, ...]
    category: str
    rank: tuple[object, ...]
    pools: tuple[Pool, ...] = ()  # of each of them

    @property
    def heads(self) -> int:
        return len(self.handles)


#: One step: who goes in each direction, in order.
StepSet = dict[Way, tuple[Party, ...]]


class NoSteps(Exception):  # noqa: N818 - an answer that becomes a conflict
    """The persons of a stage cannot be divided into steps; ``heads`` of the party in the way."""

    def __init__(self, way: Way, heads: int, handles: tuple[str, ...]) -> None:
        self.way = way
        self.heads = heads
        self.handles = handles
        super().__init__(f"{heads} persons from {way[0]} to {way[1]}")


def steps_of(
    waiting: Mapping[Way, Sequence[Party]],
    step: int | None,
    order: Sequence[str],
    ahead: Mapping[str, int] | None = None,
) -> list[StepSet]:
    """The steps of one stage; raises NoSteps where groups stand in the way.

    ``step`` is the most heads of one side in a step (None: the whole stage is one step).
    ``ahead`` is given where two sides exchange n for n and a stage need not come out even: heads
    by which each side was ahead before it. Who is behind then begins alone, and who gets ahead
    ends alone, so that no side is ever ahead by more than a step.
    """
    stop: NoSteps | None = None
    # Groups first leaves single persons to fill up the last steps: tried where the queue fails.
    for large_first in (False, True):
        queues = {
            way: _queue(parties, order, large_first)
            for way, parties in sorted(waiting.items())
            if parties
        }
        try:
            return _divide(queues, step, order, ahead)
        except NoSteps as found:
            stop = stop or found
    assert stop is not None
    raise stop


def _divide(
    queues: dict[Way, list[Party]],
    step: int | None,
    order: Sequence[str],
    ahead: Mapping[str, int] | None,
) -> list[StepSet]:
    for way, queue in queues.items():
        for party in queue:
            if step is not None and party.heads > step:
                raise NoSteps(way, party.heads, party.handles)
    first, last = _alone(queues, ahead) if ahead is not None else ({}, {})
    found = [_part(queues, first)] if first else []
    totals = {
        way: sum(party.heads for party in queue) - last.get(way, 0) for way, queue in queues.items()
    }
    totals = {way: heads for way, heads in totals.items() if heads}
    if totals:
        shares = Shares(totals, step)
        if shares.whole:
            there = {way: _by_category(queue) for way, queue in queues.items()}
            for category in order:
                found += _chunks(queues, shares, shares.units_in(there, category), category)
        found += _rest(queues, shares, last)
    return [*found, _part(queues, last)] if last else found


def _alone(
    queues: Mapping[Way, Sequence[Party]], ahead: Mapping[str, int]
) -> tuple[dict[Way, int], dict[Way, int]]:
    """Heads who go alone at the beginning, to catch up, and at the end, to get ahead."""
    heads = {way: sum(party.heads for party in queue) for way, queue in queues.items()}
    first: dict[Way, int] = {}
    for way, count in sorted(heads.items()):
        behind = -ahead.get(way[0], 0)
        if behind > 0:
            first[way] = min(behind, count)
            heads[way] = count - first[way]
    last = {
        way: count - heads.get(way[::-1], 0)
        for way, count in heads.items()
        if count > heads.get(way[::-1], 0)
    }
    return {way: count for way, count in first.items() if count}, last


def _part(queues: dict[Way, list[Party]], quota: Mapping[Way, int]) -> StepSet:
    """A step of one side alone."""
    taken = _take(queues, quota, None)
    if taken is None:
        raise _blocked(queues)
    return taken


def _blocked(queues: Mapping[Way, Sequence[Party]]) -> NoSteps:
    """The largest party that is left stands in the way."""
    left = [(way, party) for way, queue in queues.items() for party in queue]
    way, party = max(left, key=lambda one: (one[1].heads, one[0], one[1].handles))
    return NoSteps(way, party.heads, party.handles)


def _queue(parties: Sequence[Party], order: Sequence[str], large_first: bool) -> list[Party]:
    place = {category: number for number, category in enumerate(order)}

    def key(party: Party) -> tuple[object, ...]:
        size = -party.heads if large_first else 0
        return (place.get(party.category, len(order)), size, party.rank)

    return sorted(parties, key=key)


def _by_category(queue: Iterable[Party]) -> Mapping[str, int]:
    """Heads of each category."""
    found: Counter[str] = Counter()
    for party in queue:
        found[party.category] += party.heads
    return found


class Shares:
    """How many heads of each direction belong together in a step."""

    def __init__(self, totals: Mapping[Way, int], step: int | None) -> None:
        self.totals = dict(totals)
        self.parts = reduce(gcd, totals.values())
        self.unit = {way: heads // self.parts for way, heads in totals.items()}
        self.step = step if step is not None else max(self.out(self.totals).values())
        self.per_step = self.step // max(self.out(self.unit).values())

    @property
    def whole(self) -> bool:
        """Whether a step can hold whole units of the agreed proportion."""
        return self.per_step > 0

    @staticmethod
    def out(heads: Mapping[Way, int]) -> dict[str, int]:
        """Heads that leave each side."""
        found: dict[str, int] = {}
        for (sender, _), count in heads.items():
            found[sender] = found.get(sender, 0) + count
        return found

    def units_in(self, there: Mapping[Way, Mapping[str, int]], category: str) -> int:
        """Whole units that every direction can fill from one category."""
        return min(there[way].get(category, 0) // self.unit[way] for way in self.unit)

    def uneven(self, left: Mapping[Way, int]) -> list[dict[Way, int]]:
        """Steps in proportion as near as heads allow, where no whole unit fits into a step.

        Each side's heads stand in a line, its directions evenly mixed; every step takes the same
        share of every line, so that all lines end with the last step.
        """
        out = self.out(left)
        number = -(-max(out.values()) // self.step)
        found: list[dict[Way, int]] = [dict.fromkeys(left, 0) for _ in range(number)]
        for side, heads in out.items():
            line = sorted(
                (Fraction(2 * place + 1, 2 * count), way)
                for way, count in left.items()
                if way[0] == side
                for place in range(count)
            )
            for rank, (_, way) in enumerate(line):
                found[rank * number // heads][way] += 1
        return found


def _chunks(
    queues: dict[Way, list[Party]], shares: Shares, units: int, category: str | None
) -> list[StepSet]:
    """Steps of whole units, from one category or from everybody who is left."""
    found: list[StepSet] = []
    while units:
        for wanted in range(min(units, shares.per_step), 0, -1):
            quota = {way: wanted * unit for way, unit in shares.unit.items()}
            taken = _take(queues, quota, category)
            if taken is not None:
                found.append(taken)
                units -= wanted
                break
        else:
            return found
    return found


def _rest(queues: dict[Way, list[Party]], shares: Shares, last: Mapping[Way, int]) -> list[StepSet]:
    """Steps of whoever is left, except those who end the stage alone."""
    left = {
        way: sum(party.heads for party in queue) - last.get(way, 0) for way, queue in queues.items()
    }
    if not any(left.values()):
        return []
    if shares.whole:
        units = min(left[way] // unit for way, unit in shares.unit.items())
        found = _chunks(queues, shares, units, None)
        if sum(heads for one in found for heads in _heads(one).values()) < sum(left.values()):
            raise _blocked(queues)
        return found
    found = []
    for quota in shares.uneven(left):
        taken = _take(queues, quota, None)
        if taken is None:
            raise _blocked(queues)
        found.append(taken)
    return found


def _heads(taken: StepSet) -> dict[Way, int]:
    return {way: sum(party.heads for party in parties) for way, parties in taken.items()}


def _take(
    queues: dict[Way, list[Party]], quota: Mapping[Way, int], category: str | None
) -> StepSet | None:
    """Exactly ``quota`` heads, the front of each queue first; None, with nothing taken, else."""
    chosen: dict[Way, list[int]] = {}
    for way, heads in quota.items():
        picked = _front(queues[way], heads, category)
        if picked is None:
            return None
        chosen[way] = picked
    taken: StepSet = {}
    for way, numbers in chosen.items():
        if numbers:
            queue = queues[way]
            taken[way] = tuple(queue[number] for number in numbers)
            first, end = numbers[0], numbers[-1] + 1
            kept = set(numbers)
            between = [queue[number] for number in range(first, end) if number not in kept]
            queues[way] = [*queue[:first], *between, *queue[end:]]
    return taken


def _front(queue: Sequence[Party], heads: int, category: str | None) -> list[int] | None:
    """Places in a queue that make exactly so many heads, the front of it first; None if none do."""
    there = (n for n, one in enumerate(queue) if category is None or one.category == category)
    first = list(islice(there, heads))
    if len(first) == heads and all(len(queue[number].handles) == 1 for number in first):
        return first
    first += there
    picked = _fill([queue[number].heads for number in first], heads)
    return None if picked is None else [first[number] for number in picked]


def _fill(sizes: Sequence[int], wanted: int) -> list[int] | None:
    """Places that add up to ``wanted``, the front of the queue first; None where none do.

    ``after[n]`` has bit k set where the sizes from n on can add up to k.
    """
    mask = (1 << (wanted + 1)) - 1
    after = [1] * (len(sizes) + 1)
    for number in range(len(sizes) - 1, -1, -1):
        after[number] = after[number + 1] | (after[number + 1] << sizes[number] & mask)
    if not after[0] >> wanted & 1:
        return None
    picked = []
    for number, size in enumerate(sizes):
        if size <= wanted and after[number + 1] >> (wanted - size) & 1:
            picked.append(number)
            wanted -= size
    return picked
