"""The task as one circulation, where that is possible: nodes, arcs, bounds and costs.

A person's way: hub, counts over the whole plan (nested), class, then in one stage the nested
limits (site, category, crossing), the balance of the stage, and mirrored on the other side back
to the hub. Balances of neighbouring stages are joined by arcs that carry how far a side is ahead.
Every row is a node or an arc bound, so integer data have integer optima and no branching is
needed (the matrix of a directed graph is totally unimodular).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from homeward.plan.aims import UNITS
from homeward.plan.task import Clause, Cohort, Flow, Limit, Task

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
HUB = 0
ALL = slice(None)


@dataclass(frozen=True)
class Bound:
    """An arc that is no person's: its clause (None for the machinery) and what flows over it."""

    clause: Clause | None
    pools: frozenset[int] = frozenset()
    stage: int = -1
    balance: int = -1
    cohort: int = -1
    duty: int = -1
    under: tuple[int, ...] = ()  # a share of a duty: the pools under exactly these duties


@dataclass(frozen=True)
class Network:
    """Arcs in a fixed order: first ``bounds``, then one or two for each class and open stage."""

    task: Task
    nodes: int
    tail: Ints
    head: Ints
    low: Ints
    high: Ints
    told: Ints  # of each person arc: what one head saves who keeps a stage
    bounds: tuple[Bound, ...]
    cohort: Ints  # of each person arc
    stage: Ints  # of each person arc
    leaves: int  # the first class's node

    @property
    def arcs(self) -> int:
        return len(self.tail)

    @property
    def supply_arcs(self) -> slice:
        """The arcs into the classes, in their order."""
        return slice(len(self.bounds) - len(self.task.cohorts), len(self.bounds))

    @cached_property
    def names(self) -> tuple[tuple[str, str], ...]:
        """The levels in order of precedence, with their units."""
        return level_names(self.task)

    @cached_property
    def worths(self) -> tuple[Ints, ...]:
        """What one head of each class is worth on each level, for each stage earlier."""
        return tuple(
            np.array([worth_of(self.task, name, one) for one in self.task.cohorts], np.int64)
            for name, _ in self.names
        )

    def cost(self, level: int, arcs: Ints | slice = ALL) -> Ints:
        """Cost of a head on each arc; less is better, and zero where nobody decides.

        ``arcs`` are some of the arcs in their order.
        """
        ahead, mine = self.persons(arcs)
        name = self.names[level][0]
        if name == "told":
            cost = -self.told[mine]
        elif name == "released":
            cost = np.full(len(self.cohort[mine]), -1, np.int64)
        else:
            cost = self.worths[level].take(self.cohort[mine])
            cost *= self.later[mine]
        return np.concatenate([np.zeros(ahead, np.int64), cost]) if ahead else cost

    @cached_property
    def later(self) -> Ints:
        """Of each person arc: its stage, counted back from the end."""
        return self.stage - len(self.task.stages)

    def persons(self, arcs: Ints | slice) -> tuple[int, Ints | slice]:
        """How many of these arcs are nobody's, and which person arcs the others are."""
        first = len(self.bounds)
        if isinstance(arcs, slice):
            start, stop, _ = arcs.indices(self.arcs)
            ahead = max(0, min(stop, first) - start)
            return ahead, slice(max(0, start + ahead - first), max(0, stop - first))
        ahead = int(np.searchsorted(arcs, first))
        return ahead, arcs[ahead:] - first

    def arcs_of(self, keys: Sequence[tuple[int, int]]) -> list[list[int]]:
        """For each class and stage its arcs: of those told that stage, then of everybody."""
        stages = len(self.task.stages)
        there = self.cohort * stages + self.stage
        plain = len(there) - int(np.count_nonzero(self.told))
        told = {key: plain + n for n, key in enumerate(there[plain:].tolist())}
        wanted = np.array([cohort * stages + stage for cohort, stage in keys], np.int64)
        first = np.searchsorted(there[:plain], wanted).tolist()
        found = []
        for key, place in zip(wanted.tolist(), first, strict=True):
            arcs = [told[key]] if key in told else []
            if place < plain and there[place] == key:
                arcs.append(place)
            found.append([len(self.bounds) + arc for arc in arcs])
        return found

    def person_flow(self, flow: Ints) -> Flow:
        """Heads by class and stage of a flow over all arcs."""
        found: Flow = {}
        ahead = len(self.bounds)
        (used,) = np.nonzero(flow[ahead:])
        for arc in used.tolist():
            key = (int(self.cohort[arc]), int(self.stage[arc]))
            found[key] = found.get(key, 0) + int(flow[ahead + arc])
        return found


@dataclass(frozen=True)
class _Set:
    """A limit in heads over pools of one orientation."""

    clause: Clause
    pools: frozenset[int]
    low: int
    high: int


def network(task: Task, *, closed: bool = False) -> Network | None:
    """The task as a circulation; None where groups, keys, points or crossing limits forbid it.

    ``closed`` also lays arcs through closed sites, so that a cut can name them.
    """
    if task.bundles or task.ties or task.fleets or task.links or not task.aims.added:
        return None
    tops = _tops(task)
    if tops is None:
        return None
    if any(len({tops[pool][1] for pool in pools}) > 1 for pools in task.under):
        return None
    stages = [_nested(task, stage, tops) for stage in range(len(task.stages))]
    if any(sets is None for sets in stages) or not _idle_sums(task):
        return None
    builder = _Builder(task, tops)
    builder.balances()
    for stage, sets in enumerate(stages):
        builder.stage(stage, sets or [])
    builder.duties()
    if closed:
        builder.open[:] = True
    return builder.finish()


def _tops(task: Task) -> list[tuple[int, int]] | None:
    """(balance, sign) of each pool, (-1, 1) for none; None where one pool is in two balances."""
    tops = [(-1, 1)] * len(task.pools)
    for number, balance in enumerate(task.balances):
        if {abs(weight) for _, weight in balance.weights} - {1}:
            return None
        for pool, weight in balance.weights:
            if tops[pool][0] >= 0:
                return None
            tops[pool] = (number, weight)
    return tops


def _idle_sums(task: Task) -> bool:
    """Whether limits over all stages (sums of several obligations) can be left out."""
    given = [limit for limit in task.limits if limit.stage is None]
    return all(_idle(task, limit, given) for limit in given)


def _nested(task: Task, stage: int, tops: Sequence[tuple[int, int]]) -> list[_Set] | None:
    """The limits that can bind, smallest first; None where they are not nested."""
    given = [limit for limit in task.limits if limit.stage == stage]
    kept: list[_Set] = []
    for limit in given:
        if _idle(task, limit, given):
            continue
        one = _in_heads(task, limit)
        if one is None or len({tops[pool] for pool in one.pools}) > 1:
            return None
        kept.append(one)
    kept.sort(key=lambda one: (len(one.pools), sorted(one.pools), one.clause))
    for index, one in enumerate(kept):
        for other in kept[index + 1 :]:
            if one.pools & other.pools and not one.pools <= other.pools:
                return None
    return kept


def _in_heads(task: Task, limit: Limit) -> _Set | None:
    """The limit in heads; None where its persons take different numbers of seats."""
    pools = frozenset(p for p in limit.pools if task.weight(p, limit.measure))
    weights = {task.weight(pool, limit.measure) for pool in pools} or {1}
    if len(weights) > 1:
        return None
    (weight,) = weights
    return _Set(limit.clause, pools, -(-limit.low // weight), limit.high // weight)


def _idle(task: Task, limit: Limit, given: Iterable[Limit]) -> bool:
    """Whether a limit can never bind, whatever the plan."""
    if limit.low > 0:
        return False
    left = set(limit.pools)
    most = 0
    heads = [other for other in given if other is not limit and other.measure == "heads"]
    for other in sorted(heads, key=lambda one: (one.high, one.clause)):
        shared = left & other.pools
        if not other.pools or not shared:
            continue
        heaviest = max(task.weight(pool, limit.measure) for pool in shared)
        if other.high * heaviest < task.most(shared, limit.measure):
            most += other.high * heaviest
            left -= shared
    return most + task.most(left, limit.measure) <= limit.high


class _Builder:
    """Numbers nodes and arcs in a fixed order."""

    def __init__(self, task: Task, tops: Sequence[tuple[int, int]]) -> None:
        self.task = task
        self.tops = tops
        self.nodes = 1
        self.ends: list[tuple[int, int, int, int]] = []
        self.bounds: list[Bound] = []
        self.at: dict[tuple[int, int], int] = {}  # balance, stage -> node
        shape = (len(task.pools), len(task.stages))
        self.leaf = np.zeros(shape, np.int64)
        self.open = np.ones(shape, np.bool_)
        self.root = np.zeros(len(task.pools), np.int64)

    def node(self) -> int:
        self.nodes += 1
        return self.nodes - 1

    def arc(self, ends: tuple[int, int], low: int, high: int, bound: Bound, sign: int = 1) -> None:
        tail, head = ends[::sign]
        self.ends.append((tail, head, low, high))
        self.bounds.append(bound)

    def balances(self) -> None:
        last = len(self.task.stages) - 1
        for number, balance in enumerate(self.task.balances):
            for stage in range(last + 1):
                self.at[number, stage] = self.node()
            start = (HUB, self.at[number, 0])
            bound = Bound(balance.clause, balance=number)
            self.arc(start, balance.start, balance.start, bound)
            for stage in range(last + 1):
                ends = (self.at[number, stage], self.at.get((number, stage + 1), HUB))
                bound = Bound(balance.clause, stage=stage, balance=number)
                self.arc(ends, -balance.slack, balance.slack, bound)

    def stage(self, stage: int, sets: Sequence[_Set]) -> None:
        """Nodes of the nested limits of one stage; ``leaf`` is where each pool enters."""
        for pool, (balance, _) in enumerate(self.tops):
            self.leaf[pool, stage] = self.at.get((balance, stage), HUB)
        for one in reversed(sets):  # the largest first: what holds a pool last is the smallest
            # Where a size names persons of whom there are none, nothing can flow: no plan.
            first = min(one.pools, default=None)
            above, sign = (
                (HUB, 1) if first is None else (self.leaf[first, stage], self.tops[first][1])
            )
            node = self.node()
            bound = Bound(one.clause, one.pools, stage)
            self.arc((node, int(above)), one.low, one.high, bound, sign)
            for pool in one.pools:
                self.leaf[pool, stage] = node
                self.open[pool, stage] &= one.high > 0

    def duties(self) -> None:
        """Hub to duties to classes; pools under several duties have a node between."""
        first = self.nodes
        for number, duty in enumerate(self.task.duties):
            pools = self.task.under[number]
            sign = self.tops[min(pools)][1] if pools else 1
            node = self.node()
            self.arc((HUB, node), duty.low, duty.high, Bound(duty.clause, duty=number), sign)
        place = {duty.id: number for number, duty in enumerate(self.task.duties)}
        between: dict[tuple[int, ...], int] = {}
        for n, pool in enumerate(self.task.pools):
            under = tuple(place[one] for one in pool.under)
            if len(under) > 1 and under not in between:
                between[under] = self.node()
                for number in under:
                    most = self.task.most(self.task.under[number])
                    bound = Bound(None, duty=number, under=under)
                    self.arc((first + number, between[under]), 0, most, bound, self.tops[n][1])
            self.root[n] = between[under] if len(under) > 1 else first + under[0]

    def finish(self) -> Network:
        task = self.task
        pool = np.array([one.pool for one in task.cohorts], np.int64)
        heads = np.array([one.heads for one in task.cohorts], np.int64)
        signs = np.array([sign for _, sign in self.tops], np.int64)
        first = self.nodes
        for number, one in enumerate(task.cohorts):
            ends = (int(self.root[one.pool]), self.node())
            self.arc(ends, 0, one.heads, Bound(None, cohort=number), self.tops[one.pool][1])
        fixed = np.array(self.ends, np.int64).reshape(-1, 4)
        cohort, stage = np.nonzero(self.open[pool])
        high, told, cohort, stage = _split_told(task, heads, cohort, stage)
        here, there = first + cohort, self.leaf[pool[cohort], stage]
        forward = signs[pool[cohort]] > 0
        zeros = np.zeros(len(here), np.int64)
        return Network(
            task,
            self.nodes,
            np.concatenate([fixed[:, 0], np.where(forward, here, there)]),
            np.concatenate([fixed[:, 1], np.where(forward, there, here)]),
            np.concatenate([fixed[:, 2], zeros]),
            np.concatenate([fixed[:, 3], high]),
            told,
            tuple(self.bounds),
            cohort,
            stage,
            first,
        )


def _split_told(
    task: Task, heads: Ints, cohort: Ints, stage: Ints
) -> tuple[Ints, Ints, Ints, Ints]:
    """Bounds and rewards of person arcs: those who were told a stage get an arc of their own."""
    high, reward = heads[cohort], np.zeros(len(cohort), np.int64)
    if not task.told or not len(cohort):  # nobody may go any more, whatever was told
        return high, reward, cohort, stage
    stages = len(task.stages)
    keys = cohort * stages + stage
    wanted = np.array([one.cohort * stages + one.stage for one in task.told], np.int64)
    places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    there = [
        (arc, one)
        for arc, one, open_ in zip(places.tolist(), task.told, keys[places] == wanted, strict=True)
        if open_
    ]
    for arc, one in there:
        high[arc] -= one.heads
    return (
        np.concatenate([high, [one.heads for _, one in there]]).astype(np.int64),
        np.concatenate([reward, np.ones(len(there))]).astype(np.int64),
        np.concatenate([cohort, [one.cohort for _, one in there]]).astype(np.int64),
        np.concatenate([stage, [one.stage for _, one in there]]).astype(np.int64),
    )


def level_names(task: Task) -> tuple[tuple[str, str], ...]:
    """The levels of a task in order of precedence, with their units; more is better."""
    names = [("released", "persons")] if task.scarce else []
    if task.told:
        names.append(("told", "persons kept in their stage"))
    if any(not pool.inside for pool in task.pools):
        names.append(("beside", "persons x stages"))
    return (*names, *((name, UNITS[name]) for name in task.aims.order))


def worth_of(task: Task, level: str, cohort: Cohort) -> int:
    """What one head of a class is worth on a level, for each stage earlier."""
    if level == "beside":
        return int(not task.pools[cohort.pool].inside)
    return cohort.medical if level == "medical" else cohort.months
