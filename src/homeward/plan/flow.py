"""Cheapest circulation, level by level, and the integers that prove it without a solver.

Each level is one call of the flow solver. Node potentials of its optimum prove it, and show which
arcs may still move without making it worse: those whose reduced cost is zero, the face of the
optima. The next level is solved on that face, and a public tie-break last. The tie-break makes the
optimum unique, so that every machine and every version of the solver comes to the same plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from homeward.plan.allotting import allot
from homeward.plan.network import ALL, Ints, Mask, Network
from homeward.plan.task import Flow, Task

_TIE_BITS = 31
_ROUNDS = 100_000
_BLOCK = 2**17  # arcs looked at together: as many as stay close to the processor


@dataclass(frozen=True)
class Solved:
    """A flow over all arcs, and one list of node potentials for each level and the tie-break."""

    flow: Ints
    potentials: tuple[Ints, ...]


def costs(net: Network) -> Iterator[Ints]:
    """The cost of an arc on each level, the tie-break last; both sides compute the same."""
    for level in range(len(net.names) + 1):
        yield cost_of(net, level)


def cost_of(net: Network, level: int, arcs: Ints | slice = ALL) -> Ints:
    """The cost of these arcs on a level, the tie-break last."""
    return net.cost(level, arcs) if level < len(net.names) else tie_cost(net, arcs)


def tie_cost(net: Network, arcs: Ints | slice = ALL) -> Ints:
    """A public pseudo-random cost for each class and stage (SplitMix64 of seed, class, stage)."""
    ahead, mine = net.persons(arcs)
    seed = (net.task.seed * 0x9E3779B97F4A7C15) % 2**64
    with np.errstate(over="ignore"):
        mixed = net.cohort[mine].astype(np.uint64) * np.uint64(0xD1342543DE82EF95)
        mixed += np.uint64(seed)
        mixed += (net.stage[mine].astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            mixed ^= mixed >> np.uint64(shift)
            mixed *= np.uint64(factor)
        mixed ^= mixed >> np.uint64(31)
    cost = (mixed >> np.uint64(64 - _TIE_BITS)).astype(np.int64)
    return np.concatenate([np.zeros(ahead, np.int64), cost])


def solve(net: Network) -> Solved | None:
    """The optimal flow for all levels and the tie-break; None where no plan can hold."""
    free = np.ones(net.arcs, np.bool_)
    flow = net.low.copy()
    potentials: list[Ints] = []
    for number, cost in enumerate(costs(net)):
        merged = _merged(net, number) if number == 0 and not net.task.told else None
        if merged is None:
            found = _cheapest(net, cost, free, flow, net.high)
            if found is None:
                return None
            flow, level = found, potential(net, cost, free, found, net.high)
        else:
            level_or_none = _merged_potential(net, cost, *merged)
            if level_or_none is None:
                return None
            level = level_or_none
        potentials.append(level)
        rest = reduced(net, cost, level)
        flow = np.where(free & (rest < 0), net.high, np.where(free & (rest > 0), net.low, flow))
        free &= rest == 0
    return Solved(flow, tuple(potentials))


def _merged(net: Network, level: int) -> tuple[Ints, Ints] | None:
    """For each class the first that is identical on this level, and heads of all of them there.

    Most classes differ only on later levels, so the first level is a much smaller network.
    """
    task = net.task
    worth = net.worths[level]
    first: dict[tuple[int, int], int] = {}
    same = np.zeros(len(task.cohorts), np.int64)
    heads = np.zeros(len(task.cohorts), np.int64)
    for number, cohort in enumerate(task.cohorts):
        same[number] = first.setdefault((cohort.pool, int(worth[number])), number)
        heads[same[number]] += cohort.heads
    return same, heads


def _merged_potential(net: Network, cost: Ints, same: Ints, heads: Ints) -> Ints | None:
    """Potentials of the network of merged classes, given to every class that was merged."""
    ahead = len(net.bounds)
    supply = net.supply_arcs
    standing = np.concatenate([np.ones(ahead, np.bool_), heads[net.cohort] > 0])
    standing[supply] = heads > 0
    high = net.high.copy()
    high[ahead:] = heads[net.cohort]
    high[supply] = heads
    flow = _cheapest(net, cost, standing, net.low, high)
    if flow is None:
        return None
    level = potential(net, cost, standing, flow, high)
    level[net.leaves :] = level[net.leaves + same]
    return level


def _cheapest(net: Network, cost: Ints, free: Mask, flow: Ints, high: Ints) -> Ints | None:
    """The cheapest flow on the free arcs, with the others kept as they are."""
    from ortools.graph.python import min_cost_flow

    assert int(np.abs(cost).max(initial=0)) * (net.nodes + 1) < 2**63
    base = np.where(free, net.low, flow)
    supply = np.bincount(net.head, base, net.nodes) - np.bincount(net.tail, base, net.nodes)
    (used,) = np.nonzero(free & (high > net.low))
    solver = min_cost_flow.SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        net.tail[used], net.head[used], (high - net.low)[used], cost[used]
    )
    solver.set_nodes_supplies(np.arange(net.nodes), supply.astype(np.int64))
    status = solver.solve()
    if status == solver.INFEASIBLE:
        return None
    if status != solver.OPTIMAL:
        raise ArithmeticError(f"the flow solver answered {status}")
    base[used] += solver.flows(arcs)
    return base


def potential(net: Network, cost: Ints, free: Mask, flow: Ints, high: Ints) -> Ints:
    """Node potentials of an optimal flow: shortest distances in its residual graph."""
    (ahead,) = np.nonzero(free & (flow < high))
    (back,) = np.nonzero(free & (flow > net.low))
    tail = np.concatenate([net.tail[ahead], net.head[back]])
    head = np.concatenate([net.head[ahead], net.tail[back]])
    length = np.concatenate([cost[ahead], -cost[back]])
    distance = np.zeros(net.nodes, np.int64)
    if not len(head):
        return distance
    order = np.argsort(head, kind="stable")
    tail, head, length = tail[order], head[order], length[order]
    starts = np.flatnonzero(np.r_[True, head[1:] != head[:-1]])
    heads = head[starts]
    for _ in range(_ROUNDS):
        best = np.minimum.reduceat(distance[tail] + length, starts)
        better = np.minimum(best, distance[heads])
        if np.array_equal(better, distance[heads]):
            return distance
        distance[heads] = better
    raise ArithmeticError("the flow is not optimal")


def reduced(net: Network, cost: Ints, level: Ints) -> Ints:
    """Cost of an arc once its ends' potentials are paid."""
    return np.asarray(cost + level[net.tail] - level[net.head])


def disproofs(net: Network, flow: Ints, potentials: tuple[Ints, ...]) -> Iterator[tuple[int, int]]:
    """(level, arc) where the potentials fail to prove that the flow is the best; integers only.

    Nothing found means: within its bounds no change of the flow can improve any level without
    costing one before it, nor leave all levels equal and improve the public tie-break.
    """
    used = flow > net.low
    free = np.ones(net.arcs, np.bool_)  # arcs that the levels before leave free
    for number, level in enumerate(potentials):
        for arcs in _blocks(free):
            rest = cost_of(net, number, arcs)
            rest += level.take(net.tail[arcs])
            rest -= level.take(net.head[arcs])
            wrong = used[arcs] & (rest > 0) & free[arcs]
            below = np.flatnonzero((rest < 0) & free[arcs])
            wrong[below] = flow[arcs][below] < net.high[arcs][below]
            for place in np.flatnonzero(wrong).tolist():
                yield number, arcs.start + place if isinstance(arcs, slice) else int(arcs[place])
            free[arcs] &= rest == 0


def _blocks(free: Mask) -> list[slice] | list[Ints]:
    """The free arcs; where many of them are, it is quicker to look at all, block by block."""
    if np.count_nonzero(free) * 4 < len(free):
        return [np.flatnonzero(free)]
    return [slice(first, first + _BLOCK) for first in range(0, len(free), _BLOCK)]


def flow_of(net: Network, found: Flow) -> Ints | None:
    """The flow over all arcs that heads by class and stage make; None for a closed arc."""
    keys = sorted(found)
    flow = np.zeros(net.arcs, np.int64)
    for key, arcs in zip(keys, net.arcs_of(keys), strict=True):
        left = found[key]
        for arc in arcs:
            flow[arc] = min(left, int(net.high[arc]))
            left -= int(flow[arc])
        if left:
            return None
    counts = _Counts(net, found)
    for number in range(len(net.bounds)):
        flow[number] = counts.over(number)
    return flow


class _Counts:
    """Heads of a plan, added up for every arc that is no person's."""

    def __init__(self, net: Network, found: Flow) -> None:
        task = net.task
        self.net = net
        self.at = np.zeros((len(task.pools), len(task.stages)), np.int64)
        self.of_cohort = np.zeros(len(task.cohorts), np.int64)
        for (cohort, stage), heads in found.items():
            self.at[task.cohorts[cohort].pool, stage] += heads
            self.of_cohort[cohort] += heads
        supply = supply_of(task, found)
        highs = [duty.high for duty in task.duties]
        self.shares, left = allot(supply, [duty.low for duty in task.duties], highs)
        for under, heads in left.items():  # too many: somewhere they must show
            self.shares[under, under[0]] = self.shares.get((under, under[0]), 0) + heads

    def over(self, number: int) -> int:
        bound = self.net.bounds[number]
        if bound.cohort >= 0:
            return int(self.of_cohort[bound.cohort])
        if bound.duty >= 0:
            return sum(
                heads
                for (under, duty), heads in self.shares.items()
                if duty == bound.duty and bound.under in ((), under)
            )
        if bound.balance >= 0:
            balance = self.net.task.balances[bound.balance]
            weighed = (
                weight * int(self.at[pool, : bound.stage + 1].sum())
                for pool, weight in balance.weights
            )
            return balance.start + sum(weighed)
        return int(self.at[sorted(bound.pools), bound.stage].sum())


def supply_of(task: Task, found: Flow) -> dict[tuple[int, ...], int]:
    """Heads by the duties that they may count against."""
    place = {duty.id: number for number, duty in enumerate(task.duties)}
    under = [tuple(place[one] for one in pool.under) for pool in task.pools]
    supply: dict[tuple[int, ...], int] = {}
    for (cohort, _), heads in found.items():
        key = under[task.cohorts[cohort].pool]
        supply[key] = supply.get(key, 0) + heads
    return supply


def residue(net: Network, flow: Ints) -> list[int]:
    """Arcs on which a flow breaks a bound."""
    return [int(arc) for arc in np.flatnonzero((flow < net.low) | (flow > net.high))]
