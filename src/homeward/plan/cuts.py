"""Minimum cuts of a circulation that cannot be, and the smallest change that mends it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from homeward.plan.network import HUB, Ints, Mask, Network
from homeward.plan.task import Clause


@dataclass(frozen=True)
class Cut:
    """``need`` heads must pass where at most ``can`` may; ``cohorts`` are too few persons."""

    clauses: tuple[Clause, ...]
    cohorts: tuple[int, ...]
    need: int
    can: int


def minimum_cut(net: Network) -> Cut | None:
    """The cut that shows why there is no flow; None where there is one.

    For the set of nodes found, what its incoming arcs must carry exceeds what its outgoing arcs
    may carry, and every circulation would have to be equal in both.
    """
    from ortools.graph.python import max_flow

    over = np.bincount(net.head, net.low, net.nodes) - np.bincount(net.tail, net.low, net.nodes)
    over = over.astype(np.int64)
    source, sink = net.nodes, net.nodes + 1
    (gives,) = np.nonzero(over > 0)
    (takes,) = np.nonzero(over < 0)
    solver = max_flow.SimpleMaxFlow()
    solver.add_arcs_with_capacity(
        np.concatenate([net.tail, np.full(len(gives), source), takes]),
        np.concatenate([net.head, gives, np.full(len(takes), sink)]),
        np.concatenate([net.high - net.low, over[gives], -over[takes]]),
    )
    if solver.solve(source, sink) != solver.OPTIMAL:
        raise ArithmeticError("the flow solver found no cut")
    if solver.optimal_flow() == int(over[gives].sum()):
        return None
    inside = np.zeros(net.nodes + 2, np.bool_)
    inside[solver.get_source_side_min_cut()] = True
    return _cut(net, inside)


def _cut(net: Network, inside: Mask) -> Cut:
    """The tightest part of the cut that is one piece and does not touch the hub."""
    piece = ~inside if inside[HUB] else inside
    label = _pieces(net, piece)
    best: tuple[int, Mask, Mask] | None = None
    for one in np.unique(label[: net.nodes][piece[: net.nodes]]).tolist():
        here = piece & (label == one)
        into = ~here[net.tail] & here[net.head]
        out = here[net.tail] & ~here[net.head]
        # For the hub's side of the cut, what must come in and what may go out change places.
        must, may = (out, into) if inside[HUB] else (into, out)
        short = int(net.low[must].sum() - net.high[may].sum())
        if best is None or short > best[0]:
            best = (short, must, may)
    assert best is not None
    return _named(net, best[1], best[2])


def _pieces(net: Network, piece: Mask) -> Ints:
    """The same number for all nodes of a piece that hang together."""
    label = np.arange(net.nodes + 2, dtype=np.int64)
    joined = piece[net.tail] & piece[net.head]
    tail, head = net.tail[joined], net.head[joined]
    while True:
        least = np.minimum(label[tail], label[head])
        before = label.copy()
        np.minimum.at(label, tail, least)
        np.minimum.at(label, head, least)
        if np.array_equal(before, label):
            return label


def _named(net: Network, must: Mask, may: Mask) -> Cut:
    clauses: list[Clause] = []
    cohorts: set[int] = set()
    ahead = len(net.bounds)
    for arc in np.flatnonzero((must & (net.low != 0)) | may).tolist():
        if arc >= ahead:
            cohorts.add(int(net.cohort[arc - ahead]))
            continue
        bound = net.bounds[arc]
        if bound.cohort >= 0:
            cohorts.add(bound.cohort)
        elif bound.clause is not None and bound.clause not in clauses:
            clauses.append(bound.clause)
    need, can = int(net.low[must].sum()), int(net.high[may].sum())
    return Cut(tuple(sorted(clauses)), tuple(sorted(cohorts)), need, can)


def least_change(net: Network, clause: Clause) -> int | None:
    """The least number by which one clause must give way for a plan to exist; None if it cannot.

    None too where the clause says no number: that both sides are equal.
    """
    from ortools.graph.python import min_cost_flow

    if clause.key.startswith("equal"):
        return None
    mine = [n for n, bound in enumerate(net.bounds) if bound.clause == clause]
    low = net.low.copy()
    low[mine] = np.minimum(0, low[mine])
    supply = np.bincount(net.head, low, net.nodes) - np.bincount(net.tail, low, net.nodes)
    solver = min_cost_flow.SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(
        net.tail, net.head, net.high - low, np.zeros(net.arcs, np.int64)
    )
    most = int(net.high[len(net.bounds) :].sum()) + 1
    for arc in mine:
        # Within the old bounds a head costs nothing more than its reward; outside, one each.
        needed = int(net.low[arc] - low[arc])
        tail, head = int(net.tail[arc]), int(net.head[arc])
        if needed:
            solver.set_arc_capacity(arc, int(net.high[arc] - low[arc]) - needed)
            solver.add_arc_with_capacity_and_unit_cost(tail, head, needed, -1)
        solver.add_arc_with_capacity_and_unit_cost(tail, head, most, 1)
        if int(net.low[arc]) < 0:
            solver.add_arc_with_capacity_and_unit_cost(head, tail, most, 1)
    solver.set_nodes_supplies(np.arange(net.nodes), supply.astype(np.int64))
    if solver.solve() != solver.OPTIMAL:
        return None
    most = int(solver.optimal_cost()) + sum(int(net.low[arc] - low[arc]) for arc in mine)
    if clause.key != "balance":
        return most
    # One number bounds every stage: the least that is enough for all of them at once.
    return bisect_left(range(most), True, key=lambda more: _flows(net, mine, more))


def _flows(net: Network, mine: Sequence[int], more: int) -> bool:
    """Whether there is a flow once these arcs may carry ``more`` either way."""
    low, high = net.low.copy(), net.high.copy()
    low[mine] -= more
    high[mine] += more
    return minimum_cut(replace(net, low=low, high=high)) is None
